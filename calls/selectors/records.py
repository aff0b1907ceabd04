"""Reading calls."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from calls.calc.canonical import Outcome
from calls.models import Call, CallIdentity, CallReason, Customer, FormerCall
from contracts import selectors as contracts
from core import sql
from core.errors import NotFound
from core.scope import Scope

NEIGHBOR_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ContractRef:
    """What a list of calls says of a call's contract."""

    pk: int
    uuid: uuids.UUID
    code: str
    name: str
    zone: str
    vendor_id: int


def call_list(*, scope: Scope) -> QuerySet[Call]:
    """Return the calls that count, newest first; an agent sees its own.

    Filter by half-open moments (``offered_at__gte``/``__lt``) only: a ``__date`` filter prunes no partition.
    """
    calls = Call.objects.visible_to(scope).exclude(outcome=Outcome.WITHDRAWN)
    if scope.agent_id is not None:
        calls = calls.filter(agent_id=scope.agent_id)
    return calls.order_by("-offered_at", "external_id")


def call_places(*, scope: Scope, external_id: str) -> list[tuple[int, str, datetime]]:
    """Return the keys of the calls of one id: the ledger of ids knows them, so no month is looked through."""
    rows = CallIdentity.objects.visible_to(scope).filter(external_id=external_id)
    return list(rows.values_list("contract_id", "external_id", "offered_at"))


def calls_named(*, scope: Scope, external_id: str) -> QuerySet[Call]:
    """Return the calls of one id, at most one of each vendor, withdrawn ones too; an agent sees its own."""
    calls = Call.objects.visible_to(scope).filter(pk__in=call_places(scope=scope, external_id=external_id))
    if scope.agent_id is not None:
        calls = calls.filter(agent_id=scope.agent_id)
    return calls.order_by("-offered_at", "contract_id")


def with_names(*, scope: Scope, calls: QuerySet[Call]) -> QuerySet[Call]:
    """Return calls with queue, agent and reason, and the customer masked as ``customer_masked``."""
    customers = Customer.objects.visible_to(scope).filter(
        vendor_id=OuterRef("vendor_id"), customer_key=OuterRef("customer_key")
    )
    return calls.select_related("queue", "agent", "reason").annotate(
        customer_masked=Subquery(customers.values("number_masked")[:1])
    )


def call_get(*, scope: Scope, contract_uuid: uuids.UUID, external_id: str) -> Call:
    """Return one call with its names; a withdrawn one is still there to be looked at.

    Raises:
        NotFound: There is none in scope.
    """
    contract_id = next((ref.pk for ref in contract_refs(scope=scope).values() if ref.uuid == contract_uuid), 0)
    calls = Call.objects.visible_to(scope).filter(contract_id=contract_id, external_id=external_id)
    if scope.agent_id is not None:
        calls = calls.filter(agent_id=scope.agent_id)
    call: Call | None = with_names(scope=scope, calls=calls).order_by("-offered_at").first()
    if call is None:
        raise NotFound
    return call


def former_calls(*, scope: Scope, contract_id: int, external_id: str) -> QuerySet[FormerCall]:
    """Return the revisions of a call that were replaced or came too late, newest first."""
    revisions = FormerCall.objects.visible_to(scope).filter(contract_id=contract_id, external_id=external_id)
    return revisions.select_related("queue", "agent", "reason").order_by("-revision", "-kept_at")


def neighbor_calls(*, scope: Scope, call: Call) -> QuerySet[Call]:
    """Return the other calls of the same customer under the same contract within a week before and after."""
    calls = call_list(scope=scope).filter(
        contract_id=call.contract_id,
        customer_key=call.customer_key,
        offered_at__gte=call.offered_at - NEIGHBOR_DAYS,
        offered_at__lte=call.offered_at + NEIGHBOR_DAYS,
    )
    if call.customer_key is None:
        calls = calls.none()
    return with_names(scope=scope, calls=calls).exclude(external_id=call.external_id).order_by("offered_at")


def contract_refs(*, scope: Scope) -> dict[int, ContractRef]:
    """Return the contracts that calls can belong to, by key; to a vendor, those with a signed version."""
    rows = contracts.contract_list(scope=scope)
    fields = ("pk", "uuid", "code", "name", "zone", "vendor_id")
    return {row[0]: ContractRef(*row) for row in rows.values_list(*fields)}


def zone_in_common(*, scope: Scope, vendor_id: int | None = None) -> str:
    """Return the zone that all contracts in view share, else UTC."""
    zones = {ref.zone for ref in contract_refs(scope=scope).values() if vendor_id in (None, ref.vendor_id)}
    return zones.pop() if len(zones) == 1 else "UTC"


def reason_list(*, scope: Scope) -> QuerySet[CallReason]:
    """Return the call reasons by vendor and name."""
    return CallReason.objects.visible_to(scope).select_related("vendor").order_by("vendor__name", "name", "pk")


def last_offered_at(*, scope: Scope, contract_ids: Collection[int]) -> dict[int, datetime]:
    """Return when the newest call of each contract was offered; contracts without calls are absent."""
    pairs = contracts.covered_queues(scope=scope, contract_ids=contract_ids)
    parameters = {"contract_ids": [pair[0] for pair in pairs], "queue_ids": [pair[1] for pair in pairs]}
    found = sql.rows("calls/last_offered", parameters)
    return {row["contract_id"]: row["offered_at"] for row in found}
