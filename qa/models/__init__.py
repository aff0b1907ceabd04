"""Tables of quality assurance."""

from qa.models.evaluations import (
    EVALUATION_STATES,
    ORIGINS,
    CoachingTask,
    Dispute,
    Evaluation,
    EvaluationEvent,
    Origin,
)
from qa.models.forms import Form, FormDraft
from qa.models.plans import METHODS, PLAN_STATES, Draw, Kind, Plan, Side

__all__ = [
    "EVALUATION_STATES",
    "METHODS",
    "ORIGINS",
    "PLAN_STATES",
    "CoachingTask",
    "Dispute",
    "Draw",
    "Evaluation",
    "EvaluationEvent",
    "Form",
    "FormDraft",
    "Kind",
    "Origin",
    "Plan",
    "Side",
]
