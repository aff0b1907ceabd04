"""The pages of evaluations: what waits for whom, one sheet at a time, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from qa import selectors, services
from qa.calc.live import LiveReason
from qa.models import Evaluation
from qa.services import Sheet
from tests.qa.house import ALL_YES, DAY, READY, House, house_make, own_view
from tests.world import World

ClientOf = Callable[[str], Client]
LIST = "/qa/"
LOST = {"tone": "p3", "record": "no"}
CAUSE = {"record": "Forgot"}


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(150)
    found.drawn(found.plan(side="both"))
    return found


@pytest.fixture(autouse=True)
def now() -> Any:
    """Six in the morning after."""
    with time_machine.travel(READY, tick=False) as clock:
        yield clock


def url(evaluation: Evaluation, name: str = "evaluation", *more: str) -> str:
    """Return a page of an evaluation."""
    return reverse(f"qa:{name}", args=[evaluation.uuid, *more])


def step(browser: Client, evaluation: Evaluation, name: str, text: str = "") -> Any:
    """Take a step and come to where it leads."""
    return browser.post(url(evaluation, "evaluation_step", name), {"text": text}, follow=True)


def texts(page: Any) -> str:
    """Return a page's words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def shown(page: Any) -> list[str]:
    """Return the conversations of a list, in its order."""
    return [row.reference for row in page.context["table"].page.object_list.data]


def filled(answers: dict[str, str] | None = None, causes: dict[str, str] | None = None, **more: str) -> dict[str, str]:
    """Return a filled-in sheet as a browser sends it."""
    given = {f"answer-{name}": key for name, key in {**ALL_YES, **(answers or {})}.items()}
    return given | {f"cause-{name}": cause for name, cause in (causes or {}).items()} | more


def stored(house: House, evaluation: Evaluation, name: str = "client_qa") -> Evaluation:
    """Read it anew."""
    scope = house.scope(name)
    with activate(scope):
        return selectors.evaluation_get(scope=scope, uuid=evaluation.uuid)


def test_the_list_shows_what_waits_for_whom_in_the_order_of_doing_it(house: House, client_of: ClientOf) -> None:
    first = house.submitted("client_qa")
    disputed = house.released("client_qa", LOST, causes=CAUSE)
    own_view(house, disputed.reference)
    vendor = house.scope("andes_vendor_supervisor")
    with activate(vendor):
        services.evaluation_dispute(scope=vendor, uuid=disputed.uuid, lines={"tone": "Too strict"})
    evaluator, second = client_of("client_qa"), client_of("programme_manager")
    seen = second.get(LIST)
    assert shown(seen)[:2] == [disputed.reference, first.reference]
    assert "Disputes to decide 1" in texts(seen)
    # Nobody decides about what one evaluated oneself.
    assert disputed.reference not in shown(evaluator.get(LIST))
    page = evaluator.post(reverse("qa:evaluation_next"), follow=True)
    assert page.status_code == 200
    assert shown(evaluator.get(LIST))[0] == page.context["evaluation"].reference
    assert shown(client_of("auditor").get(LIST)) != []
    assert shown(client_of("boral_vendor_qa").get(f"{LIST}?state=all")) == []


def test_the_next_one_keeps_to_the_vendor_and_the_queue_of_the_list(house: House, client_of: ClientOf) -> None:
    evaluator = client_of("client_qa")
    scope = house.scope("client_qa")
    with activate(scope):
        row = selectors.queue_list(scope=scope).exclude(queue=None)[0]
    assert row.queue is not None
    asked = f"?vendor={row.vendor.uuid}&queue={row.queue.uuid}"
    page = evaluator.get(f"{LIST}{asked}")
    next_url = page.context["action"].url
    assert next_url == f"{reverse('qa:evaluation_next')}{asked}"
    taken = evaluator.post(next_url)
    assert taken["Location"].endswith(asked)
    page = evaluator.get(taken["Location"])
    assert page.context["evaluation"].queue_id == row.queue_id
    step = reverse("qa:evaluation_step", args=[page.context["evaluation"].uuid, "give_back"])
    assert f'action="{step}{asked.replace("&", "&amp;")}"' in page.content.decode()
    assert evaluator.post(f"{step}{asked}")["Location"] == f"{LIST}{asked}"
    nothing = evaluator.post(f"{reverse('qa:evaluation_next')}?queue={row.vendor.uuid}", follow=True)
    assert "Nothing waits" in texts(nothing)


