"""The figures that a call can count in: the columns of the rollups, and what they leave out."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """A count of calls that some KPI is made of; the names are those of the rollups' columns.

    A ``…_missed`` part is the base without the calls that met it.
    """

    OFFERED = "offered"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    FLOWED_OUT = "flowed_out"
    ABANDONED_SHORT = "abandoned_short"
    SERVICE_MET = "service_met"
    SERVICE_MISSED = "service_missed"
    SERVICE_BASE = "service_base"
    CONNECT_MET = "connect_met"
    CONNECT_MISSED = "connect_missed"
    CONNECT_BASE = "connect_base"
    ABANDONMENT_MET = "abandonment_met"
    ABANDONMENT_BASE = "abandonment_base"
    CSAT_MET = "csat_met"
    CSAT_MISSED = "csat_missed"
    CSAT_BASE = "csat_base"
    FCR_MET = "fcr_met"
    FCR_MISSED = "fcr_missed"
    FCR_BASE = "fcr_base"
    HANDLED = "handled"
    TRANSFERRED = "transferred"
    DIALED = "dialed"
    SUCCESS = "success"
    RESOLVED = "resolved"


# What a contract's terms define: without signed terms no call counts in them.
BY_TERMS = frozenset(
    part
    for part in Part
    if part is Part.ABANDONED_SHORT or part.startswith(("service_", "connect_", "abandonment_", "csat_", "fcr_"))
)
# Booked where the call was offered, also in queues that book an answer's figures in the half-hour of the answer.
BOOKED_ON_ARRIVAL = frozenset(
    {Part.OFFERED, Part.CONNECT_MISSED, Part.ABANDONMENT_MET, Part.ABANDONMENT_BASE, Part.DIALED}
)
