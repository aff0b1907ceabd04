"""The pages and forms of one site, queue or agent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts import selectors as accounts
from accounts.calc.access import fields_readable, fields_writable, roles_grantable
from accounts.services import user_create
from accounts.wording import name_hint
from core.components import Action, Crumb, Fact
from core.forms import EXPECTED, FormPage, RowForm
from core.http import scope_of
from core.scope import VENDOR, Scope
from core.templatetags import ui
from vendors import forms, selectors, services
from vendors.models import Agent, Queue, Site, Vendor
from vendors.views.lists import CLOSED, IN_USE, LEFT, WORKS, vendor_url

SITES = Crumb(gettext_lazy("Sites"), reverse_lazy("vendors:site_list"))
QUEUES = Crumb(gettext_lazy("Queues"), reverse_lazy("vendors:queue_list"))
AGENTS = Crumb(gettext_lazy("Agents"), reverse_lazy("vendors:agent_list"))


class PartDetail(View):
    """One part of a vendor: its facts and its history."""

    access_object = ""
    permission = "vendors.view"
    edit_permission = ""
    edit_url_name = ""
    crumb: Crumb
    names = (IN_USE, CLOSED)

    def get_row(self, scope: Scope, uuid: UUID) -> Any:
        """Return the row, fetched in scope."""
        raise NotImplementedError

    def get_facts(self, row: Any) -> list[tuple[str, Any]]:
        """Return field, label and value of what is worth knowing."""
        raise NotImplementedError

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the part."""
        scope = scope_of(request)
        scope.require(self.permission)
        row = self.get_row(scope, uuid)
        readable = fields_readable(scope.role, scope.side, self.access_object)
        vendor = format_html('<a href="{}">{}</a>', vendor_url(row.vendor), row.vendor)
        facts = [Fact(_("Vendor"), vendor), Fact(_("Code"), row.code)]
        facts += [
            Fact(row._meta.get_field(name).verbose_name.capitalize(), value or ui.missing(_("not given")))
            for name, value in self.get_facts(row)
            if name in readable
        ]
        action = Action(_("Edit"), reverse(self.edit_url_name, args=[row.uuid]), "edit", self.edit_permission)
        context = {
            "title": row.name,
            "title_badge": ui.badge(*(("good", self.names[0]) if row.is_active else ("neutral", self.names[1]))),
            "crumbs": (self.crumb, Crumb(row.name)),
            "facts": facts,
            "action": action if scope.can(self.edit_permission) else None,
            "row": row,
            "object_type": self.access_object,
            **self.get_context(scope, row),
        }
        return render(request, "vendors/part_detail.html", context)


class SiteDetail(PartDetail):
    """A site."""

    access_object = "site"
    edit_permission, edit_url_name, crumb = "sites.edit", "vendors:site_edit", SITES

    def get_row(self, scope: Scope, uuid: UUID) -> Site:
        return selectors.site_get(scope=scope, uuid=uuid)

    def get_facts(self, row: Site) -> list[tuple[str, Any]]:
        return [("city", row.city), ("country", forms.country_name(row.country)), ("zone", row.zone)]


class QueueDetail(PartDetail):
    """A queue."""

    access_object = "queue"
    edit_permission, edit_url_name, crumb = "vendors.edit", "vendors:queue_edit", QUEUES

    def get_row(self, scope: Scope, uuid: UUID) -> Queue:
        return selectors.queue_get(scope=scope, uuid=uuid)

    def get_facts(self, row: Queue) -> list[tuple[str, Any]]:
        return [("direction", row.get_direction_display())]


class AgentDetail(PartDetail):
    """An agent."""

    access_object = "agent"
    permission = "agents.view"
    edit_permission, edit_url_name, crumb = "agents.edit", "vendors:agent_edit", AGENTS
    names = (WORKS, LEFT)

    def get_row(self, scope: Scope, uuid: UUID) -> Agent:
        return selectors.agent_get(scope=scope, uuid=uuid)

    def get_facts(self, row: Agent) -> list[tuple[str, Any]]:
        days = [(name, None if value is None else ui.day(value)) for name, value in _days(row)]
        return [("site", row.site), ("team", row.team), *days]

    def get_context(self, scope: Scope, row: Agent) -> dict[str, Any]:
        if not may_give_login(scope):
            return {}
        login = accounts.user_list(scope=scope).filter(agent_id=row.pk).first()
        if login is not None:
            url = reverse("accounts:user_detail", args=[login.user.uuid])
            return {"menu": [Action(_("Show the log-in"), url, "user")]}
        return {"menu": [Action(_("Give a log-in"), reverse("vendors:agent_login", args=[row.uuid]), "key")]}


def _days(row: Agent) -> list[tuple[str, Any]]:
    return [("hired_on", row.hired_on), *([("left_on", row.left_on)] if row.left_on else [])]


