"""The lines of quality assurance in the one table of addresses, by area."""

from __future__ import annotations

from tests.access.quality import automatic, calibration, evaluating, forms, improvement, scripts

_AREAS = (forms, evaluating, automatic, scripts, calibration, improvement)

TABLE = "".join(area.TABLE for area in _AREAS)
KINDS = {name: kind for area in _AREAS for name, kind in area.KINDS.items()}
BODIES = {name: body for area in _AREAS for name, body in area.BODIES.items()}
