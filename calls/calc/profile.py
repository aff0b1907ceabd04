"""The import profile: how one kind of vendor file maps to the canonical columns.

The JSON form is described in calls/profiles/README.md; ``profile_parse`` turns it into a checked value.
"""

from __future__ import annotations

import codecs
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import phonenumbers

from calls.calc.canonical import DURATION_FIELDS, FIELDS, MOMENT_FIELDS, REQUIRED_FIELDS

OnError = Literal["skip", "refuse"]
RevisionFrom = Literal["column", "received"]
Unknown = Literal["reject", "register"]
CustomerKind = Literal["phone", "token"]
DurationFormat = Literal["seconds", "milliseconds", "H:MM:SS", "MM:SS"]
Unmapped = Literal["error", "keep", "default"]

# Not a canonical field: the column that must name the sender, wherever a file has one.
VENDOR = "vendor"
_ENCODINGS = frozenset(
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
        "gbk",
        "gb2312",
        "big5",
        "big5hkscs",
        "shift_jis",
        "cp932",
        "euc_jp",
        "euc_kr",
        "cp949",
        "iso8859-1",
        "iso8859-2",
        "iso8859-15",
        "koi8-r",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1257",
        "cp1258",
    ]
)
_DELIMITERS = {"auto": "auto", ",": ",", ";": ";", "|": "|", "tab": "\t", "\t": "\t"}
# What strptime of Python and of the vectorized reader understand alike.
_DIRECTIVES = frozenset("YymdHIMSpbBzf")
_KEYS = frozenset(
    [
        "column",
        "columns",
        "join",
        "constant",
        "prefix",
        "map",
        "default",
        "keep_unmapped",
        "blank",
        "format",
        "date_from",
        "optional",
    ]
)


class ProfileError(ValueError):
    """The profile cannot be used.

    Attributes:
        field: the setting or canonical field that is wrong.
        message: what is wrong with it.
    """

    def __init__(self, field: str, message: str) -> None:
        """Keep the place beside the text, so that a form can show it there."""
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where one canonical field comes from.

    ``columns`` are joined by ``join``; if one of them is blank, the whole is blank. ``map`` (compared without
    case) turns the file's words into canonical ones, None standing for no value; a word not in the map is an
    error, stays as it is, or gives ``default`` (``unmapped``). ``blank`` replaces a blank value. ``format``
    reads times (strptime) and durations. ``date_from`` completes a time of day by the local date of another
    field, or the day after it when the time would lie before that field.
    """

    columns: tuple[str, ...] = ()
    join: str = " "
    constant: str | None = None
    prefix: str = ""
    map: Mapping[str, str | None] | None = None
    unmapped: Unmapped = "error"
    default: str | None = None
    blank: str | None = None
    format: str | None = None
    date_from: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """How to read one kind of file; see the module."""

    fields: Mapping[str, FieldSource]
    encoding: str = "auto"
    delimiter: str = "auto"
    header_row: int = 1
    sheet: str | None = None
    zone: str | None = None
    decimal: Literal[".", ","] = "."
    on_error: OnError = "skip"
    revision_from: RevisionFrom = "column"
    unknown_agent: Unknown = "reject"
    unknown_reason: Unknown = "reject"
    customer_kind: CustomerKind = "phone"
    phone_region: str | None = None
    future_tolerance_seconds: int = 300
    duration_tolerance_seconds: int = 2

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the profile reads, each once."""
        return tuple(dict.fromkeys(name for source in self.fields.values() for name in source.columns))

    @property
    def columns_required(self) -> tuple[str, ...]:
        """The columns without which a file is refused."""
        return tuple(dict.fromkeys(c for source in self.fields.values() if not source.optional for c in source.columns))


def column_key(name: str) -> str:
    """A column name as it is compared: without outer spaces, byte order mark and case.

    >>> column_key(" Call ID ")
    'call id'
    """
    return name.strip().strip("\ufeff").strip().casefold()


