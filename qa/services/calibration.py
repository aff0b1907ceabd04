"""Calibration: one call, scored blind by the client, by its own vendor and by an anonymous peer; it touches no score.

The client prepares what each party reads and copies it into rows of that party. Nothing of one vendor's is ever written
into the rows of the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.rows import row_add
from audit.services import record
from calls.models import Call
from contracts.models import Contract
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Scope
from qa import selectors
from qa.calc.traces import traces_in
from qa.models import Calibration, CalibrationCase, CalibrationSeat, CalibrationSheet, CalibrationState, Form
from qa.models.calibration import Part
from qa.services.calibration_news import begun_tell
from qa.services.sheets import Sheet, sheet_check, sheet_missing

CASES_MOST, TEXT_MOST, GRADERS_MOST = 10, 100_000, 20
DEADLINE_MOST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class CaseGiven:
    """One conversation of a new session.

    Attributes:
        reference: What the calls' room calls it.
        text: What was said, typed or stripped by the client; needed where a peer takes part.
    """

    reference: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationGiven:
    """A new session.

    Attributes:
        name: What the client calls it; no vendor reads it.
        contract: Of the calls.
        form: In use at the calls' vendor.
        cases: One to ten.
        deadline_at: Until then everybody scores blind.
        client_people: Users of the client who score.
        owner_people: Users of the calls' vendor who score.
        peer_form: The same form at the peer; None without one.
        peer_people: Users of the peer who score.
        reveals_early: Whether results come as soon as everybody has scored.
    """

    name: str
    contract: Contract
    form: Form
    cases: Sequence[CaseGiven]
    deadline_at: datetime
    client_people: Sequence[int]
    owner_people: Sequence[int]
    peer_form: Form | None = None
    peer_people: Sequence[int] = field(default_factory=tuple)
    reveals_early: bool = True


@transaction.atomic
def calibration_begin(*, scope: Scope, given: CalibrationGiven) -> Calibration:
    """Begin a session: give each party its room, its cases and its graders.

    Raises:
        Forbidden: The role leads no sessions.
        Invalid: Beside the fields: a call is none of the contract's, somebody does not evaluate, the deadline is over,
            or a text would tell the peer whose call it is.
    """
    scope.require("qa.calibrate")
    fields = _problems(scope, given)
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    owner_id = given.contract.vendor_id
    peer_id = given.peer_form.vendor_id if given.peer_form is not None else None
    lead = _room(scope, given, scope.organization_id, Part.CLIENT)
    lead.name, lead.made_by = given.name.strip(), scope.actor[:150]
    lead.owner_id, lead.peer_id = owner_id, peer_id
    told = {"form_name": lead.form_name, "form_number": lead.form_number, "deadline_at": lead.deadline_at.isoformat()}
    row_add(scope=scope, action="calibration.begun", row=lead, entered={"name": lead.name, **told})
    _fill(scope, lead, given, given.client_people)
    rooms = [lead]
    for vendor_id, part, people in (
        (owner_id, Part.OWNER, given.owner_people),
        (peer_id, Part.PEER, given.peer_people),
    ):
        if vendor_id is not None and people:
            room = _room(scope, given, vendor_id, part)
            room.lead_id = lead.pk
            row_add(scope=scope, action="calibration.begun", row=room, entered=told)
            _fill(scope, room, given, people)
            rooms.append(room)
    begun_tell(scope, rooms, count=len(given.cases))
    return lead


def _room(scope: Scope, given: CalibrationGiven, vendor_id: int, part: Part) -> Calibration:
    number = Calibration.objects.visible_to(scope).number_next(vendor_id=vendor_id)
    return Calibration(
        vendor_id=vendor_id,
        part=part,
        number=number,
        form_code=given.form.code,
        form_name=given.form.name,
        form_number=given.form.number,
        body=given.form.body,
        deadline_at=given.deadline_at,
        reveals_early=given.reveals_early,
        made_at=scope.at,
    )


def _fill(scope: Scope, room: Calibration, given: CalibrationGiven, people: Sequence[int]) -> None:
    is_peer = room.part == Part.PEER
    CalibrationCase.objects.visible_to(scope).bulk_create(
        CalibrationCase(
            vendor_id=room.vendor_id,
            calibration=room,
            position=position,
            text=case.text.strip(),
            contract_id=None if is_peer else given.contract.pk,
            reference="" if is_peer else case.reference,
        )
        for position, case in enumerate(given.cases, start=1)
    )
    found = selectors.graders_of(scope=scope, organization_id=room.vendor_id).filter(user_id__in=people)
    CalibrationSeat.objects.visible_to(scope).bulk_create(
        CalibrationSeat(
            vendor_id=room.vendor_id,
            calibration=room,
            user_id=person.user_id,
            name=(person.user.display_name or person.user.username)[:150],
        )
        for person in found
    )


def _problems(scope: Scope, given: CalibrationGiven) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    owner_id = given.contract.vendor_id
    if not 1 <= len(given.name.strip()) <= 120:
        fields["name"] = [_("Give the session a name of at most 120 characters.")]
    if not given.form.is_live or given.form.vendor_id != owner_id:
        fields["form"] = [_("Choose a form that is in use at this vendor.")]
    if not scope.at < given.deadline_at <= scope.at + DEADLINE_MOST:
        fields["deadline_at"] = [_("Choose a moment within the next 60 days.")]
    references = [case.reference for case in given.cases]
    known = set(
        Call.objects.visible_to(scope)
        .filter(contract_id=given.contract.pk, external_id__in=references)
        .values_list("external_id", flat=True)
    )
    if not 1 <= len(references) <= CASES_MOST or len(set(references)) < len(references):
        fields["calls"] = [_("Name one to %(most)s different calls.") % {"most": CASES_MOST}]
    elif set(references) - known:
        missing = ", ".join(sorted(set(references) - known))
        fields["calls"] = [_("This contract has no such call: %(calls)s") % {"calls": missing}]
    for name, organization_id, people in (
        ("client_people", scope.organization_id, given.client_people),
        ("owner_people", owner_id, given.owner_people),
    ):
        fields |= _people_problems(scope, name, organization_id, people)
    peer = given.peer_form
    if peer is not None:
        if not selectors.peers_of(scope=scope, form=given.form).filter(pk=peer.pk).exists():
            fields["peer"] = [_("The peer must use the same form.")]
        fields |= _people_problems(scope, "peer_people", peer.vendor_id, given.peer_people)
    total = len({*given.client_people}) + len({*given.owner_people}) + len({*given.peer_people})
    if total < 2 and "owner_people" not in fields:
        fields["owner_people"] = [_("Two graders or more are compared.")]
    words = selectors.words_of(scope=scope, vendor_id=owner_id) | {
        given.contract.name,
        given.contract.code,
        *references,
    }
    for position, case in enumerate(given.cases, start=1):
        problem = _text_problem(case.text, words if peer is not None else None)
        if problem:
            fields[f"text_{position}"] = [problem]
    return fields


def _people_problems(scope: Scope, name: str, organization_id: int, people: Sequence[int]) -> dict[str, list[str]]:
    wanted = set(people)
    found = selectors.graders_of(scope=scope, organization_id=organization_id).filter(user_id__in=wanted)
    if name == "peer_people" and not wanted:
        return {name: [_("Choose who of the peer scores.")]}
    if len(wanted) > GRADERS_MOST or found.count() < len(wanted):
        return {name: [_("Choose people who evaluate, %(most)s at most.") % {"most": GRADERS_MOST}]}
    return {}


def _text_problem(text: str, words: set[str] | None) -> str:
    if len(text) > TEXT_MOST:
        return _("At most %(most)s characters.") % {"most": TEXT_MOST}
    if words is None:
        return ""
    if not text.strip():
        return _("The peer hears no recording: write what was said.")
    found = traces_in(text, words)
    if found:
        return _("This would tell whose call it is: %(words)s") % {"words": ", ".join(found[:12])}
    return ""


@transaction.atomic
def calibration_score(*, scope: Scope, uuid: UUID, case: UUID, sheet: Sheet, is_final: bool = True) -> CalibrationSheet:
    """Keep what a grader answers about a case; a final sheet is whole, and can be changed until it is revealed.

    Args:
        scope: A grader of the session.
        uuid: The session as the grader's organization has it.
        case: One of its cases.
        sheet: What is filled in; causes are not asked for.
        is_final: Whether it counts; else it is only kept.

    Raises:
        NotFound: There is no such session or case for the caller.
        Forbidden: The role evaluates nothing, or the caller was not asked to score.
        Conflict: The time is over, or the session is revealed.
        Invalid: Beside each question that misses something.
    """
    scope.require("qa.evaluate")
    room = selectors.calibration_get(scope=scope, uuid=uuid)
    room = Calibration.objects.visible_to(scope).select_for_update().get(pk=room.pk)
    found = selectors.case_list(scope=scope, calibration=room).filter(uuid=case).first()
    if found is None:
        raise NotFound
    seat = selectors.seat_of(scope=scope, calibration=room)
    if seat is None:
        raise Forbidden(_("You were not asked to score in this session."))
    if room.state != CalibrationState.OPEN or scope.at >= room.deadline_at:
        raise Conflict("over", _("Blind scoring is over."))
    form = selectors.calibration_questions(room)
    sheet_check(form, sheet)
    own = CalibrationSheet.objects.visible_to(scope).filter(seat=seat, case=found).first()
    if own is None:
        own = CalibrationSheet(vendor_id=room.vendor_id, seat=seat, case=found)
    # What counts already goes on counting, so it stays whole.
    if is_final or own.submitted_at is not None:
        sheet_missing(form, sheet)
    own.answers, own.causes = dict(sheet.answers), dict(sheet.causes)
    own.remarks = {name: text.strip() for name, text in sheet.remarks.items() if text.strip()}
    own.comment = sheet.comment.strip()
    was_final = own.submitted_at is not None
    own.submitted_at = scope.at if is_final or was_final else None
    own.save()
    if is_final and not was_final:
        record(scope=scope, action="calibration.scored", target=room, changes={"case": [None, found.position]})
    return own


@transaction.atomic
def calibration_extend(*, scope: Scope, uuid: UUID, expected_version: int, deadline_at: datetime) -> Calibration:
    """Move the deadline of a session that is still blind.

    Raises:
        NotFound: There is no such session that the caller leads.
        Forbidden: The role leads no sessions.
        Conflict: It is revealed, or somebody changed it meanwhile.
        Invalid: The moment lies in the past or too far ahead.
    """
    rooms = leading(scope, uuid, expected_version)
    if not scope.at < deadline_at <= scope.at + DEADLINE_MOST:
        message = _("Choose a moment within the next 60 days.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"deadline_at": [message]})
    for room in rooms:
        former, room.deadline_at = room.deadline_at, deadline_at
        room.version += 1
        room.save(update_fields=["deadline_at", "version"])
        changes = {"deadline_at": [former.isoformat(), deadline_at.isoformat()]}
        record(scope=scope, action="calibration.extended", target=room, changes=changes)
    return rooms[0]


@transaction.atomic
def calibration_cancel(*, scope: Scope, uuid: UUID, expected_version: int) -> Calibration:
    """Call a session off before it is revealed; what was scored stays unread.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`calibration_extend`.
    """
    rooms = leading(scope, uuid, expected_version)
    for room in rooms:
        room.state, room.version = CalibrationState.CANCELED, room.version + 1
        room.save(update_fields=["state", "version"])
        record(scope=scope, action="calibration.canceled", target=room)
    return rooms[0]


def leading(scope: Scope, uuid: UUID, expected_version: int) -> list[Calibration]:
    """Return the locked rooms of a blind session that the caller leads; raises as :func:`calibration_extend`."""
    scope.require("qa.calibrate")
    lead = selectors.calibration_get(scope=scope, uuid=uuid)
    rooms = rooms_locked(scope, lead)
    if rooms[0].state != CalibrationState.OPEN:
        raise Conflict("wrong_state", _("This session is not blind any more."))
    if rooms[0].version != expected_version:
        raise Conflict("stale", _("Somebody saved this in the meantime; look at what is there now."))
    return rooms


def rooms_locked(scope: Scope, lead: Calibration) -> list[Calibration]:
    """Return all rooms of a session that the caller leads, locked, the client's first."""
    keys = [room.pk for room in selectors.rooms_of(scope=scope, calibration=lead)]
    rows = Calibration.objects.visible_to(scope).filter(pk__in=keys).order_by("pk").select_for_update()
    # The client's room was made first.
    return list(rows)
