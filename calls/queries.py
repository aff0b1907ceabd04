"""Parameters that many endpoints share, and what the words in them name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from contracts import selectors as contracts
from contracts.models import Contract
from core.endpoints import Query, unknown
from core.errors import BadParameter
from core.scope import Scope
from vendors import selectors as vendors

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
DAYS_MAX = {"day": 92, "month": 1100, "total": 1100}


class VendorQuery(Query):
    """What rules are asked for by."""

    vendor = serializers.CharField(required=False, max_length=40, help_text="The vendor's code or id.")


class PeriodQuery(VendorQuery):
    """Which days are asked for."""

    search = None  # type: ignore[assignment]
    contract = serializers.CharField(required=False, max_length=40, help_text="The contract's code or id.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        days = {
            "from": serializers.DateField(help_text="First local day of each contract's own zone."),
            "to": serializers.DateField(help_text="The day after the last; not part of the period."),
        }
        return {**super().get_fields(), **days}


def vendor_named(*, scope: Scope, text: str) -> Any:
    """Return the vendor that a parameter names by code or id; raises BadParameter."""
    vendor = vendors.vendor_asked(scope=scope, text=text)
    if vendor is None:
        raise unknown("vendor", text)
    return vendor


def contracts_named(*, scope: Scope, text: str, vendor: Any = None) -> QuerySet[Contract]:
    """Return the contracts of a code, of which each vendor may have one, or the one of an id; raises BadParameter."""
    rows = contracts.contract_list(scope=scope)
    if vendor is not None:
        rows = rows.filter(vendor=vendor)
    try:
        named = Q(uuid=UUID(text))
    except ValueError:
        named = Q(code__iexact=text)
    if not rows.filter(named).exists():
        raise unknown("contract", text)
    return rows.filter(named).order_by("pk")


def contracts_asked(*, scope: Scope, query: Mapping[str, Any]) -> QuerySet[Contract]:
    """Return the contracts that ``vendor`` and ``contract`` of a query leave; raises BadParameter."""
    vendor = vendor_named(scope=scope, text=query["vendor"]) if "vendor" in query else None
    if "contract" in query:
        return contracts_named(scope=scope, text=query["contract"], vendor=vendor)
    rows = contracts.contract_list(scope=scope)
    return rows if vendor is None else rows.filter(vendor=vendor)


def period_of(query: Mapping[str, Any], *, interval: str = "total") -> tuple[date, date]:
    """Return the first day and the day after the last.

    Raises:
        BadParameter: They lie the wrong way round, too far apart, or beyond what there can be.
    """
    first, until = query["from"], query["to"]
    if first >= until:
        raise BadParameter("to", _("to must lie after from; it is not part of the period itself."))
    if first < FIRST_DAY or until > LAST_DAY or (until - first).days > DAYS_MAX[interval]:
        raise BadParameter("from", _("At most %(days)s days at once, from 2000 on.") % {"days": DAYS_MAX[interval]})
    return first, until
