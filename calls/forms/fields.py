"""Fields of the filters of calls: things of the scope by uuid or code, moments with or without an offset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from calls import selectors
from calls.models import Call
from core.errors import NotFound
from core.scope import Scope

# A plus that somebody put into an address as it is arrives as a space.
_LOST_PLUS = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)\Z")


class RefSelect(forms.Select):
    """A select for one of several values that an address may name.

    It draws itself: a thousand agents through Django's template of an option cost more than the rest of a page.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return [value for value in data.getlist(name) if value]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        groups = [
            format_html('<optgroup label="{}">{}</optgroup>', label, _options(rows, chosen))
            if isinstance(rows, list | tuple)
            else _options([(label, rows)], chosen)
            for label, rows in self.choices
        ]
        attributes = flatatt({"name": name} | self.build_attrs(self.attrs, attrs))
        return format_html("<select{}>{}</select>", attributes, format_html_join("", "{}", ((g,) for g in groups)))


def _options(rows: Iterable[tuple[Any, Any]], chosen: list[str]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, " selected" if str(key) in chosen else "", word) for key, word in rows),
    )


class Choices(BaseChoiceIterator):
    """Choices as they are; a field looks through every one of a plain list, and copies it."""

    def __init__(self, rows: list[tuple[Any, Any]]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self.rows)


class RefField(forms.MultipleChoiceField):
    """Things of the scope, named by uuid or code; cleans to their keys.

    Args:
        rows: Key, uuid, code, name and the name of the group (vendor) of each.
        special: Words that stand for a key, such as "none" for calls without a reason.
    """

    widget = RefSelect
    default_error_messages = {"invalid_choice": _("There is no “%(value)s” here.")}

    def __init__(
        self,
        *,
        rows: Iterable[tuple[int, str, str, str, str]],
        special: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.keys_of: dict[str, list[int]] = {}
        self.uuids_of: dict[str, list[str]] = {}
        groups: dict[str, list[tuple[str, Any]]] = {}
        for pk, uuid, code, name, group in rows:
            self.keys_of[uuid] = [pk]
            self.keys_of.setdefault(code, []).append(pk)
            self.uuids_of.setdefault(code, []).append(uuid)
            groups.setdefault(group, []).append((uuid, name))
        plain = [*(special or {}).items()]
        for word, _label in plain:
            self.keys_of[word] = [0]
        choices: list[Any] = [*groups.items()] if len(groups) > 1 else [*next(iter(groups.values()), [])]
        super().__init__(choices=Choices([("", _("all")), *plain, *choices]), required=False, **kwargs)

    def valid_value(self, value: str) -> bool:
        return value in self.keys_of

    def named(self, values: Iterable[str]) -> list[str]:
        """Return values with codes replaced by the uuids that they stand for, so that a select can show them."""
        return [uuid for value in values for uuid in self.uuids_of.get(value, [value])]

    def keys(self, values: Iterable[str]) -> list[int]:
        """Return the keys of cleaned values."""
        return [pk for value in values for pk in self.keys_of[value]]


class MomentInput(forms.DateTimeInput):
    """A picker for local moments; ``zone`` is where a moment with an offset is shown."""

    input_type = "datetime-local"
    zone = ""

    def format_value(self, value: Any) -> str:
        try:
            moment = moment_parse(str(value or ""))
        except ValueError:
            return str(value)
        if moment is None:
            return ""
        if not isinstance(moment, datetime):
            return f"{moment.isoformat()}T00:00"
        local = moment.astimezone(ZoneInfo(self.zone or "UTC")) if moment.tzinfo else moment
        return local.strftime("%Y-%m-%dT%H:%M")


class MomentField(forms.CharField):
    """A local day, a local moment, or a moment with its offset."""

    widget = MomentInput

    def to_python(self, value: Any) -> Any:
        try:
            return moment_parse(str(value or "").strip())
        except ValueError as error:
            raise ValidationError(
                _(
                    "Write a day (2026-06-15), a local time (2026-06-15T09:30) or a time with its offset, "
                    "from 2000 to 2099."
                ),
                code="moment",
            ) from error


def moment_parse(text: str) -> date | datetime | None:
    """Read a day, a local moment or a moment with its offset.

    Raises:
        ValueError: It is none of these, or in a year that no call is of.
    """
    text = _LOST_PLUS.sub(r"\1+\2", text)
    if not text:
        return None
    found = datetime.fromisoformat(text) if "T" in text or ":" in text else date.fromisoformat(text)
    if not 2000 <= found.year < 2100:
        raise ValueError
    return found


class RefsInput(forms.MultipleHiddenInput):
    """Values that only links bring; shown as chips."""


class CustomersField(forms.Field):
    """``contract uuid:call id`` of calls whose customers are meant, so that no number stands in an address."""

    widget = RefsInput

    def __init__(self, *, scope: Scope, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.scope = scope

    def clean(self, value: Any) -> list[Call]:
        return [self._call(text) for text in value or () if text]

    def _call(self, text: str) -> Call:
        contract, _colon, external_id = text.partition(":")
        try:
            return selectors.call_get(scope=self.scope, contract_uuid=UUID(contract), external_id=external_id)
        except (ValueError, NotFound) as error:
            raise ValidationError(_("There is no such call."), code="invalid_choice") from error


class ImportField(forms.UUIDField):
    """The import that the newest revision of the calls came with."""

    def __init__(self, *, scope: Scope, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **kwargs)
        self.scope = scope

    def clean(self, value: Any) -> Any:
        uuid = super().clean(value)
        try:
            return selectors.batch_get(scope=self.scope, uuid=uuid) if uuid else None
        except NotFound as error:
            raise ValidationError(_("There is no such import."), code="invalid_choice") from error
