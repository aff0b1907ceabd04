"""Views of the list of tickets that people keep under a name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PartyModel, ScopedQuerySet


class TicketView(PartyModel):
    """Filters and an order of the list under a name: somebody's own, or shared with the organization."""

    owner_id = models.IntegerField(editable=False)
    name = models.CharField(_("name"), max_length=60)
    # What the address says, less the page: "state=all&tier=urgent&sort=-opened_at".
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(_("for everybody in my organization"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="tickets_ticketview_uuid"),
            models.UniqueConstraint(fields=["vendor_id", "owner_id", "name"], name="tickets_ticketview_name"),
        ]

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """What the list of tickets begins with for somebody: the key of a built-in view, or the uuid of a kept one."""

    vendor_id = models.IntegerField(editable=False)
    user_id = models.IntegerField(editable=False)
    view = models.CharField(max_length=36)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor_id", "user_id"], name="tickets_firstview_one")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.view}"
