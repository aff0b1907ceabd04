"""The life of a version: drafted, filled in, submitted, returned, signed by a second person."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from audit.selectors import history_of
from contracts import selectors, services
from contracts.calc.definition import Definition, Formula, Kpi
from contracts.calc.targets import DEFAULT_TARGETS, TargetTerms
from contracts.models import Version
from core.errors import Conflict, Invalid
from core.scope import Scope, activate
from tests.contracts.factories import contract_draft_make, version_draft_make
from tests.world import VendorWorld, World
from vendors import services as vendors

OTHER = TargetTerms(Decimal("0.85"), Decimal("0.82"), Decimal("0.80"))


@pytest.fixture
def own(world: World) -> VendorWorld:
    """ANDES, which has version 1 signed from 2026-01-01."""
    return world.vendors["ANDES"]


@pytest.fixture
def by(world: World) -> Iterator[Callable[[str], Scope]]:
    """Return a function that puts somebody of the client to work; the database shows all the client may see."""
    with activate(world.scope("programme_manager")):
        yield world.scope


def sign(by: Callable[[str], Scope], version: Version) -> Version:
    """Submit a draft as one person and sign it as another."""
    version = services.version_submit(scope=by("contract_finance"), uuid=version.uuid, expected_version=version.version)
    return services.version_sign(scope=by("programme_manager"), uuid=version.uuid, expected_version=version.version)


def test_the_first_version_starts_from_the_usual_terms(by: Callable[[str], Scope], own: VendorWorld) -> None:
    manager = by("programme_manager")
    queue = vendors.queue_create(scope=manager, vendor_id=own.vendor.pk, code="NEW", name="New line")
    contract = contract_draft_make(scope=manager, vendor=own.vendor)
    version = version_draft_make(scope=manager, contract=contract, queues=[queue])
    assert (version.number, version.state, version.effective_from) == (1, "draft", contract.starts_on)
    assert [row.definition for row in version.definitions.all()] == [Definition()]
    assert {Kpi(row.kpi): row.terms.as_dict() for row in version.targets.all()} == {
        kpi: terms.as_dict() for kpi, terms in DEFAULT_TARGETS.items()
    }


def test_an_amendment_copies_the_terms_in_force_and_begins_next_month(
    by: Callable[[str], Scope], own: VendorWorld
) -> None:
    version = services.version_draft(scope=by("programme_manager"), contract_uuid=own.contract.uuid)
    assert (version.number, version.effective_from) == (2, date(2026, 7, 1))
    former = selectors.version_get(scope=by("auditor"), uuid=own.version.uuid)
    for part in ("definitions", "targets"):
        assert [(r.queue_id, getattr(r, "definition", None) or r.terms) for r in getattr(version, part).all()] == [
            (r.queue_id, getattr(r, "definition", None) or r.terms) for r in getattr(former, part).all()
        ]


def test_a_queue_new_to_the_contract_starts_from_what_the_others_share(
    by: Callable[[str], Scope], own: VendorWorld
) -> None:
    manager = by("programme_manager")
    draft = services.version_draft(scope=manager, contract_uuid=own.contract.uuid)
    strict = Definition(formula=Formula.OF_ANSWERED_AND_ABANDONED, threshold_seconds=15)
    draft = services.version_update_terms(
        scope=manager,
        uuid=draft.uuid,
        expected_version=draft.version,
        definitions={None: strict},
        targets={(None, Kpi.SERVICE_LEVEL): OTHER},
    )
    sign(by, draft)
    queue = vendors.queue_create(scope=manager, vendor_id=own.vendor.pk, code="NEW", name="New line")
    services.coverage_set(
        scope=manager, contract_uuid=own.contract.uuid, queue_uuid=queue.uuid, starts_on=date(2026, 8, 1)
    )
    third = services.version_draft(scope=manager, contract_uuid=own.contract.uuid, effective_from=date(2026, 8, 1))
    assert {row.queue.code: row.definition for row in third.definitions.all()} == dict.fromkeys(
        ("NEW", "ORDERS", "SUPPORT"), strict
    )
    assert {(row.queue.code, row.kpi) for row in third.targets.all()} == {
        (code, "service_level") for code in ("NEW", "ORDERS", "SUPPORT")
    }


def test_one_version_is_in_work_at_a_time(by: Callable[[str], Scope], own: VendorWorld) -> None:
    services.version_draft(scope=by("programme_manager"), contract_uuid=own.contract.uuid)
    with pytest.raises(Conflict) as refusal:
        services.version_draft(scope=by("contract_finance"), contract_uuid=own.contract.uuid)
    assert refusal.value.code == "in_work"


def test_terms_are_set_for_all_queues_and_for_one(by: Callable[[str], Scope], own: VendorWorld) -> None:
    manager, (orders, support) = by("programme_manager"), own.queues
    draft = services.version_draft(scope=manager, contract_uuid=own.contract.uuid)
    fast = Definition(threshold_seconds=10)
    changed = services.version_update_terms(
        scope=manager,
        uuid=draft.uuid,
        expected_version=draft.version,
        change_note=" Faster support ",
        service_hours={"0": [["9:00", "18:00"]]},
        definitions={None: Definition(), support.uuid: fast},
        targets={(None, Kpi.SERVICE_LEVEL): OTHER, (support.uuid, Kpi.CSAT): OTHER},
    )
    assert (changed.change_note, changed.service_hours) == ("Faster support", {"0": [["09:00", "18:00"]]})
    assert {row.queue_id: row.definition for row in changed.definitions.all()} == {
        orders.pk: Definition(),
        support.pk: fast,
    }
    assert {(row.queue_id, row.kpi) for row in changed.targets.all()} == {
        (orders.pk, "service_level"),
        (support.pk, "service_level"),
        (support.pk, "csat"),
    }
    entry = history_of(scope=manager, target=changed)[0]
    assert (entry.action, entry.vendor_id) == ("version.terms_changed", manager.organization_id)
    assert list(entry.changes["definitions"][1]) == ["SUPPORT"]
    assert entry.changes["targets"][0]["ORDERS csat"] == {"goal": "0.9", "amber": "0.88", "minimum": "0.85"}
    assert "ORDERS csat" not in entry.changes["targets"][1]


def test_saving_the_same_terms_twice_is_no_change_and_a_stale_save_is_refused(
    by: Callable[[str], Scope], own: VendorWorld
) -> None:
    manager = by("programme_manager")
    draft = services.version_draft(scope=manager, contract_uuid=own.contract.uuid)
    new: dict[uuid.UUID | None, Definition] = {None: Definition(threshold_seconds=30)}
    for _ in range(2):
        saved = services.version_update_terms(
            scope=manager, uuid=draft.uuid, expected_version=draft.version, definitions=new
        )
        assert saved.version == draft.version + 1
    with pytest.raises(Conflict) as refusal:
        services.version_update_terms(
            scope=manager, uuid=draft.uuid, expected_version=draft.version, definitions={None: Definition()}
        )
    assert refusal.value.code == "stale"


@pytest.mark.parametrize(
    ("terms", "place"),
    [
        ({"effective_from": date(2026, 1, 1)}, "effective_from"),
        ({"effective_from": date(2025, 12, 31)}, "effective_from"),
        ({"service_hours": {}}, "service_hours"),
        ({"service_hours": {"0": [["18:00", "09:00"]]}}, "service_hours"),
        ({"definitions": {uuid.UUID(int=1): Definition()}}, "definitions"),
        (
            {"targets": {(None, Kpi.ASA): TargetTerms(Decimal(20), Decimal(18), Decimal(15))}},
            "all-asa-amber",
        ),
        ({"targets": {(None, Kpi.CSAT): TargetTerms(Decimal(90), Decimal(1), Decimal(1))}}, "all-csat-goal"),
    ],
)
def test_terms_that_cannot_be_are_named_by_place(
    by: Callable[[str], Scope], own: VendorWorld, terms: dict[str, Any], place: str
) -> None:
    manager = by("programme_manager")
    draft = services.version_draft(scope=manager, contract_uuid=own.contract.uuid)
    with pytest.raises(Invalid) as refusal:
        services.version_update_terms(scope=manager, uuid=draft.uuid, expected_version=draft.version, **terms)
    assert place in refusal.value.fields


def test_an_incomplete_version_is_not_submitted(by: Callable[[str], Scope], own: VendorWorld) -> None:
    manager = by("programme_manager")
    contract = contract_draft_make(scope=manager, vendor=own.vendor)
    empty = services.version_draft(scope=manager, contract_uuid=contract.uuid)
    with pytest.raises(Invalid) as refusal:
        services.version_submit(scope=manager, uuid=empty.uuid, expected_version=empty.version)
    assert refusal.value.fields == {"__all__": ["The contract covers no queue from that day on."]}
    queue = vendors.queue_create(scope=manager, vendor_id=own.vendor.pk, code="NEW", name="New line")
    services.coverage_set(
        scope=manager, contract_uuid=contract.uuid, queue_uuid=queue.uuid, starts_on=contract.starts_on
    )
    with pytest.raises(Invalid) as refusal:
        services.version_submit(scope=manager, uuid=empty.uuid, expected_version=empty.version)
    assert refusal.value.fields == {"__all__": ["“New line” has no terms yet."]}


def test_the_signer_is_not_the_submitter(by: Callable[[str], Scope], own: VendorWorld) -> None:
    manager = by("programme_manager")
    draft = services.version_draft(scope=manager, contract_uuid=own.contract.uuid)
    review = services.version_submit(scope=manager, uuid=draft.uuid, expected_version=draft.version)
    with pytest.raises(Conflict) as refusal:
        services.version_sign(scope=manager, uuid=review.uuid, expected_version=review.version)
    assert refusal.value.code == "second_person"
    with pytest.raises(Conflict) as refusal:
        services.version_sign(scope=by("contract_finance"), uuid=review.uuid, expected_version=draft.version)
    assert refusal.value.code == "stale"
    signed = services.version_sign(scope=by("contract_finance"), uuid=review.uuid, expected_version=review.version)
    assert (signed.state, signed.signed_by_id) == ("signed", by("contract_finance").user_id)


def test_the_platform_itself_signs_nothing(by: Callable[[str], Scope], own: VendorWorld, world: World) -> None:
    draft = services.version_draft(scope=world.system, contract_uuid=own.contract.uuid)
    with pytest.raises(Conflict) as refusal:
        services.version_submit(scope=world.system, uuid=draft.uuid, expected_version=draft.version)
    assert refusal.value.code == "person"


def test_a_returned_version_says_why_until_it_is_submitted_again(by: Callable[[str], Scope], own: VendorWorld) -> None:
    manager, finance = by("programme_manager"), by("contract_finance")
    draft = services.version_draft(scope=manager, contract_uuid=own.contract.uuid)
    review = services.version_submit(scope=manager, uuid=draft.uuid, expected_version=draft.version)
    with pytest.raises(Invalid):
        services.version_return(scope=finance, uuid=review.uuid, expected_version=review.version, reason=" ")
    back = services.version_return(
        scope=finance, uuid=review.uuid, expected_version=review.version, reason="20 s, not 15 s"
    )
    assert (back.state, back.return_note) == ("draft", "20 s, not 15 s")
    again = services.version_submit(scope=manager, uuid=draft.uuid, expected_version=back.version)
    assert again.return_note == ""
