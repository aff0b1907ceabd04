"""What the interface tells and takes of tickets and of what customers say."""

from tickets.serializers.feedback import (
    FeedbackKpisSerializer,
    FeedbackNewSerializer,
    FeedbackSerializer,
    FeedbackStepSerializer,
    VoicesSerializer,
)
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
    "FeedbackKpisSerializer",
    "FeedbackNewSerializer",
    "FeedbackSerializer",
    "FeedbackStepSerializer",
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
    "VoicesSerializer",
]
