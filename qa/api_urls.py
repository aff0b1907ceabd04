"""Addresses of the interface of quality assurance."""

from __future__ import annotations

from django.urls import URLPattern, path

from qa.api import (
    calibration,
    coaching,
    confirmations,
    evaluations,
    forms,
    ideas,
    improvement,
    live,
    plans,
    scores,
    scripts,
    speech,
)

FORMS: list[URLPattern] = [
    path("evaluation-forms", forms.FormListView.as_view(), name="api_evaluation_forms"),
    path("evaluation-forms/<uuid:uuid>", forms.FormDetailView.as_view(), name="api_evaluation_form"),
    path("form-drafts", forms.DraftListView.as_view(), name="api_form_drafts"),
    path("form-drafts/<uuid:uuid>", forms.DraftDetailView.as_view(), name="api_form_draft"),
    path("form-drafts/<uuid:uuid>/publish", forms.DraftPublishView.as_view(), name="api_form_draft_publish"),
    path("sampling-plans", plans.PlanListView.as_view(), name="api_sampling_plans"),
    path("sampling-plans/<uuid:uuid>", plans.PlanDetailView.as_view(), name="api_sampling_plan"),
    path("draws", plans.DrawListView.as_view(), name="api_draws"),
    path("draws/<uuid:uuid>", plans.DrawDetailView.as_view(), name="api_draw"),
    path("draws/<uuid:uuid>/check", plans.DrawCheckView.as_view(), name="api_draw_check"),
    path("draws/<uuid:uuid>/population.csv", plans.DrawPopulationView.as_view(), name="api_draw_population"),
    path("draws/<uuid:uuid>/sample.csv", plans.DrawSampleView.as_view(), name="api_draw_sample"),
]
EVALUATING: list[URLPattern] = [
    path("evaluations", evaluations.EvaluationListView.as_view(), name="api_evaluations"),
    path("evaluations/next", evaluations.EvaluationNextView.as_view(), name="api_evaluation_next"),
    path("evaluations/<uuid:uuid>", evaluations.EvaluationDetailView.as_view(), name="api_evaluation"),
    path("evaluations/<uuid:uuid>/sheet", evaluations.EvaluationSheetView.as_view(), name="api_evaluation_sheet"),
    path("evaluations/<uuid:uuid>/submit", evaluations.EvaluationSubmitView.as_view(), name="api_evaluation_submit"),
    path("evaluations/<uuid:uuid>/steps", evaluations.EvaluationStepsView.as_view(), name="api_evaluation_steps"),
    path("evaluations/<uuid:uuid>/dispute", evaluations.EvaluationDisputeView.as_view(), name="api_evaluation_dispute"),
    path(
        "evaluations/<uuid:uuid>/decision", evaluations.EvaluationDecisionView.as_view(), name="api_evaluation_decision"
    ),
    path("coaching", coaching.CoachingListView.as_view(), name="api_coaching"),
    path("coaching/<uuid:uuid>", coaching.CoachingDetailView.as_view(), name="api_coaching_one"),
    path("coaching/<uuid:uuid>/end", coaching.CoachingEndView.as_view(), name="api_coaching_end"),
]
AUTOMATIC: list[URLPattern] = [
    path("transcripts", speech.TranscriptListView.as_view(), name="api_transcripts"),
    path("transcripts/<uuid:uuid>", speech.TranscriptDetailView.as_view(), name="api_transcript"),
    path("transcript-imports/<uuid:uuid>", speech.TranscriptImportView.as_view(), name="api_transcript_import"),
    path("rule-sets", speech.RuleSetListView.as_view(), name="api_rule_sets"),
    path("rule-sets/<uuid:uuid>", speech.RuleSetDetailView.as_view(), name="api_rule_set"),
    path("checks", speech.CheckListView.as_view(), name="api_checks"),
]
CALIBRATION: list[URLPattern] = [
    path("qa-scores", scores.ScoresView.as_view(), name="api_qa_scores"),
    path("qa-kpis", scores.QaKpisView.as_view(), name="api_qa_kpis"),
    path("calibrations", calibration.CalibrationListView.as_view(), name="api_calibrations"),
    path("calibrations/<uuid:uuid>", calibration.CalibrationDetailView.as_view(), name="api_calibration"),
    path("calibrations/<uuid:uuid>/cases", calibration.CalibrationCasesView.as_view(), name="api_calibration_cases"),
]
SCRIPTS: list[URLPattern] = [
    path("scripts", scripts.ScriptListView.as_view(), name="api_scripts"),
    path("scripts/<uuid:uuid>", scripts.ScriptDetailView.as_view(), name="api_script"),
    path("live-calls", live.LiveListView.as_view(), name="api_live_calls"),
    path("live-calls/<uuid:uuid>", live.LiveDetailView.as_view(), name="api_live_call"),
    path("live-calls/<uuid:uuid>/take", live.LiveTakeView.as_view(), name="api_live_take"),
    path("live-calls/<uuid:uuid>/close", live.LiveCloseView.as_view(), name="api_live_close"),
    path("live-figures", live.LiveFiguresView.as_view(), name="api_live_figures"),
    path("scripts/<uuid:uuid>/review", scripts.ScriptReviewView.as_view(), name="api_script_review"),
    path("scripts/<uuid:uuid>/confirmations", confirmations.ConfirmationAskView.as_view(), name="api_script_ask"),
    path("scripts/<uuid:uuid>/confirm", confirmations.ScriptConfirmView.as_view(), name="api_script_confirm"),
    path("script-confirmations", confirmations.RoundListView.as_view(), name="api_script_confirmations"),
    path("script-lines", confirmations.ScriptLinesView.as_view(), name="api_script_lines"),
    path("scripts/<uuid:uuid>/withdraw", scripts.ScriptWithdrawView.as_view(), name="api_script_withdraw"),
]
IMPROVEMENT: list[URLPattern] = [
    path("improvements", improvement.ImprovementListView.as_view(), name="api_improvements"),
    path("improvements/<uuid:uuid>", improvement.ImprovementDetailView.as_view(), name="api_improvement"),
    path("improvements/<uuid:uuid>/steps", improvement.ImprovementStepsView.as_view(), name="api_improvement_steps"),
    path("improvements/<uuid:uuid>/check", improvement.ImprovementCheckView.as_view(), name="api_improvement_check"),
    path("ideas", ideas.IdeaListView.as_view(), name="api_ideas"),
    path("ideas/<uuid:uuid>", ideas.IdeaDetailView.as_view(), name="api_idea"),
    path("ideas/<uuid:uuid>/decision", ideas.IdeaDecisionView.as_view(), name="api_idea_decision"),
    path("service-cases", ideas.ServiceCaseListView.as_view(), name="api_service_cases"),
    path("question-bank", ideas.BankQuestionListView.as_view(), name="api_question_bank"),
    path("bank-answers", ideas.BankReplyListView.as_view(), name="api_bank_answers"),
    path("consistency", ideas.ConsistencyView.as_view(), name="api_consistency"),
]

urlpatterns = [*EVALUATING, *FORMS, *AUTOMATIC, *SCRIPTS, *CALIBRATION, *IMPROVEMENT]
