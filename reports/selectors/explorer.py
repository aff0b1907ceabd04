"""The explorer: one question to the KPIs as a table, a chart and a file, all from the same report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.calc.access import fields_readable
from contracts.calc.definition import Kpi
from contracts.wording import KPI_NAMES
from core.exports import Column
from core.formats import day_text, moment_text, offset_text
from core.periods import local_day
from core.scope import Scope
from reports.addresses import cell_url, derivation_url, with_query
from reports.periods import PeriodChoice, default_period, month_text, period_read
from reports.selectors.cells import figure_text, level_of
from reports.serializers import kpi_query_read, report_write, table_cells, table_columns
from reports.words import DIMENSION_NAMES, KPI_SHORT, NO_REASON, UNIT_HEADS, UNITS
from sla.calc.kpi import RECIPES, Unit
from sla.calc.query import MAX_CELLS, ORDER_START, Dimension, Interval, KpiQuery
from sla.selectors import Cell, Entity, Frame, KpiReport, Row, freshness, kpi_report

ROWS_ON_SCREEN = 300
SERIES_MAX = 7
DEFAULT_METRICS = (Kpi.SERVICE_LEVEL, Kpi.ABANDONMENT, Kpi.VOLUME)
# Parameters of the page that are none of the question.
PAGE_PARAMETERS = ("export",)
TYPED = (Dimension.AGENT.value, Dimension.REASON.value)


Groups = tuple[Entity, ...]


class Label(NamedTuple):
    """What people call a group; ``vendor`` is empty where nobody needs it to tell groups apart."""

    names: tuple[str, ...]
    vendor: str

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " · ".join((*self.names, self.vendor) if self.vendor else self.names)


@dataclass(frozen=True, slots=True)
class CellView:
    """One figure of the table."""

    cell: Cell
    name: str
    explain: str
    text: str
    level: str
    url: str
    drawer_url: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the table."""

    groups: tuple[str, ...]
    vendor: str
    period: str
    cells: tuple[CellView, ...]
    is_complete: bool
    computed: int
    expected: int


@dataclass(frozen=True, slots=True)
class Explored:
    """The answer as the page shows it."""

    query: KpiQuery
    rows: tuple[RowView, ...]
    next_token: str | None
    chart: dict[str, Any] | None
    chart_kind: str
    chart_title: str
    chart_note: str
    api_url: str
    zones: tuple[str, ...]


def explorer_parameters(
    *, scope: Scope, frame: Frame, parameters: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], PeriodChoice]:
    """Return the page's parameters with the defaults put in, and the period.

    Raises:
        BadParameter: The period cannot be read.
    """
    asked = {name: [value for value in values if value] for name, values in parameters.items()}
    asked = {name: values for name, values in asked.items() if values}
    period = period_read({name: values[0] for name, values in asked.items()}, _default_period(scope, frame, asked))
    for name in TYPED:
        if name in asked:
            asked[name] = [part.strip() for value in asked[name] for part in value.split(",") if part.strip()]
    if "metrics" not in asked:
        asked["metrics"] = [kpi.value for kpi in DEFAULT_METRICS]
        if scope.agent_id is not None:
            asked["metrics"] = [Kpi.AHT.value, Kpi.FCR.value, Kpi.CSAT.value]
    if not set(asked) & {"group_by", "interval"}:
        asked["group_by"] = [(Dimension.CONTRACT if scope.is_client else Dimension.QUEUE).value]
    return asked, period


def _default_period(scope: Scope, frame: Frame, asked: Mapping[str, Any]) -> PeriodChoice:
    zone = next((contract.zone for contract in frame.contracts.values()), "UTC")
    if "from" in asked or "to" in asked:
        today = local_day(scope.at, zone)
        return PeriodChoice(today, today)
    newest = max((v.last_day for v in freshness(scope=scope, frame=frame) if v.last_day), default=None)
    return default_period(newest, local_day(scope.at, zone))


def explorer_query(asked: Mapping[str, Sequence[str]], period: PeriodChoice) -> KpiQuery:
    """Return the question of the page.

    Raises:
        BadParameter: Something in it cannot be read; its name is in the details.
    """
    left = {name: values for name, values in asked.items() if name not in PAGE_PARAMETERS}
    query = kpi_query_read({**left, "from": [period.first.isoformat()], "to": [period.after.isoformat()]})
    return replace(query, page_size=min(query.page_size, ROWS_ON_SCREEN))


