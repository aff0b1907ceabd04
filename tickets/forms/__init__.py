"""The shape of what is typed about tickets and their rules."""

from tickets.forms.feedback import FeedbackForm, FeedbackStepForm
from tickets.forms.rules import CalendarForm, PolicyForm, PresetsForm, QuickReplyForm
from tickets.forms.work import BulkForm, DeedForm, FoundForm, OpeningForm, TransferForm, ViewForm

__all__ = [
    "BulkForm",
    "CalendarForm",
    "DeedForm",
    "FeedbackForm",
    "FeedbackStepForm",
    "FoundForm",
    "OpeningForm",
    "PolicyForm",
    "PresetsForm",
    "QuickReplyForm",
    "TransferForm",
    "ViewForm",
]
