"""The columns of the lists of confirmations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.columns import DayColumn, HouseTable, MomentColumn
from core.http import scope_of
from core.templatetags import ui
from qa import selectors
from qa.models import ConfirmationRound
from qa.selectors import Confirmed
from qa.tables.scripts import NAME, state_badge
from vendors.models import Agent

DASH = "–"


def confirmed_shown(found: Confirmed) -> str:
    """Return a share with its numerator and denominator."""
    if not found.asked:
        return str(_("nobody is asked"))
    counts = _("%(part)s of %(whole)s") % {
        "part": formats.count_text(found.confirmed),
        "whole": formats.count_text(found.asked),
    }
    return f"{formats.ratio_text(found.ratio)} · {counts}"


class RoundTable(HouseTable):
    """Rounds of confirmation, the latest first."""

    script = tables.Column(
        accessor="script__name", verbose_name=gettext_lazy("Script"), attrs={"td": {"class": "ticket-subject"}}
    )
    state = tables.Column(accessor="script__state", verbose_name=gettext_lazy("State"), orderable=False)
    confirmed = tables.Column(
        empty_values=(), verbose_name=gettext_lazy("Confirmed"), orderable=False, attrs={"td": {"class": "text-nowrap"}}
    )
    due_on = DayColumn()
    teams = tables.Column(orderable=False, empty_values=(None,), attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    asked_at = MomentColumn()
    asked_by = tables.Column(orderable=False, visible=False, attrs=NAME)
    reminded_at = MomentColumn(default=DASH, visible=False)

    class Meta:
        model = ConfirmationRound
        fields: tuple[str, ...] = ()

    def _confirmed(self, record: ConfirmationRound) -> Confirmed:
        # Asked for once a table, not once a row.
        if not hasattr(self, "counted"):
            scope, rows = scope_of(self.request), self.data.data
            self.counted: Mapping[int, Confirmed] = selectors.rounds_confirmed(scope=scope, rounds=rows)
        return self.counted.get(record.pk, Confirmed())

    def render_script(self, record: ConfirmationRound) -> Any:
        address = reverse("qa:confirmation_list", args=[record.script.uuid])
        return format_html('<a href="{}">{}</a>', address, record.script)

    def value_script(self, record: ConfirmationRound) -> str:
        return str(record.script)

    def render_state(self, record: ConfirmationRound) -> Any:
        return state_badge(record.script, scope_of(self.request).at)

    def value_state(self, record: ConfirmationRound) -> str:
        return str(record.script.get_state_display())

    def render_confirmed(self, record: ConfirmationRound) -> str:
        return confirmed_shown(self._confirmed(record))

    value_confirmed = render_confirmed

    def render_teams(self, value: list[str]) -> str:
        return ", ".join(value) or _("all")

    value_teams = render_teams

    def render_asked_by(self, record: ConfirmationRound) -> str:
        return scope_of(self.request).called(record.asked_by, record.asked_side)

    value_asked_by = render_asked_by


class AskedAgentTable(HouseTable):
    """Agents who are asked, and when each confirmed."""

    name = tables.Column(attrs={"td": {"class": "ticket-subject"}})
    code = tables.Column()
    team = tables.Column(default=DASH)
    state = tables.Column(empty_values=(), verbose_name=gettext_lazy("State"), orderable=False)
    confirmed_at = MomentColumn(verbose_name=gettext_lazy("Confirmed"), default=DASH)

    class Meta:
        model = Agent
        fields: tuple[str, ...] = ()

    def render_state(self, record: Any) -> Any:
        if record.confirmed_at is not None:
            return ui.badge("good", _("confirmed"), "check")
        return ui.badge("warning", _("waits"))

    def value_state(self, record: Any) -> str:
        return str(_("confirmed") if record.confirmed_at is not None else _("waits"))
