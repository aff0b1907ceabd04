"""The columns of the lists of tickets and of what customers say."""

from tickets.tables.campaigns import (
    CAMPAIGN_TONES,
    CONTACT_TONES,
    AttemptTable,
    CampaignTable,
    ContactTable,
    DoNotCallTable,
    ImportTable,
    ProblemTable,
    campaign_url,
    remedy,
)
from tickets.tables.feedback import FeedbackTable, VoiceTable, feedback_url
from tickets.tables.work import (
    TicketTable,
    VersionedSelect,
    countdown_badge,
    ticket_url,
)

__all__ = [
    "CAMPAIGN_TONES",
    "CONTACT_TONES",
    "AttemptTable",
    "CampaignTable",
    "ContactTable",
    "DoNotCallTable",
    "FeedbackTable",
    "ImportTable",
    "ProblemTable",
    "TicketTable",
    "VersionedSelect",
    "VoiceTable",
    "campaign_url",
    "countdown_badge",
    "feedback_url",
    "remedy",
    "ticket_url",
]
