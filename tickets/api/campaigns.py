"""The interface of outbound tasks: campaigns, contacts, the next one and its outcome, and who is not to be called."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed, contract_named, refused
from calls.queries import VendorQuery, contracts_named, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint, Query, unknown
from core.errors import BadParameter
from core.http import scope_of
from core.scope import Scope
from qa.selectors import script_list
from tickets import selectors, services
from tickets.calc.outbound import CampaignState, CampaignStep, Outcome, Purpose
from tickets.models import Attempt, Campaign, ContactImport, DoNotCall
from tickets.serializers.campaigns import (
    OUTCOMES,
    AttemptSerializer,
    CampaignNewSerializer,
    CampaignSerializer,
    CampaignStepSerializer,
    ContactImportSerializer,
    ContactsNewSerializer,
    DoNotCallNewSerializer,
    DoNotCallSerializer,
    OutcomeSerializer,
    TurnSerializer,
)
from tickets.services import Result
from vendors import selectors as vendors

TAGS = ["outbound"]


class CampaignPages(Pages):
    """The newest campaign first."""

    ordering: Any = ("-made_at", "-pk")


class AttemptPages(Pages):
    """The newest attempt first."""

    ordering: Any = ("-handed_at", "-pk")


class ListPages(Pages):
    """The newest list first."""

    ordering: Any = ("-received_at", "-pk")


class EntryPages(Pages):
    """The newest entry first."""

    ordering: Any = ("-added_at", "-pk")


class CampaignQuery(VendorQuery):
    """What campaigns are asked for by."""

    contract = serializers.CharField(required=False, max_length=40, help_text="The contract's code or id.")
    state = serializers.ChoiceField(required=False, choices=[state.value for state in CampaignState])
    purpose = serializers.ChoiceField(required=False, choices=[purpose.value for purpose in Purpose])


class AttemptQuery(VendorQuery):
    """What attempts are asked for by; days are the contract's own."""

    campaign = serializers.UUIDField(required=False, help_text="The campaign's id.")
    outcome = serializers.ChoiceField(required=False, choices=OUTCOMES)
    first_day = serializers.DateField(required=False, help_text="That they count on this day or later.")
    until_day = serializers.DateField(required=False, help_text="That they count before this day.")


class EntryQuery(VendorQuery):
    """What entries are asked for by."""

    in_force = serializers.BooleanField(required=False, help_text="Only those that hold, or only withdrawn ones.")


def campaign_told(scope: Scope, uuid: UUID) -> Campaign:
    """Return a campaign with its numbers; raises NotFound."""
    selectors.campaign_get(scope=scope, uuid=uuid)
    listed = selectors.with_progress(scope=scope, campaigns=selectors.campaign_list(scope=scope))
    found: Campaign = listed.get(uuid=uuid)
    return found