def profile_parse(data: Mapping[str, Any]) -> Profile:
    """Read and check the JSON form of a profile.

    Args:
        data: settings, with the canonical fields under ``fields``.

    Returns:
        the profile.

    Raises:
        ProfileError: a setting is unknown, missing or contradicts another.
    """
    if not isinstance(data, Mapping):
        raise ProfileError("profile", "must be an object")
    if unknown := sorted(str(key) for key in data if key not in Profile.__dataclass_fields__):
        raise ProfileError(unknown[0], "there is no such setting")
    raw_fields = data.get("fields")
    if not isinstance(raw_fields, Mapping):
        raise ProfileError("fields", "must be an object of canonical fields")
    fields: dict[str, FieldSource] = {}
    for name, raw in raw_fields.items():
        if name not in FIELDS and name != VENDOR:
            raise ProfileError(str(name), "there is no such canonical field")
        fields[name] = _source_parse(name, raw)
    for name in REQUIRED_FIELDS:
        if name not in fields:
            raise ProfileError(name, "is required")
    profile = Profile(
        fields=fields,
        encoding=_encoding(data.get("encoding", "auto")),
        delimiter=_choice(data, "delimiter", _DELIMITERS),
        header_row=_count(data, "header_row", 1, 1, 1_000),
        sheet=_text(data, "sheet"),
        zone=_zone(_text(data, "zone")),
        decimal=_literal(data, "decimal", (".", ","), "."),
        on_error=_literal(data, "on_error", get_args(OnError), "skip"),
        revision_from=_literal(data, "revision_from", get_args(RevisionFrom), "column"),
        unknown_agent=_literal(data, "unknown_agent", get_args(Unknown), "reject"),
        unknown_reason=_literal(data, "unknown_reason", get_args(Unknown), "reject"),
        customer_kind=_literal(data, "customer_kind", get_args(CustomerKind), "phone"),
        phone_region=_region(_text(data, "phone_region")),
        future_tolerance_seconds=_count(data, "future_tolerance_seconds", 300, 0, 86_400),
        duration_tolerance_seconds=_count(data, "duration_tolerance_seconds", 2, 0, 3_600),
    )
    for name, source in fields.items():
        if source.date_from and not profile.zone:
            raise ProfileError(name, "a time of day needs the zone of the profile")
    return profile


def profile_dump(profile: Profile) -> dict[str, Any]:
    """The JSON form of a profile; profile_parse reads it back to an equal one."""
    fields = {}
    for name, source in profile.fields.items():
        raw = {key: value for key, value in asdict(source).items() if value not in (None, "", (), False)}
        raw |= {"join": source.join}
        raw |= {"columns": list(source.columns)} if source.columns else {"constant": source.constant}
        unmapped = raw.pop("unmapped")
        if unmapped == "default":
            raw["default"] = source.default
        elif unmapped == "keep":
            raw["keep_unmapped"] = True
        if source.map is not None:
            raw["map"] = dict(source.map)
        if name in DURATION_FIELDS:
            raw["format"] = source.format
        fields[name] = raw
    delimiter = "tab" if profile.delimiter == "\t" else profile.delimiter
    return asdict(profile) | {"fields": fields, "delimiter": delimiter}


def _source_parse(name: str, raw: object) -> FieldSource:
    if isinstance(raw, str):
        raw = {"column": raw}
    if not isinstance(raw, Mapping):
        raise ProfileError(name, "must be a column name or an object")
    if unknown := sorted(str(key) for key in raw if key not in _KEYS):
        raise ProfileError(name, f"there is no such setting: {unknown[0]}")
    if sum(key in raw for key in ("column", "columns", "constant")) != 1:
        raise ProfileError(name, "give one of column, columns and constant")
    columns = raw.get("columns", [raw["column"]] if "column" in raw else [])
    if not isinstance(columns, list) or not all(isinstance(c, str) and c.strip() for c in columns):
        raise ProfileError(name, "columns must be a list of names")
    if "columns" in raw and not columns:
        raise ProfileError(name, "columns must not be empty")
    words = raw.get("map")
    if words is not None and not isinstance(words, Mapping):
        raise ProfileError(name, "map must be an object")
    if words is None and ("default" in raw or raw.get("keep_unmapped")):
        raise ProfileError(name, "default and keep_unmapped need a map")
    if "default" in raw and raw.get("keep_unmapped"):
        raise ProfileError(name, "give either default or keep_unmapped")
    date_from = raw.get("date_from")
    if date_from is not None and (name not in ("answered_at", "ended_at") or date_from != "offered_at"):
        raise ProfileError(name, "only answered_at and ended_at can take their date, and only from offered_at")
    return FieldSource(
        columns=tuple(columns),
        join=_string(name, raw.get("join", " ")),
        constant=_word(name, raw["constant"]) if "constant" in raw else None,
        prefix=_string(name, raw.get("prefix", "")),
        map=None if words is None else {column_key(str(k)): _word(name, v) for k, v in words.items()},
        default=_word(name, raw["default"]) if "default" in raw else None,
        unmapped="default" if "default" in raw else "keep" if raw.get("keep_unmapped") else "error",
        blank=_word(name, raw.get("blank")),
        format=_format(name, raw.get("format"), date_from is not None),
        date_from=date_from,
        optional=bool(raw.get("optional", False)),
    )


