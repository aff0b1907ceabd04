"""The shape of what is typed about calendars, policies and quick replies."""

from __future__ import annotations

import re
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from calls import selectors as calls
from contracts.calc import hours
from contracts.wording import hours_problem
from core.formats import weekday_name
from core.forms import EXPECTED, RowForm
from core.scope import Scope
from tickets import selectors
from tickets.calc.states import PAUSABLE
from tickets.calc.terms import LADDER, RECIPIENTS, windows_parse
from tickets.models import STATES, Calendar, Channel, Policy, QuickReply, Tier
from tickets.wording import RECIPIENT_NAMES, duration_text
from vendors import selectors as vendors
from vendors.calc.places import country_names, zone_groups
from vendors.models import Vendor

LADDER_STEPS = 5
_PIECE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(小时|分钟|天|[^\W\d_]*)", re.UNICODE)
UNIT_SECONDS = {
    **dict.fromkeys(("", "h", "hr", "hrs", "hour", "hours", "小时", "时"), 3600),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分钟", "分"), 60),
    **dict.fromkeys(("d", "day", "days", "天"), 86_400),
}
_OWN_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\s*([\d:：,，;；、\s–—~～至-]*)(.*)")


class PromiseField(forms.CharField):
    """A length of business time, typed as 24, 30 min, 1 h 30 min or 2 小时; cleans to seconds, None for none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return duration_text(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = (super().clean(value) or "").strip().lower()
        if not text:
            return None
        pieces = _PIECE.findall(text)
        if not pieces or _PIECE.sub("", text).strip() or any(unit not in UNIT_SECONDS for _number, unit in pieces):
            raise forms.ValidationError(_("Write a length of time such as 24 h, 30 min or 1 h 30 min."))
        return round(sum(float(number.replace(",", ".")) * UNIT_SECONDS[unit] for number, unit in pieces))


class WordsField(forms.CharField):
    """A list of words, one a line or with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [word.strip() for word in re.split(r"[,，;；、\n]", super().clean(value) or "") if word.strip()]


class OfVendorForm(RowForm):
    """A rule of one vendor; a new one asks whose where that is not settled."""

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.vendor = scope, vendor


