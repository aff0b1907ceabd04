"""The columns of the lists of calls and imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from calls.models import Batch, Call, ImportProfile, RowError
from calls.selectors import ContractRef
from calls.wording import (
    ABANDON_PLACES,
    DIRECTIONS,
    OUTCOME_TONES,
    OUTCOMES,
    STATE_TONES,
    rule_remedy,
    rule_text,
)
from core import formats
from core.columns import BadgeColumn, CountColumn, HouseTable, MomentColumn, SecondsColumn, TruthColumn
from core.templatetags import ui

DASH = "—"
ONE_LINE = {"td": {"class": "text-nowrap"}}
NAME = {"td": {"class": "cell-name"}}
CODE, LONG_CODE = {"td": {"class": "cell-code"}}, {"td": {"class": "cell-long"}}


class ContractMomentColumn(MomentColumn):
    """A moment in the zone in view; where contracts of several zones are, in the zone of the row's contract."""

    def zone_in(self, table: Any) -> str:
        return self.zone or table.zone or ""

    def render(self, value: datetime, table: Any, record: Any = None) -> SafeString:
        zone = self.zone_in(table)
        shown = formats.moment_text(value, zone or table.zone_of(record), seconds=True)
        offset = "" if zone else formats.offset_text(value, table.zone_of(record))
        tail = format_html(' <span class="th-zone">{}</span>', offset) if offset else ""
        return format_html('<time datetime="{}">{}{}</time>', value.isoformat(), shown, tail)

    def value(self, value: datetime, table: Any = None, record: Any = None) -> datetime:
        return value if self.zone_in(table) else value.astimezone(ZoneInfo(table.zone_of(record)))


class WordColumn(tables.Column):  # type: ignore[misc]
    """A stored code in words."""

    def __init__(self, *args: Any, words: Mapping[int, Any], tones: Mapping[int, str] | None = None, **kwargs: Any):
        super().__init__(*args, default=DASH, **kwargs)
        self.words = words
        self.tones = tones

    def render(self, record: Any, bound_column: Any) -> SafeString | str:
        code = bound_column.accessor.resolve(record)
        word = self.words.get(code, code)
        return ui.badge(self.tones.get(code, "neutral"), word) if self.tones else str(word)

    def value(self, record: Any, bound_column: Any) -> str:
        code = bound_column.accessor.resolve(record)
        return "" if code is None else str(self.words.get(code, code))


class CallTable(HouseTable):
    """Calls, newest first; sorting by anything but time or a length of time would read every call.

    What is shown unasked fits a window of 1440 pixels.
    """

    offered = ContractMomentColumn(
        accessor="offered_at",
        verbose_name=_("Offered"),
        linkify=lambda record, table: reverse(
            "calls:detail", args=[table.contracts[record.contract_id].uuid, record.external_id]
        ),
    )
    call = tables.Column(accessor="external_id", verbose_name=_("Call"), orderable=False, attrs=LONG_CODE)
    contract = tables.Column(
        accessor="contract_id", verbose_name=_("Contract"), orderable=False, visible=False, attrs=CODE
    )
    queue = tables.Column(accessor="queue__name", verbose_name=_("Queue"), orderable=False, attrs=NAME)
    agent = tables.Column(accessor="agent__name", verbose_name=_("Agent"), orderable=False, default=DASH, attrs=NAME)
    reason = tables.Column(accessor="reason__name", verbose_name=_("Reason"), orderable=False, default=DASH, attrs=NAME)
    outcome = WordColumn(words=OUTCOMES, tones=OUTCOME_TONES, orderable=False)
    wait = SecondsColumn(accessor="wait_seconds", verbose_name=_("Wait"), default=DASH)
    talk = SecondsColumn(accessor="talk_seconds", verbose_name=_("Talk"), default=DASH)
    hold = SecondsColumn(accessor="hold_seconds", verbose_name=_("Hold"), visible=False, default=DASH)
    wrap = SecondsColumn(accessor="wrap_seconds", verbose_name=_("Wrap-up"), visible=False, default=DASH)
    csat = CountColumn(verbose_name=_("Survey"), visible=False, default=DASH)
    resolved = TruthColumn(orderable=False, visible=False, default=DASH)
    customer = tables.Column(
        accessor="customer_masked", verbose_name=_("Customer"), orderable=False, default=DASH, attrs=ONE_LINE
    )
    direction = WordColumn(words=DIRECTIONS, orderable=False, visible=False)
    answered_at = ContractMomentColumn(verbose_name=_("Answered"), orderable=False, visible=False, default=DASH)
    ended_at = ContractMomentColumn(verbose_name=_("Ended"), orderable=False, visible=False, default=DASH)
    ring = SecondsColumn(accessor="ring_seconds", verbose_name=_("Ring"), orderable=False, visible=False, default=DASH)
    abandon_place = WordColumn(words=ABANDON_PLACES, orderable=False, visible=False)
    success = TruthColumn(orderable=False, visible=False, default=DASH)
    transferred_from = tables.Column(orderable=False, visible=False, default=DASH)
    ivr_path = tables.Column(orderable=False, visible=False, default=DASH)
    recording = tables.Column(orderable=False, visible=False, default=DASH)
    revision = CountColumn(orderable=False, visible=False)

    # Column to the field of the table of rights that it shows, where the names differ.
    FIELDS = {
        "offered": "offered_at",
        "call": "external_id",
        "wait": "wait_seconds",
        "talk": "talk_seconds",
        "hold": "hold_seconds",
        "wrap": "wrap_seconds",
        "ring": "ring_seconds",
    }

    class Meta:
        model = Call
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contracts: Mapping[int, ContractRef] = {}

    def zone_of(self, record: Call) -> str:
        """Return the zone of a row's contract."""
        return self.contracts[record.contract_id].zone

    def render_contract(self, value: int) -> SafeString:
        contract = self.contracts[value]
        return format_html('<span title="{}">{}</span>', contract.name, contract.code)

    def value_contract(self, value: int) -> str:
        return self.contracts[value].code


