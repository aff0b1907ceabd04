"""The interface of tickets, and of what customers say."""

from tickets.api.feedback import (
    FeedbackDetailView,
    FeedbackKpisView,
    FeedbackListView,
    FeedbackStepsView,
    VoiceView,
)
from tickets.api.work import (
    AttachmentView,
    CalendarListView,
    CountedClockListView,
    PolicyListView,
    TicketAttachmentsView,
    TicketCommentsView,
    TicketDetailView,
    TicketIncidentsView,
    TicketKpisView,
    TicketListView,
    TicketStepsView,
    TicketTransferView,
)

__all__ = [
    "AttachmentView",
    "CalendarListView",
    "CountedClockListView",
    "FeedbackDetailView",
    "FeedbackKpisView",
    "FeedbackListView",
    "FeedbackStepsView",
    "PolicyListView",
    "TicketAttachmentsView",
    "TicketCommentsView",
    "TicketDetailView",
    "TicketIncidentsView",
    "TicketKpisView",
    "TicketListView",
    "TicketStepsView",
    "TicketTransferView",
    "VoiceView",
]
