"""The columns of the list of tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import formats
from core.columns import BadgeColumn, CountColumn, HouseTable, MomentColumn, SelectColumn
from core.http import scope_of
from core.templatetags import ui
from tickets.models import CLOCKS, LEVELS, Ticket
from tickets.selectors import handler_told
from tickets.wording import STATE_TONES, TIER_TONES, Countdown, countdown

DASH = "—"
NAME = {"td": {"class": "cell-name"}}


def ticket_url(record: Ticket) -> str:
    """Return a ticket's page."""
    return reverse("tickets:ticket_detail", args=[record.uuid])


def countdown_badge(found: Countdown) -> SafeString:
    """Show what presses in words, and as a badge where it does."""
    if found.tone:
        icon = {"bad": "alert-circle", "warning": "clock", "neutral": "player-pause"}[found.tone]
        return ui.badge(found.tone, found.text, icon)
    return format_html('<span class="text-nowrap">{}</span>', found.text)


class CountdownColumn(MomentColumn):
    """How long until what is due next, with the moment under it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), **kwargs)

    def render(self, value: datetime | None, table: Any, record: Any = None) -> SafeString:
        badge = countdown_badge(countdown(record, scope_of(table.request).at))
        if value is None:
            return badge
        moment = formats.moment_text(value, self.zone_in(table))
        return format_html('{}<br><time class="small" datetime="{}">{}</time>', badge, value.isoformat(), moment)

    def value(self, value: datetime | None) -> Any:
        return value


class VersionedSelect(SelectColumn):
    """Check boxes that post a ticket with the version that was shown, so that a stale row can be left alone."""

    def render(self, value: Any, record: Any) -> SafeString:
        return super().render(f"{value}.{record.version}", record)


class TicketTable(HouseTable):
    """Tickets, what will be overdue next first."""

    number = tables.Column(verbose_name=_("No."), linkify=ticket_url, attrs={"td": {"class": "text-nowrap"}})
    subject = tables.Column(linkify=ticket_url, orderable=False, attrs={"td": {"class": "ticket-subject"}})
    next_due_at = CountdownColumn(verbose_name=_("Due"))
    next_clock = tables.Column(verbose_name=_("What is due"), orderable=False, default=DASH, attrs=NAME)
    tier = BadgeColumn(tones=TIER_TONES)
    state = BadgeColumn(tones=STATE_TONES)
    level = tables.Column(accessor="level", verbose_name=_("Held by"), orderable=False, attrs=NAME)
    customer = tables.Column(
        accessor="customer_masked", verbose_name=_("Customer"), orderable=False, default=DASH,
        attrs={"td": {"class": "text-nowrap"}},
    )  # fmt: skip
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), orderable=False, attrs=NAME)
    queue = tables.Column(
        accessor="queue__name", verbose_name=_("Queue"), orderable=False, default=DASH, visible=False, attrs=NAME
    )
    reason = tables.Column(
        accessor="reason__name", verbose_name=_("Reason"), orderable=False, default=DASH, visible=False, attrs=NAME
    )
    channel = tables.Column(orderable=False, visible=False)
    opened_at = MomentColumn(verbose_name=_("Opened"))
    resolved_at = MomentColumn(visible=False, default=DASH)
    reopened_count = CountColumn(visible=False, orderable=False)
    satisfaction = CountColumn(visible=False, orderable=False, default=DASH)

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()
        row_attrs = {"class": lambda record, table: "ticket-late" if _is_late(record, table) else ""}

    def render_number(self, value: int) -> str:
        return f"#{value}"

    def value_number(self, value: int) -> int:
        return value

    def render_next_clock(self, value: str) -> str:
        return str(CLOCKS.get(value, value))  # type: ignore[call-overload]

    value_next_clock = render_next_clock

    def render_level(self, record: Ticket) -> SafeString:
        level: Any = LEVELS.get(record.level, record.level)  # type: ignore[call-overload]
        handler = handler_told(scope_of(self.request), record) or ui.missing(str(_("nobody yet")))
        return format_html('{}<br><span class="text-secondary small">{}</span>', handler, level)

    def value_level(self, record: Ticket) -> str:
        level = str(LEVELS.get(record.level, record.level))  # type: ignore[call-overload]
        handler = handler_told(scope_of(self.request), record)
        return f"{handler} ({level})" if handler else level


def _is_late(record: Ticket, table: Any) -> bool:
    return record.next_due_at is not None and record.next_due_at < scope_of(table.request).at
