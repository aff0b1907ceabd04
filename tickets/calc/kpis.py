"""The KPIs of tickets and of feedback: what each is about, and under which names its parts are kept."""

from __future__ import annotations

from enum import StrEnum

from tickets.calc.clocks import Clock


class TicketKpi(StrEnum):
    """Shares of promises that were kept."""

    RESPONSE = "ticket_response"
    RESOLUTION = "ticket_resolution"
    CALLBACK = "ticket_callback"
    HAND_OVER = "ticket_hand_over"


class FeedbackKpi(StrEnum):
    """What becomes of what customers say."""

    ROUTED = "feedback_routed"
    CLOSED = "feedback_closed_loop"


CLOCK_OF = {
    TicketKpi.RESPONSE: Clock.FIRST_RESPONSE,
    TicketKpi.RESOLUTION: Clock.RESOLUTION,
    TicketKpi.CALLBACK: Clock.CALLBACK,
    TicketKpi.HAND_OVER: Clock.HOP,
}


def overrun_of(kpi: TicketKpi) -> str:
    """Return the name under which the overrun of a KPI is kept: business seconds, by broken promises that ended.

    >>> overrun_of(TicketKpi.CALLBACK)
    'ticket_callback_overrun'
    """
    return f"{kpi.value}_overrun"


STORED = (*(name for kpi in TicketKpi for name in (kpi.value, overrun_of(kpi))), *(kpi.value for kpi in FeedbackKpi))
