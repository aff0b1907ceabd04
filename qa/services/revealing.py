"""Revealing calibration: when everybody has scored, or the deadline is over; and the consensus that is talked over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import rivals_refuse
from audit.services import record
from core.errors import Conflict, Invalid
from core.faults import crash_point
from core.scope import Scope, activate
from qa import selectors
from qa.calc.traces import traces_in
from qa.models import Calibration, CalibrationCase, CalibrationSeat, CalibrationSheet, CalibrationState
from qa.models.calibration import Part
from qa.services.calibration import leading, rooms_locked
from qa.services.calibration_news import revealed_tell
from qa.services.calibration_results import results_write
from qa.services.sheets import Sheet, sheet_check, sheet_missing


@transaction.atomic
def calibration_reveal(*, scope: Scope, uuid: UUID, expected_version: int) -> Calibration:
    """Show everybody the results before the deadline; only once everybody has scored.

    Raises:
        NotFound: There is no such session that the caller leads.
        Forbidden: The role leads no sessions.
        Conflict: Somebody has not scored yet, it is revealed, or somebody changed it meanwhile.
    """
    rooms = leading(scope, uuid, expected_version)
    if not _is_whole(scope, rooms):
        raise Conflict("unscored", _("Somebody has not scored yet; wait, or move the deadline."))
    _reveal(scope, rooms)
    return rooms[0]


def calibrations_reveal(*, scope: Scope) -> int:
    """Reveal one session whose deadline is over, or that everybody has scored, as the platform.

    Returns:
        1, or 0 when none is due.
    """
    with activate(scope):
        leads = Calibration.objects.visible_to(scope).filter(part=Part.CLIENT, state=CalibrationState.OPEN)
        for lead in leads.order_by("deadline_at", "pk"):
            keys = list(Calibration.objects.visible_to(scope).filter(lead_id=lead.pk).values_list("pk", flat=True))
            rows = Calibration.objects.visible_to(scope).filter(pk__in=[lead.pk, *keys]).order_by("pk")
            is_over = scope.at >= lead.deadline_at
            if not is_over and not (lead.reveals_early and _is_whole(scope, list(rows))):
                continue
            # Whoever scores or leads at this moment comes first; the next tick looks again.
            rooms = list(rows.select_for_update(skip_locked=True))
            if len(rooms) < len(keys) + 1 or rooms[0].state != CalibrationState.OPEN:
                continue
            if is_over and scope.at < rooms[0].deadline_at:
                continue
            _reveal(scope, rooms)
            crash_point("after_reveal")
            return 1
    return 0


def _is_whole(scope: Scope, rooms: Sequence[Calibration]) -> bool:
    seats = CalibrationSeat.objects.visible_to(scope).filter(calibration__in=rooms).count()
    cases = CalibrationCase.objects.visible_to(scope).filter(calibration=rooms[0]).count()
    sheets = CalibrationSheet.objects.visible_to(scope).filter(seat__calibration__in=rooms, submitted_at__isnull=False)
    return sheets.count() == seats * cases


def _reveal(scope: Scope, rooms: Sequence[Calibration]) -> None:
    state = CalibrationState.COMPLETE if _is_whole(scope, rooms) else CalibrationState.INCOMPLETE
    for room in rooms:
        room.state, room.revealed_at, room.version = state, scope.at, room.version + 1
    results_write(scope, rooms)
    for room in rooms:
        room.save()
        record(scope=scope, action="calibration.revealed", target=room, changes={"state": ["open", state.value]})
    revealed_tell(scope, rooms)


@transaction.atomic
def calibration_agree(*, scope: Scope, uuid: UUID, expected_version: int, sheets: Mapping[UUID, Sheet]) -> Calibration:
    """Record the consensus of a revealed session, with a remark where a question needs one; everybody reads it.

    Args:
        scope: Who leads.
        uuid: The client's session.
        expected_version: Of the session.
        sheets: Case to the answers that were agreed, all of them, and remarks on questions.

    Raises:
        NotFound: There is no such session that the caller leads.
        Forbidden: The role leads no sessions.
        Conflict: It is not revealed yet, or somebody changed it meanwhile.
        Invalid: By ``case.question``: an answer is missing, or a remark would tell one vendor of another.
    """
    scope.require("qa.calibrate")
    lead = selectors.calibration_get(scope=scope, uuid=uuid)
    rooms = rooms_locked(scope, lead)
    lead = rooms[0]
    if lead.state not in (CalibrationState.COMPLETE, CalibrationState.INCOMPLETE):
        raise Conflict("wrong_state", _("A consensus is recorded once the session is revealed."))
    if lead.version != expected_version:
        raise Conflict("stale", _("Somebody saved this in the meantime; look at what is there now."))
    cases = list(selectors.case_list(scope=scope, calibration=lead))
    _consensus_check(scope, lead, cases, sheets)
    for room in rooms:
        for case, own in zip(cases, selectors.case_list(scope=scope, calibration=room), strict=True):
            sheet = sheets[case.uuid]
            own.consensus = dict(sheet.answers)
            own.consensus_remarks = {name: text.strip() for name, text in sheet.remarks.items() if text.strip()}
            own.save(update_fields=["consensus", "consensus_remarks"])
        room.agreed_at, room.version = scope.at, room.version + 1
        room.agreed_by = scope.actor[:150] if room.part == Part.CLIENT else ""
    results_write(scope, rooms)
    for room in rooms:
        room.save()
        record(scope=scope, action="calibration.agreed", target=room)
    return lead


def _consensus_check(
    scope: Scope, lead: Calibration, cases: Sequence[CalibrationCase], sheets: Mapping[UUID, Sheet]
) -> None:
    form = selectors.calibration_questions(lead)
    words: set[str] = set()
    for vendor_id in (lead.owner_id, lead.peer_id):
        if vendor_id is not None:
            words |= selectors.words_of(scope=scope, vendor_id=vendor_id)
    words |= {case.reference for case in cases}
    fields: dict[str, list[Any]] = {}
    for case in cases:
        sheet = sheets.get(case.uuid, Sheet())
        try:
            sheet_check(form, sheet)
            sheet_missing(form, sheet)
        except Invalid as refusal:
            fields |= {f"{case.uuid}.{name}": texts for name, texts in refusal.fields.items()}
        for name, text in sheet.remarks.items():
            found = traces_in(text, words) if lead.peer_id is not None else []
            if found:
                message = _("Every party reads this; leave out: %(words)s")
                fields[f"{case.uuid}.{name}"] = [message % {"words": ", ".join(found[:12])}]
            elif lead.owner_id is not None:
                rivals_refuse(scope=scope, vendor_id=lead.owner_id, texts={f"{case.uuid}.{name}": text})
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
