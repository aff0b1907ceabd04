"""An incident goes its way and no other, tells everything it did, and is nobody's but its vendor's and the client's."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from audit.models import Entry
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from sla import selectors, services
from sla.calc.incidents import EDGES, Clock, State, Step, next_state, steps_from
from sla.models import Incident, IncidentEntry
from tests.sla.incident_world import TOLD, incident_of, restored, step
from tests.world import NOW, World

MINUTE = timedelta(minutes=1)


def test_every_state_can_be_reached_and_the_last_one_is_left_by_nothing() -> None:
    reached = {State.RAISED}
    for _ in State:
        reached |= {after for (before, _step), after in EDGES.items() if before in reached}
    assert reached == set(State)
    assert steps_from(State.REVIEWED) == []
    assert all(steps_from(state) for state in State if state is not State.REVIEWED)


def test_5000_random_walks_keep_the_moments_in_order() -> None:
    lot = random.Random(91)
    for _walk in range(5000):
        state, passed = State.RAISED, [State.RAISED]
        for _ in range(20):
            wanted = lot.choice(list(Step))
            after = next_state(state, wanted)
            assert (after is not None) == (wanted in steps_from(state))
            if after is None:
                continue
            if wanted is not Step.FAIL_AGAIN:
                assert list(State).index(after) == list(State).index(state) + 1
            else:
                assert (state in (State.RESTORED, State.CLOSED), after) == (True, State.LOCATED)
            state = after
            passed.append(state)


def test_60_random_walks_through_the_services_match_the_table(world: World) -> None:
    lot = random.Random(7)
    for _walk in range(60):
        incident, at = incident_of(world), NOW
        for _ in range(9):
            at += MINUTE
            wanted = lot.choice(list(Step))
            before = State(incident.state)
            after = next_state(before, wanted)
            if after is None:
                with pytest.raises(Conflict):
                    step(world, incident, wanted, at=at)
            else:
                incident = step(world, incident, wanted, at=at)
                assert incident.state == after
        moments = [incident.raised_at, incident.acknowledged_at, incident.located_at, incident.restored_at]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)
        assert (incident.restored_at is None) == (incident.affected_until is None)


def test_a_whole_life_is_told_in_the_log_and_in_the_book(world: World) -> None:
    incident = incident_of(world)
    assert (incident.number, incident.raised_side, incident.affected_from) == (1, "vendor", NOW)
    for minutes, taken in ((5, Step.ACKNOWLEDGE), (50, Step.LOCATE), (200, Step.RESTORE), (300, Step.CLOSE)):
        incident = step(world, incident, taken, at=NOW + minutes * MINUTE)
    incident = step(world, incident, Step.REVIEW, at=NOW + timedelta(days=1))
    assert incident.state == "reviewed"
    assert incident.affected_until == NOW + 200 * MINUTE
    assert incident.reading(Clock.LOCATE, NOW).is_met is True
    scope = world.scope("andes_vendor_manager")
    with activate(scope):
        log = [entry.kind for entry in selectors.entry_list(scope=scope, incident=incident)]
        assert log == ["review", "close", "restore", "locate", "acknowledge", "raised"]
        deeds = Entry.objects.visible_to(scope).filter(object_id=str(incident.uuid)).order_by("sequence")
        assert [entry.action for entry in deeds] == [
            "incident.raised", "incident.acknowledged", "incident.located", "incident.restored",
            "incident.closed", "incident.reviewed",
        ]  # fmt: skip


def test_what_fails_again_runs_on_under_the_same_clock(world: World) -> None:
    incident = incident_of(world)
    for minutes, taken in ((5, Step.ACKNOWLEDGE), (10, Step.LOCATE), (20, Step.RESTORE), (30, Step.FAIL_AGAIN)):
        incident = step(world, incident, taken, at=NOW + minutes * MINUTE)
    assert incident.restored_at is None
    assert incident.affected_until is None
    assert incident.located_at == NOW + 10 * MINUTE
    incident = step(world, incident, Step.RESTORE, at=NOW + 241 * MINUTE)
    assert incident.reading(Clock.RESTORE, NOW).is_met is False


def test_what_failed_again_is_judged_again_and_the_client_opens_what_was_closed_too_early(world: World) -> None:
    incident = incident_of(world)
    for minutes, taken in ((5, Step.ACKNOWLEDGE), (10, Step.LOCATE), (20, Step.RESTORE)):
        incident = step(world, incident, taken, at=NOW + minutes * MINUTE)
    client, vendor = world.scope("programme_manager", at=NOW + 30 * MINUTE), world.scope("andes_vendor_manager")
    with activate(client):
        services.incident_judge(
            scope=client, uuid=incident.uuid, expected_version=incident.version, counts=True, reason="the carrier"
        )
    incident = step(world, incident, Step.FAIL_AGAIN, at=NOW + 40 * MINUTE)
    assert (incident.counts_for_relief, incident.judged_at) == (None, None)
    for minutes, taken in ((50, Step.RESTORE), (51, Step.CLOSE)):
        incident = step(world, incident, taken, at=NOW + minutes * MINUTE)
    with activate(vendor), pytest.raises(Forbidden):
        services.incident_step(scope=vendor, uuid=incident.uuid, step=Step.FAIL_AGAIN)
    with activate(client):
        again = services.incident_step(scope=client, uuid=incident.uuid, step=Step.FAIL_AGAIN)
    assert (again.state, again.closed_at, again.restored_at) == ("located", None, None)


def test_the_log_can_only_grow(world: World) -> None:
    incident = incident_of(world)
    scope = world.scope("programme_manager")
    for query in ("UPDATE sla_incidententry SET text = ''", "DELETE FROM sla_incidententry"):
        with activate(scope), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query)
    with activate(scope):
        services.incident_note(scope=scope, uuid=incident.uuid, text="the carrier was called")
        kinds = [entry.kind for entry in IncidentEntry.objects.visible_to(scope).order_by("pk")]
    assert kinds == ["raised", "note"]


def test_a_cause_is_needed_to_locate_and_a_review_to_finish(world: World) -> None:
    incident = step(world, incident_of(world), Step.ACKNOWLEDGE, at=NOW)
    scope = world.scope("andes_vendor_supervisor")
    with activate(scope):
        with pytest.raises(Invalid) as refusal:
            services.incident_step(scope=scope, uuid=incident.uuid, step=Step.LOCATE)
        assert set(refusal.value.fields) == {"cause_class"}
        with pytest.raises(Invalid) as refusal:
            services.incident_step(scope=scope, uuid=incident.uuid, step=Step.LOCATE, told={"relief_reason": "x"})
        assert set(refusal.value.fields) == {"relief_reason"}
        with pytest.raises(Invalid):
            services.incident_step(scope=scope, uuid=incident.uuid, step=Step.LOCATE, told={"cause_class": "moon"})


def test_two_people_at_once_are_told_of_each_other(world: World) -> None:
    incident = incident_of(world)
    scope = world.scope("andes_vendor_supervisor")
    with activate(scope):
        services.incident_step(scope=scope, uuid=incident.uuid, step=Step.ACKNOWLEDGE, expected_version=1)
        with pytest.raises(Conflict):
            services.incident_step(scope=scope, uuid=incident.uuid, step=Step.ACKNOWLEDGE, expected_version=1)
        with pytest.raises(Conflict):
            services.incident_step(
                scope=scope, uuid=incident.uuid, step=Step.LOCATE, expected_version=1, told=TOLD[Step.LOCATE]
            )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"systems": [], "queues": ()}, "systems"),
        ({"systems": ["moon"]}, "systems"),
        ({"affected_from": NOW + MINUTE}, "affected_from"),
        ({"affected_from": NOW - timedelta(days=32)}, "affected_from"),
        ({"severity": 9}, "severity"),
        ({"title": " "}, "title"),
    ],
)
def test_what_cannot_be_raised(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        incident_of(world, **values)
    assert set(refusal.value.fields) == {field}


def test_rivals_know_nothing_of_each_other(world: World) -> None:
    incident = incident_of(world)
    rival = world.scope("boral_vendor_manager")
    with activate(rival):
        assert not selectors.incident_list(scope=rival).exists()
        with pytest.raises(NotFound):
            services.incident_step(scope=rival, uuid=incident.uuid, step=Step.ACKNOWLEDGE)
        with pytest.raises(NotFound):
            services.incident_note(scope=rival, uuid=incident.uuid, text="hello")
        with pytest.raises(NotFound):
            services.incident_raise(scope=rival, vendor_id=world.vendors["ANDES"].vendor.pk, title="x", systems=["crm"])
        with pytest.raises(Invalid):
            services.incident_raise(
                scope=rival,
                vendor_id=world.vendors["BORAL"].vendor.pk,
                title="x",
                queue_uuids=[world.vendors["ANDES"].queues[0].uuid],
            )
        # Past the Python wall, the database keeps them apart.
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sla_incident")
            assert cursor.fetchone() == (0,)
    with activate(world.system), pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.visible_to(world.system).update(vendor_id=world.vendors["BORAL"].vendor.pk)


def test_an_agent_sees_open_incidents_only_and_changes_none(world: World) -> None:
    open_one = incident_of(world)
    restored(world, start=NOW - timedelta(hours=2), end=NOW - timedelta(hours=1))
    agent = world.scope("andes_agent")
    with activate(agent):
        assert [row.pk for row in selectors.incident_list(scope=agent)] == [open_one.pk]
        for call in (
            lambda: services.incident_step(scope=agent, uuid=open_one.uuid, step=Step.ACKNOWLEDGE),
            lambda: services.incident_note(scope=agent, uuid=open_one.uuid, text="x"),
            lambda: services.incident_raise(scope=agent, vendor_id=open_one.vendor_id, title="x", systems=["crm"]),
        ):
            with pytest.raises(Forbidden):
                call()


def test_only_the_client_decides_on_relief_with_a_reason_and_once_it_is_restored(world: World) -> None:
    incident = incident_of(world)
    client, vendor = world.scope("contract_finance"), world.scope("andes_vendor_manager")
    judge: dict[str, Any] = {"uuid": incident.uuid, "counts": True, "reason": "the carrier's fault"}
    with activate(vendor), pytest.raises(Forbidden):
        services.incident_judge(scope=vendor, expected_version=1, **judge)
    with activate(client), pytest.raises(Conflict):
        services.incident_judge(scope=client, expected_version=1, **judge)
    for taken in (Step.ACKNOWLEDGE, Step.LOCATE, Step.RESTORE):
        incident = step(world, incident, taken, at=NOW + MINUTE)
    with activate(client):
        with pytest.raises(Invalid):
            services.incident_judge(scope=client, expected_version=4, **(judge | {"reason": " "}))
        incident = services.incident_judge(scope=client, expected_version=4, **judge)
    assert (incident.counts_for_relief, incident.judged_at) == (True, NOW)
    # What is relieved can no longer be widened by whoever is relieved.
    queues = [queue.uuid for queue in world.vendors["ANDES"].queues]
    wider: dict[str, Any] = {"uuid": incident.uuid, "expected_version": 5, "systems": ["crm"], "queue_uuids": queues}
    with activate(vendor), pytest.raises(Forbidden):
        services.incident_set_affected(scope=vendor, **wider)
    manager = world.scope("programme_manager")
    with activate(manager):
        services.incident_set_affected(scope=manager, **wider)
        found = selectors.incident_get(scope=manager, uuid=incident.uuid)
        assert [queue.code for queue in selectors.queues_of(found)] == ["ORDERS", "SUPPORT"]


def test_the_client_corrects_when_callers_were_affected(world: World) -> None:
    incident = restored(world, start=NOW - timedelta(hours=2), end=NOW - timedelta(hours=1))
    client = world.scope("programme_manager")
    window: dict[str, Any] = {"affected_from": NOW - timedelta(hours=3), "affected_until": NOW - timedelta(hours=1)}
    with activate(client):
        for wrong in (
            {"reason": ""},
            {"affected_until": None},
            {"affected_until": NOW + MINUTE},
            {"affected_until": NOW - timedelta(hours=4)},
        ):
            values: dict[str, Any] = {
                "uuid": incident.uuid,
                "expected_version": 5,
                "reason": "the log says so",
                **window,
                **wrong,
            }
            with pytest.raises(Invalid):
                services.incident_correct_window(scope=client, **values)
        after = services.incident_correct_window(
            scope=client, uuid=incident.uuid, expected_version=5, reason="the log says so", **window
        )
    assert (after.affected_from, after.raised_at) == (NOW - timedelta(hours=3), NOW - timedelta(hours=2))
    vendor = world.scope("andes_vendor_manager")
    with activate(vendor), pytest.raises(Forbidden):
        services.incident_correct_window(scope=vendor, uuid=incident.uuid, expected_version=6, reason="x", **window)


def test_the_list_takes_two_queries_however_many_there_are(
    world: World, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    scope = world.scope("programme_manager")
    for count in (2, 8):
        for number in range(count):
            incident_of(world, queues=(0, 1), title=f"one {number}")
        with activate(scope), django_assert_num_queries(2):  # type: ignore[operator]
            for incident in selectors.incident_list_with_queues(scope=scope):
                assert len(selectors.queues_of(incident)) == 2
                assert incident.vendor.name
