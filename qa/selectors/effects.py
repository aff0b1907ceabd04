"""What a pilot did against its control: figures of both from the system's own data, before and after (C14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.db.models import Max, Q

from contracts.calc.definition import Kpi
from core.periods import local_day
from core.scope import CLIENT, Scope
from qa.calc.improvement import (
    Effect,
    Moments,
    Verdict,
    effect_of_moments,
    effect_of_ratios,
    effect_of_units,
    verdict_of,
    window_is_complete,
    window_last_day,
)
from qa.calc.states import TOLD, State
from qa.models import Draw, Evaluation, GroupBy, Improvement, Metric, Side
from qa.selectors.evaluations import evaluation_list
from qa.selectors.scores import Group, scores_by
from sla.calc.kpi import RECIPES, Unit
from sla.calc.query import Dimension, Interval, KpiQuery
from sla.selectors import kpi_report
from vendors import selectors as vendors

UNITS, MOMENTS, RATIOS = METHODS = ("units", "moments", "ratios")
_TOLD = sorted(TOLD)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of one unit or group in one period.

    Attributes:
        numerator: Sum above the line.
        denominator: Sum below it; 0 where there is nothing.
        n: Cases behind it: calls, or evaluations.
    """

    numerator: Fraction
    denominator: Fraction
    n: int

    @property
    def value(self) -> Fraction | None:
        """Numerator over denominator; None without a denominator."""
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.numerator + other.numerator, self.denominator + other.denominator, self.n + other.n)


NOTHING = Cell(Fraction(0), Fraction(0), 0)
# Key of an agent, a queue or a team to its figure.
Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One agent, team or queue before and after."""

    key: str
    name: str
    is_pilot: bool
    before: Cell
    after: Cell

    @property
    def change(self) -> Fraction | None:
        """After less before; None where one of both is missing."""
        before, after = self.before.value, self.after.value
        return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a check rests on.

    Attributes:
        units: Pilot and control, one by one.
        method: How the effect was computed.
        effect: None where one of the four groups is empty.
        verdict: Of the effect and the target.
        final_through: Last day up to which the figures are final; None if none of the window is.
        window_last: Last day of the check window.
        waiting: Evaluations of both periods that are not released yet.
    """

    units: tuple[UnitFigures, ...]
    method: str
    effect: Effect | None
    verdict: Verdict
    before: tuple[date, date]
    after: tuple[date, date]
    final_through: date | None
    window_last: date
    waiting: int
    is_complete: bool

    def whole(self, *, is_pilot: bool, is_after: bool) -> Cell:
        """Return one of the four cells: all units of a group together."""
        parts = [unit.after if is_after else unit.before for unit in self.units if unit.is_pilot is is_pilot]
        return sum(parts, NOTHING)


def baseline_of(improvement: Improvement, starts_on: date) -> tuple[date, date]:
    """Return the days before that are compared: the named ones, else as many as the check window has."""
    if improvement.baseline_first is not None and improvement.baseline_last is not None:
        return improvement.baseline_first, improvement.baseline_last
    return starts_on - timedelta(days=improvement.check_days), starts_on - ONE_DAY


def unit_of(improvement: Improvement) -> Unit:
    """Return what the metric is counted in."""
    if improvement.metric in (Metric.QA_SCORE, Metric.OTHER):
        return Unit.RATIO
    return RECIPES[Kpi(improvement.metric)].unit


def is_measured(improvement: Improvement) -> bool:
    """Whether the system has the figures itself, so that nobody types them."""
    return improvement.metric != Metric.OTHER


def names_of(*, scope: Scope, vendor_id: int, group_by: str) -> dict[str, str]:
    """Return what pilot and control can be made of: key to name, by name."""

    if group_by == GroupBy.QUEUE:
        rows = vendors.queue_list(scope=scope).filter(vendor_id=vendor_id)
        return {row.code: row.name for row in rows}
    people = vendors.agent_list(scope=scope).filter(vendor_id=vendor_id)
    if group_by == GroupBy.TEAM:
        return {team: team for team in sorted({row.team for row in people if row.team})}
    return {row.code: row.name for row in people}


def cells_of(*, scope: Scope, improvement: Improvement, first: date, last: date) -> dict[str, Cell]:
    """Return the metric of each agent, team or queue over some days, from calls or evaluations."""
    if improvement.metric == Metric.QA_SCORE:
        return _scores(scope, improvement, first, last)
    return _kpis(scope, improvement, first, last)


def _scores(scope: Scope, improvement: Improvement, first: date, last: date) -> dict[str, Cell]:
    group = Group(improvement.group_by)
    found = scores_by(
        scope=scope,
        group=group,
        side=improvement.evaluated_by,
        form_code=improvement.form_code,
        first=first,
        last=last,
        vendor_id=improvement.vendor_id,
    )
    codes: dict[Any, str] = {}
    if group is Group.AGENT:
        codes = dict(vendors.agent_list(scope=scope).filter(vendor_id=improvement.vendor_id).values_list("pk", "code"))
    elif group is Group.QUEUE:
        codes = dict(vendors.queue_list(scope=scope).filter(vendor_id=improvement.vendor_id).values_list("pk", "code"))
    return {
        codes.get(row.key, str(row.key)): Cell(row.score.numerator, row.score.denominator, row.score.evaluations)
        for row in found
        if row.key not in (None, "")
    }


