"""Addresses of the pages of quality assurance."""

from __future__ import annotations

from django.urls import URLPattern, path

from qa.views import scores, scripts

app_name = "qa"

FORMS: list[URLPattern] = []
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
