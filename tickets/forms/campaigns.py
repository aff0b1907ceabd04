"""The shape of what is typed about outbound tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contracts import selectors as contracts
from contracts.calc import hours
from contracts.wording import hours_problem
from core.formats import weekday_name
from core.forms import EXPECTED, RowForm
from core.scope import Scope
from qa.calc.scripts import ScriptKind
from qa.selectors import script_now, scripts_in_use
from tickets.calc.outbound import ENTERED, WINDOWS, Outcome, Purpose
from tickets.calc.terms import windows_parse
from tickets.forms.rules import PromiseField
from tickets.forms.work import OfVendorField
from tickets.models import ATTEMPT_OUTCOMES, Attempt, Campaign
from tickets.services.contacts import ENCODINGS
from vendors import selectors as vendors
from vendors.calc.places import country_names

WEEK = [f"hours-{day}" for day in hours.WEEKDAYS]


class ScriptField(OfVendorField):
    """A version of a script, with its vendor where they are mixed."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj}" if self.with_vendor else str(obj)


class CampaignForm(RowForm):
    """What a campaign is for, when it may call, and how often; a new one asks under which contract."""

    gap_seconds = PromiseField(
        label=gettext_lazy("Between two attempts"),
        required=True,
        help_text=gettext_lazy("Such as 4 h; it holds for the customer, over all campaigns."),
    )
    hold_seconds = PromiseField(
        label=gettext_lazy("Time for one contact"),
        required=True,
        help_text=gettext_lazy("Such as 30 min; after that somebody else may get it."),
    )

    class Meta:
        model = Campaign
        fields = (
            *("name", "purpose", "goal", "goal_count", "queue", "script", "starts_on", "ends_on", "country"),
            *("max_attempts", "per_day", "gap_seconds", "hold_seconds", "sample_limit", "resurvey_days"),
        )
        help_texts = {
            "per_day": gettext_lazy("Of one customer, over all campaigns."),
            "sample_limit": gettext_lazy("For satisfaction calls to those who called in the last two days."),
            "resurvey_days": gettext_lazy("Whom a satisfaction call reached is left out for so long."),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        for name in ("gap_seconds", "hold_seconds"):
            self.initial[name] = getattr(self.instance, name)
        of: dict[str, Any] = {} if is_new else {"vendor_id": self.instance.vendor_id}
        mixed = scope.is_client and is_new
        if is_new:
            self.fields["contract"] = OfVendorField(
                contracts.contract_list(scope=scope), label=_("Contract"), with_vendor=mixed,
                empty_label=_("Choose a contract"), help_text=_("Decides whose campaign it is, and its time zone."),
            )  # fmt: skip
        self.fields["queue"] = OfVendorField(
            vendors.queue_list(scope=scope).filter(is_active=True, **of), label=_("Queue"), with_vendor=mixed,
            required=False, empty_label=_("none in particular"),
        )  # fmt: skip
        self.fields["script"] = ScriptField(
            scripts_in_use(scope=scope).filter(kind=ScriptKind.CALL, **of), label=_("Script"), with_vendor=mixed,
            required=False, empty_label=_("not chosen yet"),
            help_text=_("Only versions that passed their review; a campaign without one cannot go live."),
        )  # fmt: skip
        queue = self.instance.queue if self.instance.queue_id else None
        # Whichever version was chosen once: the one in use is what is said.
        script = script_now(scope=scope, script=self.instance.script if self.instance.script_id else None)
        self.initial["queue"], self.initial["script"] = queue and queue.uuid, script and script.uuid
        names = country_names(get_language() or "en")
        self.fields["country"] = forms.ChoiceField(
            label=_("Public holidays of"), required=False, choices=[("", _("none")), *names.items()],
            help_text=_("Nobody is called on them."),
        )  # fmt: skip
        if is_new and not scope.is_client:
            self.initial["country"] = vendors.vendor_of_id(scope=scope, vendor_id=scope.organization_id).country
        stored = self.instance.service_hours or WINDOWS
        for day in hours.WEEKDAYS:
            self.fields[f"hours-{day}"] = forms.CharField(
                label=weekday_name(day, "wide"),
                required=False,
                max_length=100,
                initial=hours.text_of(windows_parse(stored.get(str(day), []))),
                widget=forms.TextInput({"placeholder": _("nobody is called")}),
            )
        self.order_fields(["name", "contract", "purpose", "goal", "goal_count", "queue", "script", "starts_on",
                           "ends_on", *WEEK, "country"])  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read the week, each error beside its day."""
        data = self.cleaned_data
        week: dict[str, Any] = {}
        for day in hours.WEEKDAYS:
            try:
                found = hours.pairs_from_text(data.pop(f"hours-{day}", ""), weekday=day)
                if found:
                    week |= hours.parse({str(day): found}).as_json()
            except hours.HoursError as error:
                self.add_error(f"hours-{day}", hours_problem(error))
        data["service_hours"] = week
        if not week and not self.errors:
            self.add_error("hours-0", _("Give at least one window."))
        return data

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All but the week."""
        return [field for field in self.visible_fields() if field.name not in WEEK]

    @property
    def week_fields(self) -> list[forms.BoundField]:
        """The windows by weekday."""
        return [self[name] for name in WEEK]

    @property
    def values(self) -> dict[str, Any]:
        """The campaign's fields as the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in (EXPECTED, "contract")}


class ListForm(forms.Form):
    """A file with contacts."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV with a heading. Choose it, or drop it on the field."),
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,text/csv"}),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        initial=ENCODINGS[0],
        choices=[(name, name.upper()) for name in ENCODINGS],
        help_text=gettext_lazy(
            "UTF-8, unless the program that wrote the file says another; Excel in Chinese: GB18030."
        ),
    )