def test_an_agent_is_told_what_was_released_about_itself(house: House, client_of: ClientOf) -> None:
    agent = house.scope("andes_agent")
    browser = client_of("andes_agent")
    assert shown(browser.get(LIST)) == []
    scope = house.scope("client_qa")
    with activate(scope):
        mine = next(row for row in selectors.queue_list(scope=scope) if row.agent_id == agent.agent_id)
        services.evaluation_take(scope=scope, uuid=mine.uuid)
        services.evaluation_submit(scope=scope, uuid=mine.uuid, sheet=Sheet({**ALL_YES, "tone": "p3"}))
        services.evaluation_release(scope=scope, uuid=mine.uuid)
    # No earlier than its leads, who have a view of their own to give first.
    assert shown(browser.get(LIST)) == []
    own_view(house, mine.reference)
    assert shown(browser.get(LIST)) == [mine.reference]
    page = texts(browser.get(url(mine)))
    assert "Tone and patience" in page
    assert "3/5" in page
    assert "client_qa" not in page
    done = step(browser, mine, "acknowledge", "I will slow down")
    assert "Acknowledged." in texts(done)
    assert stored(house, mine).acknowledged_by == "andes_agent"


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"state": "released"}, 1),
        ({"state": "submitted"}, 1),
        ({"state": "all", "side": "client", "score": "high"}, 1),
        ({"state": "all", "score": "failed"}, 1),
        ({"state": "all", "score": "low"}, 1),
        ({"state": "all", "origin": "chosen"}, 0),
        ({"state": "all", "day_after": "2026-06-11"}, 0),
        ({"state": "all", "is_risky": "true"}, 0),
        ({"state": "all", "form": "SERVICE", "q": "#1"}, 1),
    ],
)
def test_every_filter_narrows_the_list(house: House, client_of: ClientOf, asked: dict[str, str], count: int) -> None:
    house.released("client_qa")
    house.submitted("client_qa", {"promise": "no"}, causes={"promise": "Wanted to please"})
    assert len(shown(client_of("client_qa").get(LIST, asked))) == count


def test_the_list_is_exported_as_it_is_filtered(house: House, client_of: ClientOf) -> None:
    house.released("client_qa", LOST, causes=CAUSE)
    sheet = b"".join(client_of("client_qa").get(LIST, {"state": "released", "export": "csv"})).decode()
    assert "Score" in sheet.splitlines()[0]
    assert "0.8267" in sheet or "0.82" in sheet


def test_a_sheet_is_kept_as_it_is_filled_in_and_tells_what_it_is_worth(house: House, client_of: ClientOf) -> None:
    browser = client_of("client_qa")
    taken = browser.post(reverse("qa:evaluation_next"), follow=True).context["evaluation"]
    page = browser.get(url(taken))
    assert 'id="answer-greeting-yes"' in page.content.decode()
    save = url(taken, "evaluation_save")
    answer = browser.post(save, {"answer-greeting": "yes", "answer-consent": "no", "comment": "So far"})
    told = texts(answer)
    assert "50.0%" in told
    assert "2 of 9 answered" in told
    kept = stored(house, taken)
    assert (kept.answers, kept.comment, kept.state) == ({"greeting": "yes", "consent": "no"}, "So far", "draft")
    wrong = browser.post(save, {"answer-greeting": "maybe"})
    assert (wrong.status_code, "This is no answer of this question." in texts(wrong)) == (422, True)
    assert stored(house, taken).answers == kept.answers
    # A comment can be taken back.
    browser.post(save, {"answer-greeting": "yes"})
    assert stored(house, taken).comment == ""


