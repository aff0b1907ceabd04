"""What a list's filter bar says about itself: each filter that is on becomes a chip that one click clears."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.forms import BoundField, ChoiceField, ModelChoiceField
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, DateFromToRangeFilter, TypedChoiceFilter
from django_filters.widgets import DateRangeWidget, SuffixedMultiWidget

from core import formats


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on.

    Attributes:
        name: The filter's name.
        label: Its label.
        text: Its value in words.
        off_url: The same page without it.
    """

    name: str
    label: str
    text: str
    off_url: str


class SearchFilter(CharFilter):  # type: ignore[misc]
    """One box that looks into a closed list of text fields; every word must be found somewhere.

    Args:
        fields: Names of the columns, as the ORM calls them.
    """

    WORDS_MAX = 5

    def __init__(self, *args: Any, fields: Sequence[str], **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Search"))
        kwargs.setdefault("max_length", 100)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))
        super().__init__(*args, **kwargs)
        self.fields = tuple(fields)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in (value or "").split()[: self.WORDS_MAX]:
            found = Q()
            for name in self.fields:
                found |= Q((f"{name}__icontains", word))
            qs = qs.filter(found)
        return qs


class TruthFilter(TypedChoiceFilter):  # type: ignore[misc]
    """Yes, no or all, in the words of the matter: ``TruthFilter(yes=_("active"), no=_("inactive"))``."""

    def __init__(self, *args: Any, yes: Any, no: Any, **kwargs: Any) -> None:
        kwargs["choices"] = [("", _("all")), ("true", yes), ("false", no)]
        kwargs["coerce"] = lambda value: value == "true"
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: bool | str | None) -> QuerySet[Any]:
        return qs if value in (None, "") else qs.filter(**{self.field_name: value})


class DaySpanFilter(DateFromToRangeFilter):  # type: ignore[misc]
    """From a day to a day, both included; for date fields. In the address: ``name_after``, ``name_before``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateRangeWidget(attrs={"type": "date"}))
        super().__init__(*args, **kwargs)


def style(form: Any) -> None:
    """Give the fields of a filter bar the classes of the house and their labels to assistive technology."""
    for bound in form:
        widget = bound.field.widget
        kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
        if getattr(widget, "input_type", "") == "search":
            kind += " filter-search"  # the list follows while somebody types
        parts = widget.widgets if isinstance(widget, forms.MultiWidget) else [widget]
        for part in parts:
            if not isinstance(part, forms.CheckboxInput):
                part.attrs["class"] = f"{part.attrs.get('class', '')} {kind}".strip()
            if len(parts) > 1:
                part.attrs["aria-label"] = bound.label


def parameters_of(field: BoundField) -> list[str]:
    """Return the names that a form field has in the address."""
    widget = field.field.widget
    if isinstance(widget, SuffixedMultiWidget):
        return [str(widget.suffixed(field.html_name, suffix)) for suffix in widget.suffixes]
    return [field.html_name]


def names_unknown(query: QueryDict, known: Container[str]) -> list[str]:
    """Return the parameters of an address that a page does not know, for it to say that it left them aside."""
    return [name for name in query if name not in known]


def address_without(query: QueryDict, *names: str) -> str:
    """Return the query string without some parameters, and on the first page again."""
    rest = query.copy()
    for name in (*names, "page", "export"):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"


def chips_of(form: Any, query: QueryDict) -> list[Chip]:
    """Return a chip for every filter of a bound, valid form that narrows the list."""
    chips = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if value is None or value in ("", []) or (hasattr(value, "exists") and not value.exists()):
            continue
        chips.append(
            Chip(
                name=field.name,
                label=str(field.label),
                text=_words(field, value),
                off_url=address_without(query, *parameters_of(field)),
            )
        )
    return chips


def _words(field: BoundField, value: Any) -> str:
    if isinstance(value, slice):  # a range; either end may be open
        ends = ["…" if end is None else _words(field, end) for end in (value.start, value.stop)]
        return " – ".join(ends)
    if isinstance(field.field, ModelChoiceField):
        rows = value if hasattr(value, "__iter__") else [value]
        return ", ".join(str(row) for row in rows)
    if isinstance(field.field, ChoiceField):
        choices: Any = field.field.choices
        pairs: list[tuple[Any, Any]] = list(flatten_choices(choices))
        labels = {str(key): str(label) for key, label in pairs}
        # As it stands in the address: the clean value may have become a truth or a number.
        raw = field.value()
        values = raw if isinstance(raw, list) else [raw]
        return ", ".join(labels.get(str(item), str(item)) for item in values)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return formats.plain_text(value)
