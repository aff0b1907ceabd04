"""The filters of the calls list."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from calls import selectors
from calls.forms import CallFilterForm
from calls.models import Batch, BatchState, Call
from core.filters import SearchFilter, TruthFilter
from core.http import scope_of
from vendors import selectors as vendors


class CallFilter:
    """The part of a filter set that lists use, over one form whose fields depend on each other."""

    more = ("wait_min", "wait_max", "external_id", "csat", "resolved")

    def __init__(self, data: QueryDict, *, queryset: QuerySet[Call], request: HttpRequest) -> None:
        self.queryset = queryset
        self.scope = scope_of(request)
        if data.get("external_id"):
            # The bar sends its days along; whoever looks for one call means it on whichever day it was.
            data = data.copy()
            for name in ("from", "to", "half_hour"):
                data.pop(name, None)
        self.form = CallFilterForm(data, scope=self.scope)

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        return any(self.form.data.get(name) for name in self.more)

    @cached_property
    def qs(self) -> QuerySet[Call]:
        """The calls that are asked for."""
        calls = selectors.call_select(scope=self.scope, selection=self.form.selection)
        return selectors.with_names(scope=self.scope, calls=calls)


class BatchFilter(FilterSet):  # type: ignore[misc]
    """Filters of the list of imports."""

    q = SearchFilter(fields=("file_name", "received_by"))
    vendor = ModelChoiceFilter(
        queryset=lambda request: vendors.vendor_list(scope=scope_of(request)), to_field_name="code", label=_("Vendor")
    )
    state = ChoiceFilter(choices=BatchState.choices, label=_("State"))
    open = TruthFilter(method="filter_open", yes=_("waiting"), no=_("done"), label=_("Work"))

    class Meta:
        model = Batch
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not scope_of(self.request).is_client:
            del self.filters["vendor"]

    def filter_open(self, queryset: QuerySet[Batch], name: str, value: bool | None) -> QuerySet[Batch]:
        """Keep the imports that wait for somebody or something, or the others."""
        if value is None:
            return queryset
        if value:
            return queryset.filter(state__in=selectors.OPEN_STATES)
        return queryset.exclude(state__in=selectors.OPEN_STATES)
