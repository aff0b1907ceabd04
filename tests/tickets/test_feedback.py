"""Ratings and complaints: passed on within a day, answered, and the customer told."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
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
