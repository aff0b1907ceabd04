"""The outbox: events are written with the deed, sent afterwards at least once, and given up after three days (R13)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.db import connection
from django.db.models import F, QuerySet

from accounts import selectors
from accounts.calc.access import COLUMNS, permissions_of
from accounts.calc.outbox import (
    EVENTS,
    GIVE_UP_AFTER,
    LEASE,
    PING,
    TELL_AFTER,
    Event,
    event_id,
    is_ids_only,
    retry_delay_seconds,
    signature,
)
from accounts.models import Delivery, Membership, Notice, Organization, Webhook
from accounts.services.notices import notice_send
from accounts.services.posting import Refused, message_post
from accounts.services.webhooks import secrets_of
from core import sql
from core.faults import crash_point
from core.scope import CLIENT, Scope, activate

_LOCK_CLASS, _LOCK_SENDER = 7002, 1
KEEP_DELIVERIES = timedelta(days=30)
KEEP_NOTICES = timedelta(days=400)
_FORGET_AT_ONCE = 5000


def event_publish(*, scope: Scope, vendor_id: int, name: str, key: str, payload: Mapping[str, str | int]) -> int:
    """Put an event into the outbox for the webhooks of the vendor and of the client, in the caller's transaction.

    Args:
        scope: Who acts; ``scope.at`` is when it happened.
        vendor_id: The organization whose matter it is.
        name: One of ``accounts.calc.outbox.EVENTS``.
        key: What makes it the same event; a second one with the key is not sent.
        payload: Ids, codes, moments and numbers only; whoever gets them asks the interface for the rest (T13).

    Returns:
        How many webhooks will be told.

    Raises:
        ValueError: The event is unknown, the payload holds more than ids, or the matter is of a vendor outside the
            scope: mistakes of the program, not of its users.
    """
    return events_publish(scope=scope, events=[Event(vendor_id, name, key, payload)])


def events_publish(*, scope: Scope, events: Sequence[Event]) -> int:
    """Put several events into the outbox in one statement; see :func:`event_publish`.

    Raises:
        ValueError: As :func:`event_publish`.
    """
    if not events:
        return 0
    for event in events:
        if event.name not in EVENTS or event.vendor_id not in scope.vendor_ids or not is_ids_only(event.payload):
            raise ValueError(f"{event.name} cannot be told: {dict(event.payload)}")
    rows = []
    for event in events:
        event_key = f"{event.vendor_id}:{event.name}:{event.key}"
        rows.append(
            {
                "vendor_id": event.vendor_id,
                "event": event.name,
                "event_key": event_key,
                "event_id": str(event_id(event_key)),
                "payload": dict(event.payload),
            }
        )
    client = list(Organization.objects.filter(side=CLIENT).values_list("pk", flat=True))
    with _reaching(scope, {*client, *(event.vendor_id for event in events)}) as organizations:
        parameters = {"organizations": organizations, "client": client, "events": json.dumps(rows), "at": scope.at}
        return sql.execute("accounts/deliveries_add", parameters)


@contextmanager
def _reaching(scope: Scope, organizations: set[int]) -> Iterator[list[int]]:
    """Let a vendor's deed reach the client's webhooks as well, for this one statement."""
    if organizations <= set(scope.vendor_ids):
        yield sorted(organizations)
    else:
        with activate(replace(scope, vendor_ids=tuple(sorted({*scope.vendor_ids, *organizations})))):
            yield sorted(organizations)


def deliveries_send(*, scope: Scope, most: int = 20) -> int:
    """Send what is due, one message after the other, and return how many were tried.

    There is one sender at a time, so that receivers that hang hold up one worker's slot and not all. Its end, a
    violent one included, lets the next go on.

    Args:
        scope: The platform's own; ``scope.at`` is now.
        most: How many messages are tried at most.
    """
    with _alone() as is_alone:
        tried = 0
        while is_alone and tried < most and _delivery_send(scope):
            tried += 1
    return tried


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, _LOCK_SENDER])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, _LOCK_SENDER])


def _delivery_send(scope: Scope) -> bool:
    """Send one message; no transaction is open while the other side takes its time."""
    delivery = delivery_claim(scope=scope)
    if delivery is None:
        return False
    body = json.dumps(
        {
            "id": str(delivery.event_id),
            "event": delivery.event,
            "happened_at": delivery.created_at.isoformat(),
            "data": delivery.payload,
        },
        separators=(",", ":"),
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Callsteward",
        "Callsteward-Event": str(delivery.event_id),
        "Callsteward-Signature": signature(secrets_of(delivery.webhook, scope.at), int(scope.at.timestamp()), body),
    }
    try:
        status = message_post(url=delivery.webhook.url, body=body, headers=headers)
        is_delivered, said = 200 <= status < 300, str(status)
    except Refused as refusal:
        is_delivered, said = False, str(refusal)
    crash_point("after_webhook_sent")
    with activate(scope):
        if is_delivered:
            _settle(scope, delivery, said)
        else:
            _postpone(scope, delivery, said, random.random())  # noqa: S311 - spreads retries, hides nothing
    return True


def delivery_claim(*, scope: Scope) -> Delivery | None:
    """Take the next due message of the webhook that waited longest; others pass it by, and it is due again later.

    So a sender that dies costs its message a minute and nothing else.
    """
    with activate(scope):
        due = selectors.deliveries_due(scope=scope).select_related("webhook")
        due = due.select_for_update(skip_locked=True, of=("self",))
        delivery = due.order_by(F("webhook__attempted_at").asc(nulls_first=True), "next_attempt_at", "pk").first()
        if delivery is not None:
            delivery.attempts += 1
            delivery.next_attempt_at = scope.at + LEASE
            delivery.save(update_fields=["attempts", "next_attempt_at"])
            _webhook(scope, delivery).update(attempted_at=scope.at)
    return delivery


def _settle(scope: Scope, delivery: Delivery, said: str) -> None:
    rows = Delivery.objects.visible_to(scope).filter(pk=delivery.pk, delivered_at=None)
    rows.update(delivered_at=scope.at, given_up_at=None, last_status=said)
    _webhook(scope, delivery).exclude(failures=0).update(failures=0, failing_since=None, retry_at=None)


def _postpone(scope: Scope, delivery: Delivery, said: str, lot: float) -> None:
    """Try again later, or never, and let whatever else waits for the receiver wait as long."""
    webhook = _webhook(scope, delivery).select_for_update().first()
    if webhook is None:
        return
    waiting = Delivery.objects.visible_to(scope).filter(webhook=webhook, delivered_at=None, given_up_at=None)
    mine = waiting.filter(pk=delivery.pk)
    if delivery.event == PING:
        mine.update(given_up_at=scope.at, last_status=said)
        return
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or scope.at
    webhook.retry_at = scope.at + timedelta(seconds=retry_delay_seconds(webhook.failures, lot))
    webhook.save(update_fields=["failures", "failing_since", "retry_at"])
    own_delay = timedelta(seconds=retry_delay_seconds(max(delivery.attempts, webhook.failures), lot))
    mine.update(last_status=said, next_attempt_at=min(scope.at + own_delay, delivery.created_at + GIVE_UP_AFTER))
    old = waiting.filter(created_at__lte=scope.at - GIVE_UP_AFTER)
    given_up = old.update(given_up_at=scope.at)
    others = waiting.exclude(pk=delivery.pk).exclude(event=PING)
    others.filter(next_attempt_at__lt=webhook.retry_at).update(next_attempt_at=webhook.retry_at)
    if given_up:
        _tell(scope, webhook, "webhook_given_up")
    elif scope.at - webhook.failing_since >= TELL_AFTER:
        _tell(scope, webhook, "webhook_failing")


def _tell(scope: Scope, webhook: Webhook, message: str) -> None:
    """Tell whoever manages the webhook, once for each time that it fails."""
    since = webhook.failing_since or scope.at
    roles = {role for role, side in COLUMNS if "webhooks.manage" in permissions_of(role, side)}
    people = Membership.objects.filter(organization_id=webhook.vendor_id, role__in=roles)
    notice_send(
        scope=scope,
        vendor_id=webhook.vendor_id,
        recipients=list(people.values_list("user_id", flat=True)),
        kind="webhook",
        message=message,
        key=f"{message}:{webhook.uuid}:{since.isoformat()}",
        parameters={"name": webhook.name, "since_at": since.isoformat()},
        path=f"/accounts/webhooks/{webhook.uuid}/",
    )


def outbox_forget(*, scope: Scope) -> int:
    """Delete settled messages after a month and notices after a year, some thousand at a time; return how many."""
    with activate(scope):
        settled = Delivery.objects.visible_to(scope).filter(created_at__lt=scope.at - KEEP_DELIVERIES)
        settled = settled.exclude(delivered_at=None, given_up_at=None)
        notices = Notice.objects.visible_to(scope).filter(created_at__lt=scope.at - KEEP_NOTICES)
        count = 0
        for rows in (settled, notices):
            keys = list(rows.order_by("created_at").values_list("pk", flat=True)[:_FORGET_AT_ONCE])
            count += rows.filter(pk__in=keys).delete()[0]
    return count


def _webhook(scope: Scope, delivery: Delivery) -> QuerySet[Webhook]:
    return Webhook.objects.visible_to(scope).filter(pk=delivery.webhook_id)
