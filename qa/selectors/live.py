"""Reading flagged calls: what is going on now, all of them, and the figures."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q, QuerySet

from calls.models import CallIdentity
from contracts.models import Contract
from core.scope import Scope
from qa.calc.live import LiveFigures, LiveState, live_figures
from qa.models import LiveCall
from vendors.selectors import one

GOING_ON = (LiveState.OPEN.value, LiveState.TAKEN.value)
# More than that fit on no screen; the list has them all.
BOARD_MOST = 100


def live_list(*, scope: Scope) -> QuerySet[LiveCall]:
    """Return every flagged call, the newest first; an agent's own."""
    rows: QuerySet[LiveCall] = LiveCall.objects.visible_to(scope).select_related("vendor", "queue", "agent")
    if scope.agent_id is not None:
        rows = rows.filter(Q(agent_id=scope.agent_id) | Q(flagged_by_id=scope.user_id))
    waited = F("taken_at") - F("flagged_at")
    return rows.annotate(waited=waited).order_by("-flagged_at", "-pk")


def live_now(*, scope: Scope) -> list[LiveCall]:
    """Return what waits or is being helped, the newest first; what should have lapsed does not count as going on."""
    rows = live_list(scope=scope).filter(state__in=GOING_ON)
    return list(rows.exclude(state=LiveState.OPEN, lapses_at__lte=scope.at)[:BOARD_MOST])


def live_get(*, scope: Scope, uuid: UUID) -> LiveCall:
    """Return one flagged call; raises NotFound."""
    return one(live_list(scope=scope), uuid=uuid)


def live_of_call(*, scope: Scope, vendor_id: int, external_id: str) -> list[LiveCall]:
    """Return the flags of one call, the newest first."""
    return list(live_list(scope=scope).filter(vendor_id=vendor_id, external_id=external_id))


def live_contract(*, scope: Scope, live: LiveCall) -> Contract | None:
    """Return the contract under which a flagged call was imported; None as long as its record is not here."""
    if not live.external_id:
        return None
    calls = CallIdentity.objects.visible_to(scope).filter(vendor_id=live.vendor_id, external_id=live.external_id)
    contract_id = calls.values_list("contract_id", flat=True).first()
    contracts: QuerySet[Contract] = Contract.objects.visible_to(scope)
    return contracts.filter(pk=contract_id).first() if contract_id else None


def live_totals(*, scope: Scope, flags: QuerySet[LiveCall]) -> LiveFigures:
    """Return the figures of some flagged calls; a flag that nobody took in time has lapsed, swept or not."""
    rows = flags.order_by().values_list("flagged_at", "taken_at", "state", "lapses_at")
    return live_figures(
        (flagged, taken, LiveState.LAPSED if state == LiveState.OPEN and lapses <= scope.at else LiveState(state))
        for flagged, taken, state, lapses in rows
    )
