"""The shape of what is typed about a ticket: a new one, and every deed on one that is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
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
from tickets.calc.states import Step
from tickets.models import LEVELS, Channel, Ticket
from tickets.services import Bulk
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


class Files(forms.FileInput):
    """Several files at once; their rules are the service's."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, none included."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files; an empty one is for the service to refuse by name."""
        return [super(FilesField, self).clean(each, initial) for each in data or []]


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
    number = forms.IntegerField(label=_("Number"), required=False, min_value=1, max_value=2**31 - 1)
    attached = FilesField(label=_("Files"), required=False, allow_empty_file=True, widget=Files({"multiple": True}))

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


class BulkForm(forms.Form):
    """What a deed on many tickets needs.

    Args:
        scope: Who acts.
        kind: Which deed.
        tickets: The chosen ones, for who could take them.
    """

    handler = forms.ChoiceField(label=_("Handler"), required=False)
    step = forms.ChoiceField(
        label=_("For whom they wait"),
        choices=[(step.value, DEEDS[step.value]) for step in (Step.WAIT_FOR_CUSTOMER, Step.WAIT_FOR_THIRD_PARTY)],
    )
    kind = forms.ChoiceField(
        label=_("Who reads it"),
        choices=[("note", _("internal: the vendor and the client")), ("reply", _("the customer, as an answer"))],
    )
    text = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea({"rows": 4}))

    ASKS: ClassVar[dict[Bulk, tuple[str, ...]]] = {
        Bulk.ASSIGN: ("handler",),
        Bulk.WAIT: ("step", "text"),
        Bulk.COMMENT: ("kind", "text"),
        Bulk.CLOSE: ("text",),
    }
    LABELS: ClassVar[dict[Bulk, Any]] = {
        Bulk.WAIT: _("Why, and for what"),
        Bulk.COMMENT: _("Comment"),
        Bulk.CLOSE: _("How they were solved"),
    }

    def __init__(self, *args: Any, scope: Scope, kind: Bulk, tickets: list[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.ASKS[kind]):
            del self.fields[name]
        if "text" in self.fields:
            self.fields["text"].label = self.LABELS[kind]
        if kind is Bulk.CLOSE:
            self.fields["text"].help_text = _("Open ones are solved; solved ones that owe no callback are archived.")
        if kind is Bulk.ASSIGN:
            people = selectors.handler_list(scope=scope, vendor_ids=[ticket.vendor_id for ticket in tickets])
            names = [(str(person.user.uuid), f"{person.user} · {person.organization.name}") for person in people]
            self.fields["handler"].choices = [("", _("nobody: back into the pile")), *names]  # type: ignore[attr-defined]


class FoundForm(forms.Form):
    """A ticket by its number."""

    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class ViewForm(forms.Form):
    """The name of a view of the list."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("For everybody in my organization"), required=False)
    is_first = forms.BooleanField(label=_("My list begins with it"), required=False)


class TransferForm(forms.Form):
    """What another vendor gets of a matter.

    Args:
        scope: Somebody of the client.
        ticket: As the first vendor has it.
    """

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("What is the matter"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Take out what the other vendor shall not know, such as who had it before."),
    )
    start = forms.ChoiceField(
        label=_("The promises count from"),
        choices=[("now", _("now, when the other vendor gets it")), ("customer", _("when the customer came"))],
        widget=forms.RadioSelect,
        initial="now",
        help_text=_("Whichever you choose, they are those of the other vendor’s own policy."),
    )
    note = forms.CharField(
        label=_("Word to the vendor that has it now"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("It reads that you took the ticket over, and this; not where it goes."),
    )

    def __init__(self, *args: Any, scope: Scope, ticket: Ticket, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"subject": ticket.subject, "text": ticket.text, "has_customer": True})
        super().__init__(*args, **kwargs)
        self.fields[EXPECTED] = forms.IntegerField(initial=ticket.version, widget=forms.HiddenInput)
        rows = contracts.contract_list(scope=scope).exclude(vendor_id=ticket.vendor_id)
        self.fields["contract"] = OfVendorField(
            rows, with_vendor=True, label=_("Contract of the other vendor"), empty_label=_("Choose a contract")
        )
        queues = vendors.queue_list(scope=scope).exclude(vendor_id=ticket.vendor_id)
        self.fields["queue"] = OfVendorField(
            queues, with_vendor=True, label=_("Queue"), required=False, empty_label=_("none")
        )
        if ticket.customer_key is not None:
            self.fields["has_customer"] = forms.BooleanField(label=_("Give the customer’s number too"), required=False)
        self.order_fields(["contract", "queue", "subject", "text", "has_customer", "start", "note"])
