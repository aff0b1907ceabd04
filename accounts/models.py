"""Who signs in and for whom.

These tables are read before a scope exists and so stand outside row-level security (T14): they hold no price,
no call and no customer. Only this app's selectors and services read them.
"""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.calc.access import ROLES
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
    mfa_required = models.BooleanField(_("second step required"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(side__in=[CLIENT, VENDOR]), name="accounts_organization_side"),
            models.UniqueConstraint("side", condition=models.Q(side=CLIENT), name="accounts_organization_one_client"),
        ]

    def __str__(self) -> str:
        return self.name


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
