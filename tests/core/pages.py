"""Pages that only the tests of the shared machinery open."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.urls import include, path
from django_filters import FilterSet, ModelChoiceFilter

from core.columns import CountColumn, DayColumn, HouseTable, MomentColumn, TruthColumn
from core.components import Action, Crumb
from core.filters import DaySpanFilter, SearchFilter, TruthFilter
from core.http import scope_of
from core.lists import BulkAction, ListPage
from core.scope import Scope
from vendors.models import Agent, Site


class AgentTable(HouseTable):
    """Agents with a number and a moment that the model does not have."""

    name = tables.Column(linkify=lambda record: f"/agents/{record.uuid}/")
    code = tables.Column()
    site = tables.Column(accessor="site__name")
    team = tables.Column()
    hired_on = DayColumn()
    is_active = TruthColumn()
    version = CountColumn(verbose_name="Version")
    seen_at = MomentColumn(empty_values=(), orderable=False)

    class Meta:
        model = Agent
        fields = ("name", "code", "site", "team", "hired_on", "is_active", "version", "seen_at")

    def value_seen_at(self) -> Any:
        return scope_of(self.request).at

    def render_seen_at(self, column: MomentColumn) -> Any:
        return column.render(value=self.value_seen_at(), table=self)


def sites_of(request: HttpRequest) -> Any:
    """Return the choices of the site filter."""
    return Site.objects.visible_to(scope_of(request)).order_by("name")


class AgentFilter(FilterSet):  # type: ignore[misc]
    """Filters of each kind."""

    q = SearchFilter(fields=("name", "code"))
    site = ModelChoiceFilter(queryset=sites_of)
    is_active = TruthFilter(yes="active", no="inactive", label="State")
    hired_on = DaySpanFilter(label="Hired")

    class Meta:
        model = Agent
        fields: tuple[str, ...] = ()


class AgentPage(ListPage):
    """A list with everything that a list can have."""

    name = "agents"
    title = "Agents"
    intro = "The people who answer; their codes are the vendor's own."
    permission = "agents.view"
    crumbs = (Crumb("Contracts", "/"), Crumb("Agents"))
    table_class = AgentTable
    filterset_class = AgentFilter
    action = Action("Add agent", "/agents/new/", "plus", "agents.edit")
    menu = (Action("Upload agents", "/agents/upload/", "upload", "agents.edit"),)
    empty_text = "Agents come with the first call file or by hand."
    private_filters = frozenset({"q"})

    def get_rows(self, scope: Scope) -> Any:
        return Agent.objects.visible_to(scope).select_related("site").order_by("name")

    def get_zone(self, scope: Scope) -> str:
        return "Asia/Shanghai"

    def forbidden_columns(self, scope: Scope) -> tuple[str, ...]:
        return () if scope.is_client else ("hired_on",)


class BulkPage(AgentPage):
    """The same with a bulk action."""

    name = "bulk"
    bulk_actions = (BulkAction("Retire", "/bulk/", confirm="Retire the selected agents?"),)


urlpatterns = [
    path("agents/", AgentPage.as_view(), name="agents"),
    path("bulk/", BulkPage.as_view(), name="bulk"),
    path("accounts/", include("allauth.urls")),
]
