"""The bell, the list of notices, the wishes, and the pages of webhooks."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import selectors, services
from accounts.calc.access import permissions_of
from accounts.calc.notices import DIGEST, kinds_readable
from accounts.models import Delivery, Notice
from core.scope import activate
from tests.accounts.hooks import ANDES, BORAL, CLIENT, deliveries, hook, publish
from tests.accounts.test_notices import news, send
from tests.world import NOW, World

ClientOf = Callable[[str], Client]
LIST = "/accounts/notices/"


def text(client: Client, path: str = LIST, **parameters: Any) -> str:
    """Return a page."""
    response = client.get(path, parameters)
    assert response.status_code == 200, response
    return str(response.content.decode())


def bell(page: str) -> str:
    """Return the number at the bell, empty if there is none."""
    found = re.search(r'class="bell-count"[^>]*>([\d+]+)<', page)
    assert 'id="bell"' in page
    return found[1] if found else ""


def test_the_bell_stands_on_every_page_and_is_asked_once_a_minute(world: World, client_of: ClientOf) -> None:
    send(world.system, *(news(world, str(n), "auditor") for n in range(3)))
    client = client_of("auditor")
    assert bell(text(client, "/vendors/")) == "3"
    part = text(client, "/accounts/bell/")
    assert bell(part) == "3"
    assert "<html" not in part
    assert 'hx-trigger="every 60s"' in part
    client.post("/accounts/notices/read-all/")
    assert bell(text(client, "/accounts/bell/")) == ""
    send(world.system, *(news(world, f"more {n}", "auditor") for n in range(120)))
    assert bell(text(client, "/accounts/bell/")) == "99+"


def test_the_bell_is_nobodys_activity(world: World, client_of: ClientOf) -> None:
    client = client_of("auditor")
    client.get("/accounts/profile/")
    session = client.session
    session["seen_at"] = seen = time.time() - 120
    session.save()
    client.get("/accounts/bell/")
    assert client.session["seen_at"] == seen
    client.get("/accounts/profile/")
    assert client.session["seen_at"] > seen
    session = client.session
    session["seen_at"] = time.time() - 31 * 60
    session.save()
    assert client.get("/accounts/bell/").status_code == 302


def test_opening_a_notice_leads_there_and_takes_it_off_the_bell(world: World, client_of: ClientOf) -> None:
    send(world.system, news(world, "1", "andes_vendor_qa"))
    client = client_of("andes_vendor_qa")
    page = text(client)
    assert "You are mentioned in ticket T-1." in page
    address = re.search(r'href="(/accounts/notices/[0-9a-f-]{36}/)"', page)
    assert address is not None
    assert client.head(address[1]).status_code == 302
    assert bell(text(client)) == "1"
    response = client.get(address[1])
    assert (response.status_code, response["Location"]) == (302, "/tickets/1/")
    assert bell(text(client)) == ""
    assert client_of("andes_vendor_manager").get(address[1]).status_code == 404
    assert client_of("boral_vendor_qa").get(address[1]).status_code == 404


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", ""])
def test_a_path_that_is_none_of_ours_leads_to_the_list(world: World, client_of: ClientOf, path: str) -> None:
    send(world.system, news(world, "1", "auditor"))
    with activate(world.system):
        notices: Any = Notice.objects.visible_to(world.system)
        notices.update(path=path)
        uuid = notices.get().uuid
    assert client_of("auditor").get(f"{LIST}{uuid}/")["Location"] == LIST


def test_selected_notices_are_marked(world: World, client_of: ClientOf) -> None:
    send(world.system, *(news(world, str(n), "auditor") for n in range(3)))
    client, scope = client_of("auditor"), world.scope("auditor")
    with activate(scope):
        chosen = [str(n.uuid) for n in selectors.notices_own(scope=scope)[:2]]
    assert client.post(f"{LIST}read/", {"selected": [*chosen, "nonsense"]}).status_code == 302
    page = text(client, unread="true")
    assert bell(page) == "1"
    assert page.count("You are mentioned") == 1


def test_a_digest_is_one_row_and_its_kind_shows_all(world: World, client_of: ClientOf) -> None:
    client, scope = client_of("auditor"), world.scope("auditor")
    response = client.post(f"{LIST}wishes/", {"ticket": "digest", "ticket_alert": "now", "incident": "muted"})
    assert response.status_code in (302, 422)
    with activate(scope):
        services.notice_preferences_set(scope=scope, modes={"ticket": DIGEST})
    send(world.system, *(news(world, str(n), "auditor") for n in range(5)))
    page = text(client)
    assert "And 4 more." in page
    assert bell(page) == "1"
    assert "?kind=ticket" in page
    assert text(client, kind="ticket").count("You are mentioned") == 5
    assert "And 4 more." in b"".join(client.get(LIST, {"export": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]


def test_wishes_are_saved(world: World, client_of: ClientOf) -> None:
    client = client_of("andes_agent")
    page = text(client, f"{LIST}wishes/")
    assert "Webhooks that fail" not in page
    choices = dict.fromkeys(kinds_readable(permissions_of("agent", "vendor")), "digest")
    assert "evaluation" in choices
    assert client.post(f"{LIST}wishes/", choices).status_code == 302
    assert text(client, f"{LIST}wishes/").count('value="digest" selected') == len(choices)
    assert client.post(f"{LIST}wishes/", choices | {"ticket": "nonsense"}).status_code == 422


def test_the_list_takes_the_same_queries_however_long(world: World, client_of: ClientOf) -> None:
    client, counts = client_of("auditor"), []
    text(client, per_page=50)  # the first request lists the session, and keeps the length
    for many in (10, 20):
        send(world.system, *(news(world, f"{many}-{n}", "auditor") for n in range(many)))
        with CaptureQueriesContext(connection) as captured:
            text(client, per_page=50)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_chinese_readers_read_chinese(world: World, client_of: ClientOf) -> None:
    world.users["auditor"].language = "zh-hans"
    world.users["auditor"].save()
    send(world.system, news(world, "1", "auditor"))
    page = text(client_of("auditor"))
    assert "You are mentioned" not in page
    assert "T-1" in page


# --- Webhooks -----------------------------------------------------------------------------------------------------


def test_a_webhook_is_made_and_its_secret_shown_once(world: World, client_of: ClientOf) -> None:
    client = client_of(ANDES)
    page = text(client, "/accounts/webhooks/new/")
    assert "a ticket was created" in page
    wrong = client.post(
        "/accounts/webhooks/new/", {"name": "n", "url": "http://10.0.0.1/", "events": ["ticket.created"]}
    )
    assert wrong.status_code == 422
    assert "begins with https://" in wrong.content.decode()
    made = client.post(
        "/accounts/webhooks/new/",
        {"name": "Our desk", "url": "https://hooks.example.com/in", "events": ["ticket.created", "incident.raised"]},
    )
    assert made.status_code == 200
    secret = re.search(r'value="(whsec_[\w-]+)"', made.content.decode())
    assert secret is not None
    listed = text(client, "/accounts/webhooks/")
    assert "Our desk" in listed
    detail = re.search(r'href="(/accounts/webhooks/[0-9a-f-]{36}/)"', listed)
    assert detail is not None
    assert secret[1] not in listed + text(client, detail[1]) + text(client, f"{detail[1]}edit/")
    renewed = client.post(f"{detail[1]}secret/").content.decode()
    assert "whsec_" in renewed
    assert secret[1] not in renewed
    for name in (BORAL, CLIENT):
        assert client_of(name).get(detail[1]).status_code == 404
        assert client_of(name).post(f"{detail[1]}delete/").status_code == 404
    assert client_of("programme_manager").post(f"{detail[1]}delete/").status_code == 403
    assert client_of("andes_vendor_qa").get(detail[1]).status_code == 403


def test_a_webhook_is_changed_tried_and_deleted(world: World, client_of: ClientOf) -> None:
    webhook, _ = hook(world, ANDES)
    client, path = client_of(ANDES), f"/accounts/webhooks/{webhook.uuid}/"
    assert client.post(f"{path}test/").status_code == 302
    assert client.post(f"{path}test/").status_code == 409
    assert "waiting" in text(client, path)
    values = {"name": "Renamed", "url": "https://hooks.example.com/in", "events": ["ticket.created"]}
    assert client.post(f"{path}edit/", values | {"expected_version": 1}).status_code == 302
    assert client.post(f"{path}edit/", values | {"name": "x", "expected_version": 1}).status_code == 409
    page = text(client, path)
    assert "Renamed" in page
    assert "switched off" in page  # the tick was not sent
    assert client.post(f"{path}delete/").status_code == 302
    assert deliveries(world) == []


def test_a_failing_webhook_says_so(world: World, client_of: ClientOf) -> None:
    webhook, _ = hook(world, ANDES, "https://no-such-name.invalid/")
    publish(world.system, world, "1")
    services.deliveries_send(scope=world.system)
    page = text(client_of(ANDES), f"/accounts/webhooks/{webhook.uuid}/")
    assert "failing" in page
    assert "the name is unknown" in page
    assert "Nothing comes through since" in page
    assert "failing" in text(client_of(ANDES), "/accounts/webhooks/")


def test_health_tells_of_messages_that_nobody_sends(world: World) -> None:
    hook(world, ANDES)
    publish(world.system, world, "1")
    with activate(world.system):
        rows: Any = Delivery.objects.visible_to(world.system)
        rows.update(next_attempt_at=NOW - timedelta(minutes=3))
    assert Client().get("/health/").content == b"degraded: outbox"


def test_the_detail_takes_the_same_queries_however_many_messages(world: World, client_of: ClientOf) -> None:
    webhook, _ = hook(world, ANDES)
    client, counts = client_of(ANDES), []
    text(client)  # the first request lists the session
    for many in (10, 20):
        for number in range(many):
            publish(world.system, world, f"{many}-{number}")
        with CaptureQueriesContext(connection) as captured:
            text(client, f"/accounts/webhooks/{webhook.uuid}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
