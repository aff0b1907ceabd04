"""Sampling plans, and how large a sample should be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import selectors as contracts
from core.forms import RowForm
from core.scope import Scope
from qa import selectors
from qa.calc.sampling import sample_size
from qa.models import Plan
from vendors import selectors as vendors

CONFIDENCES = [(90, "90 %"), (95, "95 %"), (99, "99 %")]


class ContractField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A contract with its vendor."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj.name}"


class PlanForm(RowForm):
    """What a plan draws; a new one asks under which contract.

    Args:
        scope: Who asks; decides which contracts, queues and forms there are.
    """

    class Meta:
        model = Plan
        fields = (
            *("name", "kind", "queue", "form_code", "side", "method", "rate_percent", "least", "most", "base", "high"),
            *("high_percent", "low_percent", "new_days", "talk_seconds_least", "starts_on", "ends_on"),
        )
        widgets = {"method": forms.RadioSelect, "kind": forms.RadioSelect, "side": forms.RadioSelect}
        help_texts = {
            "rate_percent": gettext_lazy("10–20 % a day is usual. Shared out over the agents by how many each had."),
            "least": gettext_lazy("0 for none. Kept where there are as many."),
            "most": gettext_lazy("Empty for no cap."),
            "new_days": gettext_lazy("Of whoever is new everything is evaluated for so many days; 0 for nobody."),
            "talk_seconds_least": gettext_lazy("Shorter calls are left out, and the draw says how many."),
            "base": gettext_lazy("The budget is so many for each agent; not one more or less is drawn."),
            "high": gettext_lazy("What high performers leave goes to low ones, such as 10, 6 and 14."),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of: dict[str, Any] = {}
        if self.instance.pk is None:
            self.fields["contract"] = ContractField(
                contracts.contract_list(scope=scope), to_field_name="uuid", label=_("Contract"),
                empty_label=_("Choose a contract"), help_text=_("Whose conversations; decides vendor and time zone."),
            )  # fmt: skip
            self.order_fields(["name", "contract", *PlanForm.Meta.fields])
        else:
            of = {"vendor_id": self.instance.vendor_id}
        queues = vendors.queue_list(scope=scope).filter(is_active=True, **of).select_related("vendor")
        mixed = self.instance.pk is None
        self.fields["queue"] = QueueField(
            queues, to_field_name="uuid", label=_("Queue"), required=False, empty_label=_("all"), mixed=mixed
        )
        if self.instance.pk is not None and self.instance.queue is not None:
            self.initial["queue"] = self.instance.queue.uuid
        live = selectors.form_list(scope=scope).filter(is_live=True, **of)
        codes = {form.code: f"{form.name} ({form.code})" for form in live}
        if self.instance.pk is not None:
            codes.setdefault(self.instance.form_code, self.instance.form_code)
        self.fields["form_code"] = forms.ChoiceField(
            label=_("Form"), choices=[("", _("Choose a form")), *codes.items()],
            help_text=_("The version that is in use at the vendor on the day."),
        )  # fmt: skip


class QueueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A queue, with its vendor where they are mixed."""

    def __init__(self, *args: Any, mixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mixed = mixed

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj.name}" if self.mixed else str(obj.name)


class SampleSizeForm(forms.Form):
    """How exactly a share is to be known, and of how many conversations."""

    margin = forms.FloatField(
        label=gettext_lazy("Margin (± percentage points)"), min_value=0.1, max_value=50, initial=5
    )
    confidence = forms.TypedChoiceField(label=gettext_lazy("Confidence"), choices=CONFIDENCES, coerce=int, initial=95)
    share = forms.FloatField(
        label=gettext_lazy("Share that is expected (%)"), min_value=0, max_value=100, initial=50,
        help_text=gettext_lazy("Such as the share without a critical error; 50 asks for the most."),
    )  # fmt: skip
    population = forms.IntegerField(
        label=gettext_lazy("Conversations there are"), min_value=1, max_value=100_000_000, required=False,
        help_text=gettext_lazy("Empty for very many."),
    )  # fmt: skip

    def answer(self) -> int:
        """Return how many evaluations it takes."""
        asked = self.cleaned_data
        return sample_size(
            margin=asked["margin"] / 100,
            confidence=asked["confidence"] / 100,
            share=asked["share"] / 100,
            population=asked["population"],
        )
