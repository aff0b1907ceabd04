"""Plan, do, check, act: what may follow what, and whether a pilot did better than its control; do all say the same?

Differences in differences take the control's change for what would have happened to the pilot had it changed nothing.
Teams that moved differently before cannot be compared like this, and no interval says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from qa.calc.intervals import Interval, degrees_together, t_95
from sla.calc.kpi import wilson

# How long the figures are watched after the change (A118).
CHECK_DAYS = 14


class State(StrEnum):
    """Where an improvement stands; rolled out and to be redone are the two forms of act."""

    PLAN = "plan"
    DO = "do"
    CHECK = "check"
    ROLLED_OUT = "rolled_out"
    REDO = "redo"
    CLOSED = "closed"


class Step(StrEnum):
    """What leads from one state to the next."""

    START_PILOT = "start_pilot"
    START_CHECK = "start_check"
    ROLL_OUT = "roll_out"
    SEND_BACK = "send_back"
    PLAN_AGAIN = "plan_again"
    CLOSE = "close"


# Every edge that exists; whatever is not here is refused.
EDGES: dict[tuple[State, Step], State] = {
    (State.PLAN, Step.START_PILOT): State.DO,
    (State.DO, Step.START_CHECK): State.CHECK,
    (State.CHECK, Step.ROLL_OUT): State.ROLLED_OUT,
    (State.CHECK, Step.SEND_BACK): State.REDO,
    (State.REDO, Step.PLAN_AGAIN): State.PLAN,
    (State.REDO, Step.CLOSE): State.CLOSED,
    (State.ROLLED_OUT, Step.CLOSE): State.CLOSED,
}
# Both ways to act stand on a check (C14).
NEED_CHECK = frozenset({Step.ROLL_OUT, Step.SEND_BACK})


def next_state(state: State, step: Step, *, is_checked: bool) -> State | None:
    """Return where a step leads from a state; None if it cannot be taken there.

    Args:
        state: Where the improvement stands.
        step: What is wanted.
        is_checked: Whether the check of **this round** is kept, over a complete window. One of a round before counts
            for nothing: something else was tried then.

    Source: domain A119, C14; docs/formulas.md, "Difference in differences".

    >>> [next_state(State.CHECK, Step.ROLL_OUT, is_checked=checked) for checked in (False, True)]
    [None, <State.ROLLED_OUT: 'rolled_out'>]
    """
    return None if step in NEED_CHECK and not is_checked else EDGES.get((state, step))


def steps_from(state: State, *, is_checked: bool) -> list[Step]:
    """Return the steps that can be taken from a state.

    >>> [step.value for step in steps_from(State.REDO, is_checked=False)]
    ['plan_again', 'close']
    """
    return [step for step in Step if next_state(state, step, is_checked=is_checked) is not None]


def window_last_day(start: date, days: int = CHECK_DAYS) -> date:
    """Return the last day of a check window, itself included.

    >>> window_last_day(date(2026, 6, 15)).isoformat()
    '2026-06-28'
    """
    return start + timedelta(days=days - 1)


def window_is_complete(start: date, final_through: date | None, days: int = CHECK_DAYS) -> bool:
    """Whether a check window may be judged: the figures of all of its days are in.

    Args:
        start: First local day on which the pilot worked in the new way.
        final_through: Last local day up to which the figure is final: past, files in, and for figures that look ahead
            (FCR) mature; None if there is none.
        days: Length, 1 or more.

    >>> [window_is_complete(date(2026, 6, 15), date(2026, 6, day)) for day in (27, 28)]
    [False, True]
    """
    return final_through is not None and final_through >= window_last_day(start, days)


@dataclass(frozen=True, slots=True)
class Moments:
    """Values of a group in a period, as sums; the unit is that of the values.

    Attributes:
        n: How many values.
        total: Their sum.
        squares: The sum of their squares.
    """

    n: int
    total: Fraction
    squares: Fraction

    @classmethod
    def of(cls, values: Iterable[int | Fraction]) -> Moments:
        """Return the moments of values.

        >>> Moments.of([1, 2, 6])
        Moments(n=3, total=Fraction(9, 1), squares=Fraction(41, 1))
        """
        found = [Fraction(value) for value in values]
        return cls(len(found), sum(found, Fraction(0)), sum((value * value for value in found), Fraction(0)))

    @property
    def mean(self) -> Fraction:
        """Total over n, which is above 0."""
        return self.total / self.n

    @property
    def variance(self) -> Fraction | None:
        """Of one value, with n − 1 below; None for a single value."""
        return (self.squares - self.total * self.total / self.n) / (self.n - 1) if self.n > 1 else None


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much more the pilot changed than its control.

    Attributes:
        value: (pilot after − before) − (control after − before), in the unit of the figure.
        error: Its standard error; None where a group has a single value.
        interval: 95 %; None where there is no error.
        is_complete: Whether it may be judged: the check window is over and all figures are in.
    """

    value: Fraction
    error: float | None
    interval: Interval | None
    is_complete: bool

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves 0 out, on either side; never before the window is complete."""
        return self.is_complete and self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def effect_of_moments(
    pilot_before: Moments, pilot_after: Moments, control_before: Moments, control_after: Moments, *, is_complete: bool
) -> Effect | None:
    """Return the difference in differences of means whose values are independent, such as handling times of calls.

    Calls of one person or team are alike, and this does not know it: where the same people are seen before and after,
    :func:`effect_of_units` is the honest one.

    Args:
        pilot_before: Values of the pilot before the change; the others likewise. Each holds two or more for an error.
        is_complete: Of :func:`window_is_complete`.

    Returns:
        None where one of the four is empty. The error is √Σ s²/n; the interval is Welch's t.

    Source: domain C14; Welch (1947); docs/formulas.md, "Difference in differences".

    >>> cells = [Moments.of(values) for values in ([8, 10, 12], [4, 6, 8], [9, 11], [8, 12])]
    >>> found = effect_of_moments(*cells, is_complete=True)
    >>> (found.value, round(found.error, 4))
    (Fraction(-4, 1), 2.7689)
    """
    return _effect([(1, pilot_after), (-1, pilot_before), (-1, control_after), (1, control_before)], is_complete)


def effect_of_units(
    pilot: Iterable[tuple[int | Fraction, int | Fraction]],
    control: Iterable[tuple[int | Fraction, int | Fraction]],
    *,
    is_complete: bool,
) -> Effect | None:
    """Return the difference in differences of units seen before and after, each its own yardstick.

    Args:
        pilot: Before and after of each person or team of the pilot; units with only one of both are left out before.
        control: The same of the control.
        is_complete: Of :func:`window_is_complete`.

    Returns:
        Mean change of the pilot less that of the control, with Welch's t over the units; None where one has no units.

    Source: domain C14; Welch (1947); docs/formulas.md, "Difference in differences".

    >>> found = effect_of_units([(70, 80), (72, 78), (60, 71)], [(71, 72), (65, 68), (80, 79)], is_complete=True)
    >>> (found.value, round(found.error, 4), [round(bound, 2) for bound in found.interval])
    (Fraction(8, 1), 1.9149, [2.52, 13.48])
    """
    changes = [Moments.of(after - before for before, after in units) for units in (pilot, control)]
    return _effect([(1, changes[0]), (-1, changes[1])], is_complete)


def _effect(terms: Sequence[tuple[int, Moments]], is_complete: bool) -> Effect | None:
    if not all(moments.n for _sign, moments in terms):
        return None
    value = sum((sign * moments.mean for sign, moments in terms), Fraction(0))
    parts = []
    for _sign, moments in terms:
        if moments.variance is None:
            return Effect(value, None, None, is_complete)
        parts.append((float(moments.variance / moments.n), moments.n - 1))
    error = sqrt(sum(variance for variance, _degrees in parts))
    spread = t_95(degrees_together(parts)) * error if error else 0.0
    return Effect(value, error, (float(value) - spread, float(value) + spread), is_complete)


Ratio = tuple[int, int]


def effect_of_ratios(
    pilot_before: Ratio, pilot_after: Ratio, control_before: Ratio, control_after: Ratio, *, is_complete: bool
) -> Effect | None:
    """Return the difference in differences of shares of cases.

    Args:
        pilot_before: Numerator and denominator of the pilot before the change, cases that met and all cases; the others
            likewise. Means such as AHT are no shares.
        is_complete: Of :func:`window_is_complete`.

    Returns:
        In ratio, −2..2; None where one of the four has no cases. The error is √Σ p(1−p)/n. The interval is put together
        from the four Wilson intervals, so it has a width where all or none met, and is not symmetrical.

    Raises:
        ValueError: A numerator is below 0 or above its denominator.

    Source: Newcombe (1998) for two shares, Zou and Donner (2008) for sums; domain C14; docs/formulas.md, "Difference in
    differences".

    >>> found = effect_of_ratios((160, 200), (180, 200), (240, 300), (243, 300), is_complete=True)
    >>> (found.value, round(found.error, 4), [round(bound, 4) for bound in found.interval])
    (Fraction(9, 100), 0.0479, [-0.0044, 0.1844])
    """
    cells = [(1, pilot_after), (-1, pilot_before), (-1, control_after), (1, control_before)]
    if any(not 0 <= met <= cases for _sign, (met, cases) in cells):
        raise ValueError("a share has at most as many cases that met as cases")
    if not all(cases for _sign, (_met, cases) in cells):
        return None
    value = sum((sign * Fraction(*ratio) for sign, ratio in cells), Fraction(0))
    variance = down = up = 0.0
    for sign, (met, cases) in cells:
        share, (low, high) = met / cases, wilson(met, cases)
        variance += share * (1 - share) / cases
        toward_low, toward_high = (share - low) ** 2, (high - share) ** 2
        down += toward_low if sign > 0 else toward_high
        up += toward_high if sign > 0 else toward_low
    return Effect(value, sqrt(variance), (float(value) - sqrt(down), float(value) + sqrt(up)), is_complete)


@dataclass(frozen=True, slots=True)
class Reply:
    """What one vendor answered to one question of the bank, in a test or a mystery call.

    Attributes:
        answer: What was said, as the evaluator classed it.
    """

    question: str
    vendor: str
    answer: str
    is_correct: bool


@dataclass(frozen=True, slots=True)
class Consistency:
    """How many questions get the same right answer everywhere; the ratio is ``numerator / denominator``.

    Attributes:
        numerator: Questions to which every reply is right and all are the same.
        denominator: Questions that two vendors or more were asked.
        interval: 95 % after Wilson, 0..1; None without questions.
        differing: Keys of the questions in the denominator only, in their order.
    """

    numerator: int
    denominator: int
    interval: Interval | None
    differing: tuple[str, ...]


def consistency_index(replies: Iterable[Reply], *, least: int = 2) -> Consistency:
    """Return the share of questions to which everybody gives the same right answer.

    Questions are counted, not pairs of replies: replies to one question hang together, questions do not, and the
    interval needs cases that do not. One wrong reply makes a question differ, so the more are asked the harder it gets:
    compare periods in which as many vendors were asked as often.

    Args:
        replies: All replies; several of one vendor to one question must agree as well. Two right answers that differ
            are not the same: the customer hears two things.
        least: Vendors that must have been asked for a question to count, 1 or more.

    Source: domain A82, C16; docs/formulas.md, "Consistency index".

    >>> said = [("refund", "A", "7 days", True), ("refund", "B", "7 days", True), ("fee", "A", "none", True)]
    >>> said += [("fee", "B", "5 yuan", False), ("hours", "A", "9 to 6", True)]
    >>> found = consistency_index(Reply(*row) for row in said)
    >>> (found.numerator, found.denominator, found.differing)
    (1, 2, ('fee',))
    """
    by_question: dict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        by_question[reply.question].append(reply)
    asked = [key for key, found in by_question.items() if len({reply.vendor for reply in found}) >= least]
    differing = tuple(sorted(key for key in asked if not _is_one_answer(by_question[key])))
    met, base = len(asked) - len(differing), len(asked)
    return Consistency(met, base, wilson(met, base) if base else None, differing)


def _is_one_answer(replies: Sequence[Reply]) -> bool:
    return all(reply.is_correct for reply in replies) and len({reply.answer for reply in replies}) == 1


class Verdict(StrEnum):
    """What a check says, for people to act on."""

    REACHED = "reached"
    BETTER = "better"
    UNSURE = "unsure"
    WORSE = "worse"
    NO_FIGURE = "no_figure"


def verdict_of(effect: Effect | None, reached: Fraction | None, target: Fraction, *, is_higher_better: bool) -> Verdict:
    """Return what an effect says: better than the control beyond chance, and whether the pilot is at its target.

    Args:
        effect: Of a complete window; None where one of the four groups is empty.
        reached: The pilot's figure after the start, in the unit of the target.
        target: Where the pilot was to come.
        is_higher_better: Which way the metric gets better.

    Source: domain A119, C14; docs/formulas.md, "Difference in differences".

    >>> found = effect_of_units([(70, 80), (72, 78), (60, 71)], [(71, 72), (65, 68), (80, 79)], is_complete=True)
    >>> [verdict_of(found, Fraction(76), Fraction(goal), is_higher_better=True).value for goal in (75, 90)]
    ['reached', 'better']
    """
    if effect is None or reached is None:
        return Verdict.NO_FIGURE
    if not effect.is_beyond_chance:
        return Verdict.UNSURE
    if (effect.value > 0) is not is_higher_better:
        return Verdict.WORSE
    return Verdict.REACHED if (reached >= target if is_higher_better else reached <= target) else Verdict.BETTER