class DoNotCallForm(forms.Form):
    """Somebody who asked not to be called."""

    number = forms.CharField(
        label=gettext_lazy("Customer’s number"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "+86 138 0013 8000"}),
        help_text=gettext_lazy("With its country code. It is kept encrypted and shown masked."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scope.is_client:
            self.fields["vendor"] = forms.ModelChoiceField(
                vendors.vendor_list(scope=scope), label=_("Not to be called by"), to_field_name="uuid",
                required=False, empty_label=_("anybody: every vendor"),
            )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(label=gettext_lazy("Why this customer may be called again"), max_length=200)


class MomentInput(forms.DateTimeInput):
    """A moment on the clock of a zone."""

    input_type = "datetime-local"


class OutcomeForm(forms.Form):
    """What came of an attempt; which fields are asked for follows from the purpose and the outcome."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=[(o.value, ATTEMPT_OUTCOMES[o]) for o in ENTERED]
    )
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("Satisfaction"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *((str(n), str(n)) for n in range(5, 0, -1))],
    )  # fmt: skip
    success_reference = forms.CharField(
        label=gettext_lazy("Proof of the success"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Such as the number of the order."),
    )
    follow_up_at = forms.DateTimeField(
        label=gettext_lazy("Call again at"), required=False, widget=MomentInput(format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )  # fmt: skip
    is_for_all = forms.BooleanField(
        label=gettext_lazy("No vendor of the house may call this customer"), required=False, initial=True
    )
    call_external_id = forms.CharField(label=gettext_lazy("Call id"), required=False, max_length=64)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    ticket_subject = forms.CharField(
        label=gettext_lazy("Open a ticket about"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Left empty, none is opened; the note becomes its text."),
    )

    def __init__(self, *args: Any, attempt: Attempt, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        purpose = attempt.campaign.purpose
        if purpose != Purpose.SATISFACTION:
            del self.fields["satisfaction"]
        else:
            del self.fields["success_reference"]
        for field in self.fields.values():
            is_check = isinstance(field.widget, forms.CheckboxInput)
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = "form-check-input" if is_check else kind

    def clean_follow_up_at(self) -> datetime | None:
        """Return the moment that was typed on the customer's clock."""
        moment: datetime | None = self.cleaned_data["follow_up_at"]
        if moment is None or self.cleaned_data.get("outcome") != Outcome.CALL_LATER:
            return None
        return moment.replace(tzinfo=ZoneInfo(self.zone))
