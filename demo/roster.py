"""Who is on the phones when: shifts picked to cover the forecast, with days off, sickness and a break.

The plan is honest: it knows the forecast, not the day. So a surge that was not foreseen, or a team that lost
people, makes callers wait, and nothing else in the demo has to pretend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from demo.days import HALF_HOUR, MAX_BLOCKS, Bools, Days, Floats, Ints
from demo.people import Agent

# A shift is eight hours on the phones in two parts: first part and pause. The short pause falls early or late
# so that not everyone eats at once; the long one makes a split shift, for lines with two peaks a day.
_PHONE_SECONDS = 28_800
_PARTS = ((12_600, 1_800), (14_400, 1_800), (16_200, 1_800), (14_400, 10_800), (14_400, 16_200))
# Starts of shifts in half-hours after five: by the hour, and those that end at ten in the evening.
_STARTS = (0, 2, 4, 6, 8, 9, 10, 12, 14, 16, 17, 18, 20, 22, 24, 26, 28)
# The last to go stay until the queue is empty, for this long at most.
_OVERTIME_SECONDS = 600
# Nights go round in this many groups by the week; who has nights comes no earlier than two in the afternoon.
_NIGHT_GROUPS = 4
_LATE_SECONDS, _AFTERNOON_SECONDS = 20 * 3600, 9 * 3600
_SICK_RATIO = 0.04
# An agent is put on the phones when the shift covers at least this many half-hours of open need.
_WORTH_BLOCKS = 2.0
_DAYS_OFF = ((5, 6), (3, 4), (6, 2), (4, 5), (1, 2), (6, 3), (5, 6), (4, 1), (6, 1), (2, 3))
# On the days around a promotion days off are moved.
_ALL_HANDS_DAYS = (0, 1)
FOREVER = np.int64(1) << 40


@dataclass(frozen=True)
class Roster:
    """Stretches on the phones: arrays over days and stretches, in elapsed seconds of the day.

    `opens` is FOREVER where a column is unused; `agent` indexes the agents that were given.
    """

    opens: Ints
    closes: Ints
    agent: Ints


def roster(
    *,
    days: Days,
    agents: Sequence[Agent],
    load: Floats,
    is_open: Bools,
    spare: Floats,
    promotion_distance: Floats,
    months_end: date,
    rng: np.random.Generator,
) -> Roster:
    """Shifts of inbound agents.

    Args:
        load: forecast work in agents (Erlang) by day and half-hour.
        spare: people planned over the load by day, in square roots of it (the square-root staffing rule).
        is_open: half-hours in which somebody must be there however small the load.
    """
    count = len(days.dates)
    need = np.where(load > 0, load + spare[:, None] * np.sqrt(load), 0.0)
    need = np.where(is_open, np.maximum(need, 1.0), need)
    starts, parts, cover = _templates(days=days)
    at_work = _at_work(days=days, agents=agents, distance=promotion_distance, months_end=months_end, rng=rng)
    opens = np.full((count, 2 * len(agents)), FOREVER)
    closes = np.full_like(opens, 0)
    # Everybody comes first on some days, so the work is shared evenly.
    turn = (np.arange(len(agents))[None, :] + np.arange(count)[:, None] * 5) % len(agents)
    rows = np.arange(count)
    for place in range(len(agents)):
        person = turn[:, place]
        # The first person missing in a half-hour weighs more than the fifth.
        urgency = np.clip(need, 0.0, 1.0) + 0.1 * np.maximum(need, 0.0)
        gain = np.einsum("dtb,db->dt", cover, urgency)
        gain[~_may_take(days=days, person=person, starts=starts, parts=parts, is_open=is_open)] = 0.0
        choice = gain.argmax(axis=1)
        works = at_work[person, rows] & (gain[rows, choice] >= _WORTH_BLOCKS)
        need = need - cover[rows, choice] * works[:, None]
        start = starts[rows, choice]
        first_part, pause = parts[choice].T
        for half, opening, closing in (
            (0, start, start + first_part),
            (1, start + first_part + pause, start + _PHONE_SECONDS + pause + _OVERTIME_SECONDS),
        ):
            opens[rows, 2 * person + half] = np.where(works, opening, FOREVER)
            closes[rows, 2 * person + half] = np.where(works, closing, 0)
    agent = np.broadcast_to(np.repeat(np.arange(len(agents)), 2), opens.shape)
    return Roster(opens, closes, agent)


def outbound_roster(
    *, days: Days, agents: Sequence[Agent], is_open: Bools, months_end: date, rng: np.random.Generator
) -> Roster:
    """Everyone of the outbound team who is in works the list until it is done."""
    at_work = _at_work(
        days=days, agents=agents, distance=np.full(len(days.dates), 99.0), months_end=months_end, rng=rng
    ).T
    # The list is never left alone: on a day with nobody in, the first of the team comes.
    at_work[:, 0] |= ~at_work.any(axis=1)
    first = is_open.argmax(axis=1) * HALF_HOUR
    return Roster(
        opens=np.where(at_work, first[:, None], FOREVER),
        closes=np.where(at_work, FOREVER, 0),
        agent=np.broadcast_to(np.arange(len(agents)), at_work.shape),
    )


def _templates(*, days: Days) -> tuple[Ints, Ints, Floats]:
    """Every shift of a day: start by the hour, and one that ends with the day, each with every pause.

    Returns:
        Start (days × shifts), first part and pause (shifts × 2), cover (days × shifts × half-hours).
    """
    parts = np.array(_PARTS, dtype=np.int64)
    fixed = np.repeat(np.array(_STARTS, dtype=np.int64) * HALF_HOUR, len(parts))
    starts = np.concatenate(
        [
            np.broadcast_to(fixed, (len(days.dates), len(fixed))),
            days.length[:, None] - _PHONE_SECONDS - parts[None, :, 1],
        ],
        axis=1,
    )
    parts = np.tile(parts, (len(_STARTS) + 1, 1))
    block = np.arange(MAX_BLOCKS)[None, None, :] * HALF_HOUR
    pause = starts[:, :, None] + parts[None, :, :1]
    again = pause + parts[None, :, 1:]
    end = starts[:, :, None] + _PHONE_SECONDS + parts[None, :, 1:]
    on_phone = ((block >= starts[:, :, None]) & (block < pause)) | ((block >= again) & (block < end))
    # Nobody is still there when the next day begins.
    on_phone &= end <= days.length[:, None, None]
    return starts, parts, on_phone.astype(np.float64)


def _may_take(*, days: Days, person: Ints, starts: Ints, parts: Ints, is_open: Bools) -> Bools:
    """Shifts a person may take each day: where lines are open at night, no morning follows a night."""
    if not is_open[:, -3].any():
        return np.ones(starts.shape, dtype=np.bool_)
    week = np.array([day.toordinal() // 7 for day in days.dates])
    yesterday = np.array([(day.toordinal() - 1) // 7 for day in days.dates])
    group = person % _NIGHT_GROUPS
    has_nights, had_nights = group == week % _NIGHT_GROUPS, group == yesterday % _NIGHT_GROUPS
    is_late = starts + _PHONE_SECONDS + parts[None, :, 1] > _LATE_SECONDS
    is_early = starts < _AFTERNOON_SECONDS
    return np.asarray(np.where(is_late, has_nights[:, None], ~is_early | ~(has_nights | had_nights)[:, None]))


def _at_work(
    *,
    days: Days,
    agents: Sequence[Agent],
    distance: Floats,
    months_end: date,
    rng: np.random.Generator,
) -> Bools:
    ordinal = np.array([day.toordinal() for day in days.dates])
    weekday = np.array([day.weekday() for day in days.dates])
    hired = np.array([agent.hired_on(months_end=months_end).toordinal() for agent in agents])
    left = np.array([(agent.left_on(months_end=months_end) or date.max).toordinal() for agent in agents])
    off = np.array([_DAYS_OFF[place % len(_DAYS_OFF)] for place in range(len(agents))])
    day_off = (weekday[None, :] == off[:, :1]) | (weekday[None, :] == off[:, 1:])
    all_hands = (distance >= _ALL_HANDS_DAYS[0]) & (distance <= _ALL_HANDS_DAYS[1])
    employed = (ordinal[None, :] >= hired[:, None]) & (ordinal[None, :] < left[:, None])
    sick = rng.random(day_off.shape) < _SICK_RATIO
    return np.asarray(employed & (~day_off | all_hands[None, :]) & ~sick)
