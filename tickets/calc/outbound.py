"""Calling customers: whom, when and how often; what an outcome means for the next call."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from contracts.calc.business_time import ONE_DAY, BusinessCalendar, NeverOpen
from contracts.calc.hours import ServiceHours
from core.periods import day_start, local_day

# Customers rest before and after, by their own clock (A72).
REST_UNTIL_MINUTE, REST_FROM_MINUTE = 8 * 60, 21 * 60
# Nobody is called at noon, in the evening or on Sundays unless the campaign says otherwise (A72).
WINDOWS = {str(day): [["09:00", "12:00"], ["14:00", "20:00"]] for day in range(6)}


class Purpose(StrEnum):
    """Why customers are called."""

    SALES = "sales"
    NOTICE = "notice"
    SATISFACTION = "satisfaction"
    COLLECTION = "collection"
    CALLBACK = "callback"


class CampaignState(StrEnum):
    """The life of a campaign."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


class CampaignStep(StrEnum):
    """What can be done with a campaign."""

    START = "start"
    PAUSE = "pause"
    END = "end"


class ContactState(StrEnum):
    """Whether somebody is still to be called."""

    OPEN = "open"
    DONE = "done"
    EXHAUSTED = "exhausted"
    BLOCKED = "blocked"


class Outcome(StrEnum):
    """How an attempt ended; LAPSED is one of which nothing was told before its time ran out."""

    SUCCESS = "success"
    REACHED = "reached"
    REFUSED = "refused"
    CALL_LATER = "call_later"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    DO_NOT_CALL = "do_not_call"
    LAPSED = "lapsed"


# What people and programs may enter.
ENTERED = tuple(outcome for outcome in Outcome if outcome is not Outcome.LAPSED)
# The customer was on the line; a wrong number is somebody else.
REACHED = frozenset({Outcome.SUCCESS, Outcome.REACHED, Outcome.REFUSED, Outcome.CALL_LATER, Outcome.DO_NOT_CALL})
# Most calls a day to somebody who named the moment, where the campaign allows fewer.
PROMISED_PER_DAY = 3
TRY_AGAIN = frozenset({Outcome.NO_ANSWER, Outcome.BUSY, Outcome.CALL_LATER})
_AFTER: dict[tuple[CampaignState, CampaignStep], CampaignState] = {
    (CampaignState.DRAFT, CampaignStep.START): CampaignState.LIVE,
    (CampaignState.PAUSED, CampaignStep.START): CampaignState.LIVE,
    (CampaignState.LIVE, CampaignStep.PAUSE): CampaignState.PAUSED,
    **{
        (state, CampaignStep.END): CampaignState.ENDED
        for state in (CampaignState.DRAFT, CampaignState.LIVE, CampaignState.PAUSED)
    },
}


def state_after(state: CampaignState, step: CampaignStep) -> CampaignState | None:
    """Return where a step leads; None where it cannot be taken.

    >>> state_after(CampaignState.ENDED, CampaignStep.START) is None
    True
    """
    return _AFTER.get((state, step))


def contact_after(outcome: Outcome, *, attempts: int, max_attempts: int) -> ContactState:
    """Return what becomes of a contact after an attempt.

    Args:
        outcome: How the attempt ended.
        attempts: How many were made, this one included.
        max_attempts: How many the campaign allows. What the customer asked for is not refused by it.

    >>> contact_after(Outcome.BUSY, attempts=3, max_attempts=3).value
    'exhausted'
    """
    if outcome is Outcome.DO_NOT_CALL:
        return ContactState.BLOCKED
    if outcome is Outcome.CALL_LATER or (outcome in TRY_AGAIN and attempts < max_attempts):
        return ContactState.OPEN
    return ContactState.EXHAUSTED if outcome in TRY_AGAIN else ContactState.DONE


@dataclass(frozen=True, slots=True)
class Rules:
    """How often a customer may be called.

    Attributes:
        gap_seconds: Between two attempts, on the clock on the wall.
        per_day: Most attempts on one local day of the customer, 1 or more.
    """

    gap_seconds: int
    per_day: int


def proof_key(reference: str) -> str:
    """Return the letters and digits of a proof, in one case and width: what makes it the same proof.

    >>> {proof_key(text) for text in ("ORD-1", "ord 1", "ＯＲＤ－１")}
    {'ord1'}
    """
    plain = unicodedata.normalize("NFKC", reference).casefold()
    return "".join(sign for sign in plain if sign.isalnum())[:64] or plain.strip()[:64]


def disturbs_rest(hours: ServiceHours) -> bool:
    """Return whether call windows reach into the hours of rest, by the customer's clock (A72).

    >>> from contracts.calc.hours import parse
    >>> windows = (["08:00", "21:00"], ["07:59", "12:00"], ["20:00", "21:01"])
    >>> [disturbs_rest(parse({"0": [window]})) for window in windows]
    [False, True, True]
    """
    windows = [window for day in hours.days for window in day]
    return any(w.start_minute < REST_UNTIL_MINUTE or w.end_minute > REST_FROM_MINUTE for w in windows)


def earliest_call(
    calendar: BusinessCalendar, rules: Rules, past: Iterable[datetime], after: datetime
) -> datetime | None:
    """Return the earliest moment at which a customer may be called again.

    Args:
        calendar: The call windows in the customer's zone, holidays left out.
        rules: How often.
        past: Moments of the attempts made so far, whatever campaign they were for.
        after: Not before this moment.

    Returns:
        A moment inside a window; None if the calendar never opens again.

    >>> from contracts.calc.hours import parse
    >>> week = BusinessCalendar(parse(WINDOWS), "Asia/Shanghai")
    >>> monday_noon = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
    >>> earliest_call(week, Rules(3600, 1), [], monday_noon).isoformat()
    '2026-06-15T06:00:00+00:00'
    >>> earliest_call(week, Rules(3600, 1), [monday_noon - timedelta(hours=1)], monday_noon).isoformat()
    '2026-06-16T01:00:00+00:00'
    """
    made = list(past)
    moment = max([after, *(at + timedelta(seconds=rules.gap_seconds) for at in made)]).astimezone(UTC)
    by_day = Counter(local_day(at, calendar.zone) for at in made)
    while True:
        try:
            start, _end = next(calendar.open_from(moment))
        except NeverOpen:
            return None
        day = local_day(start, calendar.zone)
        if by_day[day] < rules.per_day:
            return start
        moment = day_start(day + ONE_DAY, calendar.zone)


@dataclass(frozen=True, slots=True)
class WindowNow:
    """Where a moment stands in the call windows.

    Attributes:
        is_open: Whether customers may be called.
        changes_at: When that changes; None if it never does.
    """

    is_open: bool
    changes_at: datetime | None


def window_now(calendar: BusinessCalendar, at: datetime) -> WindowNow:
    """Return whether a moment lies in the call windows, and until when."""
    try:
        start, end = next(calendar.open_from(at))
    except NeverOpen:
        return WindowNow(False, None)
    return WindowNow(True, end) if start <= at else WindowNow(False, start)
