"""What conversations there are to draw from: calls, and what rooms above this one offer beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from calls.calc.canonical import Outcome
from calls.models import Call, CallReason
from core.components import Fact
from core.periods import Period
from core.scope import Scope
from qa.models import Evaluation, Kind, Plan

PARTS = ("night", "morning", "afternoon", "evening")
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation of a day, as it goes into the list that is drawn from.

    Attributes:
        reference: What its room calls it; no two of a day are alike.
        agent_id: Whose it is; None leaves it out.
        stratum: What it is alike by.
        left_out: The rule that leaves it out, one of the population's ``rules``; empty if it may be drawn.
    """

    reference: str
    agent_id: int | None
    stratum: str
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What an evaluation keeps of the conversation that it is about."""

    reference: str
    agent_id: int | None
    queue_id: int | None
    reason_id: int | None
    offered_at: datetime


class Population(Protocol):
    """The conversations of one kind.

    Attributes:
        rules: Names of the rules that leave conversations out.
        filters: What belongs to the population at all, in the words of a draw's rules.
        strata: What its strata are made of, in the words of a draw's rules.
    """

    rules: tuple[str, ...]
    filters: str
    strata: str

    def is_any(self, *, scope: Scope, plan: Plan, day: date) -> bool:
        """Whether a plan has any conversation on a day."""

    def listed(self, *, scope: Scope, plan: Plan, day: date) -> Iterator[Listed]:
        """Return the conversations of a plan's day, those that are left out too, in any order."""

    def conversations(
        self, *, scope: Scope, plan: Plan, day: date, references: Collection[str]
    ) -> Iterator[Conversation]:
        """Return some of them by what their room calls them, in that order."""

    def facts(self, *, scope: Scope, evaluation: Evaluation) -> list[Fact]:
        """Return what an evaluator needs to know of a conversation beside what the evaluation holds."""

    def address(self, *, scope: Scope, evaluation: Evaluation) -> str:
        """Return the page of a conversation; empty if there is none for the caller."""


_OFFERED: dict[str, Population] = {}


def population_offer(*, kind: str, population: Population) -> None:
    """Let plans draw from the conversations of a room; called once, when the room opens."""
    _OFFERED[kind] = population


def population_for(*, kind: str) -> Population:
    """Return the conversations of a kind.

    Raises:
        KeyError: No room offers them.
    """
    return _OFFERED[kind]


class Calls:
    """Answered calls; alike by reason and part of the day."""

    rules: tuple[str, ...] = ("no_agent", "short")
    filters = "answered calls"
    strata = "reason|part of the day (0-6, 6-12, 12-18, 18-24)"

    def is_any(self, *, scope: Scope, plan: Plan, day: date) -> bool:
        """Whether a plan has any answered call on a day."""
        return self._rows(scope, plan, day).exists()

    def listed(self, *, scope: Scope, plan: Plan, day: date) -> Iterator[Listed]:
        """Return the answered calls of a day; short ones and those that nobody is named for are left out."""
        reasons = dict(CallReason.objects.visible_to(scope).filter(vendor_id=plan.vendor_id).values_list("pk", "code"))
        zone, least = ZoneInfo(plan.contract.zone), plan.talk_seconds_least
        facts = ("external_id", "agent_id", "reason_id", "offered_at", "talk_seconds")
        rows = self._rows(scope, plan, day).order_by().values_list(*facts)
        for external_id, agent_id, reason_id, offered_at, talk_seconds in rows.iterator(chunk_size=CHUNK):
            part = PARTS[offered_at.astimezone(zone).hour // 6]
            left_out = "no_agent" if agent_id is None else "short" if (talk_seconds or 0) < least else ""
            yield Listed(external_id, agent_id, f"{reasons.get(reason_id, '')}|{part}", left_out)

    def conversations(
        self, *, scope: Scope, plan: Plan, day: date, references: Collection[str]
    ) -> Iterator[Conversation]:
        """Return calls of a day by their ids, of whatever queue the plan draws by now."""
        rows = self._of_day(scope, plan, day).filter(external_id__in=references).order_by("external_id")
        fields = ("external_id", "agent_id", "queue_id", "reason_id", "offered_at")
        return (Conversation(*row) for row in rows.values_list(*fields))

    def facts(self, *, scope: Scope, evaluation: Evaluation) -> list[Fact]:
        """Return nothing: the page of an evaluation knows calls itself."""
        return []

    def address(self, *, scope: Scope, evaluation: Evaluation) -> str:
        """Return nothing: the page of an evaluation knows calls itself."""
        return ""

    @classmethod
    def _rows(cls, scope: Scope, plan: Plan, day: date) -> QuerySet[Any]:
        calls = cls._of_day(scope, plan, day)
        return calls.filter(queue_id=plan.queue_id) if plan.queue_id is not None else calls

    @staticmethod
    def _of_day(scope: Scope, plan: Plan, day: date) -> QuerySet[Any]:
        period = Period(day, day, plan.contract.zone)
        return Call.objects.visible_to(scope).filter(
            contract_id=plan.contract_id,
            outcome=Outcome.ANSWERED,
            offered_at__gte=period.start,
            offered_at__lt=period.end,
        )


population_offer(kind=Kind.CALL, population=Calls())
