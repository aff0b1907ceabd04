"""Addresses of the interface of quality assurance."""

from __future__ import annotations

from django.urls import URLPattern, path

from qa.api import scores

FORMS: list[URLPattern] = []
EVALUATING: list[URLPattern] = []
AUTOMATIC: list[URLPattern] = []
SCRIPTS: list[URLPattern] = []
CALIBRATION: list[URLPattern] = [
    path("qa-scores", scores.ScoresView.as_view(), name="api_qa_scores"),
    path("qa-kpis", scores.QaKpisView.as_view(), name="api_qa_kpis"),
]
IMPROVEMENT: list[URLPattern] = []

urlpatterns = [*EVALUATING, *FORMS, *AUTOMATIC, *SCRIPTS, *CALIBRATION, *IMPROVEMENT]
