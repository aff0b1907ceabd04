"""Taking KPIs that a higher room measured, as numerator and denominator; ratios are made when they are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from core import sql
from core.scope import Scope, activate


@dataclass(frozen=True, slots=True)
class Measured:
    """One KPI of one contract on one of its local days.

    Attributes:
        vendor_id: The contract's vendor.
        contract_id: The contract.
        day: Its local day.
        kpi: Name; the room that measures it documents it in docs/formulas.md.
        numerator: Count or sum, whole.
        denominator: Count; 0 says that there is nothing to divide by, and takes away what was there.
    """

    vendor_id: int
    contract_id: int
    day: date
    kpi: str
    numerator: int
    denominator: int


def measured_put(*, scope: Scope, values: Sequence[Measured]) -> int:
    """Keep what was measured in place of what was there; the caller sees to it that nobody else puts these days.

    Returns:
        Number of rows that differ from before; 0 for what was known already.
    """
    rows = json.dumps([asdict(value) | {"day": value.day.isoformat()} for value in values])
    with activate(scope):
        gone = sql.execute("sla/measured_clear", {"rows": rows})
        return gone + sql.execute("sla/measured_put", {"rows": rows, "at": scope.at})