def _format(name: str, value: object, is_time_of_day: bool) -> str | None:
    if name in DURATION_FIELDS:
        if value is None:
            return "seconds"
        if value not in get_args(DurationFormat):
            raise ProfileError(name, f"format must be one of {', '.join(get_args(DurationFormat))}")
        return str(value)
    if name not in MOMENT_FIELDS:
        if value is not None:
            raise ProfileError(name, "format is for times and durations")
        return None
    if value is None:
        if is_time_of_day:
            raise ProfileError(name, "a time of day needs a format such as %H:%M:%S")
        return None
    text = _string(name, value)
    found = re.findall(r"%(.)", text, re.DOTALL)
    if not set(found) <= _DIRECTIVES or text.count("%") != len(found):
        raise ProfileError(name, f"format may use %{', %'.join(sorted(_DIRECTIVES))}")
    if text.count("%f") != text.count("%S.%f"):
        raise ProfileError(name, "%f must follow %S and a point")
    has_date = "d" in found and bool({"Y", "y"} & set(found)) and bool({"m", "b", "B"} & set(found))
    has_clock = "M" in found and ("H" in found or {"I", "p"} <= set(found))
    if not has_clock or (not has_date and not is_time_of_day):
        raise ProfileError(name, "format must read a whole date and time")
    if is_time_of_day and (set(found) & set("YymdbBz")):
        raise ProfileError(name, "format of a time of day must not read a date or an offset")
    return text


def _word(name: str, value: object) -> str | None:
    """A mapped word as text; JSON's true and false are the canonical booleans."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, (str, int)):
        return None if value in (None, "") else str(value)
    raise ProfileError(name, "values must be texts, whole numbers, true, false or null")


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ProfileError(name, "must be a text")
    return value


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    return None if value in (None, "") else _string(key, value)


def _choice(data: Mapping[str, Any], key: str, choices: Mapping[str, str]) -> str:
    value = data.get(key, "auto")
    if not isinstance(value, str) or value not in choices:
        raise ProfileError(key, f"must be one of {', '.join(c for c in choices if c != chr(9))}")
    return choices[value]


def _literal(data: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str) -> Any:
    value = data.get(key, default)
    if value not in choices:
        raise ProfileError(key, f"must be one of {', '.join(choices)}")
    return value


def _count(data: Mapping[str, Any], key: str, default: int, low: int, high: int) -> int:
    value = data.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ProfileError(key, f"must be a whole number from {low} to {high}")
    return value


def _encoding(value: object) -> str:
    if value == "auto":
        return "auto"
    text = _string("encoding", value)
    try:
        name = codecs.lookup(text).name
    except (LookupError, ValueError):
        name = ""
    if name not in _ENCODINGS:
        raise ProfileError("encoding", "must be auto or a known encoding such as utf-8, gb18030 or utf-16")
    return name


def _zone(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ProfileError("zone", "must be a zone of the IANA list, such as Asia/Shanghai") from error
    if name in ("Factory", "localtime", "posixrules"):
        raise ProfileError("zone", "must name a place")
    return name


def _region(code: str | None) -> str | None:
    if code is not None and code not in phonenumbers.SUPPORTED_REGIONS:
        raise ProfileError("phone_region", "must be a country code of two capital letters, such as CN")
    return code


CANONICAL = profile_parse(
    {
        "fields": {
            **{name: {"column": name, "optional": name not in REQUIRED_FIELDS} for name in FIELDS},
            "direction": {"column": "direction", "optional": True, "blank": "inbound"},
            VENDOR: {"column": VENDOR, "optional": True},
        }
    }
)
