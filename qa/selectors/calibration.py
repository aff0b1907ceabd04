"""Reading calibration: each party its own rooms; before a session is revealed, each grader its own sheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.calc.access import ROLES, permissions_of
from accounts.models import Membership
from accounts.selectors import colleague_list
from contracts.selectors import contract_list
from core.errors import Forbidden, NotFound
from core.scope import CLIENT, VENDOR, Scope
from qa.calc.forms import Form as Questions
from qa.calc.forms import form_read
from qa.calc.traces import own_parts
from qa.models import Calibration, CalibrationCase, CalibrationSeat, CalibrationSheet, Form
from vendors.models import Agent, Site, Vendor

GRADER_ROLES = frozenset(
    role for role in ROLES for side in (CLIENT, VENDOR) if "qa.evaluate" in permissions_of(role, side)
)


def calibration_list(*, scope: Scope) -> QuerySet[Calibration]:
    """Return the sessions of the caller's own organization, the newest first.

    Each row knows how many sheets are expected of the own people and how many are in: ``sheets_due``,
    ``sheets_done``; and of oneself: ``own_due``, ``own_done``.

    Raises:
        Forbidden: The role compares nothing.
    """
    if not scope.can("qa.compare"):
        raise Forbidden(permission="qa.compare")
    rows = Calibration.objects.visible_to(scope).filter(vendor_id=scope.organization_id)
    cases = _count(CalibrationCase.objects.visible_to(scope))
    seats = CalibrationSeat.objects.visible_to(scope)
    sheets = CalibrationSheet.objects.visible_to(scope).filter(submitted_at__isnull=False)
    mine = seats.filter(user_id=scope.user_id or 0)
    own = sheets.filter(seat__user_id=scope.user_id or 0)
    counted: QuerySet[Calibration] = rows.annotate(
        cases_count=cases,
        sheets_due=_count(seats) * F("cases_count"),
        sheets_done=_count(sheets, "seat__calibration"),
        own_due=_count(mine) * F("cases_count"),
        own_done=_count(own, "seat__calibration"),
    )
    return counted.order_by("-pk")


def _count(rows: QuerySet[Any], path: str = "calibration") -> Coalesce:
    counted = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def calibration_get(*, scope: Scope, uuid: UUID) -> Calibration:
    """Return a session as the caller's organization has it.

    Raises:
        NotFound: There is none for the caller.
    """
    found = calibration_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def calibration_questions(calibration: Calibration) -> Questions:
    """Return what a session asks."""
    return form_read(calibration.body)


def case_list(*, scope: Scope, calibration: Calibration) -> QuerySet[CalibrationCase]:
    """Return the cases of a session in order."""
    return CalibrationCase.objects.visible_to(scope).filter(calibration=calibration).order_by("position")


def seat_list(*, scope: Scope, calibration: Calibration) -> QuerySet[CalibrationSeat]:
    """Return the graders of one party in order."""
    return CalibrationSeat.objects.visible_to(scope).filter(calibration=calibration).order_by("name", "pk")


def seat_of(*, scope: Scope, calibration: Calibration) -> CalibrationSeat | None:
    """Return the caller's own seat; None for whoever only reads."""
    return seat_list(scope=scope, calibration=calibration).filter(user_id=scope.user_id or 0).first()


def sheet_list(*, scope: Scope, calibration: Calibration) -> QuerySet[CalibrationSheet]:
    """Return the sheets of one party: one's own, and everybody's once the session is revealed."""
    rows: QuerySet[CalibrationSheet] = CalibrationSheet.objects.visible_to(scope).select_related("seat", "case")
    known = Q(seat__calibration__revealed_at__isnull=False) | Q(seat__user_id=scope.user_id or 0)
    return rows.filter(known, seat__calibration=calibration).order_by("seat__name", "seat_id", "case__position")


def rooms_of(*, scope: Scope, calibration: Calibration) -> list[Calibration]:
    """Return the rooms of all parties of a session that the client leads, the client's own first.

    Raises:
        NotFound: It is no session of the caller's that leads.
    """
    if calibration.lead_id is not None or calibration.vendor_id != scope.organization_id:
        raise NotFound
    rows = Calibration.objects.visible_to(scope).filter(Q(pk=calibration.pk) | Q(lead_id=calibration.pk))
    order = {"client": 0, "owner": 1, "peer": 2}
    return sorted(rows, key=lambda row: order[row.part])


def progress_of(*, scope: Scope, calibration: Calibration) -> list[dict[str, Any]]:
    """Return who has scored how many cases in a session that the client leads; not what they scored.

    Raises:
        NotFound: As :func:`rooms_of`.
    """
    rooms = rooms_of(scope=scope, calibration=calibration)
    done = CalibrationSheet.objects.visible_to(scope).filter(submitted_at__isnull=False)
    seats = CalibrationSeat.objects.visible_to(scope).filter(calibration__in=rooms)
    told = seats.annotate(done=_count(done, "seat"))
    names = dict(Vendor.objects.visible_to(scope).values_list("pk", "name"))
    by_room = {room.pk: room for room in rooms}
    cases = case_list(scope=scope, calibration=calibration).count()
    return [
        {
            "name": seat.name,
            "part": by_room[seat.calibration_id].part,
            "vendor": names.get(seat.vendor_id, ""),
            "done": seat.done,
            "due": cases,
        }
        for seat in sorted(told, key=lambda seat: (list(by_room).index(seat.calibration_id), seat.name, seat.pk))
    ]


def graders_of(*, scope: Scope, organization_id: int) -> QuerySet[Membership]:
    """Return the people of an organization who may score."""
    return colleague_list(scope=scope, organization_ids=[organization_id], roles=sorted(GRADER_ROLES))


def peers_of(*, scope: Scope, form: Form) -> QuerySet[Form]:
    """Return the same form at other vendors where it is in use, for them to be asked as peers."""
    rows: QuerySet[Form] = Form.objects.visible_to(scope).select_related("vendor")
    return rows.filter(digest=form.digest, is_live=True).exclude(vendor_id=form.vendor_id).order_by("vendor__name")


def words_of(*, scope: Scope, vendor_id: int) -> set[str]:
    """Return what would tell of a vendor: its name and code, its sites and cities, its agents and its people."""
    found: set[str] = set()
    for rows, names in (
        (Vendor.objects.visible_to(scope).filter(pk=vendor_id), ("name", "code")),
        (Site.objects.visible_to(scope).filter(vendor_id=vendor_id), ("name", "code", "city")),
        (Agent.objects.visible_to(scope).filter(vendor_id=vendor_id), ("name", "code")),
    ):
        found |= _flat(rows.values_list(*names))
    agents = Agent.objects.visible_to(scope).filter(vendor_id=vendor_id).values_list("name", flat=True)
    found |= own_parts(list(agents))
    people = colleague_list(scope=scope, organization_ids=[vendor_id])
    return found | _flat(people.values_list("user__display_name", "user__username"))


def _flat(rows: Iterable[tuple[str, ...]]) -> set[str]:
    return {name for row in rows for name in row if name}


def contract_uuid_of(*, scope: Scope, case: CalibrationCase) -> UUID | None:
    """Return the contract that a case's call belongs to; None for whoever must not know it."""
    if case.contract_id is None:
        return None
    return contract_list(scope=scope).filter(pk=case.contract_id).values_list("uuid", flat=True).first()
