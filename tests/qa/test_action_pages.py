"""The board, the page of an action and its steps, as people of both sides meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from qa import services
from qa.models import Improvement
from tests.qa.test_actions import Desk, desk
from tests.world import World

__all__ = ["desk"]
ClientOf = Callable[[str], Client]


def url(action: Improvement, name: str = "detail", *more: str) -> str:
    """Return an address of an action."""
    return reverse(f"qa:improvement_{name}", args=[action.uuid, *more])


def test_a_card_has_the_buttons_of_its_next_steps_and_the_rival_has_no_card(desk: Desk, client_of: ClientOf) -> None:
    action = desk.plan("andes_vendor_supervisor")
    page = client_of("andes_vendor_manager").get(reverse("qa:improvement_board")).content.decode()
    assert url(action) in page
    assert url(action, "step", "start_pilot") in page
    assert url(action) not in client_of("boral_vendor_manager").get(reverse("qa:improvement_board")).content.decode()
    assert client_of("boral_vendor_manager").get(url(action)).status_code == 404
    assert client_of("andes_agent").get(url(action)).status_code == 403


def test_an_auditor_reads_and_finds_no_button(desk: Desk, client_of: ClientOf) -> None:
    action = desk.plan()
    for address in (reverse("qa:improvement_board"), url(action)):
        page = client_of("auditor").get(address)
        assert page.status_code == 200
        assert "start_pilot" not in page.content.decode()


def test_a_vendor_is_told_the_client_and_not_who_there(desk: Desk, client_of: ClientOf) -> None:
    action = desk.plan("programme_manager")
    page = client_of("andes_vendor_manager").get(url(action)).content.decode()
    assert "programme_manager" not in page
    assert "Lumora Test" in page
    assert "programme_manager" in client_of("client_qa").get(url(action)).content.decode()


def test_the_page_of_a_checked_action_shows_the_arithmetic(desk: Desk, client_of: ClientOf) -> None:
    action = desk.checking()
    desk.check(action)
    page = client_of("andes_vendor_qa").get(url(action)).content.decode()
    assert "Better than the control beyond chance, and the target is reached." in page
    assert "15,848 / 112" in page
    assert "Welch" in page


def test_the_calls_behind_a_figure_are_a_click_away(desk: Desk, client_of: ClientOf) -> None:
    action = desk.checking()
    desk.check(action)
    client = client_of("programme_manager")
    page = client.get(url(action)).content.decode()
    link = next(part for part in page.split('href="') if part.startswith("/calls/?") and "ANDES-A1" in part)
    calls = client.get(link.partition('"')[0].replace("&amp;", "&")).content.decode()
    assert "56 rows" in calls


def test_an_action_is_planned_from_a_finding_in_one_form(desk: Desk, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    begun = f"{reverse('qa:improvement_create')}?origin=question&origin_reference=greeting"
    contract = desk.world.vendors["ANDES"].contract
    assert f"contract={contract.uuid}&amp;origin=question" in client.get(begun).content.decode()
    form: dict[str, Any] = {
        "title": "Greet first", "problem": "No greeting", "origin": "question", "origin_reference": "greeting",
        "metric": "csat", "target": "90", "pilot": ["team:T1"], "control": ["team:T2"], "check_days": "14",
    }  # fmt: skip
    answer = client.post(f"{begun}&contract={contract.uuid}", form)
    assert answer.status_code == 302
    with activate(desk.scope()) as scope:
        action = Improvement.objects.visible_to(scope).get()
    assert (float(action.target), action.group_by, action.pilot, action.origin) == (0.9, "team", ["T1"], "question")
    mixed = client.post(f"{begun}&contract={contract.uuid}", form | {"control": ["agent:ANDES-A1"]})
    assert mixed.status_code == 422


def test_no_page_leads_around_the_check(desk: Desk, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    action = desk.checking()
    form = {"expected_version": action.version, "text": "Now."}
    for step in ("roll_out", "send_back"):
        assert client.get(url(action, "step", step)).status_code == 409
        assert client.post(url(action, "step", step), form).status_code == 409
    assert client.post(url(action, "figures"), {}).status_code == 409
    # The window lies in the past of a browser's clock: the check may run, and then it may be rolled out.
    assert client.post(url(action, "check")).status_code == 302
    assert client.post(url(action, "step", "roll_out"), form).status_code == 302
    assert client.get(url(action)).content.decode().count("act: rolled out") >= 1


def test_what_is_typed_for_a_share_is_read_as_met_and_all(desk: Desk, client_of: ClientOf) -> None:
    action = desk.checking(metric="other", metric_name="Complaints solved", target="0.9", direction="higher")
    client = client_of("andes_vendor_manager")
    given = {
        "pilot_before": "160/200", "pilot_after": "180 / 200", "control_before": "240/300", "control_after": "many",
        "source": "Log",
    }  # fmt: skip
    assert client.post(url(action, "figures"), given).status_code == 422
    assert client.post(url(action, "figures"), given | {"control_after": "243/300"}).status_code == 302
    assert "+9.0 pp" in client.get(url(action)).content.decode()


def test_a_comment_is_read_by_the_other_side(desk: Desk, client_of: ClientOf) -> None:
    action = desk.plan()
    assert client_of("andes_vendor_qa").post(url(action, "comment"), {"text": "We begin on Monday."}).status_code == 302
    assert "We begin on Monday." in client_of("client_qa").get(url(action)).content.decode()
    assert client_of("boral_vendor_qa").post(url(action, "comment"), {"text": "Hello"}).status_code == 404


@pytest.mark.parametrize("name", ["board", "list"])
def test_more_actions_ask_no_more_questions(desk: Desk, client_of: ClientOf, name: str) -> None:
    client, counts = client_of("programme_manager"), []
    for more in (3, 6):
        for number in range(more):
            desk.plan(title=f"Another {number}")
        client.get(reverse(f"qa:improvement_{name}"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"qa:improvement_{name}")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_is_exported_as_it_is_filtered(desk: Desk, client_of: ClientOf) -> None:
    desk.plan(title="Kept")
    desk.plan(title="Left out", metric="asa")
    answer = client_of("programme_manager").get(reverse("qa:improvement_list") + "?metric=aht&export=csv")
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "Kept" in text
    assert "Left out" not in text


def test_a_world_without_actions_says_what_will_be_here(world: World, client_of: ClientOf) -> None:
    page = client_of("andes_vendor_wfm").get(reverse("qa:improvement_board")).content.decode()
    assert "An action begins from" in page
    assert services.improvements_overdue(scope=world.system) == 0
