"""Telling people of promises that run out: each threshold of each clock once, whoever ticks and how often (R13)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from accounts import selectors as accounts
from accounts.calc.notices import News
from accounts.calc.outbox import Event
from accounts.services import events_publish, notices_send
from core.faults import crash_point
from core.scope import Scope, activate
from tickets import selectors
from tickets.calc.terms import Threshold
from tickets.models import TicketAlert, TicketClock
from tickets.services.clocks import Reading, clocks_write, readings_of

# So many tickets are looked at in one transaction.
SLICE = 200
# Whom the steps of the ladder mean; a ticket that nobody holds is its lead's.
ROLE_OF = {"lead": "vendor_supervisor", "manager": "vendor_manager", "client": "programme_manager"}


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
        readings = readings_of(scope=scope, tickets=tickets)
        reached = [
            (reading, threshold)
            for reading in readings
            for threshold in reading.open_thresholds
            if _is_reached(threshold, scope.at)
        ]
        alerts = [
            TicketAlert(
                vendor_id=reading.ticket.vendor_id,
                ticket=reading.ticket,
                clock=reading.run.clock,
                cycle=reading.run.cycle,
                threshold=threshold.name,
                round=reading.round,
                due_at=reading.run.due_at,
                at=scope.at,
            )
            for reading, threshold in reached
        ]
        TicketAlert.objects.visible_to(scope).bulk_create(alerts, ignore_conflicts=True)
        _tell(scope, reached)
        crash_point("after_outbox_insert")
        ahead = [
            replace(r, open_thresholds=tuple(t for t in r.open_thresholds if not _is_reached(t, scope.at)))
            for r in readings
        ]
        clocks_write(scope=scope, tickets=tickets, readings=ahead)
    return len(tickets)


def _is_reached(threshold: Threshold, at: datetime) -> bool:
    return threshold.at is not None and threshold.at <= at


def _tell(scope: Scope, reached: list[tuple[Reading, Threshold]]) -> None:
    """Tell the people of the ladder, and the webhooks; the key of a notice is that of its alert.

    Of several thresholds of one promise that a late sweep finds, a person hears of the gravest that is theirs;
    programs hear of each.
    """
    vendor_ids = {reading.ticket.vendor_id for reading, _threshold in reached}
    people = {
        (vendor_id, name): accounts.recipients_in_roles(scope=scope, vendor_id=vendor_id, roles=[role])
        for vendor_id in vendor_ids
        for name, role in ROLE_OF.items()
    }
    holders = {reading.ticket.handler_id for reading, _threshold in reached if reading.ticket.handler_id is not None}
    # Whoever holds a ticket and can no longer sign in hears nothing: the lead does instead.
    awake = accounts.recipients_active(scope=scope, user_ids=holders)
    news, events = [], []
    told: dict[tuple[int, str, int], set[int]] = defaultdict(set)
    # A clock's thresholds come in the order of their moments.
    for reading, threshold in reversed(reached):
        ticket, run = reading.ticket, reading.run
        recipients: set[int] = set()
        for name in threshold.recipients:
            if name == "handler" and ticket.handler_id in awake:
                recipients.add(ticket.handler_id)
            else:
                recipients.update(people[ticket.vendor_id, "lead" if name == "handler" else name])
        heard = told[ticket.pk, run.clock.value, run.cycle]
        recipients -= heard
        heard |= recipients
        due_at = run.due_at
        parameters: dict[str, str | int] = {"ticket": str(ticket), "clock": run.clock.value}
        is_over = due_at is not None and due_at <= scope.at
        if is_over and due_at is not None:
            parameters["due_at"] = due_at.isoformat()
        key = f"{ticket.uuid}:{run.clock}:{run.cycle}:{threshold.name}" + (f":{reading.round}" if reading.round else "")
        message = "ticket_over" if is_over else "ticket_near"
        path = f"/tickets/{ticket.uuid}/"
        news.append(News(ticket.vendor_id, recipients, "ticket_alert", message, key, parameters, path))
        payload: dict[str, str | int] = {
            "ticket": str(ticket.uuid),
            "number": ticket.number,
            "clock": run.clock.value,
            "cycle": run.cycle,
            "threshold": threshold.name,
        }
        events.append(Event(ticket.vendor_id, "ticket.alerted", key, payload))
    notices_send(scope=scope, news=news)
    events_publish(scope=scope, events=events)
