"""How numbers and moments read in the language of the page; values stay exact, only their text is rounded."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal, format_percent, parse_pattern
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

Number = float | Decimal

CLOCK_FROM_SECONDS = 99
# Day before month and 24 hours, as the trade writes them everywhere; the words stay English.
LOCALES = {"en": "en_GB"}


@lru_cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, to_locale(language)))


def locale() -> Locale:
    """Return Babel's locale of the language in force."""
    return _locale_of(get_language() or "en")


def weekday_name(weekday: int, width: str = "abbreviated") -> str:
    """Return a weekday's name, 0 for Monday, ``abbreviated`` or ``wide``."""
    return str(locale().days["stand-alone"][width][weekday])


# Taking a pattern apart costs as much as filling it in.
_pattern = lru_cache(parse_pattern)


def ratio_text(value: Number | None, places: int = 1) -> str:
    """Return a ratio 0..1 as a percentage: 0.8134 is 81.3%."""
    if value is None:
        return _("no data")
    digits = "." + "0" * places if places else ""
    return str(format_percent(value, format=_pattern(f"#,##0{digits}%"), locale=locale()))


def points_text(value: Number) -> str:
    """Return a difference of two ratios in percentage points, with its sign: +1.3 pp."""
    text = format_decimal(float(value) * 100, format=_pattern("+#,##0.0;−#,##0.0"), locale=locale())
    return _("%(number)s pp") % {"number": text}


def seconds_text(value: Number | None, places: int = 1) -> str:
    """Return a length of time: 12.3 s, 1:45 above 99 s, 1:02:03 from an hour on; ``places`` at most for the first."""
    if value is None:
        return _("no data")
    if round(abs(float(value)), 1) <= CLOCK_FROM_SECONDS:
        pattern = _pattern("#,##0." + "#" * places)
        return _("%(number)s s") % {"number": format_decimal(value, format=pattern, locale=locale())}
    minutes, seconds = divmod(round(abs(float(value))), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "−" if value < 0 else ""
    return f"{sign}{hours}:{minutes:02}:{seconds:02}" if hours else f"{sign}{minutes}:{seconds:02}"


def count_text(value: Number | None) -> str:
    """Return a number with the language's thousands separator, whole or with up to two places."""
    if value is None:
        return _("no data")
    return str(format_decimal(value, format=_pattern("#,##0.##"), locale=locale()))


UNITS = {"ratio": ratio_text, "seconds": seconds_text, "count": count_text}


def value_text(value: Number | None, unit: str) -> str:
    """Return a value in its unit: ``ratio``, ``seconds`` or ``count``."""
    return UNITS[unit](value)


def difference_text(value: Number, unit: str) -> str:
    """Return a distance with its sign, in the unit of what it was taken from."""
    if unit == "ratio":
        return points_text(value)
    return ("−" if value < 0 else "+") + value_text(abs(float(value)), unit)


def day_text(value: date | None, *, weekday: bool = False) -> str:
    """Return a day in words: 15 Jun 2026, 2026年6月15日."""
    if value is None:
        return _("no data")
    # Moments of two zones can be equal and yet lie on different days.
    return _day_text(value.date() if isinstance(value, datetime) else value, weekday, locale())


@lru_cache(maxsize=1000)
def _day_text(value: date, weekday: bool, locale: Locale) -> str:
    text = str(format_date(value, format="medium", locale=locale))
    return f"{format_date(value, format='EEE', locale=locale)} {text}" if weekday else text


def moment_text(value: datetime | None, zone: str, *, seconds: bool = False) -> str:
    """Return a moment as the clocks of ``zone`` show it: 2026-06-15 20:00."""
    if value is None:
        return _("no data")
    return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def offset_text(value: datetime, zone: str) -> str:
    """Return the zone's distance from UTC at that moment: UTC+08:00."""
    text = value.astimezone(ZoneInfo(zone)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:]}" if text.strip("+-0") else "UTC"


def relative_text(value: datetime, now: datetime) -> str:
    """Return how far a moment is from now: 3 hours ago, in 2 days."""
    return str(format_timedelta(value - now, add_direction=True, locale=locale()))


def plain_text(value: Any) -> str:
    """Return a value of the audit book or of a filter in words."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float | Decimal):
        return count_text(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain_text(item) for item in value) or _("nothing")
    return str(value)
