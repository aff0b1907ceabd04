"""Files, the client's own remarks, mentions, and who is named to whom."""

from __future__ import annotations

import base64
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from audit.models import Entry
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from tests.tickets.desk import MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.clocks import Level
from tickets.models import Attachment, ClientRemark, Ticket

ClientOf = Callable[[str], Client]
PDF = b"%PDF-1.7 a bill"


@pytest.fixture
def desk(world: World, tmp_path: Path, settings: Any) -> Desk:
    settings.UPLOAD_ROOT = tmp_path
    return desk_make(world)


def upload(name: str = "bill.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """Return a file on its way in."""
    return SimpleUploadedFile(name, content)


def attach(desk: Desk, ticket: Ticket, *, role: str = "vendor_supervisor", **more: Any) -> Attachment:
    """Keep one file."""
    scope = desk.scope(role)
    with activate(scope):
        uploads = more.pop("uploads", None) or [upload()]
        return services.attachments_add(scope=scope, uuid=ticket.uuid, uploads=uploads, **more)[0]


def act(browser: Client, ticket: Ticket, deed: str, **more: Any) -> Any:
    """Send the form of deeds."""
    body = {"deed": deed, "expected_version": ticket.version, "text": ""} | more
    return browser.post(reverse("tickets:ticket_act", args=[ticket.uuid]), body)


def page(browser: Client, ticket: Ticket) -> str:
    """Return a ticket's page."""
    return browser.get(reverse("tickets:ticket_detail", args=[ticket.uuid])).content.decode()


def test_a_file_lies_behind_the_wall_under_a_name_of_ours(desk: Desk, tmp_path: Path) -> None:
    ticket = desk.opened()
    file = attach(desk, ticket, uploads=[upload("../../etc/bill.pdf")])
    assert file.file_name == "bill.pdf"
    path = selectors.attachment_path(file)
    assert path.is_relative_to(tmp_path)
    assert path.name == str(file.uuid)
    # What lies there tells nothing without the key, and is bound to its owner.
    assert PDF not in path.read_bytes()
    assert b"".join(services.attachment_open(file, path)) == PDF
    file.vendor_id += 1
    with pytest.raises(ValueError, match="key"):
        b"".join(services.attachment_open(file, path))
    file.vendor_id -= 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [str(file.uuid)]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([upload("run.exe", b"MZ")], "run.exe: attach"),
        ([upload("bill.pdf", b"<html>")], "bill.pdf: attach"),
        ([upload("page.html", b"<html>")], "page.html: attach"),
        ([upload("notes.txt", b"a\x00b")], "notes.txt: attach"),
        ([upload("bill.pdf", b"")], "bill.pdf"),
        ([upload("big.pdf", PDF + bytes(10 * 1024 * 1024))], "larger than 10 MB"),
        ([upload(f"{n}.pdf", PDF + bytes([n])) for n in range(6)], "At most 5 files"),
    ],
)
def test_what_is_no_fit_file_is_refused_and_leaves_nothing(
    desk: Desk, tmp_path: Path, files: list[Any], words: str
) -> None:
    ticket = desk.opened()
    with pytest.raises(Invalid) as refused:
        attach(desk, ticket, uploads=files)
    assert words in refused.value.fields["files"][0]
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_one_bad_file_takes_the_others_and_the_words_with_it(desk: Desk, client_of: ClientOf, tmp_path: Path) -> None:
    ticket = desk.opened()
    answer = act(
        client_of("andes_vendor_supervisor"), ticket, "note", text="See both",
        attached=[upload(), upload("run.exe", b"MZ")],
    )  # fmt: skip
    assert answer.status_code == 422
    assert "run.exe: attach" in answer.content.decode()
    assert "See both" in answer.content.decode()
    scope = desk.scope()
    with activate(scope):
        assert not selectors.event_list(scope=scope, ticket=ticket).filter(kind="noted").exists()
        assert not selectors.attachment_list(scope=scope, ticket=ticket).exists()
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_a_file_goes_with_what_is_said_and_is_only_ever_saved(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    browser = client_of("andes_vendor_supervisor")
    assert act(browser, ticket, "reply", text="Here it is", attached=[upload()]).status_code == 302
    html = page(browser, ticket)
    said = html[html.index("Here it is") - 900 :][:1200]
    assert "bill.pdf" in said
    scope = desk.scope()
    with activate(scope):
        [file] = selectors.attachment_list(scope=scope, ticket=ticket)
    answer = browser.get(reverse("tickets:attachment", args=[file.uuid]))
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="bill.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_same_file_twice_is_one_and_a_ticket_has_so_many(desk: Desk) -> None:
    ticket = desk.opened()
    assert attach(desk, ticket).uuid == attach(desk, ticket).uuid
    for number in range(29):
        attach(desk, ticket, uploads=[upload(content=PDF + str(number).encode())])
    with pytest.raises(Invalid, match="mend") as refused:
        attach(desk, ticket, uploads=[upload("more.pdf")])
    assert refused.value.fields == {"files": ["A ticket has at most 30 files."]}


def test_deleting_is_for_its_sender_and_leads_and_stands_in_the_book(
    desk: Desk, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = desk.opened(agent=world.vendors["ANDES"].agents[0])
    lead_s, client_s, own = attach(desk, ticket), attach(
        desk, ticket, role="programme_manager", uploads=[upload("client.pdf")]
    ), attach(desk, ticket, role="agent", uploads=[upload("own.pdf")])  # fmt: skip
    agent, lead, client = desk.scope("agent"), desk.scope(), desk.scope("programme_manager")
    with activate(agent), pytest.raises(Forbidden):
        services.attachment_delete(scope=agent, uuid=lead_s.uuid)
    with activate(lead), pytest.raises(Conflict, match="only the client can"):
        services.attachment_delete(scope=lead, uuid=client_s.uuid)
    with django_capture_on_commit_callbacks(execute=True):
        for scope, file in ((agent, own), (lead, lead_s), (client, client_s)):
            with activate(scope):
                services.attachment_delete(scope=scope, uuid=file.uuid)
    assert not any(selectors.attachment_path(file).exists() for file in (lead_s, client_s, own))
    with activate(client):
        entries = Entry.objects.visible_to(client).filter(action="attachment.deleted").order_by("sequence")
        assert [entry.changes["file_name"] for entry in entries] == [
            ["own.pdf", None], ["bill.pdf", None], ["client.pdf", None],
        ]  # fmt: skip
        assert entries[0].changes["sha256"][0] == bytes(own.sha256).hex()


def test_files_exist_for_whoever_has_the_ticket(desk: Desk, world: World, client_of: ClientOf) -> None:
    own = attach(desk, desk.opened(agent=world.vendors["ANDES"].agents[0]))
    other = attach(desk, desk.opened())
    for name, known in (
        ("programme_manager", {own, other}),
        ("auditor", {own, other}),
        ("andes_vendor_qa", {own, other}),
        ("andes_agent", {own}),
        ("boral_vendor_manager", set()),
    ):
        browser = client_of(name)
        for file in (own, other):
            expected = 200 if file in known else 404
            for path in (reverse("tickets:attachment", args=[file.uuid]), f"/api/v1/ticket-attachments/{file.uuid}"):
                answer = browser.get(path)
                assert answer.status_code == expected, name
                assert b"".join(answer) == PDF or expected == 404


def test_what_only_the_client_reads_does_not_exist_for_the_vendor(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    client = client_of("programme_manager")
    sent = act(client, ticket, "remark", text="They promised it twice", attached=[upload("secret.pdf")])
    assert sent.status_code == 302
    assert "They promised it twice" in page(client, ticket)
    assert "secret.pdf" in page(client, ticket)
    system = desk.world.system
    with activate(system):
        file = Attachment.objects.visible_to(system).get()
        assert file.vendor_id == desk.world.client.pk
    manager = client_of("andes_vendor_manager")
    html = page(manager, ticket)
    assert "They promised it twice" not in html
    assert "secret.pdf" not in html
    told = manager.get(f"/api/v1/tickets/{ticket.uuid}").json()
    # Neither a version nor a number of an event tells that something happened.
    assert (told["version"], told["attachments"], [event["sequence"] for event in told["events"]]) == (1, [], [1])
    assert manager.get(reverse("tickets:attachment", args=[file.uuid])).status_code == 404
    assert act(manager, ticket, "remark", text="mine").status_code == 403
    scope = desk.scope("vendor_manager")
    with activate(scope):
        assert not ClientRemark.objects.visible_to(scope).exists()
        assert not Attachment.objects.visible_to(scope).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM tickets_clientremark")
            assert cursor.fetchone() == (0,)
        with pytest.raises(Forbidden):
            services.attachments_add(scope=scope, uuid=ticket.uuid, uploads=[upload()], is_client_only=True)
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with activate(system), connection.cursor() as cursor, denied, transaction.atomic():
        cursor.execute("UPDATE tickets_clientremark SET text = ''")


def test_programs_attach_read_and_delete(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    program = client_of("andes_vendor_manager")
    here = f"/api/v1/tickets/{ticket.uuid}/attachments"
    body = {"file_name": "bill.pdf", "content": base64.b64encode(PDF).decode()}

    def send(body: Any, key: str) -> Any:
        return program.post(here, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})

    first = send(body, "one")
    assert first.status_code == 201
    assert send(body, "one").json() == first.json()
    [file] = first.json()["attachments"]
    assert (file["file_name"], file["size_bytes"], file["received_by"]) == ("bill.pdf", 15, "andes_vendor_manager")
    answer = program.get(f"/api/v1/ticket-attachments/{file['id']}")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    for bad, field in (({"file_name": "a.exe"}, "files"), ({"content": "%%"}, "content")):
        refused = send(body | bad, "two")
        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, [field])
    assert program.delete(f"/api/v1/ticket-attachments/{file['id']}").status_code == 204
    assert program.get(f"/api/v1/ticket-attachments/{file['id']}").status_code == 404


def told(desk: Desk, username: str) -> list[str]:
    """Return what somebody was told of mentions."""
    system = desk.world.system
    with activate(system):
        rows = Notice.objects.visible_to(system).filter(recipient=desk.world.users[username], kind="ticket")
        return [row.path for row in rows if row.message == "ticket_mentioned"]


def test_a_mention_tells_those_who_may_see_the_ticket_and_nobody_else(desk: Desk, world: World) -> None:
    ticket = desk.opened(agent=world.vendors["ANDES"].agents[0])
    unseen = desk.opened()
    scope = desk.scope(at=MONDAY)
    text = "@andes_vendor_manager, @andes_agent: see @boral_vendor_manager @programme_manager a@andes_vendor_qa @nobody"
    with activate(scope):
        services.ticket_note(scope=scope, uuid=ticket.uuid, text=text)
        services.ticket_note(scope=scope, uuid=unseen.uuid, text="@andes_agent @andes_vendor_supervisor")
    here = f"/tickets/{ticket.uuid}/"
    assert told(desk, "andes_vendor_manager") == [here]
    # The other ticket is not the agent's.
    assert told(desk, "andes_agent") == [here]
    for name in ("boral_vendor_manager", "programme_manager", "andes_vendor_qa", "andes_vendor_supervisor"):
        assert told(desk, name) == [], name
    client = desk.scope("programme_manager")
    with activate(client):
        services.ticket_reply(scope=client, uuid=ticket.uuid, text="Ask @client_qa and @andes_vendor_qa.")
        services.ticket_remark(scope=client, uuid=ticket.uuid, text="@auditor, not @andes_vendor_wfm")
    assert told(desk, "client_qa") == told(desk, "andes_vendor_qa") == told(desk, "auditor") == [here]
    assert told(desk, "andes_vendor_wfm") == []


def test_names_are_offered_as_far_as_one_may_name_them(desk: Desk, world: World, client_of: ClientOf) -> None:
    ticket = desk.opened(agent=world.vendors["ANDES"].agents[0])
    address = reverse("tickets:people", args=[ticket.uuid])

    def names(who: str, **asked: str) -> set[str]:
        answer = client_of(who).get(address, asked)
        return {person["name"] for person in answer.json()["people"]} if answer.status_code == 200 else set()

    lead = names("andes_vendor_supervisor")
    assert {"andes_vendor_manager", "andes_agent"} <= lead
    assert all(name.startswith("andes_") for name in lead)
    assert names("andes_vendor_supervisor", q="boral") == set()
    assert names("programme_manager", q="andes_vendor_m") == {"andes_vendor_manager"}
    assert names("programme_manager", q="andes", **{"for": "remark"}) == set()
    assert "client_qa" in names("programme_manager", q="client_", **{"for": "remark"})
    assert names("boral_vendor_manager") == names("auditor") == set()
    assert client_of("boral_vendor_manager").get(address).status_code == 404


def handled_by_the_client(desk: Desk) -> Ticket:
    """Return a ticket that one of the client's people holds, handed on and spoke of by name."""
    ticket = desk.opened()
    client = desk.scope("programme_manager")
    with activate(client):
        asked: dict[str, Any] = {"scope": client, "uuid": ticket.uuid}
        handler: UUID = desk.world.users["client_qa"].uuid
        ticket = services.ticket_note(**asked, text="@client_qa please; @andes_vendor_manager knows.")
        over = services.HandOver(Level.SECOND_LINE, "Look at it", handler=handler)
        ticket = services.ticket_hand_over(**asked, expected_version=ticket.version, over=over)
        ticket = services.ticket_assign(**asked, expected_version=ticket.version, handler=None)
        return services.ticket_assign(**asked, expected_version=ticket.version, handler=handler)


def test_to_a_vendor_a_handler_of_the_client_is_the_client_and_a_role(desk: Desk, client_of: ClientOf) -> None:
    ticket = handled_by_the_client(desk)
    name = desk.world.client.name
    manager, client = client_of("andes_vendor_manager"), client_of("programme_manager")
    # The vendor takes it over, which its own book tells.
    pages = {
        "page": page(manager, ticket),
        "list": manager.get("/tickets/").content.decode(),
        "export": b"".join(manager.get("/tickets/?export=csv").streaming_content).decode(),  # type: ignore[attr-defined]
        "API": manager.get(f"/api/v1/tickets/{ticket.uuid}").content.decode(),
        "API list": manager.get("/api/v1/tickets").content.decode(),
    }
    for where, text in pages.items():
        assert "client_qa" not in text, where
        assert f"{name}, quality" in text, where
    taken = act(manager, ticket, "take")
    assert taken.status_code == 302
    history = manager.get(reverse("audit:history", args=["ticket", ticket.uuid])).content.decode()
    assert "client_qa" not in history
    assert "client_qa" not in page(manager, ticket)
    assert "client_qa" in page(client, ticket)
    api = client.get(f"/api/v1/tickets/{ticket.uuid}").json()
    assert any("client_qa" in event["text"] for event in api["events"])
    mentioned = next(event for event in manager.get(f"/api/v1/tickets/{ticket.uuid}").json()["events"] if event["text"])
    assert re.search(rf"@{name} please; @andes_vendor_manager knows", json.dumps(mentioned))


def test_a_rival_has_neither_files_nor_people(desk: Desk) -> None:
    file = attach(desk, desk.opened())
    rival = desk.world.scope("boral_vendor_manager")
    with activate(rival), pytest.raises(NotFound):
        selectors.attachment_get(scope=rival, uuid=file.uuid)
