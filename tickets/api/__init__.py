"""The interface of tickets, and of what customers say."""

from tickets.api.campaigns import (
    AttemptDetailView,
    AttemptListView,
    AttemptOutcomeView,
    CampaignContactsView,
    CampaignDetailView,
    CampaignListView,
    CampaignNextView,
    CampaignStepsView,
    DoNotCallView,
)
from tickets.api.feedback import (
    FeedbackDetailView,
    FeedbackKpisView,
    FeedbackListView,
    FeedbackStepsView,
    VoiceView,
)
from tickets.api.kept import (
    TicketRemarksView,
    TicketViewListView,
)
from tickets.api.papers import AttachmentView, TicketAttachmentsView, TicketIncidentsView, TicketTransferView
from tickets.api.work import (
    CalendarListView,
    CountedClockListView,
    PolicyListView,
    TicketCommentsView,
    TicketDetailView,
    TicketKpisView,
    TicketListView,
    TicketStepsView,
)

__all__ = [
    "AttachmentView",
    "AttemptDetailView",
    "AttemptListView",
    "AttemptOutcomeView",
    "CalendarListView",
    "CampaignContactsView",
    "CampaignDetailView",
    "CampaignListView",
    "CampaignNextView",
    "CampaignStepsView",
    "CountedClockListView",
    "DoNotCallView",
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
    "TicketRemarksView",
    "TicketStepsView",
    "TicketTransferView",
    "TicketViewListView",
    "VoiceView",
]
