"""Addresses of the pages of quality assurance."""

from __future__ import annotations

from django.urls import URLPattern, path

from qa.views import builder, forms, scores, scripts

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
]
EVALUATING: list[URLPattern] = []
AUTOMATIC: list[URLPattern] = []
CALIBRATION: list[URLPattern] = [
    path("scores/", scores.ScorePage.as_view(), name="score_list"),
]
SCRIPTS: list[URLPattern] = [
    path("scripts/", scripts.ScriptList.as_view(), name="script_list"),
    path("scripts/new/", scripts.ScriptPage.as_view(), name="script_create"),
    path("scripts/<uuid:uuid>/", scripts.script_detail, name="script_detail"),
    path("scripts/<uuid:uuid>/review/", scripts.script_review, name="script_review"),
    path("scripts/<uuid:uuid>/compare/", scripts.script_compare, name="script_compare"),
    path("scripts/<uuid:uuid>/withdraw/", scripts.ScriptWithdraw.as_view(), name="script_withdraw"),
]
IMPROVEMENT: list[URLPattern] = []

urlpatterns = [*EVALUATING, *FORMS, *AUTOMATIC, *SCRIPTS, *CALIBRATION, *IMPROVEMENT]
