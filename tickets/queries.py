"""The parameters of the endpoints of tickets and feedback, and what the words in them name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers

from calls.queries import PeriodQuery, VendorQuery, contracts_named, vendor_named
from core.endpoints import MomentField, unknown
from core.scope import Scope
from sla.queries import MeasuredQuery
from tickets import selectors
from tickets.calc.clocks import Level
from tickets.calc.kpis import FeedbackKpi, TicketKpi
from tickets.calc.states import State
from tickets.models import FeedbackKind, FeedbackSource, FeedbackState, Ticket, TicketEvent, Tier


class TicketQuery(VendorQuery):
    """What tickets are asked for by."""

    search = serializers.CharField(required=False, max_length=100, help_text="Words that the subject must contain.")
    contract = serializers.CharField(required=False, max_length=40, help_text="The contract's code or id.")
    state = serializers.ChoiceField(required=False, choices=["open", *(state.value for state in State)])
    tier = serializers.ChoiceField(required=False, choices=Tier.values)
    level = serializers.ChoiceField(required=False, choices=[level.value for level in Level])
    overdue = serializers.BooleanField(
        required=False, help_text="Only those whose next promise is overdue, or only those where none is."
    )
    opened_from = MomentField(required=False, help_text="Opened at this moment or later.")
    opened_to = MomentField(required=False, help_text="Opened before this moment.")
    updated_from = MomentField(required=False, help_text="Something happened to them at this moment or later.")
    customer_of = serializers.UUIDField(
        required=False, help_text="Those that the customer of this ticket (its id) ever brought to the vendor."
    )


class TicketKpiQuery(MeasuredQuery):
    """What ticket KPIs are asked for by."""

    kpi = serializers.ChoiceField(required=False, choices=[kpi.value for kpi in TicketKpi], help_text="Only this one.")


class CountedClockQuery(PeriodQuery):
    """What the promises behind a ticket KPI are asked for by."""

    kpi = serializers.ChoiceField(choices=[kpi.value for kpi in TicketKpi])
    met = serializers.BooleanField(
        required=False, help_text="Only the kept ones, the numerator, or only the broken ones; all else."
    )


class FeedbackQuery(VendorQuery):
    """What feedback is asked for by."""

    search = serializers.CharField(
        required=False, max_length=100, help_text="Words that what was said, the answer or the outcome must contain."
    )
    contract = serializers.CharField(required=False, max_length=40, help_text="The contract's code or id.")
    state = serializers.ChoiceField(required=False, choices=["open", *FeedbackState.values])
    kind = serializers.ChoiceField(required=False, choices=FeedbackKind.values)
    is_complaint = serializers.BooleanField(required=False, help_text="Only complaints, or only the rest.")
    source = serializers.ChoiceField(required=False, choices=FeedbackSource.values)  # type: ignore[assignment]
    department = serializers.CharField(required=False, max_length=80, help_text="The owning department's name.")
    late = serializers.BooleanField(
        required=False, help_text="Only what was not passed on within its 24 hours, or only the rest."
    )
    received_from = MomentField(required=False, help_text="Received at this moment or later.")
    received_to = MomentField(required=False, help_text="Received before this moment.")


class FeedbackKpiQuery(MeasuredQuery):
    """What the KPIs of feedback are asked for by."""

    kpi = serializers.ChoiceField(
        required=False, choices=[kpi.value for kpi in FeedbackKpi], help_text="Only this one."
    )


class VoiceQuery(VendorQuery):
    """Which reasons are asked for."""

    search = None  # type: ignore[assignment]
    contract = serializers.CharField(required=False, max_length=40, help_text="The contract's code or id.")
    by_queue = serializers.BooleanField(default=False, help_text="Whether a contract's queues are told apart.")


def tickets_asked(*, scope: Scope, query: Mapping[str, Any]) -> QuerySet[Ticket]:
    """Return the tickets that the parameters ask for, with their names.

    Raises:
        BadParameter: A parameter names nothing that exists for the caller.
    """
    rows = selectors.with_names(scope=scope, tickets=selectors.ticket_list(scope=scope))
    if "customer_of" in query:
        of = selectors.ticket_list(scope=scope).filter(uuid=query["customer_of"]).first()
        if of is None:
            raise unknown("customer_of", str(query["customer_of"]))
        own = selectors.customer_tickets(scope=scope, vendor_id=of.vendor_id, customer_key=of.customer_key)
        rows = rows.filter(pk__in=own.order_by().values("pk"))
    if "vendor" in query:
        rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
    if "contract" in query:
        rows = rows.filter(contract_id__in=contracts_named(scope=scope, text=query["contract"]).values("pk"))
    if "state" in query:
        is_open = query["state"] == "open"
        rows = rows.filter(state__in=selectors.OPEN_STATES) if is_open else rows.filter(state=query["state"])
    rows = rows.filter(**{name: query[name] for name in ("tier", "level") if name in query})
    if "overdue" in query:
        late = Q(next_due_at__lt=scope.at, ended_at=None)
        rows = rows.filter(late if query["overdue"] else ~late | Q(next_due_at=None))
    if "opened_from" in query:
        rows = rows.filter(opened_at__gte=query["opened_from"])
    if "opened_to" in query:
        rows = rows.filter(opened_at__lt=query["opened_to"])
    if "updated_from" in query:
        events = TicketEvent.objects.visible_to(scope).filter(at__gte=query["updated_from"])
        rows = rows.filter(pk__in=events.values("ticket_id"))
    return rows
