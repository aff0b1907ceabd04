"""The filter of published forms."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, ModelChoiceFilter

from core.filters import SearchFilter, TruthFilter
from core.http import scope_of
from qa.models import Form
from vendors import selectors as vendors
from vendors.models import Vendor


def vendors_seen(request: HttpRequest | None) -> QuerySet[Vendor]:
    """Return the vendors that a filter offers."""
    assert request is not None
    return vendors.vendor_list(scope=scope_of(request))


class OfVendorFilter(FilterSet):  # type: ignore[misc]
    """A filter set in which only the client is asked for the vendor."""

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        if not scope_of(request).is_client:
            self.filters.pop("vendor", None)


class FormFilter(OfVendorFilter):
    """What published forms are found by."""

    q = SearchFilter(fields=("code", "name"))
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=vendors_seen, to_field_name="uuid", empty_label=_("all"))
    is_live = TruthFilter(label=_("State"), yes=_("in use"), no=_("former version"))

    class Meta:
        model = Form
        fields: tuple[str, ...] = ()
