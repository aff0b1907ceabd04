"""The shape of what is typed about confirmations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import DayInput


class AskForm(forms.Form):
    """Which teams are asked to confirm a version, and until when."""

    teams = forms.MultipleChoiceField(
        label=gettext_lazy("Teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None means: all active agents."),
    )
    due_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())

    def __init__(self, *args: Any, teams: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if teams:
            self.fields["teams"].choices = [(team, team) for team in teams]  # type: ignore[attr-defined]
        else:
            del self.fields["teams"]