class BatchTable(HouseTable):
    """Imports."""

    file_name = tables.Column(
        linkify=lambda record: reverse("calls:import_detail", args=[record.uuid]), verbose_name=_("File")
    )
    number = CountColumn(verbose_name=_("No."))
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"))
    state = BadgeColumn(tones=STATE_TONES)
    rows_read = CountColumn(verbose_name=_("Rows read"))
    rows_new = CountColumn(verbose_name=_("New"))
    rows_updated = CountColumn(verbose_name=_("Updated"))
    rows_unchanged = CountColumn(verbose_name=_("Unchanged"), visible=False)
    rows_superseded = CountColumn(verbose_name=_("Superseded"), visible=False)
    rows_duplicate = CountColumn(verbose_name=_("Duplicate"), visible=False)
    rows_rejected = CountColumn(verbose_name=_("Rejected"))
    received_at = MomentColumn(verbose_name=_("Received"))
    received_by = tables.Column(verbose_name=_("By"))
    source = tables.Column(verbose_name=_("Way in"))
    profile = tables.Column(verbose_name=_("Import profile"), default=_("template"), visible=False, orderable=False)
    first_offered_at = MomentColumn(verbose_name=_("First call"), visible=False, default=DASH)
    last_offered_at = MomentColumn(verbose_name=_("Last call"), visible=False, default=DASH)

    class Meta:
        model = Batch
        fields: tuple[str, ...] = ()
        order_by = "-received_at"


class RowErrorTable(HouseTable):
    """Rejected cells of one file."""

    line = CountColumn()
    column = tables.Column()
    rule = tables.Column(verbose_name=_("What is wrong"), orderable=False)
    remedy = tables.Column(accessor="rule", verbose_name=_("What to do"), orderable=False)
    value = tables.Column(verbose_name=_("Value (masked)"), orderable=False, default=DASH)
    code = tables.Column(accessor="rule", verbose_name=_("Rule"), visible=False, orderable=False)

    class Meta:
        model = RowError
        fields: tuple[str, ...] = ()

    def render_rule(self, record: RowError) -> str:
        return rule_text(rule=record.rule, column=record.column, value=record.value)

    def render_remedy(self, record: RowError) -> str:
        return rule_remedy(rule=record.rule)


class ProfileTable(HouseTable):
    """Import profiles."""

    name = tables.Column(linkify=lambda record: reverse("calls:profile_detail", args=[record.uuid]))
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"))
    number = CountColumn(verbose_name=_("Version"))
    created_at = MomentColumn(verbose_name=_("Changed"))
    zone_name = tables.Column(
        accessor="document__zone", verbose_name=_("Time zone"), default=_("in the data"), orderable=False
    )

    class Meta:
        model = ImportProfile
        fields: tuple[str, ...] = ()