class CampaignDeed(Deed):
    """Something that a program does with a campaign, answered with it."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        campaign = campaign_told(scope, row.uuid)
        return dict(CampaignSerializer(campaign, context={"request": request}).data)


class AttemptDeed(Deed):
    """Something that a program does with a contact, answered with the attempt."""

    permission = "campaigns.call"

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        attempt = selectors.attempt_get(scope=scope, uuid=row.uuid)
        return dict(AttemptSerializer(attempt, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="campaigns_list", parameters=[CampaignQuery], tags=TAGS))
class CampaignListView(ListEndpoint, CampaignDeed):
    """Campaigns, the newest first, and how far they are."""

    permission = "campaigns.view"
    serializer_class = CampaignSerializer
    query_class = CampaignQuery
    pagination_class = CampaignPages
    search_fields = ("name", "goal")
    body_class, status = CampaignNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Campaign]:
        rows = selectors.with_progress(scope=scope, campaigns=selectors.campaign_list(scope=scope))
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "contract" in query:
            rows = rows.filter(contract_id__in=contracts_named(scope=scope, text=query["contract"]).values("pk"))
        return rows.filter(**{name: query[name] for name in ("state", "purpose") if name in query})

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="campaigns_create",
        tags=TAGS,
        summary="Draft a campaign",
        parameters=[IDEMPOTENCY_KEY],
        request=CampaignNewSerializer,
        responses={201: CampaignSerializer},
    )
    def post(self, request: Request) -> Response:
        """Draft a campaign; nobody is called before it goes live."""
        scope = scope_of(request._request)
        scope.require("campaigns.edit")
        body = self.body_read(request)
        contract = contract_named(scope, body)
        values = {name: value for name, value in body.items() if name not in ("contract", "vendor", "queue", "script")}
        if "queue" in body:
            queues = vendors.queue_list(scope=scope).filter(vendor_id=contract.vendor_id, code=body["queue"])
            values["queue"] = queues.first() or _missing("queue")
        if "script" in body:
            scripts = script_list(scope=scope).filter(vendor_id=contract.vendor_id, uuid=body["script"])
            values["script"] = scripts.first() or _missing("script")
        return self.done_once(
            request,
            contract.vendor_id,
            lambda _body: services.campaign_create(scope=scope, contract=contract, values=values),
        )


@extend_schema_view(get=extend_schema(operation_id="campaigns_retrieve", tags=TAGS))
class CampaignDetailView(DetailEndpoint):
    """One campaign and how far it is."""

    permission = "campaigns.view"
    serializer_class = CampaignSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Campaign:
        return campaign_told(scope, uuid)


class CampaignStepsView(CampaignDeed):
    """Where a campaign goes."""

    permission = "campaigns.edit"
    body_class = CampaignStepSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="campaigns_step",
        tags=TAGS,
        summary="Let a campaign go live, pause it or end it",
        parameters=[IDEMPOTENCY_KEY],
        request=CampaignStepSerializer,
        responses={200: CampaignSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take a step; a campaign goes live only with a script that passed its review."""
        scope = scope_of(request._request)
        vendor_id = selectors.campaign_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(
            request,
            vendor_id,
            lambda body: services.campaign_step(
                scope=scope, uuid=uuid, expected_version=body["version"], step=CampaignStep(body["step"])
            ),
        )


