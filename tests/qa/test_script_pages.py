"""The pages and the interface of scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from qa import selectors, services
from qa.models import Script
from tests.qa.said import said, script_approve, script_write
from tests.tickets.desk import MONDAY
from tests.world import World

ClientOf = Callable[[str], Any]
SCRIPTS = "/api/v1/scripts"
SUPERVISOR = "andes_vendor_supervisor"


@pytest.fixture(autouse=True)
def now() -> Any:
    """Nine o'clock of a Monday."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def url(name: str, script: Script | None = None) -> str:
    """Return an address of the room."""
    return reverse(f"qa:{name}", args=[script.uuid] if script else [])


def texts(page: Any) -> str:
    """Return a page's words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def lines(*rows: tuple[str, str]) -> dict[str, Any]:
    """Return what the form sends of lines."""
    sent: dict[str, Any] = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": "0"}
    for number, (stage, text) in enumerate(rows):
        place = f"lines-{number}"
        sent |= {f"{place}-stage": stage, f"{place}-text": text, f"{place}-ORDER": str(number)}
    return sent


def made(world: World, text: str = "Good day", *, is_approved: bool = True, name: str = "Opening") -> Script:
    """Write a script of ANDES, and approve it."""
    scope = world.scope(SUPERVISOR, MONDAY)
    with activate(scope):
        script = script_write(scope=scope, vendor=world.vendors["ANDES"].vendor, name=name, text=text)
    return script_approve(world.scope("client_qa", MONDAY), script) if is_approved else script


def test_a_script_is_written_line_by_line_and_reviewed_by_somebody_else(world: World, client_of: ClientOf) -> None:
    script = made(world)
    writer, second = client_of("client_qa"), client_of("programme_manager")
    former = writer.get(url("script_create"), {"of": script.uuid})
    assert former.context["form"].lines.forms[0].initial["text"] == "Good day"
    head = {"name": "Opening", "kind": "call", "language": "en", "vendors": [script.vendor.uuid]}
    body = head | lines(("opening", "Good evening"), ("closing", " "), ("closing", "Bye"))
    made_page = writer.post(url("script_create") + f"?of={script.uuid}", body)
    scope = world.scope(SUPERVISOR, MONDAY)
    with activate(scope):
        found = selectors.script_list(scope=scope).get(number=2)
    assert [(line.key, line.text) for line in found.lines] == [("opening", "Good evening"), ("closing", "Bye")]
    assert made_page.url == url("script_detail", found)
    assert "a second person of the client reviews it" in texts(writer.get(made_page.url))
    assert writer.post(url("script_review", found), {"verdict": "approve"}).status_code == 403
    assert client_of(SUPERVISOR).post(url("script_review", found), {"verdict": "approve"}).status_code == 403
    assert second.post(url("script_review", found), {"verdict": "return", "version": 1}).status_code == 422
    done = second.post(url("script_review", found), {"verdict": "approve", "version": 1, "review_note": "fine"})
    assert done.status_code == 302
    vendor_sees = texts(client_of(SUPERVISOR).get(made_page.url))
    assert "approved" in vendor_sees
    # To a vendor, the client's people are the client.
    assert "programme_manager" not in vendor_sees
    assert "client_qa" not in vendor_sees


def test_lines_that_cannot_be_are_told_and_nothing_typed_is_lost(client_of: ClientOf) -> None:
    browser = client_of(SUPERVISOR)
    body = {"name": "Opening", "kind": "call", "language": "en", **lines(("opening", "Hello"))}
    page = browser.post(url("script_create"), {**body, "lines-0-key": "No Key"})
    assert (page.status_code, "Line 1: the key must begin" in texts(page)) == (422, True)
    assert "Hello" in page.content.decode()


def test_two_versions_are_compared(world: World, client_of: ClientOf) -> None:
    first, second = made(world), made(world, "Good evening", is_approved=False)
    page = client_of(SUPERVISOR).get(url("script_compare", second))
    assert "<del>day</del><ins>evening</ins>" in page.content.decode()
    assert "Lines that differ: 1 of 1" in texts(page)
    foreign = client_of(SUPERVISOR).get(url("script_compare", second), {"with": world.vendors["ANDES"].vendor.uuid})
    assert foreign.status_code == 404
    assert client_of("boral_vendor_manager").get(url("script_compare", first)).status_code == 404


def test_agents_see_what_is_in_use_only(world: World, client_of: ClientOf) -> None:
    script, waiting = made(world), made(world, "Good evening", is_approved=False)
    agent = client_of("andes_agent")
    assert agent.get(url("script_detail", script)).status_code == 200
    assert agent.get(url("script_detail", waiting)).status_code == 404
    assert SUPERVISOR not in texts(agent.get(url("script_detail", script)))


@pytest.mark.parametrize("query", ["", "?stage=opening&state=in_use", "?stage=closing", "?state=expired", "?q=day"])
def test_the_library_is_filtered_and_costs_the_same_for_more_rows(
    world: World, client_of: ClientOf, query: str
) -> None:
    script = made(world)
    browser = client_of("andes_vendor_manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page = browser.get(url("script_list") + query)
        assert page.status_code == 200
        return len(seen)

    queries()
    before = queries()
    for number in range(5):
        made(world, name=f"More {number}")
    assert queries() == before
    is_found = url("script_detail", script) in browser.get(url("script_list") + query).content.decode()
    assert is_found == (query not in ("?stage=closing", "?state=expired"))


def test_an_agent_reads_confirms_and_finds_the_line(world: World, client_of: ClientOf) -> None:
    script = made(world)
    lead, agent = client_of(SUPERVISOR), client_of("andes_agent")
    asked = lead.post(url("confirmation_ask", script), {"due_on": "2026-06-20"})
    assert asked.url == url("confirmation_list", script)
    assert "0.0% · 0 of 3 confirmed" in texts(lead.get(asked.url))
    assert "To be read and confirmed by you" in texts(agent.get(url("script_lookup")))
    assert "I have read it" in texts(agent.get(url("script_read", script)))
    done = agent.post(url("script_confirm", script), follow=True)
    assert "You confirmed this version." in texts(done)
    assert "33.3% · 1 of 3 confirmed" in texts(lead.get(asked.url))
    assert "33.3% · 1 of 3" in texts(lead.get(url("round_list")))
    assert "33.3% · 1 of 3" in texts(lead.get(url("script_detail", script)))
    waiting = lead.get(asked.url, {"state": "waits"}).content.decode()
    assert ("ANDES Agent 2" in waiting, "ANDES Agent 1" in waiting) == (True, False)
    assert lead.post(url("confirmation_remind", script)).status_code == 302
    assert lead.post(url("confirmation_remind", script)).status_code == 409
    assert agent.get(url("round_list")).status_code == 403
    assert agent.get(url("confirmation_list", script)).status_code == 403
    rival = client_of("boral_vendor_manager")
    for name in ("confirmation_list", "confirmation_ask", "script_read"):
        assert rival.get(url(name, script)).status_code == 404


def test_the_list_of_rounds_costs_the_same_for_more_of_them(world: World, client_of: ClientOf) -> None:
    lead = client_of(SUPERVISOR)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert lead.get(url("round_list"), {"state": "current"}).status_code == 200
        return len(seen)

    lead.post(url("confirmation_ask", made(world)), {"due_on": "2026-06-20"})
    queries()
    before = queries()
    for number in range(4):
        lead.post(url("confirmation_ask", made(world, name=f"More {number}")), {"due_on": "2026-06-20"})
    assert queries() == before
    exported = b"".join(lead.get(url("round_list") + "?export=csv").streaming_content).decode()
    assert exported.count("0.0% · 0 of 3") == 5


def test_a_reference_leads_to_its_line(world: World, client_of: ClientOf) -> None:
    script = made(world)
    vendor = script.vendor.uuid
    line = reverse("qa:script_line", args=["OPENING#opening"])
    for name in ("andes_agent", "client_qa"):
        assert client_of(name).get(line, {"vendor": vendor}).url == f"{url('script_read', script)}#line-opening"
    assert client_of("client_qa").get(line).url.endswith("#line-opening")
    assert client_of("boral_agent").get(line).status_code == 404
    assert client_of("client_qa").get(line, {"vendor": "x"}).status_code == 404


def test_the_box_finds_lines_in_place_and_as_a_page(world: World, client_of: ClientOf) -> None:
    scope = world.scope(SUPERVISOR, MONDAY)
    parts = said("It is worth it.", triggers=["too expensive"])
    with activate(scope):
        script = services.script_write(
            scope=scope, vendors=[world.vendors["ANDES"].vendor], name="Prices", parts=parts
        )[0]
    script_approve(world.scope("client_qa", MONDAY), script)
    agent = client_of("andes_agent")
    whole = agent.get(url("script_lookup"), {"said": "far too expensive"})
    part = agent.get(url("script_lookup"), {"said": "far too expensive"}, headers={"HX-Request": "true"})
    for page in (whole, part, agent.get(url("script_read", script), {"said": "far too expensive"})):
        assert "It is worth it." in texts(page)
    assert "<html" not in part.content.decode()
    assert "No line fits" in texts(agent.get(url("script_lookup"), {"said": "good bye"}))
    assert agent.get(url("script_lookup"), {"script": "x"}).status_code == 404
    found = agent.get("/api/v1/script-lines", {"said": "far too expensive"}).json()
    assert [(row["reference"], row["similarity"]) for row in found] == [("PRICES#opening", 1.0)]


def test_confirmations_over_the_interface(world: World, client_of: ClientOf) -> None:
    script = made(world)
    lead, agent = client_of(SUPERVISOR), client_of("andes_agent")
    here = f"{SCRIPTS}/{script.uuid}"
    asked = send(lead, f"{here}/confirmations", {"due_on": "2026-06-20"}, key="1").json()
    assert (asked["confirmed"], asked["asked"], asked["teams"]) == (0, 3, [])
    assert send(agent, f"{here}/confirm", {}, key="2").status_code == 200
    (row,) = lead.get("/api/v1/script-confirmations").json()["results"]
    assert (row["confirmed"], row["asked"], row["script"]) == (1, 3, str(script.uuid))
    assert client_of("boral_vendor_manager").get("/api/v1/script-confirmations").json()["results"] == []


def send(client: Any, path: str, body: Any, *, key: str) -> Any:
    """Send a body as a program does."""
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})


@pytest.mark.usefixtures("world")
def test_a_script_is_written_reviewed_by_a_second_person_and_read_over_the_interface(client_of: ClientOf) -> None:
    lead, house = client_of("andes_vendor_manager"), client_of("programme_manager")
    written = send(lead, SCRIPTS, {"name": "Renewal", "parts": said("Good day")}, key="1")
    assert (written.status_code, written.json()["state"], written.json()["number"]) == (201, "waiting", 1)
    assert written.json()["parts"] == [{"key": "opening", "stage": "opening", "text": "Good day", "triggers": []}]
    here = f"{SCRIPTS}/{written.json()['id']}"
    assert send(lead, f"{here}/review", {"is_approved": True, "version": 1}, key="2").status_code == 403
    bare = send(house, f"{here}/review", {"is_approved": False, "version": 1}, key="3")
    assert (bare.status_code, list(bare.json()["error"]["fields"])) == (422, ["review_note"])
    approved = send(house, f"{here}/review", {"is_approved": True, "version": 1}, key="4").json()
    assert (approved["state"], approved["reviewed_by"]) == ("approved", "programme_manager")
    again = send(house, f"{here}/review", {"is_approved": True, "version": 2}, key="5")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "reviewed")
    # The vendor reads that it was reviewed, not by whom.
    told = lead.get(here).json()
    assert (told["state"], "reviewed_by" in told) == ("approved", False)
    evening = {"name": "Renewal", "parts": said("Good evening")}
    assert send(house, SCRIPTS, evening, key="6").status_code == 422
    own = send(house, SCRIPTS, {**evening, "vendor": "ANDES"}, key="7").json()
    assert (own["number"], own["written_by"]) == (2, "programme_manager")
    assert lead.get(f"{SCRIPTS}/{own['id']}").json()["written_by"] != "programme_manager"
    assert send(house, f"{SCRIPTS}/{own['id']}/review", {"is_approved": True, "version": 1}, key="8").status_code == 403
    found = lead.get(SCRIPTS, {"state": "approved", "in_use": "true"}).json()["results"]
    assert [row["id"] for row in found] == [approved["id"]]
    gone = send(lead, f"{here}/withdraw", {"reason": "A wrong price", "version": 2}, key="9").json()
    assert (gone["state"], gone["withdrawn_reason"]) == ("withdrawn", "A wrong price")
    assert lead.get(SCRIPTS, {"in_use": "true"}).json()["results"] == []
    rival = client_of("boral_vendor_manager")
    assert rival.get(here).status_code == 404
    assert rival.get(SCRIPTS).json()["results"] == []
