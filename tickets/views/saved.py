"""Views of the list of tickets: built in and kept, how many each finds, and with which the list begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.components import Crumb
from core.errors import Invalid, NotFound
from core.filters import parameters_of
from core.forms import mark_refused
from core.http import scope_of
from core.scope import Scope
from tickets import selectors, services
from tickets.filters import OPEN_GROUP, TicketFilter
from tickets.forms import ViewForm
from tickets.tables import TicketTable

# Key to name and parameters, in the order in which they stand.
BUILT_IN: dict[str, tuple[Any, str]] = {
    "open": (gettext_lazy("All open"), f"state={OPEN_GROUP}"),
    "mine": (gettext_lazy("My open"), "handler=me"),
    "unassigned": (gettext_lazy("Unassigned"), "handler=nobody"),
    "today": (gettext_lazy("Due today"), "due=today"),
    "overdue": (gettext_lazy("Overdue"), "due=overdue"),
    "pending": (gettext_lazy("Pending"), "state=pending"),
}


@dataclass(frozen=True, slots=True)
class View:
    """One view as the pages show it.

    Attributes:
        key: A built-in's key, or the uuid of a kept one.
        count: How many tickets it finds; None before they are counted.
    """

    key: str
    name: Any
    query: str
    is_current: bool = False
    is_first: bool = False
    is_kept: bool = False
    is_own: bool = False
    is_shared: bool = False
    may_remove: bool = False
    count: str = ""


def parameters_kept(request: HttpRequest, query: QueryDict) -> str:
    """Return the filters and the order of an address in one spelling; what cannot be read of it is left out."""
    filterset = TicketFilter(query, queryset=selectors.ticket_list(scope=scope_of(request)), request=request)
    if not filterset.form.is_valid():
        return ""
    names = {name for field in filterset.form for name in parameters_of(field)}
    kept = QueryDict(mutable=True)
    for name in sorted(names & set(query)):
        value = query.get(name, "")
        if value and not (name == "state" and value == OPEN_GROUP):
            kept[name] = value
    columns = TicketTable.base_columns
    order = [name for name in query.getlist("sort") if name.removeprefix("-") in columns][:3]
    if order:
        kept.setlist("sort", order)
    return kept.urlencode()


def views_of(request: HttpRequest, *, is_counted: bool = False) -> list[View]:
    """Return the built-in views and those that the caller has, the one that the address shows marked."""
    scope = scope_of(request)
    current, first = parameters_kept(request, request.GET), selectors.first_view(scope=scope)
    found = [
        View(key, name, query, ("" if key == "open" else query) == current, first == key)
        for key, (name, query) in BUILT_IN.items()
    ]
    for row in selectors.view_list(scope=scope):
        is_own = row.owner_id == scope.user_id
        found.append(
            View(
                key=str(row.uuid),
                name=row.name,
                query=row.query,
                is_current=row.query == current,
                is_first=first == str(row.uuid),
                is_kept=True,
                is_own=is_own,
                is_shared=row.is_shared,
                may_remove=is_own or scope.can("tickets.assign"),
            )
        )
    return _counted(request, scope, found) if is_counted else found


def _counted(request: HttpRequest, scope: Scope, views: list[View]) -> list[View]:
    rows = selectors.ticket_list(scope=scope)
    asked: dict[str, Any] = {}
    for view in views:
        filterset = TicketFilter(QueryDict(view.query), queryset=rows, request=request)
        if filterset.form.is_valid():
            asked[view.key] = filterset.qs
    counts = selectors.views_count(scope=scope, rows=asked)
    return [replace(view, count=_count_text(counts.get(view.key))) for view in views]


def _count_text(count: int | None) -> str:
    if count is None:
        return "–"
    return f"{selectors.COUNTED_MOST}+" if count > selectors.COUNTED_MOST else str(count)


@require_safe
def views_bar(request: HttpRequest) -> HttpResponse:
    """Show the views with how many tickets each finds, beside the list."""
    scope_of(request).require("tickets.view")
    context = {"views": views_of(request, is_counted=True), "view_query": parameters_kept(request, request.GET)}
    return render(request, "tickets/_views.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def views_manage(request: HttpRequest) -> HttpResponse:
    """Keep what the list shows under a name, and mend what is kept."""
    scope = scope_of(request)
    scope.require("tickets.view")
    query = parameters_kept(request, request.GET)
    form = ViewForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                view = services.view_keep(scope=scope, name=values["name"], query=query, is_shared=values["is_shared"])
                if values["is_first"]:
                    services.view_begin_with(scope=scope, view=str(view.uuid))
            except Invalid as refusal:
                mark_refused(form, refusal)
            else:
                messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
                return redirect(f"{reverse('tickets:ticket_list')}?{query or BUILT_IN['open'][1]}")
    context = {
        "title": _("Views of the list"),
        "crumbs": (Crumb(_("Tickets"), reverse("tickets:ticket_list")), Crumb(_("Views of the list"))),
        "form": form,
        "query": query,
        "views": views_of(request),
        "begins": bool(selectors.first_view(scope=scope)),
    }
    return render(request, "tickets/views.html", context, status=status)


@require_POST
def view_begin_with(request: HttpRequest) -> HttpResponse:
    """Let the list begin with a view."""
    scope = scope_of(request)
    scope.require("tickets.view")
    key = request.POST.get("view", "")
    if key and key not in BUILT_IN:
        key = str(selectors.view_get(scope=scope, uuid=_uuid(key)).uuid)
    services.view_begin_with(scope=scope, view="" if key == "open" else key)
    messages.success(request, _("The list begins with it from now on."))
    return redirect("tickets:views_manage")


@require_POST
def view_remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Remove a view."""
    scope = scope_of(request)
    scope.require("tickets.view")
    services.view_remove(scope=scope, uuid=uuid)
    messages.success(request, _("The view is removed."))
    return redirect("tickets:views_manage")


def first_address(request: HttpRequest) -> str:
    """Return where the bare address of the list leads: the view that the caller begins with, if there is one."""
    scope = scope_of(request)
    key = selectors.first_view(scope=scope)
    query = BUILT_IN[key][1] if key in BUILT_IN else ""
    if key and not query:
        query = selectors.view_list(scope=scope).filter(uuid=key).values_list("query", flat=True).first() or ""
    return f"{reverse('tickets:ticket_list')}?{query}" if query else ""


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
