"""What flagged calls are found by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from core.filters import DaySpanFilter, SearchFilter
from core.http import scope_of, zone_of
from core.periods import day_start, local_day
from qa.calc.live import QUICK_SECONDS
from qa.filters.scripts import vendors_of
from qa.models import LIVE_OUTCOMES, LIVE_REASONS, LIVE_SOURCES, LIVE_STATES, LiveCall

QUICK = "quick"


class LiveFilter(FilterSet):  # type: ignore[misc]
    """What flagged calls are found by; only the client is asked for the vendor."""

    more = ("outcome", "source", "vendor", "waited")

    q = SearchFilter(fields=("detail", "external_id", "agent__name", "agent__code", "note"))
    state = ChoiceFilter(label=_("State"), choices=list(LIVE_STATES.items()), empty_label=_("all"))
    reason = ChoiceFilter(label=_("Reason"), choices=list(LIVE_REASONS.items()), empty_label=_("all"))
    day = DaySpanFilter(label=_("Day"), method="filter_day")
    outcome = ChoiceFilter(label=_("What came of it"), choices=list(LIVE_OUTCOMES.items()), empty_label=_("all"))
    source = ChoiceFilter(label=_("Flagged by"), choices=list(LIVE_SOURCES.items()), empty_label=_("all"))
    waited = ChoiceFilter(
        label=_("Help came"),
        choices=[("some", _("at all")), (QUICK, _("within a minute"))],
        method="filter_waited",
        empty_label=_("all"),
    )
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=vendors_of, to_field_name="uuid", empty_label=_("all"))

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        scope = scope_of(request)
        if not scope.is_client:
            self.filters.pop("vendor", None)
        if scope.agent_id is not None:
            self.filters["q"].fields = ("detail", "external_id")

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        return any(self.data.get(name) for name in self.more)

    def filter_day(self, flags: QuerySet[Any], name: str, value: slice) -> QuerySet[Any]:
        """Keep what was flagged on some days of the reader's zone."""
        zone = zone_of(scope_of(self.request))
        if value.start is not None:
            flags = flags.filter(flagged_at__gte=day_start(local_day(value.start, "UTC"), zone))
        if value.stop is not None:
            flags = flags.filter(flagged_at__lt=day_start(local_day(value.stop, "UTC") + timedelta(days=1), zone))
        return flags

    def filter_waited(self, flags: QuerySet[Any], name: str, value: str) -> QuerySet[LiveCall]:
        """Keep what somebody took, or took within a minute."""
        taken = flags.filter(taken_at__isnull=False)
        return taken.filter(waited__lte=timedelta(seconds=QUICK_SECONDS)) if value == QUICK else taken
