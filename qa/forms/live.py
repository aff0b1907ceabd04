"""The shape of what is typed about calls in progress."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.scope import Scope
from qa.calc.live import Intervention, LiveOutcome
from qa.models import INTERVENTIONS, LIVE_OUTCOMES, LIVE_REASONS, LiveCall
from vendors import selectors as vendors
from vendors.models import Agent


class AgentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An agent, with its vendor where they are mixed."""

    with_vendor = False

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj.name}" if self.with_vendor else str(obj.name)


class FlagForm(forms.Form):
    """A call that somebody should look at; an agent is not asked who is on the phone."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=list(LIVE_REASONS.items()))
    detail = forms.CharField(
        label=gettext_lazy("What is going on"), required=False, max_length=300, widget=forms.Textarea({"rows": 2})
    )
    external_id = forms.CharField(
        label=gettext_lazy("Call id"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("The phone system’s id, if you see it; the call’s record is linked by it."),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scope.agent_id is None:
            agents = vendors.agent_list(scope=scope).filter(is_active=True).select_related("vendor")
            field = AgentField(
                agents.order_by("vendor__name", "name"), label=_("Who is on the phone"), to_field_name="uuid",
                empty_label=_("Choose an agent"),
            )  # fmt: skip
            field.with_vendor = scope.is_client
            self.fields["agent"] = field
            self.order_fields(["agent"])


class CloseForm(forms.Form):
    """What was done, and what came of it."""

    intervention = forms.ChoiceField(
        label=gettext_lazy("What was done"), choices=[(each.value, INTERVENTIONS[each]) for each in Intervention]
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=[(each.value, LIVE_OUTCOMES[each]) for each in LiveOutcome]
    )
    note = forms.CharField(
        label=gettext_lazy("What was said"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Needed unless nothing was wrong."),
    )
    external_id = forms.CharField(label=gettext_lazy("Call id"), required=False, max_length=100)

    def __init__(self, *args: Any, live: LiveCall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if live.external_id:
            del self.fields["external_id"]


def vendor_of_agent(scope: Scope, agent: Agent | None) -> Any:
    """Return whose call is flagged: the agent's vendor, or the caller's own."""
    vendor_id = agent.vendor_id if agent is not None else scope.organization_id
    return vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
