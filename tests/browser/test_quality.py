"""Quality as supervisors, vendors and reviewers see it: by keyboard, disputed, revised; the rival sees nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from calls.calc.canonical import Outcome
from calls.models import Call
from core.scope import activate
from qa import selectors, services
from qa.models import Evaluation
from tests.browser.conftest import Visit
from tests.browser.stage import Stage
from tests.browser.test_accessibility import severe

# Counts what a person presses, over all pages of one window.
KEYS = (
    "addEventListener('keydown', (e) => e.isTrusted && (sessionStorage.keys = +(sessionStorage.keys ?? 0) + 1), true);"
)
CODE = "SERVICE"
# An hour for sixty: a minute each. What the house may take of it; the rest is for listening.
SECONDS_MOST, KEYS_MOST = 12, 14

Wanted = Callable[..., list[Evaluation]]


@pytest.fixture
def wanted(stage: Stage, django_db_blocker: Any) -> Wanted:
    """Return a function that has some calls of a vendor evaluated by a side that nobody evaluated yet."""

    def want(name: str, count: int) -> list[Evaluation]:
        with django_db_blocker.unblock():
            now, small = datetime.now(UTC), stage.world.vendors["ANDES"]
            client = stage.world.scope("client_qa", at=now)
            with activate(client):
                if selectors.form_live(scope=client, vendor_id=small.vendor.pk, code=CODE) is None:
                    draft = services.draft_from_preset(
                        scope=client, preset="three_dimensions", code=CODE, name="Service"
                    )
                    services.form_publish(
                        scope=client, uuid=draft.uuid, expected_version=1, vendors=[small.vendor]
                    )  # fmt: skip
            scope = stage.world.scope(name, at=now)
            with activate(scope):
                form = selectors.form_live(scope=scope, vendor_id=small.vendor.pk, code=CODE)
                assert form is not None
                used = Evaluation.objects.visible_to(scope).values("reference")
                calls = Call.objects.visible_to(scope).filter(
                    vendor_id=small.vendor.pk, outcome=Outcome.ANSWERED, agent__isnull=False
                )
                free = calls.exclude(external_id__in=used).order_by("-offered_at", "pk")[:count]
                return [services.evaluation_choose(scope=scope, call=call, form=form) for call in free]

    return want


def address(evaluation: Evaluation) -> str:
    """Return the page of an evaluation."""
    return f"/qa/evaluations/{evaluation.uuid}/"


def pressed(page: Page) -> int:
    """Return how many keys were pressed since the last count."""
    keys: int = page.evaluate("() => { const n = sessionStorage.keys ?? 0; sessionStorage.keys = 0; return +n }")
    return keys


def press(page: Page, *keys: str) -> None:
    """Press some keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def filled_in(page: Page) -> None:
    """Wait until the sheet listens to keys."""
    expect(page.locator("[data-question]:focus")).to_have_count(1)


