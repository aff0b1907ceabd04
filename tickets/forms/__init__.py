"""The shape of what is typed about tickets and their rules."""

from tickets.forms.feedback import FeedbackForm, FeedbackStepForm
from tickets.forms.rules import CalendarForm, PolicyForm, PresetsForm, QuickReplyForm
from tickets.forms.work import AssignForm, DeedForm, OpeningForm

__all__ = [
    "AssignForm",
    "CalendarForm",
    "DeedForm",
    "FeedbackForm",
    "FeedbackStepForm",
    "OpeningForm",
    "PolicyForm",
    "PresetsForm",
    "QuickReplyForm",
]
