"""The period in view: whole days chosen by people, kept in the address as every interface names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from core.errors import BadParameter
from core.formats import day_text, locale
from core.periods import Period, month_of

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
DAYS_MAX = 400


@dataclass(frozen=True, slots=True)
class Preset:
    """One choice of the picker."""

    label: str
    first: date
    last: date
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The days in view.

    Attributes:
        first: First day.
        last: Last day, included.
    """

    first: date
    last: date

    @property
    def after(self) -> date:
        """The day after the last, as questions to the KPIs want it."""
        return self.last + timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.after - self.first).days

    @property
    def text(self) -> str:
        """The period in words: a month by its name."""
        month = month_of(self.first, "UTC")
        if (self.first, self.last) == (month.first, month.last):
            return month_text(self.first)
        if self.first == self.last:
            return day_text(self.first, weekday=True)
        return f"{day_text(self.first)} – {day_text(self.last)}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The period as parameters of an address."""
        return [("from", self.first.isoformat()), ("to", self.after.isoformat())]


def month_text(day: date) -> str:
    """Return the month of a day in words: June 2026, 2026年6月."""
    return str(format_skeleton("yMMMM", day, locale=locale()))


def month_read(text: str, default: date) -> Period:
    """Return the month that an address names.

    Raises:
        BadParameter: It is no month.
    """
    if not text:
        return month_of(default, "UTC")
    found = _MONTH.fullmatch(text)
    if found is None:
        raise BadParameter("month", _("month must be written as 2026-06."))
    return month_of(date(int(found[1]), int(found[2]), 1), "UTC")


def period_read(parameters: Mapping[str, Any], default: PeriodChoice) -> PeriodChoice:
    """Return the period that an address names with ``from`` and ``to``, the first day that is not part of it.

    Raises:
        BadParameter: It is none, or it is too long.
    """
    if not parameters.get("from") and not parameters.get("to"):
        return default
    first, after = (_day(name, parameters.get(name) or "") for name in ("from", "to"))
    if after <= first:
        raise BadParameter("to", _("to must lie after from; it is not part of the period itself."))
    if (after - first).days > DAYS_MAX:
        raise BadParameter("to", _("At most %(limit)s days.") % {"limit": DAYS_MAX})
    return PeriodChoice(first, after - timedelta(days=1))


def _day(name: str, text: str) -> date:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year < 2100:
        raise BadParameter(name, _("%(name)s must be a date such as 2026-06-01.") % {"name": name})
    return found


def default_period(newest: date | None, today: date) -> PeriodChoice:
    """Return the month of the newest day with calls, so that the page is not empty for lack of a fresh file."""
    month = month_of(min(newest or today, today), "UTC")
    return PeriodChoice(month.first, min(month.last, max(today, month.first)))


def presets(choice: PeriodChoice, newest: date, url_of: Callable[[PeriodChoice], str]) -> Sequence[Preset]:
    """Return the usual periods, counted back from the newest day with calls."""
    month = month_of(newest, "UTC")
    former = month_of(month.first - timedelta(days=1), "UTC")
    found = [
        (day_text(newest, weekday=True), PeriodChoice(newest, newest)),
        (_("7 days"), PeriodChoice(newest - timedelta(days=6), newest)),
        (_("28 days"), PeriodChoice(newest - timedelta(days=27), newest)),
        (month_text(month.first), PeriodChoice(month.first, month.last)),
        (month_text(former.first), PeriodChoice(former.first, former.last)),
    ]
    return [Preset(label, p.first, p.last, url_of(p), p == choice) for label, p in found]
