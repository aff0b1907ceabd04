"""The contracts and their terms, to read."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from contracts import selectors
from contracts.models import Contract
from contracts.serializers import ContractDetailSerializer, ContractQuery, ContractSerializer
from core.endpoints import DetailEndpoint, ListEndpoint, unknown
from core.scope import Scope
from vendors import selectors as vendors


@extend_schema_view(get=extend_schema(operation_id="contracts_list", parameters=[ContractQuery], tags=["contracts"]))
class ContractListView(ListEndpoint):
    """The contracts that the caller sees, by code; to a vendor those with a signed version."""

    permission = "contracts.view"
    serializer_class = ContractSerializer
    query_class = ContractQuery

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Contract]:
        rows = selectors.contract_list_read(scope=scope)
        if "vendor" in query:
            vendor = vendors.vendor_asked(scope=scope, text=query["vendor"])
            if vendor is None:
                raise unknown("vendor", query["vendor"])
            rows = rows.filter(vendor=vendor)
        if "active_on" in query:
            day = query["active_on"]
            rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        return rows


@extend_schema_view(get=extend_schema(operation_id="contracts_retrieve", tags=["contracts"]))
class ContractDetailView(DetailEndpoint):
    """One contract with its versions: service hours, how each KPI is counted, and the targets."""

    permission = "contracts.view"
    serializer_class = ContractDetailSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Contract:
        return selectors.contract_read(scope=scope, uuid=uuid)
