"""What stands around the figures: vendors, contracts, queues, coverage and signed terms of one scope."""

from __future__ import annotations

import uuid as uuids
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from contracts.calc.definition import Definition, Kpi
from contracts.calc.targets import TargetTerms
from contracts.models import Contract, Coverage, QueueDefinition, State, Target, Version
from core.scope import Scope
from vendors.models import Queue, Vendor

FOREVER = date.max
EVERY_DAY = frozenset(range(7))
# The columns of an entity, in the order of its fields.
ENTITY = ("pk", "uuid", "code", "name", "vendor_id")


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that rows are grouped by; ``uuid`` is None for "no reason"."""

    pk: int
    uuid: uuids.UUID | None
    code: str
    name: str
    vendor_id: int


@dataclass(frozen=True, slots=True)
class ContractInfo:
    """A contract as a report needs it."""

    entity: Entity
    zone: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class CoverageInfo:
    """That a contract covers a queue on the days ``[first, after)``."""

    contract_id: int
    queue_id: int
    first: date
    after: date


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A signed version."""

    pk: int
    uuid: uuids.UUID
    contract_id: int
    number: int
    effective_from: date
    open_weekdays: frozenset[int]


@dataclass(frozen=True)
class Frame:
    """Everything that does not depend on the question, read once and shared by the reports of one page."""

    vendors: Mapping[int, Entity]
    contracts: Mapping[int, ContractInfo]
    queues: Mapping[int, Entity]
    coverage: tuple[CoverageInfo, ...]
    versions: Mapping[int, VersionInfo]
    definitions: Mapping[tuple[int, int], Definition]
    targets: Mapping[tuple[int, int, Kpi], TargetTerms]
    # What was worked out for one report and holds for the others of the page too.
    memo: dict[Any, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def versions_of(self) -> dict[int, list[VersionInfo]]:
        """The signed versions of each contract, oldest first."""
        found: dict[int, list[VersionInfo]] = defaultdict(list)
        for version in sorted(self.versions.values(), key=lambda version: version.effective_from):
            found[version.contract_id].append(version)
        return found

    def version_on(self, contract_id: int, day: date) -> VersionInfo | None:
        """Return the version in force on a day."""
        found = None
        for version in self.versions_of.get(contract_id, ()):
            if version.effective_from > day:
                break
            found = version
        return found

    def open_days(self, contract_id: int, first: date, after: date) -> Sequence[date]:
        """Return the days of ``[first, after)`` that calls are expected on; before the first signed version all."""
        key = ("open_days", contract_id, first, after)
        if key not in self.memo:
            versions = [version for version in self.versions_of.get(contract_id, ()) if version.effective_from < after]
            starts = [first, *(max(first, version.effective_from) for version in versions), after]
            weekdays = [EVERY_DAY, *(version.open_weekdays or EVERY_DAY for version in versions)]
            self.memo[key] = [
                day
                for start, end, open_weekdays in zip(starts, starts[1:], weekdays, strict=False)
                for day in map(date.fromordinal, range(start.toordinal(), end.toordinal()))
                if day.weekday() in open_weekdays
            ]
        found: Sequence[date] = self.memo[key]
        return found

    def fcr_window(self, version_id: int) -> timedelta:
        """Return the longest window in which a repeat call can still come."""
        return self._fcr_windows.get(version_id, timedelta())

    @cached_property
    def _fcr_windows(self) -> dict[int, timedelta]:
        windows: dict[int, timedelta] = defaultdict(timedelta)
        for (version_id, _queue_id), definition in self.definitions.items():
            windows[version_id] = max(windows[version_id], timedelta(hours=definition.fcr_window_hours))
        return windows

    def target(self, version_ids: Iterable[int], queue_ids: Iterable[int], kpi: Kpi) -> TargetTerms | None:
        """Return the target that all the queues and versions share; None where they differ or some have none."""
        queue_ids = tuple(queue_ids)
        # A version has terms for some queues only: those of its contract that were covered when it was signed.
        pairs = [
            (version, queue) for version in version_ids for queue in queue_ids if (version, queue) in self.definitions
        ]
        found = {self.targets.get((*pair, kpi)) for pair in pairs}
        return found.pop() if len(found) == 1 else None


def frame_load(*, scope: Scope) -> Frame:
    """Return the frame of a scope: seven queries, whatever is asked of it afterwards.

    For a vendor a contract exists once a version is signed, here as in its list of contracts.
    """
    versions = _versions(scope)
    signed = {version.contract_id for version in versions.values()}
    vendors = {
        pk: Entity(pk, uuid, code, name, pk)
        for pk, uuid, code, name in Vendor.objects.visible_to(scope).values_list("pk", "uuid", "code", "name")
    }
    contracts = {
        row[0]: ContractInfo(Entity(*row[:5]), *row[5:])
        for row in Contract.objects.visible_to(scope).values_list(*ENTITY, "zone", "starts_on", "ends_on")
        if scope.is_client or row[0] in signed
    }
    queues = {row[0]: Entity(*row) for row in Queue.objects.visible_to(scope).values_list(*ENTITY)}
    return Frame(vendors, contracts, queues, _coverage(scope, contracts), versions, *_terms(scope))


def _coverage(scope: Scope, contracts: Mapping[int, ContractInfo]) -> tuple[CoverageInfo, ...]:
    rows = []
    for row in Coverage.objects.visible_to(scope).order_by("contract_id", "queue_id", "starts_on"):
        contract = contracts.get(row.contract_id)
        if contract is None:
            continue
        last = min(row.ends_on or FOREVER, contract.ends_on or FOREVER)
        after = FOREVER if last == FOREVER else last + timedelta(days=1)
        rows.append(CoverageInfo(row.contract_id, row.queue_id, max(row.starts_on, contract.starts_on), after))
    return tuple(rows)


def _versions(scope: Scope) -> dict[int, VersionInfo]:
    return {
        row.pk: VersionInfo(
            row.pk,
            row.uuid,
            row.contract_id,
            row.number,
            row.effective_from,
            frozenset(int(weekday) for weekday, windows in row.service_hours.items() if windows),
        )
        for row in Version.objects.visible_to(scope)
        .filter(state=State.SIGNED)
        .only("uuid", "contract_id", "number", "effective_from", "service_hours")
    }


def _terms(
    scope: Scope,
) -> tuple[dict[tuple[int, int], Definition], dict[tuple[int, int, Kpi], TargetTerms]]:
    signed = {"contract_version__state": State.SIGNED}
    definitions = {
        (row.contract_version_id, row.queue_id): row.definition
        for row in QueueDefinition.objects.visible_to(scope).filter(**signed)
    }
    targets = {
        (row.contract_version_id, row.queue_id, Kpi(row.kpi)): TargetTerms(row.goal, row.amber, row.minimum)
        for row in Target.objects.visible_to(scope).filter(**signed)
    }
    return definitions, targets
