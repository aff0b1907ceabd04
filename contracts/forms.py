"""The shape of what is typed about contracts, what they cover, and their terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms.models import fields_for_model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contracts.calc import hours
from contracts.calc.currencies import currency_names
from contracts.calc.definition import DEFINITION_FIELDS, RANGES, Bucketing, Definition, Formula, Kpi, Operator
from contracts.calc.targets import SECONDS_KPIS, TARGET_KPIS, TargetTerms
from contracts.models import Contract, QueueDefinition, Version
from contracts.services.agreements import FROZEN
from contracts.services.terms import ALL
from contracts.wording import FORMULAS, KPI_NAMES, hours_problem
from core.formats import weekday_name
from core.forms import EXPECTED, DayInput, RowForm
from core.scope import Scope
from vendors import selectors as vendors
from vendors.calc.places import zone_groups
from vendors.models import Queue, Vendor

SERVICE_LEVEL_FIELDS = ("threshold_seconds", "operator", "formula", "short_abandon_seconds", "count_flow_outs")
LINES = ("goal", "amber", "minimum")
LINE_NAMES = {
    "goal": gettext_lazy("goal"),
    "amber": gettext_lazy("amber to"),
    "minimum": gettext_lazy("breach beyond"),
}


def currency_choices() -> list[tuple[str, str]]:
    """Return the currencies for a select, by code."""
    return [(code, f"{code} · {name}") for code, name in currency_names(get_language() or "en").items()]


class ContractForm(RowForm):
    """A contract's own facts.

    Args:
        scope: Who fills it in.
        vendor: Whose contract it is; None lets the person choose.
        is_signed: Whether a version is signed, which fixes all that money and figures go by.
    """

    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=[("", "—"), *zone_groups()],
        help_text=gettext_lazy("Days and half-hours are this zone's. It is fixed once a version is signed."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currency_choices, initial="CNY")

    class Meta:
        model = Contract
        fields = ("name", "code", "zone", "currency", "starts_on", "ends_on", "note")
        widgets = {"note": forms.Textarea({"rows": 3})}
        help_texts = {"note": gettext_lazy("Only your own organization reads this.")}

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor | None, is_signed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FROZEN if is_signed else ():
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Fixed by the signed version.")
        if is_signed and "ends_on" in self.fields:
            self.fields["ends_on"].help_text = _("Draft an amendment to move it; a second person signs.")
        if vendor is None:
            self.fields["vendor"] = forms.ModelChoiceField(
                label=_("Vendor"),
                queryset=vendors.vendor_list(scope=scope),
                to_field_name="uuid",
                empty_label=_("Choose a vendor"),
            )
            self.order_fields(["vendor"])


class CoverageForm(forms.Form):
    """From when to when a contract covers a queue; carries what the person saw.

    Args:
        queues: The queues to choose from; None where the queue is settled.
    """

    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    ends_on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Last day; leave it empty to cover the queue as long as the contract lasts."),
    )
    former_starts_on = forms.DateField(required=False, widget=forms.HiddenInput)
    former_ends_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, queues: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if queues is not None:
            self.fields["queue"] = forms.ModelChoiceField(
                label=_("Queue"), queryset=queues, to_field_name="uuid", empty_label=_("Choose a queue")
            )
            self.order_fields(["queue"])

    @property
    def former(self) -> tuple[date, date | None] | None:
        """First and last day as the person saw them; None where the queue was not covered."""
        first = self.cleaned_data["former_starts_on"]
        return None if first is None else (first, self.cleaned_data["former_ends_on"])


class ReturnForm(forms.Form):
    """Why a version goes back to its drafters."""

    reason = forms.CharField(
        label=gettext_lazy("What is to be mended"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Those who drafted it read this."),
    )


class PercentField(forms.DecimalField):
    """A ratio, typed as a percentage; cleans to 0..1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned is None else cleaned / 100


