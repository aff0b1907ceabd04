"""The calls behind a number: exactly those that count in it, under the definition in force for each of them.

The conditions mirror sla/sql/fresh_arrival.sql and fresh_answer.sql; a test counts both for every part. A comparison
with an unknown wait is true for neither side there, so none is written here as the opposite of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from calls.calc.canonical import CallDirection, Outcome
from calls.calc.parts import BOOKED_ON_ARRIVAL, BY_TERMS, Part
from calls.models import Call
from calls.selectors.records import call_list, call_places
from contracts import selectors as contracts
from contracts.calc.definition import Bucketing, Definition, Formula, Operator
from core.scope import Scope

# The longest wait that a call can have; an answer is looked for so long after the arrival.
LONGEST_WAIT = timedelta(hours=24)

INBOUND = Q(direction=CallDirection.INBOUND)
ANSWERED = Q(outcome=Outcome.ANSWERED)
ABANDONED = Q(outcome=Outcome.ABANDONED)
FLOWED_OUT = Q(outcome=Outcome.FLOWED_OUT)
NOBODY = Q(external_id__in=[])


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls are wanted; a field that is None or empty asks for nothing.

    Attributes:
        bounds: Contracts and the half-open moments in each; with a part, the calls booked in them.
        part: Only the calls that count in this figure.
        agent_ids: With a part, whoever the figure is attributed to: nobody, for a caller who hung up before.
        reason_ids: 0 stands for calls without a reason.
        customers: Vendor and customer key.
    """

    bounds: Mapping[int, tuple[datetime, datetime]]
    part: Part | None = None
    queue_ids: Collection[int] = ()
    agent_ids: Collection[int] = ()
    reason_ids: Collection[int] = ()
    outcomes: Collection[int] = ()
    directions: Collection[int] = ()
    wait_min: int | None = None
    wait_max: int | None = None
    csat: Collection[int] = ()
    resolved: bool | None = None
    external_id: str = ""
    batch_id: int | None = None
    customers: Collection[tuple[int, int]] = ()


def call_select(*, scope: Scope, selection: Selection) -> QuerySet[Call]:
    """Return the calls of a selection, newest first."""
    calls = call_list(scope=scope)
    if not selection.bounds:
        return calls.none()
    conditions = [
        ("queue_id__in", selection.queue_ids),
        ("agent_id__in", selection.agent_ids),
        ("outcome__in", selection.outcomes),
        ("direction__in", selection.directions),
        ("csat__in", selection.csat),
    ]
    calls = calls.filter(**{name: value for name, value in conditions if value})
    exact = [
        ("wait_seconds__gte", selection.wait_min),
        ("wait_seconds__lte", selection.wait_max),
        ("resolved", selection.resolved),
        ("batch_id", selection.batch_id),
    ]
    calls = calls.filter(**{name: value for name, value in exact if value is not None})
    if selection.external_id:
        calls = calls.filter(pk__in=call_places(scope=scope, external_id=selection.external_id))
    if selection.reason_ids:
        wanted = Q(reason_id__in=[pk for pk in selection.reason_ids if pk])
        calls = calls.filter(wanted | Q(reason_id=None) if 0 in selection.reason_ids else wanted)
    if selection.customers:
        same = NOBODY
        for vendor_id, key in selection.customers:
            same |= Q(vendor_id=vendor_id, customer_key=key)
        calls = calls.filter(same)
    # The outer bounds leave out the months that cannot matter; who asks for an answer's figures needs a day more.
    starts, ends = zip(*selection.bounds.values(), strict=True)
    calls = calls.filter(offered_at__gte=min(starts) - LONGEST_WAIT, offered_at__lt=max(ends))
    if selection.part is None:
        return calls.filter(_offered_in(selection.bounds))
    if selection.agent_ids:
        calls = calls.filter(ANSWERED | Q(direction=CallDirection.OUTBOUND))
    return calls.filter(_counting(scope, selection, selection.part))


def _offered_in(bounds: Mapping[int, tuple[datetime, datetime]]) -> Q:
    contracts_of: dict[tuple[datetime, datetime], list[int]] = defaultdict(list)
    for contract_id, span in bounds.items():
        contracts_of[span].append(contract_id)
    found = NOBODY
    for (start, end), contract_ids in contracts_of.items():
        found |= Q(contract_id__in=contract_ids, offered_at__gte=start, offered_at__lt=end)
    return found


def _counting(scope: Scope, selection: Selection, part: Part) -> Q:
    """Return the condition that a call counts in a part, queue by queue and version by version."""
    queues_of: dict[tuple[int, datetime, datetime, Definition], list[int]] = defaultdict(list)
    for recipe in contracts.recipes(scope=scope, contract_ids=selection.bounds.keys()):
        if recipe.version_id is None and part in BY_TERMS:
            continue
        start, end = selection.bounds[recipe.contract_id]
        wanted = not selection.queue_ids or recipe.queue_id in selection.queue_ids
        if wanted and recipe.valid_from < end and recipe.valid_until > start - LONGEST_WAIT:
            terms = (recipe.contract_id, recipe.valid_from, recipe.valid_until, recipe.definition)
            queues_of[terms].append(recipe.queue_id)
    found = NOBODY
    for (contract_id, valid_from, valid_until, definition), queue_ids in queues_of.items():
        found |= (
            Q(contract_id=contract_id, queue_id__in=queue_ids)
            & Q(offered_at__gte=valid_from, offered_at__lt=valid_until)
            & _booked_in(part, definition, *selection.bounds[contract_id])
            & part_condition(scope=scope, part=part, definition=definition)
        )
    return found


