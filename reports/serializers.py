"""Turns a KPI question into typed values, and its answer into the shape of the interface."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.calc.access import fields_readable
from contracts.calc.definition import Kpi, Status
from contracts.calc.targets import TargetTerms
from core.errors import BadParameter
from core.exports import Column
from core.scope import Scope
from sla.calc.kpi import RECIPES, Unit
from sla.calc.query import DEFAULT_PAGE_SIZE, MAX_CELLS, ORDER_START, Dimension, Interval, KpiQuery
from sla.selectors import Cell, Entity, KpiReport, Row

PARAMETERS = (
    "metrics",
    "group_by",
    "interval",
    "tz",
    "from",
    "to",
    *(dimension.value for dimension in Dimension),
    "order",
    "page_size",
    "next_token",
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_VALUES_MAX = 100
Choice = TypeVar("Choice", bound=StrEnum)


def kpi_query_read(parameters: Mapping[str, Sequence[str]], also: Iterable[str] = ()) -> KpiQuery:
    """Return the question that the parameters of an address ask.

    Args:
        parameters: Name to its values, as they stand in the address.
        also: Names that are none of the question and are left alone.

    Raises:
        BadParameter: A name is unknown, a value is none of the closed list, or something needed is missing.
    """
    known = {*PARAMETERS, *also}
    for name in parameters:
        if name not in known:
            message = _("There is no parameter %(name)s. Known: %(known)s.")
            raise BadParameter(name, message % {"name": name, "known": ", ".join(PARAMETERS)}, "unknown_parameter")
    zone = _zone(_one(parameters, "tz"))
    metrics = _choices(parameters, "metrics", Kpi)
    if not metrics:
        raise BadParameter("metrics", _("Name at least one of: %(known)s.") % {"known": ", ".join(Kpi)})
    start, end = (_bound(name, _one(parameters, name), zone) for name in ("from", "to"))
    if isinstance(start, datetime) is not isinstance(end, datetime):
        raise BadParameter("to", _("from and to must both be dates, or both be moments."))
    if start >= end:
        raise BadParameter("to", _("to must lie after from; it is not part of the period itself."))
    return KpiQuery(
        metrics=metrics,
        start=start,
        end=end,
        group_by=_choices(parameters, "group_by", Dimension),
        interval=(_choices(parameters, "interval", Interval, most=1) or (Interval.TOTAL,))[0],
        zone=zone,
        filters={d: found for d in Dimension if (found := _filter(d, parameters.get(d.value, ())))},
        order=_order(_one(parameters, "order") or ORDER_START, metrics),
        page_size=_page_size(_one(parameters, "page_size"), len(metrics)),
        next_token=_one(parameters, "next_token"),
    )


def _one(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    values = [value for value in parameters.get(name, ()) if value]
    if len(values) > 1:
        raise BadParameter(name, _("%(name)s can be given once only.") % {"name": name})
    return values[0] if values else ""


def _choices(
    parameters: Mapping[str, Sequence[str]], name: str, kind: type[Choice], most: int | None = None
) -> tuple[Choice, ...]:
    words = [word.strip() for value in parameters.get(name, ()) for word in value.split(",") if word.strip()]
    found: list[Choice] = []
    for word in words:
        try:
            choice = kind(word)
        except ValueError:
            message = _("%(name)s has no value %(word)s. Known: %(known)s.")
            known = ", ".join(kind)
            raise BadParameter(name, message % {"name": name, "word": word, "known": known}) from None
        if choice not in found:
            found.append(choice)
    if most is not None and len(found) > most:
        raise BadParameter(name, _("%(name)s can be given once only.") % {"name": name})
    return tuple(found)


def _zone(name: str) -> str | None:
    if not name:
        return None
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        message = _("%(zone)s is no time zone; give an IANA name such as Asia/Shanghai.")
        raise BadParameter("tz", message % {"zone": name}) from None


def _bound(name: str, text: str, zone: str | None) -> date | datetime:
    try:
        if _DAY.fullmatch(text):
            bound: date | datetime = date.fromisoformat(text)
        else:
            # A plus that nobody encoded arrives as a space.
            moment = datetime.fromisoformat(text.replace(" ", "+"))
            bound = moment.replace(tzinfo=ZoneInfo(zone)) if moment.tzinfo is None and zone else moment
        if not 2000 <= bound.year < 2100:
            raise ValueError
    except ValueError:
        message = _("%(name)s must be a date such as 2026-06-01 or a moment such as 2026-06-01T00:00:00+08:00.")
        raise BadParameter(name, message % {"name": name}) from None
    if isinstance(bound, datetime) and bound.tzinfo is None:
        message = _("%(name)s needs its distance from UTC, such as +08:00, or a time zone in tz.")
        raise BadParameter(name, message % {"name": name})
    return bound


def _filter(dimension: Dimension, values: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value for value in values if value))
    if len(found) > _VALUES_MAX:
        message = _("%(name)s takes at most %(limit)s values.")
        raise BadParameter(dimension.value, message % {"name": dimension.value, "limit": _VALUES_MAX})
    return found


def _order(text: str, metrics: Sequence[Kpi]) -> str:
    known = [ORDER_START, *metrics]
    if text.removeprefix("-") not in known:
        message = _("order must be one of %(known)s, with a leading minus for descending.")
        raise BadParameter("order", message % {"known": ", ".join(known)})
    return text


def _page_size(text: str, metric_count: int) -> int:
    if not text:
        return DEFAULT_PAGE_SIZE
    limit = MAX_CELLS // metric_count
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= limit:
        message = _("page_size must lie between 1 and %(limit)s: at most %(cells)s cells (rows times metrics) a page.")
        raise BadParameter("page_size", message % {"limit": limit, "cells": MAX_CELLS})
    return int(text)


# --- The answer -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _target(target: TargetTerms | None) -> dict[str, str] | None:
    return target.as_dict() if target else None


# Members of the closed lists are texts themselves; reading their ``value`` costs more than all the rest.
CELL_FIELDS: dict[str, Callable[[Cell], Any]] = {
    "value": lambda cell: cell.result.value,
    "numerator": lambda cell: cell.result.numerator,
    "denominator": lambda cell: cell.result.denominator,
    "unit": lambda cell: cell.result.unit,
    "mean": lambda cell: cell.result.mean,
    "interval": lambda cell: cell.result.interval,
    "few": lambda cell: cell.result.is_small,
    "provisional": lambda cell: cell.is_provisional,
    "status": lambda cell: cell.status,
    "target": lambda cell: _target(cell.target),
    "distance": lambda cell: cell.distance,
}
ROW_FIELDS: dict[str, Callable[[Row], Any]] = {
    "vendor": lambda row: _entity(row.vendor) if row.vendor else None,
    "start": lambda row: row.start.isoformat(),
    "end": lambda row: row.end.isoformat(),
    "tz": lambda row: row.zone,
    "definition_versions": lambda row: [{"id": str(ref.uuid), "number": ref.number} for ref in row.versions],
    "completeness": lambda row: {
        "computed_days": row.completeness.computed,
        "expected_days": row.completeness.expected,
        "complete": row.completeness.is_complete if row.completeness.expected else None,
    },
}


def report_write(*, scope: Scope, report: KpiReport) -> dict[str, Any]:
    """Return a report as plain JSON values; what the role may not read is absent."""
    readable = fields_readable(scope.role, scope.side, "kpi")
    query = report.query
    row_fields = {name: write for name, write in ROW_FIELDS.items() if name in readable}
    cell_fields = {name: write for name, write in CELL_FIELDS.items() if name in readable}
    group_by = [dimension.value for dimension in query.group_by]
    return {
        "metrics": [kpi.value for kpi in query.metrics],
        "group_by": group_by,
        "interval": query.interval.value,
        "tz": query.zone,
        "from": query.start.isoformat(),
        "to": query.end.isoformat(),
        "computed_at": report.computed_at.isoformat() if report.computed_at else None,
        "results": [
            {
                **{name: write(row) for name, write in row_fields.items()},
                **{
                    name: _entity(entity) for name, entity in zip(group_by, row.groups, strict=True) if name in readable
                },
                "metrics": {cell.kpi: {name: write(cell) for name, write in cell_fields.items()} for cell in row.cells},
            }
            for row in report.rows
        ],
        "next_token": report.next_token,
    }


def _entity(entity: Entity) -> dict[str, str | None]:
    return {"id": str(entity.uuid) if entity.uuid else None, "code": entity.code, "name": entity.name}


NUMBER_FORMATS = {Unit.RATIO: "0.0%", Unit.SECONDS: "0.0", Unit.CALLS: "#,##0"}


def table_groups(group_by: Iterable[str]) -> list[str]:
    """Return what each line names: the groups, and before them whose they are, for codes are unique to a vendor."""
    groups = [str(dimension) for dimension in group_by]
    return groups if Dimension.VENDOR in groups else [Dimension.VENDOR.value, *groups]


def table_columns(query: KpiQuery, titles: Mapping[str, str] | None = None) -> list[Column]:
    """Return the heads of the report as a flat table; the names of the interface unless titles are given."""
    named = titles or {}
    columns = []
    for group in table_groups(query.group_by):
        for name in (group, f"{group}_name"):
            columns.append(Column(named.get(name, name)))
    columns += [Column(named.get(name, name)) for name in ("start", "end", "tz")]
    for kpi in query.metrics:
        recipe = RECIPES[kpi]
        for part, number_format in (
            ("", NUMBER_FORMATS[recipe.unit]),
            ("_numerator", "#,##0"),
            ("_denominator", "#,##0"),
            ("_status", ""),
            ("_provisional", ""),
        ):
            columns.append(Column(named.get(kpi.value + part, kpi.value + part), number_format=number_format))
    return columns + [
        Column(named.get(name, name)) for name in ("definition_versions", "computed_days", "expected_days")
    ]


def table_cells(document: Mapping[str, Any], row: Mapping[str, Any]) -> list[Any]:
    """Return one result of :func:`report_write` as the cells under :func:`table_columns`."""
    cells: list[Any] = []
    for name in table_groups(document["group_by"]):
        entity = row.get(name) or {}
        cells += [entity.get("code"), entity.get("name")]
    cells += [row["start"], row["end"], row["tz"]]
    for name in document["metrics"]:
        cell = row["metrics"][name]
        # A role that may not read the status finds the column empty.
        cells += [cell.get(part) for part in ("value", "numerator", "denominator", "status", "provisional")]
    versions = " ".join(f"v{ref['number']}:{ref['id']}" for ref in row["definition_versions"])
    return [*cells, versions, row["completeness"]["computed_days"], row["completeness"]["expected_days"]]


# --- The same shape for the OpenAPI document; a test holds both together --------------------------------------


class EntitySerializer(serializers.Serializer[Any]):
    """Something that rows are grouped by; a code is unique to its vendor. ``id`` is null for calls without a reason."""

    id = serializers.UUIDField(allow_null=True)
    code = serializers.CharField()
    name = serializers.CharField()


class VersionRefSerializer(serializers.Serializer[Any]):
    """A contract version whose definitions were applied."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()


