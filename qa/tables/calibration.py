"""The columns of the list of calibration sessions."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.columns import BadgeColumn, CountColumn, HouseTable, MomentColumn
from core.templatetags import ui
from qa.models import Calibration, CalibrationState

DASH = "—"
CALIBRATION_TONES = {
    CalibrationState.OPEN: "info",
    CalibrationState.COMPLETE: "good",
    CalibrationState.INCOMPLETE: "warning",
    CalibrationState.CANCELED: "neutral",
}


def calibration_url(record: Calibration) -> str:
    """Return the page of a session."""
    return reverse("qa:calibration_detail", args=[record.uuid])


class CalibrationTable(HouseTable):
    """Sessions, the newest first."""

    number = tables.Column(
        verbose_name=gettext_lazy("No."), linkify=calibration_url, attrs={"td": {"class": "text-nowrap"}}
    )
    name = tables.Column(linkify=calibration_url, default=DASH)
    form_name = tables.Column(verbose_name=gettext_lazy("Form"), orderable=False)
    state = BadgeColumn(tones=CALIBRATION_TONES)
    own = tables.Column(
        verbose_name=gettext_lazy("You"), accessor="own_due", orderable=False, empty_values=(),
        attrs={"td": {"class": "text-nowrap"}},
    )  # fmt: skip
    sheets = tables.Column(
        verbose_name=gettext_lazy("Your house"), accessor="sheets_due", orderable=False,
        attrs={"td": {"class": "text-nowrap"}},
    )  # fmt: skip
    cases_count = CountColumn(verbose_name=gettext_lazy("Cases"))
    deadline_at = MomentColumn()
    agreed_at = MomentColumn(default=DASH)

    class Meta:
        model = Calibration
        fields: tuple[str, ...] = ()

    def render_number(self, value: int) -> str:
        return f"#{value}"

    def value_number(self, value: int) -> int:
        return value

    def render_own(self, value: int, record: Any) -> SafeString:
        if not value:
            return format_html("{}", DASH)
        if record.own_done == value:
            return ui.badge("good", _("scored"))
        is_open = record.state == CalibrationState.OPEN
        text = _("%(done)s of %(due)s scored") % {"done": record.own_done, "due": value}
        return ui.badge("warning" if is_open else "neutral", text)

    def value_own(self, value: int, record: Any) -> str:
        return f"{record.own_done}/{value}"

    def render_sheets(self, value: int, record: Any) -> str:
        return f"{record.sheets_done} / {value}"

    def value_sheets(self, value: int, record: Any) -> str:
        return f"{record.sheets_done}/{value}"
