"""The pages of feedback: the list, one voice with its clock and its steps, and a new one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.models import Feedback

ClientOf = Callable[[str], Client]
LIST = "/tickets/feedback/"


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


@pytest.fixture(autouse=True)
def now() -> Any:
    """Two hours into Monday."""
    with time_machine.travel(MONDAY + 2 * HOUR, tick=False) as clock:
        yield clock


def said(desk: Desk, at: Any = MONDAY, **values: Any) -> Feedback:
    """Register what a customer said."""
    asked = {"source": "app", "text": "Nobody answers.", "is_complaint": True} | values
    scope = desk.scope(at=at)
    with activate(scope):
        contract = desk.world.vendors[desk.code].contract
        return services.feedback_register(scope=scope, contract=contract, values=asked)[0]


def stored(desk: Desk, feedback: Feedback) -> Feedback:
    """Read it anew."""
    scope = desk.scope()
    with activate(scope):
        return selectors.feedback_get(scope=scope, uuid=feedback.uuid)


def url(feedback: Feedback, step: str = "") -> str:
    """Return the page of a voice, or of a step with it."""
    if step:
        return reverse("tickets:feedback_step", args=[feedback.uuid, step])
    return reverse("tickets:feedback_detail", args=[feedback.uuid])


def texts(page: Any) -> str:
    """Return a page's words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def shown(page: Any) -> list[str]:
    """Return what the customers of a list say, in its order."""
    return [row.text for row in page.context["table"].page.object_list.data]


def test_the_list_begins_with_what_is_overdue_and_leads_when_it_is_empty(desk: Desk, client_of: ClientOf) -> None:
    browser = client_of("andes_vendor_supervisor")
    empty = texts(browser.get(LIST))
    assert "Ratings, messages and complaints come in here" in empty
    assert "Register feedback" in empty
    said(desk, text="Fresh")
    said(desk, at=MONDAY - 25 * HOUR, text="Late")
    said(desk, at=MONDAY - 20 * HOUR, text="Soon")
    page = browser.get(LIST)
    assert shown(page) == ["Late", "Soon", "Fresh"]
    assert "overdue by 3 h" in texts(page)
    assert "in 2 h" in texts(page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"routing": "overdue"}, {"Late"}),
        ({"routing": "waiting"}, {"New"}),
        ({"routing": "kept", "state": "all"}, {"Passed"}),
        ({"kind": "attitude"}, {"Passed"}),
        ({"kind": "none"}, {"Late", "New"}),
        ({"is_complaint": "true"}, {"Late"}),
        ({"source": "sms"}, {"New"}),
        ({"department": "Training"}, {"Passed"}),
        ({"state": "noted"}, {""}),
        ({"state": "all"}, {"Late", "New", "Passed", ""}),
        ({"q": "#1"}, {"Late"}),
        ({"q": "passed"}, {"Passed"}),
        ({"received_after": "2026-06-15"}, {"New", "Passed"}),
        ({"received_before": "2026-06-14"}, {"Late"}),
    ],
)
def test_every_filter_narrows_the_list(desk: Desk, client_of: ClientOf, asked: dict[str, str], found: set[str]) -> None:
    said(desk, at=MONDAY - 25 * HOUR, text="Late")
    said(desk, text="New", source="sms", is_complaint=False)
    said(desk, text="", rating=5, is_complaint=False)
    passed = said(desk, text="Passed", is_complaint=False)
    scope = desk.scope(at=MONDAY + HOUR)
    with activate(scope):
        services.feedback_route(
            scope=scope, uuid=passed.uuid, expected_version=1, department="Training", kind="attitude"
        )
    assert set(shown(client_of("andes_vendor_supervisor").get(LIST, asked))) == found