class CalendarForm(OfVendorForm):
    """When promises are counted."""

    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=[("", "—"), *zone_groups()])
    own_days = forms.CharField(
        label=gettext_lazy("Own days"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 5, "placeholder": "2026-10-10 09:00–18:00 补班\n2026-12-24 09:00–12:00"}),
        help_text=gettext_lazy(
            "One day a line: the date, its windows and a name. Without windows the day is closed. Own days win over "
            "public holidays: a working Saturday too."
        ),
    )

    class Meta:
        model = Calendar
        fields = ("name", "zone", "country", "subdivision")
        help_texts = {
            "subdivision": gettext_lazy("Code of a region with holidays of its own, such as BY or SCT; usually empty.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = country_names(get_language() or "en")
        self.fields["country"] = forms.ChoiceField(
            label=gettext_lazy("Public holidays of"), required=False, choices=[("", _("none")), *names.items()]
        )
        stored = self.instance.service_hours or {str(day): [["09:00", "18:00"]] for day in range(5)}
        for day in hours.WEEKDAYS:
            self.fields[f"hours-{day}"] = forms.CharField(
                label=weekday_name(day, "wide"),
                required=False,
                max_length=100,
                initial=hours.text_of(windows_parse(stored.get(str(day), []))),
                widget=forms.TextInput({"placeholder": _("closed")}),
            )
        self.initial["own_days"] = "\n".join(
            " ".join(filter(None, (day, hours.text_of(windows_parse(own["windows"])), own.get("name", ""))))
            for day, own in sorted(self.instance.exceptions.items())
        )
        self.order_fields(["name", "zone", *(f"hours-{day}" for day in hours.WEEKDAYS), "country", "subdivision"])

    def clean(self) -> dict[str, Any]:
        """Read the week and the own days, each error beside its field."""
        data = self.cleaned_data
        week: dict[str, Any] = {}
        for day in hours.WEEKDAYS:
            name = f"hours-{day}"
            try:
                found = hours.pairs_from_text(data.get(name, ""), weekday=day)
                if found:
                    week |= hours.parse({str(day): found}).as_json()
            except hours.HoursError as error:
                self.add_error(name, hours_problem(error))
        data["service_hours"] = week
        if "own_days" in data:
            data["exceptions"] = self._own_days(data["own_days"])
        return data

    def _own_days(self, text: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in filter(None, map(str.strip, text.splitlines())):
            match = _OWN_DAY.fullmatch(line)
            try:
                if match is None:
                    raise ValueError(line)
                day = date.fromisoformat(match[1])
                windows = [[str(w)[:5], str(w)[-5:]] for w in windows_parse(hours.pairs_from_text(match[2]))]
            except hours.HoursError as error:
                self.add_error("own_days", f"{line}: {hours_problem(error)}")
            except ValueError:
                message = _("%(line)s: write a date such as 2026-10-01, then windows, then a name.")
                self.add_error("own_days", message % {"line": line})
            else:
                found[day.isoformat()] = {"name": match[3].strip(), "windows": windows}
        return found

    @property
    def values(self) -> dict[str, Any]:
        """The calendar's fields as the service takes them."""
        names = ("name", "zone", "service_hours", "country", "subdivision", "exceptions")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


PROMISES = (
    ("first_response_seconds", gettext_lazy("First response")),
    ("update_seconds", gettext_lazy("Next update")),
    ("resolution_seconds", gettext_lazy("Resolution")),
    ("callback_seconds", gettext_lazy("Callback after the solution")),
    ("first_line_seconds", gettext_lazy("First line records within")),
    ("second_line_seconds", gettext_lazy("Second line answers within")),
    ("technical_seconds", gettext_lazy("Technical department answers within")),
    ("warn_lead_seconds", gettext_lazy("Warn the handler before the end by")),
)


class Part(NamedTuple):
    """Some fields of a form that belong together."""

    key: str
    title: str
    text: str
    fields: list[forms.BoundField]


class PolicyForm(OfVendorForm):
    """Which tickets get which promises, and who is told when they run out."""

    words = WordsField(
        label=gettext_lazy("Words"), help_text=gettext_lazy("Any of them in subject or text; commas between them.")
    )
    customers = WordsField(
        label=gettext_lazy("Customers"),
        help_text=gettext_lazy("Numbers with their country codes, commas between them; shown masked once saved."),
    )
    kept_customers = forms.MultipleChoiceField(
        label=gettext_lazy("Customers it has"), required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Came in by"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pausing = forms.MultipleChoiceField(
        label=gettext_lazy("States that pause"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Policy
        fields = (
            *("name", "tier", "is_active", "reasons", "queues", "channels", "words", "only_incidents"),
            *("calendar", "callback_calendar", "update_mode", "pausing"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {"vendor": self.vendor}
        queues = vendors.queue_list(scope=self.scope).filter(**own)
        reasons = calls.reason_list(scope=self.scope).filter(**own)
        for name, rows, label in (("queues", queues, _("Queues")), ("reasons", reasons, _("Reasons"))):
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=[(row.code, row.name) for row in rows],
                required=False,
                help_text=_("None chosen: all."),
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["pausing"].choices = [(s.value, STATES[s]) for s in STATES if s in PAUSABLE]  # type: ignore[attr-defined]
        calendars = selectors.calendar_list(scope=self.scope).filter(**own)
        for name in ("calendar", "callback_calendar"):
            self.fields[name] = forms.ModelChoiceField(
                calendars,
                label=_("Counted by") if name == "calendar" else _("Callback counted by"),
                to_field_name="uuid",
                required=name == "calendar",
                empty_label=_("Choose a calendar") if name == "calendar" else _("the clock on the wall"),
            )
            row = getattr(self.instance, name) if getattr(self.instance, f"{name}_id") else None
            self.initial[name] = row and row.uuid
        self.initial["customers"] = []
        self.initial["kept_customers"] = list(self.instance.customers)
        self.fields["kept_customers"].choices = sorted(self.instance.customers.items(), key=itemgetter(1))  # type: ignore[attr-defined]
        if not self.instance.customers:
            del self.fields["kept_customers"]
        for name, promise in PROMISES:
            self.fields[name] = PromiseField(label=promise, widget=forms.TextInput({"placeholder": _("not promised")}))
            self.initial[name] = getattr(self.instance, name)
        self.fields["tier"].choices = [("", _("Choose a tier")), *Tier.choices]  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.initial["pausing"] = ["pending_customer", "pending_third_party"]
            del self.fields["is_active"]
        ladder = self.instance.ladder or [[percent, list(to)] for percent, to in LADDER]
        for step in range(LADDER_STEPS):
            percent, to = ladder[step] if step < len(ladder) else (None, [])
            number = step + 1
            self.fields[f"percent-{step}"] = forms.IntegerField(
                label=_("Step %(number)s, percent") % {"number": number},
                required=False, min_value=1, max_value=1000, initial=percent,
                widget=forms.NumberInput({"class": "form-control"}),
            )  # fmt: skip
            self.fields[f"to-{step}"] = forms.MultipleChoiceField(
                label=_("Step %(number)s, who is told") % {"number": number},
                required=False, choices=list(RECIPIENT_NAMES.items()), initial=to,
                widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
            )  # fmt: skip

    @property
    def parts(self) -> list[Part]:
        """All fields but the ladder's, as they are asked for."""
        hint = _("Lengths of business time such as 24 h, 30 min or 1 h 30 min.")
        parts = (
            ("policy", "", "", ("name", "tier", "is_active")),
            ("matches", _("Which tickets it takes"), _("All that is filled in must fit; nothing filled in takes any."),
             ("channels", "words", "kept_customers", "customers", "queues", "reasons", "only_incidents")),
            ("promises", _("What is promised"), hint, [name for name, _label in PROMISES]),
            ("counting", _("How time counts"), "", ("calendar", "callback_calendar", "update_mode", "pausing")),
        )  # fmt: skip
        return [
            Part(key, title, text, [self[name] for name in names if name in self.fields])
            for key, title, text, names in parts
        ]

    @property
    def ladder_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The steps of the ladder: percent and who is told."""
        return [(self[f"percent-{step}"], self[f"to-{step}"]) for step in range(LADDER_STEPS)]

    def clean(self) -> dict[str, Any]:
        """Put the ladder together."""
        data, ladder = self.cleaned_data, []
        for step in range(LADDER_STEPS):
            percent, to = data.pop(f"percent-{step}", None), data.pop(f"to-{step}", [])
            if percent and to:
                ladder.append([percent, [name for name in RECIPIENTS if name in to]])
            elif percent:
                self.add_error(f"to-{step}", _("Choose who is told."))
            elif to:
                self.add_error(f"percent-{step}", _("Give a percent of the promise."))
        usual = [[percent, list(to)] for percent, to in LADDER]
        data["customers"] = data.pop("kept_customers", []) + data.get("customers", [])
        data["ladder"] = [] if sorted(ladder) == sorted(usual) else sorted(ladder)
        if data.get("warn_lead_seconds") is None:
            data["warn_lead_seconds"] = 0
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The policy's fields as the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != EXPECTED}


class PresetsForm(forms.Form):
    """Where the usual calendars are counted."""

    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=[("", "—"), *zone_groups()])
    country = forms.ChoiceField(label=gettext_lazy("Public holidays of"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = country_names(get_language() or "en")
        self.fields["country"].choices = [("", _("none")), *names.items()]  # type: ignore[attr-defined]


class QuickReplyForm(OfVendorForm):
    """A text to be put in."""

    class Meta:
        model = QuickReply
        fields = ("name", "text", "is_active")
        widgets = {"text": forms.Textarea({"rows": 6})}
        labels = {"is_active": gettext_lazy("In use")}
        help_texts = {"text": gettext_lazy("{number}, {customer}, {vendor} and {agent} become what they name.")}
