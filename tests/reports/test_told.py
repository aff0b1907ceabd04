"""What the overview tells: every level below the goal, the graver first, and every queue that stands worse."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from contracts.calc.definition import Kpi
from contracts.calc.targets import TargetTerms
from core.scope import activate
from reports.selectors.cells import QueueCell, figure_text, queues_behind
from reports.selectors.notices import _apart
from sla.calc.kpi import kpi_value
from sla.selectors import Cell, Entity
from tests.reports.test_pages import ClientOf, page, plain
from tests.sla.rollups import day_add
from tests.world import World

# The lines of the house: goal 80 %, amber from 78 %, minimum 75 %.
FEW_DAYS = [date(2026, 6, day) for day in range(1, 11)]


def served(world: World, vendor: str, shares: list[int]) -> None:
    """Give each queue of a vendor ten days of a hundred calls, so many of them answered in time."""
    home = world.vendors[vendor]
    with activate(world.system):
        for queue, met in zip(home.queues, shares, strict=True):
            for day in FEW_DAYS:
                day_add(home, queue, day, offered=100, service_base=100, service_met=met)


def notices(html: str) -> list[tuple[str, str]]:
    """Return tone and words of each notice."""
    found = re.findall(r'<li class="tone-(\w+)">(.*?)</li>', html, re.DOTALL)
    return [(tone, plain(words).removesuffix(" See why")) for tone, words in found]


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        # A contract just below its goal, none of its queues worse.
        ([79, 79], [("warning", "ANDES hotline is just below the goal Service level 79.0% (80.0%)")]),
        # A contract that meets its goal hides a queue that is just below.
        ([99, 79], [("warning", "ANDES hotline is just below the goal Service level in ANDES SUPPORT 79.0% (80.0%)")]),
        ([99, 76], [("serious", "ANDES hotline misses the goal Service level in ANDES SUPPORT 76.0% (80.0%)")]),
        ([99, 70], [("bad", "ANDES hotline misses the minimum Service level in ANDES SUPPORT 70.0% (75.0%)")]),
        (
            [85, 70],
            [
                ("bad", "ANDES hotline misses the minimum Service level in ANDES SUPPORT 70.0% (75.0%)"),
                ("serious", "ANDES hotline misses the goal Service level 77.5% (80.0%)"),
            ],
        ),
        ([99, 99], []),
    ],
)
def test_every_level_below_the_goal_is_told_the_graver_first(
    in_june: None, world: World, client_of: ClientOf, shares: list[int], told: list[tuple[str, str]]
) -> None:
    served(world, "ANDES", shares)
    html = page(client_of("andes_vendor_manager"), "/")
    assert [notice for notice in notices(html) if "goal" in notice[1] or "minimum" in notice[1]] == told


def test_of_two_queues_on_one_level_the_worse_is_shown_and_the_other_counted(
    in_june: None, world: World, client_of: ClientOf
) -> None:
    home = world.vendors["ANDES"]
    served(world, "ANDES", [74, 60])
    with activate(world.system):
        third = type(home.queues[0]).objects.create(vendor=home.vendor, code="CHAT", name="ANDES CHAT")
        from contracts.models import Coverage, Version
        from tests.world import version_make

        Coverage.objects.create(vendor=home.vendor, contract=home.contract, queue=third, starts_on=date(2026, 1, 1))
        version = version_make(
            contract=home.contract, queues=[*home.queues, third], number=2, effective_from=date(2026, 1, 2)
        )
        assert Version.objects.visible_to(world.system).filter(pk=version.pk).exists()
        for day in FEW_DAYS:
            day_add(home, third, day, offered=900, service_base=900, service_met=900, version_id=version.pk)
    html = page(client_of("andes_vendor_manager"), "/")
    pill = re.search(r'<span class="board-line tone-text tone-bad" title="([^"]+)">(.*?)</span>\n', html, re.DOTALL)
    assert pill
    assert pill[1] == "ANDES SUPPORT 60.0% (goal 80.0%) · ANDES ORDERS 74.0% (goal 80.0%)"
    assert plain(pill[2]).startswith("ANDES SUPPORT · ANDES ORDERS +1")


def cell(met: int, *, goal: str | None = "0.80") -> Cell:
    target = (
        TargetTerms(Decimal(goal), Decimal(goal) - Decimal("0.02"), Decimal(goal) - Decimal("0.05")) if goal else None
    )
    return Cell(Kpi.SERVICE_LEVEL, kpi_value(Kpi.SERVICE_LEVEL, {"service_met": met, "service_base": 100}), target)


def behind(whole: Cell, *parts: Cell) -> list[str]:
    queues = [QueueCell(Entity(n, None, f"Q{n}", f"Q{n}", 1), part) for n, part in enumerate(parts)]
    return [found.queue.code for found in queues_behind(whole, queues)]


def test_queues_behind_a_whole() -> None:
    assert behind(cell(90), cell(74), cell(79), cell(60), cell(95), cell(77)) == ["Q2", "Q0", "Q4", "Q1"]
    assert behind(cell(77), cell(77), cell(79), cell(60)) == ["Q2"]
    assert behind(cell(70), cell(60)) == []
    # Targets differ: nothing judges the whole, its queues do.
    assert behind(cell(90, goal=None), cell(79), cell(96, goal="0.95")) == ["Q0"]
    assert behind(cell(90, goal=None), cell(95), cell(96, goal="0.95")) == ["Q1"]
    assert behind(cell(90, goal=None), cell(95, goal=None)) == []


def test_a_figure_in_a_table_of_several_units_shows_its_own() -> None:
    values = [
        (0.5, "ratio"),
        (12.34, "seconds"),
        (192.0, "seconds"),
        (3723.0, "seconds"),
        (1.0, "count"),
        (None, "count"),
    ]
    assert [figure_text(value, unit) for value, unit in values] == [
        "50.0%",
        "12.3 s",
        "3:12 min",
        "1:02:03 h",
        "1 call",
        "no data",
    ]


def test_a_value_just_below_its_line_is_told_apart_from_it() -> None:
    with override("en"):
        assert _apart(0.7, 0.8, "ratio") == ("70.0%", "80.0%")
        assert _apart(0.79968, 0.8, "ratio") == ("79.97%", "80.00%")
        assert _apart(20.04, 20, "seconds") == ("20.04 s", "20 s")
        assert _apart(284.2, 280, "seconds") == ("4:44", "4:40")
