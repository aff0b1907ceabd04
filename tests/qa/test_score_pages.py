"""The page of scores: what it says, who reads what, and where its numbers lead."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from core.scope import activate
from qa import selectors
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


def test_the_findings_of_the_week_name_what_fails_what_is_stuck_and_who_is_weak(house: House) -> None:
    system = house.world.system
    form = house.forms["ANDES"]
    with activate(system):
        rows = Evaluation.objects.visible_to(system)
        for n, row in enumerate(rows.filter(side="client").order_by("reference")):
            for back in range(3):
                # The same samples in each of three weeks: the greeting fails in a third of them.
                answers = {"greeting": "no" if n % 3 == 0 else "yes", "tone": "p5", "closing": "na"}
                given = {"answers": answers, "causes": {"greeting": "training"} if n % 3 == 0 else {}}
                if back == 0:
                    rows.filter(pk=row.pk).update(**given)
                else:
                    row.pk = None
                    row.uuid = uuid4()
                    row.number = 10_000 * back + n
                    row.draw_id, row.day = None, DAY - timedelta(days=7 * back)
                    row.reference, row.state = f"{back}-{n}", "final"
                    row.answers, row.causes, row.form = given["answers"], given["causes"], form
                    row.earned, row.possible = 1, 1
                    row.save(force_insert=True)
    client = house.scope("client_qa")
    with activate(client):
        asked = selectors.Asked("client", "SERVICE", DAY - timedelta(days=2), DAY)
        [worst, *_rest] = selectors.problems_of(scope=client, asked=asked)
        weak = selectors.weak_groups(scope=client, asked=asked)
    assert (worst.key, worst.stuck) == ("greeting", 3)
    assert worst.failed * 3 >= worst.answers
    assert worst.causes == {"training": worst.failed}
    assert "closing" not in {line.key for line in [worst, *_rest]}
    assert [one.scored.name for one in weak if one.group == "agent"] == ["ANDES Agent 3"]
    told = Client()
    told.force_login(house.world.users["client_qa"])
    days = urlencode({"from": asked.first.isoformat(), "to": asked.last.isoformat()})
    text = told.get(f"/qa/weekly/?{days}").content.decode()
    assert "stuck for 3 weeks" in text
    assert "question=greeting" in text
    listed = told.get(f"/qa/?state=all&question=greeting&form=SERVICE&day_after={asked.first}&day_before={DAY}")
    assert f"{worst.failed} rows" in listed.content.decode()
    counted = told.get(f"/qa/?state=counted&team=T1&form=SERVICE&side=client&day_after={DAY}&day_before={DAY}")
    assert f"{sum(own['count'] for own in _sizes(house))} rows" in counted.content.decode()


def _sizes(house: House) -> list[dict[str, int]]:
    rows = exported(house, "client_qa", by="agent")
    return [{"count": int(row["Evaluations"])} for row in rows]


@pytest.mark.parametrize("path", ["/qa/scores/", "/qa/weekly/"])
def test_a_filter_changes_what_stands_around_the_list_too(house: House, path: str) -> None:
    client = Client()
    client.force_login(house.world.users["client_qa"])
    answer = client.get(path, headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<h1" in answer.content.decode()
    assert (answer["HX-Retarget"], answer["HX-Reselect"]) == ("#content", "#content > *")


@pytest.mark.parametrize(
    "path", ["scores/", "weekly/", "graders/", "checks/", "checks/quality/", "checks/quality/calls/"]
)
@pytest.mark.parametrize("asked", [{"from": "2026-11-20", "to": "2026-11-01"}, {"from": "yesterday"}, {"vendor": "x"}])
def test_a_filter_that_cannot_be_read_is_said_and_no_error(house: House, path: str, asked: dict[str, str]) -> None:
    client = Client()
    client.force_login(house.world.users["client_qa"])
    assert client.get(f"/qa/{path}", asked).status_code == 200
