"""A hundred thousand open tickets: the list, the sweep and the follow-up of rules, beside a loop row by row."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.house import House
from benchmarks.latency import latency_times
from benchmarks.measure import Cost
from benchmarks.table import Row

OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LOOPED = 100
# Copies of one ticket, its event and its clocks; each copy a second later than the one before.
COPIES = (
    "INSERT INTO tickets_ticket ({ticket}) SELECT {ticket_values} FROM tickets_ticket t, generate_series(1, {n}) AS n",
    """INSERT INTO tickets_ticketevent (vendor_id, ticket_id, sequence, at, kind, state, level, deadline, terms_id,
      actor_id, actor, side, is_public, text, facts)
    SELECT e.vendor_id, c.id, e.sequence, c.opened_at, e.kind, e.state, e.level, e.deadline, e.terms_id, e.actor_id,
      e.actor, e.side, e.is_public, e.text, e.facts
    FROM tickets_ticketevent e, tickets_ticket c WHERE c.id <> e.ticket_id""",
    """INSERT INTO tickets_ticketclock ({clock})
    SELECT {clock_values} FROM tickets_ticketclock k, tickets_ticket c WHERE c.id <> k.ticket_id""",
)


def ticket_rows(house: House, *, vendor_id: int) -> list[Row]:
    """Measure with BENCH_TICKETS (default 100000) open tickets of one vendor."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from accounts.selectors import system_scope
    from core.scope import activate
    from tickets import services
    from tickets.models import Policy

    count = int(os.environ.get("BENCH_TICKETS", "100000"))
    scope = system_scope(reason="bench", at=OPENED)
    _tickets_make(house, scope, vendor_id, count)
    browser = Client()
    browser.force_login(User.objects.get(username="bench"))
    rows = []
    for name, address in {
        "page, the list": "/tickets/?state=open",
        "page, overdue ones": "/tickets/?due=overdue",
        "page, nobody's": "/tickets/?handler=nobody",
        "counts of the views": "/tickets/views/",
        "API, newest tickets": "/api/v1/tickets",
        "API, overdue tickets": "/api/v1/tickets?overdue=true",
        "API, one state and tier": "/api/v1/tickets?state=new&tier=normal",
    }.items():
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200, address
        asked = len(queries)
        median, high = latency_times(lambda address=address: browser.get(address))  # type: ignore[misc]
        note = f"{asked} queries, p95 {high * 1000:.0f} ms"
        rows.append(Row(f"{name}, {count:,} open", Cost(median), note=note))

    def slice_row(name: str, work: Callable[[], int], naive: Cost) -> Row:
        work()
        with CaptureQueriesContext(connection) as queries:
            done, cost = _timed(work)
        each, slow = Cost(cost.wall_seconds / done), Cost(naive.wall_seconds / LOOPED)
        return Row(f"{name}, a ticket", each, slow, goal="≤ 1/3", note=f"{len(queries)} queries for {done} tickets")

    late = replace(scope, at=OPENED + timedelta(hours=80))
    naive = _timed(lambda: _sweep_looped(late))[1]
    rows.append(slice_row("sweep of alerts", lambda: services.alerts_sweep(scope=late), naive))
    with activate(scope):
        policy = Policy.objects.visible_to(scope).get(vendor_id=vendor_id, tier="normal")
        values = {"first_response_seconds": 20 * 3600}
        services.policy_update(scope=scope, uuid=policy.uuid, expected_version=policy.version, values=values)
    naive = _timed(lambda: _follow_looped(scope))[1]
    rows.append(slice_row("following a changed policy", lambda: services.tickets_follow(scope=scope), naive))
    return rows


def _timed(work: Callable[[], int]) -> tuple[int, Cost]:
    began = time.perf_counter()
    done = work()
    return done, Cost(time.perf_counter() - began)


