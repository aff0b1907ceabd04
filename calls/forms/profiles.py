"""An import profile as a form: the usual mapping field by field, everything else as it stands in the document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from calls.calc.canonical import BOOLEAN_FIELDS, DURATION_FIELDS, FIELDS, MOMENT_FIELDS, REQUIRED_FIELDS
from calls.calc.profile import DurationFormat
from calls.models import ImportProfile
from calls.wording import COLUMNS
from core.errors import HouseError
from core.scope import Scope
from vendors import selectors as vendors
from vendors.calc.places import zone_names

# A column text such as "Date + Time" stands for several columns joined by a space.
JOIN = " + "
WORD_FIELDS = ("queue", "direction", "reason", "agent", "outcome", "abandon_place", *BOOLEAN_FIELDS)
CONSTANT_FIELDS = ("queue", "direction", "outcome", "reason")
EXTRAS = ("constant", "format", "words")
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "shift_jis", "euc_kr", "cp1252", "cp1251")
# What vendors call the columns, without signs and case; the first that a header has is suggested.
SYNONYMS: dict[str, str] = {
    "external_id": "externalid callid id uniqueid contactid ucid 通话id 呼叫id 流水号 会话id",
    "revision": "revision rev version 版本",
    "queue": "queue queuename skill skillgroup topic line 队列 技能组 业务线",
    "direction": "direction calltype type 呼叫方向 方向",
    "customer": "customer caller callerid ani phone phonenumber number 主叫 主叫号码 客户号码 来电号码 电话",
    "reason": "reason callreason topic category wrapupcode disposition 来电原因 原因 小结",
    "agent": "agent agentid agentcode agentname operator 坐席 座席 坐席工号 工号",
    "offered_at": "offeredat offered calltime starttime start datetime arrival 进线时间 来电时间 开始时间 入队时间",
    "answered_at": "answeredat answertime answered pickuptime 接通时间 应答时间",
    "ended_at": "endedat endtime end hanguptime 结束时间 挂机时间",
    "ring_seconds": "ringseconds ringtime ring 振铃时长",
    "wait_seconds": "waitseconds waittime wait queuetime speedofanswerinseconds speedofanswer 等待时长 排队时长",
    "talk_seconds": "talkseconds talktime talk duration avgtalkduration billsec 通话时长",
    "hold_seconds": "holdseconds holdtime hold 保持时长",
    "wrap_seconds": "wrapseconds wrapup wrapuptime acw acwtime 话后时长 整理时长",
    "outcome": "outcome result status callstatus answeredyn answered disposition 通话结果 是否接通 状态",
    "abandon_place": "abandonplace 放弃位置",
    "transferred_from": "transferredfrom parentid linkedid 转接自",
    "resolved": "resolved fcr issolved 是否解决",
    "success": "success successful 是否成功",
    "csat": "csat satisfaction satisfactionrating survey rating score 满意度",
    "recording": "recording recordingid recordingfile recordingurl 录音",
    "ivr_path": "ivrpath ivr menu 菜单路径",
}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def columns_suggest(columns: Iterable[str]) -> dict[str, str]:
    """Return which column of a file each canonical field could come from.

    >>> columns_suggest(["Call Id", "Anything"])
    {'external_id': 'Call Id'}
    """
    by_name = {_bare(column): column for column in columns}
    found = {}
    for name in FIELDS:
        for synonym in [_bare(name), *SYNONYMS[name].split()]:
            if synonym in by_name:
                found[name] = by_name[synonym]
                break
    return found


def document_text(document: Mapping[str, Any]) -> str:
    """Return a document to read: settings first, then the columns in the order of the template."""
    fields = document.get("fields") or {}
    ordered: dict[str, Any] = {name: value for name, value in document.items() if name != "fields"}
    ordered["fields"] = {name: fields[name] for name in (*FIELDS, *fields) if name in fields}
    return json.dumps(ordered, ensure_ascii=False, indent=2)


class WordsField(forms.CharField):
    """One line a word, ``theirs = ours``; other line ends are no change."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> str:
        return "\n".join(line.strip() for line in str(value or "").splitlines() if line.strip())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class ProfileNameForm(forms.Form):
    """Whose profile it is and what it is called."""

    vendor = forms.ChoiceField(label=_("Vendor"), help_text=_("Whose files it describes."))
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as the phone system's: “Nightly CDR”."))
    # The version that the change was made from.
    number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, scope: Scope, profile: ImportProfile | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.profile = scope, profile
        self.houses = {str(vendor.uuid): vendor for vendor in vendors.vendor_list(scope=scope)}
        self.fields["number"].initial = profile.number if profile else 0
        vendor = self.fields["vendor"]
        assert isinstance(vendor, forms.ChoiceField)
        vendor.choices = [("", "—"), *((key, house.name) for key, house in self.houses.items())]
        if profile is not None or not scope.is_client:
            del self.fields["vendor"]
        if profile is not None:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.profile is not None:
            return cleaned | {"vendor_id": self.profile.vendor_id, "name": self.profile.name}
        house = self.houses.get(cleaned.get("vendor", ""))
        return cleaned | {"vendor_id": house.pk if house else self.scope.organization_id}


