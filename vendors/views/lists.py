"""The lists of sites, queues and agents, over all vendors that the caller sees."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.calc.access import fields_readable
from core.columns import DayColumn, HouseTable, TruthColumn
from core.components import Action, Crumb
from core.filters import DaySpanFilter, SearchFilter, TruthFilter
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from vendors import selectors
from vendors.forms import country_name
from vendors.models import Agent, Direction, Queue, Site, Vendor

IN_USE, CLOSED = gettext_lazy("in use"), gettext_lazy("closed")
WORKS, LEFT = gettext_lazy("active"), gettext_lazy("left")


def vendors_of(request: HttpRequest | None) -> QuerySet[Vendor]:
    """Return the vendors that a filter offers."""
    assert request is not None
    return selectors.vendor_list(scope=scope_of(request))


def is_of_one_vendor(request: HttpRequest) -> bool:
    """Return whether the list is a tab of a vendor, or the reader works for one."""
    return (
        "uuid" in (request.resolver_match.kwargs if request.resolver_match else ()) or not scope_of(request).is_client
    )


def vendor_url(vendor: Vendor) -> str:
    """Return a vendor's page."""
    return reverse("vendors:vendor_detail", args=[vendor.uuid])


class VendorFilter(ModelChoiceFilter):  # type: ignore[misc]
    """Rows of one vendor; in the address its uuid."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("Vendor"), queryset=vendors_of, to_field_name="uuid", **kwargs)


class PartTable(HouseTable):
    """What the tables of sites, queues and agents share."""

    vendor = tables.Column(verbose_name=gettext_lazy("Vendor"), linkify=lambda record: vendor_url(record.vendor))


class SiteTable(PartTable):
    """Sites."""

    name = tables.Column(linkify=lambda record: reverse("vendors:site_detail", args=[record.uuid]))
    zone = tables.Column(verbose_name=gettext_lazy("Time zone"))
    is_active = TruthColumn(verbose_name=gettext_lazy("State"), yes=IN_USE, no=CLOSED)

    class Meta:
        model = Site
        fields = ("name", "code", "vendor", "city", "country", "zone", "is_active")

    def render_country(self, value: str) -> str:
        return country_name(value)


class QueueTable(PartTable):
    """Queues."""

    name = tables.Column(linkify=lambda record: reverse("vendors:queue_detail", args=[record.uuid]))
    is_active = TruthColumn(verbose_name=gettext_lazy("State"), yes=IN_USE, no=CLOSED)

    class Meta:
        model = Queue
        fields = ("name", "code", "vendor", "direction", "is_active")


class AgentTable(PartTable):
    """Agents."""

    name = tables.Column(linkify=lambda record: reverse("vendors:agent_detail", args=[record.uuid]))
    hired_on = DayColumn()
    left_on = DayColumn(visible=False)
    is_active = TruthColumn(verbose_name=gettext_lazy("State"), yes=WORKS, no=LEFT)

    class Meta:
        model = Agent
        fields = ("name", "code", "vendor", "site", "team", "hired_on", "left_on", "is_active")


class PartFilter(FilterSet):  # type: ignore[misc]
    """Asks for the vendor only where rows of several can stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_of_one_vendor(self.request):
            self.filters.pop("vendor", None)


class SiteFilter(PartFilter):
    """What sites are found by."""

    q = SearchFilter(fields=("name", "code", "city"))
    vendor = VendorFilter()
    is_active = TruthFilter(label=gettext_lazy("State"), yes=IN_USE, no=CLOSED)


class QueueFilter(PartFilter):
    """What queues are found by."""

    q = SearchFilter(fields=("name", "code"))
    vendor = VendorFilter()
    direction = ChoiceFilter(label=gettext_lazy("Direction"), choices=Direction.choices)
    is_active = TruthFilter(label=gettext_lazy("State"), yes=IN_USE, no=CLOSED)


def sites_of(request: HttpRequest | None) -> QuerySet[Site]:
    """Return the sites that a filter offers."""
    assert request is not None
    sites = selectors.site_list(scope=scope_of(request))
    vendor = request.resolver_match.kwargs.get("uuid") if request.resolver_match else None
    return sites.filter(vendor__uuid=vendor) if vendor else sites


class AgentFilter(PartFilter):
    """What agents are found by."""

    q = SearchFilter(fields=("name", "code", "team"))
    vendor = VendorFilter()
    site = ModelChoiceFilter(label=gettext_lazy("Site"), queryset=sites_of, to_field_name="uuid")
    hired_on = DaySpanFilter(label=gettext_lazy("Hired"))
    is_active = TruthFilter(label=gettext_lazy("State"), yes=WORKS, no=LEFT)


class PartList(ListPage):
    """A list of parts over all vendors that the caller sees; whoever has one vendor is not told its name."""

    access_object = ""

    def forbidden_columns(self, scope: Scope) -> list[str]:
        names = set(self.table_class.base_columns) - fields_readable(scope.role, scope.side, self.access_object)
        return sorted(names if scope.is_client else names | {"vendor"})


class SiteList(PartList):
    """Where the vendors' agents sit."""

    name = "sites"
    access_object = "site"
    title = gettext_lazy("Sites")
    intro = gettext_lazy("The places where your vendors' agents sit, each in its own time zone.")
    permission = "vendors.view"
    crumbs = (Crumb(gettext_lazy("Sites")),)
    table_class = SiteTable
    filterset_class = SiteFilter
    action = Action(gettext_lazy("Add site"), reverse_lazy("vendors:site_create"), "plus", "sites.edit")
    empty_text = gettext_lazy("The places where agents sit will be listed here.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Site]:
        return selectors.site_list(scope=scope)


class QueueList(PartList):
    """The service lines of the vendors."""

    name = "queues"
    access_object = "queue"
    title = gettext_lazy("Queues")
    intro = gettext_lazy("The lines that vendors answer; contracts set service hours and targets for each.")
    permission = "vendors.view"
    crumbs = (Crumb(gettext_lazy("Queues")),)
    table_class = QueueTable
    filterset_class = QueueFilter
    action = Action(gettext_lazy("Add queue"), reverse_lazy("vendors:queue_create"), "plus", "vendors.edit")
    empty_text = gettext_lazy("The lines that vendors answer will be listed here.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Queue]:
        return selectors.queue_list(scope=scope)


class AgentList(PartList):
    """The people who answer."""

    name = "agents"
    access_object = "agent"
    title = gettext_lazy("Agents")
    intro = gettext_lazy("The people who answer, known by the code that the call files give them.")
    permission = "agents.view"
    crumbs = (Crumb(gettext_lazy("Agents")),)
    table_class = AgentTable
    filterset_class = AgentFilter
    action = Action(gettext_lazy("Add agent"), reverse_lazy("vendors:agent_create"), "plus", "agents.edit")
    empty_text = gettext_lazy("Agents will be listed here; importing calls can add them by itself.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Agent]:
        return selectors.agent_list(scope=scope)
