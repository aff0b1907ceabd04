"""Ideas of agents and supervisors, and cases of exceptional service: sent, decided, told (A83, A84)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import selectors as accounts
from accounts.calc.notices import News
from accounts.services import fields_require, notices_send, rivals_refuse
from audit.rows import row_add, row_change
from calls import selectors as calls
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Scope
from qa import selectors
from qa.models import CaseState, Idea, IdeaState, Kind, ServiceCase

TEXT_MOST = 2000
# Where today comes first it is this much later than in UTC; ideas belong to no zone.
EAST = timedelta(hours=14)
# What may be decided from which state.
IDEA_STEPS: Mapping[str, tuple[str, ...]] = {
    IdeaState.SENT: (IdeaState.ACCEPTED, IdeaState.ADOPTED, IdeaState.DECLINED),
    IdeaState.ACCEPTED: (IdeaState.ADOPTED, IdeaState.DECLINED),
    IdeaState.ADOPTED: (),
    IdeaState.DECLINED: (),
}


@transaction.atomic
def idea_send(*, scope: Scope, values: Mapping[str, Any]) -> Idea:
    """Send an idea; an agent's counts for the agent.

    Args:
        scope: Who sends it.
        values: ``topic``, ``title``, ``text``.

    Raises:
        Forbidden: The role sends no ideas.
        Invalid: Something is missing or does not fit.
    """
    scope.require("ideas.send")
    fields_require(scope=scope, obj="idea", names=values)
    missing = {name: [_("This is missing.")] for name in ("title", "text") if not str(values.get(name) or "").strip()}
    if missing:
        raise Invalid("invalid", _("Please mend what is marked."), fields=missing)
    idea = Idea(
        vendor_id=scope.organization_id,
        number=Idea.objects.visible_to(scope).number_next(vendor_id=scope.organization_id),
        agent_id=scope.agent_id,
        author_id=scope.user_id or 0,
        author_name=scope.actor[:150],
        sent_at=scope.at,
        **values,
    )
    row_add(scope=scope, action="idea.sent", row=idea, entered={"title": idea.title, "topic": idea.topic})
    return idea


@transaction.atomic
def idea_decide(
    *,
    scope: Scope,
    uuid: UUID,
    expected_version: int,
    state: str,
    decision: str = "",
    adopted_on: date | None = None,
    effect: str = "",
) -> Idea:
    """Accept, adopt or decline an idea; whoever sent it is told.

    Args:
        scope: Who decides; never whoever sent it.
        uuid: Which idea.
        expected_version: As it was read.
        state: ``accepted``, ``adopted`` or ``declined``.
        decision: Why; needed the first time.
        adopted_on: From which day it is used, with adopting; its month is the one that it counts in.
        effect: What it brought, with adopting.

    Raises:
        NotFound: There is none for the caller.
        Forbidden: The role decides on no ideas, or it is the caller's own.
        Conflict: It was decided already, or somebody saved it meanwhile.
        Invalid: The reason or the day is missing.
    """
    scope.require("ideas.review")
    idea = selectors.idea_get(scope=scope, uuid=uuid)
    if idea.author_id == scope.user_id:
        raise Forbidden(_("Somebody else decides on your own idea."))
    if state not in IDEA_STEPS[idea.state]:
        raise Conflict("wrong_state", _("This idea was decided already."))
    fields: dict[str, list[str]] = {}
    reason = decision.strip() or idea.decision
    if not reason or len(reason) > TEXT_MOST:
        fields["decision"] = [_("Say why.")]
    if len(effect) > TEXT_MOST:
        fields["effect"] = [_("This is too long.")]
    if (state == IdeaState.ADOPTED) != (adopted_on is not None):
        fields["adopted_on"] = [_("Say from which day the idea is used.")]
    elif adopted_on is not None and not idea.sent_at.date() <= adopted_on <= (scope.at + EAST).date():
        fields["adopted_on"] = [_("This lies before the idea was sent, or ahead of us.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    rivals_refuse(scope=scope, vendor_id=idea.vendor_id, texts={"decision": reason, "effect": effect})
    row_change(
        scope=scope,
        action=f"idea.{state}",
        row=idea,
        expected_version=expected_version,
        values={
            "state": state,
            "decision": reason,
            "adopted_on": adopted_on,
            "effect": effect.strip(),
            "decided_at": scope.at,
            "decided_by": scope.actor[:150],
            "decided_side": scope.side,
        },
        untold=("decided_at", "decided_by", "decided_side"),
    )
    told: dict[str, str | int] = {"idea": str(idea), "title": idea.title, "decision": state}
    key, path = f"{idea.uuid}:{state}", f"/qa/ideas/{idea.uuid}/"
    notices_send(scope=scope, news=[News(idea.vendor_id, [idea.author_id], "idea", "idea_decided", key, told, path)])
    return idea


@transaction.atomic
def service_case_propose(*, scope: Scope, values: Mapping[str, Any]) -> ServiceCase:
    """Propose a conversation in which somebody did more than was asked, by the call or ticket that proves it.

    Args:
        scope: Who proposes.
        values: Fields of the object ``service_case``; the agent of a call follows from the call.

    Raises:
        Forbidden: The role proposes no cases.
        Invalid: The call does not exist for the caller, the agent is missing or another vendor's, or it was proposed.
    """
    scope.require("ideas.review")
    fields_require(scope=scope, obj="service_case", names=values)
    contract, agent, fields = values["contract"], values.get("agent"), {}
    for name in ("title", "text", "reference"):
        if not str(values.get(name) or "").strip():
            fields[name] = [_("This is missing.")]
    if values.get("kind") == Kind.CALL and not fields:
        try:
            found = calls.call_get(scope=scope, contract_uuid=contract.uuid, external_id=values["reference"])
            agent = agent or found.agent
            if found.agent_id is None or agent is None or found.agent_id != agent.pk:
                fields["agent"] = [_("Another agent took this call.")]
        except NotFound:
            fields["reference"] = [_("There is no such call under this contract.")]
    if not fields and (agent is None or agent.vendor_id != contract.vendor_id):
        fields["agent"] = [_("Choose an agent of this vendor.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    texts = {name: str(values[name]) for name in ("title", "text")}
    rivals_refuse(scope=scope, vendor_id=contract.vendor_id, texts=texts)
    case = ServiceCase(
        vendor_id=contract.vendor_id,
        number=ServiceCase.objects.visible_to(scope).number_next(vendor_id=contract.vendor_id),
        proposed_at=scope.at,
        proposed_by=scope.actor[:150],
        proposed_by_id=scope.user_id,
        proposed_side=scope.side,
        **{**values, "agent": agent},
    )
    row_add(scope=scope, action="service_case.proposed", row=case, entered={"title": case.title})
    return case


@transaction.atomic
def service_case_decide(
    *, scope: Scope, uuid: UUID, expected_version: int, is_approved: bool, decision: str
) -> ServiceCase:
    """Approve or decline a case, as the client, and never one's own proposal; the agent is told of what is approved.

    Raises:
        NotFound: There is none for the caller.
        Forbidden: A vendor decides, or whoever proposed it.
        Conflict: It was decided already, or somebody saved it meanwhile.
        Invalid: No reason is given.
    """
    scope.require("ideas.review")
    case = selectors.service_case_get(scope=scope, uuid=uuid)
    if not scope.is_client:
        raise Forbidden(_("The client decides on cases of exceptional service."))
    if case.proposed_by_id == scope.user_id:
        raise Forbidden(_("Somebody else decides on what you proposed."))
    if case.state != CaseState.PROPOSED:
        raise Conflict("wrong_state", _("This case was decided already."))
    if not 1 <= len(decision.strip()) <= TEXT_MOST:
        raise Invalid("invalid", _("Please mend what is marked."), fields={"decision": [_("Say why.")]})
    rivals_refuse(scope=scope, vendor_id=case.vendor_id, texts={"decision": decision})
    state = CaseState.APPROVED if is_approved else CaseState.DECLINED
    row_change(
        scope=scope,
        action=f"service_case.{state.value}",
        row=case,
        expected_version=expected_version,
        values={
            "state": state.value,
            "decision": decision.strip(),
            "decided_at": scope.at,
            "decided_by": scope.actor[:150],
        },
        untold=("decided_at", "decided_by"),
    )
    if is_approved:
        people = accounts.recipients_of_agents(scope=scope, vendor_id=case.vendor_id, agent_ids=[case.agent_id])
        told: dict[str, str | int] = {"case": str(case), "title": case.title, "decision": state.value}
        path = f"/qa/cases/{case.uuid}/"
        news = News(case.vendor_id, list(people.values()), "idea", "case_decided", str(case.uuid), told, path)
        notices_send(scope=scope, news=[news])
    return case
