"""Summing the rollups into lines, one for each group and stretch of time, in one statement."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import repeat
from operator import add
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, DateField, DateTimeField, F, Field, Func, IntegerField, Q, Sum, Value, When
from django.db.models.expressions import Combinable

from calls.models import CallReason
from core.scope import Scope
from sla.calc.grid import Span, spans
from sla.calc.kpi import kpi_measures
from sla.calc.query import Dimension, Interval
from sla.models import Measures
from sla.selectors.delivery import covered_days
from sla.selectors.frame import ENTITY, Entity, Frame
from sla.selectors.selection import Selection
from vendors.models import Agent

# Sums of the rollups; a maximum cannot be added up.
STORED_MEASURES = tuple(column.name for column in Measures._meta.get_fields() if column.name != "wait_max_seconds")


class Total(Sum):
    """A sum that comes as a whole number, so that none of the thousands in a report has to be made one here."""

    template = "%(function)s(%(expressions)s)::bigint"

    @property
    def convert_value(self) -> Any:
        """Leave the value as the database gave it."""
        return self._convert_value_noop  # type: ignore[attr-defined]


_SIGNED = Q(definition_version_id__isnull=False)
# Plain counts are stored for calls without signed terms too; what the terms define is not (``connect_base``).
SPLIT_MEASURES = {
    "connect_met": Sum("answered", filter=_SIGNED, default=0),
    **{
        f"unsigned_{name}": Sum(name, filter=~_SIGNED, default=0)
        for name in ("offered", "answered", "abandoned", "flowed_out", "handled")
    },
}
ALL_MEASURES = (*STORED_MEASURES, *SPLIT_MEASURES)
KEY_COLUMNS = {Dimension.QUEUE: "queue_id", Dimension.AGENT: "agent_id", Dimension.REASON: "reason_id"}


@dataclass(slots=True)
class Line:
    """One group in one stretch of time, summed.

    Attributes:
        groups: What it is about.
        label: Its stretch, as :class:`~sla.calc.grid.Span` labels it.
        sums: Measures in the order of :attr:`Lines.measures`.
        spans: The stretch for each contract that belongs to the group.
        queue_ids: Queues that belong to the group.
        version_ids: Contract versions whose definitions were applied.
        has_rows: Whether the rollups have anything for it.
    """

    groups: tuple[Entity, ...]
    label: date | datetime
    sums: list[int]
    spans: dict[int, Span] = field(default_factory=dict)
    queue_ids: frozenset[int] = frozenset()
    version_ids: set[int] = field(default_factory=set)
    has_rows: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of a page's stretch of time, unordered."""

    measures: tuple[str, ...]
    lines: tuple[Line, ...]


def lines_gather(
    *, scope: Scope, selection: Selection, frame: Frame, start: date | datetime, end: date | datetime
) -> Lines:
    """Sum the selected rollup between two bounds.

    Groups of covered vendors, contracts and queues are there even without a single call; agents and reasons only
    where they have some.
    """
    query = selection.query
    measures = (
        ALL_MEASURES
        if query.parts
        else tuple(dict.fromkeys(name for kpi in query.metrics for name in kpi_measures(kpi)))
    )
    zones = sorted({frame.contracts[pk].zone for pk in selection.contract_ids})
    grid = {zone: spans(query.interval, start, end, zone=query.zone or zone, own_zone=zone) for zone in zones}
    gatherer = _Gatherer(selection, frame, measures, grid)
    gatherer.read(_rows(scope, selection, frame, grid, measures))
    if not query.uses & {Dimension.AGENT, Dimension.REASON} and not selection.has_agents:
        gatherer.add_silent(scope.at)
    people = gatherer.people_ids()
    if people:
        gatherer.name_people(_people(scope, people))
    return Lines(measures, tuple(gatherer.found.values()))


