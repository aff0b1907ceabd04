"""The filters of the list of improvement actions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from contracts import selectors as contracts
from core.filters import DaySpanFilter, SearchFilter
from core.http import scope_of, zone_of
from core.periods import local_day
from qa.models import Improvement, ImprovementOrigin, ImprovementState, Metric
from vendors import selectors as vendors

OPEN, ALL = "open", "all"
MINE, LATE = "me", "overdue"


def _contracts(request: HttpRequest | None) -> QuerySet[Any]:
    assert request is not None
    return contracts.contract_list(scope=scope_of(request))


class ImprovementFilter(FilterSet):  # type: ignore[misc]
    """What actions are found by; the open ones unless asked otherwise."""

    more = ("origin", "contract", "starts_on")

    q = SearchFilter(fields=("title", "problem", "cause", "measure"))
    state = ChoiceFilter(
        label=_("State"), choices=[(OPEN, _("not closed")), *ImprovementState.choices, (ALL, _("all"))],
        method="filter_state", empty_label=None,
    )  # fmt: skip
    owner = ChoiceFilter(label=_("Owner"), choices=[(MINE, _("me"))], method="filter_owner", empty_label=_("anybody"))
    due = ChoiceFilter(
        label=_("Due"), choices=[(LATE, _("overdue"))], method="filter_due", empty_label=_("at any time")
    )
    metric = ChoiceFilter(label=_("Metric"), choices=Metric.choices, empty_label=_("all"))
    vendor = ModelChoiceFilter(
        label=_("Vendor"), queryset=lambda request: vendors.vendor_list(scope=scope_of(request)),
        to_field_name="uuid", empty_label=_("all"),
    )  # fmt: skip
    origin = ChoiceFilter(label=_("Begins from"), choices=ImprovementOrigin.choices, empty_label=_("all"))
    contract = ModelChoiceFilter(label=_("Contract"), queryset=_contracts, to_field_name="uuid", empty_label=_("all"))
    starts_on = DaySpanFilter(label=_("Start"))

    class Meta:
        model = Improvement
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        asked = data.copy()
        asked.setdefault("state", OPEN)
        super().__init__(asked, *args, request=request, **kwargs)
        self.scope = scope_of(request)
        if not self.scope.is_client:
            del self.filters["vendor"]

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        return any(self.data.get(name) for name in ("origin", "contract", "starts_on_after", "starts_on_before"))

    def filter_state(self, rows: QuerySet[Improvement], name: str, value: str) -> QuerySet[Improvement]:
        """Keep a state, or what is not closed."""
        if value == OPEN:
            return rows.exclude(state=ImprovementState.CLOSED)
        return rows if value == ALL else rows.filter(state=value)

    def filter_owner(self, rows: QuerySet[Improvement], name: str, value: str) -> QuerySet[Improvement]:
        """Keep one's own."""
        return rows.filter(owner_id=self.scope.user_id)

    def filter_due(self, rows: QuerySet[Improvement], name: str, value: str) -> QuerySet[Improvement]:
        """Keep what should have gone on."""
        return rows.filter(due_on__lt=local_day(self.scope.at, zone_of(self.scope)), closed_at=None)
