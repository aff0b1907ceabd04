"""Help while the call goes on: flagged, told to the leads, taken by one of them, and what came of it (A104)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.calc.notices import News
from accounts.selectors import recipients_in_roles
from accounts.services import fields_require, notices_send, rivals_refuse
from audit.rows import row_add, row_change
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Scope, activate
from qa import selectors
from qa.calc.live import LAPSES_AFTER, Intervention, LiveOutcome, LiveReason, LiveSource, LiveState
from qa.models import LiveCall
from vendors.models import Agent, Queue, Vendor

# Who is told of a flag, at the vendor.
_TOLD = ("vendor_supervisor", "vendor_qa", "vendor_manager")
# A sweep lets so many lapse in one transaction.
_SLICE = 500


@dataclass(frozen=True, slots=True)
class Flag:
    """A call in progress that somebody should look at.

    Attributes:
        external_id: The phone system's id of the call; empty if it is not known.
        agent: Who is on the phone; an agent flags its own calls only.
        began_at: When the call began, if it is known.
        is_from_switch: Whether the phone system found it, rather than a person.
    """

    reason: LiveReason
    detail: str = ""
    external_id: str = ""
    queue: Queue | None = None
    agent: Agent | None = None
    began_at: datetime | None = None
    is_from_switch: bool = False


@transaction.atomic
def live_flag(*, scope: Scope, vendor: Vendor, flag: Flag) -> LiveCall:
    """Flag a call in progress and tell the leads; a call that is flagged and not closed yet is not flagged twice.

    Raises:
        Forbidden: The role may not flag.
        Invalid: A text is too long or names another vendor's people, or queue or agent are another vendor's.
    """
    scope.require("live.flag")
    fields_require(scope=scope, obj="live_call", names=("reason", "detail", "external_id"))
    agent = flag.agent
    if scope.agent_id is not None:
        agent = Agent.objects.visible_to(scope).get(pk=scope.agent_id)
    for name, part in (("queue", flag.queue), ("agent", agent)):
        if part is not None and part.vendor_id != vendor.pk:
            message = _("This belongs to another vendor.")
            raise Invalid("invalid", _("Please mend what is marked."), fields={name: [message]})
    external_id, detail = flag.external_id.strip(), " ".join(flag.detail.split())
    rivals_refuse(scope=scope, vendor_id=vendor.pk, texts={"detail": detail})
    number = LiveCall.objects.visible_to(scope).number_next(vendor_id=vendor.pk)
    if external_id:
        same = LiveCall.objects.visible_to(scope).filter(vendor=vendor, external_id=external_id)
        _lapse_due(scope, same)
        going_on: LiveCall | None = same.filter(state__in=selectors.GOING_ON).first()
        if going_on is not None:
            return going_on
    source = LiveSource.AGENT if scope.agent_id is not None else LiveSource.PERSON
    live = LiveCall(
        vendor=vendor,
        number=number,
        reason=flag.reason.value,
        detail=detail,
        external_id=external_id,
        queue=flag.queue,
        agent=agent,
        began_at=flag.began_at,
        source=(LiveSource.SWITCH if flag.is_from_switch else source).value,
        flagged_at=scope.at,
        flagged_by_id=scope.user_id,
        flagged_by=scope.actor[:150],
        flagged_side=scope.side,
        lapses_at=scope.at + LAPSES_AFTER,
    )
    entered = {name: getattr(live, name) for name in ("reason", "detail", "external_id", "source")}
    row_add(scope=scope, action="live.flagged", row=live, entered=entered)
    _tell(scope, live)
    return live


def _tell(scope: Scope, live: LiveCall) -> None:
    leads = recipients_in_roles(scope=scope, vendor_id=live.vendor_id, roles=_TOLD)
    recipients = set(leads) - {scope.user_id}
    who = live.agent.name if live.agent is not None else "–"
    parameters: dict[str, str | int] = {"live": str(live), "flag": live.reason, "agent": who}
    path = f"/qa/live/{live.uuid}/"
    news = News(live.vendor_id, recipients, "live", "live_flagged", str(live.uuid), parameters, path)
    notices_send(scope=scope, news=[news])


@transaction.atomic
def live_take(*, scope: Scope, uuid: UUID, expected_version: int) -> LiveCall:
    """Go and help; of two who do, the second is told that somebody is there already.

    Raises:
        NotFound: There is no such flag for the caller.
        Forbidden: The role does not help.
        Conflict: Somebody helps already, or it is over.
    """
    scope.require("live.take")
    live = selectors.live_get(scope=scope, uuid=uuid)
    if live.state == LiveState.TAKEN and live.taken_by_id == scope.user_id:
        return live
    if live.state == LiveState.TAKEN:
        raise Conflict("taken", _("Somebody is helping already."))
    if live.state != LiveState.OPEN or live.lapses_at <= scope.at:
        raise Conflict("over", _("This is over; flag the call again if it still goes on."))
    values = {
        "state": LiveState.TAKEN.value,
        "taken_at": scope.at,
        "taken_by_id": scope.user_id,
        "taken_by": scope.actor[:150],
        "taken_side": scope.side,
    }
    row_change(
        scope=scope,
        action="live.taken",
        row=live,
        expected_version=expected_version,
        values=values,
        untold=("taken_at", "taken_by_id", "taken_by", "taken_side"),
    )
    return live


@transaction.atomic
def live_close(
    *,
    scope: Scope,
    uuid: UUID,
    expected_version: int,
    intervention: Intervention,
    outcome: LiveOutcome,
    note: str = "",
    external_id: str = "",
) -> LiveCall:
    """Note what was done and what came of it.

    Args:
        scope: Who helped.
        uuid: The flag.
        expected_version: As the caller saw it.
        intervention: How it came in.
        outcome: What came of it.
        note: What was said; needed unless nothing was wrong.
        external_id: The phone system's id of the call, where it was not known before.

    Raises:
        NotFound: There is no such flag for the caller.
        Forbidden: The role does not help, or somebody else does.
        Conflict: Nobody took it, it is closed, or somebody saved it meanwhile.
        Invalid: Nothing is said of what was done.
    """
    scope.require("live.take")
    live = selectors.live_get(scope=scope, uuid=uuid)
    if live.state != LiveState.TAKEN:
        raise Conflict("wrong_state", _("Somebody has to take it first, and it is closed once only."))
    if live.taken_by_id != scope.user_id:
        raise Forbidden(_("Whoever helped notes what was done."))
    if outcome is not LiveOutcome.FALSE_ALARM and not note.strip():
        message = _("Say what was done.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"note": [message]})
    rivals_refuse(scope=scope, vendor_id=live.vendor_id, texts={"note": note})
    row_change(
        scope=scope,
        action="live.closed",
        row=live,
        expected_version=expected_version,
        values={
            "state": LiveState.CLOSED.value,
            "intervention": intervention.value,
            "outcome": outcome.value,
            "note": note.strip(),
            "external_id": live.external_id or external_id.strip(),
            "closed_at": scope.at,
        },
        untold=("closed_at",),
    )
    return live


@transaction.atomic
def live_lapse(*, scope: Scope) -> int:
    """Let flags lapse that nobody took in time.

    Returns:
        Number of flags that lapsed.
    """
    with activate(scope):
        return _lapse_due(scope, LiveCall.objects.visible_to(scope))


def _lapse_due(scope: Scope, rows: object) -> int:
    due = rows.filter(state=LiveState.OPEN, lapses_at__lte=scope.at)  # type: ignore[attr-defined]
    found = list(due.order_by("lapses_at", "pk").select_for_update(of=("self",), skip_locked=True)[:_SLICE])
    for live in found:
        row_change(
            scope=scope,
            action="live.lapsed",
            row=live,
            expected_version=live.version,
            values={"state": LiveState.LAPSED.value},
        )
    return len(found)
