"""Campaigns: scripts and their second person, lists, who is not to be called, handing out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import services as quality
from qa.calc.scripts import ScriptState
from qa.models import Script
from qa.selectors import script_now
from tests.qa.said import script_write
from tests.tickets.calling import NUMBERS, Caller, caller_make
from tests.tickets.desk import HOUR, MONDAY
from tests.world import World
from tickets import selectors, services
from tickets.calc.outbound import PROMISED_PER_DAY, CampaignStep, ContactState, Outcome
from tickets.models import Attempt, Contact, DoNotCall
from tickets.services import Result

DAY = timedelta(days=1)


@pytest.fixture
def caller(world: World) -> Caller:
    return caller_make(world)


@pytest.fixture
def committed_caller(committed_world: World) -> Caller:
    return caller_make(committed_world)


def states(caller: Caller, **asked: Any) -> dict[str, int]:
    """Return how many contacts of the campaign stand where, without the zeros."""
    scope = caller.scope()
    with activate(scope):
        found = selectors.contacts_by_state(scope=scope, campaign=asked.get("campaign", caller.campaign))
    return {state.value: count for state, count in found.items() if count}


def masked(attempt: Attempt | None) -> str:
    """Return the end of the number of an attempt."""
    assert attempt is not None
    return str(attempt.customer_masked)[-2:]  # type: ignore[attr-defined]


# Scripts


def test_a_campaign_goes_live_only_with_a_script_that_a_second_person_of_the_client_approved(world: World) -> None:
    writer, manager = world.scope("client_qa", MONDAY), world.scope("andes_vendor_manager", MONDAY)
    vendor = world.vendors["ANDES"].vendor
    with activate(writer):
        script = script_write(scope=writer, vendor=vendor, name="Offer", text="May I …")
        with pytest.raises(Forbidden, match="second person"):
            quality.script_review(scope=writer, uuid=script.uuid, expected_version=1, is_approved=True)
        values: dict[str, Any] = {
            "name": "Offer",
            "purpose": "sales",
            "starts_on": date(2026, 6, 1),
            "ends_on": date(2026, 6, 30),
            "script": script,
        }
        campaign = services.campaign_create(scope=writer, contract=world.vendors["ANDES"].contract, values=values)
        step: dict[str, Any] = {"scope": writer, "uuid": campaign.uuid, "step": CampaignStep.START}
        with pytest.raises(Conflict, match="passed its review"):
            services.campaign_step(**step, expected_version=1)
    with activate(manager), pytest.raises(Forbidden):
        quality.script_review(scope=manager, uuid=script.uuid, expected_version=1, is_approved=True)
    second = world.scope("programme_manager", MONDAY)
    with activate(second):
        with pytest.raises(Invalid):
            quality.script_review(scope=second, uuid=script.uuid, expected_version=1, is_approved=False)
        quality.script_review(scope=second, uuid=script.uuid, expected_version=1, is_approved=True)
    with activate(writer):
        assert services.campaign_step(**step, expected_version=1).state == "live"


def test_another_text_is_another_version_and_is_reviewed_again(caller: Caller) -> None:
    scope = caller.scope()
    with activate(scope):
        vendor = caller.campaign.vendor
        with pytest.raises(Invalid, match="mend"):
            script_write(scope=scope, vendor=vendor, name="Opening", text=caller.script.text)
        second = script_write(scope=scope, vendor=vendor, name="Opening", text="Good evening …")
        assert (second.number, second.state) == (2, ScriptState.WAITING)
        # A campaign says what is in use, whichever version it names.
        services.campaign_update(scope=scope, uuid=caller.campaign.uuid, expected_version=2, values={"script": second})
        assert script_now(scope=scope, script=second) == caller.script
        with pytest.raises(ProgrammingError), transaction.atomic():
            Script.objects.visible_to(scope).filter(pk=caller.script.pk).update(text="Quick, buy!")


# Lists


def test_what_the_client_entered_only_the_client_takes_back(caller: Caller) -> None:
    client, vendor = caller.scope("programme_manager"), caller.scope()
    with activate(client):
        add: dict[str, Any] = {"scope": client, "vendor_id": vendor.organization_id, "number": NUMBERS[0]}
        entry = services.do_not_call_add(**add, is_for_all=False, reason="complained to us")
        assert services.do_not_call_add(**add, is_for_all=True).is_for_all
    with activate(vendor):
        own = services.do_not_call_add(**{**add, "scope": vendor, "number": NUMBERS[1]}, is_for_all=False)
    with activate(client):
        # The client says so too.
        services.do_not_call_add(**{**add, "number": NUMBERS[1]}, is_for_all=True)
    with activate(vendor), pytest.raises(Forbidden):
        services.do_not_call_withdraw(scope=vendor, uuid=own.uuid, reason="he agreed")
    with activate(vendor), pytest.raises(Forbidden, match="client entered"):
        services.do_not_call_withdraw(scope=vendor, uuid=entry.uuid, reason="he agreed")
    with activate(client):
        services.do_not_call_withdraw(scope=client, uuid=entry.uuid, reason="he agreed")


def test_who_names_a_moment_is_called_so_often_a_day_and_no_oftener(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    at = MONDAY
    for _call in range(PROMISED_PER_DAY):
        attempt = caller.next(at=at).attempt
        assert attempt is not None
        caller.ended(attempt, Outcome.CALL_LATER, at=at, follow_up_at=at + timedelta(minutes=1))
        at += timedelta(minutes=1)
    turn = caller.next(at=at)
    assert (turn.attempt, turn.again_at) == (None, MONDAY + timedelta(days=1))


def test_the_book_waits_for_no_list(caller: Caller) -> None:
    with CaptureQueriesContext(connection) as queries:
        caller.listed(*NUMBERS[:3])
    said = [query["sql"] for query in queries]
    stored = max(at for at, sql in enumerate(said) if sql.startswith('INSERT INTO "tickets_contact"'))
    locked = min(at for at, sql in enumerate(said) if "pg_advisory_xact_lock(7001" in sql)
    assert stored < locked


# Who is not to be called


def test_who_asked_not_to_be_called_is_in_no_list_and_in_no_campaign(caller: Caller) -> None:
    other = caller.campaign_made("Second")
    caller.listed(*NUMBERS[:3])
    caller.listed(NUMBERS[0], campaign=other)
    attempt = caller.next().attempt
    caller.ended(attempt, Outcome.DO_NOT_CALL, note="never again")
    assert states(caller) == {"open": 2, "blocked": 1}
    assert states(caller, campaign=other) == {"blocked": 1}
    found = caller.listed(NUMBERS[0], NUMBERS[5], campaign=other)
    assert (found.rows_new, found.rows_blocked) == (1, 1)
    scope = caller.scope()
    with activate(scope):
        [entry] = selectors.do_not_call_list(scope=scope)
        assert (entry.source, entry.reason, entry.number_masked) == ("call", "never again", "8613••••8000")


def test_what_holds_for_the_house_holds_for_a_rival_that_learns_nothing_of_it(caller: Caller) -> None:
    rival = caller_make(caller.world, "BORAL")
    rival.listed(*NUMBERS[:2])
    caller.listed(NUMBERS[0])
    caller.ended(caller.next().attempt, Outcome.DO_NOT_CALL)
    assert states(rival) == {"open": 1, "blocked": 1}
    boral = rival.scope("vendor_manager")
    with activate(boral):
        assert not selectors.do_not_call_list(scope=boral).exists()
        assert not Entry.objects.visible_to(boral).filter(action__startswith="do_not_call").exists()
    # The vendor's own entry stays its own.
    caller.listed(NUMBERS[1])
    caller.ended(caller.next().attempt, Outcome.DO_NOT_CALL, is_for_all=False)
    assert states(rival) == {"open": 1, "blocked": 1}
    client = caller.scope("programme_manager")
    with activate(client):
        assert selectors.do_not_call_list(scope=client).count() == 2


def test_the_list_counts_at_the_moment_of_handing_out_too(caller: Caller) -> None:
    caller.listed(*NUMBERS[:2])
    client = caller.scope("programme_manager")
    with activate(client):
        entry = services.do_not_call_add(
            scope=client, vendor_id=client.organization_id, number="+86 138 1234 8000", is_for_all=False
        )
        assert entry.is_for_all
        # As if the campaign had not been told: only the list itself stands in the way.
        Contact.objects.visible_to(client).update(state=ContactState.OPEN, due_at=MONDAY)
    assert masked(caller.next().attempt) == "01"
    assert states(caller) == {"open": 1, "blocked": 1}


def test_an_entry_is_withdrawn_with_a_reason_and_stays_in_the_book(caller: Caller) -> None:
    scope = caller.scope()
    with activate(scope):
        add: dict[str, Any] = {
            "scope": scope,
            "vendor_id": scope.organization_id,
            "number": NUMBERS[0],
            "is_for_all": False,
        }
        entry = services.do_not_call_add(**add)
        assert services.do_not_call_add(**add).pk == entry.pk
        # A vendor could otherwise take customers out of its rivals' campaigns with a list.
        with pytest.raises(Invalid, match="only the client"):
            services.do_not_call_add(**{**add, "is_for_all": True})
        with pytest.raises(Invalid):
            services.do_not_call_withdraw(scope=scope, uuid=entry.uuid, reason=" ")
        services.do_not_call_withdraw(scope=scope, uuid=entry.uuid, reason="a wrong digit")
        with pytest.raises(Conflict):
            services.do_not_call_withdraw(scope=scope, uuid=entry.uuid, reason="again")
        assert services.do_not_call_add(**add).pk != entry.pk
        with pytest.raises(ProgrammingError), transaction.atomic():
            DoNotCall.objects.visible_to(scope).delete()
        entries = Entry.objects.visible_to(scope).filter(action__startswith="do_not_call").order_by("sequence")
        assert [row.action for row in entries] == [
            "do_not_call.added", "do_not_call.withdrawn", "do_not_call.added",
        ]  # fmt: skip
    agent = caller.scope("agent")
    with activate(agent), pytest.raises(Forbidden):
        services.do_not_call_add(**{**add, "scope": agent})


# Handing out


def test_a_contact_is_in_one_pair_of_hands_until_its_time_runs_out(caller: Caller) -> None:
    caller.listed(*NUMBERS[:2])
    mine = caller.next()
    assert mine.attempt is not None
    again = caller.next()
    assert again.attempt is not None
    assert again.attempt.pk == mine.attempt.pk
    theirs = caller.next("vendor_supervisor")
    assert masked(theirs.attempt) == "01"
    assert caller.next("vendor_manager").attempt is None
    later = MONDAY + 0.6 * HOUR
    taken = caller.next("vendor_manager", later)
    assert masked(taken.attempt) == "00"
    with pytest.raises(Conflict, match="ran out"):
        caller.ended(mine.attempt, Outcome.SUCCESS, at=later)
    with pytest.raises(NotFound):
        caller.ended(taken.attempt, Outcome.SUCCESS, at=later)
    with pytest.raises(Forbidden):
        caller.ended(taken.attempt, Outcome.SUCCESS, role="vendor_supervisor", at=later)
    caller.ended(taken.attempt, Outcome.REACHED, role="vendor_manager", at=later)
    assert states(caller) == {"open": 1, "done": 1}


def test_nobody_is_handed_out_outside_the_windows_of_the_customer(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    caller.listed(NUMBERS[1], zone="Asia/Urumqi")
    noon = MONDAY + 3.5 * HOUR
    turn = caller.next(at=noon)
    assert masked(turn.attempt) == "01"
    rest = caller.next("vendor_supervisor", noon)
    assert (rest.attempt, rest.again_at) == (None, MONDAY + 5 * HOUR)


def test_attempts_keep_their_distance_and_end_at_the_most(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    for day in range(3):
        at = MONDAY + day * DAY
        caller.ended(caller.next(at=at).attempt, Outcome.NO_ANSWER, at=at)
        turn = caller.next(at=at + 6 * HOUR)
        assert turn.attempt is None
        assert turn.again_at == (at + DAY if day < 2 else None)
    assert states(caller) == {"exhausted": 1}


def test_the_distance_holds_for_the_customer_over_all_campaigns(caller: Caller) -> None:
    other = caller.campaign_made("Second")
    for campaign in (caller.campaign, other):
        caller.listed(NUMBERS[0], campaign=campaign)
    attempt = caller.next().attempt
    assert caller.next("vendor_supervisor", campaign=other).attempt is None
    caller.ended(attempt, Outcome.NO_ANSWER)
    turn = caller.next("vendor_supervisor", MONDAY + HOUR, campaign=other)
    assert (turn.attempt, turn.again_at) == (None, MONDAY + DAY)


def test_who_named_a_moment_is_called_then_and_first(caller: Caller) -> None:
    caller.listed(*NUMBERS[:3])
    attempt = caller.next().attempt
    at_noon: dict[str, Any] = {"follow_up_at": MONDAY + 3.5 * HOUR}
    with pytest.raises(Invalid, match="mend") as refused:
        caller.ended(attempt, Outcome.CALL_LATER, **at_noon)
    assert "14:00" in refused.value.fields["follow_up_at"][0]
    for moment in (None, MONDAY - HOUR, MONDAY + 90 * DAY):
        with pytest.raises(Invalid):
            caller.ended(attempt, Outcome.CALL_LATER, follow_up_at=moment)
    caller.ended(attempt, Outcome.CALL_LATER, follow_up_at=MONDAY + 2 * HOUR)
    assert masked(caller.next(at=MONDAY + HOUR).attempt) == "01"
    assert masked(caller.next("vendor_supervisor", MONDAY + 2 * HOUR).attempt) == "00"


def test_a_campaign_hands_out_only_while_it_runs(caller: Caller) -> None:
    caller.listed(NUMBERS[0])
    with pytest.raises(Conflict, match="calls from"):
        caller.next(at=MONDAY + 60 * DAY)
    scope = caller.scope()
    with activate(scope):
        paused = services.campaign_step(
            scope=scope, uuid=caller.campaign.uuid, expected_version=2, step=CampaignStep.PAUSE
        )
    with pytest.raises(Conflict, match="paused"):
        caller.next("vendor_supervisor")
    with pytest.raises(NotFound):
        caller.next("agent")
    with activate(scope):
        services.campaign_step(scope=scope, uuid=paused.uuid, expected_version=3, step=CampaignStep.END)
        with pytest.raises(Conflict):
            services.contacts_add(scope=scope, uuid=paused.uuid, source="page", rows=[(2, {"phone": NUMBERS[0]})])


def test_two_agents_never_get_the_same_contact(committed_caller: Caller) -> None:
    caller = committed_caller
    caller.listed(*NUMBERS)
    agents = caller.world.vendors["ANDES"].agents

    def work(number: int) -> list[str]:
        got = []
        scope = replace(caller.scope("agent"), user_id=9000 + number, agent_id=agents[number % 3].pk)
        try:
            for _turn in range(6):
                with activate(scope):
                    turn = services.contact_next(scope=scope, uuid=caller.campaign.uuid, is_new=True)
                assert turn.attempt is not None
                got.append(masked(turn.attempt))
                with activate(scope):
                    again = services.contact_next(scope=scope, uuid=caller.campaign.uuid, is_new=True)
                # One customer on the line, whichever way an agent asks.
                assert again.attempt == turn.attempt
                with activate(scope):
                    services.attempt_record(scope=scope, uuid=turn.attempt.uuid, result=Result(Outcome.BUSY))
        finally:
            connection.close()
        return got

    with ThreadPoolExecutor(6) as pool:
        taken = [number for numbers in pool.map(work, range(6)) for number in numbers]
    assert len(taken) == 36
    assert len(set(taken)) == 36


def test_two_campaigns_never_take_the_same_customer_at_once(committed_caller: Caller) -> None:
    caller = committed_caller
    campaigns = [caller.campaign, caller.campaign_made("Second"), caller.campaign_made("Third")]
    for campaign in campaigns:
        caller.listed(*NUMBERS[:4], campaign=campaign)

    def work(asked: tuple[int, Any]) -> list[str]:
        number, campaign = asked
        got, scope = [], replace(caller.scope(), user_id=9000 + number)
        try:
            for _turn in range(4):
                with activate(scope):
                    turn = services.contact_next(scope=scope, uuid=campaign.uuid, is_new=True)
                    got += [masked(turn.attempt)] if turn.attempt else []
        finally:
            connection.close()
        return got

    asked = list(enumerate(campaigns))
    with ThreadPoolExecutor(len(asked)) as pool:
        taken = [number for numbers in pool.map(work, asked) for number in numbers]
    assert len(taken) == len(set(taken))


def test_a_vendor_calls_nobody_at_rest_unless_the_client_opens_those_hours(caller: Caller) -> None:
    late = {"0": [["09:00", "12:00"], ["20:00", "23:00"]]}
    lead, client = caller.scope(), caller.world.scope("programme_manager", at=MONDAY)
    with activate(lead):
        campaign = selectors.campaign_get(scope=lead, uuid=caller.campaign.uuid)
        asked: dict[str, Any] = {"uuid": campaign.uuid, "expected_version": campaign.version}
        with pytest.raises(Invalid) as refused:
            services.campaign_update(scope=lead, **asked, values={"service_hours": late})
    assert set(refused.value.fields) == {"service_hours"}
    with activate(client):
        opened = services.campaign_update(scope=client, **asked, values={"service_hours": late})
    # What the client opened does not stand in the way of the vendor's other changes.
    with activate(lead):
        services.campaign_update(
            scope=lead, uuid=opened.uuid, expected_version=opened.version, values={"name": "Evenings"}
        )
