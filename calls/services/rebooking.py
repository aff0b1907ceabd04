"""Booking calls anew where a contract's zone or coverage changed after they came in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from calls.services.load import NEVER, days_mark, vendor_lock
from contracts import selectors as contracts
from contracts.models import Rebooking
from core import sql
from core.scope import Scope, activate

ONE_DAY = timedelta(days=1)


def rebooking_next(*, scope: Scope, without: Collection[int] = ()) -> int | None:
    """Return the vendor whose calls wait longest to be booked anew; None if nobody's do.

    Args:
        scope: Who asks.
        without: Vendors that are left for later, because it failed for them.
    """
    with activate(scope):
        rows = Rebooking.objects.visible_to(scope).filter(done_at=None).exclude(vendor_id__in=without)
        found: int | None = rows.order_by("pk").values_list("vendor_id", flat=True).first()
        return found


def rebooking_work(*, scope: Scope, vendor_id: int) -> None:
    """Move a vendor's calls to the contracts that cover them, and mark every day that this changes."""
    with activate(scope):
        vendor_lock(vendor_id=vendor_id, is_patient=True)
        # What is asked for from here on is done next time: the coverage is read after this.
        rows = Rebooking.objects.visible_to(scope).filter(done_at=None, vendor_id=vendor_id)
        asked = list(rows.order_by("pk"))
        spans = contracts.coverage_spans(scope=scope, vendor_id=vendor_id)
        quarters = set(
            sql.tuples(
                "calls/rebook",
                {
                    "vendor_id": vendor_id,
                    "contract_ids": [span.contract_id for span in spans],
                    "queue_ids": [span.queue_id for span in spans],
                    "starts": [span.covers_from for span in spans],
                    "ends": [span.covers_until or NEVER for span in spans],
                },
            )
        )
        for contract_id in {row.contract_id for row in asked if row.is_whole}:
            own = sql.tuples("calls/quarters", {"contract_id": contract_id})
            # In another zone a call may stand on the day after the one that it stood on.
            quarters |= {*own, *((contract_id, quarter + ONE_DAY) for _contract, quarter in own)}
        days_mark(scope=scope, vendor_id=vendor_id, quarters=quarters)
        rows.filter(pk__in=[row.pk for row in asked]).update(done_at=scope.at)
