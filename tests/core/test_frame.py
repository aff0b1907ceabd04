"""Every page stands in one frame that works without inline code, and every refusal is a page or a part of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

TEMPLATES = Path(settings.BASE_DIR) / "templates"
Clients = Callable[[str], Client]
HTMX = {"HX-Request": "true"}
# What the content security policy blocks, and what htmx would have to evaluate.
INLINE = re.compile(
    r"""<style\b|<script(?![^>]*\bsrc=)|\sstyle=["']|\son[a-z]+=["']|\shx-on|javascript:|hx-vals=["']js:|hx-trigger="[^"]*\["""
)


def test_no_template_carries_inline_code_or_style() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): match[0]
        for path in TEMPLATES.rglob("*.html")
        if (match := INLINE.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_no_template_includes_what_is_not_there() -> None:
    named = {
        (path.name, name)
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"{% include \"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert [pair for pair in sorted(named) if not (TEMPLATES / pair[1]).exists()] == []


@pytest.mark.urls("tests.core.pages")
class TestAnswers:
    """The frame around pages that only these tests have."""

    def test_page_has_its_landmarks_and_the_guards_of_htmx(self, client_of: Clients) -> None:
        response = client_of("programme_manager").get("/agents/")
        page = response.content.decode()
        assert 'href="#content"' in page
        assert '<main id="content"' in page
        assert 'hx-headers=\'{"X-CSRFToken":' in page
        for guard in ('"allowEval":false', '"includeIndicatorStyles":false', '"selfRequestsOnly":true'):
            assert guard in page
        assert "unsafe" not in response["Content-Security-Policy"]
        assert "Lumora Test" in page
        assert "Times in Asia/Shanghai" in page

    def test_theme_and_menu_come_from_cookies_before_any_script(self, client_of: Clients) -> None:
        client = client_of("programme_manager")
        assert "data-bs-theme" not in client.get("/agents/").content.decode().split("<head>")[0]
        client.cookies["theme"], client.cookies["rail"] = "dark", "narrow"
        opening = client.get("/agents/").content.decode().split("<head>")[0]
        assert 'data-bs-theme="dark"' in opening
        assert 'data-rail="narrow"' in opening
        client.cookies["theme"] = '"><script>'
        assert "script" not in client.get("/agents/").content.decode().split("<head>")[0]

    def test_not_found_is_a_page_or_a_part(self, client_of: Clients) -> None:
        client = client_of("programme_manager")
        page = client.get("/nothing/")
        assert page.status_code == 404
        assert "<html" in page.content.decode()
        part = client.get("/nothing/", headers=HTMX)
        assert part.status_code == 404
        assert part.content.decode().strip().startswith("<div data-refusal=")

    def test_refusal_is_a_page_or_a_part(self, client_of: Clients) -> None:
        client = client_of("andes_agent")
        page = client.get("/agents/")
        assert page.status_code == 403
        assert "Your role does not allow this" in page.content.decode()
        part = client.get("/agents/", headers=HTMX).content.decode()
        assert "<html" not in part
        assert "data-refusal=" in part

    def test_sign_in_page_shows_nothing_of_the_house(self, db: None) -> None:
        page = Client().get("/accounts/login/").content.decode()
        assert "<aside" not in page
        assert 'id="palette"' not in page

    def test_a_form_that_waited_too_long_says_so(self, client_of: Clients) -> None:
        client = Client(enforce_csrf_checks=True)
        response = client.post("/accounts/login/", {"login": "x"})
        assert response.status_code == 403
        assert "This page was open too long" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_error_pages_need_no_context(name: str) -> None:
    assert "Nothing was changed" in render_to_string(name)
    with override("zh-hans"):
        assert 'lang="zh-hans"' in render_to_string(name)
