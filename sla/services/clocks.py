"""The ticks of the incidents' clocks: each threshold is told of once, however often and from wherever one looks."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from core import sql
from core.faults import crash_point
from core.scope import Scope, activate
from sla.calc.incidents import LIMIT_PERCENT, THRESHOLDS
from sla.models import IncidentEntry
from sla.signals import incident_alert


def incident_clocks_tick(*, scope: Scope) -> int:
    """Note every threshold that a clock has reached since the last look, and tell of it.

    The unique row decides who tells: of several workers at once one inserts it, and a clock that is put back and
    comes round again finds it there.

    Returns:
        Number of alerts that are new.
    """
    with activate(scope):
        found = sql.rows(
            "sla/incidents_alert",
            {
                "at": scope.at,
                "percents": list(THRESHOLDS),
                "limit_percent": LIMIT_PERCENT,
                "vendor_ids": list(scope.vendor_ids),
            },
        )
        IncidentEntry.objects.bulk_create(
            [
                IncidentEntry(
                    vendor_id=row["vendor_id"],
                    incident_id=row["incident_id"],
                    at=scope.at,
                    actor="Callsteward",
                    side=scope.side,
                    kind="alert",
                    text=f"{row['clock']} {row['percent']}",
                )
                for row in found
            ]
        )
        for row in found:
            transaction.on_commit(partial(_tell, row))
        crash_point("before_commit")
    return len(found)


def _tell(row: dict[str, Any]) -> None:
    incident_alert.send_robust(
        sender=None,
        vendor_id=row["vendor_id"],
        incident_id=row["incident_id"],
        clock=row["clock"],
        percent=row["percent"],
    )
