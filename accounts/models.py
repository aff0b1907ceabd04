"""Who signs in and for whom; what people are told, and what programs of others are.

The tables of people and organizations are read before a scope exists and so stand outside row-level security (T14):
they hold no price, no call and no customer. Only this app's selectors and services read them. Notices, webhooks and
the outbox are tenant tables; their ``vendor_id`` is an organization's id without a foreign key, for vendors lie above.
"""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.calc.access import ROLES
from accounts.calc.notices import MODES
from core.models import ScopedQuerySet
from core.scope import CLIENT, VENDOR

ROLE_LABELS = {
    "platform_admin": _("platform administrator"),
    "programme_manager": _("programme manager"),
    "contract_finance": _("contracts and finance"),
    "client_qa": _("quality"),
    "client_wfm": _("workforce planning"),
    "auditor": _("auditor"),
    "vendor_manager": _("vendor manager"),
    "vendor_supervisor": _("supervisor"),
    "vendor_qa": _("vendor quality"),
    "vendor_wfm": _("vendor workforce planning"),
    "agent": _("agent"),
    "api_client": _("API client"),
}


class Organization(models.Model):
    """The enterprise or one of its vendors; its id is the ``vendor_id`` of everything it owns."""

    side = models.CharField(_("side"), max_length=6, choices=[(CLIENT, _("client")), (VENDOR, _("vendor"))])
    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    # False shuts its people and tokens out; follows the vendor's own mark, which lives behind the policies.
    is_active = models.BooleanField(_("active"), default=True, editable=False)
    # What follows @ in the user names that a vendor gives: so they can only clash with the vendor's own.
    handle = models.CharField(max_length=40, blank=True, editable=False, default="", db_default="")
    mfa_required = models.BooleanField(_("second step required"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(side__in=[CLIENT, VENDOR]), name="accounts_organization_side"),
            models.UniqueConstraint("side", condition=models.Q(side=CLIENT), name="accounts_organization_one_client"),
            models.UniqueConstraint("handle", condition=~models.Q(handle=""), name="accounts_organization_handle"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_ending(self) -> str:
        """What the user names end with that the organization itself gives: ``@andes``; nothing for the client's."""
        return "" if self.side == CLIENT else f"@{self.handle or self.pk}"


class User(AbstractUser):
    """A person, or a service account that only tokens act as."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    display_name = models.CharField(_("name"), max_length=120, blank=True)
    is_service = models.BooleanField(_("service account"), default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(
        _("theme"),
        max_length=6,
        blank=True,
        choices=[("", _("as the system")), ("light", _("light")), ("dark", _("dark"))],
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            # The log-in does not look at case, so two names may not differ by it alone.
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_any_case",
                violation_error_message=_("This user name is taken."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class Membership(models.Model):
    """The one organization a user works for, and the role there."""

    user = models.OneToOneField(User, models.CASCADE, related_name="membership")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=[(name, ROLE_LABELS[name]) for name in ROLES])
    # The agent record of a user in the role "agent"; no foreign key, for agents live behind the policies.
    agent_id = models.BigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role="agent") | models.Q(agent_id__isnull=False),
                name="accounts_membership_agent_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class ApiToken(models.Model):
    """A key of a person or a service account; only its digest is kept, the key itself is shown once."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, editable=False)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    # The actions of the role that this key may use.
    permissions = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """Something that one person is told; its words are made when it is read, in the reader's language."""

    id = models.BigAutoField(primary_key=True)
    # The organization whose matter it is.
    vendor_id = models.IntegerField(editable=False)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("about"), max_length=30)
    message = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    path = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "recipient", "key"], name="accounts_notice_once"),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="accounts_notice_uuid"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="accounts_notice_mine"),
            models.Index(fields=["recipient"], name="accounts_notice_unread", condition=models.Q(read_at=None)),
            models.Index(fields=["created_at"], name="accounts_notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.message} ({self.key})"


class NoticePreference(models.Model):
    """How one person wants to be told about one kind of thing; without a row: at once."""

    # The person's own organization.
    vendor_id = models.IntegerField(editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    mode = models.CharField(max_length=6, choices=[(mode, mode) for mode in MODES])

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "user", "kind"], name="accounts_noticepreference_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mode}"


class Webhook(models.Model):
    """A receiver of an organization, told of events as they happen."""

    # The organization whose receiver it is.
    vendor_id = models.IntegerField(editable=False)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    secret_encrypted = models.BinaryField(editable=False)
    # The one before signs as well for a day, so that a receiver can change over without losing a message.
    former_secret_encrypted = models.BinaryField(null=True, editable=False)
    former_until = models.DateTimeField(_("the former secret signs until"), null=True, editable=False)
    events = models.JSONField(_("events"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # The last time somebody tried to send; the one that waited longest goes first.
    attempted_at = models.DateTimeField(_("last tried"), null=True, editable=False)
    # Since when nothing came through, and how many tries that were.
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "id"], name="accounts_webhook_key"),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="accounts_webhook_uuid"),
            models.UniqueConstraint(
                fields=["vendor_id", "name"],
                name="accounts_webhook_name",
                violation_error_message=_("There is a webhook of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event for one webhook, written with the deed itself and sent afterwards, at least once (R13)."""

    id = models.BigAutoField(primary_key=True)
    # The webhook's organization.
    vendor_id = models.IntegerField(editable=False)
    # Held by a composite key in the database, which also takes these rows along when the webhook goes.
    webhook = models.ForeignKey(Webhook, models.DO_NOTHING, related_name="deliveries", db_constraint=False)
    event = models.CharField(_("event"), max_length=40)
    event_key = models.CharField(max_length=220)
    event_id = models.UUIDField(_("id of the event"))
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("happened"))
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    next_attempt_at = models.DateTimeField(_("next try"))
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    # The receiver's HTTP status, or why there is none.
    last_status = models.CharField(_("last answer"), max_length=20, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "webhook", "event_key"], name="accounts_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="accounts_delivery_due",
                condition=models.Q(delivered_at=None, given_up_at=None),
            ),
            models.Index(fields=["webhook", "-created_at"], name="accounts_delivery_last"),
            models.Index(fields=["created_at"], name="accounts_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
