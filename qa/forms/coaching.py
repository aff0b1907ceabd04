"""Forms of coaching, and of choosing a conversation by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import EXPECTED, DayInput


class CoachingForm(forms.Form):
    """What an agent practices, until when, and for which lost points."""

    text = forms.CharField(label=_("What is practiced"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    due_on = forms.DateField(label=_("Until"), widget=DayInput())
    questions = forms.MultipleChoiceField(
        label=_("Questions that lost points"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any, all of them are meant."),
    )

    def __init__(self, data: Any = None, *, lost: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["questions"]
        field.choices = lost
        if not lost:
            del self.fields["questions"]


class OutcomeForm(forms.Form):
    """What came of a task."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.CharField(label=_("What came of it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Any = None, *, version: int, **kwargs: Any) -> None:
        super().__init__(data, initial={EXPECTED: version}, **kwargs)


class ChooseForm(forms.Form):
    """By which form a conversation is evaluated, and which one where several are offered."""

    call = forms.ChoiceField(label=_("Conversation"))
    form = forms.ChoiceField(label=_("Form"))

    def __init__(
        self, data: Any = None, *, offered: Sequence[tuple[str, str]], by: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        call, form = (self.fields[name] for name in ("call", "form"))
        call.choices, form.choices = offered, by  # type: ignore[attr-defined]
