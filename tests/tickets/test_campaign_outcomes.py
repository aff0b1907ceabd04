"""What comes of attempts: entered once, needing proof, followed by tickets, counted by day with what stands behind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from audit.models import Entry
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Scope, activate
from tests.tickets.calling import NUMBERS, Caller, caller_make, script_made
from tests.tickets.desk import MONDAY, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.outbound import CampaignStep, Outcome
from tickets.models import Attempt, DoNotCall
from tickets.services import Result

DAY = timedelta(days=1)


@pytest.fixture
def caller(world: World) -> Caller:
    return caller_make(world)


def test_an_outcome_is_entered_once_and_never_rewritten(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    attempt = caller.ended(caller.next().attempt, Outcome.SUCCESS, call_external_id="c-1")
    with pytest.raises(Conflict):
        caller.ended(attempt, Outcome.REFUSED)
    scope = caller.scope()
    with activate(scope):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Attempt.objects.visible_to(scope).update(outcome="refused")
        actions = list(
            Entry.objects.visible_to(scope).filter(action__startswith="attempt").values_list("action", flat=True)
        )
    assert sorted(actions) == ["attempt.handed_out", "attempt.number_shown", "attempt.recorded"]


def test_a_success_of_a_sale_needs_its_proof_and_an_answer_its_number(caller: Caller) -> None:
    sales = caller.campaign_made("Sales", purpose="sales")
    caller.listed(NUMBERS[0], campaign=sales)
    attempt = caller.next(campaign=sales).attempt
    with pytest.raises(Invalid) as refused:
        caller.ended(attempt, Outcome.SUCCESS, satisfaction=5)
    assert set(refused.value.fields) == {"satisfaction", "success_reference"}
    assert caller.ended(attempt, Outcome.SUCCESS, success_reference="O-17").success_reference == "O-17"


def test_an_outcome_opens_a_ticket_for_the_customer(caller: Caller) -> None:
    desk_make(caller.world)
    caller.listed(NUMBERS[0])
    attempt = caller.ended(
        caller.next().attempt, Outcome.REACHED, note="The bill is wrong", ticket_subject="A bill", call_external_id="x"
    )
    assert attempt.ticket is not None
    assert (attempt.ticket.subject, attempt.ticket.text) == ("A bill", "The bill is wrong")
    assert attempt.ticket.customer_key == attempt.customer_key


def test_the_number_is_told_to_whoever_holds_the_contact_and_each_time_recorded(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    attempt = caller.next().attempt
    assert attempt is not None

    def shown(scope: Scope) -> str:
        with activate(scope):
            return services.attempt_number(scope=scope, uuid=attempt.uuid)

    assert shown(caller.scope("agent")) == NUMBERS[0]
    with pytest.raises(Forbidden):
        shown(caller.scope())
    with pytest.raises(Forbidden):
        shown(caller.scope("auditor"))
    caller.ended(attempt, Outcome.BUSY)
    with pytest.raises(Conflict):
        shown(caller.scope("agent"))
    scope = caller.scope()
    with activate(scope):
        assert Entry.objects.visible_to(scope).filter(action="attempt.number_shown").count() == 1


def test_a_number_is_told_inside_the_windows_only_and_the_refusal_says_when_they_open(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    noon = MONDAY + timedelta(hours=2, minutes=59)
    attempt = caller.next(at=noon).attempt
    assert attempt is not None
    agent = caller.scope("agent", noon + timedelta(minutes=2))
    with activate(agent), pytest.raises(Conflict, match="2026-06-15 14:00") as refusal:
        services.attempt_number(scope=agent, uuid=attempt.uuid)
    assert (refusal.value.code, refusal.value.details) == ("window_closed", {"opens_at": "2026-06-15T06:00:00+00:00"})
    with activate(agent):
        assert not Entry.objects.visible_to(agent).filter(action="attempt.number_shown").exists()


@pytest.mark.parametrize("is_shown", [True, False])
def test_whose_number_was_shown_was_called_whatever_is_entered(caller: Caller, is_shown: bool) -> None:
    caller.listed(NUMBERS[0])
    attempt, later = caller.next().attempt, MONDAY + timedelta(hours=1)
    assert attempt is not None
    if is_shown:
        attempt_number_of(caller, attempt)
    again = caller.next("vendor_supervisor", at=later).attempt
    scope = caller.scope(at=later)
    with activate(scope):
        former = Attempt.objects.visible_to(scope).select_related("contact").get(pk=attempt.pk)
    assert former.outcome == "lapsed"
    # One attempt a day: the customer's telephone may have rung.
    assert (again is None, former.contact.attempts_count) == ((True, 1) if is_shown else (False, 0))
    if is_shown:
        assert caller.next("vendor_supervisor", at=MONDAY + DAY).attempt is not None


def test_another_campaign_waits_for_whose_number_was_shown_too(caller: Caller) -> None:
    other = caller.campaign_made("Closing hours")
    caller.listed(NUMBERS[0])
    caller.listed(NUMBERS[0], campaign=other)
    attempt = caller.next().attempt
    assert attempt is not None
    attempt_number_of(caller, attempt)
    turn = caller.next("vendor_supervisor", at=MONDAY + timedelta(hours=1), campaign=other)
    assert (turn.attempt, turn.again_at) == (None, MONDAY + DAY)


def test_nobody_is_reached_whose_number_nobody_looked_at(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    attempt, agent = caller.next().attempt, caller.scope("agent")
    assert attempt is not None
    with activate(agent):
        for outcome in (Outcome.REACHED, Outcome.SUCCESS, Outcome.REFUSED, Outcome.DO_NOT_CALL):
            with pytest.raises(Invalid) as refusal:
                services.attempt_record(scope=agent, uuid=attempt.uuid, result=Result(outcome))
            assert "outcome" in refusal.value.fields
        services.attempt_number(scope=agent, uuid=attempt.uuid)
        services.attempt_record(scope=agent, uuid=attempt.uuid, result=Result(Outcome.REACHED))


def test_a_made_up_call_takes_nobody_out_of_a_rival_s_campaign(caller: Caller) -> None:
    caller.listed(NUMBERS[0], NUMBERS[1])
    scope = caller.scope("agent")
    with activate(scope):
        for is_by_program in (False, True):
            attempt = services.contact_next(scope=scope, uuid=caller.campaign.uuid).attempt
            assert attempt is not None
            result = Result(Outcome.DO_NOT_CALL, call_external_id="x", is_by_program=is_by_program)
            if is_by_program:
                services.attempt_record(scope=scope, uuid=attempt.uuid, result=result)
                break
            with pytest.raises(Invalid):
                services.attempt_record(scope=scope, uuid=attempt.uuid, result=result)
        assert [entry.is_for_all for entry in DoNotCall.objects.visible_to(scope)] == [False]


def test_one_proof_is_one_success(caller: Caller) -> None:
    sale = caller.campaign_made("Sale", purpose="sales")
    caller.listed(NUMBERS[0], NUMBERS[1], campaign=sale)
    caller.ended(caller.next(campaign=sale).attempt, Outcome.SUCCESS, success_reference="ORDER-1")
    other = caller.campaign_made("Another sale", purpose="sales")
    caller.listed(NUMBERS[2], campaign=other)
    for taken, proof in ((sale, "ORDER-1"), (sale, " order-1"), (other, "Order 1"), (other, "ＯＲＤＥＲ－１")):
        with pytest.raises(Invalid, match="mend") as refusal, transaction.atomic():
            caller.ended(caller.next(campaign=taken).attempt, Outcome.SUCCESS, success_reference=proof)
    second = caller.next(campaign=sale).attempt
    assert refusal.value.fields == {"success_reference": ["Another success has this proof."]}
    caller.ended(second, Outcome.SUCCESS, success_reference="ORDER-2")


def test_a_follow_up_is_a_moment_and_a_ticket_where_both_are_wanted(caller: Caller) -> None:
    desk_make(caller.world)
    caller.listed(NUMBERS[0])
    moment = MONDAY + timedelta(hours=1)
    attempt = caller.ended(
        caller.next().attempt, Outcome.CALL_LATER, follow_up_at=moment, ticket_subject="The bill", note="Has a question"
    )
    assert attempt.ticket is not None
    assert (attempt.follow_up_at, attempt.ticket.subject) == (moment, "The bill")
    again = caller.next(at=moment).attempt
    assert again is not None
    assert again.contact_id == attempt.contact_id


def test_successes_are_counted_by_day_with_the_attempts_behind_them(caller: Caller) -> None:
    caller.listed(*NUMBERS[:5])
    outcomes = [Outcome.SUCCESS, Outcome.SUCCESS, Outcome.REFUSED, Outcome.NO_ANSWER]
    for outcome in outcomes:
        caller.ended(caller.next().attempt, outcome)
    tuesday = MONDAY + DAY
    caller.ended(caller.next(at=tuesday).attempt, Outcome.SUCCESS, at=tuesday)
    caller.next(at=tuesday)
    scope = caller.scope()
    with activate(scope):
        days = selectors.outbound_days(scope=scope, campaign_ids=[caller.campaign.pk])
        assert [(d.day, d.attempts, d.reached, d.successes) for d in days] == [
            (date(2026, 6, 15), 4, 3, 2),
            (date(2026, 6, 16), 1, 1, 1),
        ]
        assert days[0].reached_ratio == 0.75
        assert days[0].success_ratio == pytest.approx(2 / 3)
        behind = selectors.success_attempts(scope=scope, first=date(2026, 6, 15), until=date(2026, 6, 16))
        assert behind.count() == 2
        progress: Any
        [progress] = selectors.with_progress(scope=scope, campaigns=selectors.campaign_list(scope=scope))
        assert (progress.contact_count, progress.attempt_count, progress.success_count) == (5, 5, 3)
    rival = caller.world.scope("boral_vendor_manager", MONDAY)
    with activate(rival):
        assert selectors.outbound_days(scope=rival) == []
    agent = caller.scope("agent")
    with activate(agent):
        assert selectors.attempt_list(scope=agent).count() == 6


def test_another_script_of_a_rival_is_refused(caller: Caller) -> None:
    foreign = script_made(caller.world, "BORAL")
    client = caller.scope("programme_manager")
    with activate(client), pytest.raises(Invalid) as refused:
        services.campaign_update(
            scope=client, uuid=caller.campaign.uuid, expected_version=2, values={"script": foreign}
        )
    assert list(refused.value.fields) == ["script"]


def test_who_asks_not_to_be_called_while_in_hands_is_not_called_any_more(caller: Caller) -> None:
    caller.listed(NUMBERS[0], NUMBERS[1])
    attempt, agent = caller.next().attempt, caller.scope("agent")
    assert attempt is not None
    lead = caller.scope()
    with activate(lead):
        services.do_not_call_add(
            scope=lead, vendor_id=attempt.vendor_id, number=attempt_number_of(caller, attempt), is_for_all=False
        )
    with activate(agent), pytest.raises(Conflict, match="asked not to be called"):
        services.attempt_number(scope=agent, uuid=attempt.uuid)
    ended = caller.ended(attempt, Outcome.CALL_LATER, follow_up_at=MONDAY + timedelta(hours=1))
    with activate(lead):
        ended.contact.refresh_from_db()
    assert (ended.contact.state, ended.contact.due_at, ended.contact.is_promised) == ("blocked", None, False)


def test_a_paused_campaign_tells_no_numbers(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    attempt, agent, lead = caller.next().attempt, caller.scope("agent"), caller.scope()
    assert attempt is not None
    with activate(lead):
        campaign = selectors.campaign_get(scope=lead, uuid=caller.campaign.uuid)
        services.campaign_step(
            scope=lead, uuid=campaign.uuid, expected_version=campaign.version, step=CampaignStep.PAUSE
        )
    with activate(agent), pytest.raises(Conflict, match="does not run"):
        services.attempt_number(scope=agent, uuid=attempt.uuid)


def attempt_number_of(caller: Caller, attempt: Attempt) -> str:
    """Return the number that an attempt's holder may dial."""
    agent = caller.scope("agent")
    with activate(agent):
        return services.attempt_number(scope=agent, uuid=attempt.uuid)