class SecondsField(forms.DecimalField):
    """A length of time in seconds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=86_400, max_digits=9, decimal_places=4, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def formula_choices() -> list[tuple[int, SafeString]]:
    """Return the formulas in words, each with what it gives for the same published day."""
    return [
        (
            formula.value,
            format_html(
                '{} <span class="formula-recipe">{} <span class="text-nowrap">→ {}&nbsp;%</span></span>',
                name, recipe, example,
            ),
        )
        for formula, (name, recipe, example) in FORMULAS.items()
    ]  # fmt: skip


DEFINITION_HELP = {
    "short_abandon_seconds": gettext_lazy("Who hangs up this soon hardly waited; the formula says what that means."),
    "count_flow_outs": gettext_lazy("Calls that left for voicemail, another queue or a callback count against it."),
    "bucketing": gettext_lazy("For calls that arrive in one half-hour and are answered in the next."),
    "fcr_window_hours": gettext_lazy("168 h is a week; the figure stays provisional until the window has passed."),
    "fcr_forward_minutes": gettext_lazy("0: every next call is a repeat."),
}


def definition_fields() -> dict[str, forms.Field]:
    """Return the fields of a recipe, in the closed ranges of the definition."""
    fields = fields_for_model(QueueDefinition, fields=DEFINITION_FIELDS)
    for name, (low, high) in RANGES.items():
        label, initial = fields[name].label, fields[name].initial
        fields[name] = forms.IntegerField(label=label, initial=initial, min_value=low, max_value=high)
    fields["formula"] = forms.TypedChoiceField(
        label=_("Service-level formula"),
        coerce=int,
        choices=formula_choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Each gives another percentage for the same day: 1,000 answered, 860 of them within 20 s; "
            "60 abandoned, 20 within 20 s and 10 of those within 5 s."
        ),
    )
    fields["operator"] = forms.ChoiceField(
        label=_("A call answered after exactly the threshold"),
        choices=[(Operator.WITHIN.value, _("met it")), (Operator.BELOW.value, _("missed it"))],
    )
    for name, text in DEFINITION_HELP.items():
        fields[name].help_text = text
    return {name: fields[name] for name in DEFINITION_FIELDS}


class Section:
    """The fields of one queue, or of all queues alike, for the template to lay out."""

    def __init__(self, form: forms.Form, key: str, label: str) -> None:
        self.form, self.key, self.label = form, key, label

    @property
    def service_level(self) -> list[forms.BoundField]:
        """The fields of the service level's recipe."""
        return [self.form[f"{self.key}-{name}"] for name in SERVICE_LEVEL_FIELDS]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields that are seldom changed."""
        return [self.form[f"{self.key}-{name}"] for name in DEFINITION_FIELDS if name not in SERVICE_LEVEL_FIELDS]

    @property
    def has_errors(self) -> bool:
        """Whether one of the seldom changed fields is to be mended."""
        return any(field.errors for field in self.others)

    @property
    def targets(self) -> Iterator[dict[str, Any]]:
        """The rows of the table of targets."""
        for kpi in TARGET_KPIS:
            yield {
                "name": KPI_NAMES[kpi],
                "unit": _("s") if kpi in SECONDS_KPIS else "%",
                "lines": [(LINE_NAMES[line], self.form[f"{self.key}-{kpi.value}-{line}"]) for line in LINES],
            }


class VersionForm(forms.Form):
    """All terms of a version: when it begins, service hours, and recipe and targets of the queues.

    Args:
        version: The draft, its terms read along.
        queues: The queues that the contract covers.
        each: Whether every queue has terms of its own; otherwise one set holds for all.
        is_amendment: Whether a former version is signed; before that the contract itself says when it ends.
    """

    effective_from = forms.DateField(
        label=gettext_lazy("Takes effect on"),
        widget=DayInput,
        help_text=gettext_lazy("If the day lies in the past, the days since are measured again once it is signed."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Contract's last day"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Leave it empty for an open end. The contract follows once this version is signed."),
    )
    incident_locate_minutes = forms.IntegerField(
        label=gettext_lazy("Located within (min)"), required=False, min_value=1
    )
    incident_restore_minutes = forms.IntegerField(
        label=gettext_lazy("Restored within (min)"), required=False, min_value=1
    )
    change_note = forms.CharField(
        label=gettext_lazy("What changes and why"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The vendor reads this once the version is signed."),
    )

    def __init__(
        self, *args: Any, version: Version, queues: list[Queue], each: bool, is_amendment: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("effective_from", "ends_on", "change_note", "incident_locate_minutes", "incident_restore_minutes"):
            self.initial[name] = getattr(version, name)
        if not is_amendment:
            del self.fields["ends_on"]
        self.fields[EXPECTED] = forms.IntegerField(initial=version.version, widget=forms.HiddenInput)
        self._add_hours(version)
        self.sections: list[Section] = []
        if each:
            for queue in queues:
                self._add_section(version, str(queue.uuid), queue.name, queue.pk)
        elif queues:
            self._add_section(version, ALL, _("All queues"), queues[0].pk)

    def _add_hours(self, version: Version) -> None:
        for weekday in hours.WEEKDAYS:
            pairs = version.service_hours.get(str(weekday), [])
            self.fields[f"hours-{weekday}"] = forms.CharField(
                label=weekday_name(weekday, "wide").capitalize(),
                required=False,
                max_length=120,
                initial=", ".join("–".join(pair) for pair in pairs),
                widget=forms.TextInput({"placeholder": _("closed")}),
            )

    def _add_section(self, version: Version, key: str, label: str, queue_id: int) -> None:
        recipes = {row.queue_id: row.definition for row in version.definitions.all()}
        stored = recipes.get(queue_id, Definition()).as_dict()
        for name, field in definition_fields().items():
            self.fields[f"{key}-{name}"] = field
            self.initial[f"{key}-{name}"] = stored[name]
        lines = {(row.queue_id, row.kpi): row.terms.lines() for row in version.targets.all()}
        for kpi in TARGET_KPIS:
            for line in LINES:
                field_class = SecondsField if kpi in SECONDS_KPIS else PercentField
                name = f"{key}-{kpi.value}-{line}"
                self.fields[name] = field_class(label=f"{KPI_NAMES[kpi]}, {LINE_NAMES[line]}", required=False)
                self.initial[name] = lines.get((queue_id, kpi.value), {}).get(line)
        self.sections.append(Section(self, key, label))

    @property
    def hour_fields(self) -> list[forms.BoundField]:
        """The seven lines of service hours."""
        return [self[f"hours-{weekday}"] for weekday in hours.WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        """Read hours, recipes and targets, each error beside its own field."""
        data = self.cleaned_data
        data["service_hours"] = self._clean_hours()
        data["definitions"], data["targets"] = {}, {}
        for section in self.sections:
            queue = None if section.key == ALL else UUID(section.key)
            self._clean_definition(section.key, queue)
            for kpi in TARGET_KPIS:
                self._clean_target(section.key, queue, kpi)
        return data

    def _clean_hours(self) -> dict[str, list[list[str]]]:
        pairs: dict[str, list[list[str]]] = {}
        for weekday in hours.WEEKDAYS:
            name = f"hours-{weekday}"
            try:
                found = hours.pairs_from_text(self.cleaned_data.get(name, ""), weekday=weekday)
                if found:
                    hours.parse({str(weekday): found})
                    pairs[str(weekday)] = found
            except hours.HoursError as error:
                self.add_error(name, hours_problem(error))
        if not pairs and not self.errors:
            self.add_error("hours-0", hours_problem(hours.HoursError("empty")))
        return pairs

    def _clean_definition(self, key: str, queue: UUID | None) -> None:
        values: dict[str, Any] = {name: self.cleaned_data.get(f"{key}-{name}") for name in DEFINITION_FIELDS}
        if any(f"{key}-{name}" in self.errors for name in DEFINITION_FIELDS):
            return
        if values["csat_top_from"] > values["csat_best"]:
            self.add_error(f"{key}-csat_top_from", _("This cannot lie above the best answer."))
            return
        values |= {
            "formula": Formula(values["formula"]),
            "operator": Operator(values["operator"]),
            "bucketing": Bucketing(values["bucketing"]),
        }
        self.cleaned_data["definitions"][queue] = Definition(**values)

    def _clean_target(self, key: str, queue: UUID | None, kpi: Kpi) -> None:
        names = [f"{key}-{kpi.value}-{line}" for line in LINES]
        values: list[Any] = [self.cleaned_data.get(name) for name in names]
        if any(name in self.errors for name in names) or all(value is None for value in values):
            return
        for name, value in zip(names, values, strict=True):
            if value is None:
                self.add_error(name, _("Fill in all three, or none."))
                return
        self.cleaned_data["targets"][queue, kpi] = TargetTerms(*values)