class DocumentForm(forms.Form):
    """The mapping as text, with everything that the language can say."""

    document = forms.CharField(
        label=_("Mapping"),
        widget=forms.Textarea(attrs={"rows": 28, "class": "document", "spellcheck": "false"}),
        help_text=_("JSON. Column names as in the file's header; what each setting means stands below."),
    )

    def __init__(self, *args: Any, former: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["document"] = document_text(former)

    def clean_document(self) -> dict[str, Any]:
        try:
            document = json.loads(self.cleaned_data["document"])
        except ValueError as error:
            raise ValidationError(_("This is not valid JSON: %(error)s") % {"error": error}) from error
        if not isinstance(document, dict):
            raise ValidationError(_("Write one JSON object."))
        return document

    def errors_place(self, error: HouseError) -> None:
        """Show what the service refused."""
        self.add_error("document", str(error.message))


class MappingForm(forms.Form):
    """The usual mapping; ``document()`` changes of the former one only what this form shows."""

    zone = forms.ChoiceField(
        label=_("Time zone of the file"),
        required=False,
        choices=lambda: [("", _("Every time carries its offset")), *((name, name) for name in zone_names())],
        help_text=_("Where times are written as on a wall clock."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("auto", _("find out")), *((name, name.upper()) for name in ENCODINGS)],
    )
    delimiter = forms.ChoiceField(
        label=_("Delimiter"),
        required=False,
        choices=[("auto", _("find out")), (",", ","), (";", ";"), ("tab", _("tab")), ("|", "|")],
    )
    header_row = forms.IntegerField(label=_("Header is in line"), min_value=1, max_value=1000, initial=1)
    sheet = forms.CharField(label=_("Sheet (XLSX)"), required=False, max_length=31)
    phone_region = forms.RegexField(
        r"\A[A-Z]{2}\Z",
        label=_("Country of numbers without country code"),
        required=False,
        help_text=_("Two capital letters, such as CN."),
    )
    customer_kind = forms.ChoiceField(
        label=_("Customers are"), choices=[("phone", _("phone numbers")), ("token", _("tokens of the vendor's own"))]
    )
    unknown_agent = forms.ChoiceField(
        label=_("Unknown agents"), choices=[("reject", _("reject the row")), ("register", _("register them"))]
    )
    unknown_reason = forms.ChoiceField(
        label=_("Unknown reasons"), choices=[("reject", _("reject the row")), ("register", _("register them"))]
    )
    revision_from = forms.ChoiceField(
        label=_("A call sent again"),
        choices=[("column", _("counts by its revision")), ("received", _("replaces the one before"))],
    )
    on_error = forms.ChoiceField(
        label=_("A file with bad rows"),
        choices=[("skip", _("its good rows may be loaded")), ("refuse", _("is refused as a whole"))],
    )

    DEFAULTS: dict[str, Any] = {
        "zone": "",
        "encoding": "auto",
        "delimiter": "auto",
        "header_row": 1,
        "sheet": "",
        "phone_region": "",
        "customer_kind": "phone",
        "unknown_agent": "reject",
        "unknown_reason": "reject",
        "revision_from": "column",
        "on_error": "skip",
    }
    SETTINGS = tuple(DEFAULTS)

    def __init__(self, *args: Any, former: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.former = former
        for name in self.SETTINGS:
            self.initial[name] = former.get(name) or self.DEFAULTS[name]
        encoding = self.fields["encoding"]
        assert isinstance(encoding, forms.ChoiceField)
        kept = str(self.initial["encoding"])
        if kept not in dict(encoding.choices):  # type: ignore[arg-type]
            encoding.choices = [*encoding.choices, (kept, kept.upper())]  # type: ignore[misc]
        sources = former.get("fields") or {}
        for name in FIELDS:
            self._field_add(name, _source(sources.get(name)))

    def _field_add(self, name: str, source: Mapping[str, Any]) -> None:
        column = forms.CharField(required=False, max_length=300, label=name)
        column.widget.attrs |= {"list": "columns", "autocomplete": "off", "aria-label": name, "class": "form-control"}
        self.fields[f"{name}-column"] = column
        self.initial[f"{name}-column"] = _column_text(source)
        if name in CONSTANT_FIELDS:
            self.fields[f"{name}-constant"] = forms.CharField(required=False, max_length=100, label=_("or always"))
            self.initial[f"{name}-constant"] = _word_text(source.get("constant"))
        if name in MOMENT_FIELDS:
            self.fields[f"{name}-format"] = forms.CharField(required=False, max_length=60, label=_("written as"))
            self.fields[f"{name}-format"].widget.attrs["placeholder"] = "%Y-%m-%d %H:%M:%S"
            self.initial[f"{name}-format"] = source.get("format") or ""
        if name in DURATION_FIELDS:
            kinds = [(kind, kind) for kind in get_args(DurationFormat)]
            self.fields[f"{name}-format"] = forms.ChoiceField(choices=kinds, label=_("written as"))
            self.initial[f"{name}-format"] = source.get("format") or "seconds"
        if name in WORD_FIELDS:
            words = WordsField(required=False, label=_("words"))
            words.widget.attrs["placeholder"] = "Y = answered" if name == "outcome" else ""
            self.fields[f"{name}-words"] = words
            self.initial[f"{name}-words"] = _words_text(source.get("map"))
        for part in EXTRAS:
            if f"{name}-{part}" in self.fields:
                widget = self.fields[f"{name}-{part}"].widget
                widget.attrs["class"] = "form-select" if isinstance(widget, forms.Select) else "form-control"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of the mapping, a row for each canonical column."""
        return [
            {
                "name": name,
                "required": name in REQUIRED_FIELDS,
                "text": COLUMNS[name],
                "column": self[f"{name}-column"],
                "more": [
                    self[key] for part in ("constant", "format", "words") if (key := f"{name}-{part}") in self.fields
                ],
            }
            for name in FIELDS
        ]

    @property
    def settings_said(self) -> list[tuple[Any, Any]]:
        """Label and value of the zone and of every setting that is not the usual one."""
        said = []
        for name in self.SETTINGS:
            field, value = self.fields[name], self.initial[name]
            if name == "zone" or value != self.DEFAULTS[name]:
                words = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}  # type: ignore[arg-type]
                said.append((field.label, words.get(value, value)))
        return said

    @property
    def settings(self) -> list[Any]:
        """The fields that hold for the whole file."""
        return [self[name] for name in self.SETTINGS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in WORD_FIELDS:
            for line in cleaned.get(f"{name}-words", "").splitlines():
                if "=" not in line:
                    self.add_error(f"{name}-words", _("Write one line a word: theirs = ours."))
                    break
        return cleaned

    def document(self) -> dict[str, Any]:
        """Return the document with what was typed in."""
        document = dict(self.former)
        for name in self.SETTINGS:
            value = self.cleaned_data[name]
            if value in (None, ""):
                value = self.DEFAULTS[name]
            if value == self.DEFAULTS[name]:
                if document.get(name, value) != value:
                    del document[name]
            else:
                document[name] = value
        fields = dict(self.former.get("fields") or {})
        for name in FIELDS:
            source = self._source_of(name, fields.get(name))
            if source is None:
                fields.pop(name, None)
            else:
                fields[name] = source
        document["fields"] = fields
        return document

    def _source_of(self, name: str, former: Any) -> Any:
        """Return a field's source; the former one where nothing that the form shows was changed."""
        if former is not None and not any(f"{name}-{part}" in self.changed_data for part in ("column", *EXTRAS)):
            return former
        column = self.cleaned_data[f"{name}-column"].strip()
        constant = self.cleaned_data.get(f"{name}-constant", "").strip()
        if not column and not constant:
            return None
        source = {key: value for key, value in _source(former).items() if key not in ("column", "columns", "constant")}
        if constant and not column:
            return source | {"constant": constant}
        columns = [part.strip() for part in column.split(JOIN)]
        source |= {"columns": columns} if len(columns) > 1 else {"column": column}
        self._format_put(name, source)
        self._words_put(name, source)
        return source["column"] if set(source) == {"column"} else source

    def _format_put(self, name: str, source: dict[str, Any]) -> None:
        written = self.cleaned_data.get(f"{name}-format", "")
        if written in ("", "seconds"):
            source.pop("format", None)
        else:
            source["format"] = written

    def _words_put(self, name: str, source: dict[str, Any]) -> None:
        if f"{name}-words" not in self.changed_data:
            return
        lines = [line.partition("=") for line in self.cleaned_data[f"{name}-words"].splitlines()]
        words = {theirs.strip(): ours.strip() or None for theirs, _sign, ours in lines}
        if words:
            source["map"] = words
        else:
            for key in ("map", "default", "keep_unmapped"):
                source.pop(key, None)

    def errors_place(self, error: HouseError) -> None:
        """Show what the service refused beside the field that it names."""
        place, _colon, text = str(error.message).partition(": ")
        for name in (f"{place}-column", place):
            if name in self.fields:
                self.add_error(name, text)
                return
        self.add_error(None, str(error.message))


def _source(raw: Any) -> dict[str, Any]:
    if raw is None:
        return {}
    return dict(raw) if isinstance(raw, Mapping) else {"column": raw}


def _column_text(source: Mapping[str, Any]) -> str:
    return JOIN.join(source["columns"]) if "columns" in source else str(source.get("column", ""))


def _word_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _words_text(words: Mapping[str, Any] | None) -> str:
    return "\n".join(f"{theirs} = {_word_text(ours)}" for theirs, ours in (words or {}).items())
