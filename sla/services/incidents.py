"""The way of an incident: raised, acknowledged, located, restored, closed, reviewed; and what the client decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.selectors import recipients_in_roles
from accounts.services import event_publish, fields_require, notice_send, rivals_refuse
from audit.rows import row_add, row_change
from audit.services import record
from contracts import selectors as contracts
from core.errors import Conflict, Invalid
from core.scope import Scope
from sla import selectors
from sla.calc.incidents import MOMENTS, Clock, Severity, State, Step, limit_seconds, next_state
from sla.calc.readiness import System
from sla.models import Cause, Incident, IncidentEntry, IncidentQueue
from sla.services.clocks import TOLD_NEAR
from vendors import selectors as vendors
from vendors.models import Queue

# How long after the fact a failure may be raised.
OLDEST_BEGIN = timedelta(days=31)
# What the book calls each step.
DEEDS = {
    Step.ACKNOWLEDGE: "incident.acknowledged",
    Step.LOCATE: "incident.located",
    Step.RESTORE: "incident.restored",
    Step.FAIL_AGAIN: "incident.failed_again",
    Step.CLOSE: "incident.closed",
    Step.REVIEW: "incident.reviewed",
}
# What a step may say beside that it was taken, and what it must say.
TOLD: dict[Step, tuple[str, ...]] = {
    Step.LOCATE: ("cause_class", "cause", "plan"),
    Step.RESTORE: ("plan",),
    Step.CLOSE: ("cause_class", "cause"),
    Step.REVIEW: ("review", "actions"),
}
NEEDED: dict[Step, tuple[str, ...]] = {Step.LOCATE: ("cause_class",), Step.REVIEW: ("review",)}


@transaction.atomic
def incident_raise(
    *,
    scope: Scope,
    vendor_id: int,
    title: str,
    severity: int = Severity.MAJOR,
    systems: Sequence[str] = (),
    queue_uuids: Sequence[UUID] = (),
    affected_from: datetime | None = None,
) -> Incident:
    """Raise an incident; both clocks start now.

    Args:
        scope: Who raises it, client or vendor.
        vendor_id: Whose service failed.
        title: What happened, in a line.
        severity: 1 critical to 3 minor.
        systems: What is affected, of ``sla.calc.readiness.System``.
        queue_uuids: The vendor's queues whose callers feel it; only these can be relieved later.
        affected_from: Since when callers feel it, if that was earlier.

    Raises:
        Forbidden: The role may not raise incidents.
        NotFound: The vendor does not exist for the caller.
        Invalid: Nothing is affected, a queue is not the vendor's, or the moment lies ahead or too far back.
    """
    scope.require("incidents.raise")
    vendor = vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    values: dict[str, Any] = {"title": title.strip(), "severity": severity, "systems": _systems(systems)}
    queues = _queues(scope, vendor_id, queue_uuids)
    begin = scope.at if affected_from is None else affected_from
    fields: dict[str, list[str]] = {}
    if not queues and not values["systems"]:
        fields["systems"] = [_("Say which systems or queues are affected.")]
    if not scope.at - OLDEST_BEGIN <= begin <= scope.at:
        fields["affected_from"] = [_("Name a moment of the last 31 days.")]
    if severity not in list(Severity):
        fields["severity"] = [_("Choose from the list.")]
    _refuse(fields)
    rivals_refuse(scope=scope, vendor_id=vendor_id, texts={"title": title})
    usual = [limit_seconds(Severity(severity), clock) // 60 for clock in (Clock.LOCATE, Clock.RESTORE)]
    limits = contracts.incident_limits(
        scope=scope, vendor_id=vendor_id, queue_ids=[queue.pk for queue in queues], at=scope.at
    )
    locate_minutes, restore_minutes = limits or usual
    incident = Incident(
        vendor=vendor,
        number=Incident.objects.visible_to(scope).number_next(vendor_id=vendor_id),
        raised_at=scope.at,
        raised_side=scope.side,
        raised_by=scope.actor[:150],
        affected_from=begin,
        locate_limit_seconds=locate_minutes * 60,
        restore_limit_seconds=restore_minutes * 60,
        **values,
    )
    entered = {**values, "affected_from": begin, "queues": [queue.code for queue in queues]}
    row_add(scope=scope, action="incident.raised", row=incident, entered=entered)
    _link(incident, queues)
    _log(scope, incident, "raised", incident.title)
    _tell_raised(scope, incident)
    return incident


def _tell_raised(scope: Scope, incident: Incident) -> None:
    """Tell whoever must act, the one who raised it apart, and the programs that listen."""
    people = recipients_in_roles(scope=scope, vendor_id=incident.vendor_id, roles=TOLD_NEAR)
    notice_send(
        scope=scope,
        vendor_id=incident.vendor_id,
        recipients=[user_id for user_id in people if user_id != scope.user_id],
        kind="incident",
        message="incident_raised",
        key=f"incident:{incident.pk}:raised",
        parameters={"incident": str(incident)},
        path=f"/service/incidents/{incident.uuid}/",
    )
    _publish(scope, incident, "incident.raised")


def _publish(scope: Scope, incident: Incident, name: str) -> None:
    event_publish(
        scope=scope,
        vendor_id=incident.vendor_id,
        name=name,
        key=f"{incident.pk}:{incident.version}",
        payload={"incident": str(incident.uuid), "number": incident.number, "state": incident.state},
    )


@transaction.atomic
def incident_step(
    *,
    scope: Scope,
    uuid: UUID,
    step: Step,
    expected_version: int | None = None,
    note: str = "",
    told: Mapping[str, Any] | None = None,
) -> Incident:
    """Take an incident to its next state at this moment; the clock that the step stops is read then.

    Args:
        scope: Who takes it.
        uuid: The incident.
        step: What was done.
        expected_version: The version that the caller saw; None where the state alone decides.
        note: A line for the log.
        told: ``cause_class``, ``cause``, ``plan`` (a :class:`ContingencyPlan`), ``review``, ``actions``, as the step
            knows them; ``locate`` needs the class of the cause and ``review`` the review.

    Raises:
        NotFound: The incident does not exist for the caller.
        Forbidden: The role may not take steps.
        Conflict: The step cannot be taken from the present state, or somebody was faster.
        Invalid: Something needed is missing, or the step does not know a field.
    """
    scope.require("incidents.step")
    incident = _locked(scope, uuid)
    state = next_state(State(incident.state), step)
    if state is None:
        raise Conflict(
            "wrong_state", _("This step cannot be taken from here; look where it stands."),
            details={"state": incident.state, "step": step.value},
        )  # fmt: skip
    if step is Step.FAIL_AGAIN and incident.state == State.CLOSED:
        scope.require("incidents.judge")
    values: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in (told or {}).items()
    }
    unknown = sorted(values.keys() - set(TOLD.get(step, ())))
    _refuse({name: [_("This step does not say that.")] for name in unknown})
    _refuse({name: [_("Fill this in.")] for name in NEEDED.get(step, ()) if not values.get(name)})
    values = {name: value for name, value in values.items() if value not in (None, "")}
    fields_require(scope=scope, obj="incident", names=values)
    plan = values.get("plan")
    if plan is not None and plan.vendor_id != incident.vendor_id:
        _refuse({"plan": [_("Choose a plan from the list.")]})
    if values.get("cause_class", Cause.OTHER) not in Cause.values:
        _refuse({"cause_class": [_("Choose from the list.")]})
    rivals_refuse(scope=scope, vendor_id=incident.vendor_id, texts={"note": note})
    moments = _moments(incident, step, scope.at)
    _change(scope, DEEDS[step], incident, expected_version, {"state": state.value, **moments, **values})
    words = [note.strip(), str(values.get("cause") or values.get("review") or "")]
    _log(scope, incident, step.value, "\n".join(word for word in words if word))
    _publish(scope, incident, "incident.changed")
    return incident


def _moments(incident: Incident, step: Step, at: datetime) -> dict[str, Any]:
    """Return what a step does to the incident's moments; callers are affected until it is restored."""
    is_corrected = bool(incident.affected_reason)
    if step is Step.FAIL_AGAIN:
        # For how long callers felt it is open again, and so is whether that counts.
        undone = {"restored_at": None, "closed_at": None, "judged_at": None, "counts_for_relief": None}
        return undone | ({} if is_corrected else {"affected_until": None})
    moments: dict[str, Any] = {MOMENTS[step]: at}
    if step is Step.RESTORE and not is_corrected:
        # A clock that was put back could end it before it began; a moment's length is the least.
        moments["affected_until"] = max(at, incident.affected_from + timedelta(seconds=1))
    return moments


