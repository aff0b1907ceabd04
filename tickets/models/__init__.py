"""Tables of tickets and of what customers say."""

from tickets.models.feedback import Feedback, FeedbackKind, FeedbackSource, FeedbackState, VoiceSignal
from tickets.models.figures import DayMark
from tickets.models.kept import FirstView, TicketView
from tickets.models.papers import Attachment, ClientRemark, TicketIncident, Transfer
from tickets.models.work import (
    CLOCKS,
    LEVELS,
    STATES,
    UPDATE_MODES,
    Calendar,
    Channel,
    Policy,
    QuickReply,
    Terms,
    Ticket,
    TicketAlert,
    TicketClock,
    TicketEvent,
    TicketLink,
    Tier,
)

__all__ = [
    "CLOCKS",
    "LEVELS",
    "STATES",
    "UPDATE_MODES",
    "Attachment",
    "Calendar",
    "Channel",
    "ClientRemark",
    "DayMark",
    "Feedback",
    "FeedbackKind",
    "FeedbackSource",
    "FeedbackState",
    "FirstView",
    "Policy",
    "QuickReply",
    "Terms",
    "Ticket",
    "TicketAlert",
    "TicketClock",
    "TicketEvent",
    "TicketIncident",
    "TicketLink",
    "TicketView",
    "Tier",
    "Transfer",
    "VoiceSignal",
]