def test_what_misses_something_comes_back_with_all_that_was_filled_in(house: House, client_of: ClientOf) -> None:
    browser = client_of("client_qa")
    taken = browser.post(reverse("qa:evaluation_next"), follow=True).context["evaluation"]
    page = browser.post(url(taken, "evaluation_submit"), {"answer-greeting": "yes", "comment": "Half"})
    assert page.status_code == 422
    assert page.content.decode().count("Answer this question.") == 16
    assert ">Half</textarea>" in page.content.decode()
    done = browser.post(url(taken, "evaluation_submit"), filled(), follow=True)
    assert f"#{taken.number} submitted: 100.00%" in texts(done)
    assert done.context["evaluation"].pk == taken.pk


def test_submitting_leads_to_the_next_one_until_nothing_waits(house: House, client_of: ClientOf) -> None:
    browser = client_of("client_qa")
    scope = house.scope("client_qa")
    with activate(scope):
        count = selectors.queue_list(scope=scope).count()
    page = browser.post(reverse("qa:evaluation_next"), follow=True)
    seen = set()
    for _turn in range(count):
        taken = page.context["evaluation"]
        seen.add(taken.pk)
        page = browser.post(url(taken, "evaluation_submit"), filled(next="1"), follow=True)
    assert len(seen) == count
    assert "Nothing waits to be evaluated any more." in texts(page)


def test_the_second_inspector_is_told_who_has_it_and_until_when(house: House, client_of: ClientOf) -> None:
    first, second = client_of("client_qa"), client_of("programme_manager")
    taken = first.post(reverse("qa:evaluation_next"), follow=True).context["evaluation"]
    page = texts(step(second, taken, "take"))
    assert "client_qa has this evaluation in hands." in page
    assert "client_qa has this in hands until 2026-06-11 06:31" in page
    lost = second.post(url(taken, "evaluation_save"), filled())
    assert (lost.status_code, "Not saved: client_qa has this evaluation in hands now." in texts(lost)) == (409, True)
    # Whoever loses it while filling in keeps what was typed on the page.
    late = second.post(url(taken, "evaluation_submit"), filled(comment="All my work"))
    assert late.status_code == 409
    assert ">All my work</textarea>" in late.content.decode()
    assert step(first, taken, "give_back").redirect_chain[-1][0] == LIST
    assert "It is in your hands now." in texts(step(second, taken, "take"))


def test_release_takes_back_leaves_out_and_tells_what_cannot_be_done(house: House, client_of: ClientOf) -> None:
    browser = client_of("client_qa")
    done, more = house.submitted("client_qa"), house.submitted("client_qa")
    assert "You have it in hands again." in texts(step(browser, done, "reopen"))
    assert stored(house, done).state == "draft"
    assert "Say why it cannot be evaluated." in texts(step(browser, done, "drop"))
    assert "Left out." in texts(step(browser, done, "drop", "No sound"))
    waiting = stored(house, done)
    page = browser.post(
        reverse("qa:evaluations_release"), {"selected": [str(more.uuid), str(waiting.uuid), "nonsense"]}, follow=True
    )
    told = texts(page)
    assert "Released: 1." in told
    assert "for only what your side submitted is released: 1." in told
    assert stored(house, more).state == "released"
    assert "Choose evaluations first." in texts(browser.post(reverse("qa:evaluations_release"), follow=True))


