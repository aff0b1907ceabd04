"""Reading who was asked to confirm a script, who did, and what later rooms must know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from core import sql
from core.scope import Scope
from qa.calc.scripts import ScriptState
from qa.models import Confirmation, ConfirmationRound, Script
from vendors.models import Agent
from vendors.selectors import one


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How far a round is.

    Attributes:
        confirmed: Agents who are asked and have confirmed.
        asked: Agents who are asked: active ones of the round's teams, as they are now.
    """

    confirmed: int = 0
    asked: int = 0

    @property
    def ratio(self) -> float | None:
        """Share that has confirmed, 0..1; None if nobody is asked."""
        return self.confirmed / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class ScriptConfirmation:
    """A fact for appraisal and training: an agent was asked to confirm a version, and when it did.

    Attributes:
        due_on: Until when it was asked.
        confirmed_at: When it confirmed; None if it has not.
        is_current: Whether the version is still in use; a certificate that rests on another one expires with it.
    """

    vendor_id: int
    agent_id: int
    code: str
    number: int
    due_on: date
    confirmed_at: datetime | None
    is_current: bool


def round_list(*, scope: Scope) -> QuerySet[ConfirmationRound]:
    """Return every round, the latest first."""
    rows: QuerySet[ConfirmationRound] = ConfirmationRound.objects.visible_to(scope)
    return rows.select_related("vendor", "script").order_by("-asked_at", "-pk")


def round_of(*, scope: Scope, script: Script) -> ConfirmationRound | None:
    """Return the round of a version; None if nobody was asked."""
    return round_list(scope=scope).filter(vendor_id=script.vendor_id, script=script).first()


def round_get(*, scope: Scope, uuid: UUID) -> ConfirmationRound:
    """Return the round of the version of a script by the script's uuid; raises NotFound."""
    return one(round_list(scope=scope), script__uuid=uuid)


def rounds_confirmed(*, scope: Scope, rounds: Iterable[ConfirmationRound]) -> dict[int, Confirmed]:
    """Return how far each round is, by its key."""
    parameters = {"vendor_ids": list(scope.vendor_ids), "round_ids": [row.pk for row in rounds]}
    found = sql.tuples("qa/confirmation_counts", parameters)
    return {pk: Confirmed(int(confirmed), int(asked)) for pk, asked, confirmed in found}


def agents_asked(*, scope: Scope, asked: ConfirmationRound) -> QuerySet[Agent]:
    """Return the agents of a round, with ``confirmed_at``."""
    agents: QuerySet[Agent] = Agent.objects.visible_to(scope).filter(vendor_id=asked.vendor_id, is_active=True)
    if asked.teams:
        agents = agents.filter(team__in=asked.teams)
    confirmed = Confirmation.objects.visible_to(scope).filter(script_id=asked.script_id, agent=OuterRef("pk"))
    return agents.annotate(confirmed_at=Subquery(confirmed.values("confirmed_at")[:1])).order_by("team", "name", "pk")


def confirmation_of(*, scope: Scope, script: Script) -> Confirmation | None:
    """Return the caller's own confirmation of a version; None if it is no agent or has not confirmed."""
    if scope.agent_id is None:
        return None
    rows: QuerySet[Confirmation] = Confirmation.objects.visible_to(scope)
    return rows.filter(script=script, agent_id=scope.agent_id).first()


def rounds_own(*, scope: Scope) -> list[ConfirmationRound]:
    """Return what the calling agent is asked to confirm of what is in use, with ``confirmed_at``; most urgent first."""
    agent = (
        Agent.objects.visible_to(scope).filter(pk=scope.agent_id, is_active=True).first() if scope.agent_id else None
    )
    if agent is None:
        return []
    confirmed = Confirmation.objects.visible_to(scope).filter(script_id=OuterRef("script_id"), agent=agent)
    rows = round_list(scope=scope).filter(vendor_id=agent.vendor_id, script__state=ScriptState.APPROVED)
    rows = rows.annotate(confirmed_at=Subquery(confirmed.values("confirmed_at")[:1])).order_by("due_on", "pk")
    return [row for row in rows if row.script.is_usable(scope.at) and (not row.teams or agent.team in row.teams)]


def rounds_waiting(*, scope: Scope) -> list[ConfirmationRound]:
    """Return what the calling agent is asked to confirm and has not yet; nothing to anybody else."""
    return [row for row in rounds_own(scope=scope) if row.confirmed_at is None]  # type: ignore[attr-defined]


def script_confirmations(
    *, scope: Scope, vendor_id: int, agent_ids: Iterable[int] | None = None
) -> list[ScriptConfirmation]:
    """Return who was asked to confirm which version, and when they did, by script, version and agent.

    Args:
        scope: Who asks.
        vendor_id: Whose agents.
        agent_ids: Only these; None for all who are active.
    """
    wanted = None if agent_ids is None else set(agent_ids)
    facts = []
    for asked in round_list(scope=scope).filter(vendor_id=vendor_id).order_by("script__code", "script__number"):
        for agent in agents_asked(scope=scope, asked=asked):
            if wanted is None or agent.pk in wanted:
                facts.append(_fact(scope, asked, agent))
    return facts


def _fact(scope: Scope, asked: ConfirmationRound, agent: Agent) -> ScriptConfirmation:
    return ScriptConfirmation(
        vendor_id=asked.vendor_id,
        agent_id=agent.pk,
        code=asked.script.code,
        number=asked.script.number,
        due_on=asked.due_on,
        confirmed_at=agent.confirmed_at,  # type: ignore[attr-defined]
        is_current=asked.script.is_usable(scope.at),
    )
