"""Working out the clocks of tickets from their events, some or thousands at a time, with as many queries."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.models import Contract
from core import sql
from core.periods import local_day
from core.scope import Scope
from tickets.calc.clocks import Event, Kind, Level, Run, runs_of
from tickets.calc.clocks import Terms as Promise
from tickets.calc.states import State
from tickets.calc.terms import Threshold, terms_read, thresholds_of
from tickets.models import DayMark, Terms, Ticket, TicketAlert, TicketClock, TicketEvent

HEARD = frozenset(Kind)
Clocks = Mapping[tuple[int, str, int], TicketClock]


@dataclass(frozen=True, slots=True)
class Reading:
    """One cycle of a ticket's clock, with the thresholds that nobody was told of yet."""

    ticket: Ticket
    run: Run
    open_thresholds: tuple[Threshold, ...]
    # How often the ticket's promises had changed.
    round: int = 0


def readings_of(*, scope: Scope, tickets: Sequence[Ticket]) -> list[Reading]:
    """Return every cycle of some tickets' clocks as their events tell; four queries, however many tickets."""
    pks = [ticket.pk for ticket in tickets]
    events = TicketEvent.objects.visible_to(scope).filter(ticket_id__in=pks, kind__in=HEARD)
    by_ticket: dict[int, list[TicketEvent]] = defaultdict(list)
    for event in events.order_by("ticket_id", "sequence"):
        by_ticket[event.ticket_id].append(event)
    promises = _promises(scope, {e.terms_id for found in by_ticket.values() for e in found if e.terms_id})
    told: dict[tuple[int, str, int], dict[str, tuple[int, datetime]]] = defaultdict(dict)
    alerts = TicketAlert.objects.visible_to(scope).filter(ticket_id__in=pks).order_by("round")
    for ticket_id, clock, cycle, *rest in alerts.values_list("ticket_id", "clock", "cycle", "threshold", "round", "at"):
        told[ticket_id, clock, cycle][rest[0]] = (rest[1], rest[2])
    found = []
    for ticket in tickets:
        own = by_ticket[ticket.pk]
        body = promises[[e.terms_id for e in own if e.terms_id][-1]][1]
        changes = sum(e.kind == Kind.TERMS for e in own)
        for run in runs_of(_event(event, promises) for event in own):
            thresholds: tuple[Threshold, ...] = ()
            if run.is_open:
                known = told[ticket.pk, run.clock.value, run.cycle]
                thresholds = tuple(t for t in thresholds_of(run, body) if _is_untold(t, known.get(t.name), changes))
            found.append(Reading(ticket, run, thresholds, changes))
    return found


def _is_untold(threshold: Threshold, told: tuple[int, datetime] | None, changes: int) -> bool:
    """Whether nobody heard of a threshold: never, or before the promise was moved behind that moment."""
    if told is None:
        return True
    at_change, at = told
    return at_change < changes and (threshold.at is None or threshold.at > at)


def clocks_refresh(*, scope: Scope, tickets: Sequence[Ticket]) -> list[Reading]:
    """Write the clocks of some tickets anew, and what lists show of them; the caller holds the tickets' locks."""
    readings = readings_of(scope=scope, tickets=tickets)
    clocks_write(scope=scope, tickets=tickets, readings=readings)
    return readings


def clocks_write(*, scope: Scope, tickets: Sequence[Ticket], readings: Iterable[Reading]) -> None:
    """Write what was read of some tickets' clocks, every one of them, and what lists show of it."""
    readings = list(readings)
    rows = [_row(reading, scope.at) for reading in readings]
    clocks = TicketClock.objects.visible_to(scope)
    former = {_key(row): row for row in clocks.filter(ticket_id__in=[ticket.pk for ticket in tickets])}
    gone = former.keys() - {_key(row) for row in rows}
    if gone:
        # New terms promise nothing any more for what these counted.
        clocks.filter(pk__in=[former[key].pk for key in gone]).delete()
    clocks.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["vendor", "ticket", "clock", "cycle"],
        update_fields=[
            *("level", "started_at", "stopped_at", "is_canceled", "is_running", "target_seconds"),
            *("elapsed_seconds", "due_at", "is_met", "breach_at", "counted_at", "overrun_seconds"),
            *("alert_at", "alert_threshold"),
        ],
    )
    _mark(scope, tickets, former, {_key(row): row for row in rows})
    by_ticket: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_ticket[reading.ticket.pk].append(reading)
    for ticket in tickets:
        _summarize(ticket, by_ticket[ticket.pk], scope.at)
    _summaries_write(tickets)


def _key(row: TicketClock) -> tuple[int, str, int]:
    return row.ticket_id, str(row.clock), row.cycle


def _counts(row: TicketClock | None) -> tuple[datetime, bool | None, int] | None:
    """Return what the KPIs of a day take from a clock; None if it counts on none."""
    return (row.counted_at, row.is_met, row.overrun_seconds) if row and row.counted_at else None


def _mark(
    scope: Scope, tickets: Sequence[Ticket], former: Mapping[Any, TicketClock], now: Mapping[Any, TicketClock]
) -> None:
    """Mark the days whose KPIs a change of clocks touches: those on which they counted, and on which they count."""
    touched: set[tuple[int, datetime]] = set()
    for key in former.keys() | now.keys():
        before, after = _counts(former.get(key)), _counts(now.get(key))
        if before != after:
            touched |= {(key[0], counts[0]) for counts in (before, after) if counts}
    if not touched:
        return
    contracts = {ticket.pk: (ticket.vendor_id, ticket.contract_id) for ticket in tickets}
    zones = dict(
        Contract.objects.visible_to(scope)
        .filter(pk__in={contracts[ticket_id][1] for ticket_id, _moment in touched})
        .values_list("pk", "zone")
    )
    days = {(*contracts[pk], local_day(moment, zones[contracts[pk][1]])) for pk, moment in touched}
    DayMark.objects.visible_to(scope).bulk_create(
        DayMark(vendor_id=vendor_id, contract_id=contract_id, day=day) for vendor_id, contract_id, day in sorted(days)
    )


def _summaries_write(tickets: Sequence[Ticket]) -> None:
    """Write what lists show; one statement with arrays, many times cheaper than one with a case for each row."""
    rows = [
        {
            "id": ticket.pk,
            "next_due_at": ticket.next_due_at and ticket.next_due_at.isoformat(),
            "next_clock": ticket.next_clock,
            "is_breached": ticket.is_breached,
        }
        for ticket in tickets
    ]
    sql.execute("tickets/summaries_write", {"rows": json.dumps(rows)})


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
    is_met, breach_at = run.is_met(), run.breach_at
    is_broken = is_met is False or (run.is_open and breach_at is not None and breach_at < at)
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
        is_met=is_met,
        breach_at=breach_at,
        counted_at=run.stopped_at if is_met else breach_at if is_broken else None,
        overrun_seconds=math.ceil(-run.remaining_seconds(at)) if is_met is False else 0,
        alert_at=ahead.at if ahead else None,
        alert_threshold=ahead.name if ahead else "",
    )


def _summarize(ticket: Ticket, readings: Iterable[Reading], at: datetime) -> None:
    """Put what is due next, and whether anything is late, where lists read it."""
    due = [(moment, r.run.clock) for r in readings if r.run.is_open and (moment := r.run.due_at) is not None]
    ticket.next_due_at, ticket.next_clock = min(due, default=(None, ""))
    ticket.is_breached = ticket.next_due_at is not None and ticket.next_due_at < at
    ticket.is_stale = False
