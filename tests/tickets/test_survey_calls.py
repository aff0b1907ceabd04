"""Satisfaction calls to those who called in the last two days, and their answers, kept apart by channel (A99)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import Invalid
from core.scope import activate
from tests.calls.pages import loaded
from tests.tickets.calling import Caller, caller_make
from tests.tickets.desk import MONDAY
from tests.world import World
from tickets import selectors, services
from tickets.calc.outbound import Outcome
from tickets.models import Campaign, Contact, ContactImport

DAY = timedelta(days=1)


def call(number: int, at: str, **fields: Any) -> dict[str, Any]:
    """Return an answered call of a customer at a local moment of June 2026, such as ``13 23:30``."""
    day, time = at.split()
    row: dict[str, Any] = {
        "external_id": f"{day}-{time}-{number}",
        "queue": "ORDERS",
        "customer": f"+861380000{number:04}",
        "offered_at": f"2026-06-{day}T{time}:00+08:00",
        "wait_seconds": 12,
        "talk_seconds": 60,
        "wrap_seconds": 5,
        "outcome": "answered",
        "csat": 1,
    }
    return row | fields


GIVEN_UP = {"outcome": "abandoned", "talk_seconds": "", "wrap_seconds": "", "csat": ""}


@pytest.fixture
def caller(world: World) -> Caller:
    return caller_make(world, purpose="satisfaction")


def chosen(caller: Caller, *, campaign: Campaign | None = None, days: int = 0) -> ContactImport:
    """Choose callers on Monday, or some days later."""
    scope = caller.scope(at=MONDAY + days * DAY)
    with activate(scope):
        return services.contacts_from_callers(scope=scope, uuid=(campaign or caller.campaign).uuid)


def contacts(caller: Caller, campaign: Campaign | None = None) -> dict[str, str]:
    """Return the ends of the chosen numbers, each with the call that it is about."""
    scope = caller.scope()
    with activate(scope):
        rows: list[Any] = list(selectors.contact_list(scope=scope, campaign=campaign or caller.campaign))
    return {row.customer_masked[-4:]: row.call_external_id for row in rows}


def test_callers_of_the_last_two_whole_days_of_the_contract_are_chosen_once(caller: Caller) -> None:
    rows = [
        call(1, "12 23:59"),
        call(2, "13 00:00"),
        call(3, "14 23:59"),
        call(4, "15 00:00"),
        call(5, "13 10:00"),
        call(5, "14 10:00"),
        call(6, "14 11:00", **GIVEN_UP),
        call(7, "14 12:00", customer=""),
        call(8, "14 12:30", customer="10086"),
        call(9, "14 13:00", direction="outbound"),
    ]
    loaded(caller.world, rows)
    found = chosen(caller)
    assert (found.rows_read, found.rows_new, found.source) == (3, 3, "callers")
    assert contacts(caller) == {"0002": "13-00:00-2", "0003": "14-23:59-3", "0005": "14-10:00-5"}
    assert chosen(caller).rows_read == 0


def test_the_choice_is_drawn_by_lot_up_to_the_limit_and_knows_its_queue(caller: Caller) -> None:
    loaded(caller.world, [call(n, "14 10:00", queue="SUPPORT" if n % 2 else "ORDERS") for n in range(1, 31)])
    limited = caller.campaign_made("Ten", purpose="satisfaction", sample_limit=10)
    found = chosen(caller, campaign=limited)
    assert (found.rows_read, found.rows_new) == (10, 10)
    drawn = set(contacts(caller, limited))
    assert drawn != {f"{n:04}" for n in range(1, 11)}
    queue = caller.world.vendors["ANDES"].queues[1]
    of_queue = caller.campaign_made("Support", purpose="satisfaction", queue=queue)
    chosen(caller, campaign=of_queue)
    assert {int(number) % 2 for number in contacts(caller, of_queue)} == {1}


def test_who_asked_not_to_be_called_or_was_asked_lately_is_left_out(caller: Caller) -> None:
    loaded(caller.world, [call(n, "14 10:00") for n in range(1, 4)])
    client = caller.scope("programme_manager")
    with activate(client):
        services.do_not_call_add(
            scope=client, vendor_id=client.organization_id, number="+8613800000001", is_for_all=True
        )
    found = chosen(caller)
    assert (found.rows_read, found.rows_new, found.rows_blocked) == (3, 2, 1)
    asked = caller.next().attempt
    assert asked is not None
    caller.ended(asked, Outcome.SUCCESS, satisfaction=4)
    caller.ended(caller.next().attempt, Outcome.NO_ANSWER)
    second = caller.campaign_made("Second", purpose="satisfaction", resurvey_days=30)
    assert chosen(caller, campaign=second, days=1).rows_new == 1
    loaded(caller.world, [call(n, "14 10:00", external_id=f"again-{n}", offered_at=f"2026-07-20T1{n}:00:00+08:00")
                          for n in range(1, 4)], name="july.csv")  # fmt: skip
    third = caller.campaign_made("Third", purpose="satisfaction", resurvey_days=30)
    assert chosen(caller, campaign=third, days=37).rows_new == 2


def test_only_a_campaign_that_asks_for_satisfaction_calls_callers_back(caller: Caller) -> None:
    other = caller.campaign_made("Notice", purpose="notice")
    with pytest.raises(Invalid):
        chosen(caller, campaign=other)


def test_answers_by_outbound_call_have_a_figure_and_an_n_of_their_own(caller: Caller) -> None:
    loaded(caller.world, [call(n, "14 10:00") for n in range(1, 6)])
    chosen(caller)
    for satisfaction in (5, 4, 2):
        attempt = caller.next().attempt
        with pytest.raises(Invalid):
            caller.ended(attempt, Outcome.SUCCESS)
        caller.ended(attempt, Outcome.SUCCESS, satisfaction=satisfaction)
    caller.ended(caller.next().attempt, Outcome.REFUSED)
    scope = caller.scope()
    with activate(scope):
        found = selectors.outbound_satisfaction(scope=scope, first=date(2026, 6, 15), until=date(2026, 6, 16))
        # Every call of the survey after calls said 1: nothing of it is in here.
        assert (found.satisfied, found.answers, found.points, found.asked) == (2, 3, 11, 4)
        assert found.satisfied_ratio == pytest.approx(2 / 3)
        nothing = selectors.outbound_satisfaction(scope=scope, until=date(2026, 6, 1))
        assert (nothing.satisfied_ratio, nothing.mean) == (None, None)
        assert all(Contact.objects.visible_to(scope).values_list("call_external_id", flat=True))
