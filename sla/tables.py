"""The columns and filters of the lists of incidents, plans, drills, inspections and evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from core.columns import CountColumn, DayColumn, HouseTable, MomentColumn, RatioColumn, TruthColumn
from core.filters import DaySpanFilter, SearchFilter, TruthFilter
from core.http import scope_of, zone_of
from core.periods import day_start
from core.templatetags import ui
from sla import selectors
from sla.calc.incidents import Clock, Severity, State
from sla.models import ContingencyPlan, Drill, Incident, Inspection, MonthlyEvidence
from sla.models.incidents import SYSTEM_LABELS
from sla.models.readiness import INSPECTED_LABELS, EvidenceKind, PlanKind
from sla.wording import CLOCKS, ITEM_WORDS, RELIEF, SEVERITIES, STATES, VERDICT_TONES, reading_words
from vendors import selectors as vendors
from vendors.models import Vendor

ONE_DAY = timedelta(days=1)
ONE_LINE = {"td": {"class": "text-nowrap"}}
VENDOR = gettext_lazy("Vendor")


def vendors_of(request: HttpRequest | None) -> QuerySet[Vendor]:
    """Return the vendors that a filter offers."""
    assert request is not None
    return vendors.vendor_list(scope=scope_of(request))


def vendor_column() -> Any:
    """Return the column that only the client sees."""
    return tables.Column(
        verbose_name=VENDOR, linkify=lambda record: reverse("vendors:vendor_detail", args=[record.vendor.uuid])
    )


class VendorFilterSet(FilterSet):  # type: ignore[misc]
    """Asks for the vendor only where rows of several can stand."""

    vendor = ModelChoiceFilter(label=VENDOR, queryset=vendors_of, to_field_name="uuid")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not scope_of(self.request).is_client:
            self.filters.pop("vendor")


class ClockColumn(tables.Column):  # type: ignore[misc]
    """How one of the clocks stands, read at the moment of the page."""

    def __init__(self, clock: Clock, **kwargs: Any) -> None:
        super().__init__(
            verbose_name=CLOCKS[clock], empty_values=(), orderable=False, accessor="raised_at", attrs=ONE_LINE, **kwargs
        )
        self.clock = clock

    def render(self, record: Incident, table: Any) -> Any:
        reading = record.reading(self.clock, scope_of(table.request).at)
        return ui.badge(VERDICT_TONES[reading.verdict], reading_words(reading), "clock")

    def value(self, record: Incident, table: Any) -> str:
        return reading_words(record.reading(self.clock, scope_of(table.request).at))


class IncidentTable(HouseTable):
    """Incidents with their clocks."""

    title = tables.Column(linkify=lambda record: reverse("sla:incident_detail", args=[record.uuid]))
    number = CountColumn(verbose_name="#")
    vendor = vendor_column()
    severity = tables.Column()
    state = tables.Column()
    locate = ClockColumn(Clock.LOCATE)
    restore = ClockColumn(Clock.RESTORE)
    raised_at = MomentColumn()
    affected = tables.Column(verbose_name=gettext_lazy("Affected"), empty_values=(), orderable=False, accessor="pk")
    counts_for_relief = tables.Column(verbose_name=gettext_lazy("Relief"), empty_values=())
    located_at = MomentColumn(visible=False)
    restored_at = MomentColumn(visible=False)

    class Meta:
        model = Incident
        fields = (
            "title", "number", "vendor", "severity", "state", "locate", "restore", "raised_at", "affected",
            "counts_for_relief", "located_at", "restored_at",
        )  # fmt: skip

    def render_severity(self, record: Incident) -> Any:
        word, tone = SEVERITIES[Severity(record.severity)]
        return ui.badge(tone, word)

    def value_severity(self, record: Incident) -> str:
        return str(SEVERITIES[Severity(record.severity)][0])

    def render_state(self, record: Incident) -> Any:
        word, tone = STATES[State(record.state)]
        return ui.badge(tone, word)

    def value_state(self, record: Incident) -> str:
        return str(STATES[State(record.state)][0])

    def render_affected(self, record: Incident) -> str:
        names = [queue.name for queue in selectors.queues_of(record)]
        return ", ".join([*names, *(str(label) for key, label in SYSTEM_LABELS.items() if key in record.systems)])

    def render_counts_for_relief(self, record: Incident) -> Any:
        word, tone = RELIEF[record.counts_for_relief]
        return ui.badge(tone, word)

    def value_counts_for_relief(self, record: Incident) -> str:
        return str(RELIEF[record.counts_for_relief][0])


class LocalDaysFilter(DaySpanFilter):
    """Moments of some days, cut by the clock of the page."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        zone = zone_of(scope_of(self.parent.request))
        if value and value.start is not None:
            qs = qs.filter(**{f"{self.field_name}__gte": day_start(value.start.date(), zone)})
        if value and value.stop is not None:
            qs = qs.filter(**{f"{self.field_name}__lt": day_start(value.stop.date() + ONE_DAY, zone)})
        return qs


