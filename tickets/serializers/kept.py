"""What the interface tells of the client's own remarks and of kept views, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from tickets.models import ClientRemark, TicketView
from tickets.serializers.work import TEXT_MAX


class ClientRemarkSerializer(FieldRightsMixin, serializers.ModelSerializer[ClientRemark]):
    """What somebody of the client noted of a ticket for the client only."""

    access_object = "client_remark"
    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = ClientRemark
        fields: tuple[str, ...] = ("id", "at", "actor", "text")
        read_only_fields = fields


class ClientRemarkNewSerializer(serializers.Serializer[dict[str, Any]]):
    """A note that no vendor reads."""

    text = serializers.CharField(max_length=TEXT_MAX)


class TicketViewSerializer(FieldRightsMixin, serializers.ModelSerializer[TicketView]):
    """A view of the list of tickets that is kept under a name."""

    access_object = "ticket_view"
    id = serializers.UUIDField(source="uuid", read_only=True)
    query = serializers.CharField(read_only=True, help_text="Parameters of the page of tickets, as its address says.")

    class Meta:
        model = TicketView
        fields: tuple[str, ...] = ("id", "name", "query", "is_shared")
        read_only_fields = fields
