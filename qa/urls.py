"""Addresses of the pages of quality assurance."""

from __future__ import annotations

from django.urls import URLPattern, path

from qa.views import scores

app_name = "qa"

FORMS: list[URLPattern] = []
EVALUATING: list[URLPattern] = []
AUTOMATIC: list[URLPattern] = []
SCRIPTS: list[URLPattern] = []
CALIBRATION: list[URLPattern] = [
    path("scores/", scores.ScorePage.as_view(), name="score_list"),
]
IMPROVEMENT: list[URLPattern] = []

urlpatterns = [*EVALUATING, *FORMS, *AUTOMATIC, *SCRIPTS, *CALIBRATION, *IMPROVEMENT]
