"""What a query selects in a scope: contracts, queues, agents, reasons, the days or moments, and the rollup to sum."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from calls.models import CallReason
from core.errors import BadParameter, Invalid
from core.models import ScopedQuerySet
from core.periods import day_start, local_day
from core.scope import Scope
from sla.calc.grid import cuts, is_aligned, moment_of, spans
from sla.calc.query import MAX_CELLS, MAX_DAYS_COARSE, MAX_DAYS_FINE, Dimension, Interval, KpiQuery
from sla.models import AgentDay, QueueDay, QueueHalfHour, ReasonDay
from sla.selectors.frame import CoverageInfo, Entity, Frame
from vendors.models import Agent


@dataclass(frozen=True, slots=True)
class Selection:
    """A query made definite.

    Attributes:
        query: The query; its bounds are local days wherever the moments asked for are midnights.
        model: The rollup to sum.
        by_day: Whether the rollup is kept by local day, else by half-hour.
        contract_ids: Contracts to sum over.
        ids: Other filters, as keys.
        pairs: Coverage lines that the filters leave.
        has_agents: Whether rows belong to agents.
    """

    query: KpiQuery
    model: type[Model]
    by_day: bool
    contract_ids: tuple[int, ...]
    ids: Mapping[Dimension, frozenset[int]]
    pairs: tuple[CoverageInfo, ...]
    has_agents: bool

    @property
    def manager(self) -> ScopedQuerySet:
        """The rollup's rows."""
        manager: ScopedQuerySet = self.model.objects  # type: ignore[attr-defined]
        return manager


def select(*, scope: Scope, query: KpiQuery, frame: Frame) -> Selection:
    """Resolve a query's filters in the scope and pick the rollup that answers it.

    Raises:
        BadParameter: A filter names nothing in the scope.
        Invalid: The rollups cannot answer; ``fields`` names the parameter.
    """
    ids = _filter_ids(scope, query, frame)
    contract_ids, pairs = _contracts(ids, frame)
    zones = {frame.contracts[pk].zone for pk in contract_ids}
    query = _as_days(query, zones)
    _check_size(query)
    by_day = (
        not query.interval.is_fine
        and not isinstance(query.start, datetime)
        and (query.zone is None or zones <= {query.zone})
    )
    uses = query.uses | set(ids)
    if Dimension.AGENT in uses and Dimension.REASON in uses:
        message = _("Figures are not kept by agent and reason at once; leave one of them out.")
        raise Invalid("kpi_grouping", message, fields={"group_by": [message]})
    person = Dimension.AGENT if Dimension.AGENT in uses else Dimension.REASON if Dimension.REASON in uses else None
    if person and not by_day:
        _refuse_fine_person(query, person)
    if not by_day:
        _check_alignment(query, zones)
    model: type[Model] = QueueDay if by_day else QueueHalfHour
    if person:
        model = AgentDay if person is Dimension.AGENT else ReasonDay
    return Selection(query, model, by_day, contract_ids, ids, pairs, Dimension.AGENT in uses)


def _filter_ids(scope: Scope, query: KpiQuery, frame: Frame) -> dict[Dimension, frozenset[int]]:
    known = {
        Dimension.VENDOR: frame.vendors.values(),
        Dimension.CONTRACT: [contract.entity for contract in frame.contracts.values()],
        Dimension.QUEUE: frame.queues.values(),
    }
    ids = {}
    for dimension, wanted in query.filters.items():
        entities = known[dimension] if dimension in known else people_named(scope, dimension, wanted)
        ids[dimension] = _matching(dimension, wanted, entities)
    if scope.agent_id is not None:
        # A person in the role "agent" sees its own figures, whatever was asked for.
        ids[Dimension.AGENT] = ids.get(Dimension.AGENT, frozenset({scope.agent_id})) & {scope.agent_id}
    return ids


def people_named(scope: Scope, dimension: Dimension, wanted: Iterable[str]) -> list[Entity]:
    """Return the agents or reasons with one of the codes or uuids."""
    model = Agent if dimension is Dimension.AGENT else CallReason
    codes = list(wanted)
    rows = model.objects.visible_to(scope).filter(Q(code__in=codes) | Q(uuid__in=_uuids(codes)))
    if dimension is Dimension.AGENT and scope.agent_id is not None:
        rows = rows.filter(pk=scope.agent_id)
    return [Entity(row.pk, row.uuid, row.code, row.name, row.vendor_id) for row in rows]


def _uuids(texts: Iterable[str]) -> list[uuids.UUID]:
    found = []
    for text in texts:
        try:
            found.append(uuids.UUID(text))
        except ValueError:
            continue
    return found


