"""The tables of this room: rollups, incidents, and what readiness for them is proved by."""

from sla.models.incidents import Cause, Incident, IncidentAlert, IncidentEntry, IncidentQueue
from sla.models.measured import MeasuredDay
from sla.models.readiness import ContingencyPlan, Drill, EvidenceFile, Inspection, MonthlyEvidence
from sla.models.rollups import (
    AgentDay,
    AppliedVersion,
    ContractDay,
    Measures,
    QueueDay,
    QueueHalfHour,
    ReasonDay,
    RollupModel,
    Sweep,
)

__all__ = [
    "AgentDay",
    "AppliedVersion",
    "Cause",
    "ContingencyPlan",
    "ContractDay",
    "Drill",
    "EvidenceFile",
    "Incident",
    "IncidentAlert",
    "IncidentEntry",
    "IncidentQueue",
    "Inspection",
    "MeasuredDay",
    "Measures",
    "MonthlyEvidence",
    "QueueDay",
    "QueueHalfHour",
    "ReasonDay",
    "RollupModel",
    "Sweep",
]
