"""The tables of sampling plans and of draws."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.columns import BadgeColumn, CountColumn, DayColumn, HouseTable, MomentColumn
from qa.models import Draw, Plan
from qa.wording.plans import plan_words

NAME = {"td": {"class": "text-nowrap"}}
PLAN_TONES: dict[Any, str] = {"live": "good", "paused": "warning", "ended": "neutral"}


def plan_url(record: Plan) -> str:
    """Return a plan's page."""
    return reverse("qa:plan_detail", args=[record.uuid])


def draw_url(record: Draw) -> str:
    """Return a draw's page."""
    return reverse("qa:draw_detail", args=[record.uuid])


class PlanTable(HouseTable):
    """Sampling plans and what they draw."""

    name = tables.Column(linkify=plan_url, attrs=NAME)
    state = BadgeColumn(tones=PLAN_TONES)
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), attrs=NAME)
    contract = tables.Column(accessor="contract__name", verbose_name=_("Contract"))
    what = tables.Column(accessor="pk", verbose_name=_("What it draws"), orderable=False, empty_values=())
    form_code = tables.Column(attrs=NAME)
    side = tables.Column()
    starts_on = DayColumn(visible=False)
    ends_on = DayColumn(visible=False, default="–")
    draw_count = CountColumn(verbose_name=_("Days drawn"))
    last_day = DayColumn(verbose_name=_("Last day drawn"), default="–")

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()

    def render_what(self, record: Plan) -> str:
        return plan_words(record)

    value_what = render_what


class DrawTable(HouseTable):
    """Draws, the newest day first."""

    day = DayColumn(linkify=draw_url)
    plan = tables.Column(accessor="plan__name", verbose_name=_("Plan"), attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), attrs=NAME)
    number = CountColumn(visible=False)
    population_count = CountColumn()
    sampled_count = CountColumn()
    placed_count = CountColumn()
    drawn_at = MomentColumn()
    seed = tables.Column(orderable=False, visible=False, attrs=NAME)

    class Meta:
        model = Draw
        fields: tuple[str, ...] = ()

    def render_seed(self, value: str) -> str:
        return f"{value[:12]}…"

    def value_seed(self, value: str) -> str:
        return value


class DrawnTable(HouseTable):
    """A sample with its lots."""

    id = tables.Column(verbose_name=_("Conversation"), attrs=NAME)
    person = tables.Column(verbose_name=_("Agent"), attrs=NAME)
    stratum = tables.Column(verbose_name=_("Stratum"))
    ticket = tables.Column(verbose_name=_("Lot"), orderable=False, attrs={"td": {"class": "draw-lot"}})
    stratum_count = CountColumn(verbose_name=_("Drawn of the stratum"))
    stratum_population = CountColumn(verbose_name=_("There were"))
