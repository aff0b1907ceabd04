"""Incidents over the interface: list, read, raise, step."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.services import answer_once
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint, unknown
from core.errors import BadParameter, Invalid
from core.http import scope_of
from core.scope import Scope
from sla import selectors, services
from sla.calc.incidents import OPEN_STATES, Step
from sla.models import Incident
from sla.serializers import IncidentQuery, IncidentSerializer, RaiseSerializer, StepSerializer
from vendors import selectors as vendors
from vendors.models import Vendor


class IncidentPages(Pages):
    """The newest incident first."""

    ordering: Any = ("-raised_at", "-pk")


def told(scope: Scope, uuid: UUID) -> dict[str, Any]:
    """Return an incident as the interface tells it."""
    incident = selectors.incident_get(scope=scope, uuid=uuid)
    return dict(IncidentSerializer(incident, context={"scope": scope}).data)


def asked(serializer: Any, request: Request) -> dict[str, Any]:
    """Return the typed body.

    Raises:
        Invalid: It is no object, names an unknown field, or a value cannot be right.
    """
    if request.query_params:
        raise BadParameter(next(iter(request.query_params)), _("There are no parameters here."), "unknown_parameter")
    body = serializer(data=request.data)
    if not body.is_valid():
        fields = {
            str(name): [str(text) for text in (texts if isinstance(texts, list) else [texts])]
            for name, texts in body.errors.items()
        }
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    return dict(body.validated_data)


@extend_schema_view(get=extend_schema(operation_id="incidents_list", parameters=[IncidentQuery], tags=["incidents"]))
class IncidentListView(ListEndpoint):
    """Incidents, the newest first; an agent's token sees those that are not restored yet."""

    serializer_class = IncidentSerializer
    query_class = IncidentQuery
    pagination_class = IncidentPages
    search_fields = ("title",)

    @property
    def permission(self) -> str:  # type: ignore[override]
        """Reading and raising are two rights."""
        return "incidents.raise" if self.request.method == "POST" else "incidents.view"

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Incident]:
        rows = selectors.incident_list_with_queues(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=_vendor(scope, query["vendor"]))
        if "state" in query:
            rows = rows.filter(state=query["state"])
        if "open" in query:
            is_open = {"state__in": OPEN_STATES}
            rows = rows.filter(**is_open) if query["open"] else rows.exclude(**is_open)
        return rows

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="incidents_raise",
        tags=["incidents"],
        parameters=[IDEMPOTENCY_KEY],
        request=RaiseSerializer,
        responses={201: IncidentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Raise an incident; both clocks start at once."""
        scope = scope_of(request._request)
        values = asked(RaiseSerializer, request)
        name = values.pop("vendor", None)
        if scope.is_client and not name:
            raise Invalid("vendor_missing", _("Name the vendor."), fields={"vendor": [_("Name the vendor.")]})
        vendor = (
            vendors.vendor_asked(scope=scope, text=name)
            if name
            else vendors.vendor_of_id(scope=scope, vendor_id=scope.organization_id)
        )
        if vendor is None:
            message = _("It names nothing: “%(value)s”.") % {"value": name}
            raise Invalid("vendor_unknown", message, fields={"vendor": [message]})
        values["queue_uuids"] = _queues(scope, vendor, values.pop("queues"))

        def make() -> tuple[int, dict[str, Any]]:
            incident = services.incident_raise(scope=scope, vendor_id=vendor.pk, **values)
            return 201, told(scope, incident.uuid)

        return _once(scope, request, vendor.pk, make)


@extend_schema_view(get=extend_schema(operation_id="incidents_retrieve", tags=["incidents"]))
class IncidentDetailView(DetailEndpoint):
    """One incident with its clocks."""

    permission = "incidents.view"
    serializer_class = IncidentSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Incident:
        return selectors.incident_get(scope=scope, uuid=uuid)


class IncidentStepView(APIView):
    """Takes an incident on."""

    permission = "incidents.step"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="incidents_step",
        tags=["incidents"],
        parameters=[IDEMPOTENCY_KEY],
        request=StepSerializer,
        responses={200: IncidentSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take a step at this moment; the clock that it stops is read then."""
        scope = scope_of(request._request)
        incident = selectors.incident_get(scope=scope, uuid=uuid)
        values = asked(StepSerializer, request)
        step, note = Step(values.pop("step")), values.pop("note")

        def make() -> tuple[int, dict[str, Any]]:
            services.incident_step(scope=scope, uuid=uuid, step=step, note=note, told=values)
            return 200, told(scope, uuid)

        return _once(scope, request, incident.vendor_id, make)


def _once(scope: Scope, request: Request, vendor_id: int, make: Any) -> Response:
    body_hash = hashlib.sha256(f"{vendor_id}:{request.path}:".encode() + request._request.body).digest()
    key = request.headers.get("Idempotency-Key", "")
    status, body = answer_once(scope=scope, vendor_id=vendor_id, key=key, body_hash=body_hash, make=make)
    return Response(body, status=status)


def _vendor(scope: Scope, text: str) -> Vendor:
    vendor = vendors.vendor_asked(scope=scope, text=text)
    if vendor is None:
        raise unknown("vendor", text)
    return vendor


def _queues(scope: Scope, vendor: Vendor, codes: list[str]) -> list[UUID]:
    queues = vendors.queue_list(scope=scope).filter(vendor=vendor, code__in=codes)
    found = dict(queues.values_list("code", "uuid"))
    if missing := sorted(set(codes) - found.keys()):
        message = _("It names nothing: “%(value)s”.") % {"value": ", ".join(missing)}
        raise Invalid("queue_unknown", message, fields={"queues": [message]})
    return [found[code] for code in sorted(set(codes))]
