"""The columns of the lists of tickets and of what customers say."""

from tickets.tables.campaigns import (
    CAMPAIGN_TONES,
    CONTACT_TONES,
    SCRIPT_TONES,
    AttemptTable,
    CampaignTable,
    ContactTable,
    DoNotCallTable,
    ImportTable,
    ProblemTable,
    ScriptTable,
    campaign_url,
    person_shown,
    remedy,
    script_url,
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
    "SCRIPT_TONES",
    "AttemptTable",
    "CampaignTable",
    "ContactTable",
    "DoNotCallTable",
    "FeedbackTable",
    "ImportTable",
    "ProblemTable",
    "ScriptTable",
    "TicketTable",
    "VersionedSelect",
    "VoiceTable",
    "campaign_url",
    "countdown_badge",
    "feedback_url",
    "person_shown",
    "remedy",
    "script_url",
    "ticket_url",
]
