"""The pages of outbound tasks: lists and their queries, forms, the workplace, the review, who is not to be called."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from tests.tickets.calling import NUMBERS, Caller, caller_make
from tests.tickets.desk import HOUR, MONDAY
from tests.world import World
from tickets import selectors
from tickets.calc.outbound import Outcome
from tickets.models import Attempt, Campaign

# A browser of the tests; what answers carry depends on the page.
ClientOf = Callable[[str], Any]
SUPERVISOR = "andes_vendor_supervisor"


@pytest.fixture
def caller(world: World) -> Caller:
    return caller_make(world)


@pytest.fixture(autouse=True)
def now() -> Any:
    """Nine o'clock of a Monday where the customers are."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def texts(page: Any) -> str:
    """Return a page's words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def url(name: str, row: Any = None, **more: Any) -> str:
    """Return an address of the room."""
    return reverse(f"tickets:{name}", kwargs={"uuid": row.uuid, **more} if row is not None else None)


def form_of(page: Any, **changed: Any) -> dict[str, Any]:
    """Return what a form page would send."""
    form = page.context["form"]
    sent = {field.html_name: field.value() for field in form}
    return {name: value for name, value in (sent | changed).items() if value is not None}


def test_a_campaign_is_drafted_with_its_windows_and_goes_live(caller: Caller, client_of: ClientOf) -> None:
    browser = client_of("andes_vendor_manager")
    page = browser.get(url("campaign_create"))
    new = form_of(
        page,
        name="Late bills",
        contract=caller.world.vendors["ANDES"].contract.uuid,
        purpose="collection",
        starts_on="2026-06-01",
        ends_on="2026-06-30",
        gap_seconds="2 h",
    )
    wrong = browser.post(url("campaign_create"), new | {"hours-0": "9-17", "gap_seconds": "soon"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"hours-0", "gap_seconds"}, wrong.context["form"].errors
    made = browser.post(url("campaign_create"), new | {"hours-6": "10:00-12:00", "country": "CN"})
    assert made.status_code == 302, made.context["form"].errors
    scope = caller.scope()
    with activate(scope):
        campaign = Campaign.objects.visible_to(scope).get(name="Late bills")
    assert campaign.service_hours["6"] == [["10:00", "12:00"]]
    assert campaign.gap_seconds == 7200
    page = browser.get(url("campaign_detail", campaign))
    assert "No approved script yet" in texts(page)
    assert browser.post(url("campaign_step", campaign, step="start")).status_code == 409
    edit = form_of(browser.get(url("campaign_edit", campaign)), script=caller.script.uuid)
    assert browser.post(url("campaign_edit", campaign), edit).status_code == 302
    assert browser.post(url("campaign_step", campaign, step="start")).status_code == 302
    assert "is to be called" in texts(browser.get(url("campaign_detail", campaign))) or "are to be called" in texts(
        browser.get(url("campaign_detail", campaign))
    )


def test_the_progress_tells_numerators_and_denominators(caller: Caller, client_of: ClientOf) -> None:
    caller.listed(*NUMBERS[:4])
    for outcome in (Outcome.SUCCESS, Outcome.REFUSED, Outcome.NO_ANSWER):
        caller.ended(caller.next().attempt, outcome)
    browser = client_of("auditor")
    words = texts(browser.get(url("campaign_detail", caller.campaign)))
    assert "66.7% 2 of 3 attempts" in words
    assert "50.0% 1 of 2 reached" in words
    assert "4 read: 4 new" in words
    listed = texts(browser.get(url("campaign_list")))
    assert "66.7%" in listed
    assert "Opening hours" not in texts(client_of("boral_vendor_manager").get(url("campaign_list")))


@pytest.mark.parametrize("name", ["campaign_list", "attempt_list", "import_list", "do_not_call_list"])
def test_every_list_is_exported_and_costs_the_same_for_more_rows(
    caller: Caller, client_of: ClientOf, name: str
) -> None:
    browser = client_of("andes_vendor_manager")

    def grow(numbers: list[str], word: str) -> None:
        caller.listed(*numbers)
        caller.ended(caller.next().attempt, Outcome.DO_NOT_CALL)
        caller.campaign_made(word)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(url(name)).status_code == 200
        return len(seen)

    grow(NUMBERS[:1], "First")
    queries()
    few = queries()
    for number in range(1, 9):
        grow(NUMBERS[number : number + 1], f"Another {number}")
    assert queries() <= few
    export = browser.get(url(name), {"export": "csv"})
    assert export.status_code == 200
    assert len(b"".join(export.streaming_content).splitlines()) > 8


def test_a_list_is_uploaded_and_its_bad_rows_are_told_with_a_remedy(caller: Caller, client_of: ClientOf) -> None:
    browser = client_of(SUPERVISOR)
    file = SimpleUploadedFile("june.csv", b"phone,name\n138 1234 8000,Li\n10086,\n", "text/csv")
    done = browser.post(url("list_upload", caller.campaign), {"file": file})
    assert done.status_code == 302
    page = browser.get(done.url)
    assert "This is a service or internal number; give the customer’s own." in texts(page)
    assert "10086" not in texts(page)
    export = b"".join(browser.get(done.url, {"export": "csv"}).streaming_content).decode()
    assert "3,phone" in export
    contacts = texts(browser.get(url("contact_list", caller.campaign)))
    assert "Li" in contacts
    assert "8613••••8000" in contacts
    # Who needs no names has none.
    assert "Li" not in texts(client_of("andes_vendor_wfm").get(url("contact_list", caller.campaign))).split()
    wrong = SimpleUploadedFile("june.csv", b"tel\n1\n", "text/csv")
    refused = browser.post(url("list_upload", caller.campaign), {"file": wrong})
    assert refused.status_code == 422
    assert "“phone” is missing" in texts(refused)


def test_an_agent_works_through_its_contacts(caller: Caller, client_of: ClientOf, now: Any) -> None:
    caller.listed(*NUMBERS[:2], name="Li", reference="C-17")
    agent = client_of("andes_agent")
    assert "Opening hours" in texts(agent.get(url("work_list")))
    here = url("work", caller.campaign)
    assert "Ready for the next one?" in texts(agent.get(here))
    assert agent.post(url("work_next", caller.campaign)).url == here
    page = agent.get(here)
    words = texts(page)
    assert "Good morning …" in words
    assert "Li" in words
    assert "C-17" in words
    assert NUMBERS[0] not in words
    attempt = page.context["attempt"]
    assert NUMBERS[0] in texts(agent.post(url("attempt_number", attempt)))
    assert client_of(SUPERVISOR).post(url("attempt_number", attempt)).status_code == 403
    refused = agent.post(url("attempt_outcome", attempt), {"outcome": "call_later", "follow_up_at": "2026-06-15T12:30"})
    assert refused.status_code == 422
    assert "from 2026-06-15 14:00" in texts(refused)
    done = agent.post(
        url("attempt_outcome", attempt), {"outcome": "call_later", "follow_up_at": "2026-06-15T14:30", "note": "busy"}
    )
    assert done.url == here
    scope = caller.scope()
    with activate(scope):
        stored = Attempt.objects.visible_to(scope).get(pk=attempt.pk)
    assert stored.follow_up_at == MONDAY + 5.5 * HOUR
    assert agent.get(url("campaign_list")).status_code == 403
    agent.post(url("work_next", caller.campaign))
    again = agent.post(url("work_next", caller.campaign), follow=True)
    other = again.context["attempt"]
    assert agent.post(url("attempt_outcome", other), {"outcome": "reached"}).status_code == 422
    agent.post(url("attempt_number", other))
    agent.post(url("attempt_outcome", other), {"outcome": "do_not_call", "is_for_all": "on"})
    waits = agent.post(url("work_next", caller.campaign), follow=True)
    assert "the next from 2026-06-15 14:30" in texts(waits)
    late = agent.post(url("attempt_outcome", other), {"outcome": "busy"})
    assert late.status_code == 409


def test_who_is_not_to_be_called_is_added_and_withdrawn(caller: Caller, client_of: ClientOf) -> None:
    browser = client_of(SUPERVISOR)
    wrong = browser.post(url("do_not_call_create"), {"number": "soon"})
    assert wrong.status_code == 422
    assert "This is no telephone number" in texts(wrong)
    assert browser.post(url("do_not_call_create"), {"number": NUMBERS[0], "reason": "a letter"}).status_code == 302
    page = texts(browser.get(url("do_not_call_list")))
    assert "8613••••8000" in page
    assert "this vendor" in page
    scope = caller.scope()
    with activate(scope):
        entry = selectors.do_not_call_list(scope=scope).get()
    assert browser.post(url("do_not_call_withdraw", entry), {"reason": ""}).status_code == 422
    assert browser.post(url("do_not_call_withdraw", entry), {"reason": "a wrong digit"}).status_code == 302
    assert "withdrawn" in texts(browser.get(url("do_not_call_list")))
    client = client_of("programme_manager")
    assert client.post(url("do_not_call_create"), {"number": NUMBERS[1]}).status_code == 302
    assert "8613••••8001" in texts(client.get(url("do_not_call_list")))
    assert "8613••••8001" not in texts(browser.get(url("do_not_call_list")))
    assert client_of("andes_agent").get(url("do_not_call_list")).status_code == 403
