"""Notices and webhooks as programs see them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.services import token_create
from core.scope import activate
from tests.accounts.hooks import ANDES, CLIENT, hook
from tests.accounts.test_notices import news, send, unread
from tests.world import World


def get(world: World, name: str, path: str, permissions: set[str], method: str = "get") -> tuple[int, Any]:
    """Ask with a token of somebody's; return status and body."""
    scope = world.scope(name)
    with activate(scope):
        _, key = token_create(
            scope=scope, name="t", permissions=permissions, expires_at=scope.at.replace(year=scope.at.year + 1)
        )
    response: Any = getattr(Client(), method)(f"/api/v1/{path}", headers={"Authorization": f"Token {key}"})
    return response.status_code, response.json()


def test_a_program_reads_its_owners_notices_and_takes_one_off_the_bell(world: World) -> None:
    send(world.system, *(news(world, str(n), ANDES, CLIENT) for n in range(2)))
    status, page = get(world, ANDES, "notices", {"notices.view"})
    assert status == 200
    assert sorted(row["text"] for row in page["results"]) == [
        f"You are mentioned in ticket T-{number}." for number in (0, 1)
    ]
    assert {row["read_at"] for row in page["results"]} == {None}
    assert not {"recipient", "key", "vendor_id"} & set(page["results"][0])
    first = page["results"][0]["id"]
    for _again in range(2):
        status, notice = get(world, ANDES, f"notices/{first}/read", {"notices.view"}, "post")
        assert (status, notice["id"]) == (200, first)
        assert notice["read_at"] is not None
    assert (unread(world, ANDES), unread(world, CLIENT)) == (1, 2)
    assert len(get(world, ANDES, "notices?unread=true", {"notices.view"})[1]["results"]) == 1
    assert get(world, ANDES, "notices?kind=nonsense", {"notices.view"})[0] == 400
    assert get(world, CLIENT, f"notices/{first}/read", {"notices.view"}, "post")[0] == 404
    assert get(world, ANDES, "notices", {"kpis.view"})[0] == 403


def test_a_narrow_token_does_not_read_of_what_it_may_not_see(world: World) -> None:
    one = news(world, "1", ANDES)
    told = type(one)(
        one.vendor_id, one.recipients, "webhook", "webhook_failing", "k",
        {"name": "n", "since_at": "2026-06-15T12:00:00+00:00"},
    )  # fmt: skip
    send(world.system, told)
    assert get(world, ANDES, "notices", {"notices.view"})[1]["results"] == []
    assert len(get(world, ANDES, "notices", {"notices.view", "webhooks.view"})[1]["results"]) == 1


def test_a_program_reads_its_organizations_webhooks_without_their_secrets(world: World) -> None:
    webhook, _secret = hook(world, ANDES)
    status, page = get(world, ANDES, "webhooks", {"webhooks.view"})
    assert (status, [row["id"] for row in page["results"]]) == (200, [str(webhook.uuid)])
    status, one = get(world, ANDES, f"webhooks/{webhook.uuid}", {"webhooks.view"})
    assert status == 200
    assert (one["url"], one["failing_since"]) == (webhook.url, None)
    assert not any("secret" in name for name in one)
    assert get(world, CLIENT, f"webhooks/{webhook.uuid}", {"webhooks.view"})[0] == 404
    assert get(world, CLIENT, "webhooks", {"webhooks.view"})[1]["results"] == []
