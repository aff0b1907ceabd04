"""What stands in the house of quality assurance, made in the order in which things need each other."""

from __future__ import annotations

from typing import Any

from tests.access.stock import automatic, calibration, evaluating, forms, improvement, scripts
from tests.world import World

_AREAS = (forms, evaluating, automatic, scripts, calibration, improvement)


def quality_make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor what each area has."""
    return {name: thing for area in _AREAS for name, thing in area.make(world, code, mark).items()}
