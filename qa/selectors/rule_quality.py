"""How far each rule is to be believed: what it said beside what people found in the same calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.scope import Scope
from qa.calc.forms import NA, Question
from qa.calc.rule_book import Verdict
from qa.calc.rule_quality import Judgement, RuleQuality, rule_quality
from qa.calc.speech_rules import Rule
from qa.calc.states import SCORED
from qa.models import Check, Evaluation, Form, Kind
from qa.selectors.evaluations import evaluation_list
from qa.selectors.forms import questions_of
from qa.selectors.rule_figures import rules_known
from qa.selectors.transcripts import check_list

# Pairs are compared in memory; more than these tell no more.
PAIRS_MOST = 20_000


class QualityCell(StrEnum):
    """Which of both found the error."""

    TRUE_FAILED = "true_failed"
    FALSE_FAILED = "false_failed"
    MISSED = "missed"
    TRUE_PASSED = "true_passed"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Pair:
    """One call that a rule and a person judged.

    Attributes:
        has_failed: Whether the person found the error; None if the question did not apply.
        answer: The person's, in words.
    """

    rule: Rule
    check: Check
    evaluation: Evaluation
    verdict: Verdict
    has_failed: bool | None
    answer: str

    @property
    def cell(self) -> QualityCell:
        """Which of both found the error."""
        quality = rule_quality([Judgement(self.rule.key, self.verdict, self.has_failed)])[self.rule.key]
        return next(cell for cell in QualityCell if getattr(quality, cell.value))


@dataclass(frozen=True, slots=True)
class Believed:
    """How a rule and people agree.

    Attributes:
        question: What it is measured against; None where nobody said.
        quality: The four counts with precision and recall.
    """

    rule: Rule
    question: str | None
    quality: RuleQuality


def error_found(question: Question, answer: str) -> bool | None:
    """Return whether an answer says that the error was made; None if it does not apply.

    Where the form calls some answers failures these are meant; else those that earn nothing.
    """
    choice = question.choice(answer) if answer and answer != NA else None
    if choice is None:
        return None
    if any(each.is_failure for each in question.choices):
        return choice.is_failure
    return choice.points <= 0


def quality_pairs(
    *, scope: Scope, code: str, side: str, first: date, last: date, only_drawn: bool, rule: str = ""
) -> list[Pair]:
    """Return the calls that both a rule and a person judged, the newest first.

    Args:
        scope: Who asks; of evaluations what the caller may see.
        code: Of the rule set.
        side: Whose evaluations: ``client`` or ``vendor``.
        first: First local day of the calls.
        last: Last one, included.
        only_drawn: Only evaluations that the lot drew: the others were picked, some by these very rules.
        rule: Key of one rule; all that are measured against a question, if empty.
    """
    checks = check_list(scope=scope).filter(rule_set__code=code, day__gte=first, day__lte=last)
    evaluations = evaluation_list(scope=scope).filter(
        kind=Kind.CALL, side=side, state__in=sorted(SCORED), day__gte=first, day__lte=last
    )
    if only_drawn:
        evaluations = evaluations.filter(draw__isnull=False)
    by_call: dict[tuple[int, str], list[Evaluation]] = {}
    for row in evaluations[:PAIRS_MOST]:
        by_call.setdefault((row.contract_id, row.reference), []).append(row)
    judged = checks.filter(transcript__external_id__in=[call for _contract, call in by_call])
    rules = rules_known(scope=scope, code=code)
    questions: dict[int, Mapping[str, Question]] = {}
    pairs = []
    for check in judged.defer("results", "transcript__body", "rule_set__body")[:PAIRS_MOST]:
        failed, passed = set(check.failed), set(check.passed)
        for row in by_call.get((check.transcript.contract_id, check.transcript.external_id), ()):
            if row.form.code != check.rule_set.form_code:
                continue
            asked = _questions(questions, row.form)
            for key, name in check.rule_set.links.items():
                question = asked.get(name)
                if question is None or key not in rules or (rule and key != rule):
                    continue
                verdict = Verdict.FAILED if key in failed else Verdict.PASSED
                verdict = verdict if key in failed | passed else Verdict.NOT_APPLICABLE
                answer = row.answers.get(name, "")
                choice = question.choice(answer)
                words = choice.label if choice else ""
                pairs.append(Pair(rules[key], check, row, verdict, error_found(question, answer), words))
    return pairs


def _questions(kept: dict[int, Mapping[str, Question]], form: Form) -> Mapping[str, Question]:
    if form.pk not in kept:
        kept[form.pk] = {question.key: question for question in questions_of(form).questions}
    return kept[form.pk]


def quality_list(*, scope: Scope, code: str, side: str, first: date, last: date, only_drawn: bool) -> list[Believed]:
    """Return how far each rule is to be believed, in the rules' order; see :func:`quality_pairs`."""
    pairs = quality_pairs(scope=scope, code=code, side=side, first=first, last=last, only_drawn=only_drawn)
    counted = rule_quality(Judgement(pair.rule.key, pair.verdict, pair.has_failed) for pair in pairs)
    asked = {pair.rule.key: pair.check.rule_set.links[pair.rule.key] for pair in reversed(pairs)}
    return [
        Believed(rule, asked.get(key), counted.get(key, RuleQuality()))
        for key, rule in rules_known(scope=scope, code=code).items()
    ]
