"""How fresh the figures are: newest computed day, marks that wait, last file of each vendor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Count, Max, Min, Q, Sum

from calls.models import Batch, BatchState, Mark
from core.periods import local_day
from core.scope import Scope
from sla.models import ContractDay
from sla.selectors.delivery import covered_days
from sla.selectors.frame import ContractInfo, Entity, Frame

Newest = TypeVar("Newest", date, datetime)


@dataclass(frozen=True, slots=True)
class ContractFreshness:
    """One contract's newest day with calls.

    Attributes:
        contract: The contract.
        last_day: Newest local day with calls.
        computed_at: When its newest figures were computed.
        days_missing: Days since then that have ended and that calls were expected for.
    """

    contract: Entity
    last_day: date | None
    computed_at: datetime | None
    days_missing: int


@dataclass(frozen=True, slots=True)
class VendorFreshness:
    """How fresh one vendor's figures are.

    Attributes:
        vendor: The vendor.
        last_day: Newest local day with calls.
        computed_at: When the newest figures were computed.
        days_waiting: Contract-days that changed and wait to be computed.
        waiting_since: Since when the oldest of them waits.
        last_batch: Newest loaded file.
        last_loaded_at: When that was.
        batches_to_confirm: Checked files that wait for somebody's yes.
        rows_seen: Rows read so far of files that are being checked or loaded.
        rows_expected: Rows of those files.
        contracts: The same by contract.
    """

    vendor: Entity
    last_day: date | None
    computed_at: datetime | None
    days_waiting: int
    waiting_since: datetime | None
    last_batch: str
    last_loaded_at: datetime | None
    batches_to_confirm: int
    rows_seen: int
    rows_expected: int
    contracts: tuple[ContractFreshness, ...]


def freshness(*, scope: Scope, frame: Frame) -> list[VendorFreshness]:
    """Return the freshness of every vendor in scope that has a contract, by code."""
    days = {
        row["contract_id"]: row
        for row in ContractDay.objects.visible_to(scope)
        .values("contract_id")
        .annotate(last=Max("day", filter=Q(calls__gt=0)), computed=Max("computed_at"))
    }
    waiting: dict[int, list[datetime]] = defaultdict(list)
    marks = Mark.objects.visible_to(scope).values("vendor_id", "contract_id", "day").annotate(since=Min("at"))
    for row in marks:
        waiting[row["vendor_id"]].append(row["since"])
    loading = Q(state__in=(BatchState.RECEIVED, BatchState.CONFIRMED))
    batches = {
        row["vendor_id"]: row
        for row in Batch.objects.visible_to(scope)
        .values("vendor_id")
        .annotate(
            to_confirm=Count("id", filter=Q(state=BatchState.CHECKED)),
            seen=Sum("rows_seen", filter=loading, default=0),
            expected=Sum("rows_expected", filter=loading, default=0),
        )
    }
    loaded = {
        row.vendor_id: row
        for row in Batch.objects.visible_to(scope)
        .filter(state=BatchState.LOADED)
        .order_by("vendor_id", "-number")
        .distinct("vendor_id")
        .only("vendor_id", "file_name", "finished_at")
    }
    found = []
    for vendor in sorted(frame.vendors.values(), key=lambda vendor: vendor.code):
        contracts = tuple(
            _contract(scope, frame, contract, days.get(pk, {}))
            for pk, contract in frame.contracts.items()
            if contract.entity.vendor_id == vendor.pk
        )
        if not contracts:
            continue
        batch = loaded.get(vendor.pk)
        counts = batches.get(vendor.pk, {})
        found.append(
            VendorFreshness(
                vendor=vendor,
                last_day=_newest(contract.last_day for contract in contracts),
                computed_at=_newest(contract.computed_at for contract in contracts),
                days_waiting=len(waiting[vendor.pk]),
                waiting_since=min(waiting[vendor.pk], default=None),
                last_batch=batch.file_name if batch else "",
                last_loaded_at=batch.finished_at if batch else None,
                batches_to_confirm=counts.get("to_confirm", 0),
                rows_seen=counts.get("seen", 0),
                rows_expected=counts.get("expected", 0),
                contracts=contracts,
            )
        )
    return found


def _contract(scope: Scope, frame: Frame, contract: ContractInfo, newest: Mapping[str, Any]) -> ContractFreshness:
    last = newest.get("last")
    pairs = [pair for pair in frame.coverage if pair.contract_id == contract.entity.pk]
    since = contract.starts_on if last is None else last + timedelta(days=1)
    missing = covered_days(frame, pairs, since, local_day(scope.at, contract.zone))
    return ContractFreshness(contract.entity, last, newest.get("computed"), len(missing))


def oldest_mark_age(*, scope: Scope) -> timedelta | None:
    """Return how long the oldest changed day waits to be computed; None if none does."""
    since: datetime | None = Mark.objects.visible_to(scope).aggregate(since=Min("at"))["since"]
    return None if since is None else scope.at - since


def _newest(values: Iterable[Newest | None]) -> Newest | None:
    return max((value for value in values if value is not None), default=None)