@transaction.atomic
def incident_note(*, scope: Scope, uuid: UUID, text: str) -> IncidentEntry:
    """Add a line to an incident's log.

    Raises:
        NotFound, Forbidden: As :func:`incident_step`.
        Invalid: There is no text, or it is too long.
    """
    scope.require("incidents.step")
    incident = _locked(scope, uuid)
    if not 1 <= len(text.strip()) <= 4000:
        _refuse({"text": [_("Write 1 to 4,000 characters.")]})
    rivals_refuse(scope=scope, vendor_id=incident.vendor_id, texts={"text": text})
    # The log itself can only grow; the book says that it did.
    record(scope=scope, action="incident.noted", target=incident)
    return _log(scope, incident, "note", text.strip())


@transaction.atomic
def incident_set_affected(
    *, scope: Scope, uuid: UUID, expected_version: int, systems: Sequence[str], queue_uuids: Sequence[UUID]
) -> Incident:
    """Say anew which systems and queues are affected, as more becomes known.

    Once the client has decided on relief, only who may decide may change what it is for.

    Raises:
        NotFound, Forbidden: As :func:`incident_step`.
        Conflict: Somebody was faster.
        Invalid: Nothing would be affected, or a queue is not the vendor's.
    """
    scope.require("incidents.step")
    incident = _locked(scope, uuid)
    if incident.counts_for_relief is not None:
        scope.require("incidents.judge")
    wanted, queues = _systems(systems), _queues(scope, incident.vendor_id, queue_uuids)
    if not queues and not wanted:
        _refuse({"systems": [_("Say which systems or queues are affected.")]})
    links = IncidentQueue.objects.visible_to(scope).filter(incident=incident)
    former = sorted(links.values_list("queue__code", flat=True))
    codes = sorted(queue.code for queue in queues)
    parts: dict[str, list[Any]] = {} if former == codes else {"queues": [former, codes]}
    changes = _change(scope, "incident.affected_set", incident, expected_version, {"systems": wanted}, parts=parts)
    if changes:
        links.delete()
        _link(incident, queues)
        _log(scope, incident, "affected", ", ".join([*codes, *wanted]))
    return incident


