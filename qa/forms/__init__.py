"""What people fill in about quality."""

from qa.forms.builder import BuilderForm
from qa.forms.coaching import ChooseForm, CoachingForm, OutcomeForm
from qa.forms.drafts import DraftNewForm, PublishForm
from qa.forms.sheet import SheetForm

__all__ = ["BuilderForm", "ChooseForm", "CoachingForm", "DraftNewForm", "OutcomeForm", "PublishForm", "SheetForm"]
