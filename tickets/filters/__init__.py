"""The filters of the lists of tickets and of what customers say."""

from tickets.filters.campaigns import AttemptFilter, CampaignFilter, ContactFilter, DoNotCallFilter
from tickets.filters.feedback import LATE, FeedbackFilter
from tickets.filters.work import OPEN_GROUP, TicketFilter

__all__ = [
    "LATE",
    "OPEN_GROUP",
    "AttemptFilter",
    "CampaignFilter",
    "ContactFilter",
    "DoNotCallFilter",
    "FeedbackFilter",
    "TicketFilter",
]
