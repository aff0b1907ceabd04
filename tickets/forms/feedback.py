"""The shape of what is typed about feedback: a new one, and every step with one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from calls import selectors as calls
from contracts import selectors as contracts
from core.forms import EXPECTED
from core.scope import Scope
from tickets.calc.feedback import Step
from tickets.forms.work import OfVendorField
from tickets.models import Feedback, FeedbackKind, FeedbackSource
from vendors import selectors as vendors

KINDS = [("", _("not said yet")), *FeedbackKind.choices]
RATINGS = [("", _("none")), *((n, n) for n in range(1, 6))]
MOMENT = "%Y-%m-%dT%H:%M"
TEXT_MAX = 10_000


class FeedbackForm(forms.Form):
    """What a customer said.

    Args:
        scope: Who registers it.
        is_settled: Whether contract, queue and customer come from a call or a ticket.
    """

    text = forms.CharField(
        label=_("What the customer says"), required=False, max_length=TEXT_MAX, widget=forms.Textarea({"rows": 5}),
        help_text=_("In the customer’s words. A rating alone is enough as well."),
    )  # fmt: skip
    rating = forms.TypedChoiceField(
        label=_("Rating"), choices=RATINGS, coerce=int, empty_value=None, required=False, help_text=_("1 to 5.")
    )
    is_complaint = forms.BooleanField(label=_("It is a complaint"), required=False)
    kind = forms.ChoiceField(label=_("Class"), choices=KINDS, required=False)
    source = forms.ChoiceField(label=_("Came by"), choices=FeedbackSource.choices, initial=FeedbackSource.CALL)
    customer = forms.CharField(
        label=_("Customer’s number"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "+86 138 0013 8000"}),
        help_text=_("With its country code. It is kept encrypted and shown masked; without one nobody can call back."),
    )

    def __init__(self, *args: Any, scope: Scope, is_settled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mixed: dict[str, Any] = {"with_vendor": scope.is_client}
        if is_settled:
            del self.fields["customer"]
        else:
            rows = contracts.contract_list(scope=scope)
            self.fields["contract"] = OfVendorField(
                rows, label=_("Contract"), empty_label=_("Choose a contract"), **mixed
            )
            only = list(rows[:2])
            if len(only) == 1:
                self.fields["contract"].initial = only[0].uuid
            queues = vendors.queue_list(scope=scope)
            self.fields["queue"] = OfVendorField(
                queues, label=_("Queue"), required=False, empty_label=_("none"), **mixed
            )
        self.fields["reason"] = OfVendorField(
            calls.reason_list(scope=scope), label=_("Reason"), required=False, empty_label=_("none"), **mixed
        )
        self.order_fields(["contract", "text", "rating", "is_complaint", "kind", "source", "customer"])

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the object ``feedback``."""
        names = ("text", "rating", "is_complaint", "kind", "source", "queue", "reason")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class FeedbackStepForm(forms.Form):
    """One step with a voice; only what the step asks for is shown.

    Args:
        feedback: On what.
        step: Which.
    """

    kind = forms.ChoiceField(label=_("Class"), choices=KINDS)
    is_complaint = forms.BooleanField(
        label=_("It is a complaint"),
        required=False,
        help_text=_("A complaint is closed only once its department has answered."),
    )
    department = forms.CharField(
        label=_("Department that owns the matter"),
        max_length=80,
        widget=forms.TextInput({"list": "departments", "autocomplete": "off"}),
    )
    answer = forms.CharField(label=_("What came of it"), max_length=TEXT_MAX, widget=forms.Textarea({"rows": 5}))
    customer_told = forms.TypedChoiceField(
        label=_("Does the customer know?"),
        choices=[("yes", _("yes, the customer was told")), ("no", _("no, the customer cannot be told"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    told_at = forms.DateTimeField(
        label=_("When"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    )
    outcome = forms.CharField(
        label=_("What the customer was told, or why nobody could"),
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 4}),
    )
    reopen_reason = forms.CharField(
        label=_("Why it is taken up again"), max_length=TEXT_MAX, widget=forms.Textarea({"rows": 4})
    )

    FIELDS = {
        Step.CLASSIFY: ("kind", "is_complaint"),
        Step.ROUTE: ("kind", "department"),
        Step.ANSWER: ("answer",),
        Step.CLOSE: ("customer_told", "told_at", "outcome"),
        Step.REOPEN: ("reopen_reason",),
    }

    def __init__(self, data: Any = None, *, feedback: Feedback, step: Step, at: datetime) -> None:
        self.zone = ZoneInfo(feedback.contract.zone)
        initial = {
            "kind": feedback.kind,
            "is_complaint": feedback.is_complaint,
            "department": feedback.department,
            "answer": feedback.answer,
            "told_at": at.astimezone(self.zone).strftime(MOMENT),
        }
        super().__init__(data, initial=initial)
        for name in set(self.fields) - set(self.FIELDS[step]):
            del self.fields[name]
        if "told_at" in self.fields:
            self.fields["told_at"].help_text = self.zone.key
        self.fields[EXPECTED] = forms.IntegerField(initial=feedback.version, widget=forms.HiddenInput)

    def clean_told_at(self) -> datetime | None:
        """Read the moment by the clock of the contract."""
        value: datetime | None = self.cleaned_data["told_at"]
        return None if value is None else value.replace(tzinfo=self.zone)

    @property
    def values(self) -> dict[str, Any]:
        """What the service is told, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != EXPECTED}