def test_a_vendor_disputes_lost_points_and_somebody_else_revises(house: House, client_of: ClientOf) -> None:
    done = house.released("client_qa", LOST, causes=CAUSE)
    own_view(house, done.reference)
    vendor, evaluator, reviewer = (
        client_of(name) for name in ("andes_vendor_supervisor", "client_qa", "programme_manager")
    )
    page = vendor.get(url(done, "evaluation_dispute"))
    assert page.content.decode().count("<textarea") == 2
    empty = vendor.post(url(done, "evaluation_dispute"), {})
    assert (empty.status_code, "Name the questions that you dispute." in texts(empty)) == (422, True)
    sent = vendor.post(url(done, "evaluation_dispute"), {"remark-record": "The ticket is #7"}, follow=True)
    assert "Nobody has decided yet." in texts(sent)
    assert "client_qa" not in texts(sent)
    assert evaluator.get(url(done, "evaluation_decide")).status_code == 403
    asked = reviewer.get(url(done, "evaluation_decide"))
    assert "The ticket is #7" in texts(asked)
    same = reviewer.post(url(done, "evaluation_decide"), {"verdict": "revise", "answer-record": "no", "decision": "Ok"})
    assert (same.status_code, "Change at least one answer, or decline." in texts(same)) == (422, True)
    told = reviewer.post(
        url(done, "evaluation_decide"),
        {"verdict": "revise", "answer-record": "yes", "decision": "It is there"},
        follow=True,
    )
    assert "Revised." in texts(told)
    after = texts(vendor.get(url(done)))
    assert "Was: No 0/10" in after
    assert "It is there" in after
    assert "programme_manager" not in after
    # The other side's view of the same call stands beside it, with the gap.
    assert "+4.0 pp" in after
    assert stored(house, done).state == "final"
    assert client_of("boral_vendor_manager").get(url(done)).status_code == 404


def test_a_declined_dispute_leaves_the_evaluation_as_it_was(house: House, client_of: ClientOf) -> None:
    done = house.released("client_qa", LOST, causes=CAUSE)
    own_view(house, done.reference)
    vendor, reviewer = client_of("andes_vendor_qa"), client_of("programme_manager")
    vendor.post(url(done, "evaluation_dispute"), {"remark-tone": "Too strict"})
    told = reviewer.post(
        url(done, "evaluation_decide"), {"verdict": "decline", "answer-tone": "p5", "decision": "It stays"}, follow=True
    )
    assert "Declined: it stays as it was." in texts(told)
    assert stored(house, done).earned == done.earned
    assert vendor.get(url(done, "evaluation_dispute")).status_code == 409


def test_coaching_is_given_shown_by_a_later_call_and_ended(house: House, client_of: ClientOf, now: Any) -> None:
    done = house.released("client_qa", LOST, causes=CAUSE)
    own_view(house, done.reference)
    lead = client_of("andes_vendor_supervisor")
    give = url(done, "coaching_give")
    assert lead.get(give).context["form"].initial["due_on"].isoformat() == "2026-06-25"
    asked = {"text": "Write the ticket while you talk", "due_on": "2026-06-20", "questions": ["record"]}
    page = lead.post(give, asked, follow=True)
    task = page.context["task"]
    assert "Reason, ticket and hand-over" in texts(page)
    assert "Tone and patience" not in texts(page)
    early = lead.get(reverse("qa:coaching_again", args=[task.uuid]))
    assert early.context["form"].fields["call"].choices == []
    agent = done.agent
    assert agent is not None
    house.calls(30, day=READY.date() + timedelta(days=1), mark="L")
    now.shift(timedelta(days=2))
    # Nobody stays signed in so long.
    lead = client_of("andes_vendor_supervisor")
    again = reverse("qa:coaching_again", args=[task.uuid])
    offered = [value for value, _label in lead.get(again).context["form"].fields["call"].choices]
    assert offered
    made = lead.post(again, {"call": offered[0], "form": "SERVICE"}, follow=True).context["evaluation"]
    assert (made.origin, made.reference, made.agent_id) == ("coaching", offered[0], agent.pk)
    ended = lead.post(
        reverse("qa:coaching_end", args=[task.uuid]), {"outcome": "Better", "expected_version": 1}, follow=True
    )
    assert "Better" in texts(ended)
    assert (
        texts(client_of("andes_vendor_supervisor").get("/qa/coaching/?state=done")).count("andes_vendor_supervisor")
        >= 1
    )
    assert client_of("boral_vendor_supervisor").get(reverse("qa:coaching", args=[task.uuid])).status_code == 404


