"""One figure as a page shows it: value, level, target, distance, trend, and where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.calc.definition import Kpi, Status
from contracts.wording import KPI_NAMES
from core.components import Tile
from core.formats import ratio_text, value_text
from reports.words import LEVELS, UNITS
from sla.calc.kpi import SEVERITY
from sla.selectors import Cell, Entity, Frame


def is_judged(cell: Cell) -> bool:
    """Whether a figure stands against a target."""
    return cell.status in LEVELS


def with_vendor(frame: Frame, entity: Entity, text: str) -> str:
    """Return a name with whose it is, where several vendors may use it."""
    return f"{text} ({frame.vendors[entity.vendor_id].name})" if len(frame.vendors) > 1 else text


def level_of(status: Status) -> str:
    """Return the name of a level that the page parts know."""
    return LEVELS.get(status, "none")


def is_worse(cell: Cell, other: Cell) -> bool:
    """Whether a figure stands on a worse level than another."""
    return SEVERITY.index(cell.status) > SEVERITY.index(other.status)


@dataclass(frozen=True, slots=True)
class QueueCell:
    """One queue's figure, judged by the queue's own target."""

    queue: Entity
    cell: Cell

    @property
    def level(self) -> str:
        """How it stands."""
        return level_of(self.cell.status)

    @property
    def text(self) -> str:
        """Queue, figure and goal in one line."""
        unit, target = UNITS[self.cell.result.unit], self.cell.target
        return _("%(queue)s %(value)s (goal %(goal)s)") % {
            "queue": self.queue.name,
            "value": value_text(self.cell.result.value, unit),
            "goal": value_text(target.goal if target else None, unit),
        }


def queues_behind(cell: Cell, queues: Iterable[QueueCell]) -> tuple[QueueCell, ...]:
    """Return the queues that miss their own goal and stand worse than the whole, the worst first.

    Where the whole cannot be judged because targets differ and no queue misses its goal, the one nearest to it.
    """
    judged = sorted(
        (queue for queue in queues if is_judged(queue.cell) and is_worse(queue.cell, cell)),
        key=lambda queue: (-SEVERITY.index(queue.cell.status), queue.cell.distance),
    )
    return tuple(queue for queue in judged if queue.cell.status is not Status.GOAL) or tuple(judged[:1])


def value_less_goal(cell: Cell) -> float | None:
    """Return the value less the goal, as people say it: an ASA of 18 s is +3 s to a goal of 15 s."""
    if cell.target is None or cell.result.value is None:
        return None
    return cell.result.value - float(cell.target.goal)


def figure_text(value: float | None, unit: str) -> str:
    """Return a value with its unit even where a count or a clock has none of its own: 1,204 calls, 3:12 min."""
    text = value_text(value, unit)
    if value is not None and unit == "count":
        return ngettext("%(number)s call", "%(number)s calls", round(value)) % {"number": text}
    if value is not None and unit == "seconds" and ":" in text:
        words = _("%(time)s h") if text.count(":") > 1 else _("%(time)s min")
        return words % {"time": text}
    return text


def interval_text(cell: Cell) -> str:
    """Return the 95 % interval of a ratio in words; empty for everything else."""
    bounds = cell.result.interval
    return f"{ratio_text(bounds[0])} – {ratio_text(bounds[1])}" if bounds else ""


def interval_note(cell: Cell) -> str:
    """Return the interval as a note that says what it is."""
    text = interval_text(cell)
    return _("95%% interval %(bounds)s") % {"bounds": text} if text else ""


@dataclass(frozen=True, slots=True)
class TileExtras:
    """What a tile has beside its figure."""

    trend: Sequence[float | None] = ()
    url: str = ""
    drawer_url: str = ""
    note: Any = ""


def tile_of(cell: Cell, extras: TileExtras) -> Tile:
    """Return a figure as a KPI tile."""
    result = cell.result
    return Tile(
        name=KPI_NAMES[cell.kpi],
        value=result.value,
        unit=UNITS[result.unit],
        level=level_of(cell.status),
        target=cell.target.goal if cell.target else None,
        distance=value_less_goal(cell),
        number=result.denominator,
        trend=extras.trend,
        is_provisional=cell.is_provisional,
        is_small=result.is_small,
        url=extras.url,
        drawer_url=extras.drawer_url,
        note=extras.note,
    )


def trend_values(rows: Sequence[Any], kpi: Kpi) -> list[float | None]:
    """Return the run of a KPI over rows in order of time."""
    return [row.cell(kpi).result.value for row in rows]
