"""Synthetic calls of any number: weekday and intraday curves, planted repeats, seeded; for measuring only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

DAY_US = 86_400_000_000
# Share of a day's calls by hour: two humps around lunch.
HOURS = np.array([1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 17, 13, 14, 16, 17, 15, 12, 9, 7, 5, 4, 3, 2], dtype=float)
WEEKDAYS = np.array([1.25, 1.1, 1.05, 1.0, 1.0, 0.7, 0.55])
QUEUES, AGENTS, REASONS = 20, 600, 40
REPEAT_SHARE = 0.18


def _if_answered(name: str) -> pl.Expr:
    return pl.when(pl.col("outcome") == "answered").then(pl.col(name))


def calls_frame(*, calls: int, first: date, days: int, seed: int) -> pl.DataFrame:
    """Return ``calls`` canonical rows of one vendor over some days, in time order, as text and whole numbers.

    Queues are ``Q00``.. (four contracts of five), agents ``A000``.., reasons ``R00``..; callers are drawn so that about
    18 % of the calls repeat an earlier one within days.
    """
    rng = np.random.default_rng(seed)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    weights = np.array([WEEKDAYS[(first + timedelta(days=n)).weekday()] for n in range(days)])
    day = rng.choice(days, size=calls, p=weights / weights.sum())
    hour = rng.choice(24, size=calls, p=HOURS / HOURS.sum())
    offset = day * DAY_US + hour * 3_600_000_000 + rng.integers(0, 3600, calls) * 1_000_000
    offset.sort()
    customer = rng.integers(0, max(calls * 2 // 5, 1), calls)
    reason = np.minimum(rng.zipf(1.6, calls) - 1, REASONS - 1)
    repeats = np.flatnonzero(rng.random(calls) < REPEAT_SHARE)
    # A repeat takes caller and reason of a call some hundreds to thousands of rows before it.
    back = np.maximum(repeats - rng.integers(1, max(calls // days * 2, 2), repeats.size), 0)
    customer[repeats], reason[repeats] = customer[back], reason[back]
    wait = np.minimum(rng.exponential(14, calls).astype(np.int32), 3600)
    outcome = np.where(
        rng.random(calls) < 0.06, "abandoned", np.where(rng.random(calls) < 0.01, "flowed_out", "answered")
    )
    answered = outcome == "answered"
    agent = rng.integers(0, AGENTS, calls)
    talk = np.where(answered, rng.gamma(3, 80, calls).astype(np.int32), 0)
    hold = np.where(answered & (rng.random(calls) < 0.2), rng.integers(5, 60, calls), 0)
    offered = pl.Series("offered_at", offset).cast(pl.Duration("us")) + start
    frame = pl.DataFrame(
        {
            "number": np.arange(calls),
            # An agent works for one queue, and now and then for another.
            "queue_number": np.where(rng.random(calls) < 0.9, agent % QUEUES, rng.integers(0, QUEUES, calls)),
            "offered": offered,
            "customer_number": customer,
            "reason_number": reason,
            "agent_number": agent,
            "wait": wait,
            "talk": talk,
            "hold": hold,
            "wrap": rng.integers(0, 60, calls),
            "outcome": outcome,
            "csat_number": np.where(answered & (rng.random(calls) < 0.25), rng.integers(1, 6, calls), 0),
        }
    )
    return frame.select(
        external_id=pl.format("{}-{}", pl.lit(seed), pl.col("number")),
        queue=pl.format("Q{}", pl.col("queue_number").cast(pl.String).str.zfill(2)),
        customer=pl.format("+86138{}", pl.col("customer_number").cast(pl.String).str.zfill(8)),
        reason=pl.format("R{}", pl.col("reason_number").cast(pl.String).str.zfill(2)),
        agent=_if_answered("agent_number").cast(pl.String).str.zfill(3).pipe(lambda text: pl.lit("A") + text),
        offered_at=pl.col("offered").dt.to_string("%Y-%m-%dT%H:%M:%SZ"),
        wait_seconds=pl.when(pl.col("outcome") != "flowed_out").then(pl.col("wait")),
        talk_seconds=_if_answered("talk"),
        hold_seconds=_if_answered("hold"),
        wrap_seconds=_if_answered("wrap"),
        outcome=pl.col("outcome"),
        csat=pl.when(pl.col("csat_number") > 0).then(pl.col("csat_number")),
    )
