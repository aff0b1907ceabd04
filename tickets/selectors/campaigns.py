"""Reading outbound tasks: campaigns and how far they are, whom they call, what came of it, who is not to be called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, FloatField, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, NullIf

from calls.models import CallIdentity, Customer
from core.scope import Scope
from tickets.calc.outbound import REACHED, CampaignState, ContactState, Outcome, Purpose
from tickets.models import Attempt, Campaign, Contact, ContactImport, DoNotCall
from vendors.selectors import one

# Answers of 4 and 5 are satisfied, as for the survey after a call; the two are never added up (A99).
SATISFIED_FROM = 4
_MADE = ~Q(outcome__in=["", Outcome.LAPSED])
_REACHED = Q(outcome__in=[outcome.value for outcome in REACHED])
_SUCCESS = Q(outcome=Outcome.SUCCESS)


def campaign_list(*, scope: Scope) -> QuerySet[Campaign]:
    """Return the campaigns, the newest first; to an agent, those that run."""
    rows = Campaign.objects.visible_to(scope).select_related("vendor", "contract", "queue", "script")
    if scope.agent_id is not None:
        rows = rows.filter(state=CampaignState.LIVE)
    return rows.order_by("-made_at", "-pk")


def campaign_get(*, scope: Scope, uuid: UUID) -> Campaign:
    """Return one campaign; raises NotFound."""
    return one(campaign_list(scope=scope), uuid=uuid)


def with_progress(*, scope: Scope, campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Return campaigns with their numbers of contacts, and of attempts made, reached and successful.

    The ratios are of attempts: reached of those made, successes of those reached; None where there are none.
    """
    contacts = Contact.objects.visible_to(scope).filter(campaign=OuterRef("pk"))
    attempts = Attempt.objects.visible_to(scope).filter(_MADE, campaign=OuterRef("pk"))
    counted = campaigns.annotate(
        contact_count=_counted(contacts, "campaign"),
        open_count=_counted(contacts.filter(state=ContactState.OPEN), "campaign"),
        attempt_count=_counted(attempts, "campaign"),
        reached_count=_counted(attempts.filter(_REACHED), "campaign"),
        success_count=_counted(attempts.filter(_SUCCESS), "campaign"),
    )
    return counted.annotate(
        reached_ratio=_ratio("reached_count", "attempt_count"), success_ratio=_ratio("success_count", "reached_count")
    )


def _ratio(numerator: str, denominator: str) -> Any:
    return Cast(numerator, FloatField()) / NullIf(Cast(denominator, FloatField()), 0.0)


def _counted(rows: QuerySet[Contact] | QuerySet[Attempt], name: str) -> Coalesce:
    counts = rows.order_by().values(name).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def contacts_by_state(*, scope: Scope, campaign: Campaign) -> dict[ContactState, int]:
    """Return how many contacts of a campaign stand where; states without any are 0."""
    rows = Contact.objects.visible_to(scope).filter(campaign=campaign).order_by()
    found = dict(rows.values_list("state").annotate(count=Count("pk")))
    return {state: found.get(state.value, 0) for state in ContactState}


def import_list(*, scope: Scope) -> QuerySet[ContactImport]:
    """Return the lists that were added to campaigns, the newest first."""
    rows = ContactImport.objects.visible_to(scope).select_related("vendor", "campaign", "campaign__contract")
    return rows.order_by("-received_at", "-pk")


def import_get(*, scope: Scope, uuid: UUID) -> ContactImport:
    """Return one list; raises NotFound."""
    return one(import_list(scope=scope), uuid=uuid)


def contact_list(*, scope: Scope, campaign: Campaign) -> QuerySet[Contact]:
    """Return a campaign's contacts with masked numbers, in the order in which they came."""
    rows: QuerySet[Contact] = Contact.objects.visible_to(scope).filter(campaign=campaign).order_by("pk")
    return rows.annotate(customer_masked=_masked(scope))


def attempt_list(*, scope: Scope) -> QuerySet[Attempt]:
    """Return attempts, the newest first, with masked numbers and whether the call's record is here; an agent's own.

    Attempts that lapsed are among them; :func:`attempts_made` leaves them out.
    """
    rows: QuerySet[Attempt] = Attempt.objects.visible_to(scope).select_related(
        "vendor", "campaign", "campaign__contract", "contact", "agent", "ticket"
    )
    if scope.agent_id is not None:
        rows = rows.filter(handler_id=scope.user_id)
    # Calls lie in partitions: what is asked of them here is one look into their index of ids.
    calls = CallIdentity.objects.visible_to(scope).filter(
        vendor_id=OuterRef("vendor_id"),
        external_id=OuterRef("call_external_id"),
        contract_id=OuterRef("campaign__contract_id"),
    )
    return rows.annotate(customer_masked=_masked(scope), has_call=Exists(calls)).order_by("-handed_at", "-pk")


def attempt_get(*, scope: Scope, uuid: UUID) -> Attempt:
    """Return one attempt; raises NotFound."""
    return one(attempt_list(scope=scope), uuid=uuid)


def attempts_made(*, scope: Scope) -> QuerySet[Attempt]:
    """Return the attempts that somebody made."""
    return attempt_list(scope=scope).filter(_MADE)


