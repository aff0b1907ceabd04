"""How often calls fail which rule: numerators and denominators by rule, week, vendor, queue and agent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet

from calls.calc.canonical import Outcome
from calls.models import Call
from core.periods import Period
from core.scope import Scope
from qa.calc.speech_rules import Rule
from qa.models import Check, RuleSet, SpeechKind, Transcript
from qa.selectors.speech import rule_set_list, rules_of
from qa.selectors.transcripts import check_list


class Slice(StrEnum):
    """What the share of failed calls is told by."""

    VENDOR = "vendor"
    QUEUE = "queue"
    AGENT = "agent"


_NAMES: Mapping[Slice, tuple[str, str]] = {
    Slice.VENDOR: ("vendor__uuid", "vendor__name"),
    Slice.QUEUE: ("transcript__queue__uuid", "transcript__queue__name"),
    Slice.AGENT: ("transcript__agent__uuid", "transcript__agent__name"),
}


@dataclass(frozen=True, slots=True)
class Looked:
    """Which calls are looked at.

    Attributes:
        code: By which rule set, whatever its version.
        first: First local day of the calls.
        last: Last one, included.
        vendor_id: Of this vendor only.
        queue_id: Of this queue only.
        agent_id: Of this agent only.
    """

    code: str
    first: date
    last: date
    vendor_id: int | None = None
    queue_id: int | None = None
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """How often a rule fails.

    Attributes:
        failed: Calls that fail it: the numerator.
        applied: Calls to which it applies: the denominator.
        left_out: Calls that could not be judged by it.
    """

    rule: Rule
    failed: int
    applied: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the calls: how many of it fail.

    Attributes:
        key: What it is asked for by: a day, or a uuid; None for calls without one.
        name: What it is called; empty for weeks.
        vendor: Whose it is; empty for weeks.
    """

    key: Any
    name: str
    failed: int
    applied: int
    vendor: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of all calls is judged.

    Attributes:
        judged: Transcripts that were judged.
        transcripts: Transcripts that there are.
        answered: Calls that somebody answered.
        risky: Judged ones with a risk.
        failed: Judged ones that fail at least one rule.
    """

    judged: int
    transcripts: int
    answered: int
    risky: int
    failed: int


def rule_codes(*, scope: Scope) -> list[tuple[str, str]]:
    """Return code and name of the rule sets that the caller sees; the name is the newest version's."""
    rows = rule_set_list(scope=scope).filter(kind=SpeechKind.RULES).order_by("published_at", "pk")
    return sorted(dict(rows.values_list("code", "name")).items(), key=lambda pair: pair[1])


def rules_known(*, scope: Scope, code: str = "") -> dict[str, Rule]:
    """Return the rules that a rule set has or had, each as its newest version says it, the present ones first.

    Args:
        scope: Who asks.
        code: Of this rule set; of all if none is named.
    """
    found: dict[str, Rule] = {}
    sets: QuerySet[RuleSet] = rule_set_list(scope=scope).filter(kind=SpeechKind.RULES)
    sets = sets.filter(code=code) if code else sets
    seen: set[str] = set()
    for one in sets.order_by("-is_live", "-published_at", "-pk"):
        if one.digest in seen:
            continue
        seen.add(one.digest)
        for rule in rules_of(one):
            found.setdefault(rule.key, rule)
    return found


def _checks(scope: Scope, looked: Looked) -> QuerySet[Check]:
    rows = check_list(scope=scope).filter(rule_set__code=looked.code, day__gte=looked.first, day__lte=looked.last)
    places = {"vendor_id": "vendor_id", "queue_id": "transcript__queue_id", "agent_id": "transcript__agent_id"}
    asked = {places[name]: getattr(looked, name) for name in places if getattr(looked, name) is not None}
    return rows.filter(**asked).order_by()


class _Each(Func):
    function = "unnest"
    set_returning = True
    output_field = CharField()


