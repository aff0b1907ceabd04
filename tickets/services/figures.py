"""Counting the KPIs of tickets and feedback by contract and day, and bringing them down to where figures are kept."""

from __future__ import annotations

import json
from datetime import date, timedelta

from contracts.models import Contract
from core import sql
from core.faults import crash_point
from core.periods import day_start
from core.scope import Scope, activate
from sla import services as sla
from sla.services import Measured
from tickets.calc.kpis import CLOCK_OF, STORED, FeedbackKpi, TicketKpi, overrun_of

COUNT_LOCK = 7014
# So many days of contracts are counted in one transaction.
SLICE = 200
ONE_DAY = timedelta(days=1)


def ticket_days_count(*, scope: Scope) -> int:
    """Count some marked days anew.

    One worker counts at a time; others leave at once. What changes while it counts is marked again by its own
    transaction, so nothing is missed.

    Returns:
        Number of days counted; 0 when none is marked, or somebody else is counting.
    """
    with activate(scope):
        if not sql.try_lock(COUNT_LOCK):
            return 0
        marked = sql.rows("tickets/marks_take", {"most": SLICE, "vendor_ids": list(scope.vendor_ids)})
        if not marked:
            return 0
        contract_ids = {row["contract_id"] for row in marked}
        zones = dict(Contract.objects.visible_to(scope).filter(pk__in=contract_ids).values_list("pk", "zone"))
        keys = [
            row
            | {
                "day": row["day"].isoformat(),
                "start_at": day_start(row["day"], zones[row["contract_id"]]).isoformat(),
                "end_at": day_start(row["day"] + ONE_DAY, zones[row["contract_id"]]).isoformat(),
            }
            for row in marked
        ]
        counted = {
            (row["contract_id"], row["day"], row["clock"]): row
            for row in sql.rows("tickets/days_count", {"keys": json.dumps(keys)})
        }
        heard = {
            (row["contract_id"], row["day"], row["kpi"]): row
            for row in sql.rows(
                "tickets/feedback_days_count",
                {"keys": json.dumps(keys), "routed": FeedbackKpi.ROUTED.value, "closed": FeedbackKpi.CLOSED.value},
            )
        }
        crash_point("after_marks_taken")
        values: list[Measured] = []
        for row in marked:
            for kpi in TicketKpi:
                found = counted.get((row["contract_id"], row["day"], CLOCK_OF[kpi].value), {})
                values += _measured(row["vendor_id"], row["contract_id"], row["day"], kpi, found)
            for name in FeedbackKpi:
                sums = heard.get((row["contract_id"], row["day"], name.value), {})
                own = (row["vendor_id"], row["contract_id"], row["day"], name.value)
                values.append(Measured(*own, sums.get("met", 0), sums.get("counted", 0)))
        sla.measured_put(scope=scope, values=values)
    return len(marked)


def ticket_days_mark(*, scope: Scope) -> int:
    """Mark every day that has ticket KPIs or clocks that count on it, so that all are counted anew."""
    with activate(scope):
        asked = {"kpis": list(STORED), "vendor_ids": list(scope.vendor_ids), "at": scope.at}
        return sql.execute("tickets/days_mark", asked)


def _measured(vendor_id: int, contract_id: int, day: date, kpi: TicketKpi, found: dict[str, int]) -> list[Measured]:
    met = Measured(vendor_id, contract_id, day, kpi.value, found.get("met", 0), found.get("counted", 0))
    over = Measured(
        vendor_id, contract_id, day, overrun_of(kpi), found.get("overrun_seconds", 0), found.get("overrun", 0)
    )
    return [met, over]
