"""Columns for django-tables2: a cell shows the number in words and hands the bare value to an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import formats
from core.templatetags import ui

YES, NO = _("yes"), _("no")
NUMBER_CELL = {"th": {"class": "text-end"}, "td": {"class": "text-end text-nowrap"}}


class HouseTable(tables.Table):  # type: ignore[misc]
    """Base of every table of a list page.

    Attributes:
        zone: IANA name that the moments are shown in, unless their column has its own.
    """

    zone = ""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        # Not handed on: the library would sort by it, and count every row to cut a page that the list cuts again.
        self.request = request
        super().__init__(*args, **kwargs)

    def body(self) -> Iterator[tuple[str, Iterable[tuple[str, Any]]]]:
        """Return the rows of the page: a row's attributes, and its cells with theirs, which are the column's."""
        attributes = [column.attrs["td"].as_html() for column in self.columns]
        for row in self.paginated_rows:
            yield row.attrs.as_html(), zip(attributes, row, strict=True)


class _NumberColumn(tables.Column):  # type: ignore[misc]
    """Right-aligned, tabular figures; None is words, never 0."""

    number_format = ""
    show: Callable[[Any], SafeString]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", NUMBER_CELL)
        kwargs.setdefault("default", ui.missing)  # called for each cell, in the language of the page
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> SafeString:
        return type(self).show(value)

    def value(self, value: Any) -> Any:
        return value


class RatioColumn(_NumberColumn):
    """A ratio 0..1, shown as a percentage."""

    number_format = "0.0%"
    show = staticmethod(ui.ratio)


class SecondsColumn(_NumberColumn):
    """A length of time in seconds, shown as m:ss above 99 s."""

    show = staticmethod(ui.seconds)


class CountColumn(_NumberColumn):
    """A number of things."""

    show = staticmethod(ui.count)


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day, shown as 2026-06-15."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "text-nowrap"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return str(value.isoformat())

    def value(self, value: Any) -> Any:
        return value


class MomentColumn(tables.Column):  # type: ignore[misc]
    """A moment in the zone of the table (``table.zone``) or of the column; the head names the zone."""

    is_moment = True

    def __init__(self, *args: Any, zone: str = "", seconds: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "text-nowrap"}})
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.seconds = seconds

    def zone_in(self, table: Any) -> str:
        """Return the IANA name that the cells are shown in."""
        return self.zone or getattr(table, "zone", "") or "UTC"

    def render(self, value: Any, table: Any) -> SafeString:
        zone = self.zone_in(table)
        text = formats.moment_text(value, zone, seconds=self.seconds)
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)

    def value(self, value: Any) -> Any:
        return value


class TruthColumn(tables.Column):  # type: ignore[misc]
    """Yes or no, in words with an icon."""

    def __init__(self, *args: Any, yes: Any = YES, no: Any = NO, **kwargs: Any) -> None:
        super().__init__(*args, empty_values=(None,), **kwargs)
        self.words = {True: yes, False: no}
        self.is_plain = yes is YES

    def render(self, value: Any) -> SafeString:
        return ui.badge("good" if value else "neutral", self.words[bool(value)])

    def value(self, value: Any) -> Any:
        # Under a heading that is no question, true and false say nothing.
        return value if self.is_plain else str(self.words[bool(value)])


class BadgeColumn(tables.Column):  # type: ignore[misc]
    """A state as a badge; ``tones`` maps the stored value to good, warning, bad, info or neutral."""

    def __init__(self, *args: Any, tones: dict[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        stored = bound_column.accessor.resolve(record)
        return ui.badge(self.tones.get(stored, "neutral"), value)

    def value(self, value: Any) -> Any:
        return str(value)


class SelectColumn(tables.Column):  # type: ignore[misc]
    """The check boxes of a list with bulk actions; they post the rows' uuids."""

    def __init__(self) -> None:
        super().__init__(accessor="uuid", orderable=False, exclude_from_export=True, verbose_name="")

    @property
    def header(self) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" data-select-all aria-label="{}">', _("Select all")
        )

    def render(self, value: Any, record: Any) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" name="selected" value="{}" aria-label="{}">',
            value, record,
        )  # fmt: skip
