"""What can be asked of the KPIs, as values: metrics, grouping, interval, period, zone, filters, order, page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from contracts.calc.definition import Kpi

# A cell is one metric of one row.
MAX_CELLS = 100_000
DEFAULT_PAGE_SIZE = 1_000
MAX_DAYS_FINE = 400
MAX_DAYS_COARSE = 3_660


class Dimension(StrEnum):
    """What rows can be grouped and filtered by."""

    VENDOR = "vendor"
    CONTRACT = "contract"
    QUEUE = "queue"
    AGENT = "agent"
    REASON = "reason"


class Interval(StrEnum):
    """How the period is cut into rows."""

    HALF_HOUR = "half_hour"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TOTAL = "total"

    @property
    def is_fine(self) -> bool:
        """Whether it is shorter than a day."""
        return self in (Interval.HALF_HOUR, Interval.HOUR)


# "start" and every metric, each also with a minus for descending.
ORDER_START = "start"


@dataclass(frozen=True, slots=True)
class KpiQuery:
    """One question to the KPIs.

    Attributes:
        metrics: KPIs, each once, in the order of the answer.
        start: First local day, or the first moment (aware).
        end: The day or moment after the last; of the same kind as ``start``.
        group_by: Dimensions, each once, in the order of the answer.
        interval: How the period is cut.
        zone: IANA name of the zone that cuts days and hours; None for each contract's own.
        filters: Dimension to the codes or uuids that are wanted; rows match any of them.
        order: ``start`` or a metric, with a leading minus for descending.
        page_size: Most rows of one answer.
        next_token: Where the former answer ended; empty for the first.
        parts: Every measure of the rollups in each row, for showing how a number came about.
    """

    metrics: tuple[Kpi, ...]
    start: date | datetime
    end: date | datetime
    group_by: tuple[Dimension, ...] = ()
    interval: Interval = Interval.TOTAL
    zone: str | None = None
    filters: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    order: str = ORDER_START
    page_size: int = DEFAULT_PAGE_SIZE
    next_token: str = ""
    parts: bool = False

    @property
    def uses(self) -> frozenset[Dimension]:
        """The dimensions that the rollups must know: grouped or filtered by."""
        return frozenset(self.group_by) | frozenset(self.filters)

    @property
    def is_descending(self) -> bool:
        """Whether the order is reversed."""
        return self.order.startswith("-")

    @property
    def order_metric(self) -> Kpi | None:
        """The metric to order by; None for the order of time."""
        name = self.order.removeprefix("-")
        return None if name == ORDER_START else Kpi(name)
