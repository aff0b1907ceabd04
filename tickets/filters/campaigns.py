"""The filters of the lists of outbound tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from core.filters import DaySpanFilter, SearchFilter, TruthFilter
from core.http import scope_of
from core.periods import local_day
from tickets import selectors
from tickets.calc.outbound import ENTERED, Outcome
from tickets.models import (
    ATTEMPT_OUTCOMES,
    CAMPAIGN_STATES,
    CONTACT_STATES,
    PURPOSES,
    Attempt,
    Campaign,
    DoNotCall,
)
from vendors import selectors as vendors
from vendors.models import Vendor

IN_HANDS = "in_hands"


def _vendors(request: HttpRequest | None) -> QuerySet[Vendor]:
    assert request is not None
    return vendors.vendor_list(scope=scope_of(request))


def _campaigns(request: HttpRequest | None) -> QuerySet[Campaign]:
    assert request is not None
    return selectors.campaign_list(scope=scope_of(request))


def vendor_filter() -> ModelChoiceFilter:
    """Return the choice of a vendor, for the client's lists."""
    return ModelChoiceFilter(label=_("Vendor"), queryset=_vendors, to_field_name="uuid", empty_label=_("all"))


class OfVendorFilter(FilterSet):  # type: ignore[misc]
    """A filter set in which only the client is asked for the vendor."""

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        if not scope_of(request).is_client:
            self.filters.pop("vendor", None)


class CampaignFilter(OfVendorFilter):
    """What campaigns are found by."""

    q = SearchFilter(fields=("name", "goal"))
    state = ChoiceFilter(label=_("State"), choices=list(CAMPAIGN_STATES.items()), empty_label=_("all"))
    purpose = ChoiceFilter(label=_("Purpose"), choices=list(PURPOSES.items()), empty_label=_("all"))
    vendor = vendor_filter()


class ContactFilter(FilterSet):  # type: ignore[misc]
    """What contacts are found by."""

    q = SearchFilter(fields=("reference", "name"))
    state = ChoiceFilter(label=_("State"), choices=list(CONTACT_STATES.items()), empty_label=_("all"))


class AttemptFilter(OfVendorFilter):
    """What attempts are found by."""

    more = ("vendor", "day")

    q = SearchFilter(fields=("contact__reference", "success_reference", "call_external_id", "handler_name"))
    campaign = ModelChoiceFilter(
        label=_("Campaign"), queryset=_campaigns, to_field_name="uuid", empty_label=_("all"), field_name="campaign"
    )
    outcome = ChoiceFilter(
        label=_("Outcome"),
        choices=[
            (IN_HANDS, _("in hands")),
            *((outcome.value, ATTEMPT_OUTCOMES[outcome]) for outcome in (*ENTERED, Outcome.LAPSED)),
        ],
        method="filter_outcome",
        empty_label=_("all"),
    )
    vendor = vendor_filter()
    day = DaySpanFilter(label=_("Day"), method="filter_day")

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        return any(self.data.get(name) for name in ("vendor", "day_after", "day_before"))

    def filter_outcome(self, attempts: QuerySet[Attempt], name: str, value: str) -> QuerySet[Attempt]:
        """Keep the attempts with an outcome, or those without."""
        return attempts.filter(outcome="" if value == IN_HANDS else value)

    def filter_day(self, attempts: QuerySet[Attempt], name: str, value: slice) -> QuerySet[Attempt]:
        """Keep the attempts that count on some days of their contracts."""
        for end, lookup in ((value.start, "day__gte"), (value.stop, "day__lte")):
            if end is not None:
                attempts = attempts.filter(**{lookup: local_day(end, "UTC")})
        return attempts


class DoNotCallFilter(FilterSet):  # type: ignore[misc]
    """What entries are found by; a number is never looked for by its text."""

    q = SearchFilter(fields=("reason", "added_by"))
    is_for_all = TruthFilter(label=_("Holds for"), yes=_("every vendor"), no=_("one vendor"))
    state = ChoiceFilter(
        label=_("State"),
        choices=[("in_force", _("in force")), ("withdrawn", _("withdrawn"))],
        method="filter_state",
        empty_label=_("all"),
    )

    def filter_state(self, entries: QuerySet[DoNotCall], name: str, value: str) -> QuerySet[DoNotCall]:
        """Keep the entries that hold, or those that were taken back."""
        return entries.filter(Q(withdrawn_at__isnull=value == "in_force"))