class _Gatherer:
    """Adds the statement's rows up into lines."""

    def __init__(
        self,
        selection: Selection,
        frame: Frame,
        measures: tuple[str, ...],
        grid: Mapping[str, list[Span]],
    ) -> None:
        self.selection, self.frame, self.grid = selection, frame, grid
        self.group_by = selection.query.group_by
        self.width = len(measures)
        self.starts = {
            zone: [span.label if selection.by_day else span.start for span in row] for zone, row in grid.items()
        }
        self.found: dict[tuple[Any, ...], Line] = {}
        self.groups: dict[tuple[int, ...], tuple[Entity, ...]] = {}
        covered: dict[int, set[int]] = {}
        for pair in selection.pairs:
            covered.setdefault(pair.contract_id, set()).add(pair.queue_id)
        self.queues_of = {contract_id: frozenset(queue_ids) for contract_id, queue_ids in covered.items()}

    def read(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add the statement's rows: contract, version, keys of the dimensions, place in time, sums."""
        dimensions = [dimension for dimension in KEY_COLUMNS if dimension in self.group_by]
        offset = 2 + len(dimensions)
        for row in rows:
            contract_id, version_id, place = row[0], row[1], row[offset]
            span = self._span(contract_id, place)
            if span is None:
                continue
            keys = dict(zip(dimensions, row[2:offset], strict=True))
            line = self._line(contract_id, keys, span)
            line.has_rows = True
            if version_id is not None:
                line.version_ids.add(version_id)
            line.sums = list(map(add, line.sums, row[offset + 1 :]))

    def _span(self, contract_id: int, place: Any) -> Span | None:
        row = self.grid[self.frame.contracts[contract_id].zone]
        # A place is the number that width_bucket gives, or the day or half-hour itself.
        index = (place if isinstance(place, int) else bisect_right(self._starts(contract_id), place)) - 1
        if not 0 <= index < len(row):
            return None
        span = row[index]
        return None if isinstance(place, datetime) and place >= span.end else span

    def _starts(self, contract_id: int) -> list[Any]:
        return self.starts[self.frame.contracts[contract_id].zone]

    def _line(self, contract_id: int, keys: Mapping[Dimension, int], span: Span) -> Line:
        contract = self.frame.contracts[contract_id].entity
        ids = {Dimension.VENDOR: contract.vendor_id, Dimension.CONTRACT: contract_id, **keys}
        pks = tuple(ids[dimension] for dimension in self.group_by)
        key = (*pks, span.label)
        line = self.found.get(key)
        if line is None:
            groups = self.groups.get(pks)
            if groups is None:
                groups = tuple(map(self._entity, self.group_by, pks, repeat(contract)))
                self.groups[pks] = groups
            line = self.found[key] = Line(groups, span.label, [0] * self.width)
        if contract_id not in line.spans:
            line.spans[contract_id] = span
            queue_id = keys.get(Dimension.QUEUE)
            queues = self.queues_of.get(contract_id, frozenset()) if queue_id is None else frozenset((queue_id,))
            line.queue_ids = line.queue_ids | queues if line.queue_ids else queues
        return line

    def _entity(self, dimension: Dimension, pk: int, contract: Entity) -> Entity:
        if dimension is Dimension.VENDOR:
            return self.frame.vendors[pk]
        if dimension is Dimension.CONTRACT:
            return contract
        if dimension is Dimension.QUEUE:
            return self.frame.queues[pk]
        # Agents and reasons get their names once it is known which of them occur.
        return Entity(pk, None, "", "", contract.vendor_id)

    def add_silent(self, now: datetime) -> None:
        """Add lines for covered queues without a call, up to now."""
        by_queue = Dimension.QUEUE in self.group_by
        groups: dict[tuple[int, int | None], list[Any]] = {}
        for pair in self.selection.pairs:
            groups.setdefault((pair.contract_id, pair.queue_id if by_queue else None), []).append(pair)
        for (contract_id, queue_id), pairs in groups.items():
            row = self.grid[self.frame.contracts[contract_id].zone]
            keys = {} if queue_id is None else {Dimension.QUEUE: queue_id}
            days = covered_days(self.frame, pairs, row[0].first, row[-1].after) if row else []
            at = 0
            for span in row:
                while at < len(days) and days[at] < span.first:
                    at += 1
                if at < len(days) and days[at] < span.after and span.start <= now:
                    self._line(contract_id, keys, span)

    def people_ids(self) -> dict[Dimension, set[int]]:
        """Return the agents and reasons that occur."""
        found: dict[Dimension, set[int]] = {}
        for n, dimension in enumerate(self.group_by):
            if dimension in (Dimension.AGENT, Dimension.REASON):
                found[dimension] = {line.groups[n].pk for line in self.found.values()}
        return found

    def name_people(self, names: Mapping[Dimension, Mapping[int, Entity]]) -> None:
        """Put the names in."""
        for line in self.found.values():
            line.groups = tuple(
                names[dimension].get(entity.pk, entity) if dimension in names else entity
                for dimension, entity in zip(self.group_by, line.groups, strict=True)
            )


def _rows(
    scope: Scope,
    selection: Selection,
    frame: Frame,
    grid: Mapping[str, list[Span]],
    measures: tuple[str, ...],
) -> Iterable[tuple[Any, ...]]:
    """Run the one statement over the rollup."""
    contracts_of: dict[str, list[int]] = {}
    for pk in selection.contract_ids:
        contracts_of.setdefault(frame.contracts[pk].zone, []).append(pk)
    ends = [row for row in grid.values() if row]
    rows = selection.manager.visible_to(scope).filter(contract_id__in=selection.contract_ids)
    if selection.by_day:
        # One zone or many: the labels of whole days are the same.
        rows = rows.filter(day__gte=ends[0][0].first, day__lt=ends[0][-1].after)
    else:
        rows = rows.filter(bucket__gte=min(row[0].start for row in ends), bucket__lt=max(row[-1].end for row in ends))
    for dimension, column in KEY_COLUMNS.items():
        if dimension in selection.ids:
            rows = rows.filter(**{f"{column}__in": list(selection.ids[dimension])})
    keys = ["contract_id", "definition_version_id"]
    keys += [KEY_COLUMNS[dimension] for dimension in KEY_COLUMNS if dimension in selection.query.group_by]
    sums = {f"sum_{name}": SPLIT_MEASURES.get(name, Total(name)) for name in measures}
    place = _place(selection, grid, contracts_of)
    found: Iterable[tuple[Any, ...]] = (
        rows.order_by().values(*keys, place=place).annotate(**sums).values_list(*keys, "place", *sums)
    )
    return found


def _place(selection: Selection, grid: Mapping[str, list[Span]], contracts_of: Mapping[str, list[int]]) -> Combinable:
    """Return the expression that says which stretch a row of the rollup falls in."""
    interval = selection.query.interval
    if selection.by_day and interval is Interval.TOTAL:
        return Value(1)
    if interval is Interval.HALF_HOUR:
        return F("bucket")
    if selection.by_day and interval is Interval.DAY:
        return F("day")
    column, kind = ("day", DateField()) if selection.by_day else ("bucket", DateTimeField())
    places = {
        zone: _width_bucket(column, [span.label if selection.by_day else span.start for span in row], row[-1], kind)
        for zone, row in grid.items()
        if row
    }
    if len(places) == 1 or selection.by_day:
        return next(iter(places.values()))
    return Case(
        *[When(contract_id__in=contracts_of[zone], then=place) for zone, place in places.items()],
        output_field=IntegerField(),
    )


def _width_bucket(column: str, starts: list[Any], last: Span, kind: Field[Any, Any]) -> Func:
    bounds = [*starts, last.after if isinstance(kind, DateField) and column == "day" else last.end]
    return Func(
        F(column), Value(bounds, output_field=ArrayField(kind)), function="width_bucket", output_field=IntegerField()
    )


def _people(scope: Scope, ids: Mapping[Dimension, set[int]]) -> dict[Dimension, dict[int, Entity]]:
    found: dict[Dimension, dict[int, Entity]] = {}
    for dimension, pks in ids.items():
        model = Agent if dimension is Dimension.AGENT else CallReason
        rows = model.objects.visible_to(scope).filter(pk__in=pks).values_list(*ENTITY)
        found[dimension] = {row[0]: Entity(*row) for row in rows}
    return found
