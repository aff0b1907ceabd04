"""Writing in this room: figures recomputed from calls, incidents and their clocks, readiness for them."""

from sla.services.clocks import incident_clocks_tick
from sla.services.days import (
    SLICE_DAYS,
    SLICE_KEYS,
    DayKey,
    days_known,
    days_mark,
    days_rebuild,
    days_recompute,
    marks_drain,
    self_check,
    sweep_record,
    versions_apply,
)
from sla.services.incidents import (
    incident_correct_window,
    incident_judge,
    incident_note,
    incident_raise,
    incident_set_affected,
    incident_step,
)
from sla.services.measured import Measured, measured_put
from sla.services.readiness import (
    drill_plan,
    drill_record,
    evidence_file_keep,
    evidence_record,
    inspection_record,
    plan_create,
    plan_update,
)

__all__ = [
    "SLICE_DAYS",
    "SLICE_KEYS",
    "DayKey",
    "Measured",
    "days_known",
    "days_mark",
    "days_rebuild",
    "days_recompute",
    "drill_plan",
    "drill_record",
    "evidence_file_keep",
    "evidence_record",
    "incident_clocks_tick",
    "incident_correct_window",
    "incident_judge",
    "incident_note",
    "incident_raise",
    "incident_set_affected",
    "incident_step",
    "inspection_record",
    "marks_drain",
    "measured_put",
    "plan_create",
    "plan_update",
    "self_check",
    "sweep_record",
    "versions_apply",
]