class IncidentFilter(VendorFilterSet):
    """What incidents are found by."""

    q = SearchFilter(fields=("title", "cause"))
    state = ChoiceFilter(label=gettext_lazy("State"), choices=[(s.value, word) for s, (word, _tone) in STATES.items()])
    severity = ChoiceFilter(
        label=gettext_lazy("Severity"), choices=[(s.value, word) for s, (word, _tone) in SEVERITIES.items()]
    )
    raised_at = LocalDaysFilter(label=gettext_lazy("Raised"))
    counts_for_relief = TruthFilter(
        label=gettext_lazy("Relief"), yes=gettext_lazy("counts"), no=gettext_lazy("does not count")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scope_of(self.request).role == "agent":
            self.filters.pop("counts_for_relief")
            self.filters["q"].fields = ("title",)


class PlanTable(HouseTable):
    """Contingency plans."""

    title = tables.Column(linkify=lambda record: reverse("sla:plan_detail", args=[record.uuid]))
    vendor = vendor_column()
    review_on = DayColumn()
    in_force_from = DayColumn(visible=False)
    drilled_on = DayColumn(verbose_name=gettext_lazy("Last drill"))
    is_active = TruthColumn(
        verbose_name=gettext_lazy("State"), yes=gettext_lazy("in use"), no=gettext_lazy("laid aside")
    )

    class Meta:
        model = ContingencyPlan
        fields = (
            "title", "kind", "vendor", "owner", "offline_script", "review_on", "drilled_on", "in_force_from",
            "is_active",
        )  # fmt: skip


class PlanFilter(VendorFilterSet):
    """What plans are found by."""

    q = SearchFilter(fields=("title", "owner", "steps"))
    kind = ChoiceFilter(label=gettext_lazy("For"), choices=PlanKind.choices)


def evidence_cell(record: Any) -> Any:
    """Return the links to what proves a row."""
    links = []
    if record.file is not None:
        links.append((reverse("sla:file", args=[record.file.uuid]), record.file.file_name))
    if record.link:
        links.append((record.link, gettext_lazy("link")))
    return format_html_join(" · ", '<a href="{}" rel="noreferrer">{}</a>', links) if links else ui.missing()


def evidence_text(record: Any) -> str:
    """Return the same for an export."""
    return " ".join(text for text in (record.file.file_name if record.file else "", record.link) if text)


class DrillTable(HouseTable):
    """Drills."""

    plan = tables.Column(linkify=lambda record: reverse("sla:drill_detail", args=[record.uuid]))
    vendor = vendor_column()
    planned_on = DayColumn()
    held_on = DayColumn()
    evidence = tables.Column(verbose_name=gettext_lazy("Evidence"), empty_values=(), orderable=False, accessor="pk")

    class Meta:
        model = Drill
        fields = ("plan", "vendor", "planned_on", "held_on", "result", "participants", "findings", "evidence")

    def render_evidence(self, record: Drill) -> Any:
        return evidence_cell(record)

    def value_evidence(self, record: Drill) -> str:
        return evidence_text(record)


class DrillFilter(VendorFilterSet):
    """What drills are found by."""

    q = SearchFilter(fields=("plan__title", "participants", "findings"))
    planned_on = DaySpanFilter(label=gettext_lazy("Planned"))


class InspectionTable(HouseTable):
    """Daily inspections."""

    day = DayColumn()
    vendor = vendor_column()
    failed = tables.Column(verbose_name=gettext_lazy("Checklist"), empty_values=(), orderable=False, accessor="items")
    load_ratio = RatioColumn()
    bandwidth_ratio = RatioColumn()
    warning = tables.Column(verbose_name=gettext_lazy("Early warning"), empty_values=(), orderable=False, accessor="pk")
    checked_at = MomentColumn(visible=False)

    class Meta:
        model = Inspection
        fields = (
            "day", "system", "vendor", "failed", "load_ratio", "bandwidth_ratio", "warning", "note", "checked_by",
            "checked_at",
        )  # fmt: skip

    def render_failed(self, record: Inspection) -> Any:
        failed = ", ".join(str(ITEM_WORDS.get(item, item)) for item in record.failed_items)
        if not failed:
            return ui.badge("good", gettext_lazy("all in order"))
        return format_html("{} {}", ui.badge("bad", gettext_lazy("not in order")), failed)

    def value_failed(self, record: Inspection) -> str:
        return ", ".join(str(ITEM_WORDS.get(item, item)) for item in record.failed_items)

    def render_warning(self, record: Inspection) -> Any:
        return ui.badge("warning", gettext_lazy("near its limit")) if record.is_early_warning else "—"

    def value_warning(self, record: Inspection) -> bool:
        return record.is_early_warning


class InspectionFilter(VendorFilterSet):
    """What inspections are found by."""

    system = ChoiceFilter(label=gettext_lazy("System"), choices=list(INSPECTED_LABELS.items()))
    day = DaySpanFilter(label=gettext_lazy("Day"))


class EvidenceTable(HouseTable):
    """Monthly evidence."""

    month = tables.Column(attrs=ONE_LINE)
    vendor = vendor_column()
    finding_count = CountColumn()
    evidence = tables.Column(verbose_name=gettext_lazy("Evidence"), empty_values=(), orderable=False, accessor="pk")
    recorded_at = MomentColumn(visible=False)

    class Meta:
        model = MonthlyEvidence
        fields = ("month", "kind", "vendor", "finding_count", "evidence", "note", "recorded_by", "recorded_at")

    def render_month(self, record: MonthlyEvidence) -> str:
        return f"{record.month:%Y-%m}"

    def render_evidence(self, record: MonthlyEvidence) -> Any:
        return evidence_cell(record)

    def value_evidence(self, record: MonthlyEvidence) -> str:
        return evidence_text(record)


class EvidenceFilter(VendorFilterSet):
    """What evidence is found by."""

    kind = ChoiceFilter(label=gettext_lazy("Kind"), choices=EvidenceKind.choices)
    month = DaySpanFilter(label=gettext_lazy("Month"))
