"""From a figure to the calls behind it: every link of the explorer lists exactly the calls that the figure counts."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from contracts.calc.definition import Kpi
from core.scope import activate
from reports.addresses import cell_url
from reports.serializers import kpi_query_read
from sla.selectors import kpi_report
from tests.oracle import Row
from tests.sla.feed import drain, load
from tests.world import NOW, World

START = datetime(2026, 6, 9, 16, tzinfo=UTC)  # midnight in Shanghai


def calls(count: int) -> list[Row]:
    """Return the same mixed calls every time, over two local days."""
    pick = random.Random(11)
    rows = []
    for number in range(count):
        outcome = pick.choices(["answered", "abandoned", "flowed_out"], [8, 2, 1])[0]
        offered, wait = START + timedelta(seconds=pick.randrange(2 * 86_400)), pick.randrange(60)
        answered = outcome == "answered"
        rows.append(
            Row(
                external_id=f"C{number}",
                revision=1,
                queue=pick.choice(["ORDERS", "SUPPORT"]),
                direction=pick.choices(["inbound", "outbound"], [9, 1])[0],
                offered_at=offered,
                answered_at=offered + timedelta(seconds=wait) if answered else None,
                outcome=outcome,
                wait=wait,
                talk=pick.randrange(400) if answered else None,
                hold=pick.randrange(30) if answered else None,
                wrap=pick.randrange(60) if answered else None,
                customer=pick.choice([None, *(f"+100{n}" for n in range(30))]),
                reason=pick.choice([None, "BILL", "RETURN"]),
                agent=pick.choice(["ANDES-A1", "ANDES-A2", "ANDES-A3"]) if answered else None,
                transferred_from=None,
                csat=pick.choice([None, 1, 3, 4, 5]) if answered else None,
                resolved=None,
                success=None,
            )
        )
    return rows


@pytest.fixture
def fed(world: World) -> World:
    """One vendor's calls, loaded and measured."""
    system = world.system
    load(calls(150), scope=system, vendor=world.vendors["ANDES"])
    assert drain(system) >= 2
    return world


@pytest.mark.parametrize(
    ("group_by", "interval"),
    [("queue", "day"), ("contract", "total"), ("agent", "day"), ("reason", "total"), ("queue", "half_hour")],
)
def test_every_figure_opens_the_calls_that_it_counts(
    fed: World, client_of: Callable[[str], Client], group_by: str, interval: str
) -> None:
    asked: dict[str, Any] = {
        "metrics": list(Kpi),
        "group_by": [group_by],
        "interval": [interval],
        "from": ["2026-06-10"],
        "to": ["2026-06-12"],
    }
    client, followed = client_of("andes_vendor_manager"), 0
    with time_machine.travel(NOW, tick=False):
        scope = fed.scope("andes_vendor_manager")
        with activate(scope):
            report = kpi_report(scope=scope, query=kpi_query_read(asked))
        rows = [row for row in report.rows if row.cells[-1].result.numerator or group_by == "agent"]
        for row in rows[:4]:
            for cell in row.cells:
                count = cell.result.numerator if cell.kpi is Kpi.VOLUME else cell.result.denominator
                url = cell_url(row, report.query, cell.kpi)
                if cell.is_applicable and count is not None and url:
                    assert listed(client, url) == count, (cell.kpi, url)
                    followed += 1
    assert followed >= 9


def listed(client: Client, url: str) -> int:
    """Return how many calls a list says it has."""
    response = client.get(url)
    assert response.status_code == 200
    text = unescape(response.content.decode())
    found = re.search(r'class="list-count">\s*([\d,]+) row', text)
    return int(found[1].replace(",", "")) if found else 0
