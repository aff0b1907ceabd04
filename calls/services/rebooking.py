"""Booking calls anew where a contract's zone or coverage changed after they came in."""

from __future__ import annotations

from datetime import timedelta

from calls.services.load import NEVER, days_mark, vendor_lock
from contracts import selectors as contracts
from contracts.models import Rebooking
from core import sql
from core.scope import Scope, activate

ONE_DAY = timedelta(days=1)


def rebooking_work(*, scope: Scope) -> int:
    """Move the calls of one vendor to the contracts that cover them, and mark every day that this changes.

    Returns:
        1, or 0 when nothing is to be booked anew.
    """
    with activate(scope):
        asked = Rebooking.objects.visible_to(scope).filter(done_at=None).order_by("pk")
        row = asked.select_for_update(of=("self",), skip_locked=True).first()
        if row is None:
            return 0
        vendor_lock(vendor_id=row.vendor_id, is_patient=True)
        spans = contracts.coverage_spans(scope=scope, vendor_id=row.vendor_id)
        moved = sql.tuples(
            "calls/rebook",
            {
                "vendor_id": row.vendor_id,
                "contract_ids": [span.contract_id for span in spans],
                "queue_ids": [span.queue_id for span in spans],
                "starts": [span.covers_from for span in spans],
                "ends": [span.covers_until or NEVER for span in spans],
            },
        )
        own = sql.tuples("calls/quarters", {"contract_id": row.contract_id})
        # In another zone a call may stand on the day after the one that it stood on.
        after = [(contract_id, quarter + ONE_DAY) for contract_id, quarter in own]
        days_mark(scope=scope, vendor_id=row.vendor_id, quarters={*moved, *own, *after})
        # Whatever else waited for this contract is done with it.
        asked.filter(contract_id=row.contract_id).update(done_at=scope.at)
    return 1
