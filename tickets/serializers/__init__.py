"""What the interface tells and takes of tickets and of what customers say."""

from tickets.serializers.work import (
    CountedClockSerializer,
    TicketCalendarSerializer,
    TicketCommentSerializer,
    TicketDetailSerializer,
    TicketFileSerializer,
    TicketIncidentSerializer,
    TicketKpisSerializer,
    TicketNewSerializer,
    TicketPolicySerializer,
    TicketSerializer,
    TicketStepSerializer,
    TicketTransferSerializer,
)

__all__ = [
    "CountedClockSerializer",
    "TicketCalendarSerializer",
    "TicketCommentSerializer",
    "TicketDetailSerializer",
    "TicketFileSerializer",
    "TicketIncidentSerializer",
    "TicketKpisSerializer",
    "TicketNewSerializer",
    "TicketPolicySerializer",
    "TicketSerializer",
    "TicketStepSerializer",
    "TicketTransferSerializer",
]
