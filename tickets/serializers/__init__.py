"""What the interface tells and takes of tickets and of what customers say."""

from tickets.serializers.work import (
    CountedClockSerializer,
    TicketCalendarSerializer,
    TicketCommentSerializer,
    TicketDetailSerializer,
    TicketKpisSerializer,
    TicketNewSerializer,
    TicketPolicySerializer,
    TicketSerializer,
    TicketStepSerializer,
)

__all__ = [
    "CountedClockSerializer",
    "TicketCalendarSerializer",
    "TicketCommentSerializer",
    "TicketDetailSerializer",
    "TicketKpisSerializer",
    "TicketNewSerializer",
    "TicketPolicySerializer",
    "TicketSerializer",
    "TicketStepSerializer",
]
