"""What contracts say in words: hours, recipes, targets, and why something is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.calc.definition import BETTER, Better, Bucketing, Definition, Formula, Kpi, Operator
from contracts.calc.hours import HoursError, ServiceHours, text_of
from contracts.calc.lifecycle import Phase, State
from contracts.calc.targets import SECONDS_KPIS, Terms
from contracts.models import Version
from core.formats import ratio_text, seconds_text, weekday_name

KPI_NAMES: dict[Kpi, Any] = {
    Kpi.SERVICE_LEVEL: gettext_lazy("Service level"),
    Kpi.CONNECT_RATE: gettext_lazy("Connect rate"),
    Kpi.ASA: gettext_lazy("Average speed of answer"),
    Kpi.ABANDONMENT: gettext_lazy("Abandonment"),
    Kpi.AHT: gettext_lazy("Average handle time"),
    Kpi.FCR: gettext_lazy("First-call resolution"),
    Kpi.CSAT: gettext_lazy("Satisfaction"),
    Kpi.TRANSFER_RATE: gettext_lazy("Transfer rate"),
    Kpi.VOLUME: gettext_lazy("Volume"),
}

# Name, recipe, and what each gives for one and the same published day: 1,000 answered, 860 of them within 20 s;
# 60 abandoned, 20 within 20 s, 10 of those within 5 s (ICMI, Call Centre Helper).
FORMULAS: dict[Formula, tuple[Any, Any, str]] = {
    Formula.SHORT_ABANDONED_LEFT_OUT: (
        gettext_lazy("Short abandons left out"),
        gettext_lazy("answered in time ÷ (answered + abandoned − short abandons)"),
        "81.90",
    ),
    Formula.OF_ANSWERED_AND_ABANDONED: (
        gettext_lazy("Every abandon counts against it"),
        gettext_lazy("answered in time ÷ (answered + abandoned)"),
        "81.13",
    ),
    Formula.SHORT_ABANDONED_COUNT_AS_MET: (
        gettext_lazy("Short abandons count as met"),
        gettext_lazy("(answered in time + short abandons) ÷ (answered + abandoned)"),
        "82.08",
    ),
    Formula.OF_ANSWERED_AND_LATE_ABANDONED: (
        gettext_lazy("Only abandons after the threshold count against it"),
        gettext_lazy("answered in time ÷ (answered + abandoned after the threshold)"),
        "82.69",
    ),
    Formula.ANSWERED_AND_ABANDONED_IN_TIME: (
        gettext_lazy("Abandons before the threshold count as met"),
        gettext_lazy("(answered in time + abandoned before the threshold) ÷ (answered + abandoned)"),
        "83.02",
    ),
    Formula.OF_ANSWERED: (
        gettext_lazy("Answered calls only"),
        gettext_lazy("answered in time ÷ answered"),
        "86.00",
    ),
}

PHASES: dict[Phase, tuple[Any, str]] = {
    Phase.NO_TERMS: (gettext_lazy("no terms yet"), "neutral"),
    Phase.DRAFT: (gettext_lazy("draft"), "neutral"),
    Phase.IN_REVIEW: (gettext_lazy("in review"), "info"),
    Phase.SIGNED: (gettext_lazy("signed, not begun"), "info"),
    Phase.IN_EFFECT: (gettext_lazy("in effect"), "good"),
    Phase.EXPIRING: (gettext_lazy("expires soon"), "warning"),
    Phase.ENDED: (gettext_lazy("ended"), "neutral"),
}
STATES: dict[State, tuple[Any, str]] = {
    State.DRAFT: (gettext_lazy("draft"), "neutral"),
    State.IN_REVIEW: (gettext_lazy("in review"), "info"),
    State.SIGNED: (gettext_lazy("signed"), "good"),
}

HOURS_PROBLEMS = {
    "time": gettext_lazy("“%(text)s” is no time of day; write 09:00 or 24:00."),
    "window": gettext_lazy("“%(text)s” is no span of time; write 09:00–18:00."),
    "order": gettext_lazy("%(text)s ends before it starts; let it end at 24:00 and go on the next day."),
    "overlap": gettext_lazy("%(text)s overlap."),
    "weekday": gettext_lazy("There is no such weekday."),
    "empty": gettext_lazy("At least one day must have service hours."),
}
TARGET_PROBLEMS = {
    "no_target": gettext_lazy("This KPI takes no target."),
    "number": gettext_lazy("Enter a number."),
    "ratio": gettext_lazy("Enter a share between 0 and 100 %."),
    "seconds": gettext_lazy("Enter seconds between 0 and 86,400."),
    "places": gettext_lazy("At most two decimals of a percent, four of a second."),
}
ORDER_PROBLEMS = {
    (Better.HIGHER, "amber"): gettext_lazy("More is better here: the amber line cannot lie above the goal."),
    (Better.HIGHER, "minimum"): gettext_lazy("More is better here: the breach line cannot lie above the amber line."),
    (Better.LOWER, "amber"): gettext_lazy("Less is better here: the amber line cannot lie below the goal."),
    (Better.LOWER, "minimum"): gettext_lazy("Less is better here: the breach line cannot lie below the amber line."),
}
EFFECTIVE_PROBLEMS = {
    "before_contract": gettext_lazy("The contract starts after that day."),
    "after_contract": gettext_lazy("The contract ends before that day."),
    "before_signed": gettext_lazy("A signed version begins on that day or after it; choose a later day."),
}


def hours_problem(error: HoursError) -> str:
    """Return what is wrong with the service hours, the weekday named."""
    text = str(HOURS_PROBLEMS[error.code]) % {"text": error.text}
    return text if error.weekday is None else f"{weekday_name(error.weekday, 'wide')}: {text}"


def target_problem(kpi: Kpi, line: str, code: str) -> str:
    """Return what is wrong with one line of a target."""
    return str(ORDER_PROBLEMS[BETTER[kpi], line] if code == "order" else TARGET_PROBLEMS[code])


def hours_lines(hours: ServiceHours) -> list[tuple[str, str]]:
    """Return the week as people write it: runs of equal days and their windows."""
    lines = []
    for first, last, windows in hours.groups():
        days = weekday_name(first) if first == last else f"{weekday_name(first)}–{weekday_name(last)}"
        around = [(w.start_minute, w.end_minute) for w in windows] == [(0, 24 * 60)]
        lines.append((days, _("round the clock") if around else text_of(windows) or _("closed")))
    return lines


def incident_lines(version: Version) -> list[tuple[str, str]]:
    """Return within how long incidents are located and restored."""
    limits = (
        (_("Incidents located within"), version.incident_locate_minutes),
        (_("Incidents restored within"), version.incident_restore_minutes),
    )
    return [(name, _("%(minutes)s min") % {"minutes": f"{minutes:,}"}) for name, minutes in limits]


def definition_lines(definition: Definition) -> list[tuple[str, str]]:
    """Return a recipe as people read it: KPI to how it is counted."""
    return [
        (str(KPI_NAMES[Kpi.SERVICE_LEVEL]), service_level_text(definition)),
        (str(KPI_NAMES[Kpi.CONNECT_RATE]), _short_text(definition.connect_excludes_short, definition)),
        (str(KPI_NAMES[Kpi.ABANDONMENT]), _short_text(definition.abandonment_excludes_short, definition)),
        (str(KPI_NAMES[Kpi.FCR]), resolution_text(definition)),
        (
            str(KPI_NAMES[Kpi.CSAT]),
            _("answers %(from)s to %(best)s of %(best)s count as satisfied")
            % {"from": definition.csat_top_from, "best": definition.csat_best},
        ),
        (
            _("Booked"),
            _("in the half-hour of the answer")
            if definition.bucketing is Bucketing.ANSWER
            else _("in the half-hour of arrival"),
        ),
    ]


def service_level_text(definition: Definition) -> str:
    """Return the service level's recipe in one sentence.

    >>> service_level_text(Definition())
    'answered within 20 s or sooner, short abandons up to 5 s left out (formula 6)'
    """
    within = (
        _("answered within %(seconds)s s or sooner")
        if definition.operator is Operator.WITHIN
        else _("answered in less than %(seconds)s s")
    )
    rule = {
        Formula.ANSWERED_AND_ABANDONED_IN_TIME: _("abandons up to the threshold count as met"),
        Formula.OF_ANSWERED: _("of the answered calls only"),
        Formula.OF_ANSWERED_AND_ABANDONED: _("every abandon counts against it"),
        Formula.OF_ANSWERED_AND_LATE_ABANDONED: _("abandons up to the threshold left out"),
        Formula.SHORT_ABANDONED_COUNT_AS_MET: _("short abandons up to %(short)s s count as met"),
        Formula.SHORT_ABANDONED_LEFT_OUT: _("short abandons up to %(short)s s left out"),
    }[definition.formula]
    parts = [within, rule]
    if definition.count_flow_outs:
        parts.append(_("calls that left the queue count against it"))
    text = _(", ").join(parts) % {
        "seconds": definition.threshold_seconds,
        "short": definition.short_abandon_seconds,
    }
    return _("%(text)s (formula %(number)s)") % {"text": text, "number": definition.formula.value}


def resolution_text(definition: Definition) -> str:
    """Return in one sentence when a call counts as resolved at first contact."""
    window = _window_text(definition.fcr_window_hours)
    text = (
        _("no repeat for the same reason within %(window)s")
        if definition.fcr_same_reason
        else _("no repeat for any reason within %(window)s")
    ) % {"window": window}
    if definition.fcr_forward_minutes:
        forward = _("a next call within %(minutes)s min is a forward, no repeat")
        text = _(", ").join([text, forward % {"minutes": definition.fcr_forward_minutes}])
    return text


def _window_text(hours: int) -> str:
    if hours % 24 == 0:
        return _("%(days)s days") % {"days": hours // 24} if hours > 24 else _("24 hours")
    return _("%(hours)s hours") % {"hours": hours}


def _short_text(excludes: bool, definition: Definition) -> str:
    if not excludes:
        return _("of all offered calls")
    return _("short abandons up to %(short)s s left out") % {"short": definition.short_abandon_seconds}


def value_text(kpi: Kpi, value: Any) -> str:
    """Return a value of a KPI in its unit."""
    if kpi in SECONDS_KPIS:
        return seconds_text(value)
    return ratio_text(value, 2 if round(value * 1000) != value * 1000 else 1)


def target_lines(targets: Iterable[tuple[Kpi, Terms]]) -> list[dict[str, Any]]:
    """Return targets as rows of a table: the KPI's name, which way is better, and the three lines in words."""
    order = list(Kpi)
    return [
        {
            "kpi": kpi,
            "name": KPI_NAMES[kpi],
            "better": _("at least") if BETTER[kpi] is Better.HIGHER else _("at most"),
            "goal": value_text(kpi, terms.goal),
            "amber": value_text(kpi, terms.amber),
            "minimum": value_text(kpi, terms.minimum),
        }
        for kpi, terms in sorted(targets, key=lambda item: order.index(item[0]))
    ]