def _booked_in(part: Part, definition: Definition, start: datetime, end: datetime) -> Q:
    arrived = Q(offered_at__gte=start, offered_at__lt=end)
    if definition.bucketing is not Bucketing.ANSWER or part in BOOKED_ON_ARRIVAL:
        return arrived
    return (ANSWERED & Q(answered_at__gte=start, answered_at__lt=end)) | (~ANSWERED & arrived)


def part_condition(*, scope: Scope, part: Part, definition: Definition) -> Q:
    """Return the condition that a call counts in a part under one definition."""
    if part.value.startswith("service"):
        return INBOUND & _service(part, definition)
    if part.value.startswith("fcr"):
        judged = INBOUND & ANSWERED & Q(customer_key__isnull=False, transferred_from=None)
        repeated = Q(Exists(_repeats(scope, definition)))
        return {Part.FCR_MET: judged & ~repeated, Part.FCR_MISSED: judged & repeated}.get(part, judged)
    short = ABANDONED & Q(wait_seconds__lte=definition.short_abandon_seconds)
    # Nobody knows that a call without a wait was short.
    late = ABANDONED & (Q(wait_seconds__gt=definition.short_abandon_seconds) | Q(wait_seconds=None))
    asked = ANSWERED & Q(csat__gte=1, csat__lte=definition.csat_best)
    satisfied = Q(csat__gte=definition.csat_top_from)
    return {
        Part.OFFERED: INBOUND,
        Part.ANSWERED: INBOUND & ANSWERED,
        Part.ABANDONED: INBOUND & ABANDONED,
        Part.FLOWED_OUT: INBOUND & FLOWED_OUT,
        Part.ABANDONED_SHORT: INBOUND & short,
        Part.CONNECT_MET: INBOUND & ANSWERED,
        Part.CONNECT_MISSED: INBOUND & ABANDONED,
        Part.CONNECT_BASE: INBOUND & (~ABANDONED | late) if definition.connect_excludes_short else INBOUND,
        Part.ABANDONMENT_MET: INBOUND & (late if definition.abandonment_excludes_short else ABANDONED),
        Part.ABANDONMENT_BASE: INBOUND & (~ABANDONED | late) if definition.abandonment_excludes_short else INBOUND,
        Part.CSAT_BASE: asked,
        Part.CSAT_MET: asked & satisfied,
        Part.CSAT_MISSED: asked & ~satisfied,
        Part.HANDLED: ANSWERED,
        Part.TRANSFERRED: ANSWERED & Q(transferred_from__isnull=False),
        Part.DIALED: ~INBOUND,
        Part.SUCCESS: Q(success=True),
        Part.RESOLVED: ANSWERED & Q(resolved=True),
    }[part]


def _service(part: Part, definition: Definition) -> Q:
    """Return which inbound calls met the service level, missed it, or either; see docs/formulas.md."""
    limit, short_limit = definition.threshold_seconds, definition.short_abandon_seconds
    if definition.operator is Operator.BELOW:
        in_time, over = Q(wait_seconds__lt=limit), Q(wait_seconds__gte=limit)
    else:
        in_time, over = Q(wait_seconds__lte=limit), Q(wait_seconds__gt=limit)
    short, not_short = Q(wait_seconds__lte=short_limit), Q(wait_seconds__gt=short_limit)
    unknown = Q(wait_seconds=None)
    met, missed = ANSWERED & in_time, ANSWERED & (over | unknown)
    if definition.count_flow_outs:
        missed |= FLOWED_OUT
    match definition.formula:
        case Formula.ANSWERED_AND_ABANDONED_IN_TIME:
            met, missed = met | (ABANDONED & in_time), missed | (ABANDONED & (over | unknown))
        case Formula.OF_ANSWERED_AND_ABANDONED:
            missed |= ABANDONED
        case Formula.OF_ANSWERED_AND_LATE_ABANDONED:
            missed |= ABANDONED & (over | unknown)
        case Formula.SHORT_ABANDONED_COUNT_AS_MET:
            met, missed = met | (ABANDONED & short), missed | (ABANDONED & (not_short | unknown))
        case Formula.SHORT_ABANDONED_LEFT_OUT:
            missed |= ABANDONED & (not_short | unknown)
    return {Part.SERVICE_MET: met, Part.SERVICE_MISSED: missed}.get(part, met | missed)


def _repeats(scope: Scope, definition: Definition) -> QuerySet[Call]:
    """Return the later calls that tell that the outer call did not resolve its matter; everybody's, not an agent's."""

    def after(span: timedelta) -> ExpressionWrapper[CombinedExpression]:
        return ExpressionWrapper(OuterRef("offered_at") + span, output_field=DateTimeField())

    repeats = Call.objects.visible_to(scope).filter(
        INBOUND,
        contract_id=OuterRef("contract_id"),
        customer_key=OuterRef("customer_key"),
        offered_at__gt=after(timedelta(minutes=definition.fcr_forward_minutes)),
        offered_at__lte=after(timedelta(hours=definition.fcr_window_hours)),
        transferred_from=None,
    )
    if definition.fcr_same_reason:
        repeats = repeats.annotate(why=Coalesce("reason_id", 0)).filter(why=Coalesce(OuterRef("reason_id"), 0))
    return repeats.exclude(outcome=Outcome.WITHDRAWN)
