"""How one figure came about: definition, both parts, what was left out and why, and the calls behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from contracts.calc.definition import Definition, Kpi
from contracts.wording import KPI_NAMES, resolution_text, service_level_text
from core.scope import Scope
from reports.addresses import calls_url
from reports.selectors.cells import interval_text, level_of, value_less_goal, with_vendor
from reports.words import (
    DENOMINATORS,
    LEFT_OUT,
    LEFT_OUT_PARTS,
    MISSED,
    NUMERATORS,
    PARTS,
    RECIPES_IN_WORDS,
    UNITS,
)
from sla.calc.derivation import left_out
from sla.calc.query import Dimension, Interval, KpiQuery
from sla.selectors import Cell, Entity, Frame, Row, frame_load, kpi_report

CONTRACT_QUEUE = (Dimension.CONTRACT, Dimension.QUEUE)
PART_ROWS_MAX = 1000


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """One definition and the queues that it holds for."""

    text: str
    queues: tuple[str, ...]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """Calls that are in neither part, and why."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """What the drawer says about one figure.

    Attributes:
        name: The KPI.
        recipe: How it is counted, in one sentence.
        cell: The figure.
        unit: Unit name of the page parts.
        numerator_label: What is above the line.
        denominator_label: What is below it; empty for a count.
        lines: The definitions that were applied.
        excluded: What was left out.
        links: The calls behind it: words and address.
        row: The row of the report.
    """

    name: str
    recipe: str
    cell: Cell
    unit: str
    level: str
    distance: float | None
    interval: str
    numerator_label: str
    denominator_label: str
    numerator_url: str
    denominator_url: str
    missed_label: str
    missed: int
    missed_url: str
    lines: tuple[RecipeLine, ...]
    excluded: tuple[LeftOutLine, ...]
    row: Row
    groups: tuple[str, ...]


def derivation(*, scope: Scope, query: KpiQuery) -> Derivation | None:
    """Explain the first metric of a query over its whole period; None if nothing is covered then."""
    frame = frame_load(scope=scope)
    kpi = query.metrics[0]
    asked = replace(
        query, metrics=(kpi,), interval=Interval.TOTAL, group_by=(), parts=True, page_size=PART_ROWS_MAX, order="start"
    )
    report = kpi_report(scope=scope, query=asked, frame=frame)
    if not report.rows:
        return None
    row, asked = report.rows[0], report.query
    cell = row.cells[0]
    by_queue = kpi_report(scope=scope, query=replace(asked, group_by=CONTRACT_QUEUE), frame=frame).rows
    applied = [pair for part in by_queue for pair in _definitions(frame, part)]
    everything, met, missed = PARTS[kpi]
    base = cell.result.denominator
    return Derivation(
        name=str(KPI_NAMES[kpi]),
        recipe=str(RECIPES_IN_WORDS[kpi]),
        cell=cell,
        unit=UNITS[cell.result.unit],
        level=level_of(cell.status),
        distance=value_less_goal(cell),
        interval=interval_text(cell),
        numerator_label=str(NUMERATORS[kpi]),
        denominator_label=str(DENOMINATORS.get(kpi, "")),
        numerator_url=calls_url(row, asked, met) if met or not everything else "",
        denominator_url=calls_url(row, asked, everything) if everything else "",
        missed_label=str(MISSED.get(kpi, "")),
        missed=(base or 0) - cell.result.numerator,
        missed_url=calls_url(row, asked, missed) if missed else "",
        lines=_recipe_lines(kpi, applied),
        excluded=tuple(
            LeftOutLine(
                str(LEFT_OUT[reason]),
                count,
                calls_url(row, asked, LEFT_OUT_PARTS[reason]) if reason in LEFT_OUT_PARTS else "",
            )
            for reason, count in left_out(kpi, row.measures, [definition for _q, _v, definition in applied])
        ),
        row=row,
        groups=_names(frame, query, by_queue),
    )


def _definitions(frame: Frame, part: Row) -> list[tuple[Entity, str, Definition]]:
    """Return the definitions of one queue's figures, with the versions that they stand in."""
    contract, queue = part.groups
    found = []
    for ref in part.versions:
        version = next(version for version in frame.versions.values() if version.uuid == ref.uuid)
        definition = frame.definitions.get((version.pk, queue.pk))
        if definition is not None:
            name = with_vendor(frame, contract, contract.code)
            found.append(
                (queue, _("%(contract)s version %(number)s") % {"contract": name, "number": ref.number}, definition)
            )
    return found


def _recipe_lines(kpi: Kpi, applied: Sequence[tuple[Entity, str, Definition]]) -> tuple[RecipeLine, ...]:
    """Return each recipe once, with the queues and versions that it holds for."""
    texts: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for queue, version, definition in applied:
        queues, versions = texts.setdefault(_recipe_text(kpi, definition), ({}, {}))
        queues[queue.name] = None
        versions[version] = None
    return tuple(RecipeLine(text, tuple(queues), tuple(versions)) for text, (queues, versions) in texts.items())


def _recipe_text(kpi: Kpi, definition: Definition) -> str:
    if kpi is Kpi.SERVICE_LEVEL:
        return service_level_text(definition)
    if kpi is Kpi.FCR:
        return resolution_text(definition)
    if kpi is Kpi.CSAT:
        words = {"from": definition.csat_top_from, "best": definition.csat_best}
        return _("answers %(from)s to %(best)s of %(best)s count as satisfied") % words
    excludes = {
        Kpi.CONNECT_RATE: definition.connect_excludes_short,
        Kpi.ABANDONMENT: definition.abandonment_excludes_short,
    }
    if excludes.get(kpi):
        return _("short abandons up to %(short)s s left out") % {"short": definition.short_abandon_seconds}
    return ""


def _names(frame: Frame, query: KpiQuery, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return what the figure is about, in words."""
    contracts = list(dict.fromkeys(with_vendor(frame, row.groups[0], row.groups[0].name) for row in rows))
    queues = list(dict.fromkeys(row.groups[1].name for row in rows))
    if Dimension.QUEUE in query.filters or len(queues) == 1:
        return tuple(contracts + queues)
    return tuple(contracts)
