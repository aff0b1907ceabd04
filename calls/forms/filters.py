"""The one set of filters of the calls, for the page and the API alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from calls import selectors
from calls.calc.canonical import CallDirection, Outcome
from calls.calc.parts import Part
from calls.forms.fields import CustomersField, ImportField, MomentField, MomentInput, RefField, RefSelect
from calls.selectors import ContractRef, Selection
from calls.wording import DIRECTIONS, OUTCOMES, PARTS
from contracts.selectors import ALWAYS
from core.periods import HALF_HOUR, day_start, local_day
from core.scope import Scope
from vendors import selectors as vendors

# A day more, for a day of 25 hours.
MAX_SPAN = timedelta(days=101)
DAY_SECONDS = 86_400
NO_REASON = "none"
# Questions that name single calls need no period.
FINDERS = ("external_id", "customer_of", "import")


def _choices(words: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [("", _("all")), *((key.name.lower(), word) for key, word in words.items() if key != Outcome.WITHDRAWN)]


class CallFilterForm(forms.Form):
    """The one set of filters of the calls, for the page and the API alike.

    Attributes:
        contracts: The contracts that calls can belong to, by key.
        is_default_period: Nobody asked for a period; it is the last day with calls.
        selection: After cleaning: what is asked for.
    """

    outcome = forms.MultipleChoiceField(
        label=_("Outcome"), required=False, widget=RefSelect, choices=lambda: _choices(OUTCOMES)
    )
    service = forms.ChoiceField(
        label=_("Service level"),
        required=False,
        choices=[("", _("all")), ("met", _("met")), ("missed", _("missed"))],
    )
    wait_min = forms.IntegerField(label=_("Wait from (s)"), required=False, min_value=0, max_value=DAY_SECONDS)
    wait_max = forms.IntegerField(label=_("Wait to (s)"), required=False, min_value=0, max_value=DAY_SECONDS)
    external_id = forms.CharField(
        label=_("Call"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("whole id, any day")}),
    )
    csat = forms.MultipleChoiceField(
        label=_("Survey answer"),
        required=False,
        widget=RefSelect,
        choices=[("", _("all")), *((str(n), str(n)) for n in range(11))],
    )
    resolved = forms.ChoiceField(
        label=_("Resolved"), required=False, choices=[("", _("all")), ("true", _("yes")), ("false", _("no"))]
    )
    direction = forms.MultipleChoiceField(
        label=_("Direction"), required=False, widget=forms.MultipleHiddenInput, choices=lambda: _choices(DIRECTIONS)
    )
    part = forms.ChoiceField(
        label=_("Calls that"),
        required=False,
        widget=forms.HiddenInput,
        choices=[("", ""), *((part.value, word) for part, word in PARTS.items())],
    )
    half_hour = MomentField(label=_("Half-hour from"), required=False, widget=forms.HiddenInput)
    tz = forms.CharField(label=_("Time zone"), required=False, max_length=40, widget=forms.HiddenInput)

    FIRST = ("from", "to", "contract", "queue", "agent", "reason", "outcome", "service", "wait_min", "wait_max")

    data: QueryDict

    def __init__(self, data: QueryDict, *, scope: Scope) -> None:
        super().__init__(data)
        self.scope = scope
        self.is_default_period = False
        self.contracts = selectors.contract_refs(scope=scope)
        self._references_add()
        self.fields["from"] = MomentField(label=_("From"), required=False)
        self.fields["to"] = MomentField(label=_("Before"), required=False)
        self.fields["customer_of"] = CustomersField(label=_("Customer of call"), scope=scope)
        self.fields["import"] = ImportField(label=_("Import"), scope=scope)
        self.order_fields([*self.FIRST])
        self._data_settle()
        self._period_default()

    def _references_add(self) -> None:
        houses = {vendor.pk: vendor for vendor in vendors.vendor_list(scope=self.scope)}

        def named(rows: Iterable[tuple[int, str, str, str, int]]) -> list[tuple[int, str, str, str, str]]:
            return [(pk, uuid, code, name, houses[vendor_id].name) for pk, uuid, code, name, vendor_id in rows]

        def values(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
            # There may be thousands: the database writes their uuids.
            return rows.values_list("pk", Cast("uuid", TextField()), "code", "name", "vendor_id")

        contracts = [(ref.pk, str(ref.uuid), ref.code, ref.name, ref.vendor_id) for ref in self.contracts.values()]
        rows = [(vendor.pk, str(vendor.uuid), vendor.code, vendor.name, "") for vendor in houses.values()]
        self.fields["vendor"] = RefField(label=_("Vendor"), rows=rows, widget=forms.MultipleHiddenInput)
        self.fields["contract"] = RefField(label=_("Contract"), rows=named(contracts))
        self.fields["queue"] = RefField(label=_("Queue"), rows=named(values(vendors.queue_list(scope=self.scope))))
        self.fields["agent"] = RefField(label=_("Agent"), rows=named(values(vendors.agent_list(scope=self.scope))))
        self.fields["reason"] = RefField(
            label=_("Reason"),
            rows=named(values(selectors.reason_list(scope=self.scope))),
            special={NO_REASON: _("without a reason")},
        )

    def _data_settle(self) -> None:
        """Leave one name where two say the same, uuids for codes, and what was typed last."""
        data = self.data.copy()
        part = data.get("part", "")
        if part in (Part.SERVICE_MET, Part.SERVICE_MISSED) and not data.get("service"):
            data["service"] = part.removeprefix("service_")
            del data["part"]
        if data.get("from") or data.get("to"):
            data.pop("half_hour", None)
        for name, field in self.fields.items():
            if isinstance(field, RefField):
                data.setlist(name, field.named(data.getlist(name)))
            if isinstance(field.widget, RefSelect) and len(data.getlist(name)) > 1:
                # A select shows one; several stand in their chip.
                field.widget = forms.MultipleHiddenInput()
        self.data = data

    def _period_default(self) -> None:
        """Fill in the last day with calls, unless the question says when or names single calls."""
        self._show_times_in(self.zone)
        if any(self.data.get(name) for name in ("from", "to", "half_hour", *FINDERS)):
            return
        newest = selectors.last_offered_at(scope=self.scope, contract_ids=[ref.pk for ref in self.chosen()])
        if not newest:
            return
        last_id = max(newest, key=lambda pk: newest[pk])
        day = local_day(newest[last_id], self.zone or self.contracts[last_id].zone)
        self.is_default_period = True
        self.data["from"], self.data["to"] = day.isoformat(), (day + timedelta(days=1)).isoformat()

    def _show_times_in(self, zone: str) -> None:
        for name in ("from", "to"):
            widget = self.fields[name].widget
            if isinstance(widget, MomentInput):
                widget.zone = zone

    def _keys(self, name: str) -> set[int]:
        """Return the keys that the address names, wrong ones left out."""
        field = self.fields[name]
        assert isinstance(field, RefField)
        return set(field.keys(value for value in self.data.getlist(name) if value and field.valid_value(value)))

    def chosen(self) -> list[ContractRef]:
        """Return the contracts that the question is about."""
        named, houses = self._keys("contract"), self._keys("vendor")
        return [
            ref
            for ref in self.contracts.values()
            if (not named or ref.pk in named) and (not houses or ref.vendor_id in houses)
        ]

    @property
    def zone(self) -> str:
        """The zone of all moments in view; empty where contracts of several zones are."""
        asked = self.data.get("tz", "")
        if asked:
            return asked if _is_zone(asked) else ""
        zones = {ref.zone for ref in self.chosen()}
        return zones.pop() if len(zones) == 1 else ""

    def clean_tz(self) -> str:
        zone: str = self.cleaned_data["tz"]
        if zone and not _is_zone(zone):
            raise ValidationError(_("There is no such time zone."), code="invalid_choice")
        return zone

    def clean_half_hour(self) -> Any:
        moment = self.cleaned_data["half_hour"]
        if moment is not None and not (isinstance(moment, datetime) and moment.tzinfo):
            raise ValidationError(_("Give the start of the half-hour with its offset."), code="moment")
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.selection = self._selection(cleaned)
        return cleaned

    def _selection(self, cleaned: dict[str, Any]) -> Selection:
        def keys(name: str) -> list[int]:
            field = self.fields[name]
            assert isinstance(field, RefField)
            return field.keys(cleaned[name])

        service = cleaned["service"] and f"service_{cleaned['service']}"
        if service and cleaned["part"] not in ("", service, Part.SERVICE_BASE):
            self.add_error("service", _("This cannot be combined with “%(part)s”.") % {"part": cleaned["part"]})
        part = service or cleaned["part"]
        return Selection(
            bounds=self._bounds(cleaned),
            part=Part(part) if part else None,
            queue_ids=keys("queue"),
            agent_ids=keys("agent"),
            reason_ids=keys("reason"),
            outcomes=[Outcome[name.upper()] for name in cleaned["outcome"]],
            directions=[CallDirection[name.upper()] for name in cleaned["direction"]],
            wait_min=cleaned["wait_min"],
            wait_max=cleaned["wait_max"],
            csat=[int(text) for text in cleaned["csat"]],
            resolved={"true": True, "false": False}.get(cleaned["resolved"]),
            external_id=cleaned["external_id"],
            batch_id=cleaned["import"].pk if cleaned["import"] else None,
            customers=[(call.vendor_id, call.customer_key or 0) for call in cleaned["customer_of"]],
        )

    def _bounds(self, cleaned: dict[str, Any]) -> dict[int, tuple[datetime, datetime]]:
        """Return each contract's half-open moments; local times are those of the contract unless ``tz`` says."""
        chosen, start, end = self.chosen(), cleaned["from"], cleaned["to"]
        if cleaned["half_hour"]:
            moment = cleaned["half_hour"].astimezone(UTC)
            return {ref.pk: (moment, moment + HALF_HOUR) for ref in chosen}
        batch = cleaned["import"]
        if batch and batch.last_offered_at and not (start or end):
            return {ref.pk: (batch.first_offered_at, batch.last_offered_at + HALF_HOUR) for ref in chosen}
        if not (start or end):
            return {ref.pk: ALWAYS for ref in chosen}
        bounds = {}
        for ref in chosen:
            zone = cleaned["tz"] or ref.zone
            first = _moment(start, zone) if start else _moment(end, zone) - timedelta(days=1)
            after = _moment(end, zone) if end else self.scope.at
            bounds[ref.pk] = (first, after)
        if any(after <= first for first, after in bounds.values()):
            self.add_error("to", _("The end must lie after the start."))
        elif any(after - first > MAX_SPAN for first, after in bounds.values()):
            self.add_error("to", _("Choose at most %(days)d days at once.") % {"days": MAX_SPAN.days - 1})
        return bounds


def _moment(value: date | datetime, zone: str) -> datetime:
    if not isinstance(value, datetime):
        return day_start(value, zone)
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
