"""The shape of what is typed about incidents, plans, drills, inspections and evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayInput, RowForm
from core.scope import Scope
from core.uploads import KINDS
from sla import selectors
from sla.calc.incidents import Severity, Step
from sla.calc.readiness import CHECKLISTS, WARN_RATIO, System
from sla.models import Cause, ContingencyPlan, Drill, Incident, MonthlyEvidence
from sla.models.incidents import SEVERITY_LABELS, SYSTEM_LABELS
from sla.models.readiness import INSPECTED_LABELS
from sla.wording import ITEM_WORDS
from vendors import selectors as vendors
from vendors.models import Vendor

LINES = forms.Textarea({"rows": 4})


class MomentField(forms.DateTimeField):
    """A moment, typed as the clocks of ``zone`` show it."""

    zone = "UTC"

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        with timezone.override(ZoneInfo(self.zone)):
            moment: datetime | None = super().clean(value)
        return moment

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(ZoneInfo(self.zone)):
            return super().prepare_value(value)


class ZonedForm(forms.Form):
    """A form whose moments are typed in a zone, which their help names."""

    def __init__(self, *args: Any, zone: str = "UTC", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.zone = zone
                field.help_text = f"{field.help_text} {zone}".strip()


class QueuesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Queues; where vendors are mixed, the vendor stands before each."""

    with_vendor = False

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj.name}" if self.with_vendor else obj.name


def vendor_field(scope: Scope) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    """Return the choice of a vendor, for the client."""
    return forms.ModelChoiceField(
        label=_("Vendor"),
        queryset=vendors.vendor_list(scope=scope).filter(is_active=True),
        to_field_name="uuid",
        empty_label=_("Choose a vendor"),
    )


class AffectedForm(ZonedForm):
    """Which systems and queues an incident affects."""

    systems = forms.MultipleChoiceField(
        label=gettext_lazy("Systems affected"),
        choices=[(system.value, label) for system, label in SYSTEM_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = vendors.queue_list(scope=scope).filter(is_active=True)
        self.fields["queues"] = field = QueuesField(
            label=_("Queues whose callers feel it"),
            queryset=queues if vendor is None else queues.filter(vendor=vendor),
            to_field_name="uuid",
            required=False,
            help_text=_("Only these half-hours can relieve the vendor of the service level."),
            widget=forms.SelectMultiple({"size": 6}),
        )
        field.with_vendor = vendor is None

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values as the services take them."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("queues", "vendor")}
        return values | {"queue_uuids": [queue.uuid for queue in self.cleaned_data["queues"]]}


class RaiseForm(AffectedForm):
    """A new incident: what happened, how bad, what is affected, since when."""

    title = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=160,
        help_text=gettext_lazy("One line, such as “no calls arrive since 9:10”."),
    )
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"),
        choices=[(severity.value, label) for severity, label in SEVERITY_LABELS.items()],
        coerce=int,
        initial=Severity.MAJOR.value,
    )
    affected_from = MomentField(
        label=gettext_lazy("Since when"), required=False, help_text=gettext_lazy("Empty for now. Time zone:")
    )

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor | None, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, vendor=vendor, **kwargs)
        if vendor is None:
            self.fields["vendor"] = vendor_field(scope)
        self.order_fields(["vendor", "title", "severity", "systems", "queues", "affected_from"])


class StepForm(forms.Form):
    """What a step tells; a step has the fields that belong to it."""

    cause_class = forms.ChoiceField(label=gettext_lazy("Where the cause lies"), choices=[("", "—"), *Cause.choices])
    cause = forms.CharField(label=gettext_lazy("The cause in words"), widget=LINES, max_length=2000, required=False)
    plan = forms.ModelChoiceField(
        label=gettext_lazy("Plan used"),
        queryset=ContingencyPlan.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=gettext_lazy("none"),
    )
    review = forms.CharField(label=gettext_lazy("What we learned"), widget=LINES, max_length=4000)
    actions = forms.CharField(
        label=gettext_lazy("What will be done, by whom, by when"), widget=LINES, max_length=4000, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the log"), widget=forms.Textarea({"rows": 2}), max_length=1000, required=False
    )

    def __init__(self, *args: Any, scope: Scope, incident: Incident, step: Step, names: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = {*names, "note"}
        for name in set(self.fields) - names:
            del self.fields[name]
        if step is not Step.LOCATE and "cause_class" in self.fields:
            self.fields["cause_class"].required = False
        if "plan" in self.fields:
            plans = selectors.plan_list(scope=scope).filter(vendor_id=incident.vendor_id, is_active=True)
            self.fields["plan"].queryset = plans  # type: ignore[attr-defined]
        for name in names - {"note"}:
            value = getattr(incident, name, None)
            self.initial[name] = value.uuid if isinstance(value, ContingencyPlan) else value

    @property
    def told(self) -> dict[str, Any]:
        """The values without the note."""
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}


