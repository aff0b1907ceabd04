"""The queue itself: callers wait in line, agents take them, some hang up first.

Many days are played at once: step *n* serves the *n*-th caller of every day. That is the exact first-come
first-served queue with several servers and impatient callers, without a loop over calls.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.days import Bools, Floats, Ints
from demo.roster import FOREVER


@dataclass(frozen=True)
class Served:
    """What became of each caller, in the order given.

    Attributes:
        column: the stretch (column of the roster) that took or rang for the call; -1 when nobody did.
        queue_seconds: wait until an agent's phone rang, or until the caller gave up.
        ring_seconds: how long it rang, whether answered or not.
        talk_seconds: 0 unless answered.
        is_answered: an agent picked up.
    """

    column: Ints
    queue_seconds: Ints
    ring_seconds: Ints
    talk_seconds: Ints
    is_answered: Bools


def serve(
    *,
    day: Ints,
    arrived: Ints,
    patience: Ints,
    ring: Ints,
    talk: Floats,
    after: Ints,
    opens: Ints,
    closes: Ints,
    pace: Floats,
) -> Served:
    """Play the queue of every day.

    Args:
        day: row of `opens` each call belongs to; calls of a day stand together, in the order of service.
        arrived: elapsed second of the day.
        patience: seconds until the caller hangs up.
        ring: seconds an agent's phone rings before it is picked up.
        talk: seconds of talk with an agent of pace 1.
        after: seconds of hold and wrap that follow, the same for everybody.
        opens, closes: stretches on the phones by day; an agent takes no new call from `closes` on.
        pace: talk time of the agent of each stretch against the standard.
    """
    calls = len(day)
    column = np.full(calls, -1, dtype=np.int64)
    queue_seconds, ring_seconds = patience.copy(), np.zeros(calls, dtype=np.int64)
    talk_seconds, is_answered = np.zeros(calls, dtype=np.int64), np.zeros(calls, dtype=np.bool_)
    per_day = np.bincount(day, minlength=len(opens))
    first = np.concatenate([[0], np.cumsum(per_day)[:-1]])
    # Long days first: the days still running are then always the first rows.
    order = np.argsort(-per_day, kind="stable")
    first, closes, pace = first[order], closes[order], pace[order]
    free = opens[order].copy()
    running = np.searchsorted(-per_day[order], -np.arange(per_day.max(initial=0)), side="left")
    for step, rows in enumerate(running):
        call = first[:rows] + step
        now = arrived[call]
        at = np.arange(rows)
        candidates = np.where(closes[:rows] > now[:, None], free[:rows], FOREVER)
        chosen = candidates.argmin(axis=1)
        begin = np.maximum(now, candidates[at, chosen])
        reached = np.flatnonzero(begin - now <= patience[call])
        call, at, chosen, begin = call[reached], at[reached], chosen[reached], begin[reached]
        left_to_ring = arrived[call] + patience[call] - begin
        answered = ring[call] <= left_to_ring
        rang = np.minimum(ring[call], left_to_ring)
        spoken = np.where(answered, np.rint(talk[call] * pace[at, chosen]), 0).astype(np.int64)
        until = begin + rang + spoken + np.where(answered, after[call], 0)
        free[at, chosen] = np.where(until >= closes[at, chosen], FOREVER, until)
        column[call], queue_seconds[call], ring_seconds[call] = chosen, begin - now[reached], rang
        talk_seconds[call], is_answered[call] = spoken, answered
    return Served(column, queue_seconds, ring_seconds, talk_seconds, is_answered)