def explore(*, scope: Scope, frame: Frame, query: KpiQuery) -> Explored:
    """Answer the question for the screen.

    Raises:
        BadParameter: A filter names nothing.
        Invalid: The figures are not kept at this grain.
    """
    if "target" not in fields_readable(scope.role, scope.side, "kpi"):
        # What was promised is none of an agent's business, nor how a figure stands to it.
        frame = replace(frame, targets={})
    report = kpi_report(scope=scope, query=query, frame=frame)
    in_time = report
    if query.interval is not Interval.TOTAL and (query.order != ORDER_START or query.next_token):
        # A chart runs with time, whatever the table is ordered by.
        in_time = kpi_report(scope=scope, query=replace(query, order=ORDER_START, next_token=""), frame=frame)
    labels = _labels((*report.rows, *in_time.rows), query, with_vendor=len(frame.vendors) > 1)
    kind, chart, note = _chart(in_time, labels)
    kpi = query.metrics[0]
    words = {
        metric: (str(KPI_NAMES[metric]), _("How %(name)s is computed") % {"name": KPI_NAMES[metric]})
        for metric in query.metrics
    }
    return Explored(
        query=report.query,
        rows=tuple(
            _row(row, report.query, labels[row.groups], words, with_drawer=scope.agent_id is None)
            for row in report.rows
        ),
        next_token=report.next_token,
        chart=chart,
        chart_kind=kind,
        chart_title=str(KPI_NAMES[kpi]),
        chart_note=note,
        api_url=api_url(query),
        zones=report.zones,
    )


def api_url(query: KpiQuery) -> str:
    """Return the same question to the interface for programs."""
    pairs = [("metrics", ",".join(query.metrics)), ("group_by", ",".join(query.group_by))]
    pairs += [("interval", query.interval.value), ("tz", query.zone or "")]
    pairs += [("from", query.start.isoformat()), ("to", query.end.isoformat())]
    pairs += [(dimension.value, value) for dimension, values in query.filters.items() for value in values]
    pairs += [("order", query.order if query.order != ORDER_START else "")]
    return with_query(reverse("api_kpis"), pairs)


def _labels(rows: Iterable[Row], query: KpiQuery, *, with_vendor: bool) -> dict[Groups, Label]:
    """Return what people call each group and whose it is, so that no two read alike."""
    is_asked = Dimension.VENDOR not in query.group_by and bool(query.group_by) and with_vendor
    labels: dict[Groups, Label] = {}
    for row in rows:
        if row.groups not in labels:
            names = tuple(entity.name or entity.code or str(NO_REASON) for entity in row.groups)
            labels[row.groups] = Label(names, row.vendor.name if is_asked and row.vendor else "")
    shared = {label for label, count in Counter(labels.values()).items() if count > 1}
    return {
        groups: label._replace(names=tuple(f"{name} ({e.code})" for name, e in zip(label.names, groups, strict=True)))
        if label in shared
        else label
        for groups, label in labels.items()
    }


def _row(
    row: Row, query: KpiQuery, label: Label, words: Mapping[Kpi, tuple[str, str]], *, with_drawer: bool
) -> RowView:
    return RowView(
        groups=label.names,
        vendor=label.vendor,
        period=period_text(row, query.interval),
        cells=tuple(
            CellView(
                cell,
                *words[cell.kpi],
                figure_text(cell.result.value, UNITS[cell.result.unit]),
                level_of(cell.status),
                cell_url(row, query, cell.kpi),
                derivation_url(row, query, cell.kpi) if with_drawer else "",
            )
            for cell in row.cells
        ),
        is_complete=row.completeness.is_complete,
        computed=row.completeness.computed,
        expected=row.completeness.expected,
    )


def period_text(row: Row, interval: Interval) -> str:
    """Return a row's stretch of time in words; an hour that comes twice says which one it is."""
    if interval is Interval.TOTAL:
        return ""
    start, last = row.start, row.end - timedelta(microseconds=1)
    if interval.is_fine and isinstance(start, datetime):
        text = moment_text(start, row.zone or "UTC")
        return f"{text} ({offset_text(start, row.zone or 'UTC')})" if start.fold else text
    first = start.date() if isinstance(start, datetime) else start
    end = last.date() if isinstance(last, datetime) else last - timedelta(days=1)
    if interval is Interval.MONTH:
        return month_text(first)
    return day_text(first, weekday=True) if first == end else f"{day_text(first)} – {day_text(end)}"


