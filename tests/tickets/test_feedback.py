"""Ratings and complaints: passed on within a day, answered, and the customer told."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Timer
from typing import Any

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, connection

from accounts.models import Notice
from accounts.selectors import system_scope
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from sla.models import MeasuredDay
from tests.conftest import superuser
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.models import Feedback


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def registered(desk: Desk, **values: Any) -> Feedback:
    """Register a complaint."""
    asked = {"source": "app", "text": "Nobody answers.", "is_complaint": True} | values
    scope = desk.scope()
    with activate(scope):
        contract = desk.world.vendors[desk.code].contract
        feedback, _is_new = services.feedback_register(scope=scope, contract=contract, values=asked)
        return feedback


def test_a_complaint_goes_its_way_to_the_customer(desk: Desk) -> None:
    feedback = registered(desk)
    assert (feedback.state, feedback.route_due_at) == ("registered", MONDAY + 24 * HOUR)
    scope = desk.scope(at=MONDAY + 3 * HOUR)
    with activate(scope):
        feedback = services.feedback_classify(
            scope=scope, uuid=feedback.uuid, expected_version=1, kind="process", is_complaint=True
        )
        feedback = services.feedback_route(scope=scope, uuid=feedback.uuid, expected_version=2, department="Billing")
        assert (feedback.state, feedback.routed_at) == ("routed", scope.at)
        feedback = services.feedback_answer(scope=scope, uuid=feedback.uuid, expected_version=3, answer="Staffed.")
        feedback = services.feedback_close(
            scope=scope, uuid=feedback.uuid, expected_version=4, outcome="Told by phone.", customer_told=True
        )
    assert (feedback.state, feedback.customer_told, feedback.closed_at) == ("closed", True, scope.at)
    with activate(scope), pytest.raises(Conflict, match="closed"):
        services.feedback_classify(
            scope=scope, uuid=feedback.uuid, expected_version=5, kind="product", is_complaint=True
        )


def test_no_step_is_skipped(desk: Desk) -> None:
    feedback = registered(desk)
    scope = desk.scope()
    asked: dict[str, Any] = {"scope": scope, "uuid": feedback.uuid, "expected_version": 1}
    with activate(scope):
        with pytest.raises(Invalid) as refused:
            services.feedback_route(**asked, department="Billing")
        assert list(refused.value.fields) == ["kind"]
        with pytest.raises(Invalid) as refused:
            services.feedback_answer(**asked, answer="Done.")
        assert list(refused.value.fields) == ["department"]
        with pytest.raises(Invalid) as refused:
            services.feedback_close(**asked, outcome="Told.", customer_told=True)
        assert list(refused.value.fields) == ["answer"]


def test_passing_on_again_keeps_the_first_moment(desk: Desk) -> None:
    feedback = registered(desk, kind="product")
    for version, hour in ((1, 1), (2, 30)):
        scope = desk.scope(at=MONDAY + hour * HOUR)
        with activate(scope):
            feedback = services.feedback_route(
                scope=scope, uuid=feedback.uuid, expected_version=version, department=f"Department {hour}"
            )
    assert (feedback.routed_at, feedback.department) == (MONDAY + HOUR, "Department 30")


def test_a_program_may_send_it_twice(desk: Desk) -> None:
    first, second = (registered(desk, external_id="r-1", rating=2) for _ in range(2))
    assert first.pk == second.pk
    assert registered(desk, external_id="r-1", source="sms").pk != first.pk
    with pytest.raises(Conflict, match="another text or rating"):
        registered(desk, external_id="r-1", rating=1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"rating": 6}, "rating"),
        ({"kind": "weather"}, "kind"),
        ({"source": "dream"}, "source"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(desk: Desk, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        registered(desk, **values)
    assert list(refused.value.fields) == [field]


def test_a_rival_s_customers_are_not_heard(desk: Desk) -> None:
    feedback = registered(desk)
    rival = desk.world.scope("boral_vendor_supervisor", at=MONDAY)
    with activate(rival):
        assert not selectors.feedback_list(scope=rival).exists()
        with pytest.raises(NotFound):
            services.feedback_route(scope=rival, uuid=feedback.uuid, expected_version=1, department="x")
    agent = desk.scope("agent")
    with activate(agent), pytest.raises(Forbidden):
        services.feedback_classify(
            scope=agent, uuid=feedback.uuid, expected_version=1, kind="product", is_complaint=False
        )


def late_notices(desk: Desk) -> int:
    """Return how many notices tell that something was not passed on in time."""
    with activate(desk.world.system):
        return Notice.objects.visible_to(desk.world.system).filter(message="feedback_late").count()


def swept(at: datetime) -> int:
    """Sweep as a worker whose clock shows a moment."""
    return services.feedback_sweep(scope=system_scope(reason="test", at=at))


def test_what_is_not_passed_on_within_a_day_is_told_of_once(desk: Desk) -> None:
    feedback = registered(desk)
    assert swept(MONDAY + 24 * HOUR) == 0
    # A clock that runs ahead, then one that runs behind, then the right one.
    assert [swept(MONDAY + hours * HOUR) for hours in (25, 23, 26)] == [1, 0, 0]
    told = late_notices(desk)
    assert told == 4
    scope = desk.scope(at=MONDAY + 27 * HOUR)
    with activate(scope):
        read = selectors.feedback_get(scope=scope, uuid=feedback.uuid)
        assert (read.late_at, read.routing(scope.at).verdict) == (MONDAY + 25 * HOUR, "late")
        services.feedback_route(
            scope=scope, uuid=feedback.uuid, expected_version=1, department="Billing", kind="process"
        )
    assert swept(MONDAY + 90 * HOUR) == 0
    assert late_notices(desk) == told


def test_who_may_know_is_told_and_nobody_else(desk: Desk) -> None:
    registered(desk)
    swept(MONDAY + 25 * HOUR)
    with activate(desk.world.system):
        notices = Notice.objects.visible_to(desk.world.system).filter(message="feedback_late")
        assert set(notices.values_list("recipient__username", flat=True)) == {
            "andes_vendor_supervisor", "andes_vendor_manager", "client_qa", "programme_manager",
        }  # fmt: skip
        assert notices[0].parameters == {"feedback": "#1", "due_at": "2026-06-16T01:00:00+00:00"}


def test_noted_and_closed_feedback_is_never_late(desk: Desk) -> None:
    registered(desk, text="", rating=4, is_complaint=False)
    message = registered(desk, is_complaint=False)
    scope, vendor = desk.scope("programme_manager", at=MONDAY + HOUR), desk.scope(at=MONDAY + HOUR)
    closing: dict[str, Any] = {"uuid": message.uuid, "expected_version": 1, "outcome": "No number."}
    with activate(vendor), pytest.raises(Conflict, match="cannot be taken"):
        # Whether a department must hear of it is not the vendor's to say.
        services.feedback_close(scope=vendor, customer_told=False, **closing)
    with activate(scope):
        services.feedback_close(scope=scope, customer_told=False, **closing)
    assert swept(MONDAY + 25 * HOUR) == 0


def test_a_vendor_does_not_decide_that_a_complaint_is_none(desk: Desk) -> None:
    feedback = registered(desk)
    asked: dict[str, Any] = {"uuid": feedback.uuid, "expected_version": 1, "kind": "process", "is_complaint": False}
    scope, client = desk.scope(), desk.world.scope("programme_manager", at=MONDAY)
    with activate(scope), pytest.raises(Invalid, match="Only the client"):
        services.feedback_classify(scope=scope, **asked)
    with activate(client):
        assert not services.feedback_classify(scope=client, **asked).is_complaint


def test_reopened_before_it_was_passed_on_keeps_its_day(desk: Desk) -> None:
    message = registered(desk, is_complaint=False)
    scope = desk.scope("programme_manager", at=MONDAY + HOUR)
    with activate(scope):
        closed: dict[str, Any] = {"scope": scope, "uuid": message.uuid}
        services.feedback_close(**closed, expected_version=1, outcome="Told.", customer_told=True)
        with pytest.raises(Invalid):
            services.feedback_reopen(**closed, expected_version=2, reason=" ")
        opened = services.feedback_reopen(**closed, expected_version=2, reason="Wrong customer.")
        assert (opened.state, opened.route_due_at, opened.told_at) == ("registered", MONDAY + 24 * HOUR, None)
        with pytest.raises(Conflict):
            services.feedback_reopen(**closed, expected_version=3, reason="Again.")
    assert [swept(MONDAY + hours * HOUR) for hours in (24, 25)] == [0, 1]


@pytest.mark.faults
def test_sweepers_that_are_killed_and_race_tell_once_each(committed_world: World) -> None:
    desk = desk_make(committed_world)
    count, pick = 60, random.Random(95)
    for _number in range(count):
        registered(desk)

    def sweep(seed: int) -> int:
        killed = 0
        for _tick in range(12):
            try:
                if pick.random() < 0.3:
                    connection.ensure_connection()
                    Timer(pick.random() / 50, _kill, [connection.connection.info.backend_pid]).start()
                swept(MONDAY + (25 + seed) * HOUR)
            except (OperationalError, InterfaceError, psycopg2.Error):
                killed += 1
                connection.close()
        connection.close()
        return killed

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(sweep, range(3)))
    swept(MONDAY + 30 * HOUR)
    assert late_notices(desk) == 4 * count
    with activate(committed_world.system):
        rows = Feedback.objects.visible_to(committed_world.system)
        assert not rows.filter(late_at=None).exists()


def _kill(pid: int) -> None:
    with superuser() as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


def kept(desk: Desk, at: datetime) -> dict[tuple[str, str], tuple[int, int]]:
    """Count what is marked, and return day and KPI to numerator and denominator."""
    scope = system_scope(reason="test", at=at)
    while services.ticket_days_count(scope=scope):
        pass
    with activate(desk.world.system):
        rows = MeasuredDay.objects.visible_to(desk.world.system)
        return {(f"{row.day:%m-%d}", row.kpi): (row.numerator, row.denominator) for row in rows}


def test_the_shares_count_on_their_days_and_counting_anew_changes_nothing(desk: Desk) -> None:
    in_time, late, _never = (registered(desk, is_complaint=False) for _ in range(3))
    registered(desk, text="", rating=5, is_complaint=False)
    for feedback, hours in ((in_time, 18), (late, 30)):
        scope = desk.scope(at=MONDAY + hours * HOUR)
        with activate(scope):
            services.feedback_route(
                scope=scope, uuid=feedback.uuid, expected_version=1, department="Billing", kind="process"
            )
    with activate(scope):
        services.feedback_close(scope=scope, uuid=late.uuid, expected_version=2, outcome="Told.", customer_told=True)
        services.feedback_close(scope=scope, uuid=in_time.uuid, expected_version=2, outcome="No.", customer_told=False)
    at = MONDAY + 30 * HOUR
    swept(at)
    found = kept(desk, at)
    # Seven in the evening UTC is Tuesday in Shanghai; both late ones broke on Tuesday at nine.
    assert found == {("06-16", "feedback_routed"): (1, 3), ("06-15", "feedback_closed_loop"): (1, 3)}
    assert services.ticket_days_mark(scope=system_scope(reason="test", at=at)) == 2
    assert kept(desk, at) == found
    scope = desk.scope(at=at)
    with activate(scope):
        services.feedback_reopen(scope=scope, uuid=late.uuid, expected_version=3, reason="Not so.")
    assert kept(desk, at)["06-15", "feedback_closed_loop"] == (0, 3)
