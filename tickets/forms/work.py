"""The shape of what is typed about a ticket: a new one, and every deed on one that is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls import selectors as calls
from contracts import selectors as contracts
from core.forms import EXPECTED
from core.scope import Scope
from tickets import selectors
from tickets.calc.clocks import Level
from tickets.models import LEVELS, Channel, Ticket
from tickets.wording import DEEDS, OUTCOMES
from vendors import selectors as vendors


class OfVendorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row named by its uuid; where vendors are mixed, its vendor stands before it."""

    def __init__(self, queryset: QuerySet[Any], *, with_vendor: bool, **kwargs: Any) -> None:
        super().__init__(queryset=queryset, to_field_name="uuid", **kwargs)
        self.with_vendor = with_vendor

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj.name}" if self.with_vendor else str(obj.name)


class OpeningForm(forms.Form):
    """A new matter.

    Args:
        scope: Who opens it.
        from_call: Whether queue, reason and customer come from a call.
    """

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("What is the matter"), required=False, widget=forms.Textarea({"rows": 4}))
    channel = forms.ChoiceField(label=_("Came in by"), choices=Channel.choices)
    customer = forms.CharField(
        label=_("Customer’s number"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "+86 138 0013 8000"}),
        help_text=_("With its country code. It is kept encrypted and shown masked; without one nobody can call back."),
    )

    def __init__(self, *args: Any, scope: Scope, from_call: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mixed: dict[str, Any] = {"with_vendor": scope.is_client}
        if not from_call:
            rows = contracts.contract_list(scope=scope)
            self.fields["contract"] = OfVendorField(
                rows, label=_("Contract"), empty_label=_("Choose a contract"), **mixed
            )
            only = list(rows[:2])
            if len(only) == 1:
                self.fields["contract"].initial = only[0].uuid
            self.fields["queue"] = OfVendorField(
                vendors.queue_list(scope=scope), label=_("Queue"), required=False, empty_label=_("none"), **mixed
            )
        else:
            del self.fields["customer"]
            del self.fields["channel"]
        self.fields["reason"] = OfVendorField(
            calls.reason_list(scope=scope), label=_("Reason"), required=False, empty_label=_("none"), **mixed
        )
        self.order_fields(["contract", "subject", "text", "channel", "customer", "queue", "reason"])


class DeedForm(forms.Form):
    """One deed on a ticket; which fields count depends on the deed, and only the service knows what it asks.

    Args:
        scope: Who acts.
        ticket: On what.
    """

    deed = forms.ChoiceField(choices=list(DEEDS.items()))
    text = forms.CharField(label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 5}))
    level = forms.ChoiceField(label=_("To"), choices=list(LEVELS.items()), required=False, initial=Level.SECOND_LINE)
    handler = forms.ChoiceField(label=_("Handler"), required=False)
    deadline = forms.DateTimeField(
        label=_("Deadline"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: what the policy promises of this level."),
    )
    outcome = forms.ChoiceField(label=_("How did it go"), choices=list(OUTCOMES.items()), required=False)
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"),
        choices=[("", _("not asked")), *((n, n) for n in range(5, 0, -1))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    policy = forms.ChoiceField(label=_("Policy"), required=False)
    number = forms.IntegerField(label=_("Number of the other ticket"), required=False, min_value=1)

    def __init__(self, *args: Any, scope: Scope, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ticket.contract.zone
        self.fields[EXPECTED] = forms.IntegerField(initial=ticket.version, widget=forms.HiddenInput)
        people = selectors.handler_list(scope=scope, vendor_ids=[ticket.vendor_id])
        names = [(str(person.user.uuid), f"{person.user} · {person.organization.name}") for person in people]
        self.fields["handler"].choices = [("", _("nobody in particular")), *names]  # type: ignore[attr-defined]
        policies = selectors.policy_list(scope=scope).filter(vendor_id=ticket.vendor_id, is_active=True)
        choices = [(str(policy.uuid), f"{policy.name} ({policy.get_tier_display()})") for policy in policies]
        self.fields["policy"].choices = choices  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            if name not in ("deed", EXPECTED):
                field.widget.attrs["class"] = kind

    def clean_deadline(self) -> datetime | None:
        """Read the deadline by the clock of the ticket's contract."""
        value: datetime | None = self.cleaned_data["deadline"]
        return None if value is None else value.replace(tzinfo=ZoneInfo(self.zone))


class AssignForm(forms.Form):
    """Who gets some tickets at once."""

    handler = forms.ChoiceField(label=_("Handler"), required=False)

    def __init__(self, *args: Any, scope: Scope, tickets: list[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = selectors.handler_list(scope=scope, vendor_ids=[ticket.vendor_id for ticket in tickets])
        names = [(str(person.user.uuid), f"{person.user} · {person.organization.name}") for person in people]
        self.fields["handler"].choices = [("", _("nobody: back into the pile")), *names]  # type: ignore[attr-defined]