def _matching(dimension: Dimension, wanted: Iterable[str], entities: Iterable[Entity]) -> frozenset[int]:
    keys: dict[str, set[int]] = {}
    for entity in entities:
        keys.setdefault(entity.code, set()).add(entity.pk)
        keys.setdefault(str(entity.uuid), set()).add(entity.pk)
    found: set[int] = set()
    unknown = []
    for text in wanted:
        matches = keys.get(text) or {pk for uuid in _uuids([text]) for pk in keys.get(str(uuid), ())}
        found |= matches
        if not matches:
            unknown.append(text)
    if unknown:
        message = _("Not found: %(values)s") % {"values": ", ".join(unknown)}
        raise BadParameter(dimension.value, message)
    return frozenset(found)


def _contracts(
    ids: Mapping[Dimension, frozenset[int]], frame: Frame
) -> tuple[tuple[int, ...], tuple[CoverageInfo, ...]]:
    vendor_ids, queue_ids = ids.get(Dimension.VENDOR), ids.get(Dimension.QUEUE)
    contract_ids = {
        pk
        for pk, contract in frame.contracts.items()
        if (vendor_ids is None or contract.entity.vendor_id in vendor_ids)
        and pk in ids.get(Dimension.CONTRACT, frame.contracts)
    }
    pairs = tuple(
        pair
        for pair in frame.coverage
        if pair.contract_id in contract_ids and (queue_ids is None or pair.queue_id in queue_ids)
    )
    if queue_ids is not None:
        # Other contracts have no say, their zones neither.
        contract_ids = {pair.contract_id for pair in pairs}
    return tuple(sorted(contract_ids)), pairs


def _as_days(query: KpiQuery, zones: set[str]) -> KpiQuery:
    """Turn moments that are midnights into days; days are what most rollups are kept by."""
    start, end = query.start, query.end
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        return query
    asked = {query.zone} if query.zone else zones or {"UTC"}
    days = {(local_day(start, zone), local_day(end, zone)) for zone in asked}
    if len(days) == 1 and all(b == day_start(local_day(b, zone), zone) for b in (start, end) for zone in asked):
        first, after = days.pop()
        return replace(query, start=first, end=after)
    if query.interval in (Interval.DAY, Interval.WEEK, Interval.MONTH):
        message = _("Days begin at local midnight: give dates such as 2026-06-01, or midnights of the zone in tz.")
        raise Invalid("kpi_period", message, fields={"from": [message]})
    return replace(query, start=start.astimezone(UTC), end=end.astimezone(UTC))


def _check_size(query: KpiQuery) -> None:
    limit = MAX_DAYS_FINE if query.interval.is_fine else MAX_DAYS_COARSE
    days = (moment_of(query.end, "UTC") - moment_of(query.start, "UTC")).days
    if days > limit:
        message = _("At most %(limit)s days for this interval; ask for a shorter period or a longer interval.")
        raise Invalid("kpi_too_long", message % {"limit": limit}, fields={"to": [message % {"limit": limit}]})
    if query.page_size * len(query.metrics) > MAX_CELLS:
        message = _("At most %(limit)s cells (rows times metrics) a page; ask for fewer.") % {"limit": MAX_CELLS}
        raise Invalid("kpi_too_many", message, fields={"page_size": [message]})


def _refuse_fine_person(query: KpiQuery, person: Dimension) -> None:
    if query.interval.is_fine:
        message = _("Figures by %(dimension)s are kept by day; choose the interval day or longer.")
        field = "interval"
    elif query.zone is not None:
        message = _("Figures by %(dimension)s are kept by the contract's own days; leave tz out.")
        field = "tz"
    else:
        message = _("Figures by %(dimension)s are kept by the contract's own days; give dates, not moments.")
        field = "from"
    message = message % {"dimension": person.value}
    raise Invalid("kpi_grain", message, fields={field: [message]})


def _check_alignment(query: KpiQuery, zones: set[str]) -> None:
    if query.interval is Interval.HALF_HOUR:
        return
    if query.interval is Interval.HOUR and isinstance(query.start, datetime) and not query.zone and len(zones) > 1:
        message = _("Contracts of several time zones: name the zone of the hours in tz, or give dates.")
        raise Invalid("kpi_zone", message, fields={"tz": [message]})
    for own_zone in sorted(zones):
        zone = query.zone or own_zone
        bounds: list[date | datetime] = cuts(query.interval, query.start, query.end, zone)
        if not query.interval.is_fine:
            bounds = [
                span.start for span in spans(query.interval, query.start, query.end, zone=zone, own_zone=own_zone)
            ]
        if not all(is_aligned(moment_of(bound, zone), own_zone) for bound in (*bounds, query.end)):
            message = _(
                "The half-hours of contracts in %(own)s do not fit the bounds asked for; "
                "leave tz out or choose the interval half_hour."
            ) % {"own": own_zone}
            raise Invalid("kpi_zone", message, fields={"tz" if query.zone else "from": [message]})
