"""The life of a version: drafted, filled in, submitted, returned, signed by a second person: the second half."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max

from audit.models import Entry
from contracts import selectors, services
from contracts.calc.definition import Definition, Kpi
from contracts.calc.document import digest
from contracts.calc.lifecycle import EDGES, State, Step
from contracts.calc.targets import DEFAULT_TARGETS
from contracts.models import Version
from core.errors import Forbidden, HouseError, Invalid, NotFound
from core.scope import Scope, activate
from tests.contracts.factories import contract_draft_make
from tests.contracts.test_versions import OTHER, by, own, sign
from tests.world import VendorWorld, World


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
