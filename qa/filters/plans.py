"""The filters of sampling plans and of draws."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter

from core.filters import DaySpanFilter, SearchFilter
from core.http import scope_of
from qa import selectors
from qa.filters.forms import OfVendorFilter, vendors_seen
from qa.models import PLAN_STATES, Draw, Kind, Plan


def plans_seen(request: HttpRequest | None) -> QuerySet[Plan]:
    """Return the plans that a filter offers."""
    assert request is not None
    return selectors.plan_list(scope=scope_of(request))


class PlanFilter(OfVendorFilter):
    """What plans are found by."""

    q = SearchFilter(fields=("name", "form_code", "contract__name"))
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=vendors_seen, to_field_name="uuid", empty_label=_("all"))
    state = ChoiceFilter(label=_("State"), choices=PLAN_STATES, empty_label=_("all"))
    kind = ChoiceFilter(label=_("Drawn from"), choices=Kind.choices, empty_label=_("all"))

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()


class DrawFilter(OfVendorFilter):
    """What draws are found by."""

    plan = ModelChoiceFilter(label=_("Plan"), queryset=plans_seen, to_field_name="uuid", empty_label=_("all"))
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=vendors_seen, to_field_name="uuid", empty_label=_("all"))
    day = DaySpanFilter(label=_("Day"))

    class Meta:
        model = Draw
        fields: tuple[str, ...] = ()
