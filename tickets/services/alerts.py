"""Telling people of promises that run out: each threshold of each clock once, whoever ticks and how often (R13)."""

from __future__ import annotations

from core.faults import crash_point
from core.scope import Scope, activate
from tickets import selectors
from tickets.models import TicketAlert, TicketClock
from tickets.services.clocks import clocks_refresh, readings_of

# So many tickets are looked at in one transaction.
SLICE = 200


def alerts_sweep(*, scope: Scope) -> int:
    """Enter the thresholds that have been reached, and find when each clock reaches its next.

    Any number of workers may run this at once: they take different tickets, and the key of an alert makes it one. A
    worker whose clock runs ahead tells early, one whose clock runs behind late; neither tells twice or never.

    Returns:
        Number of tickets looked at; 0 when nothing is due.
    """
    with activate(scope):
        clocks = TicketClock.objects.visible_to(scope)
        due = clocks.filter(alert_at__lte=scope.at).order_by("alert_at")
        # An open promise counts as broken from its moment on, whoever was told of it.
        broken = clocks.filter(stopped_at=None, counted_at=None, breach_at__lt=scope.at).order_by("breach_at")
        pks = {pk for rows in (due, broken) for pk in rows.values_list("ticket_id", flat=True)[: SLICE * 2]}
        tickets = list(
            selectors.ticket_list(scope=scope)
            .filter(pk__in=pks)
            .order_by("pk")
            .select_for_update(of=("self",), skip_locked=True)[:SLICE]
        )
        if not tickets:
            return 0
        alerts = [
            TicketAlert(
                vendor_id=reading.ticket.vendor_id,
                ticket=reading.ticket,
                clock=reading.run.clock,
                cycle=reading.run.cycle,
                threshold=threshold.name,
                due_at=reading.run.due_at,
                at=scope.at,
            )
            for reading in readings_of(scope=scope, tickets=tickets)
            for threshold in reading.open_thresholds
            if threshold.at is not None and threshold.at <= scope.at
        ]
        TicketAlert.objects.visible_to(scope).bulk_create(alerts, ignore_conflicts=True)
        crash_point("after_outbox_insert")
        clocks_refresh(scope=scope, tickets=tickets)
    return len(tickets)
