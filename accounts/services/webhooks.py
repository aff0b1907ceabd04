"""An organization's receivers: made, changed, given a new secret, tried, deleted."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.calc.outbox import EVENTS, PING, event_id
from accounts.models import Delivery, Webhook
from accounts.services.posting import url_parts
from accounts.services.rights import fields_require
from audit.rows import row_add, row_change
from audit.services import record
from core.errors import Conflict, Invalid
from core.scope import Scope
from core.seals import seal_of

# What seals the secrets.
_PURPOSE = "accounts.webhook"
MOST_WEBHOOKS = 10
FORMER_SIGNS = timedelta(hours=24)
_BEGINS_WITH = "whsec_"


@transaction.atomic
def webhook_create(*, scope: Scope, name: str, url: str, events: Collection[str]) -> tuple[Webhook, str]:
    """Make a webhook of the caller's organization.

    Returns:
        The webhook and its secret, which is shown this once.

    Raises:
        Forbidden: The role may not manage webhooks.
        Conflict: The organization has as many as it may have.
        Invalid: The name is taken, or address or events cannot be right.
    """
    scope.require("webhooks.manage")
    values = _checked({"name": name, "url": url, "events": events})
    if selectors.webhook_list(scope=scope).count() >= MOST_WEBHOOKS:
        raise Conflict("too_many_webhooks", _("There are as many webhooks as there may be; delete one first."))
    secret = _secret_make()
    webhook = Webhook(
        vendor_id=scope.organization_id,
        secret_encrypted=seal_of(_PURPOSE).encrypt(secret.encode()),
        created_by=selectors.user_acting(scope=scope),
        created_at=scope.at,
        **values,
    )
    row_add(scope=scope, action="webhook.created", row=webhook, entered=values)
    return webhook, secret


@transaction.atomic
def webhook_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Webhook:
    """Change name, address, events or whether the webhook is active.

    Raises:
        Forbidden: The role may not manage webhooks.
        NotFound: The caller's organization has no such webhook.
        Conflict: Somebody saved it in the meantime.
        Invalid: As :func:`webhook_create`.
    """
    scope.require("webhooks.manage")
    fields_require(scope=scope, obj="webhook", names=values)
    webhook = selectors.webhook_get(scope=scope, uuid=uuid)
    changes = row_change(
        scope=scope,
        action="webhook.changed",
        row=webhook,
        expected_version=expected_version,
        values=_checked(values),
    )
    if changes.keys() & {"url", "is_active"}:
        # What waited for a receiver that was down is tried at once at the new place.
        _patience_end(scope, webhook)
    return webhook


@transaction.atomic
def webhook_rotate(*, scope: Scope, uuid: UUID) -> tuple[Webhook, str]:
    """Give a webhook another secret, and return both; the former one signs as well for :data:`FORMER_SIGNS`.

    Raises:
        Forbidden: The role may not manage webhooks.
        NotFound: The caller's organization has no such webhook.
        Conflict: The former secret signs as yet: the receiver may hold it still, and a third would drop it.
    """
    scope.require("webhooks.manage")
    found = selectors.webhook_get(scope=scope, uuid=uuid)
    webhook: Webhook = Webhook.objects.visible_to(scope).select_for_update().get(pk=found.pk)
    if webhook.former_until is not None and webhook.former_until > scope.at:
        message = _(
            "The secret was renewed less than %(hours)s hours ago, and the former one signs as well until then. "
            "If that must end at once, delete the webhook and make another."
        )
        raise Conflict("renewed", message % {"hours": int(FORMER_SIGNS.total_seconds() // 3600)})
    secret = _secret_make()
    webhook.former_secret_encrypted, webhook.former_until = webhook.secret_encrypted, scope.at + FORMER_SIGNS
    webhook.secret_encrypted = seal_of(_PURPOSE).encrypt(secret.encode())
    webhook.save(update_fields=["secret_encrypted", "former_secret_encrypted", "former_until"])
    record(scope=scope, action="webhook.secret_renewed", target=webhook)
    return webhook, secret


@transaction.atomic
def webhook_delete(*, scope: Scope, uuid: UUID) -> None:
    """Delete a webhook with all that it was and would be told.

    Raises:
        Forbidden: The role may not manage webhooks.
        NotFound: The caller's organization has no such webhook.
    """
    scope.require("webhooks.manage")
    webhook = selectors.webhook_get(scope=scope, uuid=uuid)
    record(scope=scope, action="webhook.deleted", target=webhook, changes={"url": [webhook.url, None]})
    Webhook.objects.visible_to(scope).filter(pk=webhook.pk).delete()


@transaction.atomic
def webhook_test(*, scope: Scope, uuid: UUID) -> Delivery:
    """Have a test message sent by the next sender; it is tried once.

    Raises:
        Forbidden: The role may not manage webhooks.
        NotFound: The caller's organization has no such webhook.
        Conflict: The webhook is switched off, or the last test is still on its way.
    """
    scope.require("webhooks.manage")
    webhook = selectors.webhook_get(scope=scope, uuid=uuid)
    if not webhook.is_active:
        raise Conflict("webhook_inactive", _("The webhook is switched off; switch it on first."))
    waiting = selectors.delivery_list(scope=scope, webhook=webhook).filter(
        event=PING, delivered_at=None, given_up_at=None
    )
    if waiting.exists():
        raise Conflict("test_on_its_way", _("The last test is still on its way."))
    key = f"{PING}:{uuid4()}"
    delivery: Delivery = Delivery.objects.create(
        vendor_id=webhook.vendor_id,
        webhook=webhook,
        event=PING,
        event_key=key,
        event_id=event_id(key),
        payload={"webhook": str(webhook.uuid)},
        created_at=scope.at,
        next_attempt_at=scope.at,
    )
    record(scope=scope, action="webhook.tested", target=webhook)
    return delivery


def secrets_of(webhook: Webhook, at: datetime) -> list[str]:
    """Return the clear secrets that a webhook's messages are signed with at a moment, the newest first."""
    sealed = [webhook.secret_encrypted]
    if webhook.former_secret_encrypted is not None and webhook.former_until is not None and at < webhook.former_until:
        sealed.append(webhook.former_secret_encrypted)
    return [seal_of(_PURPOSE).decrypt(bytes(one)).decode() for one in sealed]


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are stored."""
    known: dict[str, Any] = dict(values)
    fields: dict[str, list[str]] = {}
    if "name" in known:
        known["name"] = str(known["name"]).strip()
        if not known["name"]:
            fields["name"] = [_("Say what the webhook is for.")]
    if "url" in known:
        known["url"] = str(known["url"]).strip()
        try:
            url_parts(known["url"])
        except ValueError:
            fields["url"] = [_("An address of the internet that begins with https:// and has no port, user or #.")]
    if "events" in known:
        known["events"] = [name for name in EVENTS if name in known["events"]]
        if not known["events"] or set(values["events"]) - set(EVENTS):
            fields["events"] = [_("Choose at least one of the list.")]
    if fields:
        raise Invalid("webhook_invalid", _("Please mend what is marked."), fields=fields)
    return known


def _patience_end(scope: Scope, webhook: Webhook) -> None:
    Webhook.objects.visible_to(scope).filter(pk=webhook.pk).update(failures=0, failing_since=None, retry_at=None)
    waiting = selectors.delivery_list(scope=scope, webhook=webhook).filter(delivered_at=None, given_up_at=None)
    waiting.filter(next_attempt_at__gt=scope.at).update(next_attempt_at=scope.at)


def _secret_make() -> str:
    return _BEGINS_WITH + secrets.token_urlsafe(32)