class CompletenessSerializer(serializers.Serializer[Any]):
    """Contract-days that have ended and that calls are expected for, and those of them that calls came in for."""

    computed_days = serializers.IntegerField()
    expected_days = serializers.IntegerField()
    complete = serializers.BooleanField(allow_null=True, help_text="Null as long as calls are expected for no day.")


class TargetSerializer(serializers.Serializer[Any]):
    """The three lines of a target: ratios 0..1, or seconds."""

    goal = serializers.DecimalField(max_digits=10, decimal_places=4)
    amber = serializers.DecimalField(max_digits=10, decimal_places=4)
    minimum = serializers.DecimalField(max_digits=10, decimal_places=4)


class CellSerializer(serializers.Serializer[Any]):
    """One metric of one row."""

    value = serializers.FloatField(allow_null=True, help_text="Numerator over denominator; null is no data.")
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField(allow_null=True, help_text="Null for a plain count.")
    unit = serializers.ChoiceField([unit.value for unit in Unit])
    mean = serializers.FloatField(allow_null=True, help_text="Mean answer, for csat only.")
    interval = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        allow_null=True,
        help_text="95 % Wilson interval of a ratio.",
    )
    few = serializers.BooleanField(help_text="Fewer than 30 cases stand behind the value.")
    provisional = serializers.BooleanField(help_text="Repeat calls that would change it can still come.")
    status = serializers.ChoiceField([status.value for status in Status])
    target = TargetSerializer(allow_null=True, help_text="Null where queues or versions of the row differ.")
    distance = serializers.FloatField(allow_null=True, help_text="To the goal; above 0 is better than promised.")