@transaction.atomic
def incident_correct_window(
    *,
    scope: Scope,
    uuid: UUID,
    expected_version: int,
    affected_from: datetime,
    affected_until: datetime | None,
    reason: str,
) -> Incident:
    """Correct when callers felt the incident; the clocks keep their own moments.

    Raises:
        NotFound: The incident does not exist for the caller.
        Forbidden: Only the client decides.
        Conflict: Somebody was faster.
        Invalid: No reason, the end lies before the beginning or ahead, or a restored incident would have no end.
    """
    scope.require("incidents.judge")
    incident = _locked(scope, uuid)
    fields: dict[str, list[str]] = {}
    if not reason.strip():
        fields["affected_reason"] = [_("Say why.")]
    if affected_until is None and incident.restored_at is not None:
        fields["affected_until"] = [_("The service was restored; name the end.")]
    if affected_until is not None and not affected_from < affected_until <= scope.at:
        fields["affected_until"] = [_("The end must lie after the beginning and not ahead.")]
    if not incident.raised_at - OLDEST_BEGIN <= affected_from <= scope.at:
        fields["affected_from"] = [_("Name a moment of the 31 days before it was raised, or later.")]
    _refuse(fields)
    values = {"affected_from": affected_from, "affected_until": affected_until, "affected_reason": reason.strip()}
    if _change(scope, "incident.window_corrected", incident, expected_version, values):
        _log(scope, incident, "window", reason.strip())
    return incident


