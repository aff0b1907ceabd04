"""What templates need to say a number, a moment or a state the same way everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import formats

register = template.Library()

# Colour is never alone: each tone has its icon, and every badge its word.
TONE_ICONS = {
    "good": "circle-check",
    "warning": "alert-triangle",
    "serious": "trending-down",
    "bad": "circle-x",
    "info": "info-circle",
    "neutral": "circle-dashed",
}
LEVELS = {
    "goal": ("good", gettext_lazy("goal met")),
    "amber": ("warning", gettext_lazy("close to goal")),
    "short": ("serious", gettext_lazy("goal missed")),
    "minimum": ("bad", gettext_lazy("minimum missed")),
    "none": ("neutral", gettext_lazy("no target")),
}


@register.simple_tag(takes_context=True)
def page_address(context: Any) -> str:
    """Return where a browser can come back to: the page itself, or the one before what was posted."""
    request = context.get("request")
    if request is None:
        return "/"
    if request.method in ("GET", "HEAD"):
        return str(request.get_full_path())
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_own = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    return came_from._replace(scheme="", netloc="", fragment="").geturl() if is_own else "/"


def missing(words: str = "") -> SafeString:
    """Return the words that stand where a value is missing."""
    return format_html('<span class="no-data">{}</span>', words or _("no data"))


@register.filter
def no_data(value: Any) -> Any:
    """Return the value, or words if there is none; 0 is a value."""
    return missing() if value is None or value == "" else value


@register.filter
def ratio(value: formats.Number | None, places: int = 1) -> SafeString:
    """Show a ratio 0..1 as a percentage."""
    return missing() if value is None else format_html("{}", formats.ratio_text(value, places))


@register.filter
def seconds(value: formats.Number | None) -> SafeString:
    """Show a length of time given in seconds."""
    return missing() if value is None else format_html("{}", formats.seconds_text(value))


@register.filter
def count(value: formats.Number | None) -> SafeString:
    """Show a number with thousands separators."""
    return missing() if value is None else format_html("{}", formats.count_text(value))


@register.filter
def in_unit(value: formats.Number | None, unit: str) -> SafeString:
    """Show a value in its unit: ratio, seconds or count."""
    return missing() if value is None else format_html("{}", formats.value_text(value, unit))


@register.filter
def difference(value: formats.Number | None, unit: str) -> SafeString:
    """Show a distance with its sign, ratios in percentage points."""
    return missing() if value is None else format_html("{}", formats.difference_text(value, unit))


@register.filter
def day(value: date | None, style: str = "") -> SafeString:
    """Show a day in words; ``day:"weekday"`` puts the day of the week before it."""
    if value is None:
        return missing()
    text = formats.day_text(value, weekday=style == "weekday")
    return format_html('<time datetime="{}" class="text-nowrap">{}</time>', value.isoformat()[:10], text)


@register.simple_tag(takes_context=True)
def moment(
    context: template.Context,
    value: datetime | None,
    zone: str = "UTC",
    *,
    show_zone: bool = True,
    relative: bool = False,
    with_seconds: bool = False,
) -> SafeString:
    """Show a moment in a zone, with the zone; or relative to now, with the moment on hover."""
    if value is None:
        return missing()
    scope = context.get("scope")
    absolute = formats.moment_text(value, zone, seconds=with_seconds)
    offset = formats.offset_text(value, zone)
    since = formats.relative_text(value, scope.at if scope else datetime.now(UTC))
    if relative:
        return format_html(
            '<time datetime="{}" title="{} {} ({})" class="text-nowrap">{}</time>',
            value.isoformat(), absolute, zone, offset, since,
        )  # fmt: skip
    tail = format_html(' <span class="text-secondary small">{}</span>', offset) if show_zone else ""
    return format_html(
        '<time datetime="{}" title="{} ({})" class="text-nowrap">{}{}</time>',
        value.isoformat(), since, zone, absolute, tail,
    )  # fmt: skip


@lru_cache
def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, extra: str = "") -> SafeString:
    """Draw an icon of the sprite (embedded/icons.txt); it is decoration, words must stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra, _sprite(), name,
    )  # fmt: skip


@register.simple_tag
def same_for_all(name: str) -> SafeString:
    """Include a part of the frame that has no context but the language; drawn once and kept."""
    return _kept(name, get_language() or "")


@lru_cache
def _kept(name: str, language: str) -> SafeString:
    return render_to_string(name)


@register.simple_tag
def badge(tone: str, word: Any, icon_name: str = "") -> SafeString:
    """Show a state as colour, icon and word."""
    picture = icon(icon_name or TONE_ICONS.get(tone, TONE_ICONS["neutral"]))
    return format_html('<span class="status-badge tone-{}">{}<span>{}</span></span>', tone, picture, word)


@register.simple_tag
def level(name: str | None, word: Any = "") -> SafeString:
    """Show where a value stands to its target: goal, amber, short, minimum or none."""
    tone, default = LEVELS.get(name or "none", LEVELS["none"])
    return badge(tone, word or default)


@register.filter
def level_tone(name: str | None) -> str:
    """Return the tone of a level, for a class name."""
    return LEVELS.get(name or "none", LEVELS["none"])[0]


@register.filter
def in_words(value: Any) -> str:
    """Return any stored value in words: yes, no, nothing, a list."""
    return formats.plain_text(value)


@register.simple_tag
def sparkline(
    values: Sequence[formats.Number | None], label: str = "", width: int = 120, height: int = 28
) -> SafeString:
    """Draw the run of a value as a small line; gaps where there is no data.

    Args:
        values: In order of time; None leaves a gap.
        label: What it shows, for people who do not see it.
    """
    exact = [None if value is None else float(value) for value in values]
    known = [value for value in exact if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, span = min(known), (max(known) - min(known)) or 1
    step = width / (len(exact) - 1)
    parts, pen_up = [], True
    for index, value in enumerate(exact):
        if value is None:
            pen_up = True
            continue
        y = height - 3 - (value - low) / span * (height - 6)
        # The line of no length shows a value between two gaps as a dot.
        parts.append(f"M{index * step:.1f} {y:.1f}h0" if pen_up else f"L{index * step:.1f} {y:.1f}")
        pen_up = False
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path d="{}" vector-effect="non-scaling-stroke"/></svg>',
        width, height, label or _("trend"), " ".join(parts),
    )  # fmt: skip


@register.inclusion_tag("components/chart.html")
def chart(identity: str, kind: str, title: str, *, data: Any = None, url: str = "", note: str = "") -> dict[str, Any]:
    """Draw a chart in its card, with the switch to a table of the same data.

    Args:
        identity: Unique on the page.
        kind: ``volume``, ``heat``, ``trend``, ``dots`` or ``pareto`` (docs/charts.md has the data of each).
        title: The question it answers, or the finding.
        data: What it shows; goes into the page as JSON.
        url: Where the data comes from, if not given here.
        note: One line under it.
    """
    return {
        "id": identity,
        "kind": kind,
        "title": title,
        "data": data,
        "data_id": f"{identity}-data",
        "url": url,
        "note": note,
    }
