"""The shape of what is typed about tickets and their rules."""

from tickets.forms.campaigns import (
    CampaignForm,
    DoNotCallForm,
    ListForm,
    OutcomeForm,
    WithdrawForm,
)
from tickets.forms.feedback import FeedbackForm, FeedbackStepForm
from tickets.forms.rules import CalendarForm, PolicyForm, PresetsForm, QuickReplyForm
from tickets.forms.work import BulkForm, DeedForm, FoundForm, OpeningForm, TransferForm, ViewForm

__all__ = [
    "BulkForm",
    "CalendarForm",
    "CampaignForm",
    "DeedForm",
    "DoNotCallForm",
    "FeedbackForm",
    "FeedbackStepForm",
    "FoundForm",
    "ListForm",
    "OpeningForm",
    "OutcomeForm",
    "PolicyForm",
    "PresetsForm",
    "QuickReplyForm",
    "TransferForm",
    "ViewForm",
    "WithdrawForm",
]