def _report(scope: Scope, improvement: Improvement, first: date, last: date, **more: Any) -> Any:
    kpi = Kpi(improvement.metric)
    query = KpiQuery(
        metrics=(kpi,),
        start=first,
        end=last + ONE_DAY,
        filters={Dimension.CONTRACT: (str(improvement.contract.uuid),)},
        page_size=100_000,
        **more,
    )
    return kpi_report(scope=scope, query=query).rows


def _kpis(scope: Scope, improvement: Improvement, first: date, last: date) -> dict[str, Cell]:
    kpi = Kpi(improvement.metric)
    dimension = Dimension.QUEUE if improvement.group_by == GroupBy.QUEUE else Dimension.AGENT
    rows = _report(scope, improvement, first, last, group_by=(dimension,))
    teams: dict[str, str] = {}
    if improvement.group_by == GroupBy.TEAM:
        # Whoever is in a team today counts for it on every day.
        people = vendors.agent_list(scope=scope).filter(vendor_id=improvement.vendor_id)
        teams = dict(people.values_list("code", "team"))
    found: dict[str, Cell] = {}
    for row in rows:
        result = row.cell(kpi).result
        if not result.denominator:
            continue
        code = row.groups[0].code
        key = teams.get(code, "") if improvement.group_by == GroupBy.TEAM else code
        if key:
            cell = Cell(Fraction(result.numerator), Fraction(result.denominator), result.denominator)
            found[key] = found.get(key, NOTHING) + cell
    return found


def final_through(*, scope: Scope, improvement: Improvement, first: date, last: date) -> tuple[date | None, int]:
    """Return the last day up to which the figures of some days are final, and how many evaluations still wait.

    A day of calls is final once it is over, all that is expected of it came in, and nothing that looks ahead (FCR)
    can change it; a day of evaluations, once everything drawn of it by either side is released or left out. Both sides
    then read the same.
    """
    until = min(last, local_day(scope.at, improvement.contract.zone) - ONE_DAY)
    if until < first:
        return None, 0
    if improvement.metric == Metric.OTHER:
        return until, 0
    if improvement.metric == Metric.QA_SCORE:
        # Counted past who may read what: how many wait tells no score.
        open_ones = Evaluation.objects.visible_to(scope).filter(
            vendor_id=improvement.vendor_id,
            side=improvement.evaluated_by,
            form__code=improvement.form_code,
            draw__isnull=False,
            day__gte=first,
            day__lte=last,
        )
        days = list(
            open_ones.filter(~Q(state__in=[*_TOLD, State.DROPPED])).order_by("day").values_list("day", flat=True)
        )
        end = min([until, *(day - ONE_DAY for day in days[:1]), *_drawn_through(scope, improvement)])
        return (end if end >= first else None), len(days)
    kpi, end = Kpi(improvement.metric), until
    for row in _report(scope, improvement, first, until, interval=Interval.DAY, group_by=(Dimension.CONTRACT,)):
        start: Any = row.start
        day = start if type(start) is date else local_day(start, improvement.contract.zone)
        if not row.completeness.is_complete or row.cell(kpi).is_provisional:
            end = min(end, day - ONE_DAY)
    return (end if end >= first else None), 0


def _drawn_through(scope: Scope, improvement: Improvement) -> list[date]:
    """Return the newest day that each living plan drew: later ones will bring more evaluations."""
    draws = Draw.objects.visible_to(scope).filter(
        vendor_id=improvement.vendor_id,
        plan__state="live",
        plan__form_code=improvement.form_code,
        plan__side__in=[improvement.evaluated_by, Side.BOTH],
    )
    return list(draws.order_by().values("plan").annotate(newest=Max("day")).values_list("newest", flat=True))


def figures_of(*, scope: Scope, improvement: Improvement) -> Figures | None:
    """Return what is known of a pilot and its control; None before there is a start, or where nothing is counted.

    Before the window is complete it is what the caller may see so far; from then on it is the same for both sides.
    """
    if improvement.starts_on is None or not is_measured(improvement):
        return None
    start, days = improvement.starts_on, improvement.check_days
    before, after = baseline_of(improvement, start), (start, window_last_day(start, days))
    final, waiting = final_through(scope=scope, improvement=improvement, first=after[0], last=after[1])
    _final, waiting_before = final_through(scope=scope, improvement=improvement, first=before[0], last=before[1])
    waiting += waiting_before
    is_complete = window_is_complete(start, final, days) and not waiting
    # All is released then: whoever asks is told what the evaluating side sees, so that two checks never differ.
    view = replace(scope, side=improvement.evaluated_by or CLIENT, agent_id=None) if is_complete else scope
    cells = [cells_of(scope=view, improvement=improvement, first=first, last=last) for first, last in (before, after)]
    names = names_of(scope=scope, vendor_id=improvement.vendor_id, group_by=improvement.group_by)
    units = tuple(
        UnitFigures(key, names.get(key, key), is_pilot, cells[0].get(key, NOTHING), cells[1].get(key, NOTHING))
        for is_pilot, keys in ((True, improvement.pilot), (False, improvement.control))
        for key in keys
    )
    method, effect = _effect(view, improvement, units, before, after, is_complete=is_complete)
    reached = sum((unit.after for unit in units if unit.is_pilot), NOTHING).value
    is_higher = improvement.direction == "higher"
    verdict = verdict_of(effect, reached, Fraction(improvement.target), is_higher_better=is_higher)
    return Figures(units, method, effect, verdict, before, after, final, after[1], waiting, is_complete)


