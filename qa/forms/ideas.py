"""The shape of an idea, of a case of exceptional service, and of what is decided on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts import selectors as contracts
from core.forms import EXPECTED, DayInput
from core.scope import Scope
from qa.models import Idea, IdeaState, IdeaTopic, ServiceCase
from qa.services.ideas import IDEA_STEPS
from qa.wording.improvement import PROOFS
from vendors import selectors as vendors

STATE_WORDS = {
    IdeaState.ACCEPTED: _("accept it"),
    IdeaState.ADOPTED: _("it is used"),
    IdeaState.DECLINED: _("decline it"),
}


class IdeaForm(forms.Form):
    """What somebody suggests."""

    topic = forms.ChoiceField(label=_("About"), choices=IdeaTopic.choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Idea"), max_length=3000, widget=forms.Textarea({"rows": 6}),
        help_text=_("What would be done otherwise, and what it would bring."),
    )  # fmt: skip


class IdeaDecisionForm(forms.Form):
    """What is decided on an idea.

    Args:
        idea: Which.
        today: The day from which it is used, unless another is said.
    """

    state = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    decision = forms.CharField(
        label=_("Reason"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Whoever sent the idea reads it."),
    )  # fmt: skip
    adopted_on = forms.DateField(
        label=_("Used from"), required=False, widget=DayInput(), help_text=_("Only where it is used.")
    )
    effect = forms.CharField(label=_("Effect"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, data: Any = None, *, idea: Idea) -> None:
        super().__init__(data, initial={"decision": idea.decision})
        field: Any = self.fields["state"]
        field.choices = [(state, STATE_WORDS[IdeaState(state)]) for state in IDEA_STEPS[idea.state]]
        self.fields[EXPECTED] = forms.IntegerField(initial=idea.version, widget=forms.HiddenInput)


class ServiceCaseForm(forms.Form):
    """A conversation in which somebody did more than was asked.

    Args:
        scope: Who proposes.
        today: The day, unless another is said.
    """

    contract: Any = forms.ModelChoiceField(queryset=None, to_field_name="uuid", label=_("Contract"))
    kind = forms.ChoiceField(label=_("Proved by"), choices=list(PROOFS.items()))
    reference = forms.CharField(label=_("Id of the call, or number of the ticket"), max_length=100)
    agent: Any = forms.ModelChoiceField(
        queryset=None, to_field_name="uuid", label=_("Agent"), required=False,
        help_text=_("Left empty for a call: whoever took it."),
    )  # fmt: skip
    happened_on = forms.DateField(label=_("Day"), widget=DayInput())
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("What was exceptional"), max_length=3000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, data: Any = None, *, scope: Scope, today: date, initial: Any = None) -> None:
        super().__init__(data, initial={"happened_on": today, **(initial or {})})
        rows = {
            "contract": contracts.contract_list(scope=scope),
            "agent": vendors.agent_list(scope=scope).filter(is_active=True),
        }
        for name, found in rows.items():
            field: Any = self.fields[name]
            field.queryset = found
            if scope.is_client:
                field.label_from_instance = lambda row: f"{row.vendor.name} · {row.name}"

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the object ``service_case``."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class CaseDecisionForm(forms.Form):
    """What the client decides on a case.

    Args:
        case: Which.
    """

    is_approved = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("approve it")), ("no", _("decline it"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    decision = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, case: ServiceCase) -> None:
        super().__init__(data)
        self.fields[EXPECTED] = forms.IntegerField(initial=case.version, widget=forms.HiddenInput)
