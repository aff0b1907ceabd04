"""Messages are sent at least once, with a signature that receivers can check, patiently, and not for ever (F7, R13)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import selectors, services
from accounts.calc.outbox import (
    FIRST_DELAY_SECONDS,
    GIVE_UP_AFTER,
    LEASE,
    LONGEST_DELAY_SECONDS,
    PING,
    retry_delay_seconds,
)
from accounts.models import Notice, Organization, Webhook
from accounts.services.outbox import delivery_claim
from core.errors import Conflict
from core.scope import activate
from tests.accounts.hooks import ANDES, CLIENT, at, deliveries, hook, publish
from tests.accounts.receiver import Receiver, is_signed, receiving
from tests.world import World


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(settings, "WEBHOOK_LOOPBACK_ALLOWED", True)
    with receiving() as opened:
        yield opened


# --- Sending ------------------------------------------------------------------------------------------------------


def test_the_former_secret_signs_too_for_a_day(world: World, receiver: Receiver) -> None:
    webhook, former = hook(world, ANDES, receiver.url)
    manager = replace(world.scope(ANDES), at=world.system.at)
    with activate(manager):
        _webhook, secret = services.webhook_rotate(scope=manager, uuid=webhook.uuid)
    for number, hours in enumerate((23.9, 24)):
        publish(at(world, hours=hours), world, str(number))
        assert services.deliveries_send(scope=at(world, hours=hours)) == 1
    (first, first_body), (second, second_body) = receiver.messages
    assert is_signed(secret, first, first_body)
    assert is_signed(former, first, first_body)
    assert is_signed(secret, second, second_body)
    assert not is_signed(former, second, second_body)


def test_a_message_is_signed_and_says_ids_only(world: World, receiver: Receiver) -> None:
    _, secret = hook(world, ANDES, receiver.url)
    publish(world.system, world, "1")
    assert services.deliveries_send(scope=world.system) == 1
    assert services.deliveries_send(scope=at(world, hours=1)) == 0
    (headers, body), (said,) = receiver.messages[0], receiver.bodies
    assert is_signed(secret, headers, body)
    assert not is_signed("another", headers, body)
    assert not is_signed(secret, headers, body + b" ")
    assert said == {
        "id": headers["Callsteward-Event"],
        "event": "ticket.created",
        "happened_at": world.system.at.isoformat(),
        "data": {"ticket": "T-1"},
    }
    (delivery,) = deliveries(world)
    assert (delivery.last_status, delivery.attempts, delivery.delivered_at) == ("204", 1, world.system.at)


@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 429, 500, 503])
def test_any_answer_but_a_yes_is_tried_again_with_the_same_id(world: World, receiver: Receiver, status: int) -> None:
    hook(world, ANDES, receiver.url)
    receiver.status = status
    publish(world.system, world, "1")
    services.deliveries_send(scope=world.system)
    (delivery,) = deliveries(world)
    assert (delivery.last_status, delivery.delivered_at) == (str(status), None)
    assert delivery.webhook.failing_since == world.system.at
    assert services.deliveries_send(scope=world.system) == 0
    receiver.status = 200
    assert services.deliveries_send(scope=at(world, seconds=FIRST_DELAY_SECONDS * 1.2)) == 1
    (delivery,) = deliveries(world)
    assert delivery.delivered_at is not None
    assert (delivery.webhook.failing_since, delivery.webhook.failures) == (None, 0)
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1


def test_waits_double_up_to_six_hours_and_are_spread() -> None:
    waits = [retry_delay_seconds(n, 0.5) for n in range(1, 30)]
    assert waits[:4] == [30, 60, 120, 240]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_DELAY_SECONDS
    assert retry_delay_seconds(1, 0.0) == 24
    assert retry_delay_seconds(1, 1.0) == 36


def test_a_receiver_that_stays_down_is_given_up_after_three_days_and_its_people_are_told(
    world: World, receiver: Receiver
) -> None:
    hook(world, ANDES, receiver.url)
    receiver.status = 500
    for number in range(3):
        publish(world.system, world, str(number))
    moments, tries = [], 0
    while any(d.given_up_at is None for d in deliveries(world)):
        due = min(d.next_attempt_at for d in deliveries(world) if d.given_up_at is None)
        now = replace(world.system, at=max(due, world.system.at))
        assert now.at <= world.system.at + GIVE_UP_AFTER + timedelta(hours=8)
        tries += services.deliveries_send(scope=now)
        moments.append(now.at)
    # Doubling waits, not one knock for each message.
    assert 15 < tries < 40
    assert all(d.given_up_at >= d.created_at + GIVE_UP_AFTER for d in deliveries(world) if d.given_up_at)
    with activate(world.system):
        told = list(Notice.objects.visible_to(world.system).order_by("pk"))
    assert [(n.message, n.recipient_id) for n in told] == [
        ("webhook_failing", world.users[ANDES].pk),
        ("webhook_given_up", world.users[ANDES].pk),
    ]
    assert deliveries(world)[0].webhook.failing_since == world.system.at
    # The next event is tried again, and a yes makes all well.
    receiver.status = 204
    later = replace(world.system, at=moments[-1] + timedelta(days=1))
    publish(later, world, "later")
    assert services.deliveries_send(scope=later) == 1
    assert deliveries(world)[-1].webhook.failing_since is None


def test_a_new_event_does_not_shorten_the_wait(world: World, receiver: Receiver) -> None:
    hook(world, ANDES, receiver.url)
    receiver.status = 500
    publish(world.system, world, "1")
    services.deliveries_send(scope=world.system)
    publish(at(world, seconds=1), world, "2")
    assert services.deliveries_send(scope=at(world, seconds=2)) == 0
    # A new address is tried at once.
    scope = world.scope(ANDES)
    with activate(scope):
        webhook = selectors.webhook_list(scope=scope)[0]
        services.webhook_update(
            scope=scope, uuid=webhook.uuid, expected_version=1, values={"url": receiver.url + "&new=1"}
        )
    receiver.status = 200
    assert services.deliveries_send(scope=at(world, seconds=3)) == 2


def test_a_receiver_that_is_down_holds_up_nobody_else(world: World, receiver: Receiver) -> None:
    with receiving() as other:
        hook(world, ANDES, receiver.url)
        hook(world, CLIENT, other.url)
        receiver.status = 500
        for number in range(10):
            publish(world.system, world, str(number))
        assert services.deliveries_send(scope=world.system, most=50) == 11
        assert len(other.messages) == 10
        assert len(receiver.messages) == 1


def test_two_webhooks_take_turns(world: World, receiver: Receiver) -> None:
    with receiving() as other:
        hook(world, ANDES, receiver.url)
        hook(world, CLIENT, other.url)
        for number in range(6):
            publish(world.system, world, str(number))
        for second in range(6):
            services.deliveries_send(scope=at(world, seconds=second), most=1)
    assert len(receiver.messages) == len(other.messages) == 3


def test_a_test_message_is_tried_once(world: World, receiver: Receiver) -> None:
    webhook, _ = hook(world, ANDES, receiver.url)
    receiver.status = 500
    scope = world.scope(ANDES)
    with activate(scope):
        services.webhook_test(scope=scope, uuid=webhook.uuid)
        with pytest.raises(Conflict):
            services.webhook_test(scope=scope, uuid=webhook.uuid)
    services.deliveries_send(scope=world.system)
    (delivery,) = deliveries(world)
    assert (delivery.event, delivery.last_status) == (PING, "500")
    assert delivery.given_up_at is not None
    assert delivery.webhook.failing_since is None
    with activate(scope):
        services.webhook_test(scope=scope, uuid=webhook.uuid)


def test_an_address_that_came_to_lead_inside_is_not_reached(world: World) -> None:
    with receiving() as receiver:
        hook(world, ANDES)
        with activate(world.system):
            Webhook.objects.visible_to(world.system).update(url=receiver.url.replace("http:", "https:"))
        publish(world.system, world, "1")
        services.deliveries_send(scope=world.system)
        assert receiver.messages == []
    assert deliveries(world)[0].last_status == "address_refused"


def test_the_age_of_the_outbox_is_of_what_nobody_tried(world: World, receiver: Receiver) -> None:
    webhook, _ = hook(world, ANDES, receiver.url)
    receiver.status = 500
    publish(world.system, world, "1")

    def age(**later: float) -> timedelta | None:
        scope = at(world, **later)
        with activate(scope):
            return selectors.outbox_age(scope=scope)

    assert age(minutes=5) == timedelta(minutes=5)
    services.deliveries_send(scope=world.system)
    assert age(seconds=10) is None
    Organization.objects.filter(pk=webhook.vendor_id).update(is_active=False)
    assert age(hours=1) is None


def test_old_messages_and_notices_are_forgotten_and_waiting_ones_kept(world: World, receiver: Receiver) -> None:
    hook(world, ANDES, receiver.url)
    publish(world.system, world, "1")
    services.deliveries_send(scope=world.system)
    publish(world.system, world, "2")
    assert services.outbox_forget(scope=at(world, days=29)) == 0
    assert services.outbox_forget(scope=at(world, days=31)) == 1
    assert [d.event_key.rpartition(":")[2] for d in deliveries(world)] == ["2"]


def test_publishing_takes_the_same_queries_however_many_webhooks(world: World) -> None:
    scope, counts = world.scope("andes_agent"), []
    for number, name in enumerate((ANDES, CLIENT)):
        hook(world, name)
        with activate(scope), CaptureQueriesContext(connection) as captured:
            publish(scope, world, str(number))
        counts.append(len(captured))
    assert counts[0] == counts[1] < 12


# --- Faults -------------------------------------------------------------------------------------------------------


def test_one_message_is_claimed_by_one_sender(committed_world: World) -> None:
    world = committed_world
    hook(world, ANDES)
    for number in range(20):
        publish(world.system, world, str(number))
    scope, claimed = world.system, []

    def claim() -> None:
        try:
            while (delivery := delivery_claim(scope=scope)) is not None:
                claimed.append(delivery.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Who finds the last rows held by others may stop early; nobody takes a row twice.
    assert len(claimed) == len(set(claimed)) == 20


SENDER = """
import sys, django
django.setup()
from django.conf import settings
settings.WEBHOOK_LOOPBACK_ALLOWED = True
from accounts import selectors, services
services.deliveries_send(scope=selectors.system_scope(reason="test"))
"""


@pytest.mark.faults
def test_a_sender_killed_between_sending_and_noting_sends_again(
    committed_world: World, receiver: Receiver, tmp_path: Path
) -> None:
    world, order = committed_world, tmp_path / "crash"
    hook(world, ANDES, receiver.url)
    for number in range(3):
        publish(world.system, world, str(number))
    database = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "CRASH_FILE": str(order),
    }
    order.write_text("after_webhook_sent")
    killed = subprocess.run([sys.executable, "-c", SENDER], env=environment, cwd=settings.BASE_DIR, check=False)
    assert killed.returncode == -9
    assert not order.exists()
    assert len(receiver.messages) == 1
    # The message that nobody noted is not lost, and not sent before its lease is over.
    subprocess.run([sys.executable, "-c", SENDER], env=environment, cwd=settings.BASE_DIR, check=True)
    assert len(receiver.messages) == 3
    waiting = [d for d in deliveries(world) if d.delivered_at is None]
    assert len(waiting) == 1
    later = replace(world.system, at=waiting[0].next_attempt_at)
    assert waiting[0].next_attempt_at - LEASE < later.at
    deadline = time.monotonic() + 5
    while not services.deliveries_send(scope=later) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(d.delivered_at for d in deliveries(world))
    assert len(receiver.ids) == 4
    assert len(set(receiver.ids)) == 3
