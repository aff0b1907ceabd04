"""From when to when a contract covers a queue, and by which terms: what imports and figures go by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Max, Model, OuterRef, QuerySet

from contracts.calc.definition import Definition
from contracts.calc.lifecycle import State
from contracts.models import Contract, Coverage, QueueDefinition, Version
from core.periods import day_start, local_day
from core.scope import Scope

Row = TypeVar("Row", bound=Model)
SIGNED = State.SIGNED.value
ONE_DAY = timedelta(days=1)
# The far ends of open intervals: no figure is asked for before or after.
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
NEVER = datetime(2200, 1, 1, tzinfo=UTC)
ALWAYS = (LONG_AGO, NEVER)


@dataclass(frozen=True, slots=True)
class CoverageSpan:
    """From when to when a contract covers a queue.

    Attributes:
        zone: The contract's zone.
        covers_from: First moment of the first local day, UTC.
        covers_until: First moment after the last one, UTC; None while it is open.
    """

    queue_code: str
    queue_id: int
    contract_id: int
    zone: str
    covers_from: datetime
    covers_until: datetime | None


@dataclass(frozen=True, slots=True)
class DefinitionSpan:
    """A queue's recipe and the local days it holds for, ``[effective_from, effective_until)``."""

    contract_id: int
    queue_id: int
    version_id: int
    version_uuid: UUID
    version_number: int
    effective_from: date
    effective_until: date | None
    definition: Definition


@dataclass(frozen=True, slots=True)
class VersionSpan:
    """The local days that a signed version holds on, and whether it has terms for a queue; ``last`` None is open."""

    first: date
    last: date | None
    has_terms: bool


def coverage_spans(*, scope: Scope, vendor_id: int) -> list[CoverageSpan]:
    """Return which contract covers which of a vendor's queues when, by queue and time."""
    rows = (
        Coverage.objects.visible_to(scope)
        .filter(vendor_id=vendor_id)
        .select_related("contract", "queue")
        .order_by("queue__code", "starts_on")
    )
    return [
        CoverageSpan(
            queue_code=row.queue.code,
            queue_id=row.queue_id,
            contract_id=row.contract_id,
            zone=row.contract.zone,
            covers_from=day_start(row.starts_on, row.contract.zone),
            covers_until=None if row.ends_on is None else day_start(row.ends_on + ONE_DAY, row.contract.zone),
        )
        for row in rows
    ]


def covered_queues(*, scope: Scope, contract_ids: Collection[int] | None = None) -> list[tuple[int, int]]:
    """Return the pairs (contract, queue) that are or were covered."""
    rows = _of_contracts(Coverage.objects.visible_to(scope), contract_ids)
    return list(rows.order_by("contract_id", "queue_id").values_list("contract_id", "queue_id"))


def incident_limits(
    *, scope: Scope, vendor_id: int, queue_ids: Collection[int], at: datetime
) -> tuple[int, int] | None:
    """Return within how many minutes a failure that is raised now is located and restored.

    Where several contracts are concerned, the tightest limit counts.

    Args:
        scope: Who asks.
        vendor_id: Whose service fails.
        queue_ids: The queues whose callers feel it; none for all that are covered.
        at: The moment.

    Returns:
        Both limits; None if no signed version covers such a queue then.
    """
    covered = Coverage.objects.visible_to(scope).filter(vendor_id=vendor_id).select_related("contract")
    if queue_ids:
        covered = covered.filter(queue_id__in=queue_ids)
    days = {row.contract_id: local_day(at, row.contract.zone) for row in covered if _covers(row, at)}
    signed = Version.objects.visible_to(scope).filter(contract_id__in=days, state=SIGNED).order_by("effective_from")
    in_force = {row.contract_id: row for row in signed if row.effective_from <= days[row.contract_id]}
    if not in_force:
        return None
    found = in_force.values()
    return min(row.incident_locate_minutes for row in found), min(row.incident_restore_minutes for row in found)


def _covers(row: Coverage, at: datetime) -> bool:
    day = local_day(at, row.contract.zone)
    return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)


def contract_zones(*, scope: Scope) -> dict[int, str]:
    """Return every visible contract's zone."""
    return dict(Contract.objects.visible_to(scope).values_list("pk", "zone"))


