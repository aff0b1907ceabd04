"""What nobody could earn is not published, and a text that no row can hold breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.errors import Invalid
from core.scope import activate
from qa import services
from qa.calc.editing import form_blank
from tests.qa.house import READY, House, house_make
from tests.world import World

ClientOf = Callable[[str], Client]


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(30)
    found.drawn(found.plan(rate_percent=50))
    return found


@pytest.mark.parametrize(
    ("weight", "points", "is_refused"), [(100, (0, -20), True), (None, (0, -20), False), (None, (-5, -10), True)]
)
def test_a_question_that_only_takes_is_refused_where_it_could_not_take(
    house: House, weight: int | None, points: tuple[int, int], is_refused: bool
) -> None:
    scope, vendor = house.scope("client_qa"), house.world.vendors["ANDES"].vendor
    choices = [
        {"key": key, "label": key, "points": worth, "is_failure": key == "bad"}
        for key, worth in zip(("ok", "bad"), points, strict=True)
    ]
    body: dict[str, Any] = form_blank(title="All", text="Greets")
    body["sections"][0]["weight"] = weight
    body["sections"][0]["questions"].append(
        {"key": "rude", "text": "Was anybody rude?", "kind": "choice", "choices": choices}
    )
    with activate(scope):
        draft = services.draft_create(scope=scope, code="TAKES", name="Takes", body=body)

        def publish() -> None:
            services.form_publish(scope=scope, uuid=draft.uuid, expected_version=draft.version, vendors=[vendor])

        if not is_refused:
            publish()
            return
        with pytest.raises(Invalid) as refused:
            publish()
    assert "make it a bonus" in str(refused.value.fields)


def test_a_character_that_no_row_can_hold_is_refused_and_nothing_breaks(house: House, client_of: ClientOf) -> None:
    browser, scope = client_of("client_qa"), house.scope("client_qa")
    with activate(scope):
        taken = services.evaluation_take(scope=scope)
    assert taken is not None
    page = f"/qa/evaluations/{taken.uuid}/"
    form = {"begin": "import", "code": "NUL", "name": "Nul \0 name"}
    with time_machine.travel(READY, tick=False):
        told = [
            browser.post(f"{page}save/", {"comment": "ab\0cd"}),
            browser.post(f"{page}steps/drop/", {"text": "ab\0cd"}),
            browser.post("/qa/forms/new/", form),
            browser.get("/qa/checks/results/", {"rule": "\0"}),
        ]
        assert [answer.status_code < 500 for answer in told] == [True] * 4
        assert told[0].status_code == 422
        assert browser.get(page).status_code == 200
