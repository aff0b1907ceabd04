"""Addresses of the pages of quality assurance."""

from __future__ import annotations

from django.urls import URLPattern, path

from qa.views import (
    builder,
    checks,
    coaching,
    confirmations,
    disputes,
    draws,
    evaluation,
    forms,
    improvement,
    lexicon,
    lists,
    of_call,
    plans,
    reading,
    rule_sets,
    scores,
    scripts,
    transcripts,
)

app_name = "qa"

FORMS: list[URLPattern] = [
    path("forms/", forms.FormList.as_view(), name="form_list"),
    path("forms/new/", forms.DraftNew.as_view(), name="draft_new"),
    path("forms/drafts/<uuid:uuid>/", builder.Builder.as_view(), name="draft_edit"),
    path("forms/drafts/<uuid:uuid>/preview/", builder.draft_preview, name="draft_preview"),
    path("forms/drafts/<uuid:uuid>/compare/", forms.draft_compare, name="draft_compare"),
    path("forms/drafts/<uuid:uuid>/publish/", forms.DraftPublish.as_view(), name="draft_publish"),
    path("forms/drafts/<uuid:uuid>/export/", forms.draft_export, name="draft_export"),
    path("forms/drafts/<uuid:uuid>/delete/", forms.draft_delete, name="draft_delete"),
    path("forms/<uuid:uuid>/", forms.form_detail, name="form_detail"),
    path("forms/<uuid:uuid>/export/", forms.form_export, name="form_export"),
    path("forms/<uuid:uuid>/retire/", forms.form_retire, name="form_retire"),
    path("plans/", plans.PlanList.as_view(), name="plan_list"),
    path("plans/new/", plans.PlanPage.as_view(), name="plan_create"),
    path("plans/<uuid:uuid>/", plans.plan_detail, name="plan_detail"),
    path("plans/<uuid:uuid>/edit/", plans.PlanPage.as_view(), name="plan_edit"),
    path("plans/<uuid:uuid>/draw/", plans.plan_draw, name="plan_draw"),
    path("plans/<uuid:uuid>/<slug:step>/", plans.plan_step, name="plan_step"),
    path("sample-size/", plans.sample_size, name="sample_size"),
    path("draws/", draws.DrawList.as_view(), name="draw_list"),
    path("draws/<uuid:uuid>/", draws.draw_detail, name="draw_detail"),
    path("draws/<uuid:uuid>/again/", draws.draw_check, name="draw_check"),
    path("draws/<uuid:uuid>/progress/", draws.draw_progress, name="draw_progress"),
    path("draws/<uuid:uuid>/sample/", draws.DrawnList.as_view(), name="draw_drawn"),
    path("draws/<uuid:uuid>/population.csv", draws.draw_population, name="draw_population"),
    path("draws/<uuid:uuid>/sample.csv", draws.draw_sample, name="draw_sample"),
]
EVALUATING: list[URLPattern] = [
    path("", lists.EvaluationList.as_view(), name="evaluation_list"),
    path("evaluations/next/", lists.evaluation_next, name="evaluation_next"),
    path("evaluations/release/", lists.evaluations_release, name="evaluations_release"),
    path("evaluations/of-call/", of_call.call_panel, name="call_panel"),
    path("evaluations/of-call/choose/", of_call.call_choose, name="call_choose"),
    path("evaluations/<uuid:uuid>/", evaluation.evaluation_detail, name="evaluation"),
    path("evaluations/<uuid:uuid>/save/", evaluation.evaluation_save, name="evaluation_save"),
    path("evaluations/<uuid:uuid>/submit/", evaluation.evaluation_submit, name="evaluation_submit"),
    path("evaluations/<uuid:uuid>/dispute/", disputes.evaluation_dispute, name="evaluation_dispute"),
    path("evaluations/<uuid:uuid>/decide/", disputes.evaluation_decide, name="evaluation_decide"),
    path("evaluations/<uuid:uuid>/coach/", coaching.CoachingGive.as_view(), name="coaching_give"),
    path("evaluations/<uuid:uuid>/steps/<slug:step>/", evaluation.evaluation_step, name="evaluation_step"),
    path("coaching/", coaching.CoachingList.as_view(), name="coaching_list"),
    path("coaching/<uuid:uuid>/", coaching.coaching_detail, name="coaching"),
    path("coaching/<uuid:uuid>/end/", coaching.CoachingEnd.as_view(), name="coaching_end"),
    path("coaching/<uuid:uuid>/again/", coaching.CoachingAgain.as_view(), name="coaching_again"),
]
AUTOMATIC: list[URLPattern] = [
    path("checks/", checks.Checks.as_view(), name="checks"),
    path("checks/results/", checks.CheckList.as_view(), name="check_list"),
    path("checks/quality/", checks.RuleQualityPage.as_view(), name="rule_quality"),
    path("checks/quality/calls/", checks.QualityCalls.as_view(), name="quality_calls"),
    path("checks/lexicon/", lexicon.LexiconPage.as_view(), name="lexicon"),
    path("checks/rules/", rule_sets.RuleSetList.as_view(), name="rule_sets"),
    path("checks/rules/new/", rule_sets.DraftNew.as_view(), name="rule_draft_new"),
    path("checks/rules/drafts/<uuid:uuid>/", rule_sets.rule_draft, name="rule_draft"),
    path("checks/rules/drafts/<uuid:uuid>/set/", rule_sets.rule_draft_set, name="rule_draft_set"),
    path("checks/rules/drafts/<uuid:uuid>/try/", rule_sets.rule_draft_try, name="rule_draft_try"),
    path("checks/rules/drafts/<uuid:uuid>/publish/", rule_sets.rule_draft_publish, name="rule_draft_publish"),
    path("checks/rules/drafts/<uuid:uuid>/delete/", rule_sets.rule_draft_delete, name="rule_draft_delete"),
    path("checks/rules/drafts/<uuid:uuid>/rules/new/", rule_sets.RulePage.as_view(), name="rule_new"),
    path("checks/rules/drafts/<uuid:uuid>/rules/<slug:key>/", rule_sets.RulePage.as_view(), name="rule_edit"),
    *(
        path(
            f"checks/rules/drafts/<uuid:uuid>/rules/<slug:key>/{deed}/",
            rule_sets.rule_act,
            {"deed": deed},
            name=f"rule_{deed}",
        )
        for deed in ("up", "down", "remove")
    ),
    path("checks/rules/<uuid:uuid>/", rule_sets.rule_set, name="rule_set"),
    path("checks/rules/<uuid:uuid>/run/", rule_sets.rule_set_run, name="rule_set_run"),
    path("checks/rules/<uuid:uuid>/retire/", rule_sets.rule_set_retire, name="rule_set_retire"),
    path("transcripts/", transcripts.TranscriptList.as_view(), name="transcript_list"),
    path("transcripts/import/", transcripts.TranscriptNew.as_view(), name="transcript_new"),
    path("transcripts/lists/", transcripts.TranscriptImports.as_view(), name="transcript_imports"),
    path("transcripts/lists/<uuid:uuid>/", transcripts.TranscriptImportDetail.as_view(), name="transcript_import"),
    path("transcripts/lists/<uuid:uuid>/progress/", transcripts.transcript_progress, name="transcript_progress"),
    path("transcripts/<uuid:uuid>/", transcripts.transcript_detail, name="transcript_detail"),
    path(
        "transcripts/of-call/<uuid:contract>/<call_id:external_id>/",
        transcripts.transcript_panel,
        name="transcript_panel",
    ),
]
CALIBRATION: list[URLPattern] = [
    path("scores/", scores.ScorePage.as_view(), name="score_list"),
]
SCRIPTS: list[URLPattern] = [
    path("scripts/", scripts.ScriptList.as_view(), name="script_list"),
    path("scripts/new/", scripts.ScriptPage.as_view(), name="script_create"),
    path("scripts/confirmations/", confirmations.RoundList.as_view(), name="round_list"),
    path("scripts/lookup/", reading.lookup, name="script_lookup"),
    path("scripts/<uuid:uuid>/ask/", confirmations.AskPage.as_view(), name="confirmation_ask"),
    path("scripts/<uuid:uuid>/confirmations/", confirmations.AgentList.as_view(), name="confirmation_list"),
    path("scripts/<uuid:uuid>/remind/", confirmations.remind, name="confirmation_remind"),
    path("scripts/<uuid:uuid>/confirm/", confirmations.confirm, name="script_confirm"),
    path("scripts/<uuid:uuid>/read/", reading.read, name="script_read"),
    path("scripts/<uuid:uuid>/", scripts.script_detail, name="script_detail"),
    path("scripts/<uuid:uuid>/review/", scripts.script_review, name="script_review"),
    path("scripts/<uuid:uuid>/compare/", scripts.script_compare, name="script_compare"),
    path("scripts/<uuid:uuid>/withdraw/", scripts.ScriptWithdraw.as_view(), name="script_withdraw"),
]
IMPROVEMENT: list[URLPattern] = [
    path("improvement/", improvement.improvement_board, name="improvement_board"),
    path("improvement/list/", improvement.ImprovementList.as_view(), name="improvement_list"),
    path("improvement/new/", improvement.ImprovementNew.as_view(), name="improvement_create"),
    path("improvement/<uuid:uuid>/", improvement.improvement_detail, name="improvement_detail"),
    path("improvement/<uuid:uuid>/edit/", improvement.ImprovementEdit.as_view(), name="improvement_edit"),
    path("improvement/<uuid:uuid>/check/", improvement.improvement_check, name="improvement_check"),
    path("improvement/<uuid:uuid>/figures/", improvement.ImprovementFigures.as_view(), name="improvement_figures"),
    path("improvement/<uuid:uuid>/comment/", improvement.improvement_comment, name="improvement_comment"),
    path("improvement/<uuid:uuid>/<slug:step>/", improvement.ImprovementStep.as_view(), name="improvement_step"),
]

urlpatterns = [*EVALUATING, *FORMS, *AUTOMATIC, *SCRIPTS, *CALIBRATION, *IMPROVEMENT]
