"""What the tests of incidents begin with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.scope import activate
from sla import services
from sla.calc.incidents import Step
from sla.models import Incident
from tests.world import NOW, World

TOLD: dict[Step, dict[str, Any]] = {
    Step.LOCATE: {"cause_class": "carrier", "cause": "a cable was cut"},
    Step.REVIEW: {"review": "two cables now"},
}


def incident_of(
    world: World,
    *,
    by: str = "andes_vendor_supervisor",
    code: str = "ANDES",
    at: datetime = NOW,
    queues: tuple[int, ...] = (0,),
    **values: Any,
) -> Incident:
    """Raise an incident at a vendor."""
    small, scope = world.vendors[code], world.scope(by, at)
    with activate(scope):
        return services.incident_raise(
            scope=scope,
            vendor_id=small.vendor.pk,
            title=values.pop("title", "No calls arrive"),
            systems=values.pop("systems", ["call_system"]),
            queue_uuids=[small.queues[number].uuid for number in queues],
            **values,
        )


def step(
    world: World, incident: Incident, step: Step, *, at: datetime, by: str = "andes_vendor_supervisor"
) -> Incident:
    """Take a step at a moment."""
    scope = world.scope(by, at)
    with activate(scope):
        return services.incident_step(scope=scope, uuid=incident.uuid, step=step, told=TOLD.get(step))


def restored(
    world: World, *, start: datetime, end: datetime, code: str = "ANDES", queues: tuple[int, ...] = (0,)
) -> Incident:
    """Return an incident that callers felt from one moment to another, and that counts for relief."""
    by, client = f"{code.lower()}_vendor_supervisor", world.scope("programme_manager", end + timedelta(minutes=1))
    incident = incident_of(world, by=by, code=code, at=start, queues=queues)
    step(world, incident, Step.ACKNOWLEDGE, at=start, by=by)
    step(world, incident, Step.LOCATE, at=start, by=by)
    step(world, incident, Step.RESTORE, at=end, by=by)
    with activate(client):
        return services.incident_judge(
            scope=client, uuid=incident.uuid, expected_version=4, counts=True, reason="the carrier's fault"
        )
