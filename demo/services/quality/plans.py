"""Sampling plans of the demo: they draw by themselves only once the rest of its quality stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from contracts.models import Contract
from core.scope import Scope, activate
from demo.services.acting import acting
from qa import selectors, services
from qa.models import Plan

PLANNER = "quality"
# Made and paused; whoever pauses a plan later saves it more often than that.
_ASLEEP = 2


@transaction.atomic
def plan_asleep(*, scope: Scope, contract: Contract, values: Mapping[str, Any]) -> Plan:
    """Make a plan that waits: the product's tick would draw beside the demo, and each would wait for the other."""
    plan = services.plan_create(scope=scope, contract=contract, values=values)
    return services.plan_step(scope=scope, uuid=plan.uuid, expected_version=plan.version, step="pause")


def plans_wake(scope: Scope, at: datetime) -> None:
    """Let the demo's plans draw from now on, also those of a run that was stopped; nobody's own pause is lifted."""
    with activate(scope):
        asleep = list(selectors.plan_list(scope=scope).filter(state="paused", version=_ASLEEP))
    with acting(PLANNER, at) as planner:
        for plan in asleep:
            services.plan_step(scope=planner, uuid=plan.uuid, expected_version=_ASLEEP, step="resume")
