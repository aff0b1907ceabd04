"""QA scores of agents, queues and vendors from what was drawn, each evaluation for the conversations it stands for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.db.models import F

from core.errors import Forbidden
from core.scope import Scope
from qa.calc.estimates import Accuracy, Evaluated, GroupScore, critical_accuracy, group_score
from qa.calc.forms import Family
from qa.calc.states import SCORED
from qa.models import Draw, Evaluation
from qa.selectors.evaluations import evaluation_list


class Group(StrEnum):
    """What scores are told of."""

    AGENT = "agent"
    TEAM = "team"
    QUEUE = "queue"
    CONTRACT = "contract"
    VENDOR = "vendor"


# How a row of an evaluation is told apart by each group: its key, what it is called, and what an address names it by.
_KEYS: Mapping[Group, tuple[str, str, str]] = {
    Group.AGENT: ("agent_id", "agent__name", "agent__uuid"),
    Group.TEAM: ("agent__team", "agent__team", "agent__team"),
    Group.QUEUE: ("queue_id", "queue__name", "queue__uuid"),
    Group.CONTRACT: ("contract_id", "contract__name", "contract__uuid"),
    Group.VENDOR: ("vendor_id", "vendor__name", "vendor__uuid"),
}


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one group by the evaluations of one side.

    Attributes:
        vendor_id: Whose it is.
        vendor_name: What its vendor is called.
        key: Of the group: the key of an agent, a queue …, or the name of a team.
        name: What it is called.
        reference: What an address names it by: an id, or the name of a team; empty for conversations without one.
        score: Re-weighted by strata, with its parts, its interval and the naive mean beside it.
        accuracy: Family of errors to the share of evaluations without one.
        failed: How many evaluations failed as a whole.
    """

    vendor_id: int
    vendor_name: str
    key: int | str | None
    name: str
    reference: str
    score: GroupScore
    accuracy: Mapping[Family, Accuracy]
    failed: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which evaluations scores are made of.

    Attributes:
        side: Whose evaluations: ``client`` or ``vendor``; the two are never mixed.
        form_code: By which form, whatever its version.
        first: First local day of the conversations.
        last: Last local day, included.
        vendor_id: Of this vendor only.
    """

    side: str
    form_code: str
    first: date
    last: date
    vendor_id: int | None = None


def scores_by(
    *, scope: Scope, group: Group, side: str, form_code: str, first: date, last: date, vendor_id: int | None = None
) -> list[Scored]:
    """Return the QA scores of a group for the conversations of some days, by vendor and name.

    Only what was drawn counts: what somebody picked by hand is no sample. Conversations of a draw that were dropped, or
    are not scored yet, are stood for by the others of their stratum.

    Args:
        scope: Who asks; of the other side's evaluations what is told.
        group: What the scores are of.
        side: Whose evaluations: ``client`` or ``vendor``; the two are never mixed.
        form_code: By which form, whatever its version.
        first: First local day of the conversations.
        last: Last local day, included.
        vendor_id: Of this vendor only.

    Raises:
        Forbidden: The role sees no evaluations.
    """
    read = _read(scope, Asked(side, form_code, first, last, vendor_id), group)
    return _scored(read, group, lambda row: None)[None] if read.rows else []


def scores_by_week(*, scope: Scope, group: Group, asked: Asked) -> dict[date, list[Scored]]:
    """Return the scores of :func:`scores_by` week by week, each under its Monday, in order; empty weeks are absent.

    Raises:
        Forbidden: The role sees no evaluations.
    """
    found = _scored(_read(scope, asked, group), group, lambda row: row["day"] - timedelta(days=row["day"].weekday()))
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Read:
    """What scores are made of.

    Attributes:
        rows: Facts of the evaluations.
        drawn: Draw and stratum to how many were drawn and scored, for whatever group.
        whole: Draw and person to all conversations that could be drawn; None where groups take parts of persons.
    """

    rows: list[dict[str, Any]]
    drawn: Mapping[tuple[int, str], int]
    whole: Mapping[str, int] | None


def _read(scope: Scope, asked: Asked, group: Group) -> _Read:
    if not scope.can("qa.view"):
        raise Forbidden(permission="qa.view")
    rows = evaluation_list(scope=scope).filter(
        side=asked.side,
        form__code=asked.form_code,
        draw__isnull=False,
        state__in=sorted(SCORED),
        possible__gt=0,
        day__gte=asked.first,
        day__lte=asked.last,
    )
    if asked.vendor_id is not None:
        rows = rows.filter(vendor_id=asked.vendor_id)
    key, name, reference = _KEYS[group]
    facts = ("vendor_id", "vendor__name", "draw_id", "stratum", "stratum_population", "agent__code", "day")
    named = {"group_key": F(key), "group_name": F(name), "group_reference": F(reference)}
    read = list(rows.order_by().values(*facts, "earned", "possible", "families", "is_failed", **named))
    draws = {row["draw_id"] for row in read}
    drawn = _drawn_and_scored(scope, asked.side, draws)
    return _Read(read, drawn, None if group is Group.QUEUE else populations_of(scope=scope, draws=draws))


def _scored(read: _Read, group: Group, part_of: Callable[[dict[str, Any]], Any]) -> dict[Any, list[Scored]]:
    """Return the scores of each part of the rows; a part holds whole days, and so whole draws."""
    parts: dict[Any, dict[tuple[int, Any], list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in read.rows:
        parts[part_of(row)][row["vendor_id"], row["group_key"]].append(row)
    return {
        part: sorted(
            (_one(read, owner, key, members) for (owner, key), members in groups.items()),
            key=lambda one: (one.vendor_name, one.vendor_id, one.name, str(one.key)),
        )
        for part, groups in parts.items()
    }


def _one(read: _Read, owner: int, key: Any, members: list[dict[str, Any]]) -> Scored:
    families = [{Family(name): bool(error) for name, error in row["families"].items()} for row in members]
    return Scored(
        vendor_id=owner,
        vendor_name=members[0]["vendor__name"],
        key=key,
        name=members[0]["group_name"] or "",
        reference=str(members[0]["group_reference"] or ""),
        score=score_of_rows(members, read.drawn, read.whole),
        accuracy=critical_accuracy(families),
        failed=sum(row["is_failed"] for row in members),
    )


def score_of_rows(
    rows: Sequence[Mapping[str, Any]], drawn: Mapping[tuple[int, str], int], whole: Mapping[str, int] | None
) -> GroupScore:
    """Return the score of evaluations as their facts were read; for whoever reads them elsewhere."""
    evaluated = [
        Evaluated(
            person=_person(row),
            stratum=f"{row['draw_id']}|{row['stratum']}",
            score=Fraction(row["earned"]) / Fraction(row["possible"]),
            stratum_count=drawn[row["draw_id"], row["stratum"]],
            stratum_population=row["stratum_population"],
        )
        for row in rows
    ]
    people = {_person(row) for row in rows}
    return group_score(evaluated, None if whole is None else {person: whole[person] for person in people})


def _person(row: Mapping[str, Any]) -> str:
    # Each day is a draw of its own: what was drawn of somebody on one day stands for that day.
    return f"{row['draw_id']}|{row['agent__code']}"


def _drawn_and_scored(scope: Scope, side: str, draws: set[int]) -> Counter[tuple[int, str]]:
    """Return how many of each stratum were drawn and scored, for whatever group."""
    rows = Evaluation.objects.visible_to(scope).filter(
        draw_id__in=draws, side=side, state__in=sorted(SCORED), possible__gt=0
    )
    return Counter(rows.values_list("draw_id", "stratum"))


def populations_of(*, scope: Scope, draws: set[int]) -> dict[str, int]:
    """Return the conversations of each draw and person that could be drawn."""
    found: dict[str, int] = {}
    for pk, quotas in Draw.objects.visible_to(scope).filter(pk__in=draws).values_list("pk", "quotas"):
        found |= {f"{pk}|{person}": int(own["population"]) for person, own in quotas.items()}
    return found
