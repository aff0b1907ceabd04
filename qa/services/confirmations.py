"""Agents read a version and confirm it; a later version asks again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.calc.notices import News
from accounts.selectors import recipients_in_roles, recipients_of_agents
from accounts.services import notices_send
from audit.rows import row_add, row_change
from audit.services import record
from core.errors import Conflict, Forbidden, Invalid
from core.periods import local_day
from core.scope import Scope, activate
from qa import selectors
from qa.calc.scripts import ScriptState
from qa.models import Confirmation, ConfirmationRound, Script
from vendors.models import Agent

# People are told so long before the last day of use.
WARNED_BEFORE = timedelta(days=14)
# A version that went live with a round behind it asks again for so many days at least.
LEAST_DAYS = 3


@transaction.atomic
def confirmation_ask(*, scope: Scope, uuid: UUID, teams: Sequence[str], due_on: date) -> ConfirmationRound:
    """Ask the agents of some teams to confirm a version until a day; asking again changes teams and day.

    Args:
        scope: Who asks.
        uuid: The version; it must be in use.
        teams: Names of teams of the vendor; none for all agents.
        due_on: Until when.

    Raises:
        NotFound: The version does not exist for the caller.
        Forbidden: The role may not ask.
        Conflict: The version is not in use.
        Invalid: The day has passed, or a team has no agents.
    """
    scope.require("scripts.edit")
    script = selectors.script_get(scope=scope, uuid=uuid)
    if not script.is_usable(scope.at):
        raise Conflict("not_in_use", _("Only a version that is in use can be read and confirmed."))
    if due_on < local_day(scope.at, "UTC") - timedelta(days=1):
        raise Invalid("invalid", _("Please mend what is marked."), fields={"due_on": [_("This day has passed.")]})
    agents = Agent.objects.visible_to(scope).filter(vendor_id=script.vendor_id, is_active=True)
    known = set(agents.values_list("team", flat=True).distinct())
    unknown = sorted(set(teams) - known)
    if unknown:
        message = _("No active agent is in: %(teams)s.") % {"teams": ", ".join(unknown)}
        raise Invalid("invalid", _("Please mend what is marked."), fields={"teams": [message]})
    chosen = sorted(set(teams))
    former = selectors.round_of(scope=scope, script=script)
    if former is None:
        return _begin(scope, script, chosen, due_on)
    values = {"teams": chosen, "due_on": due_on}
    row_change(scope=scope, action="script.asked", row=former, expected_version=former.version, values=values)
    _tell(scope, former)
    return former


def _begin(scope: Scope, script: Script, teams: list[str], due_on: date) -> ConfirmationRound:
    asked = ConfirmationRound(
        vendor_id=script.vendor_id,
        script=script,
        teams=teams,
        due_on=due_on,
        asked_at=scope.at,
        asked_by=scope.actor[:150],
        asked_side=scope.side,
    )
    entered = {"teams": ", ".join(teams), "due_on": due_on.isoformat()}
    row_add(scope=scope, action="script.asked", row=asked, entered=entered)
    _tell(scope, asked)
    return asked


def round_carry(*, scope: Scope, script: Script, former: Script | None) -> None:
    """Ask the same agents again for a version that took another's place; does nothing if they were not asked before.

    They get as many days as they had for the former version, at least three.
    """
    before = selectors.round_of(scope=scope, script=former) if former is not None else None
    if before is None:
        return
    days = max((before.due_on - before.asked_at.date()).days, LEAST_DAYS)
    _begin(scope, script, list(before.teams), scope.at.date() + timedelta(days=days))


def _tell(scope: Scope, asked: ConfirmationRound, *, round_key: str = "") -> int:
    waiting = [
        agent.pk
        for agent in selectors.agents_asked(scope=scope, asked=asked)
        if agent.confirmed_at is None  # type: ignore[attr-defined]
    ]
    recipients = recipients_of_agents(scope=scope, vendor_id=asked.vendor_id, agent_ids=waiting)
    parameters: dict[str, str | int] = {"script": str(asked.script), "due": asked.due_on.isoformat()}
    key = f"{asked.script.uuid}:confirm{round_key}"
    path = f"/qa/scripts/{asked.script.uuid}/read/"
    users = set(recipients.values())
    news = News(asked.vendor_id, users, "script", "script_confirm", key, parameters, path)
    notices_send(scope=scope, news=[news])
    return len(users)


@transaction.atomic
def confirmation_remind(*, scope: Scope, uuid: UUID) -> int:
    """Tell the agents who have not confirmed yet once more; at most once a day.

    Returns:
        Number of agents told; agents without a log-in cannot be.

    Raises:
        NotFound: Nobody was asked for this version, or it does not exist for the caller.
        Forbidden: The role may not ask.
        Conflict: They were reminded today, or the version is not in use any more.
    """
    scope.require("scripts.edit")
    asked = selectors.round_get(scope=scope, uuid=uuid)
    if not asked.script.is_usable(scope.at):
        raise Conflict("not_in_use", _("Only a version that is in use can be read and confirmed."))
    if asked.reminded_at is not None and scope.at - asked.reminded_at < timedelta(hours=20):
        raise Conflict("reminded", _("They were reminded less than a day ago."))
    ConfirmationRound.objects.visible_to(scope).filter(pk=asked.pk).update(reminded_at=scope.at)
    record(scope=scope, action="script.reminded", target=asked, changes={})
    return _tell(scope, asked, round_key=f":{scope.at:%Y%m%d}")


@transaction.atomic
def script_confirm(*, scope: Scope, uuid: UUID) -> Confirmation:
    """Confirm, as an agent, that one has read a version; a second time changes nothing.

    Raises:
        NotFound: It is not in use, or another vendor's.
        Forbidden: The caller is no agent.
    """
    scope.require("scripts.confirm")
    if scope.agent_id is None:
        raise Forbidden(_("Only agents confirm that they have read a script."))
    script = selectors.script_get(scope=scope, uuid=uuid)
    found = selectors.confirmation_of(scope=scope, script=script)
    if found is not None:
        return found
    row = Confirmation(vendor_id=script.vendor_id, script=script, agent_id=scope.agent_id, confirmed_at=scope.at)
    Confirmation.objects.visible_to(scope).bulk_create([row], ignore_conflicts=True)
    record(scope=scope, action="script.confirmed", target=script, changes={"number": [None, script.number]})
    made = selectors.confirmation_of(scope=scope, script=script)
    assert made is not None
    return made


@transaction.atomic
def scripts_warn(*, scope: Scope) -> int:
    """Tell the vendor's and the client's people of scripts that expire within two weeks, and of those that did.

    Any number of workers may run this: the key of a notice makes it one.

    Returns:
        Number of versions that somebody may be told of.
    """
    with activate(scope):
        rows = Script.objects.visible_to(scope).filter(
            state=ScriptState.APPROVED,
            expires_at__gt=scope.at - timedelta(days=1),
            expires_at__lte=scope.at + WARNED_BEFORE,
        )
        found = list(rows.order_by("expires_at", "pk")[:200])
        notices_send(scope=scope, news=[_expiry_news(scope, script) for script in found])
    return len(found)


def _expiry_news(scope: Scope, script: Script) -> News:
    people: Collection[int] = recipients_in_roles(
        scope=scope,
        vendor_id=script.vendor_id,
        roles=["vendor_manager", "vendor_supervisor", "client_qa", "programme_manager"],
    )
    is_over = script.expires_at is not None and script.expires_at <= scope.at
    word = "script_over" if is_over else "script_near"
    parameters: dict[str, str | int] = {"script": str(script), "due": script.live_until.isoformat()}  # type: ignore[union-attr]
    return News(
        script.vendor_id, people, "script", word, f"{script.uuid}:{word}", parameters, f"/qa/scripts/{script.uuid}/"
    )
