"""What both sides may know of a contract's day: the parts of the KPIs that are kept of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.scope import Scope
from qa.calc.estimates import Accuracy, GroupScore, critical_accuracy
from qa.calc.forms import Family
from qa.calc.states import OPEN, TOLD
from qa.models import Evaluation
from qa.selectors.scores import populations_of, score_of_rows

FACTS = (
    *("vendor_id", "contract_id", "day", "side", "draw_id", "stratum", "stratum_population", "agent__code"),
    *("earned", "possible", "families"),
)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One side's evaluations of a contract's day.

    Attributes:
        score: As of :func:`qa.selectors.scores_by`, over all forms: each form's conversations count.
        accuracy: Family of errors to the share of evaluations without one.
    """

    score: GroupScore
    accuracy: Mapping[Family, Accuracy]


def day_figures(*, scope: Scope, keys: Collection[tuple[int, date]]) -> dict[tuple[int, date, str], DayFigures]:
    """Return what is known of some contracts' days, by contract, day and side.

    Only what was drawn and released counts, and not while the other side is still to evaluate the same conversation:
    these figures are everybody's, and must tell nobody what it may not know yet. Days without any are absent.

    Args:
        scope: The platform's: both sides' evaluations are read.
        keys: Contracts with their local days.
    """
    days: dict[int, list[date]] = defaultdict(list)
    for contract_id, day in keys:
        days[contract_id].append(day)
    asked = Q()
    for contract_id, own in days.items():
        asked |= Q(contract_id=contract_id, day__in=own)
    if not asked:
        return {}
    evaluations = Evaluation.objects.visible_to(scope)
    other_open = evaluations.filter(
        vendor_id=OuterRef("vendor_id"),
        contract_id=OuterRef("contract_id"),
        kind=OuterRef("kind"),
        reference=OuterRef("reference"),
        draw__isnull=False,
        state__in=sorted(OPEN),
    ).exclude(side=OuterRef("side"))
    told = evaluations.filter(asked, draw__isnull=False, state__in=sorted(TOLD), possible__gt=0)
    rows = list(told.exclude(Exists(other_open)).order_by("pk").values(*FACTS))
    # What is not told yet is stood for by the others of its stratum.
    drawn: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    groups: dict[tuple[int, date, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        drawn[row["side"]][row["draw_id"], row["stratum"]] += 1
        groups[row["contract_id"], row["day"], row["side"]].append(row)
    whole = populations_of(scope=scope, draws={row["draw_id"] for row in rows})
    return {
        key: DayFigures(
            score=score_of_rows(members, drawn[key[2]], whole),
            accuracy=critical_accuracy(
                {Family(name): bool(error) for name, error in row["families"].items()} for row in members
            ),
        )
        for key, members in groups.items()
    }
