"""The columns of the list of flagged calls."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.columns import BadgeColumn, HouseTable, MomentColumn, SecondsColumn
from core.http import scope_of
from qa.calc.live import LiveState
from qa.models import LiveCall
from qa.tables.scripts import DASH, NAME

LIVE_TONES = {
    LiveState.OPEN: "bad",
    LiveState.TAKEN: "warning",
    LiveState.CLOSED: "good",
    LiveState.LAPSED: "neutral",
}


def live_url(record: LiveCall) -> str:
    """Return the page of a flagged call."""
    return reverse("qa:live_detail", args=[record.uuid])


class LiveTable(HouseTable):
    """Flagged calls, the newest first."""

    number = tables.Column(linkify=live_url)
    state = BadgeColumn(tones=LIVE_TONES)
    reason = tables.Column()
    agent = tables.Column(accessor="agent__name", verbose_name=gettext_lazy("Agent"), default=DASH, attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    flagged_at = MomentColumn()
    wait_seconds = SecondsColumn(
        verbose_name=gettext_lazy("Until help came"), accessor="wait_seconds", order_by="waited", default=DASH
    )
    intervention = tables.Column(default=DASH)
    outcome = tables.Column(default=DASH)
    taken_by = tables.Column(orderable=False, empty_values=(None,), attrs=NAME)
    detail = tables.Column(default=DASH, attrs=NAME, visible=False)
    queue = tables.Column(
        accessor="queue__name", verbose_name=gettext_lazy("Queue"), default=DASH, attrs=NAME, visible=False
    )
    external_id = tables.Column(default=DASH, visible=False)
    source = tables.Column(visible=False)
    closed_at = MomentColumn(default=DASH, visible=False)

    class Meta:
        model = LiveCall
        fields: tuple[str, ...] = ()

    def render_number(self, record: LiveCall) -> str:
        return str(record)

    def value_number(self, record: LiveCall) -> int:
        return record.number

    def render_taken_by(self, record: LiveCall) -> Any:
        shown = scope_of(self.request).called(record.taken_by, record.taken_side)
        return shown if record.taken_by else DASH

    value_taken_by = render_taken_by
