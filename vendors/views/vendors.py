"""The list of vendors, and one vendor with its parts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from django_filters import FilterSet

from accounts.calc.access import fields_readable, fields_writable
from core.columns import CountColumn, HouseTable, TruthColumn
from core.components import Action, Crumb, Fact, Next, Tab
from core.filters import SearchFilter, TruthFilter
from core.forms import EXPECTED, FormPage, RowForm
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from vendors import forms, selectors, services
from vendors.models import Vendor
from vendors.views import lists

VENDORS = Crumb(gettext_lazy("Vendors"), reverse_lazy("vendors:vendor_list"))
ACTIVE, FORMER = gettext_lazy("active"), gettext_lazy("former")


class VendorTable(HouseTable):
    """Vendors with the numbers of their living parts."""

    name = tables.Column(linkify=lambda record: reverse("vendors:vendor_detail", args=[record.uuid]))
    site_count = CountColumn(verbose_name=gettext_lazy("Sites"))
    queue_count = CountColumn(verbose_name=gettext_lazy("Queues"))
    agent_count = CountColumn(verbose_name=gettext_lazy("Agents"))
    is_active = TruthColumn(verbose_name=gettext_lazy("State"), yes=ACTIVE, no=FORMER)

    class Meta:
        model = Vendor
        fields = ("name", "code", "country", "contact_name", "site_count", "queue_count", "agent_count", "is_active")

    def render_country(self, value: str) -> str:
        return forms.country_name(value)


class VendorFilter(FilterSet):  # type: ignore[misc]
    """What vendors are found by."""

    q = SearchFilter(fields=("name", "code", "contact_name"))
    is_active = TruthFilter(label=gettext_lazy("State"), yes=ACTIVE, no=FORMER)


class VendorList(ListPage):
    """All vendors; whoever works for one is led to it."""

    name = "vendors"
    title = gettext_lazy("Vendors")
    intro = gettext_lazy("The companies that answer for you, with their sites, queues and agents.")
    permission = "vendors.view"
    crumbs = (Crumb(gettext_lazy("Vendors")),)
    table_class = VendorTable
    filterset_class = VendorFilter
    action = Action(gettext_lazy("Add vendor"), reverse_lazy("vendors:vendor_create"), "plus", "vendors.edit")
    empty_text = gettext_lazy("Add the first vendor, then its queues; a contract says what it promises for them.")
    empty_action = action

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        scope = scope_of(request)
        if not scope.is_client:
            scope.require(self.permission)
            return redirect(lists.vendor_url(selectors.vendor_of_id(scope=scope, vendor_id=scope.organization_id)))
        return super().get(request, **kwargs)

    def get_rows(self, scope: Scope) -> QuerySet[Vendor]:
        return selectors.vendor_list_counted(scope=scope)


def vendor_context(scope: Scope, vendor: Vendor, current: str) -> dict[str, Any]:
    """Return the head and the tabs that all pages of a vendor share."""
    counts: Any = selectors.vendor_list_counted(scope=scope).get(pk=vendor.pk)
    tabs = [
        ("vendor_detail", _("Summary"), None),
        ("vendor_sites", _("Sites"), counts.site_count),
        ("vendor_queues", _("Queues"), counts.queue_count),
        ("vendor_agents", _("Agents"), counts.agent_count),
        ("vendor_history", _("History"), None),
    ]
    edit = Action(_("Edit"), reverse("vendors:vendor_edit", args=[vendor.uuid]), "edit", "vendors.edit")
    return {
        "vendor": vendor,
        "title": vendor.name,
        "title_badge": ui.badge(*(("good", ACTIVE) if vendor.is_active else ("neutral", FORMER))),
        "crumbs": (VENDORS, Crumb(vendor.name)),
        "menu": [],
        "action": edit if scope.can("vendors.edit") else None,
        "tabs": [
            Tab(label, reverse(f"vendors:{name}", args=[vendor.uuid]), name == current, count)
            for name, label, count in tabs
        ],
    }


class VendorSummary(View):
    """A vendor's own facts."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the facts that exist for the reader."""
        scope = scope_of(request)
        scope.require("vendors.view")
        vendor = selectors.vendor_get(scope=scope, uuid=uuid)
        readable = fields_readable(scope.role, scope.side, "vendor")
        facts = [
            Fact(label, value or ui.missing(_("not given")))
            for name, label, value in (
                ("code", _("Code"), vendor.code),
                ("country", _("Country"), forms.country_name(vendor.country)),
                ("contact_name", _("Project lead"), vendor.contact_name),
                ("contact_email", _("E-mail"), vendor.contact_email),
            )
            if name in readable
        ]
        context = {
            **vendor_context(scope, vendor, "vendor_detail"),
            "facts": facts,
            "shows_contracts": scope.can("contracts.view"),
            "note": vendor.note if "note" in readable else "",
            "next": None if vendor.is_active else _closed(scope, vendor),
        }
        return render(request, "vendors/vendor_summary.html", context)


