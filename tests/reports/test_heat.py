"""The colors of a contract whose queues have different targets, and the words beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from contracts.models import Target, Version
from core.periods import half_hours
from core.scope import activate
from tests.reports.test_pages import SHANGHAI, ClientOf, contract_url, page, plain
from tests.sla.rollups import half_hour_add
from tests.world import NOW, World, version_make

DAY = {"from": "2026-06-10", "to": "2026-06-11"}
# ORDERS owes 80 % (78, 75) of its 100 calls, SUPPORT 95 % (93, 90) of its 300: 365 (357, 345) of 400 together.
OWN = [((80, 285), "goal"), ((100, 265), "goal"), ((64, 300), "amber"), ((79, 278), "amber"), ((75, 281), "short")]
OWN += [((75, 270), "short"), ((74, 270), "minimum")]
# Both owe 80 % (78, 75): 320 (312, 300) of 400.
SHARED = [((80, 240), "goal"), ((79, 240), "amber"), ((75, 225), "short"), ((75, 224), "minimum")]


def buckets(day: str = "2026-06-10", zone: str = SHANGHAI) -> Sequence[datetime]:
    return half_hours(date.fromisoformat(day), zone)


def promised(world: World, **lines: str) -> Version:
    """Sign a version of the ANDES contract in which SUPPORT owes another service level than ORDERS."""
    home = world.vendors["ANDES"]
    version = version_make(
        contract=home.contract, queues=home.queues, number=2, effective_from=date(2026, 6, 1), signed=False
    )
    target = Target.objects.visible_to(world.system).get(
        contract_version=version, queue=home.queues[1], kpi="service_level"
    )
    for name, value in lines.items():
        setattr(target, name, Decimal(value))
    target.save()
    version.state, version.submitted_by_id, version.signed_by_id, version.signed_at = "signed", 1, 2, NOW
    version.save()
    return version


def served(world: World, version: Version, cases: Sequence[tuple[tuple[int, int], str]]) -> None:
    home = world.vendors["ANDES"]
    for bucket, (met, _level) in zip(buckets()[18:], cases, strict=False):
        for queue, base, share in zip(home.queues, (100, 300), met, strict=True):
            measures = {"offered": base, "service_base": base, "service_met": share}
            half_hour_add(home, queue, bucket, version_id=version.pk, **measures)


def drawn(html: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(re.search(rf'<script id="{name}-data"[^>]*>(.*?)</script>', html)[1])  # type: ignore[index]
    return found


def levels(html: str) -> list[str]:
    cells = sorted(drawn(html, "heat")["cells"], key=lambda cell: (cell[1], cell[0]))
    return [cell[4] for cell in cells]


def test_queues_with_targets_of_their_own_are_judged_by_what_they_owe_together(
    in_june: None, world: World, client_of: ClientOf
) -> None:
    with activate(world.system):
        served(world, promised(world, goal="0.95", amber="0.93", minimum="0.90"), OWN)
    html = page(client_of("programme_manager"), contract_url(world), **DAY)
    assert levels(html) == [level for _met, level in OWN]
    text = plain(html)
    assert (
        "The queues have different targets: the colors judge all of them together, each queue&#x27;s target weighted"
        in text
    )
    assert "each queue has its own target" in text
    # 547 + 1949 of the 2800 calls: the day owes 2555 (2499, 2415).
    assert drawn(html, "trend")["rate"]["levels"] == ["short"]
    # One queue has one target.
    queue = world.vendors["ANDES"].queues[0]
    html = page(client_of("programme_manager"), contract_url(world), **DAY, queue=queue.code)
    assert levels(html) == ["goal", "goal", "minimum", "amber", "short", "short", "minimum"]
    assert "Colored by the target: goal 80.0%, minimum 75.0%." in plain(html)
    assert "each queue has its own target" not in plain(html)


def test_a_target_that_all_queues_share_judges_the_total(in_june: None, world: World, client_of: ClientOf) -> None:
    with activate(world.system):
        served(world, world.vendors["ANDES"].version, SHARED)
    html = page(client_of("programme_manager"), contract_url(world), **DAY)
    assert levels(html) == [level for _met, level in SHARED]
    assert "Colored by the target: goal 80.0%, minimum 75.0%." in plain(html)


def test_a_kpi_without_a_target_says_so(in_june: None, world: World, client_of: ClientOf) -> None:
    home = world.vendors["ANDES"]
    with activate(world.system):
        version = version_make(
            contract=home.contract, queues=home.queues, number=2, effective_from=date(2026, 6, 1), signed=False
        )
        Target.objects.visible_to(world.system).filter(contract_version=version, kpi="service_level").delete()
        version.state, version.submitted_by_id, version.signed_by_id, version.signed_at = "signed", 1, 2, NOW
        version.save()
        served(world, version, SHARED)
    html = page(client_of("programme_manager"), contract_url(world), **DAY)
    assert levels(html) == ["none"] * 4
    assert "No target is agreed for it." in plain(html)


@pytest.mark.parametrize("heat", ["asa", "abandonment"])
def test_the_other_maps_are_judged_by_their_own_kpi(
    in_june: None, world: World, client_of: ClientOf, heat: str
) -> None:
    with activate(world.system):
        served(world, promised(world, goal="0.95", amber="0.93", minimum="0.90"), OWN)
    html = page(client_of("programme_manager"), contract_url(world), **DAY, heat=heat)
    assert "The queues have different targets" not in plain(html)