def _tickets_make(house: House, scope: Any, vendor_id: int, count: int) -> None:
    from contracts.models import Contract
    from core.scope import activate
    from tickets import services
    from tickets.models import Ticket, TicketClock
    from tickets.services import Opening
    from vendors.models import Vendor

    with activate(scope):
        vendor = Vendor.objects.visible_to(scope).get(pk=vendor_id)
        contract = Contract.objects.visible_to(scope).filter(vendor=vendor).order_by("pk")[0]
        services.presets_create(scope=scope, vendor=vendor, zone="Asia/Shanghai", country="CN")
        services.ticket_open(scope=scope, opening=Opening(contract=contract, subject="No bill came"))
    differing = {
        "uuid": "gen_random_uuid()",
        "number": "t.number + n",
        "opened_at": "t.opened_at + make_interval(secs => n)",
        "next_due_at": "t.next_due_at + make_interval(secs => n)",
    }
    shifted = {"started_at", "due_at", "breach_at", "alert_at"}
    ticket = [str(field.column) for field in Ticket._meta.concrete_fields if field.column != "id"]
    clock = [str(field.column) for field in TicketClock._meta.concrete_fields if field.column != "id"]
    later = "k.{0} + (c.opened_at - (SELECT min(opened_at) FROM tickets_ticket))"
    clock_values = {name: later.format(name) if name in shifted else f"k.{name}" for name in clock}
    clock_values["ticket_id"] = "c.id"
    cursor = house.superuser()
    for statement in COPIES:
        cursor.execute(
            statement.format(
                n=count - 1,
                ticket=", ".join(ticket),
                ticket_values=", ".join(differing.get(name, f"t.{name}") for name in ticket),
                clock=", ".join(clock),
                clock_values=", ".join(clock_values.values()),
            )
        )
    cursor.execute("VACUUM ANALYZE tickets_ticket, tickets_ticketevent, tickets_ticketclock")


def _sweep_looped(scope: Any) -> int:
    """Do what a loop over rows does: ask for each ticket's events and clocks, and save each clock."""
    from core.scope import activate
    from tickets.models import Ticket, TicketAlert, TicketClock
    from tickets.services import clocks_refresh, readings_of

    with activate(scope):
        due = TicketClock.objects.visible_to(scope).filter(alert_at__lte=scope.at).order_by("alert_at")
        pks = list(dict.fromkeys(due.values_list("ticket_id", flat=True)[: LOOPED * 3]))[:LOOPED]
        for pk in pks:
            ticket = Ticket.objects.visible_to(scope).select_for_update().get(pk=pk)
            for reading in readings_of(scope=scope, tickets=[ticket]):
                for threshold in reading.open_thresholds:
                    if threshold.at is not None and threshold.at <= scope.at:
                        TicketAlert.objects.visible_to(scope).get_or_create(
                            vendor_id=ticket.vendor_id,
                            ticket=ticket,
                            clock=reading.run.clock,
                            cycle=reading.run.cycle,
                            threshold=threshold.name,
                            defaults={"due_at": reading.run.due_at, "at": scope.at},
                        )
            clocks_refresh(scope=scope, tickets=[ticket])
    return len(pks)


def _follow_looped(scope: Any) -> int:
    """Give tickets their new terms one by one."""
    from core.scope import activate
    from tickets import selectors
    from tickets.models import Ticket
    from tickets.services.clocks import clocks_refresh
    from tickets.services.events import event_add
    from tickets.services.terms import terms_of_policy
    from tickets.services.work import terms_apply

    with activate(scope):
        pks = list(Ticket.objects.visible_to(scope).filter(is_stale=True).order_by("pk").values_list("pk")[:LOOPED])
        for (pk,) in pks:
            ticket = Ticket.objects.visible_to(scope).select_for_update().get(pk=pk)
            policies = selectors.policies_in_force(scope=scope, vendor_id=ticket.vendor_id)
            policy = next(policy for policy, _conditions in policies if policy.pk == ticket.terms.policy_id)
            event = terms_apply(ticket=ticket, terms=terms_of_policy(scope=scope, policy=policy))
            if event is not None:
                event_add(scope=scope, event=event)
                ticket.save()
            clocks_refresh(scope=scope, tickets=[ticket])
    return len(pks)
