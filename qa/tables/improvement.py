"""The columns of the list of improvement actions."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.columns import BadgeColumn, CountColumn, DayColumn, HouseTable, MomentColumn
from core.formats import value_text
from core.http import scope_of
from core.templatetags import ui
from qa import selectors
from qa.models import Improvement
from qa.wording.improvement import IMPROVEMENT_TONES

DASH = "—"
NAME = {"td": {"class": "cell-name"}}


def improvement_url(record: Improvement) -> str:
    """Return the page of an action."""
    return reverse("qa:improvement_detail", args=[record.uuid])


class ImprovementTable(HouseTable):
    """Improvement actions, what is due first."""

    number = tables.Column(verbose_name=_("No."), linkify=improvement_url, attrs={"td": {"class": "text-nowrap"}})
    title = tables.Column(linkify=improvement_url, orderable=False, attrs={"td": {"class": "action-title"}})
    state = BadgeColumn(tones=IMPROVEMENT_TONES)
    due_on = DayColumn(verbose_name=_("Due"), default=DASH)
    owner_name = tables.Column(verbose_name=_("Owner"), orderable=False, default=DASH, attrs=NAME)
    metric = tables.Column(orderable=False, attrs=NAME)
    target = tables.Column(orderable=False, attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}})
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), orderable=False, attrs=NAME)
    contract = tables.Column(
        accessor="contract__name", verbose_name=_("Contract"), orderable=False, visible=False, attrs=NAME
    )
    starts_on = DayColumn(default=DASH)
    round = CountColumn(visible=False)
    origin = tables.Column(orderable=False, visible=False)
    origin_reference = tables.Column(orderable=False, visible=False, default=DASH)
    problem = tables.Column(orderable=False, visible=False)
    cause = tables.Column(orderable=False, visible=False, default=DASH)
    measure = tables.Column(orderable=False, visible=False, default=DASH)
    made_at = MomentColumn(visible=False)
    closed_at = MomentColumn(visible=False, default=DASH)

    class Meta:
        model = Improvement
        fields: tuple[str, ...] = ()
        row_attrs = {"class": lambda record, table: "action-late" if is_late(record, table) else ""}

    def render_number(self, value: int) -> str:
        return f"#{value}"

    def value_number(self, value: int) -> int:
        return value

    def render_owner_name(self, record: Improvement) -> Any:
        return scope_of(self.request).called(record.owner_name, record.owner_side) or ui.missing(str(_("nobody")))

    def value_owner_name(self, record: Improvement) -> str:
        return scope_of(self.request).called(record.owner_name, record.owner_side)

    def render_metric(self, record: Improvement) -> str:
        return record.metric_name or str(record.get_metric_display())

    value_metric = render_metric

    def render_target(self, record: Improvement) -> str:
        return value_text(record.target, selectors.unit_of(record).value)

    def value_target(self, record: Improvement) -> Any:
        return record.target


def is_late(record: Improvement, table: Any) -> bool:
    """Whether the next step should have been taken."""
    at = scope_of(table.request).at
    return record.closed_at is None and record.due_on is not None and record.due_on < at.date()
