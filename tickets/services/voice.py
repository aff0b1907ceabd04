"""Telling of reasons that are asked about more by unhappier callers: each once a week, with its numbers (A116)."""

from __future__ import annotations

import json

from accounts import selectors as accounts
from accounts.calc.notices import News
from accounts.calc.outbox import Event
from accounts.services import events_publish, notices_send
from calls.models import CallReason
from contracts.models import Contract
from core import sql
from core.faults import crash_point
from core.scope import Scope, activate
from tickets import selectors

# Those who can have a product or a promotion looked at, and the vendor whose callers they are.
TOLD_ROLES = ("programme_manager", "client_qa", "vendor_manager")


def voice_look(*, scope: Scope) -> int:
    """Look at every contract's reasons, keep what stands out, and tell of it once for each reason and week.

    Any number of workers may look at once: the key of a signal makes it one, and its notices stand in the same
    transaction.

    Returns:
        Number of signals that are new.
    """
    with activate(scope):
        found = {(v.contract_id, v.reason_id): v for v in selectors.voice_list(scope=scope) if v.signal}
        if not found:
            return 0
        rows = [
            {
                "vendor_id": voice.vendor_id,
                "contract_id": voice.contract_id,
                "reason_id": voice.reason_id,
                "week": voice.week.isoformat(),
                "last_day": voice.last_day.isoformat(),
                "days": voice.now.days,
                "calls": voice.now.calls,
                "satisfied": voice.now.satisfied,
                "answers": voice.now.answers,
                "days_before": voice.before.days,
                "calls_before": voice.before.calls,
                "satisfied_before": voice.before.satisfied,
                "answers_before": voice.before.answers,
                "rise_probability": voice.rise_probability,
                "fall_probability": voice.fall_probability,
            }
            for voice in found.values()
        ]
        new = sql.rows("tickets/voice_raise", {"signals": json.dumps(rows), "at": scope.at})
        _tell(scope, [found[row["contract_id"], row["reason_id"]] for row in new])
        crash_point("after_outbox_insert")
    return len(new)


def _tell(scope: Scope, voices: list[selectors.Voice]) -> None:
    contracts = Contract.objects.visible_to(scope).select_related("vendor")
    named = contracts.in_bulk({voice.contract_id for voice in voices})
    reasons = CallReason.objects.visible_to(scope).in_bulk({voice.reason_id for voice in voices})
    news, events = [], []
    for voice in voices:
        signal, contract, reason = voice.signal, named[voice.contract_id], reasons[voice.reason_id]
        if signal is None:
            continue
        key = f"{contract.uuid}:{reason.uuid}:{voice.week.isoformat()}"
        told: dict[str, str | int] = {
            "reason": reason.name,
            "vendor": contract.vendor.name,
            "rise": round(100 * (signal.rise - 1)),
            "csat": round(100 * signal.csat),
            "csat_before": round(100 * signal.csat_before),
        }
        people = accounts.recipients_in_roles(scope=scope, vendor_id=voice.vendor_id, roles=TOLD_ROLES)
        path = f"/tickets/feedback/voice/?contract={contract.uuid}"
        news.append(News(voice.vendor_id, people, "voice", "voice_signal", key, told, path))
        payload: dict[str, str | int] = {
            "contract": str(contract.uuid),
            "reason": str(reason.uuid),
            "week": voice.week.isoformat(),
        }
        events.append(Event(voice.vendor_id, "voice.signaled", key, payload))
    notices_send(scope=scope, news=news)
    events_publish(scope=scope, events=events)
