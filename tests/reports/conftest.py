"""A house with two months of figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from calls.models import CallReason
from core.periods import half_hours
from core.scope import activate
from tests.sla.rollups import agent_day_add, answered, days_add, half_hours_add, reason_day_add
from tests.world import NOW, World


@pytest.fixture
def in_june() -> Iterator[None]:
    """Stand still in the middle of June 2026."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house(in_june: None, world: World) -> World:
    """May and the first half of June at both vendors, by half-hour, agent and reason."""
    with activate(world.system):
        for n, home in enumerate(world.vendors.values()):
            reason = CallReason.objects.create(vendor=home.vendor, code="BILL", name="Bills")
            for queue in home.queues:
                within = 50 if queue.code == "SUPPORT" else 90 - n
                buckets = [half_hours(date(2026, 6, day), "Asia/Shanghai")[20] for day in range(1, 15)]
                half_hours_add(home, queue, buckets, **answered(100, within=within, abandoned=4, short=1))
                days_add(home, queue, date(2026, 5, 1), 31, **answered(100, within=90, abandoned=4))
            agent_day_add(home, home.agents[0], home.queues[0], date(2026, 6, 3), **answered(40))
            agent_day_add(home, home.agents[1], home.queues[0], date(2026, 6, 3), **answered(33))
            reason_day_add(home, reason, home.queues[0], date(2026, 6, 3), **answered(60))
            reason_day_add(home, None, home.queues[0], date(2026, 6, 3), **answered(40))
    return world