def test_a_call_s_page_tells_of_its_evaluations_and_has_it_evaluated(house: House, client_of: ClientOf) -> None:
    contract = house.world.vendors["ANDES"].contract
    scope = house.scope("client_qa")
    with activate(scope):
        known = set(selectors.evaluation_list(scope=scope).values_list("reference", flat=True))
    free = next(f"C{n:05}" for n in range(150) if n % 10 and f"C{n:05}" not in known)
    browser = client_of("client_qa")
    panel = reverse("qa:call_panel")
    asked = {"contract": str(contract.uuid), "call": free}
    assert "Nobody evaluates this call" in texts(browser.get(panel, asked))
    made = browser.post(reverse("qa:call_choose"), asked | {"form": "SERVICE"}, follow=True).context["evaluation"]
    assert (made.reference, made.origin, made.state) == (free, "chosen", "draft")
    assert f"#{made.number}" in texts(browser.get(panel, asked))
    again = browser.post(reverse("qa:call_choose"), asked | {"form": "SERVICE"}, follow=True)
    assert "This conversation is evaluated by this form already." in texts(again)
    assert "Nobody evaluates this call" in texts(client_of("andes_vendor_qa").get(panel, asked))
    assert client_of("boral_vendor_qa").get(panel, asked).status_code == 404


def test_a_call_s_page_tells_when_somebody_looked_at_it_while_it_went_on(house: House, client_of: ClientOf) -> None:
    contract = house.world.vendors["ANDES"].contract
    lead = house.scope("andes_vendor_supervisor")
    with activate(lead):
        flag = services.Flag(LiveReason.SILENCE, external_id="C00004", is_from_switch=True)
        live = services.live_flag(scope=lead, vendor=contract.vendor, flag=flag)
    panel, asked = reverse("qa:call_panel"), {"contract": str(contract.uuid), "call": "C00004"}
    for name in ("client_qa", "andes_vendor_supervisor"):
        assert reverse("qa:live_detail", args=[live.uuid]) in client_of(name).get(panel, asked).content.decode()
    other = asked | {"call": "C00005"}
    assert "While it was going on" not in texts(client_of("client_qa").get(panel, other))
    # An agent reads of its own calls' flags only.
    assert "While it was going on" not in texts(client_of("andes_agent").get(panel, asked))


def test_the_list_asks_as_often_for_ten_as_for_twenty(house: House, client_of: ClientOf) -> None:
    browser = client_of("client_qa")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(LIST, {"state": "all"}).status_code == 200
        return len(queries)

    browser.get(LIST)
    few = count()
    after = DAY + timedelta(days=1)
    house.calls(150, mark="D", day=after)
    with activate(house.world.system):
        [plan] = selectors.plan_list(scope=house.world.system)
    house.drawn(plan, day=after)
    assert count() == few


def test_the_book_tells_a_vendor_of_the_client_s_view_from_its_release_on(house: House, client_of: ClientOf) -> None:
    done = house.submitted("client_qa", LOST, causes=CAUSE)
    browser = client_of("andes_vendor_manager")
    before = texts(browser.get("/audit/"))
    assert "submitted the evaluation" not in before
    assert "82.67" not in before
    scope = house.scope("client_qa")
    with activate(scope):
        services.evaluation_release(scope=scope, uuid=done.uuid)
    after = texts(browser.get("/audit/"))
    assert "released the evaluation" in after
    assert "82.67" not in after
    # What happened stands on its own page; the book has none of it to be asked for.
    history = reverse("audit:history", args=["evaluation", done.uuid])
    assert {client_of(name).get(history).status_code for name in ("client_qa", "andes_agent")} == {404}
