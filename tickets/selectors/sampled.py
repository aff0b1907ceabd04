"""Solved tickets, as quality assurance draws from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from calls.models import CallReason
from core.components import Fact
from core.periods import Period
from core.scope import Scope
from qa.models import Evaluation, Plan
from qa.selectors import Conversation, Listed
from tickets.calc.states import SOLVED
from tickets.models import Ticket
from tickets.selectors.work import ticket_list

CHUNK = 10_000
TEXT_MOST = 1000


class SolvedTickets:
    """Tickets that were solved on a day and are solved still; alike by reason and by how they came in."""

    rules: tuple[str, ...] = ("no_agent",)
    filters = "tickets solved on the day and not reopened since"
    strata = "reason|channel"

    def is_any(self, *, scope: Scope, plan: Plan, day: date) -> bool:
        """Whether a ticket of a plan was solved on a day."""
        return self._rows(scope, plan, day).exists()

    def listed(self, *, scope: Scope, plan: Plan, day: date) -> Iterator[Listed]:
        """Return the tickets solved on a day; those on nobody's record are left out."""
        reasons = dict(CallReason.objects.visible_to(scope).filter(vendor_id=plan.vendor_id).values_list("pk", "code"))
        rows = self._rows(scope, plan, day).values_list("number", "agent_id", "reason_id", "channel")
        for number, agent_id, reason_id, channel in rows.iterator(chunk_size=CHUNK):
            stratum = f"{reasons.get(reason_id, '')}|{channel}"
            yield Listed(str(number), agent_id, stratum, "" if agent_id else "no_agent")

    def conversations(
        self, *, scope: Scope, plan: Plan, day: date, references: Collection[str]
    ) -> Iterator[Conversation]:
        """Return tickets by their numbers, reopened since or not: what was drawn is evaluated."""
        rows = Ticket.objects.visible_to(scope).filter(
            contract_id=plan.contract_id, number__in=[int(reference) for reference in references]
        )
        for ticket in rows.order_by("number"):
            at = ticket.resolved_at or ticket.opened_at
            yield Conversation(str(ticket.number), ticket.agent_id, ticket.queue_id, ticket.reason_id, at)

    def facts(self, *, scope: Scope, evaluation: Evaluation) -> list[Fact]:
        """Return what a ticket is about."""
        ticket = self._ticket(scope, evaluation)
        if ticket is None:
            return []
        return [
            Fact(_("Subject"), ticket.subject),
            Fact(_("What is the matter"), ticket.text[:TEXT_MOST]),
            Fact(_("Came in by"), ticket.get_channel_display()),
            Fact(_("State"), ticket.get_state_display()),
            Fact(_("Reopened"), ticket.reopened_count),
        ]

    def address(self, *, scope: Scope, evaluation: Evaluation) -> str:
        """Return the page of a ticket."""
        ticket = self._ticket(scope, evaluation)
        return reverse("tickets:ticket_detail", args=[ticket.uuid]) if ticket is not None else ""

    @staticmethod
    def _ticket(scope: Scope, evaluation: Evaluation) -> Ticket | None:
        if not scope.can("tickets.view") or not evaluation.reference.isdecimal():
            return None
        rows = ticket_list(scope=scope).filter(vendor_id=evaluation.vendor_id, contract_id=evaluation.contract_id)
        return rows.filter(number=int(evaluation.reference)).first()

    @staticmethod
    def _rows(scope: Scope, plan: Plan, day: date) -> QuerySet[Any]:
        period = Period(day, day, plan.contract.zone)
        tickets = Ticket.objects.visible_to(scope).filter(
            vendor_id=plan.vendor_id,
            contract_id=plan.contract_id,
            resolved_at__gte=period.start,
            resolved_at__lt=period.end,
            state__in=sorted(SOLVED),
        )
        return tickets.filter(queue_id=plan.queue_id) if plan.queue_id is not None else tickets
