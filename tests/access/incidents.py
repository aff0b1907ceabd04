"""What stands in the house of incidents and of readiness for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.scope import activate
from sla import services as sla
from sla.calc.incidents import Step
from tests.world import NOW, World


def incidents_make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor a plan with its drill, inspections, evidence, an open incident and one that is over."""
    small = world.vendors[code]
    client, manager = world.scope("programme_manager"), world.scope(f"{code.lower()}_vendor_manager")
    with activate(manager):
        plan = sla.plan_create(
            scope=manager,
            vendor_id=small.vendor.pk,
            kind="system_failure",
            title=f"{mark}-plan",
            steps=f"{mark}-step",
            offline_script=f"{mark}-script",
            standby_server=f"{mark}-standby",
            owner=f"{mark}-owner",
            in_force_from=date(2026, 1, 1),
            review_on=date(2026, 12, 31),
        )
        drill = sla.drill_plan(scope=manager, plan_uuid=plan.uuid, planned_on=date(2026, 6, 14))
        drill = sla.drill_record(
            scope=manager,
            uuid=drill.uuid,
            expected_version=1,
            values={
                "held_on": date(2026, 6, 14),
                "participants": f"{mark}-people",
                "result": "partly",
                "findings": f"{mark}-finding",
                "link": f"https://{mark.lower()}-{code.lower()}.example/drill",
            },
            upload=SimpleUploadedFile(f"{mark}-proof.txt", f"{mark}-proof".encode()),
        )
        sla.inspection_record(
            scope=manager,
            vendor_id=small.vendor.pk,
            system="crm",
            day=date(2026, 6, 14),
            items={"sign_in": True, "history_opens": False, "ticket_saved": True, "answers_in_time": True},
            load_ratio=Decimal("0.91"),
            note=f"{mark}-inspected",
        )
        sla.evidence_record(
            scope=manager,
            vendor_id=small.vendor.pk,
            kind="backup",
            month=date(2026, 5, 1),
            note=f"{mark}-restored",
            link=f"https://{mark.lower()}-{code.lower()}.example/backup",
        )
        incident = sla.incident_raise(
            scope=manager,
            vendor_id=small.vendor.pk,
            title=f"{mark}-open-incident",
            systems=["call_system"],
            queue_uuids=[small.queues[0].uuid],
        )
        sla.incident_note(scope=manager, uuid=incident.uuid, text=f"{mark}-log-line")
    earlier = replace(client, at=NOW - timedelta(hours=3))
    with activate(earlier):
        # The client may speak of its vendor's matter; its people stay unnamed to the vendor.
        ended = sla.incident_raise(
            scope=earlier, vendor_id=small.vendor.pk, title=f"{mark}-ended-incident", systems=["network"]
        )
        sla.incident_step(scope=earlier, uuid=ended.uuid, step=Step.ACKNOWLEDGE, note=f"{mark}-acknowledged")
        told = {"cause_class": "carrier", "cause": f"{mark}-cause", "plan": plan}
        sla.incident_step(scope=earlier, uuid=ended.uuid, step=Step.LOCATE, told=told)
    later = replace(client, at=NOW - timedelta(hours=1))
    with activate(later):
        sla.incident_step(scope=later, uuid=ended.uuid, step=Step.RESTORE)
        ended = sla.incident_judge(
            scope=later, uuid=ended.uuid, expected_version=4, counts=True, reason=f"{mark}-relief"
        )
    assert drill.file is not None
    return {
        "incident": incident,
        "ended_incident": ended,
        "plan": plan,
        "drill": drill,
        "evidence_file": drill.file,
    }