def test_a_supervisor_scores_by_keyboard_alone_and_fast_enough_for_sixty_an_hour(
    visit: Visit, wanted: Wanted, record_property: Any
) -> None:
    many = wanted("andes_vendor_supervisor", 4)
    visitor = visit("andes_vendor_supervisor")
    visitor.page.add_init_script(KEYS)
    page = visitor.go("/qa/")
    expect(page.locator("#list")).to_contain_text(many[0].reference)
    page.get_by_role("button", name="Evaluate the next one").focus()
    press(page, "Enter")
    filled_in(page)
    assert not severe(page)
    # The first with all that a sheet may ask: a failure with its cause, a remark, what does not apply.
    press(page, "1", "2", "c", "j", "1", "n", "1")
    expect(page.locator("#question-record")).to_be_focused()
    press(page, "2", "c", "r")
    page.keyboard.type("Ticket missing")
    press(page, "Escape", "j", "2", "1", "1")
    expect(page.get_by_role("button", name="Submit and next")).to_be_focused()
    expect(page.locator("#score")).to_contain_text("9 of 9 answered")
    expect(page.locator("#score")).to_contain_text("Saved")
    expect(page.locator("#score .score-number")).to_contain_text("%")
    press(page, "Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("submitted:")
    filled_in(page)
    pressed(page)
    visitor.count_steps()
    began = time.monotonic()
    for turn in range(2):
        title = page.locator("h1").inner_text()
        press(page, *"111111111", "Control+Enter")
        expect(page.locator("h1")).not_to_have_text(title)
        if turn == 0:
            filled_in(page)
    seconds = (time.monotonic() - began) / 2
    keys, clicks = pressed(page) / 2, visitor.count_steps()
    for name, value in (("keys", keys), ("clicks", clicks), ("seconds", round(seconds, 2))):
        record_property(name, value)
    print(f"an evaluation of nine questions: {keys:g} keys, {clicks} clicks, {seconds:.2f} s of the house")  # noqa: T201
    assert clicks == 0
    assert keys <= KEYS_MOST
    assert seconds <= SECONDS_MOST


def test_what_is_filled_in_is_still_there_after_the_window_was_closed(visit: Visit, wanted: Wanted) -> None:
    [one] = wanted("client_qa", 1)
    visitor = visit("client_qa")
    page = visitor.go(address(one))
    page.get_by_role("button", name="Take it").click()
    filled_in(page)
    press(page, "1", "2", "r")
    page.keyboard.type("Kept")
    expect(page.locator("#score")).to_contain_text("Saved")
    expect(page.locator("#score")).to_contain_text("2 of 9 answered")
    page.get_by_label("Comment on the whole").click()
    page.keyboard.type("So far")
    expect(page.locator("#score")).to_contain_text("Saved")
    page = visitor.go(address(one))
    expect(page.locator("#answer-consent-no")).to_be_checked()
    expect(page.get_by_label("Comment on the whole")).to_have_value("So far")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_contain_text("Submit, and take the next one")
    assert not severe(page)


def test_two_inspectors_claim_one_call_and_one_of_them_is_told(visit: Visit, wanted: Wanted) -> None:
    [one] = wanted("client_qa", 1)
    first, second = visit("client_qa"), visit("programme_manager")
    theirs, mine = first.go(address(one)), second.go(address(one))
    mine.get_by_role("button", name="Take it").click()
    filled_in(mine)
    theirs.get_by_role("button", name="Take it").click()
    expect(theirs.locator("#toasts")).to_contain_text("programme_manager has this evaluation in hands.")
    expect(theirs.locator(".panel-now")).to_contain_text("programme_manager has this in hands until")
    expect(theirs.locator("#fill-in")).to_have_count(0)
    expect(mine.locator("#fill-in")).to_have_count(1)


def test_a_vendor_disputes_a_reviewer_revises_and_the_rival_sees_nothing(visit: Visit, wanted: Wanted) -> None:
    [one] = wanted("client_qa", 1)
    page = visit("client_qa").go(address(one))
    page.get_by_role("button", name="Take it").click()
    filled_in(page)
    press(page, *"11111", "2", "c", "j", "3", "1", "1")
    expect(page.locator("#score")).to_contain_text("9 of 9 answered")
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("button", name="Release").click()
    expect(page.locator("h1")).to_contain_text("released")

    vendor = visit("andes_vendor_supervisor")
    page = vendor.go(address(one))
    expect(page.locator(".evaluating")).not_to_contain_text("client_qa")
    page.get_by_role("link", name="Dispute").click()
    page.get_by_label("Reason, ticket and hand-over").fill("It is in ticket 7")
    assert not severe(page)
    page.get_by_role("button", name="Dispute").click()
    expect(page.locator("h1")).to_contain_text("disputed")

    reviewer = visit("programme_manager").go(address(one))
    reviewer.get_by_role("link", name="Decide").click()
    reviewer.get_by_label("Yes 10").check(force=True)
    reviewer.get_by_label("Why").fill("The ticket is there")
    assert not severe(reviewer)
    reviewer.get_by_role("button", name="Revise with these answers").click()
    expect(reviewer.locator("h1")).to_contain_text("final")
    page = vendor.go(address(one))
    expect(page.locator(".told-table")).to_contain_text("Was:")
    expect(page.locator(".evaluating")).to_contain_text("The ticket is there")

    for name in ("boral_vendor_supervisor", "boral_vendor_manager", "boral_agent"):
        rival = visit(name)
        assert one.reference not in rival.go("/qa/?state=all").content()
        for more in ("", "dispute/" if name != "boral_agent" else ""):
            rival.go(address(one) + more, status=404)