def may_give_login(scope: Scope) -> bool:
    """Return whether the role may let agents sign in."""
    return "agent" in roles_grantable(scope.role, scope.side, VENDOR) and scope.can("users.manage")


class PartFormPage(FormPage):
    """The form of a part; a new one is given to the vendor that the address or the form names.

    Attributes:
        fetch, create, update: The selector and the services of the part.
    """

    access_object = ""
    crumb: Crumb
    part_form: type[forms.PartForm]

    fetch: Callable[..., Any]
    create: Callable[..., Any]
    update: Callable[..., Any]

    def get_row(self, scope: Scope) -> Any:
        return self.fetch(scope=scope, uuid=self.kwargs["uuid"]) if "uuid" in self.kwargs else None

    def get_vendor(self, scope: Scope, row: Any) -> Vendor | None:
        """Return whose part it is, if that is settled."""
        if row is not None:
            vendor: Vendor = row.vendor
            return vendor
        if not scope.is_client:
            return selectors.vendor_of_id(scope=scope, vendor_id=scope.organization_id)
        return selectors.vendor_named(scope=scope, text=self.request.GET.get("vendor", ""))

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        given: dict[str, Any] = {} if row is None else {"instance": row}
        return self.part_form(
            data=data,
            scope=scope,
            vendor=self.get_vendor(scope, row),
            writable=fields_writable(scope.role, scope.side, self.access_object),
            **given,
        )

    def save(self, scope: Scope, row: Any, form: RowForm) -> Any:
        values = form.values
        if row is not None:
            version = form.cleaned_data[EXPECTED]
            return self.update(scope=scope, uuid=row.uuid, expected_version=version, values=values)
        vendor: Any = values.pop("vendor", None) or self.get_vendor(scope, row)
        return self.create(scope=scope, vendor_id=vendor.pk, **values)

    def get_done_url(self, saved: Any) -> str:
        return reverse(f"vendors:{self.access_object}_detail", args=[saved.uuid])

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        if row is None:
            return {"crumbs": (self.crumb, Crumb(self.title)), "cancel_url": self.crumb.url}
        page = Crumb(row.name, self.get_done_url(row))
        return {
            "title": _("Edit %(name)s") % {"name": row.name},
            "crumbs": (self.crumb, page, Crumb(_("Edit"))),
            "cancel_url": page.url,
        }


class SiteForm(PartFormPage):
    """Add or edit a site."""

    access_object, crumb, permission = "site", SITES, "sites.edit"
    title = gettext_lazy("Add site")
    part_form = forms.SiteForm
    fetch = staticmethod(selectors.site_get)
    create = staticmethod(services.site_create)
    update = staticmethod(services.site_update)


class QueueForm(PartFormPage):
    """Add or edit a queue."""

    access_object, crumb, permission = "queue", QUEUES, "vendors.edit"
    title = gettext_lazy("Add queue")
    part_form = forms.QueueForm
    fetch = staticmethod(selectors.queue_get)
    create = staticmethod(services.queue_create)
    update = staticmethod(services.queue_update)


class AgentForm(PartFormPage):
    """Add or edit an agent."""

    access_object, crumb, permission = "agent", AGENTS, "agents.edit"
    title = gettext_lazy("Add agent")
    part_form = forms.AgentForm
    fetch = staticmethod(selectors.agent_get)
    create = staticmethod(services.agent_create)
    update = staticmethod(services.agent_update)


class AgentLogin(FormPage):
    """Let an agent sign in; accounts cannot know agents, so it starts here."""

    permission = "users.manage"
    title = gettext_lazy("Give a log-in")
    intro = gettext_lazy("The agent will see own calls and own figures, nothing else.")
    submit_label = gettext_lazy("Create the log-in")
    done = gettext_lazy("The log-in is made; send the person an invitation link.")

    def get_row(self, scope: Scope) -> Agent:
        return selectors.agent_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: Agent, data: Any = None) -> BaseForm:
        return forms.LoginForm(data=data, name_hint=name_hint(accounts.name_ending(scope=scope)))

    def save(self, scope: Scope, row: Agent, form: Any) -> Any:
        return user_create(
            scope=scope,
            organization_id=row.vendor_id,
            role="agent",
            agent_id=row.pk,
            display_name=row.name,
            **form.cleaned_data,
        )

    def get_done_url(self, saved: Any) -> str:
        return reverse("accounts:user_detail", args=[saved.uuid])

    def get_context(self, scope: Scope, row: Agent) -> dict[str, Any]:
        page = Crumb(row.name, reverse("vendors:agent_detail", args=[row.uuid]))
        return {"crumbs": (AGENTS, page, Crumb(_("Log-in"))), "cancel_url": page.url}
