"""Writes rollup rows as a recompute would leave them: half-hours, their days, and that the day was computed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from calls.models import CallReason
from contracts.models import Contract
from core.periods import local_day
from sla.models import AgentDay, ContractDay, QueueDay, QueueHalfHour, ReasonDay
from tests.world import VendorWorld
from vendors.models import Agent, Queue

COMPUTED_AT = datetime(2026, 6, 14, 3, 0, tzinfo=UTC)


def answered(calls: int, *, within: int | None = None, abandoned: int = 0, short: int = 0) -> dict[str, int]:
    """Return the measures of some inbound calls under the usual definition (formula 6)."""
    met = calls if within is None else within
    return {
        "offered": calls + abandoned,
        "answered": calls,
        "abandoned": abandoned,
        "abandoned_short": short,
        "service_met": met,
        "service_base": calls + abandoned - short,
        "connect_base": calls + abandoned,
        "abandonment_met": abandoned,
        "abandonment_base": calls + abandoned,
        "wait_seconds": calls * 10,
        "handled": calls,
        "talk_seconds": calls * 120,
        "hold_seconds": calls * 20,
        "wrap_seconds": calls * 40,
        "fcr_met": calls * 3 // 4,
        "fcr_base": calls,
        "csat_met": calls // 2,
        "csat_base": calls // 2,
        "csat_sum": calls // 2 * 5,
        "transferred": calls // 10,
    }


def half_hour_add(
    home: VendorWorld, queue: Queue, bucket: datetime, *, version_id: int | None = None, **measures: int
) -> None:
    """Add one half-hour, and count it in its day."""
    contract = home.contract
    version_id = version_id or home.version.pk
    keys = {"vendor_id": contract.vendor_id, "contract_id": contract.pk, "queue_id": queue.pk}
    QueueHalfHour.objects.create(**keys, bucket=bucket, definition_version_id=version_id, **measures)
    day_add(home, queue, local_day(bucket, contract.zone), version_id=version_id, **measures)


def day_add(home: VendorWorld, queue: Queue, day: date, *, version_id: int | None = None, **measures: int) -> None:
    """Count measures in a queue's day, and say that the contract's day was computed."""
    contract = home.contract
    keys = {"vendor_id": contract.vendor_id, "contract_id": contract.pk, "queue_id": queue.pk, "day": day}
    _add(QueueDay, keys, version_id or home.version.pk, measures)
    computed(contract, day, calls=measures.get("offered", 0) + measures.get("dialed", 0))


def agent_day_add(home: VendorWorld, agent: Agent, queue: Queue, day: date, **measures: int) -> None:
    """Count measures in an agent's day."""
    contract = home.contract
    keys = {"vendor_id": contract.vendor_id, "contract_id": contract.pk, "queue_id": queue.pk, "day": day}
    for name in ("offered", "abandoned", "abandoned_short", "connect_base", "abandonment_met", "abandonment_base"):
        measures.pop(name, None)
    _add(AgentDay, keys | {"agent_id": agent.pk}, home.version.pk, measures)


def reason_day_add(home: VendorWorld, reason: CallReason | None, queue: Queue, day: date, **measures: int) -> None:
    """Count measures in a reason's day; None stands for calls without one."""
    contract = home.contract
    keys = {"vendor_id": contract.vendor_id, "contract_id": contract.pk, "queue_id": queue.pk, "day": day}
    _add(ReasonDay, keys | {"reason_id": reason.pk if reason else 0}, home.version.pk, measures)


def computed(contract: Contract, day: date, *, calls: int) -> None:
    """Say that a contract's day was computed."""
    rows = ContractDay.objects.filter(vendor_id=contract.vendor_id, contract_id=contract.pk, day=day)
    rows._told = True
    known = rows.first()
    if known is None:
        ContractDay.objects.create(
            vendor_id=contract.vendor_id, contract_id=contract.pk, day=day, calls=calls, computed_at=COMPUTED_AT
        )
    else:
        rows.update(calls=known.calls + calls)


def _add(model: Any, keys: dict[str, Any], version_id: int, measures: dict[str, int]) -> None:
    rows = model.objects.filter(**keys)
    rows._told = True
    known = rows.first()
    if known is None:
        model.objects.create(**keys, definition_version_id=version_id, **measures)
    else:
        rows.update(**{name: getattr(known, name) + value for name, value in measures.items()})


def days_add(home: VendorWorld, queue: Queue, first: date, count: int, **measures: int) -> None:
    """Write the same measures for several days in a row that the queue has no row of yet."""
    contract = home.contract
    keys = {"vendor_id": contract.vendor_id, "contract_id": contract.pk}
    days = [first + timedelta(days=n) for n in range(count)]
    QueueDay.objects.bulk_create(
        QueueDay(**keys, queue_id=queue.pk, day=day, definition_version_id=home.version.pk, **measures) for day in days
    )
    ContractDay.objects.bulk_create(
        [ContractDay(**keys, day=day, calls=1, computed_at=COMPUTED_AT) for day in days], ignore_conflicts=True
    )


def half_hours_add(home: VendorWorld, queue: Queue, buckets: Iterable[datetime], **measures: int) -> None:
    """Write the same measures for one half-hour of each of several days, and for these days."""
    contract = home.contract
    keys = {"vendor_id": contract.vendor_id, "contract_id": contract.pk, "queue_id": queue.pk}
    buckets = list(buckets)
    QueueHalfHour.objects.bulk_create(
        QueueHalfHour(**keys, bucket=bucket, definition_version_id=home.version.pk, **measures) for bucket in buckets
    )
    for bucket in buckets:
        days_add(home, queue, local_day(bucket, contract.zone), 1, **measures)