class RowSerializer(serializers.Serializer[Any]):
    """One group in one stretch of time; a group is there only if asked for in ``group_by``, the vendor always."""

    vendor = EntitySerializer(
        allow_null=True, help_text="Whose figures they are; null where those of several vendors are added up."
    )
    contract = EntitySerializer(required=False)
    queue = EntitySerializer(required=False)
    agent = EntitySerializer(required=False)
    reason = EntitySerializer(required=False)
    start = serializers.CharField(
        help_text="First moment with its offset; a date where contracts of several zones are added up by day."
    )
    end = serializers.CharField(help_text="The moment or day after the last.")
    tz = serializers.CharField(allow_null=True, help_text="Zone of start and end.")
    definition_versions = VersionRefSerializer(many=True)
    completeness = CompletenessSerializer()
    metrics = serializers.DictField(child=CellSerializer())


class KpiReportSerializer(serializers.Serializer[Any]):
    """One page of a KPI report."""

    metrics = serializers.ListField(child=serializers.ChoiceField([kpi.value for kpi in Kpi]))
    group_by = serializers.ListField(child=serializers.ChoiceField([dimension.value for dimension in Dimension]))
    interval = serializers.ChoiceField([interval.value for interval in Interval])
    tz = serializers.CharField(allow_null=True)
    to = serializers.CharField()
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the newest day behind this page was computed."
    )
    results = RowSerializer(many=True)
    next_token = serializers.CharField(
        allow_null=True, help_text="Ask again with it for the next page; null at the end."
    )

    def get_fields(self) -> dict[str, Any]:
        """Add ``from``, which is no name in Python."""
        fields = super().get_fields()
        fields["from"] = serializers.CharField()
        return fields