def definitions_in_force(*, scope: Scope, contract_ids: Collection[int] | None = None) -> list[DefinitionSpan]:
    """Return the recipes of the signed versions by contract, queue and time.

    A version holds until the next signed one of its contract, for queues too that the next one leaves out.
    """
    until = _effective_until(scope, contract_ids)
    rows = (
        _of_contracts(QueueDefinition.objects.visible_to(scope), contract_ids, "contract_version__contract_id")
        .filter(contract_version__state=SIGNED)
        .select_related("contract_version")
        .order_by("contract_version__contract_id", "queue_id", "contract_version__effective_from")
    )
    return [
        DefinitionSpan(
            contract_id=row.contract_version.contract_id,
            queue_id=row.queue_id,
            version_id=row.contract_version_id,
            version_uuid=row.contract_version.uuid,
            version_number=row.contract_version.number,
            effective_from=row.contract_version.effective_from,
            effective_until=until[row.contract_version_id],
            definition=row.definition,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a queue's figures follow for calls offered in ``[valid_from, valid_until)``, UTC.

    Attributes:
        version_id: The signed version; None where no terms were signed.
        definition: Its terms; the house default where none were signed.
    """

    contract_id: int
    queue_id: int
    valid_from: datetime
    valid_until: datetime
    version_id: int | None
    definition: Definition


def recipes(*, scope: Scope, contract_ids: Collection[int]) -> Iterator[Recipe]:
    """Yield the recipes of all covered queues; those of one queue follow each other without a gap for all time."""
    zones = contract_zones(scope=scope)
    known: dict[tuple[int, int], datetime] = {}
    spans = definitions_in_force(scope=scope, contract_ids=contract_ids)
    for span in sorted(spans, key=lambda span: span.effective_from):
        key, zone = (span.contract_id, span.queue_id), zones[span.contract_id]
        begin = day_start(span.effective_from, zone)
        end = NEVER if span.effective_until is None else day_start(span.effective_until, zone)
        if known.get(key, LONG_AGO) < begin:
            yield Recipe(*key, known.get(key, LONG_AGO), begin, None, Definition())
        known[key] = end
        yield Recipe(*key, begin, end, span.version_id, span.definition)
    for key in covered_queues(scope=scope, contract_ids=contract_ids):
        if known.get(key, LONG_AGO) < NEVER:
            yield Recipe(*key, known.get(key, LONG_AGO), NEVER, None, Definition())


def version_spans(*, scope: Scope, contract_id: int, queue_id: int) -> list[VersionSpan]:
    """Return the days of a contract's signed versions and which of them have terms for a queue.

    Terms of an earlier version do not pass on to a later one that leaves the queue out.
    """
    until = _effective_until(scope, [contract_id])
    terms = QueueDefinition.objects.visible_to(scope).filter(contract_version_id=OuterRef("pk"), queue_id=queue_id)
    signed = Version.objects.visible_to(scope).filter(contract_id=contract_id, state=SIGNED)
    rows = signed.annotate(has_terms=Exists(terms)).order_by("effective_from")
    return [
        VersionSpan(first, None if (after := until[pk]) is None else after - ONE_DAY, has_terms)
        for pk, first, has_terms in rows.values_list("pk", "effective_from", "has_terms")
    ]


def fcr_windows(*, scope: Scope) -> dict[int, int]:
    """Return, by contract, the longest window in hours in which a repeat call tells on a former one."""
    rows = QueueDefinition.objects.visible_to(scope).filter(contract_version__state=SIGNED).order_by()
    longest = rows.values("contract_version__contract_id").annotate(hours=Max("fcr_window_hours"))
    return dict(longest.values_list("contract_version__contract_id", "hours"))


def _effective_until(scope: Scope, contract_ids: Collection[int] | None) -> dict[int, date | None]:
    signed = _of_contracts(Version.objects.visible_to(scope), contract_ids).filter(state=SIGNED)
    until: dict[int, date | None] = {}
    following: tuple[int, date] | None = None
    for version in signed.order_by("contract_id", "-effective_from"):
        same = following is not None and following[0] == version.contract_id
        until[version.pk] = following[1] if same and following else None
        following = (version.contract_id, version.effective_from)
    return until


def _of_contracts(rows: QuerySet[Row], contract_ids: Collection[int] | None, key: str = "contract_id") -> QuerySet[Row]:
    return rows if contract_ids is None else rows.filter(**{f"{key}__in": contract_ids})
