"""A stage with the product on it, and visitors who look at it through Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from tests.browser.stage import PASSWORD, Stage
from tests.conftest import empty_database
from tests.world import world_make

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WAIT_MS = 15_000
# Counts what a person clicks, over all pages of one window.
STEPS = "addEventListener('click', (e) => e.isTrusted && (sessionStorage.steps = steps() + 1), true);"
STEPS += "const steps = () => Number(sessionStorage.steps ?? 0);"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, from CHROMIUM or the path; a machine without one skips, a CI without one fails."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: install it, or name it in CHROMIUM.")
        pytest.skip("Chromium is not on this machine: install it, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        # The sync interface keeps an event loop in this thread, which Django would take for async code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        yield playwright.chromium.launch(executable_path=program, args=FLAGS)
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def stage(
    browser: Browser, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The product running on a committed world with ten days of calls; the tests of this folder share it."""
    with django_db_blocker.unblock():
        stage = Stage(world=world_make(), folder=tmp_path_factory.mktemp("uploads"))
        try:
            stage.open()
            yield stage
        finally:
            stage.close()
            empty_database()


@dataclass
class Visitor:
    """One person's browser window, and everything that went wrong in it."""

    page: Page
    stage: Stage
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(WAIT_MS)
        self.page.add_init_script(STEPS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("response", self._answered)

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open an address of the product, which must answer so."""
        answer = self.page.goto(self.stage.url + path)
        assert answer is None or answer.status == status, f"{answer.status}: {path}"
        return self.page

    def log_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in through the form."""
        page = self.go("/accounts/login/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()

    def count_steps(self) -> int:
        """Return how many clicks it took since the last count."""
        steps: int = self.page.evaluate(
            "() => { const n = sessionStorage.steps ?? 0; sessionStorage.steps = 0; return +n }"
        )
        return steps

    def _heard(self, message: ConsoleMessage) -> None:
        # What failed to load is judged by its answer.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.faults.append(f"{response.status}: {response.url}")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, stage: Stage, django_db_blocker: Any) -> Iterator[Visit]:
    """Return a function that opens a window, signed in as somebody if named; errors in any of them fail the test."""
    visitors: list[Visitor] = []

    def open_window(username: str = "", **options: Any) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | options)
        if username:
            with django_db_blocker.unblock():
                context.add_cookies([stage.session_of(username)])  # type: ignore[list-item]
        visitors.append(Visitor(context.new_page(), stage))
        return visitors[-1]

    yield open_window
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.page.context.close()
    assert not faults, "\n".join(faults)
