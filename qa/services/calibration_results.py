"""What each party of a revealed session may read: its own copy of the results.

The copy names a party's own people, and the client's people only to the client; of a rival it says that there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.scope import Scope
from qa import selectors
from qa.calc.agreement import GroupKappa
from qa.calc.calibration import Given, benchmark_of, results_of
from qa.calc.intervals import Gap
from qa.models import Calibration, CalibrationSeat, CalibrationSheet
from qa.models.calibration import Part

ORDER = {Part.CLIENT: 0, Part.OWNER: 1, Part.PEER: 2}


def results_write(scope: Scope, rooms: Sequence[Calibration]) -> None:
    """Put on each party's room what it may read of the results; the caller saves the rooms.

    Args:
        scope: The client's or the platform's, which see all rooms.
        rooms: Of one session, the client's first.
    """
    form = selectors.calibration_questions(rooms[0])
    part_of = {room.pk: Part(room.part) for room in rooms}
    sheets = CalibrationSheet.objects.visible_to(scope).filter(seat__calibration__in=rooms, submitted_at__isnull=False)
    given: list[tuple[CalibrationSheet, Given]] = [
        (sheet, Given(str(sheet.seat.pk), str(sheet.case.position), sheet.answers))
        for sheet in sheets.select_related("seat", "case").order_by("seat_id", "case__position")
    ]
    lead_cases = list(selectors.case_list(scope=scope, calibration=rooms[0]))
    benchmark: dict[str, dict[str, str]] = {}
    for case in lead_cases:
        own = [one.answers for _sheet, one in given if one.case == str(case.position)]
        if case.consensus or own:
            benchmark[str(case.position)] = case.consensus or benchmark_of(form, own)
    found = results_of(form, [one for _sheet, one in given], benchmark)
    seats = {str(sheet.seat.pk): sheet.seat for sheet, _one in given}
    answers = {key: {one.case: dict(one.answers) for _sheet, one in given if one.grader == key} for key in seats}
    positions = [str(case.position) for case in lead_cases]
    keys = sorted(seats, key=lambda key: (ORDER[part_of[seats[key].calibration_id]], int(key)))
    by_key = {grader.key: grader for grader in found.graders}
    for room in rooms:
        # The own people first; then the client's, then those of whom nothing is told.
        ordered = sorted(keys, key=lambda key: (seats[key].calibration_id != room.pk, keys.index(key)))
        counts: dict[str, int] = {}
        graders = []
        for key in ordered:
            part = part_of[seats[key].calibration_id]
            who = _who(room, seats[key], part, counts)
            one = by_key[key]
            graders.append(
                who
                | {
                    "aligned": float(one.aligned),
                    "possible": float(one.possible),
                    "within": list(one.within),
                    "severity": _gap(one.severity),
                    "scores": [_float(one.scores.get(position)) for position in positions],
                    "answers": [answers[key].get(position, {}) for position in positions],
                }
            )
        room.results = {
            "is_agreed": rooms[0].agreed_at is not None,
            "kappa": _kappa(found.kappa),
            "benchmark": [_float(found.benchmark.get(position)) for position in positions],
            "benchmark_answers": [benchmark.get(position, {}) for position in positions],
            "graders": graders,
            "criteria": [
                {
                    "key": line.key,
                    "agreed": line.agreed,
                    "compared": line.compared,
                    "aligned": float(line.aligned),
                    "possible": float(line.possible),
                    "kappa": _kappa(line.kappa),
                    "by": [[float(part) for part in line.by_grader[key]] for key in ordered],
                }
                for line in found.criteria
            ],
        }


def _who(room: Calibration, seat: CalibrationSeat, part: Part, counts: dict[str, int]) -> dict[str, Any]:
    """Return what a party may know of a grader."""
    is_own = seat.calibration_id == room.pk
    if is_own or room.part == Part.CLIENT:
        return {"part": part.value, "is_own": is_own, "name": seat.name, "number": 0}
    told = Part.CLIENT if part == Part.CLIENT else Part.PEER
    counts[told] = counts.get(told, 0) + 1
    return {"part": told.value, "is_own": False, "name": "", "number": counts[told]}


def _gap(gap: Gap) -> dict[str, Any]:
    # Few cases give intervals that no gap of two ratios can have.
    low, high = (None, None) if gap.interval is None else (max(gap.interval[0], -1.0), min(gap.interval[1], 1.0))
    return {"mean": _float(gap.mean), "n": gap.n, "low": low, "high": high}


def _kappa(kappa: GroupKappa) -> dict[str, Any]:
    return {
        "value": kappa.value, "pairs": kappa.pairs, "undefined": kappa.pairs_undefined,
        "same": kappa.same, "compared": kappa.compared,
    }  # fmt: skip


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
