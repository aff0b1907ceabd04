"""What lies beside a ticket: files, the client's own remarks, incidents that it belongs to, and where it went."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PartyModel, ScopedQuerySet, TenantModel
from core.scope import CLIENT, VENDOR
from sla.models import Incident
from tickets.models.work import Ticket


class Attachment(PartyModel):
    """A file of a ticket; it lies outside the web root under a name of ours.

    The wall is the owner's: what the client keeps to itself carries the client's own key, and so does not exist for
    the vendor, whatever a query asks for.
    """

    ticket_uuid = models.UUIDField()
    # The number of the event that it was sent with, if with one.
    sequence = models.PositiveIntegerField(null=True)
    file_name = models.CharField(_("file"), max_length=200)
    size_bytes = models.PositiveIntegerField(_("size"))
    sha256 = models.BinaryField(max_length=32)
    received_at = models.DateTimeField(_("received"))
    received_by = models.CharField(_("received from"), max_length=150)
    received_by_id = models.IntegerField(null=True)
    side = models.CharField(max_length=6, choices=[(CLIENT, CLIENT), (VENDOR, VENDOR)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="tickets_attachment_uuid"),
            models.UniqueConstraint(
                fields=["vendor_id", "ticket_uuid", "sha256", "file_name"], name="tickets_attachment_once"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ClientRemark(PartyModel):
    """What the client's people note of a ticket for themselves; it stands behind the client's own wall."""

    ticket_uuid = models.UUIDField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    actor_id = models.IntegerField(null=True)
    text = models.TextField(_("text"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor_id", "uuid"], name="tickets_clientremark_uuid")]
        indexes = [models.Index(fields=["vendor_id", "ticket_uuid", "at"], name="tickets_clientremark_of")]

    def __str__(self) -> str:
        return f"{self.ticket_uuid} {self.at:%Y-%m-%d %H:%M}"


class TicketIncident(TenantModel):
    """That a ticket comes from an incident."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="incident_links", db_constraint=False)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+", db_constraint=False)
    linked_at = models.DateTimeField()
    # By the rules, when the ticket was opened.
    is_automatic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "ticket", "incident"], name="tickets_ticketincident_once"),
        ]
        indexes = [models.Index(fields=["vendor", "incident"], name="tickets_ticketincident_of")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.incident_id}"


class Transfer(models.Model):
    """That the client took a ticket from one vendor and gave its matter to another; neither vendor has this row."""

    # The client.
    vendor_id = models.IntegerField(editable=False)
    first_uuid = models.UUIDField()
    second_uuid = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "first_uuid"], name="tickets_transfer_first"),
            models.UniqueConstraint(fields=["vendor_id", "second_uuid"], name="tickets_transfer_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first_uuid} → {self.second_uuid}"
