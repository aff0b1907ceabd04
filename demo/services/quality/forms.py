"""A form that is still being written, and one for tickets with a plan of its own."""

from __future__ import annotations

from datetime import timedelta

from contracts import selectors as contracts
from core.scope import Scope
from demo.plan import Plan
from demo.services.acting import acting
from demo.services.quality.plans import plan_asleep
from qa import selectors, services
from vendors import selectors as vendors

WRITER = "quality"
DRAFT, TICKETS = "STAGES", "TICKETS"
DAYS_BACK = 10


def forms_create(scope: Scope, plan: Plan) -> None:
    """Leave a draft behind, and let solved tickets of every vendor be drawn from; the ticks draw them."""
    with acting(WRITER, plan.until - timedelta(days=DAYS_BACK)) as writer:
        there = set(selectors.draft_list(scope=writer).values_list("code", flat=True))
        if DRAFT not in there:
            services.draft_from_preset(
                scope=writer, preset="three_stages", code=DRAFT, name="Three stages of quality (trial)"
            )
        if TICKETS in there:
            return
        draft = services.draft_from_preset(scope=writer, preset="three_stages", code=TICKETS, name="Solved tickets")
        all_vendors = list(vendors.vendor_list(scope=writer))
        services.form_publish(scope=writer, uuid=draft.uuid, expected_version=1, vendors=all_vendors)
        # Who calls out brings no tickets.
        for contract in contracts.contract_list(scope=writer).exclude(code__endswith="-OUT"):
            values = {
                "name": f"Tickets of {contract.code}",
                "kind": "ticket",
                "form_code": TICKETS,
                "rate_percent": 50,
                "starts_on": (plan.until - timedelta(days=DAYS_BACK)).date(),
            }
            plan_asleep(scope=writer, contract=contract, values=values)
