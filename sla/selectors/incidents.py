"""Reading incidents: the list, one with its log, how often its clocks were met, and which half-hours it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Prefetch, Q, QuerySet, Value

from contracts import selectors as contracts
from core import sql
from core.errors import NotFound
from core.periods import day_start, local_day
from core.scope import Scope
from sla.calc.incidents import OPEN_STATES, Clock
from sla.models import Incident, IncidentEntry, IncidentQueue
from vendors import selectors as vendors

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AffectedHalfHour:
    """That callers of a queue felt an incident in a half-hour.

    Attributes:
        queue_id: The queue.
        bucket: Start of the half-hour, UTC, counted from the first moment of the contract's local day.
        incident_id: The incident.
        incident_uuid: Its public id.
        number: Its number at the vendor.
        affected_seconds: How much of the half-hour it took.
    """

    queue_id: int
    bucket: datetime
    incident_id: int
    incident_uuid: UUID
    number: int
    affected_seconds: float


@dataclass(frozen=True, slots=True)
class ClockCount:
    """How often a clock was met.

    Attributes:
        clock: Which one.
        met: Incidents located or restored in time: the numerator.
        decided: Those and the ones that were late, running ones that are over the limit included: the denominator.
        running: Incidents that can still be in time.
    """

    clock: Clock
    met: int
    decided: int
    running: int

    @property
    def ratio(self) -> float | None:
        """The share that was in time; None where none is decided."""
        return self.met / self.decided if self.decided else None


def incident_list(*, scope: Scope) -> QuerySet[Incident]:
    """Return the visible incidents, the newest first; an agent's are those that are not restored yet."""
    incidents = Incident.objects.visible_to(scope).select_related("vendor", "plan")
    if scope.role == "agent":
        incidents = incidents.filter(state__in=OPEN_STATES)
    return incidents.order_by("-raised_at", "-pk")


def incident_list_with_queues(*, scope: Scope) -> QuerySet[Incident]:
    """Return the visible incidents with the queues that they affect, for lists: two queries however many there are."""
    return incident_list(scope=scope).prefetch_related(_affected(scope))


def incident_get(*, scope: Scope, uuid: UUID) -> Incident:
    """Return one incident with its queues; raises NotFound."""
    return vendors.one(incident_list_with_queues(scope=scope), uuid=uuid)


def _affected(scope: Scope) -> Prefetch[Any]:
    links = IncidentQueue.objects.visible_to(scope).select_related("queue").order_by("queue__name", "pk")
    return Prefetch("affected", queryset=links, to_attr="affected_links")


def queues_of(incident: Incident) -> list[Any]:
    """Return the queues of an incident that :func:`incident_get` or the list with queues returned."""
    return [link.queue for link in incident.affected_links]  # type: ignore[attr-defined]


def entry_list(*, scope: Scope, incident: Incident) -> QuerySet[IncidentEntry]:
    """Return an incident's log, the newest line first."""
    return IncidentEntry.objects.visible_to(scope).filter(incident=incident).order_by("-at", "-pk")


def clock_counts(*, scope: Scope, start: datetime, end: datetime, vendor_id: int | None = None) -> list[ClockCount]:
    """Return how often each clock was met by the incidents raised in ``[start, end)``, in one query.

    Args:
        scope: Who asks; ``scope.at`` is the moment that running clocks are read at.
        start: First moment.
        end: First moment after it.
        vendor_id: One vendor only.
    """
    rows = Incident.objects.visible_to(scope).filter(raised_at__gte=start, raised_at__lt=end)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    wanted: dict[str, Any] = {}
    for clock, stopped, limit in (
        (Clock.LOCATE, "located_at", "locate_limit_seconds"),
        (Clock.RESTORE, "restored_at", "restore_limit_seconds"),
    ):
        due = ExpressionWrapper(F("raised_at") + _seconds(limit), output_field=DateTimeField())
        rows = rows.annotate(**{f"{clock}_due": due})
        stopped_in_time = Q(**{f"{stopped}__lte": F(f"{clock}_due")})
        is_running = Q(**{f"{stopped}__isnull": True, f"{clock}_due__gte": scope.at})
        wanted |= {
            f"{clock}_met": Count("pk", filter=stopped_in_time),
            f"{clock}_running": Count("pk", filter=is_running),
        }
    found = rows.aggregate(total=Count("pk"), **wanted)
    return [
        ClockCount(clock, found[f"{clock}_met"], found["total"] - found[f"{clock}_running"], found[f"{clock}_running"])
        for clock in Clock
    ]


def _seconds(field: str) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(F(field) * Value(timedelta(seconds=1)), output_field=DurationField())


def affected_half_hours(*, scope: Scope, contract_id: int, start: datetime, end: datetime) -> list[AffectedHalfHour]:
    """Return the half-hours of a contract's queues in which an incident that counts for relief was felt.

    A half-hour of two incidents stands there for each of them; whoever relieves a half-hour takes it once. An
    incident that is not over is taken as lasting until now. One query, however many incidents there are.

    Args:
        scope: Who asks.
        contract_id: The contract; its zone counts the half-hours.
        start: First half-hour's start, aware.
        end: First moment after the last one.

    Raises:
        NotFound: The contract does not exist for the caller.

    Source: docs/formulas.md, "Half-hours that an incident took".
    """
    zone = contracts.contract_zones(scope=scope).get(contract_id)
    if zone is None:
        raise NotFound
    days = _days(local_day(start, zone), local_day(end, zone))
    found = sql.rows(
        "sla/affected_half_hours",
        {
            "contract_id": contract_id,
            "days": days,
            "starts": [day_start(day, zone) for day in days],
            "ends": [day_start(day + ONE_DAY, zone) for day in days],
            "start": start,
            "end": end,
            "at": scope.at,
            "vendor_ids": list(scope.vendor_ids),
        },
    )
    return [AffectedHalfHour(**row) for row in found]


def _days(first: Any, last: Any) -> Sequence[Any]:
    return [first + ONE_DAY * number for number in range((last - first).days + 1)]
