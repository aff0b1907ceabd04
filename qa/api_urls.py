"""Addresses of the interface of quality assurance."""

from __future__ import annotations

from django.urls import URLPattern

FORMS: list[URLPattern] = []
EVALUATING: list[URLPattern] = []
AUTOMATIC: list[URLPattern] = []
SCRIPTS: list[URLPattern] = []
CALIBRATION: list[URLPattern] = []
IMPROVEMENT: list[URLPattern] = []

urlpatterns = [*EVALUATING, *FORMS, *AUTOMATIC, *SCRIPTS, *CALIBRATION, *IMPROVEMENT]
