"""Webhooks are made by who may, belong to one organization, and are told what they subscribed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts import selectors, services
from accounts.calc.outbox import (
    EVENTS,
    PING,
)
from accounts.models import Organization, Webhook
from accounts.services.webhooks import MOST_WEBHOOKS, secrets_of
from accounts.wording import EVENT_WORDS
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from tests.accounts.hooks import ANDES, BORAL, CLIENT, deliveries, hook, publish
from tests.accounts.signing import entries
from tests.world import World

# --- Making them --------------------------------------------------------------------------------------------------


def test_a_secret_is_shown_once_and_stored_sealed(world: World) -> None:
    webhook, secret = hook(world, ANDES)
    scope = world.scope(ANDES)
    assert secrets_of(webhook, scope.at) == [secret]
    assert secret.encode() not in bytes(webhook.secret_encrypted)
    with activate(scope):
        renewed, another = services.webhook_rotate(scope=scope, uuid=webhook.uuid)
    assert another != secret
    assert secrets_of(renewed, scope.at) == [another, secret]
    both = [*entries(world, "webhook.created"), *entries(world, "webhook.secret_renewed")]
    told = [str(entry.changes) for entry in both]
    assert len(told) == 2
    assert not any(secret in text or another in text or "secret" in text for text in told)


def test_a_secret_is_not_renewed_while_the_former_one_signs(world: World) -> None:
    webhook, _secret = hook(world, ANDES)
    scope = world.scope(ANDES)
    with activate(scope):
        services.webhook_rotate(scope=scope, uuid=webhook.uuid)
        with pytest.raises(Conflict, match="24 hours"):
            services.webhook_rotate(scope=scope, uuid=webhook.uuid)
    later = replace(scope, at=scope.at + timedelta(hours=24))
    with activate(later):
        services.webhook_rotate(scope=later, uuid=webhook.uuid)


def test_whoever_may_not_manage_webhooks_does_not(world: World) -> None:
    webhook, _ = hook(world, ANDES)
    for name in ("andes_vendor_supervisor", "programme_manager", "auditor", "andes_agent"):
        with pytest.raises(Forbidden):
            hook(world, name)
        scope = world.scope(name)
        with activate(scope), pytest.raises((Forbidden, NotFound)):
            services.webhook_test(scope=scope, uuid=webhook.uuid)


def test_a_webhook_exists_for_its_own_organization_only(world: World) -> None:
    webhook, _ = hook(world, ANDES)
    for name in (BORAL, CLIENT):
        scope = world.scope(name)
        with activate(scope):
            assert list(selectors.webhook_list(scope=scope)) == []
            for call in (
                services.webhook_rotate,
                services.webhook_delete,
                services.webhook_test,
                selectors.webhook_get,
            ):
                with pytest.raises(NotFound):
                    call(scope=scope, uuid=webhook.uuid)


@pytest.mark.parametrize(
    "values",
    [
        {"url": "http://hooks.example.com/"},
        {"url": "https://127.0.0.1:8000/"},
        {"url": ""},
        {"name": " "},
        {"events": []},
        {"events": ["ping"]},
        {"events": ["ticket.created", "nonsense"]},
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(world: World, values: dict[str, Any]) -> None:
    scope = world.scope(ANDES)
    good = {"name": "n", "url": "https://hooks.example.com/", "events": ["ticket.created"]}
    with activate(scope), pytest.raises(Invalid) as refused:
        services.webhook_create(scope=scope, **(good | values))
    assert set(refused.value.fields) == set(values)


def test_names_differ_and_their_number_is_bounded(world: World) -> None:
    scope = world.scope(ANDES)
    good: dict[str, Any] = {"url": "https://hooks.example.com/", "events": ["ticket.created"]}
    with activate(scope):
        for number in range(MOST_WEBHOOKS):
            services.webhook_create(scope=scope, name=f"n{number}", **good)
        with pytest.raises(Conflict):
            services.webhook_create(scope=scope, name="one more", **good)
        first = selectors.webhook_list(scope=scope)[0]
        services.webhook_update(scope=scope, uuid=first.uuid, expected_version=1, values={"is_active": False})
        with pytest.raises(Invalid):
            services.webhook_update(scope=scope, uuid=first.uuid, expected_version=2, values={"name": "n1"})
        with pytest.raises(Conflict):
            services.webhook_update(scope=scope, uuid=first.uuid, expected_version=1, values={"name": "stale"})
        with pytest.raises(Invalid):
            services.webhook_update(scope=scope, uuid=first.uuid, expected_version=2, values={"vendor_id": 1})


def test_deleting_takes_the_messages_along(world: World) -> None:
    webhook, _ = hook(world, ANDES)
    publish(world.system, world, "1")
    scope = world.scope(ANDES)
    with activate(scope):
        services.webhook_delete(scope=scope, uuid=webhook.uuid)
    assert deliveries(world) == []
    assert len(entries(world, "webhook.deleted")) == 1


# --- Who is told --------------------------------------------------------------------------------------------------


def test_an_event_reaches_the_vendors_webhooks_and_the_clients_whoever_acts(world: World) -> None:
    for name in (ANDES, BORAL, CLIENT):
        hook(world, name)
    for number, scope in enumerate([world.system, world.scope("andes_agent"), world.scope("programme_manager")]):
        assert publish(scope, world, str(number)) == 2
        assert publish(scope, world, str(number)) == 0
        # The wider reach of that one statement is gone afterwards.
        with activate(world.scope("andes_agent")) as narrow:
            assert Webhook.objects.visible_to(replace(narrow, vendor_ids=narrow.vendor_ids)).count() == 1
    owners = {delivery.vendor_id for delivery in deliveries(world)}
    assert owners == {world.client.pk, world.vendors["ANDES"].vendor.pk}
    ids = {(d.event_key, d.event_id) for d in deliveries(world)}
    assert len(ids) == 3  # the same id for both receivers


def test_only_what_was_subscribed_to_and_only_while_active(world: World) -> None:
    webhook, _ = hook(world, ANDES, events=("incident.raised",))
    assert publish(world.system, world, "1") == 0
    assert publish(world.system, world, "1", name="incident.raised") == 1
    scope = world.scope(ANDES)
    with activate(scope):
        services.webhook_update(scope=scope, uuid=webhook.uuid, expected_version=1, values={"is_active": False})
    assert publish(world.system, world, "2", name="incident.raised") == 0
    Organization.objects.filter(pk=webhook.vendor_id).update(is_active=False)
    with activate(scope):
        services.webhook_update(scope=scope, uuid=webhook.uuid, expected_version=2, values={"is_active": True})
    assert publish(world.system, world, "3", name="incident.raised") == 0


def test_only_ids_go_out_and_nobody_speaks_for_a_rival(world: World) -> None:
    scope, vendor_id = world.scope("andes_agent"), world.vendors["ANDES"].vendor.pk
    with activate(scope):
        for wrong in (
            {"name": "ticket.created", "payload": {"text": "Dear Sir or Madam"}},
            {"name": "ticket.created", "payload": {"nested": {"a": 1}}},
            {"name": PING, "payload": {}},
            {"name": "nonsense", "payload": {}},
            {"name": "ticket.created", "payload": {}, "vendor_id": world.vendors["BORAL"].vendor.pk},
        ):
            with pytest.raises(ValueError, match="cannot be told"):
                services.event_publish(**({"scope": scope, "vendor_id": vendor_id, "key": "k"} | wrong))
    assert set(EVENT_WORDS) == {PING, *EVENTS}


def test_an_event_goes_with_its_deed(world: World) -> None:
    hook(world, ANDES)
    with pytest.raises(RuntimeError), activate(world.system):  # noqa: PT012
        publish(world.system, world, "1")
        raise RuntimeError
    assert deliveries(world) == []
