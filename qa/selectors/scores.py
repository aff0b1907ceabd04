"""QA scores of agents, queues and vendors from what was drawn, each evaluation for the conversations it stands for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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


# How a row of an evaluation is told apart by each group: its key, and what it is called.
_KEYS: Mapping[Group, tuple[str, str]] = {
    Group.AGENT: ("agent_id", "agent__name"),
    Group.TEAM: ("agent__team", "agent__team"),
    Group.QUEUE: ("queue_id", "queue__name"),
    Group.CONTRACT: ("contract_id", "contract__name"),
    Group.VENDOR: ("vendor_id", "vendor__name"),
}


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one group by the evaluations of one side.

    Attributes:
        vendor_id: Whose it is.
        key: Of the group: the key of an agent, a queue …, or the name of a team.
        name: What it is called.
        score: Re-weighted by strata, with its parts, its interval and the naive mean beside it.
        accuracy: Family of errors to the share of evaluations without one.
        failed: How many evaluations failed as a whole.
    """

    vendor_id: int
    key: int | str | None
    name: str
    score: GroupScore
    accuracy: Mapping[Family, Accuracy]
    failed: int


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
    if not scope.can("qa.view"):
        raise Forbidden(permission="qa.view")
    rows = evaluation_list(scope=scope).filter(
        side=side, form__code=form_code, draw__isnull=False, state__in=sorted(SCORED), possible__gt=0
    )
    rows = rows.filter(day__gte=first, day__lte=last)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    key, name = _KEYS[group]
    facts = ("vendor_id", "draw_id", "stratum", "stratum_population", "agent__code", "earned", "possible")
    read = list(rows.order_by().values(*facts, "families", "is_failed", group_key=F(key), group_name=F(name)))
    drawn = _drawn_and_scored(scope, side, {row["draw_id"] for row in read})
    whole = _populations(scope, {row["draw_id"] for row in read}) if group is not Group.QUEUE else None
    groups: dict[tuple[int, Any], list[dict[str, Any]]] = defaultdict(list)
    for row in read:
        groups[row["vendor_id"], row["group_key"]].append(row)
    found = []
    for (owner, own_key), members in groups.items():
        people = {_person(row) for row in members}
        evaluated = [
            Evaluated(
                person=_person(row),
                stratum=f"{row['draw_id']}|{row['stratum']}",
                score=Fraction(row["earned"]) / Fraction(row["possible"]),
                stratum_count=drawn[row["draw_id"], row["stratum"]],
                stratum_population=row["stratum_population"],
            )
            for row in members
        ]
        own = None if whole is None else {person: whole[person] for person in people}
        families = [{Family(name): bool(error) for name, error in row["families"].items()} for row in members]
        found.append(
            Scored(
                vendor_id=owner,
                key=own_key,
                name=members[0]["group_name"] or "",
                score=group_score(evaluated, own),
                accuracy=critical_accuracy(families),
                failed=sum(row["is_failed"] for row in members),
            )
        )
    return sorted(found, key=lambda one: (one.vendor_id, one.name, str(one.key)))


def _person(row: Mapping[str, Any]) -> str:
    # Each day is a draw of its own: what was drawn of somebody on one day stands for that day.
    return f"{row['draw_id']}|{row['agent__code']}"


def _drawn_and_scored(scope: Scope, side: str, draws: set[int]) -> Counter[tuple[int, str]]:
    """Return how many of each stratum were drawn and scored, for whatever group."""
    rows = Evaluation.objects.visible_to(scope).filter(
        draw_id__in=draws, side=side, state__in=sorted(SCORED), possible__gt=0
    )
    return Counter(rows.values_list("draw_id", "stratum"))


def _populations(scope: Scope, draws: set[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pk, quotas in Draw.objects.visible_to(scope).filter(pk__in=draws).values_list("pk", "quotas"):
        found |= {f"{pk}|{person}": int(own["population"]) for person, own in quotas.items()}
    return found
