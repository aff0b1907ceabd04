"""The interface of scripts: every version, writing, the review, and taking one out of use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed, refused
from calls.queries import VendorQuery, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.errors import BadParameter
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.calc.scripts import ScriptState
from qa.models import Script
from qa.serializers.scripts import (
    ScriptNewSerializer,
    ScriptReviewSerializer,
    ScriptSerializer,
    ScriptWithdrawSerializer,
)
from vendors.models import Vendor
from vendors.selectors import vendor_of_id


class ScriptPages(Pages):
    """The newest version first."""

    ordering: Any = ("-written_at", "-pk")


class ScriptQuery(VendorQuery):
    """What scripts are asked for by."""

    state = serializers.ChoiceField(required=False, choices=[state.value for state in ScriptState])
    code = serializers.CharField(required=False, max_length=40, help_text="The script's code.")
    in_use = serializers.BooleanField(required=False, help_text="True: only what may be said now.")


class ScriptDeed(Deed):
    """Something that a program does with a script, answered with it."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        script = selectors.script_get(scope=scope, uuid=row.uuid)
        return dict(ScriptSerializer(script, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="scripts_list", parameters=[ScriptQuery], tags=["quality"]))
class ScriptListView(ListEndpoint, ScriptDeed):
    """Every version of every script, the newest first, and how its review stands."""

    permission = "scripts.view"
    serializer_class = ScriptSerializer
    query_class = ScriptQuery
    pagination_class = ScriptPages
    search_fields = ("name", "code", "text")
    body_class, status = ScriptNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Script]:
        rows = selectors.script_list(scope=scope)
        if query.get("in_use"):
            rows = selectors.scripts_in_use(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        return rows.filter(**{name: query[name] for name in ("state", "code") if name in query})

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="scripts_create",
        tags=["quality"],
        summary="Write a script, or another version of one",
        parameters=[IDEMPOTENCY_KEY],
        request=ScriptNewSerializer,
        responses={201: ScriptSerializer},
    )
    def post(self, request: Request) -> Response:
        """Write a version; nobody uses it before a second person of the client approves it."""
        scope = scope_of(request._request)
        scope.require("scripts.edit")
        vendor = vendor_of(scope, self.body_read(request))

        def write(body: dict[str, Any]) -> Script:
            values = {name: value for name, value in body.items() if name != "vendor"}
            return services.script_write(scope=scope, vendors=[vendor], **values)[0]

        return self.done_once(request, vendor.pk, write)


def vendor_of(scope: Scope, body: dict[str, Any]) -> Vendor:
    """Return the vendor that a body names, or the caller's own; raises Invalid."""
    if "vendor" not in body:
        if scope.is_client:
            raise refused("vendor", _("Name the vendor."))
        own: Vendor = vendor_of_id(scope=scope, vendor_id=scope.organization_id)
        return own
    try:
        named: Vendor = vendor_named(scope=scope, text=body["vendor"])
    except BadParameter as error:
        raise refused("vendor", error.message) from error
    return named


@extend_schema_view(get=extend_schema(operation_id="scripts_retrieve", tags=["quality"]))
class ScriptDetailView(DetailEndpoint):
    """One version of a script."""

    permission = "scripts.view"
    serializer_class = ScriptSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Script:
        return selectors.script_get(scope=scope, uuid=uuid)


class ScriptReviewView(ScriptDeed):
    """The review of a version."""

    permission = "scripts.review"
    body_class = ScriptReviewSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="scripts_review",
        tags=["quality"],
        summary="Approve a version, or send it back",
        parameters=[IDEMPOTENCY_KEY],
        request=ScriptReviewSerializer,
        responses={200: ScriptSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Approve a version or send it back; people of the client only, with their own tokens, and never its writer."""
        scope = scope_of(request._request)
        return self.done_once(
            request,
            selectors.script_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: services.script_review(
                scope=scope,
                uuid=uuid,
                expected_version=body["version"],
                is_approved=body["is_approved"],
                review_note=body["review_note"],
            ),
        )


class ScriptWithdrawView(ScriptDeed):
    """Taking a version out of use."""

    permission = "scripts.edit"
    body_class = ScriptWithdrawSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="scripts_withdraw",
        tags=["quality"],
        summary="Take a version out of use at once",
        parameters=[IDEMPOTENCY_KEY],
        request=ScriptWithdrawSerializer,
        responses={200: ScriptSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take a version out of use; campaigns stop calling with it, and no earlier one comes back."""
        scope = scope_of(request._request)
        scope.require("scripts.edit")
        return self.done_once(
            request,
            selectors.script_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: services.script_withdraw(
                scope=scope, uuid=uuid, expected_version=body["version"], reason=body["reason"]
            ),
        )
