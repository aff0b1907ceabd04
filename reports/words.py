"""What the report pages say: names of dimensions, intervals, parts of a KPI, and how it is counted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from contracts.calc.definition import Kpi, Status
from contracts.wording import KPI_NAMES
from sla.calc.derivation import LeftOut
from sla.calc.kpi import Unit
from sla.calc.query import Dimension, Interval

# Columns of a table have little room; the full name is their title.
KPI_SHORT: dict[Kpi, Any] = {**KPI_NAMES, Kpi.ASA: _("ASA"), Kpi.AHT: _("AHT"), Kpi.FCR: _("FCR")}

DIMENSION_NAMES: dict[Dimension, Any] = {
    Dimension.VENDOR: _("Vendor"),
    Dimension.CONTRACT: _("Contract"),
    Dimension.QUEUE: _("Queue"),
    Dimension.AGENT: _("Agent"),
    Dimension.REASON: _("Reason"),
}
INTERVAL_NAMES: dict[Interval, Any] = {
    Interval.HALF_HOUR: _("Half-hour"),
    Interval.HOUR: _("Hour"),
    Interval.DAY: _("Day"),
    Interval.WEEK: _("Week"),
    Interval.MONTH: _("Month"),
    Interval.TOTAL: _("Whole period"),
}
# Names of the page parts for a status (components/kpi_tile.html) and for a unit (core.formats).
LEVELS: dict[Status, str] = {
    Status.GOAL: "goal",
    Status.AMBER: "amber",
    Status.BELOW_AMBER: "short",
    Status.MINIMUM_MISSED: "minimum",
}
UNITS: dict[Unit, str] = {Unit.RATIO: "ratio", Unit.SECONDS: "seconds", Unit.CALLS: "count"}
# A ratio shows itself as a percentage.
UNIT_HEADS: dict[Unit, Any] = {Unit.SECONDS: _("s"), Unit.CALLS: _("calls")}
NO_REASON = _("without a reason")

RECIPES_IN_WORDS: dict[Kpi, Any] = {
    Kpi.SERVICE_LEVEL: _("Calls answered in time, of those that count."),
    Kpi.CONNECT_RATE: _("Answered calls, of the calls that were offered."),
    Kpi.ASA: _("Seconds that answered calls waited in the queue, over the answered calls."),
    Kpi.ABANDONMENT: _("Calls whose caller hung up before an answer, of the calls that were offered."),
    Kpi.AHT: _("Seconds of talk, hold and wrap-up, over the handled calls."),
    Kpi.FCR: _("Answered calls that no repeat call followed, of those that can be judged."),
    Kpi.CSAT: _("Satisfied answers, of all valid answers of the survey."),
    Kpi.TRANSFER_RATE: _("Handled calls that came by transfer, of all handled calls."),
    Kpi.VOLUME: _("Calls that were offered, and calls that were dialed."),
}
NUMERATORS: dict[Kpi, Any] = {
    Kpi.SERVICE_LEVEL: _("Met the threshold"),
    Kpi.CONNECT_RATE: _("Answered"),
    Kpi.ASA: _("Seconds waited"),
    Kpi.ABANDONMENT: _("Abandoned"),
    Kpi.AHT: _("Seconds of talk, hold and wrap-up"),
    Kpi.FCR: _("Without a repeat call"),
    Kpi.CSAT: _("Satisfied answers"),
    Kpi.TRANSFER_RATE: _("Came by transfer"),
    Kpi.VOLUME: _("Offered and dialed"),
}
DENOMINATORS: dict[Kpi, Any] = {
    Kpi.SERVICE_LEVEL: _("Calls that count"),
    Kpi.CONNECT_RATE: _("Offered calls"),
    Kpi.ASA: _("Answered calls"),
    Kpi.ABANDONMENT: _("Offered calls"),
    Kpi.AHT: _("Handled calls"),
    Kpi.FCR: _("Calls that can be judged"),
    Kpi.CSAT: _("Valid answers"),
    Kpi.TRANSFER_RATE: _("Handled calls"),
}
LEFT_OUT: dict[LeftOut, Any] = {
    LeftOut.SHORT_ABANDONS: _("short abandons"),
    LeftOut.EARLY_ABANDONS: _("abandoned before the threshold"),
    LeftOut.ABANDONS: _("abandoned"),
    LeftOut.FLOW_OUTS: _("left the queue for voice mail, another queue or a callback"),
    LeftOut.BY_DEFINITION: _("left out by the definitions of the queues"),
    LeftOut.NOT_ANSWERED: _("not answered"),
    LeftOut.NO_SURVEY_ANSWER: _("without a valid answer of the survey"),
    LeftOut.NO_CUSTOMER: _("without a usable number, or transferred on"),
    LeftOut.NO_TERMS: _("without signed terms"),
}
# The figures of a KPI as the list of calls knows them: all that count, the numerator, what went wrong.
PARTS: dict[Kpi, tuple[str, str, str]] = {
    Kpi.SERVICE_LEVEL: ("service_base", "service_met", "service_missed"),
    Kpi.CONNECT_RATE: ("connect_base", "connect_met", "connect_missed"),
    Kpi.ASA: ("answered", "", ""),
    Kpi.ABANDONMENT: ("abandonment_base", "abandonment_met", ""),
    Kpi.AHT: ("handled", "", ""),
    Kpi.FCR: ("fcr_base", "fcr_met", "fcr_missed"),
    Kpi.CSAT: ("csat_base", "csat_met", "csat_missed"),
    Kpi.TRANSFER_RATE: ("handled", "transferred", ""),
    Kpi.VOLUME: ("", "", ""),
}
MISSED: dict[Kpi, Any] = {
    Kpi.SERVICE_LEVEL: _("Calls that missed the threshold"),
    Kpi.CONNECT_RATE: _("Abandoned calls"),
    Kpi.FCR: _("Calls that were followed by a repeat"),
    Kpi.CSAT: _("Calls with an unsatisfied answer"),
}
LEFT_OUT_PARTS: dict[LeftOut, str] = {
    LeftOut.SHORT_ABANDONS: "abandoned_short",
    LeftOut.ABANDONS: "abandoned",
    LeftOut.FLOW_OUTS: "flowed_out",
}
