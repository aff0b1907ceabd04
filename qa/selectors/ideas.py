"""Reading ideas and cases of exceptional service, and what of them later appraisal counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.periods import day_start, local_day
from core.scope import Scope
from qa.models import CaseState, Idea, IdeaState, ServiceCase
from vendors.selectors import one

# Ideas belong to no contract, and so to no zone of one.
ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class IdeaFacts:
    """What an agent brought in a month: sent in it, adopted from a day of it, and cases that happened in it.

    Attributes:
        month: Its first day.
        sent: Ideas that were sent in it.
        adopted: Ideas that are used from a day of it on, whenever they were sent (A84).
        approved_cases: Cases of exceptional service of it that the client approved (A83).
    """

    vendor_id: int
    agent_id: int
    agent_code: str
    agent_name: str
    month: date
    sent: int
    adopted: int
    approved_cases: int


def idea_list(*, scope: Scope) -> QuerySet[Idea]:
    """Return the ideas that exist for the caller, the newest first; an agent has its own.

    Raises:
        Forbidden: The role sees no ideas.
    """
    scope.require("ideas.view")
    rows: QuerySet[Idea] = Idea.objects.visible_to(scope).select_related("vendor", "agent")
    if scope.agent_id is not None:
        rows = rows.filter(agent_id=scope.agent_id)
    return rows.order_by("-sent_at", "-pk")


def idea_get(*, scope: Scope, uuid: UUID) -> Idea:
    """Return one idea; raises Forbidden and NotFound."""
    return one(idea_list(scope=scope), uuid=uuid)


def service_case_list(*, scope: Scope) -> QuerySet[ServiceCase]:
    """Return the cases that exist for the caller, the newest first; an agent has its own once they are approved.

    Raises:
        Forbidden: The role sees no cases.
    """
    scope.require("ideas.view")
    rows: QuerySet[ServiceCase] = ServiceCase.objects.visible_to(scope).select_related("vendor", "agent", "contract")
    if scope.agent_id is not None:
        rows = rows.filter(agent_id=scope.agent_id, state=CaseState.APPROVED)
    return rows.order_by("-proposed_at", "-pk")


def service_case_get(*, scope: Scope, uuid: UUID) -> ServiceCase:
    """Return one case; raises Forbidden and NotFound."""
    return one(service_case_list(scope=scope), uuid=uuid)


def idea_facts(*, scope: Scope, first: date, until: date, vendor_id: int | None = None) -> list[IdeaFacts]:
    """Return by agent and month what was sent, adopted and approved, by month and name; points are not given here.

    Args:
        scope: Who asks; an agent gets its own.
        first: First day.
        until: The day after the last.
        vendor_id: Of this vendor only.
    """
    ideas, cases = idea_list(scope=scope).filter(agent__isnull=False), service_case_list(scope=scope)
    if vendor_id is not None:
        ideas, cases = ideas.filter(vendor_id=vendor_id), cases.filter(vendor_id=vendor_id)
    sent = ideas.filter(sent_at__gte=day_start(first, ZONE), sent_at__lt=day_start(until, ZONE))
    adopted = ideas.filter(state=IdeaState.ADOPTED, adopted_on__gte=first, adopted_on__lt=until)
    approved = cases.filter(state=CaseState.APPROVED, happened_on__gte=first, happened_on__lt=until)
    counts: dict[tuple[date, str, str, int, int], list[int]] = {}
    dated: tuple[tuple[QuerySet[Any], str], ...] = (
        (sent, "sent_at"),
        (adopted, "adopted_on"),
        (approved, "happened_on"),
    )
    for place, (rows, when) in enumerate(dated):
        keys = (when, "agent__name", "agent__code", "agent_id", "vendor_id")
        for at, name, code, agent_id, owner in rows.order_by().values_list(*keys).iterator():
            month = (local_day(at, ZONE) if isinstance(at, datetime) else at).replace(day=1)
            counts.setdefault((month, name, code, agent_id, owner), [0, 0, 0])[place] += 1
    return [
        IdeaFacts(owner, agent_id, code, name, month, *parts)
        for (month, name, code, agent_id, owner), parts in sorted(counts.items(), key=lambda item: item[0][:3])
    ]