@extend_schema_view(get=extend_schema(operation_id="campaigns_lists", parameters=[Query], tags=TAGS))
class CampaignContactsView(ListEndpoint, Deed):
    """The lists that were added to a campaign, and what became of their rows."""

    permission = "campaigns.view"
    serializer_class = ContactImportSerializer
    pagination_class = ListPages
    search_fields = ("file_name",)
    body_class, status = ContactsNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[ContactImport]:
        campaign = selectors.campaign_get(scope=scope, uuid=self.kwargs["uuid"])
        return selectors.import_list(scope=scope).filter(campaign=campaign)

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        return dict(ContactImportSerializer(row, context={"request": request}).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="campaigns_contacts",
        tags=TAGS,
        summary="Add contacts to a campaign",
        parameters=[IDEMPOTENCY_KEY],
        request=ContactsNewSerializer,
        responses={201: ContactImportSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Add up to 1,000 contacts; known ones are merged, who is not to be called stays out, bad rows are told."""
        scope = scope_of(request._request)
        scope.require("campaigns.edit")
        vendor_id = selectors.campaign_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(
            request,
            vendor_id,
            lambda body: services.contacts_add(
                scope=scope, uuid=uuid, source="api", rows=list(enumerate(body["rows"], start=1))
            ),
        )


class CampaignNextView(AttemptDeed):
    """The next contact."""

    body_class = serializers.Serializer

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        return dict(TurnSerializer(row, context={"request": request}).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="campaigns_next",
        tags=TAGS,
        summary="Take the next contact",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: TurnSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take the next contact; nobody else gets it until its outcome is entered or its time runs out."""
        scope = scope_of(request._request)
        vendor_id = selectors.campaign_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(
            request, vendor_id, lambda _body: services.contact_next(scope=scope, uuid=uuid, is_new=True)
        )


@extend_schema_view(get=extend_schema(operation_id="campaign_attempts_list", parameters=[AttemptQuery], tags=TAGS))
class AttemptListView(ListEndpoint):
    """Attempts, the newest first; those with the outcome success are what is billed per success."""

    permission = "campaigns.view"
    serializer_class = AttemptSerializer
    query_class = AttemptQuery
    pagination_class = AttemptPages
    search_fields = ("contact__reference", "success_reference", "call_external_id")

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Attempt]:
        rows = selectors.attempt_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "campaign" in query:
            campaign = selectors.campaign_list(scope=scope).filter(uuid=query["campaign"]).first()
            if campaign is None:
                raise unknown("campaign", str(query["campaign"]))
            rows = rows.filter(campaign=campaign)
        lookups = {"outcome": "outcome", "first_day": "day__gte", "until_day": "day__lt"}
        return rows.filter(**{lookup: query[name] for name, lookup in lookups.items() if name in query})


@extend_schema_view(get=extend_schema(operation_id="campaign_attempts_retrieve", tags=TAGS))
class AttemptDetailView(DetailEndpoint):
    """One attempt."""

    permission = "campaigns.view"
    serializer_class = AttemptSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Attempt:
        return selectors.attempt_get(scope=scope, uuid=uuid)


class AttemptOutcomeView(AttemptDeed):
    """What came of an attempt."""

    body_class = OutcomeSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="campaign_attempts_outcome",
        tags=TAGS,
        summary="Enter what came of an attempt",
        parameters=[IDEMPOTENCY_KEY],
        request=OutcomeSerializer,
        responses={200: AttemptSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Enter the outcome; it is never rewritten. Only whoever took the contact may."""
        scope = scope_of(request._request)
        vendor_id = selectors.attempt_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(
            request,
            vendor_id,
            lambda body: services.attempt_record(
                scope=scope,
                uuid=uuid,
                result=Result(**{**body, "outcome": Outcome(body["outcome"]), "is_by_program": True}),
            ),
        )


@extend_schema_view(get=extend_schema(operation_id="do_not_call_list", parameters=[EntryQuery], tags=TAGS))
class DoNotCallView(ListEndpoint, Deed):
    """Who is not to be called; to a vendor, its own entries."""

    permission = "dnc.view"
    serializer_class = DoNotCallSerializer
    query_class = EntryQuery
    pagination_class = EntryPages
    search_fields = ("reason",)
    body_class, status = DoNotCallNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[DoNotCall]:
        rows = selectors.do_not_call_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor_id=vendor_named(scope=scope, text=query["vendor"]).pk)
        return rows.filter(withdrawn_at__isnull=query["in_force"]) if "in_force" in query else rows

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        return dict(DoNotCallSerializer(row, context={"request": request}).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="do_not_call_add",
        tags=TAGS,
        summary="Add somebody who asked not to be called",
        parameters=[IDEMPOTENCY_KEY],
        request=DoNotCallNewSerializer,
        responses={201: DoNotCallSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a number; open contacts with it are called no more. A number that is there already stays as it is."""
        scope = scope_of(request._request)
        scope.require("dnc.edit")
        body, vendor_id = self.body_read(request), scope.organization_id
        if "vendor" in body:
            try:
                vendor_id = vendor_named(scope=scope, text=body["vendor"]).pk
            except BadParameter as error:
                raise refused("vendor", error.message) from error
        return self.done_once(
            request,
            vendor_id,
            lambda asked: services.do_not_call_add(
                scope=scope, vendor_id=vendor_id, number=asked["number"], is_for_all=asked["is_for_all"],
                reason=asked["reason"], source="api",
            ),
        )  # fmt: skip


def _missing(field: str) -> Any:
    raise refused(field, "Not found.")