def _chart(report: KpiReport, names: Mapping[Groups, Label]) -> tuple[str, dict[str, Any] | None, str]:
    """Return the kind, the data and a note of the chart that answers the first metric."""
    query, rows = report.query, report.rows
    kpi = query.metrics[0]
    if query.interval is Interval.TOTAL:
        shown = [row for row in rows if row.cells[0].result.value is not None]
        if len(shown) < 2:
            return "", None, ""
        return ("pareto" if kpi is Kpi.VOLUME else "dots"), _comparison(shown, query, names), ""
    groups: dict[Groups, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.groups, []).append(row)
    labels = list(dict.fromkeys(period_text(row, query.interval) for row in rows))
    if len(labels) < 2:
        return "", None, ""
    shown_groups = list(groups.items())[:SERIES_MAX]
    note = ""
    if len(groups) > SERIES_MAX:
        note = _("The first %(shown)s of %(all)s; filter to see others.") % {"shown": SERIES_MAX, "all": len(groups)}
    targets = {row.cells[0].target for _group, found in shown_groups for row in found if row.cells[0].target}
    data = {
        "labels": labels,
        "x_name": str(_("Period")),
        "unit": UNITS[rows[0].cells[0].result.unit],
        "series": [_series(names[group].text, found, labels, query) for group, found in shown_groups],
        "targets": _goal(targets),
    }
    return "trend", data, note


def _series(name: str, rows: Sequence[Row], labels: Sequence[str], query: KpiQuery) -> dict[str, Any]:
    by_label = {period_text(row, query.interval): row for row in rows}
    placed = [by_label.get(label) for label in labels]
    cells = [row.cells[0] if row else None for row in placed]
    return {
        "name": name or str(KPI_NAMES[query.metrics[0]]),
        "values": [cell.result.value if cell else None for cell in cells],
        "n": [cell.result.denominator if cell else None for cell in cells],
        "provisional": [bool(cell and cell.is_provisional) for cell in cells],
        "urls": [cell_url(row, query, query.metrics[0]) if row else "" for row in placed],
    }


def _comparison(rows: Sequence[Row], query: KpiQuery, names: Mapping[Groups, Label]) -> dict[str, Any]:
    kpi = query.metrics[0]
    targets = {row.cells[0].target for row in rows if row.cells[0].target}
    found = []
    for row in rows:
        result = row.cells[0].result
        low, high = result.interval or (None, None)
        found.append(
            {
                "name": names[row.groups].text,
                "value": result.value,
                "low": low,
                "high": high,
                "n": result.denominator,
                "is_small": result.is_small,
                "url": cell_url(row, query, kpi),
            }
        )
    unit = rows[0].cells[0].result.unit
    return {
        "name": str(KPI_NAMES[kpi]),
        "row_name": " · ".join(str(DIMENSION_NAMES[dimension]) for dimension in query.group_by),
        "unit": UNITS[unit],
        "rows": found if unit is Unit.CALLS else sorted(found, key=lambda row: -row["value"]),
        "targets": _goal(targets),
    }


def _goal(targets: set[Any]) -> list[dict[str, Any]]:
    if len(targets) != 1:
        return []
    target = targets.pop()
    return [
        {"name": str(_("goal")), "value": float(target.goal)},
        {"name": str(_("minimum")), "value": float(target.minimum)},
    ]


def export_columns(query: KpiQuery) -> list[Column]:
    """Return the heads of the file, in the language of the page."""
    titles: dict[str, str] = {}
    for dimension, name in DIMENSION_NAMES.items():
        titles[dimension.value] = _("%(name)s code") % {"name": name}
        titles[f"{dimension.value}_name"] = str(name)
    titles |= {
        "start": _("From"),
        "end": _("To (not included)"),
        "tz": _("Time zone"),
        "definition_versions": _("Definition versions"),
        "computed_days": _("Contract days with calls"),
        "expected_days": _("Days expected"),
    }
    for kpi in query.metrics:
        name, unit = str(KPI_NAMES[kpi]), UNIT_HEADS.get(RECIPES[kpi].unit)
        titles[kpi.value] = f"{name} ({unit})" if unit else name
        titles[f"{kpi.value}_numerator"] = _("%(name)s: numerator") % {"name": name}
        titles[f"{kpi.value}_denominator"] = _("%(name)s: denominator") % {"name": name}
        titles[f"{kpi.value}_status"] = _("%(name)s: against the target") % {"name": name}
        titles[f"{kpi.value}_provisional"] = _("%(name)s: provisional") % {"name": name}
    return table_columns(query, titles)


def export_rows(*, scope: Scope, frame: Frame, query: KpiQuery) -> Iterator[list[Any]]:
    """Yield every row of the question, page after page."""
    asked = replace(query, page_size=MAX_CELLS // len(query.metrics) // 10, next_token="")
    token: str | None = ""
    while token is not None:
        report = kpi_report(scope=scope, query=replace(asked, next_token=token), frame=frame)
        document = report_write(scope=scope, report=report)
        for row in document["results"]:
            yield table_cells(document, row)
        token = report.next_token


def kpi_heads(query: KpiQuery) -> list[tuple[Kpi, str, str]]:
    """Return the columns of the table: KPI, short and full name."""
    return [(kpi, str(KPI_SHORT[kpi]), str(KPI_NAMES[kpi])) for kpi in query.metrics]
