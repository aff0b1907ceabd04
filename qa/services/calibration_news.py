"""Telling graders of calibration: each house of its own session, by its own number, and nothing of who else scores."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.calc.notices import News
from accounts.services import notices_send
from core.scope import Scope
from qa.models import Calibration, CalibrationSeat


def begun_tell(scope: Scope, rooms: Sequence[Calibration], *, count: int) -> None:
    """Tell the graders of every room how many calls wait for them, and until when."""
    notices_send(
        scope=scope,
        news=[
            _news(scope, room, "begun", {"count": count, "deadline_at": room.deadline_at.isoformat()}) for room in rooms
        ],
    )


def revealed_tell(scope: Scope, rooms: Sequence[Calibration]) -> None:
    """Tell the graders of every room that they may read how all of them scored."""
    notices_send(scope=scope, news=[_news(scope, room, "revealed", {}) for room in rooms])


def _news(scope: Scope, room: Calibration, what: str, more: dict[str, str | int]) -> News:
    seats = CalibrationSeat.objects.visible_to(scope).filter(calibration=room)
    people = set(seats.values_list("user_id", flat=True)) - {scope.user_id}
    parameters: dict[str, str | int] = {"calibration": str(room), **more}
    path = f"/qa/calibration/{room.uuid}/"
    return News(room.vendor_id, people, "calibration", f"calibration_{what}", f"{room.uuid}:{what}", parameters, path)
