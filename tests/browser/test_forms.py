"""A form is written by keyboard, looked at and published; the page of a draw draws again, and both sides agree."""

from __future__ import annotations

import re

from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_accessibility import severe


def focused(page: Page, field: str) -> None:
    """Wait until somebody stands in a field."""
    expect(page.locator(f"[id='{field}']")).to_be_focused()


def test_a_form_is_written_by_keyboard_looked_at_and_published(visit: Visit) -> None:
    writer = visit("client_qa")
    page = writer.go("/qa/forms/new/")
    page.get_by_label("an empty form").check()
    page.get_by_label("Code").fill("keys-2026")
    page.get_by_label("Name").fill("Lumora by keys")
    page.keyboard.press("Enter")
    expect(page.locator("#builder")).to_be_visible()
    assert not severe(page)

    first = "sections.0.questions.0.text"
    page.locator(f"[id='{first}']").fill("Greets at once")
    # Another question behind it; what was typed stays, and the hand stands in the new one.
    page.keyboard.press("Alt+Enter")
    focused(page, "sections.0.questions.1.text")
    page.keyboard.type("Says goodbye")
    expect(page.locator(f"[id='{first}']")).to_have_value("Greets at once")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(f"[id='{first}']")).to_have_value("Says goodbye")
    expect(page.locator("[data-move]:focus")).to_have_count(1)
    page.keyboard.press("Alt+Enter")
    focused(page, "sections.0.questions.1.text")
    # Left empty it is refused beside the very question, and nothing is lost.
    page.keyboard.press("Control+Enter")
    expect(page.locator(".builder-problems")).to_contain_text("Question 1.2")
    expect(page.locator(f"[id='{first}']")).to_have_value("Says goodbye")
    assert not severe(page)
    page.get_by_role("button", name=re.compile(r"^Remove \(1\.2\)")).click()
    expect(page.get_by_role("button", name="Bring it back")).to_be_visible()
    expect(page.locator(".builder-problems")).to_have_count(0)

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    expect(preview.locator("[data-sheet]")).to_contain_text("Says goodbye")
    assert not severe(preview)
    preview.close()

    page.get_by_role("button", name="Save and publish…").click()
    expect(page.get_by_role("heading", name="Publish Lumora by keys")).to_be_visible()
    assert not severe(page)
    page.get_by_label(re.compile("Andes")).check()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="Lumora by keys", exact=True).last.click()
    expect(page.locator("h1")).to_contain_text("Lumora by keys v1")
    expect(page.locator("h1")).to_contain_text("in use")


def test_what_is_typed_is_not_left_without_a_question(visit: Visit) -> None:
    writer = visit("client_qa")
    page = writer.go(writer.stage.props["form_draft"])
    page.locator("[id='sections.0.title']").fill("ANDES typed")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(f"{writer.stage.url}/qa/forms/")
    assert asked == ["beforeunload"]


def test_both_sides_draw_again_and_everything_agrees(visit: Visit) -> None:
    for name in ("client_qa", "andes_vendor_qa"):
        window = visit(name)
        page = window.go(window.stage.props["draw"])
        page.get_by_role("link", name="Draw again").click()
        expect(page.locator("#check")).to_contain_text("everything agrees")
        assert not severe(page)
    rival = visit("boral_vendor_qa")
    rival.go(rival.stage.props["draw"], status=404)
