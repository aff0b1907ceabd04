"""The interface of evaluation forms: published versions, and the client's drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed, refused
from calls.queries import VendorQuery, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint, PagesByCode, Query
from core.errors import BadParameter
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.models import Form, FormDraft
from qa.serializers.forms import (
    DraftChangeSerializer,
    DraftNewSerializer,
    DraftPublishSerializer,
    DraftSerializer,
    FormSerializer,
    PublishedSerializer,
)
from vendors.models import Vendor

TAGS = ["quality"]


class FormPages(Pages):
    """The newest version first."""

    ordering: Any = ("-published_at", "-pk")


class FormQuery(VendorQuery):
    """What published forms are asked for by."""

    code = serializers.CharField(required=False, max_length=40, help_text="The form's code, over all its versions.")
    in_use = serializers.BooleanField(required=False, help_text="Only versions that are in use, or only others.")


@extend_schema_view(get=extend_schema(operation_id="evaluation_forms_list", parameters=[FormQuery], tags=TAGS))
class FormListView(ListEndpoint):
    """Published versions of evaluation forms, the newest first."""

    permission = "qa.view"
    serializer_class = FormSerializer
    query_class = FormQuery
    pagination_class = FormPages
    search_fields = ("name", "code")

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Form]:
        rows = selectors.form_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "code" in query:
            rows = rows.filter(code=query["code"])
        return rows.filter(is_live=query["in_use"]) if "in_use" in query else rows


@extend_schema_view(get=extend_schema(operation_id="evaluation_forms_get", tags=TAGS))
class FormDetailView(DetailEndpoint):
    """One published version of an evaluation form."""

    permission = "qa.view"
    serializer_class = FormSerializer

    def get_row(self, scope: Scope, uuid: UUID) -> Form:
        return selectors.form_get(scope=scope, uuid=uuid)


class DraftDeed(Deed):
    """Something that a program does with a draft, answered with it."""

    permission = "qa.forms"

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        draft = selectors.draft_get(scope=scope, uuid=row.uuid)
        return dict(DraftSerializer(draft, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="form_drafts_list", parameters=[Query], tags=TAGS))
class DraftListView(ListEndpoint, DraftDeed):
    """Forms that are being written."""

    permission = "qa.forms"
    serializer_class = DraftSerializer
    pagination_class = PagesByCode
    search_fields = ("name", "code")
    body_class, status = DraftNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[FormDraft]:
        return selectors.draft_list(scope=scope)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="form_drafts_create",
        tags=TAGS,
        summary="Begin a form",
        parameters=[IDEMPOTENCY_KEY],
        request=DraftNewSerializer,
        responses={201: DraftSerializer},
    )
    def post(self, request: Request) -> Response:
        """Begin a form; nothing uses it before it is published."""
        scope = scope_of(request._request)
        scope.require("qa.forms")
        return self.done_once(request, scope.organization_id, lambda body: services.draft_create(scope=scope, **body))


@extend_schema_view(get=extend_schema(operation_id="form_drafts_get", tags=TAGS))
class DraftDetailView(DetailEndpoint, DraftDeed):
    """One form that is being written."""

    permission = "qa.forms"
    serializer_class = DraftSerializer
    body_class = DraftChangeSerializer

    def get_row(self, scope: Scope, uuid: UUID) -> FormDraft:
        return selectors.draft_get(scope=scope, uuid=uuid)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="form_drafts_change",
        tags=TAGS,
        summary="Change a draft",
        parameters=[IDEMPOTENCY_KEY],
        request=DraftChangeSerializer,
        responses={200: DraftSerializer},
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        """Change name, code or questions; what was published stays as it is."""
        scope = scope_of(request._request)
        scope.require("qa.forms")
        selectors.draft_get(scope=scope, uuid=uuid)

        def change(body: dict[str, Any]) -> FormDraft:
            values = {name: value for name, value in body.items() if name != "version"}
            return services.draft_change(scope=scope, uuid=uuid, expected_version=body["version"], values=values)

        return self.done_once(request, scope.organization_id, change)


class DraftPublishView(Deed):
    """Putting a draft to use."""

    permission = "qa.forms"
    body_class = DraftPublishSerializer

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        codes = [form.pk for form in row]
        rows = selectors.form_list(scope=scope).filter(pk__in=codes)
        return {"results": FormSerializer(rows, many=True, context={"request": request}).data}

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="form_drafts_publish",
        tags=TAGS,
        summary="Put a draft to use at some vendors",
        parameters=[IDEMPOTENCY_KEY],
        request=DraftPublishSerializer,
        responses={200: PublishedSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Publish; where a vendor has the same words already nothing is published again."""
        scope = scope_of(request._request)
        scope.require("qa.forms")
        selectors.draft_get(scope=scope, uuid=uuid)

        def publish(body: dict[str, Any]) -> list[Form]:
            found = [_vendor(scope, text) for text in body["vendors"]]
            return services.form_publish(scope=scope, uuid=uuid, expected_version=body["version"], vendors=found)

        return self.done_once(request, scope.organization_id, publish)


def _vendor(scope: Scope, text: str) -> Vendor:
    try:
        found: Vendor = vendor_named(scope=scope, text=text)
    except BadParameter as error:
        raise refused("vendors", str(error.message)) from error
    return found
