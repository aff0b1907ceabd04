"""How long a person and a program wait for pages and figures, beside the same question asked of the raw calls."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.house import House
from benchmarks.measure import Cost
from benchmarks.table import Row

RUNS = 20


def latency_rows(house: House, *, calls: int) -> list[Row]:
    """Measure pages and API in process, warm, by median and 95th percentile."""
    from django.test import Client

    from accounts.models import User
    from accounts.selectors import system_scope
    from contracts.models import Contract
    from core.scope import activate

    scope = system_scope(reason="bench")
    with activate(scope):
        contract: Contract = Contract.objects.visible_to(scope).order_by("pk")[0]
    browser = Client()
    browser.force_login(User.objects.get(username="bench"))
    month = "from=2026-03-01&to=2026-04-01"
    pages = {
        "dashboard": "/?month=2026-03",
        "contract page, a month": f"/contracts/{contract.uuid}/kpis/?{month}",
        "explorer, queues by day, a month": f"/kpis/?{month}&interval=day&group_by=queue&contract={contract.uuid}",
        "calls list, a day": f"/calls/?from=2026-03-10&to=2026-03-11&contract={contract.uuid}",
        "API, all queues by day, a month": "/api/v1/kpis?metrics=service_level,asa,fcr&group_by=queue"
        f"&interval=day&{month}",
        "API, a contract's half-hours, a day": "/api/v1/kpis?metrics=service_level,volume&group_by=queue"
        f"&interval=half_hour&contract={contract.uuid}&from=2026-03-10&to=2026-03-11",
    }
    rows = []
    for name, address in pages.items():
        median, high = latency_times(lambda address=address: _get(browser, address))  # type: ignore[misc]
        rows.append(Row(f"{name}, {calls / 1e6:g} M calls", Cost(median), note=f"p95 {high * 1000:.0f} ms"))
    cursor = house.superuser()
    raw, _ = latency_times(
        lambda: cursor.execute(
            "SELECT contract_id, count(*), count(*) FILTER (WHERE outcome = 1 AND wait_seconds <= 20) FROM calls_call "
            "WHERE offered_at >= '2026-03-01' AND offered_at < '2026-04-01' GROUP BY 1"
        ),
        runs=3,
    )
    rolled, _ = latency_times(
        lambda: cursor.execute(
            "SELECT contract_id, sum(offered), sum(service_met) FROM sla_queueday "
            "WHERE day >= '2026-03-01' AND day < '2026-04-01' GROUP BY 1"
        )
    )
    rows.append(Row("month overview from rollups", Cost(rolled), Cost(raw), goal="≤ 1/25 of raw"))
    return rows


def _get(browser: object, address: str) -> None:
    response = browser.get(address)  # type: ignore[attr-defined]
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    getattr(response, "content", b"")


def latency_times(ask: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    ask()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    taken.sort()
    return taken[len(taken) // 2], taken[min(int(len(taken) * 0.95), len(taken) - 1)]
