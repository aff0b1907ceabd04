"""The demo's queue against a plain loop over calls, and against the exact Erlang A figures of a stable queue."""

from __future__ import annotations

import numpy as np
import pytest

from demo.queueing import serve
from demo.roster import FOREVER


@pytest.mark.parametrize("seed", range(5))
def test_many_days_at_once_equal_one_call_after_the_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days, stretches, calls = 7, 4, 400
    day = np.sort(rng.integers(0, days, calls))
    arrived = rng.integers(0, 6_000, calls)
    order = np.lexsort((arrived, day))
    day, arrived = day[order], arrived[order]
    patience, ring = rng.integers(1, 200, calls), rng.integers(0, 8, calls)
    talk, after = rng.uniform(20, 300, calls), rng.integers(0, 60, calls)
    opens = rng.integers(0, 2_000, (days, stretches))
    closes = opens + rng.integers(500, 4_000, (days, stretches))
    pace = rng.uniform(0.8, 1.5, (days, stretches))
    served = serve(
        day=day,
        arrived=arrived,
        patience=patience,
        ring=ring,
        talk=talk,
        after=after,
        opens=opens,
        closes=closes,
        pace=pace,
    )
    free = opens.copy()
    for call in range(calls):
        today, now = day[call], int(arrived[call])
        able = [n for n in range(stretches) if closes[today, n] > now and free[today, n] < closes[today, n]]
        first = min(able, key=lambda n: (free[today, n], n), default=None)
        begin = FOREVER if first is None else max(now, int(free[today, first]))
        if first is None or begin - now > patience[call]:
            assert (served.column[call], served.queue_seconds[call]) == (-1, patience[call])
            assert not served.is_answered[call]
            continue
        rings = min(int(ring[call]), now + int(patience[call]) - begin)
        answered = rings == ring[call]
        spoken = round(talk[call] * pace[today, first]) if answered else 0
        assert (served.column[call], served.queue_seconds[call]) == (first, begin - now)
        assert (served.ring_seconds[call], served.is_answered[call]) == (rings, answered)
        assert served.talk_seconds[call] == spoken
        free[today, first] = begin + rings + spoken + (after[call] if answered else 0)


@pytest.mark.parametrize(("agents", "waits", "abandons"), [(12, 0.3318, 0.0427), (9, None, 0.1633)])
def test_a_stable_queue_has_the_waits_and_abandons_of_erlang_a(
    agents: int, waits: float | None, abandons: float
) -> None:
    """Domain D15: 100 calls in half an hour, 3 minutes of work, patience 5 minutes."""
    rng = np.random.default_rng(1)
    days, hours = 80, 20
    calls = days * hours * 200
    # In tenths of a second, so that rounding does not bend the exponential times.
    day = np.repeat(np.arange(days), calls // days)
    arrived = np.sort(rng.integers(0, hours * 36_000, (days, calls // days)), axis=1).ravel()
    served = serve(
        day=day,
        arrived=arrived,
        patience=np.rint(rng.exponential(3_000, calls)).astype(np.int64),
        ring=np.zeros(calls, dtype=np.int64),
        talk=rng.exponential(1_800, calls),
        after=np.zeros(calls, dtype=np.int64),
        opens=np.zeros((days, agents), dtype=np.int64),
        closes=np.full((days, agents), FOREVER),
        pace=np.ones((days, agents)),
    )
    assert (~served.is_answered).mean() == pytest.approx(abandons, abs=0.003)
    if waits is not None:
        assert (served.queue_seconds > 0).mean() == pytest.approx(waits, abs=0.01)