def attempt_held(*, scope: Scope, campaign: Campaign) -> Attempt | None:
    """Return the attempt of a campaign that a person has in hands, if there is one whose time did not run out."""
    mine = attempt_list(scope=scope).filter(
        campaign=campaign, handler_id=scope.user_id, outcome="", held_until__gt=scope.at
    )
    return mine.order_by("handed_at").first() if scope.user_id is not None else None


def _masked(scope: Scope) -> Subquery:
    customers = Customer.objects.visible_to(scope).filter(
        vendor_id=OuterRef("vendor_id"), customer_key=OuterRef("customer_key")
    )
    return Subquery(customers.values("number_masked")[:1])


@dataclass(frozen=True, slots=True)
class OutboundDay:
    """What a campaign achieved on one local day of its contract.

    Attributes:
        attempts: Attempts that were made.
        reached: Those in which the customer was on the line; successes are among them.
        successes: What is billed where the price is per success (A43).
    """

    vendor_id: int
    contract_id: int
    campaign_id: int
    campaign: UUID
    day: date
    attempts: int
    reached: int
    successes: int

    @property
    def reached_ratio(self) -> float | None:
        """Reached of made, 0..1."""
        return self.reached / self.attempts if self.attempts else None

    @property
    def success_ratio(self) -> float | None:
        """Successes of reached, 0..1."""
        return self.successes / self.reached if self.reached else None


def outbound_days(
    *,
    scope: Scope,
    first: date | None = None,
    until: date | None = None,
    campaign_ids: Collection[int] | None = None,
    contract_ids: Collection[int] | None = None,
) -> list[OutboundDay]:
    """Return what campaigns achieved by day, for progress and for billing per success (A72).

    :func:`success_attempts` with the same arguments gives the attempts, with their calls, behind the successes.

    Args:
        scope: Who asks.
        first: First local day of each contract; None from the beginning.
        until: The day after the last.
        campaign_ids: Only these campaigns.
        contract_ids: Only campaigns under these contracts.
    """
    rows = _within(attempts_made(scope=scope), first, until, campaign_ids, contract_ids)
    names = ("vendor_id", "campaign__contract_id", "campaign_id", "campaign__uuid", "day")
    counted = (
        rows.order_by()
        .values_list(*names)
        .annotate(attempts=Count("pk"), reached=Count("pk", filter=_REACHED), successes=Count("pk", filter=_SUCCESS))
    )
    return [OutboundDay(*row) for row in counted.order_by("day", "campaign_id")]


def success_attempts(
    *,
    scope: Scope,
    first: date | None = None,
    until: date | None = None,
    campaign_ids: Collection[int] | None = None,
    contract_ids: Collection[int] | None = None,
) -> QuerySet[Attempt]:
    """Return the attempts behind the successes of :func:`outbound_days`: who, when, which call, and what proves it."""
    return _within(attempts_made(scope=scope), first, until, campaign_ids, contract_ids).filter(_SUCCESS)


def _within(
    rows: QuerySet[Attempt],
    first: date | None,
    until: date | None,
    campaign_ids: Collection[int] | None,
    contract_ids: Collection[int] | None,
) -> QuerySet[Attempt]:
    asked = {
        "day__gte": first,
        "day__lt": until,
        "campaign_id__in": campaign_ids,
        "campaign__contract_id__in": contract_ids,
    }
    return rows.filter(**{name: value for name, value in asked.items() if value is not None})


@dataclass(frozen=True, slots=True)
class OutboundSatisfaction:
    """How satisfied callers are who were called back and asked; never mixed with the survey after calls (A99).

    Attributes:
        satisfied: Answers of 4 and 5.
        answers: All answers, the n of the ratio.
        points: Sum of the answers, for the mean.
        asked: Attempts that were made, answered or not.
    """

    satisfied: int
    answers: int
    points: int
    asked: int

    @property
    def satisfied_ratio(self) -> float | None:
        """Share of answers of 4 and 5, 0..1."""
        return self.satisfied / self.answers if self.answers else None

    @property
    def mean(self) -> float | None:
        """Mean answer, 1..5."""
        return self.points / self.answers if self.answers else None


def outbound_satisfaction(
    *,
    scope: Scope,
    first: date | None = None,
    until: date | None = None,
    campaign_ids: Collection[int] | None = None,
    contract_ids: Collection[int] | None = None,
) -> OutboundSatisfaction:
    """Return what customers answered in satisfaction calls; the arguments are those of :func:`outbound_days`."""
    rows = _within(attempts_made(scope=scope), first, until, campaign_ids, contract_ids)
    found = rows.filter(campaign__purpose=Purpose.SATISFACTION).aggregate(
        satisfied=Count("pk", filter=Q(satisfaction__gte=SATISFIED_FROM)),
        answers=Count("satisfaction"),
        points=Coalesce(Sum("satisfaction"), 0),
        asked=Count("pk"),
    )
    return OutboundSatisfaction(**found)


def do_not_call_list(*, scope: Scope) -> QuerySet[DoNotCall]:
    """Return who is not to be called, the newest first; to a vendor, its own entries, never who asked elsewhere."""
    rows = DoNotCall.objects.visible_to(scope).select_related("vendor")
    return rows.order_by(F("withdrawn_at").desc(nulls_first=True), "-added_at", "-pk")


def do_not_call_get(*, scope: Scope, uuid: UUID) -> DoNotCall:
    """Return one entry; raises NotFound."""
    return one(do_not_call_list(scope=scope), uuid=uuid)