class WindowForm(ZonedForm):
    """When callers felt the incident."""

    affected_from = MomentField(label=gettext_lazy("Callers affected from"), help_text=gettext_lazy("Time zone:"))
    affected_until = MomentField(
        label=gettext_lazy("Callers affected until"), required=False, help_text=gettext_lazy("Time zone:")
    )
    affected_reason = forms.CharField(label=gettext_lazy("Why it is corrected"), max_length=1000, widget=LINES)


class ReliefForm(forms.Form):
    """Whether the incident relieves the vendor of the service level."""

    counts = forms.TypedChoiceField(
        label=gettext_lazy("Does it relieve the vendor of the service level?"),
        choices=[("yes", gettext_lazy("It counts")), ("no", gettext_lazy("It does not count"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    relief_reason = forms.CharField(label=gettext_lazy("Why"), max_length=1000, widget=LINES)


class PlanForm(RowForm):
    """A contingency plan."""

    class Meta:
        model = ContingencyPlan
        fields = (
            "kind", "title", "steps", "offline_script", "standby_server", "owner", "in_force_from", "review_on",
            "is_active",
        )  # fmt: skip
        widgets = {"steps": forms.Textarea({"rows": 8})}

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields.pop("is_active", None)
        if vendor is None:
            self.fields["vendor"] = vendor_field(scope)
            self.order_fields(["vendor"])


class UploadField(forms.FileField):
    """A small file that proves something."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Evidence file"),
            required=False,
            help_text=gettext_lazy("PDF, picture, document or text, at most 5 MB; or give a link."),
            widget=forms.FileInput({"accept": ",".join(KINDS)}),
            **kwargs,
        )


class DrillPlanForm(forms.Form):
    """A drill to come."""

    planned_on = forms.DateField(label=gettext_lazy("Planned on"), widget=DayInput)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"] = field = PlanField(
            label=_("Plan"),
            queryset=selectors.plan_list(scope=scope).filter(is_active=True),
            to_field_name="uuid",
            empty_label=_("Choose a plan"),
        )
        field.with_vendor = scope.is_client
        self.order_fields(["plan"])


class PlanField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A plan; where vendors are mixed, the vendor stands before it."""

    with_vendor = False

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj.title}" if self.with_vendor else obj.title


class DrillForm(RowForm):
    """What became of a drill."""

    upload = UploadField()

    class Meta:
        model = Drill
        fields = ("planned_on", "held_on", "participants", "result", "findings", "link")
        widgets = {"findings": LINES}


class InspectionForm(forms.Form):
    """The day's look at one system: its checklist, and how near to its limits it ran."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    load = forms.DecimalField(
        label=gettext_lazy("Load (%)"), min_value=Decimal(0), max_value=Decimal(100), required=False
    )
    bandwidth = forms.DecimalField(
        label=gettext_lazy("Bandwidth used (%)"), min_value=Decimal(0), max_value=Decimal(100), required=False
    )
    warn = forms.DecimalField(
        label=gettext_lazy("Early warning from (%)"),
        min_value=Decimal(10),
        max_value=Decimal(100),
        initial=WARN_RATIO * 100,
    )
    note = forms.CharField(label=gettext_lazy("Remark"), max_length=2000, widget=LINES, required=False)

    def __init__(self, *args: Any, scope: Scope, system: System, vendor: Vendor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.system = system
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("In order at the %(system)s") % {"system": INSPECTED_LABELS[system.value]},
            choices=[(item, ITEM_WORDS[item]) for item in CHECKLISTS[system]],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("What is not ticked counts as not in order."),
        )
        if vendor is None:
            self.fields["vendor"] = vendor_field(scope)
        self.order_fields(["vendor", "day", "items"])

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        cleaned = self.cleaned_data
        shares = {
            f"{name}_ratio": None if cleaned[name] is None else cleaned[name] / 100
            for name in ("load", "bandwidth", "warn")
        }
        items = {item: item in cleaned["items"] for item in CHECKLISTS[self.system]}
        return {"day": cleaned["day"], "items": items, "note": cleaned["note"], **shares}


class EvidenceForm(RowForm):
    """A month's proof."""

    upload = UploadField()

    class Meta:
        model = MonthlyEvidence
        fields = ("kind", "month", "finding_count", "link", "note")
        widgets = {"note": LINES}

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if vendor is None:
            self.fields["vendor"] = vendor_field(scope)
            self.order_fields(["vendor"])
