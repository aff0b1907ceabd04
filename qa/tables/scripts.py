"""The columns of the script library."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.columns import BadgeColumn, CountColumn, DayColumn, HouseTable, MomentColumn
from core.http import scope_of
from core.templatetags import ui
from qa.calc.scripts import ScriptState
from qa.models import STAGES, Script

SCRIPT_TONES = {
    ScriptState.WAITING: "warning",
    ScriptState.APPROVED: "good",
    ScriptState.RETURNED: "bad",
    ScriptState.SUPERSEDED: "neutral",
    ScriptState.WITHDRAWN: "neutral",
}
NAME = {"td": {"class": "text-wrap"}}
DASH = "–"


def script_url(record: Script) -> str:
    """Return the page of a version of a script."""
    return reverse("qa:script_detail", args=[record.uuid])


def state_badge(record: Script, at: Any) -> Any:
    """Return the badge of a version's state; an approved one whose last day has passed is expired."""
    if record.state == ScriptState.APPROVED and not record.is_usable(at):
        return ui.badge("bad", _("expired"))
    return ui.badge(SCRIPT_TONES[ScriptState(record.state)], record.get_state_display())


class ScriptTable(HouseTable):
    """Scripts, the newest version of each first."""

    name = tables.Column(attrs={"td": {"class": "ticket-subject"}})
    number = CountColumn()
    state = BadgeColumn(tones=SCRIPT_TONES)
    kind = tables.Column()
    reasons = tables.Column(orderable=False, empty_values=(None,), attrs=NAME)
    stages = tables.Column(
        verbose_name=gettext_lazy("Lines"), accessor="parts", orderable=False, attrs=NAME, visible=False
    )
    language = tables.Column()
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    code = tables.Column(visible=False)
    live_until = DayColumn(default=DASH)
    written_at = MomentColumn(visible=False)
    written_by = tables.Column(orderable=False, attrs=NAME, visible=False)
    reviewed_at = MomentColumn(default=DASH, visible=False)
    reviewed_by = tables.Column(orderable=False, default=DASH, attrs=NAME, visible=False)

    class Meta:
        model = Script
        fields: tuple[str, ...] = ()

    def render_name(self, record: Script) -> Any:
        # Agents go where they read it on the phone.
        name = "qa:script_read" if scope_of(self.request).role == "agent" else "qa:script_detail"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[record.uuid]), record.name)

    def value_name(self, record: Script) -> str:
        return record.name

    def render_state(self, record: Script) -> Any:
        return state_badge(record, scope_of(self.request).at)

    def render_reasons(self, value: list[str]) -> str:
        return ", ".join(value) if value else _("all")

    value_reasons = render_reasons

    def render_stages(self, record: Script) -> Any:
        counts: dict[str, int] = {}
        for line in record.lines:
            counts[line.stage] = counts.get(line.stage, 0) + 1
        return ", ".join(f"{STAGES[stage]} {counts[stage]}" for stage in STAGES if stage in counts)

    value_stages = render_stages

    def render_written_by(self, record: Script) -> str:
        return scope_of(self.request).called(record.written_by, record.written_side)

    value_written_by = render_written_by
