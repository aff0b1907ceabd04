"""Reading the voice of the customer: reasons that are asked about more by unhappier callers, with numbers (A116)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from core import sql
from core.errors import Forbidden
from core.scope import Scope
from tickets.calc.signals import Signal, Stretch, fall_probability, is_enough, rise_probability, signals_of
from tickets.models import VoiceSignal

# Whole local days that are looked at, and those that they are compared with: four weeks, so that weekdays weigh alike.
VOICE_DAYS, VOICE_DAYS_BEFORE = 7, 28


@dataclass(frozen=True, slots=True)
class Voice:
    """One reason of one contract, now and before.

    Attributes:
        queue_id: Where queues are told apart; None for all of the contract.
        last_day: The last whole day of the contract's zone.
        is_enough: Whether there are enough calls and answers to say anything.
        rise_probability: Of such a rise by chance; None with too few cases.
        fall_probability: Of such a fall of satisfaction by chance; None with too few cases.
        signal: Set where both hold beyond chance and beyond trifles.
    """

    vendor_id: int
    contract_id: int
    reason_id: int
    queue_id: int | None
    last_day: date
    now: Stretch
    before: Stretch
    is_enough: bool
    rise_probability: float | None
    fall_probability: float | None
    signal: Signal | None

    @property
    def week(self) -> date:
        """The Monday of the week in which the last day lies."""
        return self.last_day - timedelta(days=self.last_day.weekday())

    @property
    def first_day(self) -> date:
        """The first day that is looked at."""
        return self.last_day - timedelta(days=VOICE_DAYS - 1)


def voice_list(*, scope: Scope, by_queue: bool = False, contract_ids: Collection[int] | None = None) -> list[Voice]:
    """Return every reason that was asked about in five weeks, those that stand out first, then by calls.

    The last seven whole days of each contract's zone are held against the four weeks before; days without any call
    of the contract (closed, or no file came) count on neither side. One query, whatever there is.

    Args:
        scope: Who asks.
        by_queue: Whether the queues of a contract are told apart.
        contract_ids: Only these contracts; None for all in scope.

    Raises:
        Forbidden: The role may not see feedback or KPIs, or is an agent's: these figures are whole contracts'.
    """
    scope.require("complaints.view")
    scope.require("kpis.view")
    if scope.agent_id is not None:
        raise Forbidden
    found = sql.rows(
        "tickets/voice_read",
        {
            "vendor_ids": list(scope.vendor_ids),
            "contract_ids": None if contract_ids is None else list(contract_ids),
            "at": scope.at,
            "days": VOICE_DAYS,
            "days_before": VOICE_DAYS_BEFORE,
            "by_queue": by_queue,
        },
    )
    pairs: dict[int, dict[tuple[int, int | None], tuple[Stretch, Stretch]]] = defaultdict(dict)
    for row in found:
        pairs[row["contract_id"]][row["reason_id"], row["queue_id"]] = (
            Stretch(row["days"], row["calls"], row["satisfied"], row["answers"]),
            Stretch(row["days_before"], row["calls_before"], row["satisfied_before"], row["answers_before"]),
        )
    # A contract is one family of tests: what somebody else may see besides changes nothing.
    signals = {contract_id: signals_of(own) for contract_id, own in pairs.items()}
    voices = []
    for row in found:
        key = (row["reason_id"], row["queue_id"])
        now, before = pairs[row["contract_id"]][key]
        enough = is_enough(now, before)
        voices.append(
            Voice(
                vendor_id=row["vendor_id"],
                contract_id=row["contract_id"],
                reason_id=row["reason_id"],
                queue_id=row["queue_id"],
                last_day=row["last_day"],
                now=now,
                before=before,
                is_enough=enough,
                rise_probability=rise_probability(now, before) if enough else None,
                fall_probability=fall_probability(now, before) if enough else None,
                signal=signals[row["contract_id"]].get(key),
            )
        )
    return sorted(voices, key=lambda voice: (voice.signal is None, -voice.now.calls, voice.contract_id))


def signal_list(*, scope: Scope) -> QuerySet[VoiceSignal]:
    """Return the signals that were told of, the newest first.

    Raises:
        Forbidden: The role may not see feedback.
    """
    scope.require("complaints.view")
    rows = VoiceSignal.objects.visible_to(scope).select_related("vendor", "contract", "reason")
    return rows.order_by("-week", "-raised_at", "pk")
