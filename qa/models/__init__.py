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
from qa.models.figures import ScoreMark
from qa.models.forms import Form, FormDraft
from qa.models.plans import METHODS, PLAN_STATES, Draw, Kind, Plan, Side
from qa.models.speech import CheckRun, RuleDraft, RuleSet, SpeechKind
from qa.models.transcripts import Check, StagedTranscript, Transcript, TranscriptImport

__all__ = [
    "EVALUATION_STATES",
    "METHODS",
    "ORIGINS",
    "PLAN_STATES",
    "Check",
    "CheckRun",
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
    "RuleDraft",
    "RuleSet",
    "ScoreMark",
    "Side",
    "SpeechKind",
    "StagedTranscript",
    "Transcript",
    "TranscriptImport",
]