def _by_rule(checks: QuerySet[Check], name: str) -> Counter[str]:
    listed = checks.annotate(rule=_Each(F(name))).values("rule")
    return Counter({row["rule"]: row["count"] for row in listed.annotate(count=Count("pk"))})


def rule_figures(*, scope: Scope, looked: Looked) -> list[RuleFigure]:
    """Return how often each rule fails, in the rules' order."""
    checks = _checks(scope, looked)
    failed, passed = _by_rule(checks, "failed"), _by_rule(checks, "passed")
    total = checks.count()
    return [
        RuleFigure(rule, failed[key], failed[key] + passed[key], max(0, total - failed[key] - passed[key]))
        for key, rule in rules_known(scope=scope, code=looked.code).items()
        if failed[key] + passed[key] or total
    ]


def _counted(rule: str) -> dict[str, Count]:
    """What fails and what counts: of one rule where it applied, else whether a call fails any."""
    if not rule:
        return {"failed_count": Count("pk", filter=~Q(failed=[])), "applied_count": Count("pk")}
    failed = Q(failed__contains=[rule])
    return {
        "failed_count": Count("pk", filter=failed),
        "applied_count": Count("pk", filter=failed | Q(passed__contains=[rule])),
    }


def rule_weeks(*, scope: Scope, looked: Looked, rule: str = "") -> list[Share]:
    """Return the share of failed calls week by week, from Monday; of one rule, or of any."""
    days: Any = _checks(scope, looked).order_by().values("day").annotate(**_counted(rule))
    failed, applied = Counter[date](), Counter[date]()
    for row in days:
        monday = row["day"] - timedelta(days=row["day"].weekday())
        failed[monday] += row["failed_count"]
        applied[monday] += row["applied_count"]
    return [Share(week, "", failed[week], applied[week]) for week in sorted(applied) if applied[week]]


def rule_shares(*, scope: Scope, looked: Looked, by: Slice, rule: str = "") -> list[Share]:
    """Return the share of failed calls of each vendor, queue or agent; of one rule, or of any."""
    key, name = _NAMES[by]
    rows = _checks(scope, looked).values(key, name, "vendor__name").annotate(**_counted(rule))
    found = [
        Share(row[key], row[name] or "", row["failed_count"], row["applied_count"], row["vendor__name"])
        for row in rows
        if row["applied_count"]
    ]
    return sorted(found, key=lambda one: (-one.failed / one.applied, -one.applied, one.name))


def rule_coverage(*, scope: Scope, looked: Looked, zones: Sequence[tuple[int, str]]) -> Coverage:
    """Return how much of all calls is judged.

    Args:
        scope: Who asks.
        looked: Which calls.
        zones: Keys of the contracts in view, each with its zone, whose days are asked for.
    """
    checks = _checks(scope, looked)
    counts = checks.aggregate(
        judged=Count("pk"), risky=Count("pk", filter=Q(is_risky=True)), failed=Count("pk", filter=~Q(failed=[]))
    )
    transcripts = Transcript.objects.visible_to(scope).filter(day__gte=looked.first, day__lte=looked.last)
    calls = Call.objects.visible_to(scope).filter(outcome=Outcome.ANSWERED)
    names = ("vendor_id", "queue_id", "agent_id")
    asked = {name: getattr(looked, name) for name in names if getattr(looked, name) is not None}
    answered = 0
    by_zone: dict[str, list[int]] = {}
    for contract_id, zone in zones:
        by_zone.setdefault(zone, []).append(contract_id)
    for zone, contract_ids in by_zone.items():
        period = Period(looked.first, looked.last, zone)
        answered += calls.filter(
            contract_id__in=contract_ids, offered_at__gte=period.start, offered_at__lt=period.end, **asked
        ).count()
    return Coverage(counts["judged"], transcripts.filter(**asked).count(), answered, counts["risky"], counts["failed"])
