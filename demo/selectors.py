"""How far the demo is."""

from __future__ import annotations

from dataclasses import dataclass

from core.scope import Scope
from demo.plan import Plan
from sla.models import Sweep

SWEEP_NAME = "demo"


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the demo is loaded, and what the rest is made from."""

    plan: Plan
    files_done: int
    files_total: int

    @property
    def is_loaded(self) -> bool:
        """Whether every file is in; the last figures may still be computed."""
        return self.files_done >= self.files_total


def progress(*, scope: Scope) -> Progress | None:
    """Return how far the demo is; None where no demo was begun."""
    sweep = Sweep.objects.visible_to(scope).filter(name=SWEEP_NAME).first()
    if sweep is None:
        return None
    return Progress(
        plan=Plan.from_json(sweep.findings),
        files_done=sweep.findings["files_done"],
        files_total=sweep.findings["files_total"],
    )
