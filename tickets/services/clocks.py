"""Working out the clocks of tickets from their events, some or thousands at a time, with as many queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.scope import Scope
from tickets.calc.clocks import Event, Kind, Level, Run, runs_of
from tickets.calc.clocks import Terms as Promise
from tickets.calc.states import State
from tickets.calc.terms import Threshold, terms_read, thresholds_of
from tickets.models import Terms, Ticket, TicketAlert, TicketClock, TicketEvent

HEARD = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Reading:
    """One cycle of a ticket's clock, with the thresholds that nobody was told of yet."""

    ticket: Ticket
    run: Run
    open_thresholds: tuple[Threshold, ...]


def readings_of(*, scope: Scope, tickets: Sequence[Ticket]) -> list[Reading]:
    """Return every cycle of some tickets' clocks as their events tell; four queries, however many tickets."""
    pks = [ticket.pk for ticket in tickets]
    events = TicketEvent.objects.visible_to(scope).filter(ticket_id__in=pks, kind__in=HEARD)
    by_ticket: dict[int, list[TicketEvent]] = defaultdict(list)
    for event in events.order_by("ticket_id", "sequence"):
        by_ticket[event.ticket_id].append(event)
    promises = _promises(scope, {e.terms_id for found in by_ticket.values() for e in found if e.terms_id})
    told: dict[tuple[int, str, int], set[str]] = defaultdict(set)
    alerts = TicketAlert.objects.visible_to(scope).filter(ticket_id__in=pks)
    for ticket_id, clock, cycle, threshold in alerts.values_list("ticket_id", "clock", "cycle", "threshold"):
        told[ticket_id, clock, cycle].add(threshold)
    found = []
    for ticket in tickets:
        own = by_ticket[ticket.pk]
        body = promises[[e.terms_id for e in own if e.terms_id][-1]][1]
        for run in runs_of(_event(event, promises) for event in own):
            thresholds: tuple[Threshold, ...] = ()
            if run.is_open:
                known = told[ticket.pk, run.clock.value, run.cycle]
                thresholds = tuple(t for t in thresholds_of(run, body) if t.name not in known)
            found.append(Reading(ticket, run, thresholds))
    return found


def clocks_refresh(*, scope: Scope, tickets: Sequence[Ticket]) -> list[Reading]:
    """Write the clocks of some tickets anew, and what lists show of them; the caller holds the tickets' locks."""
    readings = readings_of(scope=scope, tickets=tickets)
    rows = [_row(reading, scope.at) for reading in readings]
    TicketClock.objects.visible_to(scope).bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["vendor", "ticket", "clock", "cycle"],
        update_fields=[
            *("level", "started_at", "stopped_at", "is_canceled", "is_running", "target_seconds"),
            *("elapsed_seconds", "due_at", "is_met", "alert_at", "alert_threshold"),
        ],
    )
    by_ticket: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_ticket[reading.ticket.pk].append(reading)
    for ticket in tickets:
        _summarize(ticket, by_ticket[ticket.pk], scope.at)
    Ticket.objects.visible_to(scope).bulk_update(tickets, ["next_due_at", "next_clock", "is_breached", "is_stale"])
    return readings


def _promises(scope: Scope, pks: Collection[int]) -> dict[int, tuple[Promise, Mapping[str, Any]]]:
    rows = Terms.objects.visible_to(scope).filter(pk__in=pks)
    return {row.pk: (terms_read(row.body), row.body) for row in rows}


def _event(event: TicketEvent, promises: Mapping[int, tuple[Promise, Any]]) -> Event:
    return Event(
        at=event.at,
        kind=Kind(event.kind),
        state=State(event.state) if event.state else None,
        terms=promises[event.terms_id][0] if event.terms_id else None,
        level=Level(event.level) if event.level else None,
        deadline=event.deadline,
    )


def _row(reading: Reading, at: datetime) -> TicketClock:
    run = reading.run
    ahead = next((t for t in reading.open_thresholds if t.at is not None), None)
    return TicketClock(
        vendor_id=reading.ticket.vendor_id,
        ticket_id=reading.ticket.pk,
        clock=run.clock,
        cycle=run.cycle,
        level=run.level or "",
        started_at=run.started_at,
        stopped_at=run.stopped_at,
        is_canceled=run.canceled,
        is_running=run.is_running,
        target_seconds=run.target_seconds,
        elapsed_seconds=int(run.elapsed_seconds(at)),
        due_at=run.due_at,
        is_met=run.is_met(),
        alert_at=ahead.at if ahead else None,
        alert_threshold=ahead.name if ahead else "",
    )


def _summarize(ticket: Ticket, readings: Iterable[Reading], at: datetime) -> None:
    """Put what is due next, and whether anything is late, where lists read it."""
    due = [(moment, r.run.clock) for r in readings if r.run.is_open and (moment := r.run.due_at) is not None]
    ticket.next_due_at, ticket.next_clock = min(due, default=(None, ""))
    ticket.is_breached = ticket.next_due_at is not None and ticket.next_due_at < at
    ticket.is_stale = False
