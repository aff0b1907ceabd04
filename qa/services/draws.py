"""Drawing the sample of a day: once, in slices, and so that anybody can draw it again."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.rows import row_add
from audit.services import record
from core.errors import Conflict
from core.faults import crash_point
from core.periods import Period, local_day
from core.scope import CLIENT, VENDOR, Scope, activate
from core.seals import seal_of
from qa import selectors
from qa.calc.sampling import Drawn, Item, Person, Standing, draw, quotas_adaptive, quotas_by_rate, seed_of
from qa.calc.states import SCORED, State
from qa.models import Draw, Evaluation, Form, Origin, Plan, Side
from qa.services.figures import score_marks_add
from qa.services.plans import SEAL
from vendors.models import Agent

ALGORITHM = "sha256-strata-1"
# A day is drawn this long after it ended: files of the night come in by then.
WAIT = timedelta(hours=6)
# A day of which nothing came by then has nothing.
WAIT_FOR_ANY_DAYS = 7
# So many days are looked back to, and so many conversations placed in one transaction.
DAYS_BACK, SLICE = 14, 2000
# Scores of so many days say where somebody stands, from so many evaluations on.
STANDING_DAYS, STANDING_LEAST = 28, 3
ONE_DAY = timedelta(days=1)


def draws_due(*, scope: Scope) -> int:
    """Draw the oldest day that waits, of one plan; the next tick takes the next one.

    Returns:
        Number of days drawn: 1, or 0 when none waits.
    """
    with activate(scope):
        for plan in selectors.plan_list(scope=scope).filter(state="live"):
            day = _day_waiting(scope, plan)
            if day is not None and plan_draw(scope=scope, uuid=plan.uuid, day=day) is not None:
                return 1
    return 0


def _day_waiting(scope: Scope, plan: Plan) -> date | None:
    zone = plan.contract.zone
    last = local_day(scope.at - WAIT, zone) - ONE_DAY
    if plan.ends_on is not None:
        last = min(last, plan.ends_on)
    first = max(plan.starts_on, local_day(scope.at, zone) - timedelta(days=DAYS_BACK))
    drawn = set(
        Draw.objects.visible_to(scope).filter(plan=plan, day__gte=first, day__lte=last).values_list("day", flat=True)
    )
    for day in Period(first, last, zone) if first <= last else ():
        if day in drawn:
            continue
        has_any = selectors.population_for(kind=plan.kind).is_any(scope=scope, plan=plan, day=day)
        if has_any or local_day(scope.at, zone) - day > timedelta(days=WAIT_FOR_ANY_DAYS):
            return day
    return None


@transaction.atomic
def plan_draw(*, scope: Scope, uuid: UUID, day: date) -> Draw | None:
    """Draw a day of a plan; what was drawn already is not drawn again.

    Returns:
        The draw, with its evaluations to be placed by :func:`draws_place`; None if the day was drawn already, or the
        plan's form is not in use.

    Raises:
        NotFound: There is no such plan for the caller.
    """
    with activate(scope):
        plan: Plan = (
            Plan.objects.visible_to(scope)
            .select_for_update(of=("self",))
            .get(pk=selectors.plan_get(scope=scope, uuid=uuid).pk)
        )
        form = selectors.form_live(scope=scope, vendor_id=plan.vendor_id, code=plan.form_code)
        draws = Draw.objects.visible_to(scope).filter(plan=plan)
        if form is None or draws.filter(day=day).exists():
            return None
        number = draws.count() + 1
        seed = seed_of(seal_of(SEAL).decrypt(bytes(plan.secret_encrypted)), length=plan.chain_length, number=number)
        items, excluded = _population(scope, plan, day)
        people = _people(scope, plan, day, items)
        if plan.method == "adaptive":
            quotas = quotas_adaptive(people, base=plan.base, high=plan.high)
        else:
            quotas = quotas_by_rate(people, rate=Fraction(plan.rate_percent, 100), least=plan.least, most=plan.most)
        drawn = draw(items, quotas, seed)
        text = selectors.population_text(items)
        row = Draw(
            vendor_id=plan.vendor_id,
            plan=plan,
            form=form,
            number=number,
            day=day,
            seed=seed.hex(),
            algorithm=ALGORITHM,
            rules=_rules(plan),
            excluded=excluded,
            quotas={
                person.key: {
                    "standing": person.standing.value,
                    "population": person.population,
                    "is_new": person.is_new,
                    "quota": quotas[person.key],
                }
                for person in people
            },
            population_list=gzip.compress(text.encode(), mtime=0),
            population_sha256=hashlib.sha256(text.encode()).hexdigest(),
            population_count=len(items),
            sampled_count=len(drawn),
            drawn_at=scope.at,
        )
        told: dict[str, Any] = {"plan": plan.name, "day": day.isoformat(), "seed": row.seed}
        told |= {"population_count": row.population_count, "sampled_count": row.sampled_count}
        row_add(scope=scope, action="draw.made", row=row, entered=told)
        crash_point("after_draw")
    return row


def plan_draw_now(*, scope: Scope, uuid: UUID, day: date) -> Draw:
    """Draw a day that is over without waiting for the tick; what it draws is placed like everything else.

    Raises:
        NotFound: There is no such plan for the caller.
        Forbidden: The role makes no plans.
        Conflict: The plan does not draw now, the day is not over or not the plan's, it was drawn already, or the form
            is not in use at the vendor.
    """
    scope.require("qa.forms")
    plan = selectors.plan_get(scope=scope, uuid=uuid)
    if plan.state != "live":
        raise Conflict("wrong_state", _("This plan does not draw now."))
    if not plan.starts_on <= day <= min(plan.ends_on or date.max, local_day(scope.at, plan.contract.zone) - ONE_DAY):
        raise Conflict("not_its_day", _("This day is not over yet, or not one of the plan’s."))
    if Draw.objects.visible_to(scope).filter(plan=plan, day=day).exists():
        raise Conflict("drawn", _("This day is drawn already."))
    made = plan_draw(scope=scope, uuid=uuid, day=day)
    if made is None:
        raise Conflict("no_form", _("The plan’s form is not in use at the vendor; publish it first."))
    return made


def draws_place(*, scope: Scope) -> int:
    """Make the evaluations of what was drawn, some at a time; a worker that dies leaves whole slices behind.

    Returns:
        Number of conversations placed; 0 when none waits.
    """
    with activate(scope):
        waiting = Draw.objects.visible_to(scope).filter(placed_count__lt=F("sampled_count"))
        row: Draw | None = (
            waiting.select_related("plan__contract", "form")
            .order_by("pk")
            .select_for_update(of=("self",), skip_locked=True)
            .first()
        )
        if row is None:
            return 0
        drawn = selectors.drawn_again(row)[row.placed_count : row.placed_count + SLICE]
        for side in (CLIENT, VENDOR):
            # As the plan said on the day of the draw, whatever it says now.
            if row.rules["side"] in (side, Side.BOTH):
                _place(scope, row, side, drawn)
        score_marks_add(scope=scope, days=[(row.vendor_id, row.plan.contract_id, row.day)])
        crash_point("after_slice_placed")
        row.placed_count += len(drawn)
        row.save(update_fields=["placed_count"])
        if row.placed_count == row.sampled_count:
            record(scope=scope, action="draw.placed", target=row, changes={"placed_count": [None, row.placed_count]})
    return len(drawn)


def _place(scope: Scope, row: Draw, side: str, drawn: list[Drawn]) -> None:
    contract, kind = row.plan.contract, row.rules["kind"]
    by_id = {one.item.id: one for one in drawn}
    evaluations = Evaluation.objects.visible_to(scope)
    # Somebody chose it by hand before: the lot makes it count.
    chosen = evaluations.filter(contract=contract, side=side, form=row.form, kind=kind, reference__in=by_id)
    known = set()
    for evaluation in chosen.exclude(state=State.DROPPED).exclude(origin=Origin.COACHING).select_for_update():
        known.add(evaluation.reference)
        if evaluation.draw_id is None:
            _stands_for(evaluation, row, by_id[evaluation.reference])
            evaluation.save(update_fields=["draw", "stratum", "stratum_count", "stratum_population"])
    population = selectors.population_for(kind=kind)
    left = by_id.keys() - known
    number = evaluations.number_next(vendor_id=row.vendor_id)
    fresh: list[Evaluation] = []
    for one in population.conversations(scope=scope, plan=row.plan, day=row.day, references=left):
        evaluation = Evaluation(
            vendor_id=row.vendor_id,
            number=number + len(fresh),
            side=side,
            form=row.form,
            origin=Origin.DRAWN,
            contract=contract,
            queue_id=one.queue_id,
            agent_id=one.agent_id,
            reason_id=one.reason_id,
            kind=kind,
            reference=one.reference,
            offered_at=one.offered_at,
            day=row.day,
        )
        _stands_for(evaluation, row, by_id[one.reference])
        fresh.append(evaluation)
    evaluations.bulk_create(fresh, batch_size=1000)


def _stands_for(evaluation: Evaluation, row: Draw, one: Drawn) -> None:
    evaluation.draw, evaluation.stratum = row, f"{one.item.person}|{one.item.stratum}"
    evaluation.stratum_count, evaluation.stratum_population = one.stratum_count, one.stratum_population


def _population(scope: Scope, plan: Plan, day: date) -> tuple[list[Item], dict[str, int]]:
    """Return all that may be drawn, and how many conversations each rule left out."""
    codes = dict(Agent.objects.visible_to(scope).filter(vendor_id=plan.vendor_id).values_list("pk", "code"))
    population = selectors.population_for(kind=plan.kind)
    items, left_out = [], Counter(dict.fromkeys(population.rules, 0))
    for one in population.listed(scope=scope, plan=plan, day=day):
        if one.left_out or one.agent_id is None:
            left_out[one.left_out] += 1
        else:
            items.append(Item(one.reference, codes[one.agent_id], one.stratum))
    return items, dict(left_out)


def _people(scope: Scope, plan: Plan, day: date, items: list[Item]) -> list[Person]:
    """Return whose conversations they are, by code, and where each stands."""
    counts = Counter(item.person for item in items)
    agents = Agent.objects.visible_to(scope).filter(vendor_id=plan.vendor_id, code__in=counts)
    hired = dict(agents.values_list("code", "hired_on"))
    standings = _standings(scope, plan, day) if plan.method == "adaptive" else {}
    return [
        Person(
            key=code,
            standing=standings.get(code, Standing.MIDDLE),
            population=counts[code],
            is_new=hired.get(code) is not None and 0 <= (day - hired[code]).days < plan.new_days,
        )
        for code in sorted(counts)
    ]


def _standings(scope: Scope, plan: Plan, day: date) -> dict[str, Standing]:
    """Return who is high or low by the scores of the last weeks, all sides' and the plan's form's."""
    forms = Form.objects.visible_to(scope).filter(vendor_id=plan.vendor_id, code=plan.form_code)
    scored = Evaluation.objects.visible_to(scope).filter(
        vendor_id=plan.vendor_id,
        form__in=forms,
        state__in=sorted(SCORED),
        day__gte=day - timedelta(days=STANDING_DAYS),
        day__lt=day,
        possible__gt=0,
    )
    found: dict[str, Standing] = {}
    counts: Counter[str] = Counter()
    ratios: Counter[str] = Counter()
    for code, earned, possible in scored.values_list("agent__code", "earned", "possible"):
        counts[code] += 1
        ratios[code] += Fraction(earned) / Fraction(possible)  # type: ignore[assignment]
    for code, count in counts.items():
        percent = 100 * Fraction(ratios[code]) / count
        if count >= STANDING_LEAST and percent >= plan.high_percent:
            found[code] = Standing.HIGH
        elif count >= STANDING_LEAST and percent < plan.low_percent:
            found[code] = Standing.LOW
    return found


def _rules(plan: Plan) -> dict[str, Any]:
    """Return what the plan says on the day of the draw."""
    population = selectors.population_for(kind=plan.kind)
    numbers = (
        "kind",
        "method",
        "rate_percent",
        "least",
        "most",
        "base",
        "high",
        "high_percent",
        "low_percent",
        "new_days",
    )
    return {
        **{name: getattr(plan, name) for name in (*numbers, "side", "form_code")},
        **({"talk_seconds_least": plan.talk_seconds_least} if "short" in population.rules else {}),
        "queue": plan.queue.code if plan.queue else None,
        "filters": population.filters,
        "strata": population.strata,
        "standing_days": STANDING_DAYS,
        "standing_least": STANDING_LEAST,
    }
