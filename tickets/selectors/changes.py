"""What takes a settled matter back or makes two of them one: facts for what is billed and counted by matter (B6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from contracts.models import Contract
from core.periods import day_start, local_day
from core.scope import Scope
from tickets.calc.clocks import Kind
from tickets.calc.states import OPEN, SOLVED, State
from tickets.models import Ticket, TicketEvent, TicketLink
from tickets.selectors.work import ticket_list


class Change(StrEnum):
    """What happened to a matter."""

    MERGED = "merged"
    LINKED = "linked"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class MatterChange:
    """One such fact.

    Attributes:
        ticket: The merged one, the later of two that belong together, or the one that came back.
        other: The ticket that goes on for both, or the earlier one; None for what was reopened.
        at: When it was merged, linked or reopened; a link from before moments were kept has the later's opening.
        day: Local day of ``at`` in the contract's zone.
        solved_at: When it had been solved, for what was reopened: the solution that does not count.
        call_ids: Ids of the calls that the tickets came from, that of ``ticket`` first.
    """

    vendor_id: int
    contract_id: int
    ticket: UUID
    kind: Change
    at: datetime
    day: date
    other: UUID | None = None
    solved_at: datetime | None = None
    call_ids: tuple[str, ...] = ()


def matter_changes(
    *, scope: Scope, first: date, until: date, contract_ids: Collection[int] | None = None
) -> list[MatterChange]:
    """Return the merges, links and reopenings of a period, in the order of their moments.

    Args:
        scope: Who asks; an agent gets those of its own tickets.
        first: First local day of each contract.
        until: The day after the last.
        contract_ids: Only tickets under these contracts.
    """
    contracts = Contract.objects.visible_to(scope)
    if contract_ids is not None:
        contracts = contracts.filter(pk__in=contract_ids)
    zones = dict(contracts.values_list("pk", "zone"))
    rows = [*_reopened(scope, zones, first, until), *_merged(scope, zones, first, until)]
    rows += _linked(scope, zones, first, until)
    return sorted(rows, key=lambda row: (row.at, row.kind, row.ticket))


def _within(zones: dict[int, str], first: date, until: date, contract: str, moment: str) -> Q:
    """Return the condition that a moment lies on the days of a contract's zone."""
    found = Q(pk__in=[])
    for zone in sorted(set(zones.values())):
        bounds = {f"{moment}__gte": day_start(first, zone), f"{moment}__lt": day_start(until, zone)}
        found |= Q(**{f"{contract}__in": [pk for pk, own in zones.items() if own == zone]}, **bounds)
    return found


def _reopened(scope: Scope, zones: dict[int, str], first: date, until: date) -> Iterator[MatterChange]:
    moves = TicketEvent.objects.visible_to(scope).filter(kind=Kind.STATE)
    inside = moves.filter(_within(zones, first, until, "ticket__contract_id", "at"), state__in=OPEN)
    tickets = ticket_list(scope=scope).filter(Exists(inside.filter(ticket=OuterRef("pk"))), reopened_count__gt=0)
    found = {ticket.pk: ticket for ticket in tickets}
    solved: dict[int, datetime] = {}
    for event in moves.filter(ticket_id__in=found).order_by("ticket_id", "sequence"):
        if event.state in SOLVED:
            solved.setdefault(event.ticket_id, event.at)
        elif event.ticket_id in solved:
            ticket, solved_at = found[event.ticket_id], solved.pop(event.ticket_id)
            day = local_day(event.at, zones[ticket.contract_id])
            if first <= day < until:
                yield _row(Change.REOPENED, ticket, event.at, day, solved_at=solved_at)


def _merged(scope: Scope, zones: dict[int, str], first: date, until: date) -> Iterator[MatterChange]:
    ends = TicketEvent.objects.visible_to(scope).filter(
        _within(zones, first, until, "ticket__contract_id", "at"),
        kind=Kind.STATE,
        state=State.MERGED,
        ticket__in=ticket_list(scope=scope).order_by(),
    )
    for event in ends.select_related("ticket__merged_into"):
        day = local_day(event.at, zones[event.ticket.contract_id])
        yield _row(Change.MERGED, event.ticket, event.at, day, other=event.ticket.merged_into)


def _linked(scope: Scope, zones: dict[int, str], first: date, until: date) -> Iterator[MatterChange]:
    own = ticket_list(scope=scope).order_by()
    links = TicketLink.objects.visible_to(scope).filter(first__in=own, second__in=own)
    links = links.annotate(at=Coalesce("linked_at", Greatest(F("first__opened_at"), F("second__opened_at"))))
    inside = _within(zones, first, until, "first__contract_id", "at")
    inside |= _within(zones, first, until, "second__contract_id", "at")
    for link in links.filter(inside).select_related("first", "second"):
        earlier, later = sorted((link.first, link.second), key=lambda ticket: (ticket.opened_at, ticket.pk))
        if later.contract_id in zones:
            day = local_day(link.at, zones[later.contract_id])
            if first <= day < until:
                yield _row(Change.LINKED, later, link.at, day, other=earlier)


def _row(
    kind: Change,
    ticket: Ticket,
    at: datetime,
    day: date,
    *,
    other: Ticket | None = None,
    solved_at: datetime | None = None,
) -> MatterChange:
    calls = [ticket.call_external_id, other.call_external_id if other else ""]
    return MatterChange(
        vendor_id=ticket.vendor_id,
        contract_id=ticket.contract_id,
        ticket=ticket.uuid,
        kind=kind,
        at=at,
        day=day,
        other=other.uuid if other else None,
        solved_at=solved_at,
        call_ids=tuple(dict.fromkeys(filter(None, calls))),
    )