def _closed(scope: Scope, vendor: Vendor) -> Next:
    text = _("You work with this vendor no more: its tokens are refused too. Its contracts, calls and figures stay.")
    again = Action(_("Edit"), reverse("vendors:vendor_edit", args=[vendor.uuid]), "edit")
    actions = [again] if scope.can("vendors.edit") else []
    return Next(_("Its people cannot sign in"), text=text, actions=actions, tone="warning")


class VendorHistory(View):
    """What happened to a vendor's row."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the frame; the history comes from the audit book by its own address."""
        scope = scope_of(request)
        scope.require("vendors.view")
        vendor = selectors.vendor_get(scope=scope, uuid=uuid)
        return render(request, "vendors/vendor_history.html", vendor_context(scope, vendor, "vendor_history"))


class VendorPartMixin(ListPage):
    """A list of parts as a tab of its vendor."""

    template_name = "vendors/vendor_part.html"
    tab = ""

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [*super().forbidden_columns(scope), "vendor"]

    def get_rows(self, scope: Scope) -> QuerySet[Any]:
        rows: Any = super().get_rows(scope)
        self.vendor = selectors.vendor_get(scope=scope, uuid=self.kwargs["uuid"])
        return rows.filter(vendor=self.vendor)  # type: ignore[no-any-return]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        context = vendor_context(scope, self.vendor, self.tab)
        edit, add = context["action"], self.action
        if add is None or not scope.can(add.permission):
            return context
        # On a tab the work at hand is its list: the vendor's own edit page moves into the menu.
        url = f"{add.url}?vendor={self.vendor.uuid}"
        add = Action(add.label, url, add.icon, add.permission)
        return {**context, "action": add, "empty_action": add, "menu": [edit] if edit else []}


class VendorSites(VendorPartMixin, lists.SiteList):
    """A vendor's sites."""

    tab = "vendor_sites"


class VendorQueues(VendorPartMixin, lists.QueueList):
    """A vendor's queues."""

    tab = "vendor_queues"


class VendorAgents(VendorPartMixin, lists.AgentList):
    """A vendor's agents."""

    tab = "vendor_agents"


class VendorForm(FormPage):
    """Add or edit a vendor."""

    permission = "vendors.edit"
    title = gettext_lazy("Add vendor")
    intro = gettext_lazy("Its people get an organization of their own to sign in for.")

    def get_row(self, scope: Scope) -> Vendor | None:
        return selectors.vendor_get(scope=scope, uuid=self.kwargs["uuid"]) if "uuid" in self.kwargs else None

    def get_form(self, scope: Scope, row: Vendor | None, data: Any = None) -> BaseForm:
        given: dict[str, Any] = {} if row is None else {"instance": row}
        writable = fields_writable(scope.role, scope.side, "vendor")
        return forms.VendorForm(data=data, writable=writable, **given)

    def save(self, scope: Scope, row: Vendor | None, form: RowForm) -> Vendor:
        if row is None:
            return services.vendor_create(scope=scope, **form.values)
        version = form.cleaned_data[EXPECTED]
        return services.vendor_update(scope=scope, uuid=row.uuid, expected_version=version, values=form.values)

    def get_done_url(self, saved: Vendor) -> str:
        return lists.vendor_url(saved)

    def get_context(self, scope: Scope, row: Vendor | None) -> dict[str, Any]:
        if row is None:
            return {"crumbs": (VENDORS, Crumb(self.title)), "cancel_url": VENDORS.url}
        page = Crumb(row.name, lists.vendor_url(row))
        return {
            "title": _("Edit %(name)s") % {"name": row.name},
            "intro": "",
            "crumbs": (VENDORS, page, Crumb(_("Edit"))),
            "cancel_url": page.url,
        }
