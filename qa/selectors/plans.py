"""Reading sampling plans and draws, and drawing again what was drawn."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.errors import NotFound
from core.periods import local_day
from core.scope import Scope
from qa.calc.sampling import Drawn, Item, draw, seed_follows
from qa.models import Draw, Evaluation, Plan

HEADING = ("id", "person", "stratum")


def plan_list(*, scope: Scope) -> QuerySet[Plan]:
    """Return the sampling plans by contract and name."""
    rows: QuerySet[Plan] = Plan.objects.visible_to(scope).select_related("vendor", "contract", "queue")
    if scope.agent_id is not None:
        # Who is listened to how often is for those who lead.
        rows = rows.none()
    return rows.order_by("vendor__name", "contract__name", "name", "pk")


def plan_get(*, scope: Scope, uuid: UUID) -> Plan:
    """Return a plan.

    Raises:
        NotFound: There is none for the caller.
    """
    found = plan_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def draw_list(*, scope: Scope) -> QuerySet[Draw]:
    """Return the draws, the newest first, without the lists that were drawn from."""
    rows: QuerySet[Draw] = Draw.objects.visible_to(scope).defer("population_list")
    if scope.agent_id is not None:
        rows = rows.none()
    return rows.select_related("plan__contract", "form", "vendor").order_by("-day", "-pk")


def with_draws(*, scope: Scope, plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Return plans with the number of days that they drew, and the last of them."""
    draws = Draw.objects.visible_to(scope).filter(plan=OuterRef("pk")).order_by().values("plan")
    return plans.annotate(
        draw_count=Coalesce(Subquery(draws.annotate(n=Count("pk")).values("n")), 0),
        last_day=Subquery(draws.annotate(last=Max("day")).values("last")),
    )


@dataclass(frozen=True, slots=True)
class PlanDay:
    """One of a plan's last days.

    Attributes:
        made: What was drawn of it; None if nothing was yet.
        is_over: Whether the day has ended where the contract is.
    """

    day: date
    made: Draw | None
    is_over: bool


def plan_days(*, scope: Scope, plan: Plan, count: int) -> list[PlanDay]:
    """Return a plan's last days, the newest first: those that were drawn, and those that wait."""
    today = local_day(scope.at, plan.contract.zone)
    last = min(today, plan.ends_on or today)
    first = max(plan.starts_on, today - timedelta(days=count - 1))
    drawn = {row.day: row for row in draw_list(scope=scope).filter(plan=plan, day__gte=first)}
    days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    return [PlanDay(day, drawn.get(day), day < today) for day in days]


def draw_get(*, scope: Scope, uuid: UUID) -> Draw:
    """Return a draw.

    Raises:
        NotFound: There is none for the caller.
    """
    found = draw_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def population_text(items: Iterable[Item]) -> str:
    """Return a population as the CSV that its digest is made of: one line a conversation, in the order of the ids."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(HEADING)
    writer.writerows((item.id, item.person, item.stratum) for item in sorted(items, key=lambda item: item.id))
    return sheet.getvalue()


def population_of(draw_row: Draw) -> str:
    """Return the CSV of all that could be drawn."""
    return gzip.decompress(bytes(draw_row.population_list)).decode()


def drawn_text(drawn: Iterable[Drawn]) -> str:
    """Return a sample as CSV: one line a conversation with its lot, and what it stands for."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow((*HEADING, "ticket", "stratum_count", "stratum_population"))
    writer.writerows(
        (one.item.id, one.item.person, one.item.stratum, one.ticket, one.stratum_count, one.stratum_population)
        for one in drawn
    )
    return sheet.getvalue()


def drawn_again(draw_row: Draw) -> list[Drawn]:
    """Draw again what was drawn, from the list, the quotas and the seed alone."""
    rows = csv.DictReader(io.StringIO(population_of(draw_row)))
    items = [Item(row["id"], row["person"], row["stratum"]) for row in rows]
    quotas = {person: int(own["quota"]) for person, own in draw_row.quotas.items()}
    return draw(items, quotas, bytes.fromhex(draw_row.seed))


@dataclass(frozen=True, slots=True)
class DrawCheck:
    """What comes of drawing again.

    Attributes:
        is_seed_fixed: The seed is the one that the draw before (or the plan) had fixed.
        is_list_whole: The list has the digest that was told.
        drawn: What the lot gives.
        missing: Ids that the lot gives and that nobody was asked to evaluate.
        beyond: Ids that are evaluated as drawn, and that the lot does not give.
    """

    is_seed_fixed: bool
    is_list_whole: bool
    drawn: list[Drawn]
    missing: list[str]
    beyond: list[str]

    @property
    def is_right(self) -> bool:
        """Whether everything agrees."""
        return self.is_seed_fixed and self.is_list_whole and not self.missing and not self.beyond


def draw_check(*, scope: Scope, draw_row: Draw) -> DrawCheck:
    """Draw again, and compare with the evaluations that there are.

    Args:
        scope: Who asks.
        draw_row: Fetched in scope.
    """
    drawn = drawn_again(draw_row)
    evaluations = Evaluation.objects.visible_to(scope).filter(vendor_id=draw_row.vendor_id)
    there = set(evaluations.filter(draw=draw_row).values_list("reference", flat=True))
    given = {one.item.id for one in drawn}
    # One opinion of a conversation by one form: what another draw gave before stands with that one.
    former = evaluations.filter(
        draw__isnull=False, contract=draw_row.plan.contract_id, kind=draw_row.rules["kind"], form=draw_row.form_id
    )
    there_before = former.filter(reference__in=given - there).values_list("reference", flat=True)
    text = population_of(draw_row)
    return DrawCheck(
        is_seed_fixed=seed_follows(bytes.fromhex(draw_row.seed), bytes.fromhex(_former_seed(scope, draw_row))),
        is_list_whole=hashlib.sha256(text.encode()).hexdigest() == draw_row.population_sha256,
        drawn=drawn,
        missing=sorted(given - there - set(there_before)),
        beyond=sorted(there - given),
    )


def _former_seed(scope: Scope, draw_row: Draw) -> str:
    before = Draw.objects.visible_to(scope).filter(plan=draw_row.plan_id, number=draw_row.number - 1)
    return before.values_list("seed", flat=True).first() or draw_row.plan.first_seed
