"""The interface of tickets: reading them and their figures, opening them, talking about them, moving them on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.deeds import contract_named
from calls.queries import VendorQuery, contracts_named, period_of, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.http import scope_of
from core.scope import Scope
from sla.queries import measured_asked
from tickets import selectors, services
from tickets.calc.kpis import TicketKpi, overrun_of
from tickets.deeds import TicketDeed, opening_of, step_take, ticket_read
from tickets.models import Calendar, Policy, Ticket, TicketClock
from tickets.queries import CountedClockQuery, TicketKpiQuery, TicketQuery, tickets_asked
from tickets.serializers import (
    CountedClockSerializer,
    TicketCalendarSerializer,
    TicketCommentSerializer,
    TicketDetailSerializer,
    TicketKpisSerializer,
    TicketNewSerializer,
    TicketPolicySerializer,
    TicketSerializer,
    TicketStepSerializer,
)


class TicketPages(Pages):
    """The newest ticket first."""

    ordering: Any = ("-opened_at", "-pk")


class PagesByName(Pages):
    """Rules by vendor, in their order."""

    ordering: Any = ("vendor_id", "name", "uuid")


class PagesByPosition(Pages):
    """Policies by vendor, in the order in which they are tried."""

    ordering: Any = ("vendor_id", "position", "uuid")


class ClockPages(Pages):
    """Promises in the order of the moments that they count on."""

    ordering: Any = ("counted_at", "pk")


@extend_schema_view(get=extend_schema(operation_id="tickets_list", parameters=[TicketQuery], tags=["tickets"]))
class TicketListView(ListEndpoint, TicketDeed):
    """Tickets, the newest first; an agent's token sees those that it holds or that are on its record."""

    permission = "tickets.view"
    serializer_class = TicketSerializer
    query_class = TicketQuery
    pagination_class = TicketPages
    search_fields = ("subject",)
    body_class, status = TicketNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Ticket]:
        return tickets_asked(scope=scope, query=query)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="tickets_create",
        tags=["tickets"],
        summary="Open a ticket",
        parameters=[IDEMPOTENCY_KEY],
        request=TicketNewSerializer,
        responses={201: TicketDetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """Open a ticket; its tier and promises follow from the first policy of the vendor that matches."""
        scope = scope_of(request._request)
        scope.require("tickets.edit")
        body = self.body_read(request)
        contract = contract_named(scope, body)
        return self.done_once(
            request,
            contract.vendor_id,
            lambda _body: services.ticket_open(scope=scope, opening=opening_of(scope, contract, body)),
        )


@extend_schema_view(get=extend_schema(operation_id="tickets_retrieve", tags=["tickets"]))
class TicketDetailView(DetailEndpoint):
    """One ticket, what happened to it, and its clocks as they read now."""

    permission = "tickets.view"
    serializer_class = TicketDetailSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Ticket:
        return ticket_read(scope=scope, uuid=uuid)


class TicketCommentsView(TicketDeed):
    """What is said about a ticket."""

    permission = "tickets.edit"
    body_class, status = TicketCommentSerializer, 201

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="tickets_comment",
        tags=["tickets"],
        summary="Answer, ask, or leave a note",
        parameters=[IDEMPOTENCY_KEY],
        request=TicketCommentSerializer,
        responses={201: TicketDetailSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Enter a reply to the customer, what the customer said, or an internal note.

        A reply stops the first response and the update clock; what the customer says lets a ticket go on that waited
        for it.
        """
        scope = scope_of(request._request)
        says = {"reply": services.ticket_reply, "asked": services.ticket_asked, "note": services.ticket_note}
        return self.done_once(
            request,
            selectors.ticket_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: says[body["kind"]](scope=scope, uuid=uuid, text=body["text"]),
        )


class TicketStepsView(TicketDeed):
    """Where a ticket goes."""

    permission = "tickets.edit"
    body_class = TicketStepSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="tickets_step",
        tags=["tickets"],
        summary="Take a step",
        parameters=[IDEMPOTENCY_KEY],
        request=TicketStepSerializer,
        responses={200: TicketDetailSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Move a ticket along its states, give it to somebody, hand it over, call back, or merge it."""
        scope = scope_of(request._request)
        vendor_id = selectors.ticket_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(request, vendor_id, lambda body: step_take(scope, uuid, body))


@extend_schema_view(get=extend_schema(operation_id="ticket_policies_list", parameters=[VendorQuery], tags=["tickets"]))
class PolicyListView(ListEndpoint):
    """Which tickets get which promises, in the order in which the policies are tried."""

    permission = "tickets.view"
    serializer_class = TicketPolicySerializer
    query_class = VendorQuery
    pagination_class = PagesByPosition
    search_fields = ("name",)

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Policy]:
        return selectors.policy_list(scope=scope).filter(_of_vendor(scope, query))


@extend_schema_view(get=extend_schema(operation_id="ticket_calendars_list", parameters=[VendorQuery], tags=["tickets"]))
class CalendarListView(ListEndpoint):
    """The calendars that promises are counted by."""

    permission = "tickets.view"
    serializer_class = TicketCalendarSerializer
    query_class = VendorQuery
    pagination_class = PagesByName
    search_fields = ("name",)

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Calendar]:
        return selectors.calendar_list(scope=scope).filter(_of_vendor(scope, query))


