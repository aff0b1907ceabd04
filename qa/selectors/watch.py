"""Grading the graders: severity from calibration, and vendors' own scores beside the client's of the same calls."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Q

from core.errors import Forbidden
from core.periods import day_start
from core.scope import CLIENT, VENDOR, Scope
from qa.calc.forms import form_read
from qa.calc.scoring import score_of
from qa.calc.states import SCORED
from qa.calc.watch import Heard, Watched, watched
from qa.models import CalibrationCase, CalibrationSheet, CalibrationState, Kind
from qa.selectors.evaluations import evaluation_list
from qa.selectors.heard import CallKey, voices_of
from qa.selectors.scores import Asked
from vendors.models import Vendor

Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class GraderWatch:
    """One grader, or a whole vendor.

    Attributes:
        organization_id: Whose people.
        organization: What their house is called.
        user_id: The grader; None for all of the house together.
        name: What the grader is called; empty for all together.
        watched: What is known.
        heard: What customers made of the calls that both sides scored.
    """

    organization_id: int
    organization: str
    user_id: int | None
    name: str
    watched: Watched
    heard: Heard


def watch_list(*, scope: Scope, asked: Asked, by_house: bool = False) -> list[GraderWatch]:
    """Return the graders that are known in a period, by house and name.

    A vendor reads of its own people alone. Sessions count by the day on which they were revealed, if they are
    complete; scored conversations by their own day, if they were drawn.

    Args:
        scope: Who asks.
        asked: Form and days; the side is not asked for.
        by_house: All graders of a house together.

    Raises:
        Forbidden: The role compares nothing.
    """
    if not scope.can("qa.compare"):
        raise Forbidden(permission="qa.compare")
    names: dict[tuple[int, int | None], str] = {}
    severities: dict[tuple[int, int | None], list[Fraction]] = defaultdict(list)
    pairs: dict[tuple[int, int | None], list[Pair]] = defaultdict(list)
    calls: dict[tuple[int, int | None], list[CallKey]] = defaultdict(list)
    for organization_id, user_id, name, gap in _calibrated(scope, asked):
        key = (organization_id, None if by_house else user_id)
        names.setdefault(key, "" if by_house else name)
        severities[key].append(gap)
    for organization_id, user_id, name, call, pair in _both_scored(scope, asked):
        key = (organization_id, None if by_house else user_id)
        names.setdefault(key, "" if by_house else name)
        pairs[key].append(pair)
        if call is not None:
            calls[key].append(call)
    voices = voices_of(scope=scope, asked=asked, calls={call for own in calls.values() for call in own})
    houses = dict(Vendor.objects.visible_to(scope).values_list("pk", "name"))
    found = [
        GraderWatch(
            organization_id=organization_id,
            organization=houses.get(organization_id, scope.client_name),
            user_id=user_id,
            name=name,
            watched=watched(severities[organization_id, user_id], pairs[organization_id, user_id]),
            heard=voices.of(calls[organization_id, user_id]),
        )
        for (organization_id, user_id), name in names.items()
        if asked.vendor_id in (None, organization_id)
    ]
    return sorted(found, key=lambda one: (one.organization, one.name, one.user_id or 0))


def _calibrated(scope: Scope, asked: Asked) -> list[tuple[int, int, str, Fraction]]:
    """Return house, grader, name and the gap to the benchmark of each sheet in complete sessions."""
    sheets = CalibrationSheet.objects.visible_to(scope).filter(
        submitted_at__isnull=False,
        seat__calibration__state=CalibrationState.COMPLETE,
        seat__calibration__form_code=asked.form_code,
        seat__calibration__revealed_at__gte=day_start(asked.first, "UTC"),
        seat__calibration__revealed_at__lt=day_start(asked.last + timedelta(days=1), "UTC"),
    )
    if not scope.is_client:
        sheets = sheets.filter(vendor_id=scope.organization_id)
    rows = list(sheets.select_related("seat__calibration", "case").order_by("pk"))
    rooms = {sheet.seat.calibration_id: sheet.seat.calibration for sheet in rows}
    forms = {pk: form_read(room.body) for pk, room in rooms.items()}
    cases = {
        (case.calibration_id, case.position): case.consensus
        for case in CalibrationCase.objects.visible_to(scope).filter(calibration__in=rooms)
    }
    found = []
    for sheet in rows:
        room = sheet.seat.calibration
        known = room.results.get("benchmark_answers", [])
        at = sheet.case.position - 1
        benchmark = cases.get((room.pk, sheet.case.position)) or (known[at] if at < len(known) else {})
        form = forms[room.pk]
        own, agreed = score_of(form, sheet.answers).ratio, score_of(form, benchmark).ratio
        if own is not None and agreed is not None:
            found.append((sheet.vendor_id, sheet.seat.user_id, sheet.seat.name, own - agreed))
    return found


def _both_scored(scope: Scope, asked: Asked) -> list[tuple[int, int, str, CallKey | None, Pair]]:
    """Return vendor, evaluator, name, the call if it is one, and both scores of each conversation that both scored."""
    rows = evaluation_list(scope=scope).filter(
        Q(evaluator_id__isnull=False) | Q(side=CLIENT),
        form__code=asked.form_code,
        draw__isnull=False,
        state__in=sorted(SCORED),
        possible__gt=0,
        day__gte=asked.first,
        day__lte=asked.last,
    )
    facts = ("vendor_id", "contract_id", "kind", "reference", "side", "evaluator_id", "evaluator_name")
    sides: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows.order_by("pk").values(*facts, "earned", "possible"):
        sides[row["vendor_id"], row["contract_id"], row["kind"], row["reference"]][row["side"]] = row
    found = []
    for (_vendor_id, contract_id, kind, reference), own in sides.items():
        if VENDOR in own and CLIENT in own:
            scores = [Fraction(own[side]["earned"]) / Fraction(own[side]["possible"]) for side in (VENDOR, CLIENT)]
            row = own[VENDOR]
            call = (contract_id, reference) if kind == Kind.CALL else None
            found.append((row["vendor_id"], row["evaluator_id"], row["evaluator_name"], call, (scores[0], scores[1])))
    return found