def test_the_export_is_exactly_what_is_filtered(desk: Desk, client_of: ClientOf) -> None:
    said(desk, text="One")
    said(desk, text="Two", source="sms")
    browser = client_of("andes_vendor_supervisor")
    body = b"".join(browser.get(LIST, {"source": "sms", "export": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Two" in body
    assert "One" not in body
    sheet: Any = browser.get(LIST, {"export": "xlsx"})
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    assert sheet.headers["Content-Type"].startswith("application/vnd.openxmlformats")


def test_a_complaint_is_taken_through_by_its_pages(desk: Desk, client_of: ClientOf, now: Any) -> None:
    feedback = said(desk)
    browser = client_of("andes_vendor_supervisor")
    page = texts(browser.get(url(feedback)))
    assert "Waits to be passed on" in page
    assert "in 22 h" in page
    assert "Nobody answers." in page
    refused = browser.post(url(feedback, "route"), {"kind": "", "department": "Billing", "expected_version": 1})
    assert refused.status_code == 422
    passed = browser.post(url(feedback, "route"), {"kind": "process", "department": "Billing", "expected_version": 1})
    assert passed.headers["Location"] == url(feedback)
    # A complaint cannot be closed before its department answered, whoever asks for the page.
    assert browser.get(url(feedback, "close")).status_code == 409
    browser.post(url(feedback, "answer"), {"answer": "Two more at noon.", "expected_version": 2})
    now.shift(timedelta(minutes=20))
    told = {"customer_told": "yes", "told_at": "2026-06-15T11:10", "outcome": "Called back.", "expected_version": 3}
    assert browser.post(url(feedback, "close"), told | {"told_at": "2026-06-16T11:30"}).status_code == 422
    assert browser.post(url(feedback, "close"), told).status_code == 302
    closed = stored(desk, feedback)
    assert (closed.state, closed.customer_told, closed.told_at) == (
        "closed",
        True,
        MONDAY + timedelta(hours=2, minutes=10),
    )
    page = texts(browser.get(url(feedback)))
    for words in ("Two more at noon.", "Called back.", "2026-06-15 11:10", "in time", "Reopen"):
        assert words in page
    browser.post(url(feedback, "reopen"), {"reopen_reason": "Still nobody.", "expected_version": 4})
    again = stored(desk, feedback)
    assert (again.state, again.reopened_count, again.answered_at) == ("routed", 1, None)
    assert "Still nobody." in texts(browser.get(url(feedback)))


def test_two_people_at_once_are_told_of_each_other(desk: Desk, client_of: ClientOf) -> None:
    feedback = said(desk)
    browser = client_of("andes_vendor_supervisor")
    body = {"kind": "process", "is_complaint": "on", "expected_version": 1}
    assert browser.post(url(feedback, "classify"), body).status_code == 302
    late = browser.post(url(feedback, "classify"), body | {"kind": "product"})
    assert late.status_code == 409
    assert "Somebody saved this in the meantime" in texts(late)
    assert browser.post(url(feedback, "dance"), body).status_code == 404


def test_a_new_one_is_registered_by_hand_and_of_a_ticket(desk: Desk, client_of: ClientOf) -> None:
    browser = client_of("programme_manager")
    contract = desk.world.vendors["ANDES"].contract
    body = {"contract": contract.uuid, "text": "Too slow", "source": "web", "customer": "+8613812348000"}
    assert browser.post("/tickets/feedback/new/", body | {"text": ""}).status_code == 422
    made = browser.post("/tickets/feedback/new/", body)
    page = texts(browser.get(made.headers["Location"]))
    assert "Too slow" in page
    assert "+8613812348000" not in page
    ticket = desk.opened(subject="No bill")
    address = f"/tickets/feedback/new/?ticket={ticket.uuid}"
    assert address in browser.get(f"/tickets/{ticket.uuid}/").content.decode()
    assert "No bill" in texts(browser.get(address))
    made = browser.post(address, {"text": "Rude", "is_complaint": "on", "kind": "attitude", "source": "call"})
    assert f"/tickets/{ticket.uuid}/" in browser.get(made.headers["Location"]).content.decode()
    with activate(desk.scope()):
        found = selectors.feedback_list(scope=desk.scope()).get(ticket=ticket)
    assert (found.customer_key, found.is_complaint) == (ticket.customer_key, True)


def test_the_auditor_reads_and_the_agent_does_not(desk: Desk, client_of: ClientOf) -> None:
    feedback = said(desk)
    auditor = client_of("auditor")
    page = auditor.get(url(feedback))
    assert "Next: a supervisor, a manager or the client." in texts(page)
    assert url(feedback, "route") not in page.content.decode()
    assert auditor.get(url(feedback, "route")).status_code == 403
    assert auditor.get("/tickets/feedback/new/").status_code == 403
    for path in (LIST, url(feedback), "/tickets/feedback/voice/"):
        assert client_of("andes_agent").get(path).status_code == 403
    rival = client_of("boral_vendor_manager")
    assert rival.get(url(feedback)).status_code == 404
    assert shown(rival.get(LIST)) == []


def test_a_list_takes_as_many_queries_for_ten_rows_as_for_twenty(desk: Desk, client_of: ClientOf) -> None:
    browser = client_of("programme_manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            browser.get(LIST)
        return len(caught)

    for number in range(10):
        said(desk, text=f"Voice {number}")
    queries()
    ten = queries()
    for number in range(10):
        said(desk, text=f"More {number}")
    assert queries() == ten
