"""A day of a hundred thousand calls: its lots drawn, the sample handed out in slices, and drawn again."""

from __future__ import annotations

import os
import resource
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.data import calls_frame
from benchmarks.house import House
from benchmarks.ingest import file_import, frame_bytes
from benchmarks.measure import Cost, measured
from benchmarks.table import Row

DAY = date(2026, 5, 11)
# The morning after, where the contracts are.
READY = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)
RATE_PERCENT = 20
SEED = 4711


def sampling_rows(house: House, *, vendor_id: int) -> list[Row]:
    """Measure with BENCH_SAMPLED (default 150000) calls of one day and vendor, under four contracts.

    Of these some hundred thousand were answered on the contracts' day and can be drawn.
    """
    from accounts.models import User
    from accounts.selectors import scope_of_user, system_scope
    from contracts.models import Contract
    from core.scope import activate
    from qa import selectors, services
    from qa.models import Draw
    from vendors.models import Vendor

    count = int(os.environ.get("BENCH_SAMPLED", "150000"))
    content = frame_bytes(calls_frame(calls=count, first=DAY, days=1, seed=SEED))
    file_import(house, vendor_id=vendor_id, name="sampled.csv", content=content)
    system = system_scope(reason="bench", at=READY)
    manager: Any = scope_of_user(user=User.objects.get(username="bench"), at=READY)
    with activate(manager):
        draft = services.draft_from_preset(scope=manager, preset="three_dimensions", code="BENCH", name="Bench")
        vendors = [Vendor.objects.visible_to(manager).get(pk=vendor_id)]
        services.form_publish(scope=manager, uuid=draft.uuid, expected_version=1, vendors=vendors)
        values = {"form_code": "BENCH", "starts_on": DAY, "rate_percent": RATE_PERCENT, "side": "both"}
        plans = [
            services.plan_create(scope=manager, contract=contract, values={**values, "name": contract.code})
            for contract in Contract.objects.visible_to(manager).filter(vendor_id=vendor_id).order_by("code")
        ]
    house.superuser().execute("ANALYZE")
    before = _peak_megabytes()
    with measured(house.postmaster_pid) as lots:
        for plan in plans:
            services.plan_draw(scope=system, uuid=plan.uuid, day=DAY)
    slices: list[Cost] = []
    with measured(house.postmaster_pid) as placing:
        done = 1
        while done:
            with measured(house.postmaster_pid) as one:
                done = services.draws_place(scope=system)
            slices.append(one)
    grown = _peak_megabytes() - before
    with activate(system):
        draws = list(Draw.objects.visible_to(system).filter(plan__in=plans).select_related("plan__contract"))
        population, sampled = (
            sum(getattr(row, name) for row in draws) for name in ("population_count", "sampled_count")
        )
        with measured(house.postmaster_pid) as again:
            assert all(selectors.draw_check(scope=system, draw_row=row).is_right for row in draws)
    whole = Cost(
        lots.wall_seconds + placing.wall_seconds,
        lots.client_seconds + placing.client_seconds,
        lots.postgres_seconds + placing.postgres_seconds,
    )
    longest = max(one.wall_seconds for one in slices)
    return [
        Row(f"a day's sample, {count:,} calls", whole, goal="≤ 30 s", note=f"{population:,} in the lists, {sampled:,} "
            f"drawn ({RATE_PERCENT} %), {2 * sampled:,} evaluations of two sides"),
        Row("of it the lots of four plans", lots),
        Row("of it handing out, in slices", placing,
            note=f"{len(slices) - 1} slices, the longest {longest:.2f} s; memory grew by {grown:.0f} MB"),
        Row("all four drawn again and compared", again),
    ]  # fmt: skip


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
