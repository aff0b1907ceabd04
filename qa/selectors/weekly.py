"""The findings of a week: frequent problems, stuck points and weak groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from core.errors import Forbidden
from core.scope import Scope
from qa.calc.forms import NA
from qa.calc.states import SCORED
from qa.calc.weekly import Counts, weeks_stuck
from qa.models import Form
from qa.selectors.evaluations import evaluation_list
from qa.selectors.forms import questions_of
from qa.selectors.scores import Asked, Group, Scored, scores_by

WEEK = timedelta(days=7)
# So many weeks are looked back to; a group is judged by as many days, for one week holds few evaluations of a person.
WEEKS_BACK, GROUP_DAYS = 8, 28
# Of fewer evaluations nothing is said.
GROUP_LEAST = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One question and how often it failed.

    Attributes:
        key: Of the question.
        text: As the newest version asks it.
        weeks: Failures and answers week by week, the oldest first; the last one is the period that was asked for.
        causes: Cause to how often it was picked in the period, the most frequent first.
        stuck: For how many weeks it has not become better.
    """

    key: str
    text: str
    weeks: tuple[Counts, ...]
    causes: Mapping[str, int]
    stuck: int

    @property
    def failed(self) -> int:
        """Failures in the period."""
        return self.weeks[-1][0]

    @property
    def answers(self) -> int:
        """Answers in the period, those that do not apply left aside."""
        return self.weeks[-1][1]


@dataclass(frozen=True, slots=True)
class WeakGroup:
    """A team or an agent whose score lies below its vendor's beyond chance.

    Attributes:
        group: Team or agent.
        scored: Its score.
        vendor_ratio: The score of its vendor, 0..1.
    """

    group: Group
    scored: Scored
    vendor_ratio: Fraction

    @property
    def ratio(self) -> float:
        """The group's score, 0..1."""
        return float(self.scored.score.ratio or 0)

    @property
    def usual(self) -> float:
        """Its vendor's, 0..1."""
        return float(self.vendor_ratio)


def problems_of(*, scope: Scope, asked: Asked) -> list[Problem]:
    """Return the questions of a form with their failures in a period and in the weeks before it, most frequent first.

    Every scored evaluation of the side counts as it is, drawn or chosen by hand.

    Raises:
        Forbidden: The role compares nothing.
    """
    if not scope.can("qa.compare"):
        raise Forbidden(permission="qa.compare")
    first = asked.first - WEEKS_BACK * WEEK
    rows = evaluation_list(scope=scope).filter(
        side=asked.side, form__code=asked.form_code, state__in=sorted(SCORED), day__gte=first, day__lte=asked.last
    )
    if asked.vendor_id is not None:
        rows = rows.filter(vendor_id=asked.vendor_id)
    forms = {
        form.pk: questions_of(form)
        for form in Form.objects.visible_to(scope).filter(code=asked.form_code).order_by("number")
    }
    texts = {question.key: question.text for form in forms.values() for question in form.questions}
    failing = {
        pk: {(q.key, choice.key) for q in form.questions for choice in q.choices if choice.is_failure}
        for pk, form in forms.items()
    }
    counts: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _week in range(WEEKS_BACK + 1)])
    causes: dict[str, Counter[str]] = defaultdict(Counter)
    for form_id, day, answers, picked in rows.order_by().values_list("form_id", "day", "answers", "causes"):
        at = _week_at(asked, day)
        for key, answer in answers.items():
            if answer == NA or key not in texts:
                continue
            is_failure = (key, answer) in failing[form_id]
            counts[key][at][0] += is_failure
            counts[key][at][1] += 1
            if is_failure and at == WEEKS_BACK and picked.get(key):
                causes[key][picked[key]] += 1
    found = [
        Problem(
            key=key,
            text=texts[key],
            weeks=(weeks := tuple((failed, answered) for failed, answered in own)),
            causes=dict(causes[key].most_common()),
            stuck=weeks_stuck(weeks),
        )
        for key, own in counts.items()
        if own[-1][1]
    ]
    return sorted(found, key=lambda one: (-one.failed, -one.stuck, one.text))


def _week_at(asked: Asked, day: date) -> int:
    """Return the place of a day's week: the last is the period itself."""
    if day >= asked.first:
        return WEEKS_BACK
    return WEEKS_BACK - 1 - (asked.first - timedelta(days=1) - day) // WEEK


def weak_groups(*, scope: Scope, asked: Asked) -> list[WeakGroup]:
    """Return the teams and agents whose whole interval lies below their vendor's score, the furthest below first.

    Judged are the four weeks up to the end of the period.

    Raises:
        Forbidden: The role compares nothing.
    """
    if not scope.can("qa.compare"):
        raise Forbidden(permission="qa.compare")
    wide = replace(asked, first=asked.last - timedelta(days=GROUP_DAYS - 1))
    given = {
        "side": wide.side, "form_code": wide.form_code, "first": wide.first, "last": wide.last,
        "vendor_id": wide.vendor_id,
    }  # fmt: skip
    houses = {one.vendor_id: one.score.ratio for one in scores_by(scope=scope, group=Group.VENDOR, **given)}  # type: ignore[arg-type]
    found = []
    for group in (Group.TEAM, Group.AGENT):
        for one in scores_by(scope=scope, group=group, **given):  # type: ignore[arg-type]
            usual, interval = houses.get(one.vendor_id), one.score.interval
            if usual is None or interval is None or one.score.evaluations < GROUP_LEAST:
                continue
            if interval[1] < usual:
                found.append(WeakGroup(group, one, usual))
    return sorted(found, key=lambda one: one.ratio - one.usual)
