"""How far a rule is to be believed: against what people found in the same conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from qa.calc.rule_book import Verdict
from sla.calc.kpi import wilson


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule and a person say about one conversation.

    Attributes:
        rule: Key of the rule.
        verdict: The rule's.
        has_failed: Whether the person found the error that the rule looks for; None if it did not apply to them.
    """

    rule: str
    verdict: Verdict
    has_failed: bool | None


@dataclass(frozen=True, slots=True)
class Share:
    """A ratio with what it is made of.

    Attributes:
        numerator: 0..denominator.
        denominator: 0 or more.
        low: 95 % bounds, 0..1; None if the denominator is 0.
        high: See ``low``.
    """

    numerator: int
    denominator: int
    low: float | None
    high: float | None

    @property
    def value(self) -> float | None:
        """0..1; None if the denominator is 0."""
        return self.numerator / self.denominator if self.denominator else None


def _share(numerator: int, denominator: int) -> Share:
    low, high = wilson(numerator, denominator) if denominator else (None, None)
    return Share(numerator, denominator, low, high)


@dataclass(frozen=True, slots=True)
class RuleQuality:
    """How a rule and people agree on the conversations that both judged.

    Attributes:
        true_failed: Both found the error.
        false_failed: Only the rule did.
        missed: Only the person did.
        true_passed: Neither did.
        left_out: Conversations to which the rule or the person found it not applicable; they count in nothing else.
    """

    true_failed: int = 0
    false_failed: int = 0
    missed: int = 0
    true_passed: int = 0
    left_out: int = 0

    @property
    def precision(self) -> Share:
        """Of the errors that the rule reports, how many are some."""
        return _share(self.true_failed, self.true_failed + self.false_failed)

    @property
    def recall(self) -> Share:
        """Of the errors that there are, how many the rule reports. Only conversations drawn by lot tell it fairly."""
        return _share(self.true_failed, self.true_failed + self.missed)

    @property
    def f1(self) -> Share:
        """Harmonic mean of both: 2 · true / (2 · true + false + missed).

        Its numerator counts every true error twice, so that Wilson's interval does not hold for it; it holds for
        J = true / (true + false + missed), and F1 = 2J / (1 + J) carries the bounds over.
        """
        true, others = self.true_failed, self.false_failed + self.missed
        if not true + others:
            return Share(0, 0, None, None)
        low, high = wilson(true, true + others)
        return Share(2 * true, 2 * true + others, 2 * low / (1 + low), 2 * high / (1 + high))


def rule_quality(judgements: Iterable[Judgement]) -> dict[str, RuleQuality]:
    """Return how each rule and people agree, by the rule's key in order.

    Args:
        judgements: One for each rule and evaluation of a conversation.

    Source: precision and recall after van Rijsbergen 1979; Wilson 1927; domain A113; docs/formulas.md, "Quality of a
    rule".

    >>> told = [(Verdict.FAILED, True)] * 8 + [(Verdict.FAILED, False)] * 2 + [(Verdict.PASSED, True)] * 4
    >>> quality = rule_quality(Judgement("promise", *each) for each in told)["promise"]
    >>> for share in (quality.precision, quality.recall, quality.f1):
    ...     print(f"{share.numerator}/{share.denominator} = {share.value:.3f}, {share.low:.3f}–{share.high:.3f}")
    8/10 = 0.800, 0.490–0.943
    8/12 = 0.667, 0.391–0.862
    16/22 = 0.727, 0.492–0.880
    """
    counts: dict[str, Counter[str]] = {}
    for each in judgements:
        counts.setdefault(each.rule, Counter())[_cell(each)] += 1
    return {key: RuleQuality(**counts[key]) for key in sorted(counts)}


def _cell(each: Judgement) -> str:
    if each.verdict is Verdict.NOT_APPLICABLE or each.has_failed is None:
        return "left_out"
    if each.verdict is Verdict.FAILED:
        return "true_failed" if each.has_failed else "false_failed"
    return "missed" if each.has_failed else "true_passed"
