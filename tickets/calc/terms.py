"""The terms of a ticket as they are stored, and the thresholds at which somebody is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.calc.business_time import EVERY_DAY, BusinessCalendar
from contracts.calc.hours import Window, parse
from tickets.calc.clocks import Clock, Level, Run, Terms, UpdateMode
from tickets.calc.states import PAUSABLE, State

# Whom each step of the ladder tells, by percent of the promise (A87, B6). A policy adds a lead time of its own.
LADDER: tuple[tuple[int, tuple[str, ...]], ...] = (
    (75, ("handler",)),
    (100, ("handler", "lead")),
    (125, ("manager",)),
    (150, ("client",)),
)
RECIPIENTS = ("handler", "lead", "manager", "client")
LEAD_TIME = "lead"


def windows_parse(pairs: Iterable[Iterable[str]]) -> tuple[Window, ...]:
    """Return the windows of one day from their stored form; none for a closed one.

    Raises:
        HoursError: They cannot be right.
    """
    found = [list(pair) for pair in pairs]
    return parse({"0": found}).days[0] if found else ()


def calendar_read(body: Mapping[str, Any] | None) -> BusinessCalendar:
    """Return the calendar of its stored form; None stands for the clock on the wall."""
    if body is None:
        return BusinessCalendar(EVERY_DAY, "UTC")
    exceptions = {date.fromisoformat(day): windows_parse(own["windows"]) for day, own in body["exceptions"].items()}
    return BusinessCalendar(parse(body["hours"]), body["zone"], exceptions)


def terms_read(body: Mapping[str, Any]) -> Terms:
    """Return the terms of their stored form."""
    return Terms(
        calendar=calendar_read(body["calendar"]),
        callback_calendar=calendar_read(body["callback_calendar"]),
        target_seconds={Clock(name): seconds for name, seconds in body["targets"].items()},
        hop_seconds={Level(name): seconds for name, seconds in body["hops"].items()},
        pausing=frozenset(State(name) for name in body["pausing"]) & PAUSABLE,
        update_mode=UpdateMode(body["update_mode"]),
    )


@dataclass(frozen=True, slots=True)
class Threshold:
    """A point of a clock at which somebody is told.

    Attributes:
        name: Stable; a clock's cycle reaches each once.
        at: When; None as long as a pause holds the clock before it.
        recipients: Of :data:`RECIPIENTS`.
    """

    name: str
    at: datetime | None
    recipients: tuple[str, ...]


def is_looser(former: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether other terms promise something later than former ones, or not at all, or count it by fewer hours.

    What cannot be compared counts as looser: other opening hours than around the clock, another way of owing news.

    >>> former = {"targets": {"resolution": 60}, "hops": {}, "pausing": [], "update_mode": "after_customer"}
    >>> former |= {"calendar": None, "callback_calendar": None}
    >>> [is_looser(former, former | {"targets": {"resolution": n}}) for n in (30, 60, 90)]
    [False, False, True]
    """
    if _counts_less(former["calendar"], other["calendar"]):
        return True
    if Clock.CALLBACK in former["targets"] and _counts_less(former["callback_calendar"], other["callback_calendar"]):
        return True
    if Clock.UPDATE in former["targets"] and former["update_mode"] != other["update_mode"]:
        return True
    for part in ("targets", "hops"):
        for name, promised_seconds in former[part].items():
            if (seconds := other[part].get(name)) is None or seconds > promised_seconds:
                return True
    return bool(set(other["pausing"]) - set(former["pausing"]))


def _counts_less(former: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether a calendar may stand still where the former one counts."""
    if other is None or calendar_read(other) == BusinessCalendar(EVERY_DAY, other["zone"]):
        return False
    if former is None or (former["zone"], former["hours"]) != (other["zone"], other["hours"]):
        return True
    # Holidays are written out from the year in which terms are made; the years of both are compared.
    years = {day[:4] for day in former["exceptions"]}
    mine, theirs = (
        {day: own["windows"] for day, own in body["exceptions"].items() if not years or day[:4] in years}
        for body in (former, other)
    )
    return any(windows != mine.get(day) for day, windows in theirs.items())


def thresholds_of(run: Run, body: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """Return the thresholds of a cycle.

    Percents are of the promise and lead times before its end, both in business time: nobody is told at midnight of
    something that presses at nine.
    """
    lead_seconds = body["warn_lead_seconds"]
    if run.deadline is not None:
        whole = run.calendar.seconds_between(run.started_at, run.deadline)

        def moment(seconds: float) -> datetime | None:
            return run.deadline if seconds == whole else run.calendar.add(run.started_at, seconds)
    else:
        whole = run.target_seconds or 0
        moment = run.moment_of
    found = [
        Threshold(f"p{percent}", moment(whole * percent / 100), tuple(recipients))
        for percent, recipients in body["ladder"]
    ]
    if 0 < lead_seconds < whole:
        found.append(Threshold(LEAD_TIME, moment(whole - lead_seconds), ("handler",)))
    return tuple(sorted(found, key=lambda t: (t.at is None, t.at, t.name)))
