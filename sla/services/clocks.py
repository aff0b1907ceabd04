"""The ticks of the incidents' clocks: each threshold is told of once, however often and from wherever one looks."""

from __future__ import annotations

from accounts.calc.notices import News
from accounts.selectors import recipients_in_roles
from accounts.services import notices_send
from core import sql
from core.faults import crash_point
from core.scope import Scope, activate
from sla.calc.incidents import LIMIT_PERCENT, THRESHOLDS
from sla.models import Incident, IncidentEntry

# Whoever can do something about it; at the limit the contract's people too.
TOLD_NEAR = ("vendor_manager", "vendor_supervisor", "programme_manager")
TOLD_OVER = (*TOLD_NEAR, "contract_finance", "client_wfm")


def incident_clocks_tick(*, scope: Scope) -> int:
    """Note every threshold that a clock has reached since the last look, and tell of it, in one transaction.

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
        if not found:
            return 0
        incidents = Incident.objects.visible_to(scope).in_bulk({row["incident_id"] for row in found})
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
        told: dict[tuple[int, bool], list[int]] = {}
        news = []
        for row in found:
            incident, is_over = incidents[row["incident_id"]], row["percent"] == LIMIT_PERCENT
            who = (row["vendor_id"], is_over)
            if who not in told:
                roles = TOLD_OVER if is_over else TOLD_NEAR
                told[who] = recipients_in_roles(scope=scope, vendor_id=row["vendor_id"], roles=roles)
            news.append(
                News(
                    vendor_id=row["vendor_id"],
                    recipients=told[who],
                    kind="incident",
                    message=f"incident_{row['clock']}_{'over' if is_over else 'near'}",
                    key=f"incident:{incident.pk}:{row['clock']}:{row['percent']}",
                    parameters={"incident": str(incident)},
                    path=f"/service/incidents/{incident.uuid}/",
                )
            )
        notices_send(scope=scope, news=news)
        crash_point("before_commit")
    return len(found)
