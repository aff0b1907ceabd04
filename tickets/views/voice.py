"""The voice of the customer: which reasons are asked about more by unhappier callers, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from calls import selectors as calls
from calls.models import CallReason
from contracts import selectors as contracts
from contracts.models import Contract
from core.components import Crumb, Tab
from core.errors import NotFound
from core.http import zone_of
from core.lists import ListPage
from core.periods import local_day
from core.scope import Scope
from sla.selectors import MeasuredSum, measured_sums
from tickets import selectors
from tickets.calc.kpis import FeedbackKpi
from tickets.calc.signals import ANSWERS_MIN, CALLS_MIN
from tickets.selectors import Voice
from tickets.tables import VoiceTable
from tickets.views.feedback import FEEDBACK
from vendors import selectors as vendors
from vendors.models import Queue, Vendor

SIGNALS_SHOWN = 10
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One line of the list: the numbers, and whose they are."""

    voice: Voice
    contract: Contract
    vendor: Vendor
    reason: CallReason
    queue: Queue | None

    @property
    def rise(self) -> float | None:
        """Change of the calls a day."""
        now, before = self.voice.now, self.voice.before
        return (now.calls / now.days) / (before.calls / before.days) - 1 if before.calls else None

    @property
    def csat(self) -> float | None:
        """Satisfied share now."""
        return self.voice.now.satisfied / self.voice.now.answers if self.voice.now.answers else None

    @property
    def csat_before(self) -> float | None:
        """Satisfied share before."""
        return self.voice.before.satisfied / self.voice.before.answers if self.voice.before.answers else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a contract's feedback lately."""

    contract: Contract
    sums: tuple[MeasuredSum | None, ...]

    @property
    def shares(self) -> list[tuple[float | None, MeasuredSum | None]]:
        """The ratios of both KPIs, each beside its parts."""
        return [(sum_.numerator / sum_.denominator if sum_ else None, sum_) for sum_ in self.sums]


class VoicePage(ListPage):
    """Every reason with its test, those that stand out first; what was told of lately above."""

    name = "voice"
    title = gettext_lazy("Voice of the customer")
    intro = gettext_lazy(
        "Which reasons are asked about more, by callers who are less satisfied: a promotion or a product may be at "
        "fault. The last 7 whole days against the 28 before."
    )
    permission = "complaints.view"
    crumbs = (FEEDBACK, Crumb(gettext_lazy("Voice of the customer")))
    table_class = VoiceTable
    template_name = "tickets/voice.html"
    parameters = frozenset({"contract", "by"})
    empty_text = gettext_lazy(
        "Reasons appear here once calls with a reason are loaded for more than one week; satisfaction comes with the "
        "calls as well."
    )

    def get_rows(self, scope: Scope) -> Sequence[VoiceRow]:
        found = {contract.pk: contract for contract in contracts.contract_list(scope=scope)}
        self.contract = self._contract(found)
        chosen = found if self.contract is None else {self.contract.pk: self.contract}
        reasons = {reason.pk: reason for reason in calls.reason_list(scope=scope)}
        queues = {queue.pk: queue for queue in vendors.queue_list(scope=scope)} if self.by_queue else {}
        voices = selectors.voice_list(scope=scope, by_queue=self.by_queue, contract_ids=list(chosen))
        return [
            VoiceRow(
                voice,
                chosen[voice.contract_id],
                chosen[voice.contract_id].vendor,
                reasons[voice.reason_id],
                queues.get(voice.queue_id) if voice.queue_id else None,
            )
            for voice in voices
        ]

    @property
    def by_queue(self) -> bool:
        """Whether the queues are told apart."""
        return self.request.GET.get("by") == "queue"

    def _contract(self, found: dict[int, Contract]) -> Contract | None:
        text = self.request.GET.get("contract", "")
        if not text:
            return None
        try:
            uuid = UUID(text)
        except ValueError:
            raise NotFound from None
        one = next((contract for contract in found.values() if contract.uuid == uuid), None)
        if one is None:
            raise NotFound
        return one

    def forbidden_columns(self, scope: Scope) -> list[str]:
        hidden = [] if self.by_queue else ["queue"]
        return hidden if scope.is_client else [*hidden, "vendor"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        kept = "" if self.contract is None else f"contract={self.contract.uuid}"
        signals = selectors.signal_list(scope=scope)
        if self.contract is not None:
            signals = signals.filter(contract=self.contract)
        return {
            "contract": self.contract,
            "tabs": [
                Tab(gettext_lazy("By reason"), f"?{kept}", not self.by_queue),
                Tab(gettext_lazy("By reason and queue"), f"?{kept}&by=queue".replace("?&", "?"), self.by_queue),
            ],
            "signals": list(signals[:SIGNALS_SHOWN]),
            "kept": self._kept(scope),
            "kept_days": KEPT_DAYS,
            "calls_min": CALLS_MIN,
            "answers_min": ANSWERS_MIN,
            "is_filtered": False,
        }

    def _kept(self, scope: Scope) -> list[Kept]:
        """Return what became of each contract's feedback of the last days."""
        until = local_day(scope.at, zone_of(scope)) + timedelta(days=1)
        ids = None if self.contract is None else [self.contract.pk]
        sums = {
            (row.contract_id, row.kpi): row
            for row in measured_sums(
                scope=scope,
                kpis=[kpi.value for kpi in FeedbackKpi],
                first=until - timedelta(days=KEPT_DAYS),
                until=until,
                contract_ids=ids,
            )
        }
        with_sums = {contract_id for contract_id, _kpi in sums}
        rows = contracts.contract_list(scope=scope).filter(pk__in=with_sums)
        return [
            Kept(
                contract, tuple(sums.get((contract.pk, kpi.value)) for kpi in (FeedbackKpi.ROUTED, FeedbackKpi.CLOSED))
            )
            for contract in rows
        ]
