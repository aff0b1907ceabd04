"""Numbers, moments and states read the same everywhere, in the language of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

from config.navigation import rail_pages
from core import formats
from core.components import Action, Change, Event, Next, Progress, Tile
from core.scope import Scope

AT = datetime(2026, 6, 15, 12, 0, 5, tzinfo=UTC)
SCOPE = Scope(1, "client", (1,), "programme_manager", frozenset({"kpis.view", "vendors.view"}), AT)


def drawn(text: str, **context: Any) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (formats.ratio_text(0.8134), "81.3%"),
        (formats.ratio_text(Decimal("1")), "100.0%"),
        (formats.ratio_text(0), "0.0%"),
        (formats.ratio_text(None), "no data"),
        (formats.points_text(0.0134), "+1.3 pp"),
        (formats.points_text(Decimal("-0.09")), "−9.0 pp"),
        (formats.seconds_text(0), "0 s"),
        (formats.seconds_text(17.25), "17.2 s"),
        (formats.seconds_text(99), "99 s"),
        (formats.seconds_text(99.96), "1:40"),
        (formats.seconds_text(100), "1:40"),
        (formats.seconds_text(3723), "1:02:03"),
        (formats.seconds_text(-312), "−5:12"),
        (formats.count_text(1234567), "1,234,567"),
        (formats.count_text(0), "0"),
        (formats.difference_text(-2.5, "seconds"), "−2.5 s"),
        (formats.day_text(date(2026, 6, 15)), "15 Jun 2026"),
        (formats.day_text(date(2026, 6, 15), weekday=True), "Mon 15 Jun 2026"),
        (formats.moment_text(AT, "Asia/Shanghai"), "2026-06-15 20:00"),
        (formats.moment_text(AT, "America/St_Johns", seconds=True), "2026-06-15 09:30:05"),
        (formats.offset_text(AT, "Asia/Shanghai"), "UTC+08:00"),
        (formats.offset_text(AT, "America/St_Johns"), "UTC-02:30"),
        (formats.offset_text(AT, "UTC"), "UTC"),
        (formats.relative_text(AT - timedelta(hours=3), AT), "3 hours ago"),
        (formats.plain_text([True, None, 1234]), "yes, nothing, 1,234"),
    ],
)
def test_english(text: str, shown: str) -> None:
    assert text == shown


def test_chinese() -> None:
    with override("zh-hans"):
        assert formats.ratio_text(0.8134) == "81.3%"
        assert formats.day_text(date(2026, 6, 15)) == "2026年6月15日"
        assert formats.relative_text(AT - timedelta(hours=3), AT) == "3小时前"


def test_nothing_is_words_and_zero_is_a_value() -> None:
    missing = '<span class="no-data">no data</span>'
    assert drawn("{{ x|ratio }}{{ x|seconds }}{{ x|count }}{{ x|day }}{% moment x %}", x=None) == missing * 5
    assert drawn("{{ x|no_data }}", x=0) == "0"


def test_a_moment_names_its_zone_and_tells_how_long_ago() -> None:
    html = drawn("{% moment x 'Asia/Shanghai' %}", x=AT, scope=replace(SCOPE, at=AT + timedelta(hours=3)))
    assert "2026-06-15 20:00" in html
    assert "UTC+08:00" in html
    assert 'title="3 hours ago (Asia/Shanghai)"' in html
    html = drawn("{% moment x 'Asia/Shanghai' relative=True %}", x=AT, scope=replace(SCOPE, at=AT + timedelta(hours=3)))
    assert ">3 hours ago<" in html
    assert 'title="2026-06-15 20:00 Asia/Shanghai (UTC+08:00)"' in html


def test_a_state_is_colour_icon_and_word_and_escaped() -> None:
    html = drawn("{% level 'minimum' %}{% badge 'good' word %}", word="<b>")
    assert "tone-bad" in html
    assert "#circle-x" in html
    assert "minimum missed" in html
    assert "&lt;b&gt;" in html


def test_sparkline_leaves_gaps() -> None:
    html = drawn("{% sparkline values 'Trend' %}", values=[0.8, None, Decimal("0.9"), 0.7])
    assert html.count("M") == 2
    assert 'aria-label="Trend"' in html
    assert drawn("{% sparkline values %}", values=[None, 1]) == ""


def test_a_tile_without_data_says_so_and_judges_nothing() -> None:
    html = drawn('{% include "components/kpi_tile.html" %}', tile=Tile("CSAT", None, target=0.9, number=0))
    assert "no data" in html
    assert "no target" not in html
    assert "n = 0" in html


def test_a_small_or_provisional_tile_is_marked() -> None:
    tile = Tile("FCR", 0.7, level="short", number=12, is_small=True, is_provisional=True, distance=-0.1, target=0.8)
    html = drawn('{% include "components/kpi_tile.html" %}', tile=tile)
    assert all(words in html for words in ("few cases", "provisional", "goal missed", "70.0%", "−10.0 pp"))


def test_history_tells_what_was_and_became() -> None:
    events = [
        Event(AT, "Lin <Yue>", "changed the site", [Change("Name", "Old", "<New>"), Change("Active", None, False)])
    ]
    html = drawn('{% include "components/history.html" %}', events=events, zone="UTC")
    assert "Lin &lt;Yue&gt;" in html
    assert "<del>Old</del>" in html
    assert "<ins>&lt;New&gt;</ins>" in html
    assert "<ins>no</ins>" in html


def test_progress_asks_again_only_while_it_runs() -> None:
    html = drawn(
        '{% include "components/progress.html" %}', progress=Progress(999, 1000, "Checking"), progress_url="/p/"
    )
    assert 'hx-get="/p/"' in html
    assert "(99%)" in html
    done = Progress(1000, 1000, "Done", is_running=False)
    assert "hx-get" not in drawn('{% include "components/progress.html" %}', progress=done, progress_url="/p/")
    assert Progress(5, None, "Counting").percent is None


def test_what_now_names_step_person_date_and_button() -> None:
    step = Next("Waiting for signature", "Programme manager", AT, "Submitted.", [Action("Sign", "/sign/")])
    html = drawn('{% include "components/now.html" %}', next=step)
    assert all(words in html for words in ("Waiting for signature", "Programme manager", "2026-06-15", "/sign/"))


def test_what_changes_something_is_a_form() -> None:
    action = Action("Retire", "/x/", post=True, confirm='Retire "A"?')
    html = drawn('{% include "components/action.html" %}', action=action)
    assert 'method="post"' in html
    assert 'data-confirm="Retire &quot;A&quot;?"' in html


def test_the_rail_has_only_what_the_role_may_open_and_marks_where_it_is() -> None:
    pages = rail_pages(SCOPE, "/vendors/")
    urls = re.findall(r'href="([^"]+)"', pages)
    assert "/" in urls
    assert not any(url.startswith(("/calls/", "/audit/", "/accounts/")) for url in urls)
    assert rail_pages(None, "/") == ""
    assert re.findall(r'href="([^"]+)"[^>]*aria-current', pages) == ["/vendors/"]
    assert re.findall(r'href="([^"]+)"[^>]*aria-current', rail_pages(SCOPE, "/")) == ["/"]
    with override("zh-hans"):
        assert "供应商" in rail_pages(SCOPE, "/vendors/")
    assert "供应商" not in rail_pages(SCOPE, "/vendors/")
