"""The filters of the list of calibration sessions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from core.filters import SearchFilter
from qa.models import Calibration, CalibrationState


class CalibrationFilter(FilterSet):  # type: ignore[misc]
    """What sessions are found by."""

    q = SearchFilter(fields=("name", "form_name"))
    state = ChoiceFilter(label=_("State"), choices=CalibrationState.choices, empty_label=_("all"))

    class Meta:
        model = Calibration
        fields: list[str] = []