def _effect(
    scope: Scope,
    improvement: Improvement,
    units: Iterable[UnitFigures],
    before: tuple[date, date],
    after: tuple[date, date],
    *,
    is_complete: bool,
) -> tuple[str, Effect | None]:
    """Compare units where each group has two or more, else shares of cases, else the days' values."""
    units = list(units)
    pairs = {
        is_pilot: [
            (unit.before.value, unit.after.value)
            for unit in units
            if unit.is_pilot is is_pilot and unit.before.value is not None and unit.after.value is not None
        ]
        for is_pilot in (True, False)
    }
    if min(len(pairs[True]), len(pairs[False])) > 1:
        found: Any = pairs
        return UNITS, effect_of_units(found[True], found[False], is_complete=is_complete)
    wholes = {
        (is_pilot, is_after): sum(
            ((unit.after if is_after else unit.before) for unit in units if unit.is_pilot is is_pilot), NOTHING
        )
        for is_pilot, is_after in ((True, False), (True, True), (False, False), (False, True))
    }
    if improvement.metric != Metric.QA_SCORE and unit_of(improvement) is Unit.RATIO:
        ratios = [(int(cell.numerator), int(cell.denominator)) for cell in wholes.values()]
        return RATIOS, effect_of_ratios(*ratios, is_complete=is_complete)
    moments = []
    for is_pilot, (first, last) in ((True, before), (True, after), (False, before), (False, after)):
        keys = set(improvement.pilot if is_pilot else improvement.control)
        moments.append(Moments.of(_values(scope, improvement, keys, first, last)))
    return MOMENTS, effect_of_moments(*moments, is_complete=is_complete)


def _values(scope: Scope, improvement: Improvement, keys: set[str], first: date, last: date) -> list[Fraction]:
    """Return the values of a single group: scores of its evaluations, or the figure of each of its days."""
    if improvement.metric == Metric.QA_SCORE:
        column = {GroupBy.AGENT: "agent__code", GroupBy.TEAM: "agent__team", GroupBy.QUEUE: "queue__code"}
        rows = evaluation_list(scope=scope).filter(
            vendor_id=improvement.vendor_id,
            side=improvement.evaluated_by,
            form__code=improvement.form_code,
            draw__isnull=False,
            state__in=_TOLD,
            possible__gt=0,
            day__gte=first,
            day__lte=last,
        )
        own = rows.filter(**{f"{column[GroupBy(improvement.group_by)]}__in": sorted(keys)})
        points: Any = own.values_list("earned", "possible")
        return [Fraction(earned) / Fraction(possible) for earned, possible in points]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    values = []
    for day in days:
        cells = cells_of(scope=scope, improvement=improvement, first=day, last=day)
        value = sum((cell for key, cell in cells.items() if key in keys), NOTHING).value
        if value is not None:
            values.append(value)
    return values


@dataclass(frozen=True, slots=True)
class Stretch:
    """A week of a pilot and its control, counted from the start."""

    first: date
    last: date
    is_after: bool
    pilot: Cell
    control: Cell


def course_of(*, scope: Scope, improvement: Improvement) -> list[Stretch]:
    """Return pilot and control week by week, cut at the start, so that no week holds days of both sides of it."""
    if improvement.starts_on is None or not is_measured(improvement):
        return []
    start = improvement.starts_on
    before_first, before_last = baseline_of(improvement, start)
    last = min(window_last_day(start, improvement.check_days), local_day(scope.at, improvement.contract.zone))
    edges = [*range_back(before_last + ONE_DAY, before_first), *_weeks(start, last)]
    found = []
    for first, until in edges:
        cells = cells_of(scope=scope, improvement=improvement, first=first, last=until)
        pilot, control = (
            sum((cells.get(key, NOTHING) for key in keys), NOTHING) for keys in (improvement.pilot, improvement.control)
        )
        found.append(Stretch(first, until, first >= start, pilot, control))
    return found


def range_back(end: date, first: date) -> list[tuple[date, date]]:
    """Return the weeks from a day on that end before another; the first may be short."""
    starts = [end]
    while starts[0] > first:
        starts.insert(0, max(starts[0] - timedelta(days=7), first))
    return [(one, other - ONE_DAY) for one, other in pairwise(starts)]


def _weeks(first: date, last: date) -> list[tuple[date, date]]:
    starts = list(range(0, (last - first).days + 1, 7))
    return [(first + timedelta(days=n), min(first + timedelta(days=n + 6), last)) for n in starts]
