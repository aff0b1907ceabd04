"""How the demo enterprise looks after quality: forms, samples, evaluations and what follows from them."""

from __future__ import annotations

from collections.abc import Callable

from core.scope import Scope
from demo.plan import Plan
from demo.services.quality.automatic import automatic_create
from demo.services.quality.calibration import calibration_create
from demo.services.quality.evaluating import evaluating_create
from demo.services.quality.forms import forms_create
from demo.services.quality.improvement import improvement_create
from demo.services.quality.plans import plans_wake
from demo.services.quality.scripts import scripts_create

# In the order in which one needs the other; each leaves alone what an earlier run made.
_AREAS: tuple[Callable[[Scope, Plan], None], ...] = (
    evaluating_create,
    forms_create,
    calibration_create,
    improvement_create,
    automatic_create,
    scripts_create,
)


def quality_create(*, scope: Scope, plan: Plan) -> None:
    """Let people evaluate conversations of the last weeks, and let the rest follow.

    Args:
        scope: The platform's.
        plan: Says when the last calls end, from which every other day is counted back.
    """
    try:
        for area in _AREAS:
            area(scope, plan)
    finally:
        plans_wake(scope, plan.until)
