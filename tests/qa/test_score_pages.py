"""The page of scores: what it says, who reads what, and where its numbers lead."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from core.scope import activate
from qa.models import Evaluation
from tests.qa.house import DAY, READY, House, house_make
from tests.world import World

LATER = READY + timedelta(days=3)


@pytest.fixture
def house(world: World) -> House:
    """A vendor whose sample was scored: 90, 80 and 70 by agent."""
    found = house_make(world)
    found.calls(300)
    found.drawn(found.plan(side="both"))
    system = world.system
    with activate(system):
        rows = Evaluation.objects.visible_to(system).filter(draw__isnull=False)
        for code, earned in zip(("A1", "A2", "A3"), (90, 80, 70), strict=True):
            own = rows.filter(agent__code=f"ANDES-{code}")
            families = {"customer": code == "A3", "business": False}
            own.update(state="final", earned=earned, possible=100, families=families, is_failed=code == "A3")
    return found


def page(house: House, name: str, **asked: str) -> Any:
    """Open the page as somebody."""
    client = Client()
    client.force_login(house.world.users[name])
    days = {"from": DAY.isoformat(), "to": DAY.isoformat()}
    with time_machine.travel(LATER, tick=False):
        return client.get(f"/qa/scores/?{urlencode({**days, **asked})}")


def exported(house: House, name: str, **asked: str) -> list[dict[str, str]]:
    """Return the rows of the exported list."""
    answer = page(house, name, export="csv", **asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def test_the_page_tells_each_group_with_its_parts_and_what_the_plain_mean_would_be(house: House) -> None:
    answer = page(house, "client_qa", by="agent").content.decode()
    for text in ("90.0%", "80.0%", "70.0%", "ANDES Agent 1", "goal missed", "Plain mean"):
        assert text in answer
    assert 'data-chart="dots"' in answer


def test_the_list_that_is_exported_is_the_one_that_is_shown(house: House) -> None:
    rows = exported(house, "client_qa", by="agent")
    assert [(row["Name"], float(row["QA score"])) for row in rows] == [
        ("ANDES Agent 1", 0.9),
        ("ANDES Agent 2", 0.8),
        ("ANDES Agent 3", 0.7),
    ]
    assert [row["Failed"] for row in rows] == ["0", "0", str(int(rows[2]["Evaluations"]))]


def test_a_rival_reads_nothing_and_the_vendor_its_own(house: House) -> None:
    assert "ANDES" not in page(house, "boral_vendor_qa", by="agent").content.decode()
    own = exported(house, "andes_vendor_qa", by="agent", side="vendor")
    assert [row["Name"] for row in own] == ["ANDES Agent 1", "ANDES Agent 2", "ANDES Agent 3"]
    assert "Vendor" not in own[0]


def test_an_agent_reads_its_own_score_alone_whatever_it_asks_for(house: House) -> None:
    rows = exported(house, "andes_agent", by="vendor")
    assert [row["Name"] for row in rows] == ["ANDES Agent 1"]


def test_a_period_that_cannot_be_is_refused_beside_its_field(house: House) -> None:
    wrong = page(house, "client_qa", **{"from": "2026-06-20"})
    assert "The last day lies before the first." in wrong.content.decode()
    assert "too many" not in wrong.content.decode()


def test_without_any_form_the_page_says_what_will_be_here(world: World) -> None:
    client = Client()
    client.force_login(world.users["client_qa"])
    answer = client.get("/qa/scores/")
    assert answer.status_code == 200
    assert "Scores appear once" in answer.content.decode()
