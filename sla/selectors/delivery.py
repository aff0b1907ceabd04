"""Whether the calls behind a row came in: computed contract-days against those that calls are expected for."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from core.periods import local_day
from core.scope import Scope
from sla.models import ContractDay
from sla.selectors.frame import CoverageInfo, Frame


@dataclass(frozen=True, slots=True)
class Completeness:
    """Contract-days of a row that have ended and that calls are expected for, and those of them that have calls."""

    computed: int
    expected: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing expected is missing."""
        return self.computed >= self.expected


class Deliveries:
    """The computed days of some contracts in a range of days."""

    def __init__(self, *, scope: Scope, frame: Frame, pairs: Iterable[CoverageInfo], first: date, after: date) -> None:
        self._frame = frame
        self._first, self._after = first, after
        self._pairs: dict[int, list[CoverageInfo]] = defaultdict(list)
        for pair in pairs:
            self._pairs[pair.contract_id].append(pair)
        self._today = {pk: local_day(scope.at, frame.contracts[pk].zone) for pk in self._pairs}
        self._days: dict[int, list[date]] = defaultdict(list)
        self.computed_at: datetime | None = None
        rows = (
            ContractDay.objects.visible_to(scope)
            .filter(contract_id__in=list(self._pairs), day__gte=first, day__lt=after, calls__gt=0)
            .order_by("contract_id", "day")
            .values_list("contract_id", "day", "computed_at")
        )
        for contract_id, day, computed_at in rows:
            self._days[contract_id].append(day)
            self.computed_at = max(computed_at, self.computed_at or computed_at)
        self._expected: dict[tuple[int, int | None], tuple[Sequence[date], Sequence[date]]] = {}
        self._counted: dict[tuple[int, int | None, date, date], tuple[int, int]] = {}

    def has_calls(self, contract_id: int, first: date, after: date) -> bool:
        """Whether any call of the contract came in for the days ``[first, after)``."""
        days = self._days.get(contract_id, [])
        return bisect_left(days, after) > bisect_left(days, first)

    def count(self, contract_id: int, queue_id: int | None, first: date, after: date) -> tuple[int, int]:
        """Return the computed and the expected days of a contract, or of one of its queues."""
        key = (contract_id, queue_id, first, after)
        if key not in self._counted:
            expected, computed = self._expected_days(contract_id, queue_id)
            self._counted[key] = (_between(computed, first, after), _between(expected, first, after))
        return self._counted[key]

    def _expected_days(self, contract_id: int, queue_id: int | None) -> tuple[Sequence[date], Sequence[date]]:
        key = (contract_id, queue_id)
        if key not in self._expected:
            days = covered_days(
                self._frame,
                [pair for pair in self._pairs[contract_id] if queue_id in (None, pair.queue_id)],
                self._first,
                min(self._after, self._today.get(contract_id, self._first)),
            )
            with_calls = set(self._days.get(contract_id, ()))
            self._expected[key] = (days, [day for day in days if day in with_calls])
        return self._expected[key]


def deliveries_of(
    *, scope: Scope, frame: Frame, pairs: tuple[CoverageInfo, ...], first: date, after: date
) -> Deliveries:
    """Return the computed days of some contracts; the reports of one page that ask about the same read them once."""
    key = (Deliveries, pairs, first, after)
    if key not in frame.memo:
        frame.memo[key] = Deliveries(scope=scope, frame=frame, pairs=pairs, first=first, after=after)
    found: Deliveries = frame.memo[key]
    return found


def covered_days(frame: Frame, pairs: Iterable[CoverageInfo], first: date, after: date) -> Sequence[date]:
    """Return the days of ``[first, after)`` that one of the coverage lines covers and the contract is open on."""
    # The queues of a contract are mostly covered alike.
    spans = {(pair.contract_id, max(first, pair.first), min(after, pair.after)) for pair in pairs}
    if len(spans) == 1:
        return frame.open_days(*spans.pop())
    return sorted({day for span in spans for day in frame.open_days(*span)})


def _between(days: Sequence[date], first: date, after: date) -> int:
    return bisect_left(days, after) - bisect_left(days, first)


def last_days(*, scope: Scope, frame: Frame, contract_ids: tuple[int, ...]) -> dict[int, date]:
    """Return each contract's newest day with calls; read once for the reports of one page."""
    key = (last_days, contract_ids)
    if key not in frame.memo:
        rows = ContractDay.objects.visible_to(scope).filter(contract_id__in=contract_ids, calls__gt=0)
        frame.memo[key] = dict(rows.values("contract_id").annotate(last=Max("day")).values_list("contract_id", "last"))
    found: dict[int, date] = frame.memo[key]
    return found
