"""Addresses that carry a question: the explorer, the derivation, the calls behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote_plus

from django.urls import NoReverseMatch, reverse

from contracts.calc.definition import Kpi
from reports.periods import PeriodChoice
from reports.words import PARTS
from sla.calc.query import Dimension, KpiQuery
from sla.selectors import Entity, Row

# The list of calls opens this many days at once.
CALLS_DAYS_MAX = 100
Pairs = list[tuple[str, str]]


@lru_cache
def address(name: str) -> str:
    """Return the address of a page; empty where there is none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


# A page has thousands of addresses made of the same few names, keys and days.
_quoted = lru_cache(maxsize=10_000)(quote_plus)


def with_query(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return an address with parameters; empty values are left out."""
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs if value)
    return f"{path}?{query}" if query else path


def filter_pairs(filters: Mapping[Dimension, Sequence[str]]) -> Pairs:
    """Return filters as parameters."""
    return [(dimension.value, value) for dimension, values in filters.items() for value in values]


def group_pairs(query: KpiQuery, row: Row) -> Pairs:
    """Return a row's groups and the query's other filters as parameters."""
    grouped = dict(zip(query.group_by, row.groups, strict=True))
    pairs = [(dimension.value, entity_value(entity)) for dimension, entity in grouped.items()]
    return pairs + filter_pairs({d: values for d, values in query.filters.items() if d not in grouped})


def entity_value(entity: Entity) -> str:
    """Return what names an entity in an address."""
    return str(entity.uuid) if entity.uuid else "none"


def bound_text(bound: date | datetime) -> str:
    """Return a bound as the interfaces read it."""
    return bound.isoformat()


def calls_url(row: Row, query: KpiQuery, part: str = "") -> str:
    """Return where the calls behind a row are listed; empty if the row covers more than a list can hold."""
    start, end = _days_if_whole(row, query)
    calls_list = address("calls:list")
    if not calls_list or _length(row) > timedelta(days=CALLS_DAYS_MAX):
        return ""
    pairs = [*group_pairs(query, row), ("from", bound_text(start)), ("to", bound_text(end)), ("part", part)]
    return with_query(calls_list, pairs)


def cell_url(row: Row, query: KpiQuery, kpi: Kpi) -> str:
    """Return where the calls that a figure counts are listed."""
    return calls_url(row, query, PARTS[kpi][0])


def cells_url(row: Row, query: KpiQuery, kpi: Kpi) -> str:
    """Return what :func:`cell_url` gives for every stretch of a row's groups, up to the stretch itself."""
    return with_query(address("calls:list"), [*group_pairs(query, row), ("part", PARTS[kpi][0])])


def period_query(row: Row) -> str:
    """Return the stretch of a row as the end of an address that has parameters."""
    return f"&from={quote_plus(bound_text(row.start))}&to={quote_plus(bound_text(row.end))}"


def derivation_url(row: Row, query: KpiQuery, kpi: Kpi) -> str:
    """Return where a figure is explained; calls without a reason cannot be asked for alone."""
    pairs = group_pairs(query, row)
    if ("reason", "none") in pairs:
        return ""
    bounds = [("metrics", kpi.value), ("from", bound_text(row.start)), ("to", bound_text(row.end))]
    return with_query(address("reports:derivation"), [*bounds, *pairs])


def explorer_url(
    *,
    metrics: Iterable[Kpi],
    period: PeriodChoice,
    pairs: Pairs,
    group_by: Iterable[Dimension] = (),
    interval: str = "",
) -> str:
    """Return the explorer with a question in it."""
    asked = [("metrics", kpi.value) for kpi in metrics] + [("group_by", d.value) for d in group_by]
    asked += [("interval", interval), *period.pairs]
    return with_query(reverse("reports:explorer"), asked + pairs)


def _days_if_whole(row: Row, query: KpiQuery) -> tuple[date | datetime, date | datetime]:
    """Return local days for whole days of the contract's own zone, moments for everything else."""
    start, end = row.start, row.end
    if query.zone is None and isinstance(start, datetime) and isinstance(end, datetime):
        midnights = (start.hour, start.minute, end.hour, end.minute) == (0, 0, 0, 0)
        if midnights and end.date() > start.date():
            return start.date(), end.date()
    return start, end


def _length(row: Row) -> timedelta:
    if isinstance(row.start, datetime) and isinstance(row.end, datetime):
        return row.end - row.start
    return timedelta(days=row.end.toordinal() - row.start.toordinal())
