"""The life of a version: drafted, filled in, submitted, returned, signed by a second person."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max

from audit.models import Entry
from audit.selectors import history_of
from contracts import selectors, services
from contracts.calc.definition import Definition, Formula, Kpi
from contracts.calc.document import digest
from contracts.calc.lifecycle import EDGES, State, Step
from contracts.calc.targets import DEFAULT_TARGETS, TargetTerms
from contracts.models import Version
from core.errors import Conflict, Forbidden, HouseError, Invalid, NotFound
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


def test_what_is_signed_is_sealed_word_for_word(by: Callable[[str], Scope], own: VendorWorld, world: World) -> None:
    signed = sign(by, services.version_draft(scope=by("programme_manager"), contract_uuid=own.contract.uuid))
    document: Any = signed.document
    assert hash_of(signed) == digest(document) == digest(services.document_of(version=signed))
    assert document["contract"] == {
        "vendor": "ANDES",
        "code": "ANDES-2026",
        "name": "ANDES hotline",
        "zone": "Asia/Shanghai",
        "currency": "CNY",
        "starts_on": "2026-01-01",
        "ends_on": None,
    }
    assert document["definitions"]["ORDERS"] == Definition().as_dict()
    assert document["targets"]["SUPPORT"]["asa"] == {"goal": "15", "amber": "18", "minimum": "20"}
    assert "client remark" not in str(document)
    with activate(world.scope("andes_vendor_manager")) as scope:
        entries = Entry.objects.visible_to(scope).filter(object_id=str(signed.uuid))
        assert [entry.action for entry in entries] == ["version.signed"]
        assert entries[0].changes["document_hash"] == hash_of(signed).hex()


def test_a_signed_version_begins_after_the_last_signed_one(by: Callable[[str], Scope], own: VendorWorld) -> None:
    manager = by("programme_manager")
    retroactive = services.version_draft(
        scope=manager, contract_uuid=own.contract.uuid, effective_from=date(2026, 5, 1)
    )
    sign(by, retroactive)
    with pytest.raises(Invalid) as refusal:
        services.version_draft(scope=manager, contract_uuid=own.contract.uuid, effective_from=date(2026, 4, 1))
    assert list(refusal.value.fields) == ["effective_from"]
    spans = [
        span
        for span in selectors.definitions_in_force(scope=manager, contract_ids=[own.contract.pk])
        if span.queue_id == own.queues[0].pk
    ]
    assert [(span.version_number, span.effective_from, span.effective_until) for span in spans] == [
        (1, date(2026, 1, 1), date(2026, 5, 1)),
        (2, date(2026, 5, 1), None),
    ]


def test_the_day_decides_which_targets_hold(by: Callable[[str], Scope], own: VendorWorld) -> None:
    manager, contract, queue = by("programme_manager"), own.contract, own.queues[0]
    draft = services.version_draft(scope=manager, contract_uuid=contract.uuid)
    draft = services.version_update_terms(
        scope=manager,
        uuid=draft.uuid,
        expected_version=draft.version,
        targets={(None, Kpi.SERVICE_LEVEL): DEFAULT_TARGETS[Kpi.SERVICE_LEVEL], (queue.uuid, Kpi.CSAT): OTHER},
    )
    july, june = date(2026, 7, 1), date(2026, 6, 30)
    key = (queue.pk, Kpi.CSAT)
    assert selectors.targets_in_force(scope=manager, contract_id=contract.pk, day=july)[key].goal == Decimal("0.9")
    sign(by, draft)
    assert selectors.targets_in_force(scope=manager, contract_id=contract.pk, day=july)[key] == OTHER
    assert selectors.targets_in_force(scope=manager, contract_id=contract.pk, day=june)[key].goal == Decimal("0.9")
    assert selectors.targets_in_force(scope=manager, contract_id=contract.pk, day=date(2025, 12, 31)) == {}
    whole = selectors.contract_targets_on(scope=manager, days={contract.pk: july})[contract.pk]
    assert whole == {Kpi.SERVICE_LEVEL: DEFAULT_TARGETS[Kpi.SERVICE_LEVEL], Kpi.CSAT: None}
    assert selectors.fcr_windows(scope=manager)[contract.pk] == 168


def test_vendors_know_nothing_of_what_is_not_signed(by: Callable[[str], Scope], own: VendorWorld, world: World) -> None:
    manager = by("programme_manager")
    draft = services.version_draft(scope=manager, contract_uuid=own.contract.uuid)
    negotiated = contract_draft_make(scope=manager, vendor=own.vendor)
    with activate(world.scope("andes_vendor_manager")) as scope:
        for get, key in ((selectors.version_get, draft.uuid), (selectors.contract_get, negotiated.uuid)):
            answers = []
            for candidate in (key, uuid.uuid4()):
                with pytest.raises(NotFound) as refusal:
                    get(scope=scope, uuid=candidate)
                answers.append(refusal.value.message)
            assert answers[0] == answers[1]
        assert [version.number for version in selectors.version_list(scope=scope)] == [1]
        listed: Any = selectors.contract_get(scope=scope, uuid=own.contract.uuid)
        assert listed.open_state is None
        with pytest.raises(Forbidden):
            services.version_sign(scope=scope, uuid=draft.uuid, expected_version=1)
        books = Entry.objects.visible_to(scope).values_list("object_id", flat=True)
        assert not {str(draft.uuid), str(negotiated.uuid)} & set(books)


ACTORS = ["programme_manager", "contract_finance", "client_qa", "platform_admin", "andes_vendor_manager"]
STEPS: dict[Step, Callable[..., Version]] = {
    Step.EDIT: lambda **given: services.version_update_terms(**given, change_note=str(random.random())),
    Step.SUBMIT: services.version_submit,
    Step.RETURN: lambda **given: services.version_return(**given, reason="mend it"),
    Step.SIGN: services.version_sign,
}


def test_a_thousand_random_steps_never_take_a_forbidden_edge(
    by: Callable[[str], Scope], own: VendorWorld, world: World
) -> None:
    """Anybody tries anything, half of the time on what they saw before: only listed edges happen (D13)."""
    dice = random.Random(20260615)
    manager, contract = by("programme_manager"), own.contract
    actors = [world.scope(name) for name in ACTORS]
    versions = Version.objects.visible_to(manager).filter(contract=contract)
    sealed = {own.version.pk: seal_of(versions.get(number=1))}
    taken: set[tuple[State, Step]] = set()
    for _ in range(1000):
        # The newest version, or the one before it, which is signed.
        current = dice.choice(versions.order_by("-number")[:2])
        step, scope = dice.choice(list(Step)), dice.choice(actors)
        stale = dice.random() < 0.2
        before = State(current.state)
        try:
            with activate(scope):
                STEPS[step](scope=scope, uuid=current.uuid, expected_version=current.version - stale)
            happened = True
        except HouseError:
            happened = False
        after = versions.get(pk=current.pk)
        if happened:
            assert EDGES[before, step] is State(after.state)
            assert scope.role in {"programme_manager", "contract_finance"}
            assert not stale
            taken.add((before, step))
        else:
            assert (after.state, after.version) == (current.state, current.version)
        if happened and step is Step.SIGN:
            assert after.signed_by_id != after.submitted_by_id
            assert hash_of(after) == digest(services.document_of(version=after))
            sealed[after.pk] = seal_of(after)
        elif not versions.exclude(state="signed").exists():
            newest = versions.aggregate(newest=Max("effective_from"))["newest"]
            services.version_draft(
                scope=manager, contract_uuid=contract.uuid, effective_from=newest + timedelta(days=1)
            )
        assert versions.exclude(state="signed").count() <= 1
    assert taken == set(EDGES)
    assert len(sealed) > 5
    assert {version.pk: seal_of(version) for version in versions.filter(state="signed")} == sealed


def hash_of(version: Version) -> bytes:
    """Return the stored digest."""
    assert version.document_hash is not None
    return bytes(version.document_hash)


def seal_of(version: Version) -> tuple[Any, ...]:
    """Return what must never change once it is signed."""
    return (version.effective_from, version.change_note, version.document, version.signed_at, version.version)


@pytest.mark.faults
def test_of_two_signatures_at_once_one_counts(committed_world: World) -> None:
    with activate(committed_world.scope("programme_manager")) as manager:
        contract = committed_world.vendors["ANDES"].contract
        draft = services.version_draft(scope=manager, contract_uuid=contract.uuid)
        review = services.version_submit(scope=manager, uuid=draft.uuid, expected_version=draft.version)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def put_signature() -> None:
        try:
            with activate(committed_world.scope("contract_finance")) as scope:
                start.wait()
                services.version_sign(scope=scope, uuid=review.uuid, expected_version=review.version)
            outcomes.append("signed")
        except HouseError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=put_signature) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["signed", "step"]
    with activate(committed_world.scope("auditor")) as scope:
        assert Entry.objects.visible_to(scope).filter(action="version.signed").count() == 1