@transaction.atomic
def incident_judge(*, scope: Scope, uuid: UUID, expected_version: int, counts: bool, reason: str) -> Incident:
    """Decide whether the half-hours of an incident relieve the vendor of the service level; may be decided anew.

    Raises:
        NotFound: The incident does not exist for the caller.
        Forbidden: Only the client decides.
        Conflict: The service is not restored yet, or somebody was faster.
        Invalid: No reason.
    """
    scope.require("incidents.judge")
    incident = _locked(scope, uuid)
    if incident.restored_at is None:
        raise Conflict("not_restored", _("Decide once the service is restored: until then nobody knows how long."))
    if not reason.strip():
        _refuse({"relief_reason": [_("Say why.")]})
    values = {"counts_for_relief": counts, "relief_reason": reason.strip()}
    if incident.counts_for_relief is not counts or incident.relief_reason != values["relief_reason"]:
        values["judged_at"] = scope.at
    if _change(scope, "incident.judged", incident, expected_version, values):
        _log(scope, incident, "relief", reason.strip())
    return incident


def _locked(scope: Scope, uuid: UUID) -> Incident:
    rows = selectors.incident_list(scope=scope)
    return vendors.one(rows.select_for_update(of=("self",)), uuid=uuid)


def _change(
    scope: Scope,
    action: str,
    incident: Incident,
    expected_version: int | None,
    values: Mapping[str, Any],
    *,
    parts: Mapping[str, list[Any]] | None = None,
) -> dict[str, list[Any]]:
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    rivals_refuse(scope=scope, vendor_id=incident.vendor_id, texts=texts)
    return row_change(
        scope=scope,
        action=action,
        row=incident,
        expected_version=incident.version if expected_version is None else expected_version,
        values=values,
        parts=parts,
        untold=(*MOMENTS.values(), "judged_at"),
    )


def _systems(systems: Sequence[str]) -> list[str]:
    known = [system.value for system in System if system.value in systems]
    if len(known) != len(set(systems)):
        _refuse({"systems": [_("Choose from the list.")]})
    return known


def _queues(scope: Scope, vendor_id: int, uuids: Sequence[UUID]) -> list[Queue]:
    wanted = set(uuids)
    found = list(vendors.queue_list(scope=scope).filter(vendor_id=vendor_id, uuid__in=wanted)) if wanted else []
    if len(found) != len(wanted):
        # The same words as for a queue that exists nowhere.
        _refuse({"queues": [_("Choose queues of this vendor from the list.")]})
    return found


def _link(incident: Incident, queues: Sequence[Queue]) -> None:
    IncidentQueue.objects.bulk_create(
        [IncidentQueue(vendor_id=incident.vendor_id, incident=incident, queue=queue) for queue in queues]
    )


def _log(scope: Scope, incident: Incident, kind: str, text: str) -> IncidentEntry:
    return IncidentEntry.objects.create(
        vendor_id=incident.vendor_id,
        incident=incident,
        at=scope.at,
        actor=(scope.actor or "Callsteward")[:150],
        side=scope.side,
        kind=kind,
        text=text[:4000],
    )


def _refuse(fields: Mapping[str, list[str]]) -> None:
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