class TicketKpisView(APIView):
    """The shares of promises that were kept."""

    permission = "kpis.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="ticket_kpis", tags=["tickets"], parameters=[TicketKpiQuery], responses=TicketKpisSerializer
    )
    def get(self, request: Request) -> Response:
        """Return kept promises by contract, with the broken ones: how many, which share, by how much.

        A kept promise counts on the day on which it was kept, a broken one on the day on which it broke, whether or
        not its clock has stopped since; canceled ones and those still to be kept count on none.
        """
        scope, query = scope_of(request._request), TicketKpiQuery.read(request.query_params)
        kpis = [TicketKpi(query["kpi"])] if "kpi" in query else list(TicketKpi)
        names = [name for kpi in kpis for name in (kpi.value, overrun_of(kpi))]
        rows = measured_asked(scope=scope, query=query, kpis=names)
        named = {(row["start"], row["vendor"], row["contract"], row["kpi"]): row for row in rows}
        results, shown = [], {kpi.value for kpi in kpis}
        for (*where, name), row in named.items():
            if name not in shown:
                continue
            over = named.get((*where, overrun_of(TicketKpi(name))))
            broken = row["denominator"] - row["numerator"]
            results.append(
                row
                | {
                    "breaches": broken,
                    "breach_ratio": broken / row["denominator"],
                    "breaches_ended": over["denominator"] if over else 0,
                    "overrun_seconds": over["numerator"] if over else 0,
                    "mean_overrun_seconds": over["value"] if over else None,
                }
            )
        return Response(TicketKpisSerializer({"results": results}).data)


@extend_schema_view(get=extend_schema(operation_id="ticket_clocks", parameters=[CountedClockQuery], tags=["tickets"]))
class CountedClockListView(ListEndpoint):
    """The promises behind a ticket KPI, one by one: as many as its denominator, or its numerator with `met=true`."""

    permission = "tickets.view"
    serializer_class = CountedClockSerializer
    query_class = CountedClockQuery
    pagination_class = ClockPages

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[TicketClock]:
        first, until = period_of(query)
        contract_ids = None
        if "contract" in query:
            contract_ids = list(contracts_named(scope=scope, text=query["contract"]).values_list("pk", flat=True))
        rows = selectors.clocks_counted(
            scope=scope,
            kpi=TicketKpi(query["kpi"]),
            first=first,
            until=until,
            is_met=query.get("met"),
            contract_ids=contract_ids,
        )
        return rows.filter(_of_vendor(scope, query))


def _of_vendor(scope: Scope, query: dict[str, Any]) -> Q:
    return Q(vendor=vendor_named(scope=scope, text=query["vendor"])) if "vendor" in query else Q()
