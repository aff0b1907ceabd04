"""Tables of quality assurance."""

from qa.models.calibration import Calibration, CalibrationCase, CalibrationSeat, CalibrationSheet, CalibrationState
from qa.models.confirmations import (
    Confirmation,
    ConfirmationRound,
)
from qa.models.consistency import LANGUAGES, AskedBy, BankQuestion, BankReply
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
from qa.models.ideas import CaseState, Idea, IdeaState, IdeaTopic, ServiceCase
from qa.models.improvement import (
    GroupBy,
    Improvement,
    ImprovementCheck,
    ImprovementEvent,
    ImprovementOrigin,
    ImprovementState,
    Metric,
)
from qa.models.live import (
    INTERVENTIONS,
    LIVE_OUTCOMES,
    LIVE_REASONS,
    LIVE_SOURCES,
    LIVE_STATES,
    LiveCall,
)
from qa.models.plans import METHODS, PLAN_STATES, Draw, Kind, Plan, Side
from qa.models.scripts import (
    SCRIPT_KINDS,
    SCRIPT_LANGUAGES,
    SCRIPT_STATES,
    STAGES,
    Script,
)
from qa.models.speech import CheckRun, RuleDraft, RuleSet, SpeechKind
from qa.models.transcripts import Check, StagedTranscript, Transcript, TranscriptImport

__all__ = [
    "EVALUATION_STATES",
    "INTERVENTIONS",
    "LANGUAGES",
    "LIVE_OUTCOMES",
    "LIVE_REASONS",
    "LIVE_SOURCES",
    "LIVE_STATES",
    "METHODS",
    "ORIGINS",
    "PLAN_STATES",
    "SCRIPT_KINDS",
    "SCRIPT_LANGUAGES",
    "SCRIPT_STATES",
    "STAGES",
    "AskedBy",
    "BankQuestion",
    "BankReply",
    "Calibration",
    "CalibrationCase",
    "CalibrationSeat",
    "CalibrationSheet",
    "CalibrationState",
    "CaseState",
    "Check",
    "CheckRun",
    "CoachingTask",
    "Confirmation",
    "ConfirmationRound",
    "Dispute",
    "Draw",
    "Evaluation",
    "EvaluationEvent",
    "Form",
    "FormDraft",
    "GroupBy",
    "Idea",
    "IdeaState",
    "IdeaTopic",
    "Improvement",
    "ImprovementCheck",
    "ImprovementEvent",
    "ImprovementOrigin",
    "ImprovementState",
    "Kind",
    "LiveCall",
    "Metric",
    "Origin",
    "Plan",
    "RuleDraft",
    "RuleSet",
    "ScoreMark",
    "Script",
    "ServiceCase",
    "Side",
    "SpeechKind",
    "StagedTranscript",
    "Transcript",
    "TranscriptImport",
]
