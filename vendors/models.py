"""A vendor and what it answers with: sites, queues (service lines) and agents."""

from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from core.models import ScopedModel, ScopedQuerySet


class Direction(models.TextChoices):
    """Which side dials."""

    INBOUND = "inbound", _("inbound")
    OUTBOUND = "outbound", _("outbound")


class Vendor(models.Model):
    """A BPO vendor. Its key is its organization's, so ``vendor_id`` names both everywhere."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, primary_key=True, db_column="vendor_id", related_name="vendor"
    )
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(r"\A[A-Z0-9][A-Z0-9_-]*\Z", _("Capital letters, digits, - and _ only."))],
        help_text=_("Short name in files and reports, such as NOVA."),
    )
    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166, two letters."))
    contact_name = models.CharField(_("project lead"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail of the project lead"), blank=True)
    # The client's own remark; no vendor ever reads it.
    note = models.TextField(_("internal note"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    tenant_key = "organization_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        # Over all vendors, unlike every other key: files, commands and links name vendors by it.
        # Only the client gives codes, so that a refusal tells no vendor about another.
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="vendors_vendor_code",
                violation_error_message=_("Another vendor has this code."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def vendor_id(self) -> int:
        """The tenant key, under the name that every other table uses."""
        return self.organization_id


class Site(ScopedModel):
    """A place where agents sit."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    zone = models.CharField(
        _("time zone"), max_length=40, default="UTC", help_text=_("IANA name, such as Asia/Shanghai.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "code"],
                name="vendors_site_code",
                violation_error_message=_("Another site of this vendor has this code."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="vendors_site_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="vendors_site_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Queue(ScopedModel):
    """A service line: the smallest thing that a contract sets targets for."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.INBOUND)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "code"],
                name="vendors_queue_code",
                violation_error_message=_("Another queue of this vendor has this code."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="vendors_queue_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="vendors_queue_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Agent(ScopedModel):
    """Somebody who answers calls; known by the vendor's own code."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agents",
        db_constraint=False,
        verbose_name=_("site"),
    )
    team = models.CharField(_("team"), max_length=80, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "code"],
                name="vendors_agent_code",
                violation_error_message=_("Another agent of this vendor has this code."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="vendors_agent_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="vendors_agent_key"),
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True)
                | models.Q(hired_on__isnull=True)
                | models.Q(left_on__gte=models.F("hired_on")),
                name="vendors_agent_left_after_hired",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
