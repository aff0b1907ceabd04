"""The audit book: the whole of it, the history of one object, and the proof that nobody rewrote it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import django_tables2 as tables
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet
from django_filters.widgets import DateRangeWidget

from accounts import selectors
from accounts.calc.access import MODELS, fields_readable
from accounts.wording import OBJECT_WORDS, action_words, field_words, object_words, value_words
from audit import selectors as audit
from audit import services as audit_services
from audit.models import Entry
from core.columns import CountColumn, HouseTable, MomentColumn
from core.components import Action, Change, Crumb, Event
from core.filters import SearchFilter
from core.formats import plain_text, weekday_name
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import CLIENT, Scope

HISTORY_MOST = 100

# Where an object is looked at; pages that an installation does not have are simply no links.
PAGES = {
    "vendor": "vendors:vendor_detail",
    "site": "vendors:site_detail",
    "queue": "vendors:queue_detail",
    "agent": "vendors:agent_detail",
    "contract": "contracts:contract_detail",
    "version": "contracts:version_detail",
    "batch": "calls:import_detail",
    "importprofile": "calls:profile_detail",
    "user": "accounts:user_detail",
    "incident": "sla:incident_detail",
    "contingencyplan": "sla:plan_detail",
    "drill": "sla:drill_detail",
}

# Of what the values inside a value are fields.
NESTED = {"definitions": "queuedefinition", "targets": "target"}


def changes_of(scope: Scope, entry: Entry) -> list[Change]:
    """Return what an entry changed, in words, as far as the reader may know."""
    result = []
    for name, value in selectors.changes_readable(scope=scope, entry=entry).items():
        if name.endswith("_by_id"):
            continue  # whoever it was, the entry itself names
        before, after = value if isinstance(value, list) and len(value) == 2 else (None, value)
        kind = NESTED.get(name, entry.object_type)
        for path, old, new in leaves(before, after):
            is_week = name == "service_hours"
            parts = (weekday_name(int(key), "wide") if is_week else field_words(kind, key) for key in path)
            label = " · ".join([field_words(entry.object_type, name), *parts])
            last = path[-1] if path else name
            result.append(Change(label, value_words(last, old, kind), value_words(last, new, kind)))
    return result


def leaves(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Yield what differs between two values, as deep down as they are nested."""
    sides = [{} if side is None else side for side in (before, after)]
    if sides == [{}, {}] or not all(isinstance(side, dict) for side in sides):
        yield path, before, after
        return
    for key in sorted({**sides[0], **sides[1]}):
        if (old := sides[0].get(key)) != (new := sides[1].get(key)):
            yield from leaves(old, new, (*path, key))


class EntryTable(HouseTable):
    """Entries in words."""

    at = MomentColumn(verbose_name=gettext_lazy("When"), seconds=True)
    actor = tables.Column(verbose_name=gettext_lazy("Who"), orderable=False)
    action = tables.Column(verbose_name=gettext_lazy("Did what"), orderable=False)
    object_label = tables.Column(verbose_name=gettext_lazy("To what"), orderable=False, empty_values=())
    changes = tables.Column(verbose_name=gettext_lazy("Change"), orderable=False, empty_values=())
    organization = tables.Column(
        accessor="vendor_id", verbose_name=gettext_lazy("Book"), orderable=False, visible=False
    )
    sequence = CountColumn(verbose_name=gettext_lazy("Number"), visible=False)

    class Meta:
        model = Entry
        fields = ("at", "actor", "action", "object_label", "changes", "organization", "sequence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope_of(self.request)
        self.names = selectors.organization_names() if self.scope.side == CLIENT else {}

    def render_actor(self, record: Entry) -> str:
        return self.scope.called(record.actor, record.side)

    value_actor = render_actor

    def render_action(self, value: str) -> str:
        return action_words(value)

    def value_action(self, value: str) -> str:
        return value

    def render_object_label(self, record: Entry) -> SafeString:
        kind = object_words(record.object_type)
        url = _page_of(record)
        label = format_html('<a href="{}">{}</a>', url, record.object_label) if url else record.object_label
        return format_html('<span class="text-secondary">{}</span> {}', kind, label)

    def value_object_label(self, record: Entry) -> str:
        return f"{object_words(record.object_type)} {record.object_label}".strip()

    def render_changes(self, record: Entry) -> SafeString:
        return format_html_join("; ", "{}: {}", ((c.label, _change_text(c)) for c in changes_of(self.scope, record)))

    def value_changes(self, record: Entry) -> str:
        return "; ".join(f"{c.label}: {_change_text(c)}" for c in changes_of(self.scope, record))

    def render_organization(self, value: int) -> str:
        return self.names.get(value, "")

    value_organization = render_organization


class EntryFilter(FilterSet):  # type: ignore[misc]
    """Who, what, when; a vendor cannot search for the names of the client's people, which it is not shown."""

    who = CharFilter(label=gettext_lazy("Who"), method="filter_who", max_length=100)
    q = SearchFilter(fields=("object_label", "action"), label=gettext_lazy("What"))
    kind = ChoiceFilter(label=gettext_lazy("Kind"), choices=list(OBJECT_WORDS.items()), method="filter_kind")
    at = DateFromToRangeFilter(label=gettext_lazy("When"), widget=DateRangeWidget(attrs={"type": "date"}))

    class Meta:
        model = Entry
        fields: list[str] = []

    def filter_who(self, queryset: models.QuerySet[Entry], name: str, value: str) -> models.QuerySet[Entry]:
        scope = scope_of(self.request)
        return queryset.filter(Q(actor__icontains=value) & (Q() if scope.side == CLIENT else Q(side=scope.side)))

    def filter_kind(self, queryset: models.QuerySet[Entry], name: str, value: str) -> models.QuerySet[Entry]:
        kinds = [label.partition(".")[2] for label, obj in MODELS.items() if obj == value]
        return queryset.filter(object_type__in=kinds)


class Book(ListPage):
    """The whole book, as far as it exists for the role."""

    name = "audit"
    title = gettext_lazy("Audit book")
    intro = gettext_lazy("Everything anybody changed, exported or tried; entries are only ever added.")
    permission = "audit.view"
    crumbs = (Crumb(gettext_lazy("Audit book")),)
    table_class = EntryTable
    filterset_class = EntryFilter
    template_name = "audit/book.html"
    empty_text = gettext_lazy("What people do will be listed here.")

    def get_rows(self, scope: Scope) -> models.QuerySet[Entry]:
        return selectors.entry_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "entry")
        hidden = [] if "sequence" in readable else ["sequence"]
        return hidden if scope.side == CLIENT else [*hidden, "organization"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {"verify": Action(_("Verify the book"), reverse("audit:verify"), "shield-check")}


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Compute every hash of the caller's books again, and say where a chain is broken."""
    scope = scope_of(request)
    scope.require("audit.view")
    names = selectors.organization_names()
    with_hash = "hash" in fields_readable(scope.role, scope.side, "entry")
    books: list[dict[str, Any]] = []
    for vendor_id in scope.vendor_ids:
        newest = audit.head(scope=scope, vendor_id=vendor_id)
        books.append(
            {
                "name": names[vendor_id],
                "entries": newest.sequence if newest else 0,
                "head": bytes(newest.hash).hex() if newest and with_hash else "",
                "breaks": list(audit_services.verify(scope=scope, vendor_id=vendor_id)),
            }
        )
    audit_services.record(
        scope=scope, action="book.verified", changes={"breaks": sum(len(book["breaks"]) for book in books)}
    )
    return render(request, "audit/_verified.html", {"books": books})


@require_safe
def history(request: HttpRequest, object_type: str, uuid: UUID) -> HttpResponse:
    """Tell what happened to one object, for the object's own page to show: by that page's clock, if it names one."""
    scope = scope_of(request)
    zone = request.GET.get("zone", "")
    entries = selectors.history_of(scope=scope, object_type=object_type, uuid=uuid)[:HISTORY_MOST]
    events = [
        Event(
            at=entry.at,
            actor=scope.called(entry.actor, entry.side),
            text=action_words(entry.action),
            changes=changes_of(scope, entry),
        )
        for entry in entries
    ]
    context = {"events": events, "zone": zone if zone in _zones() else zone_of(scope)}
    return render(request, "components/history.html", context)


_zones = cache(available_timezones)


def _page_of(entry: Entry) -> str:
    name = PAGES.get(entry.object_type, "")
    try:
        return reverse(name, args=[entry.object_id]) if name else ""
    except NoReverseMatch:
        return ""


def _change_text(change: Change) -> str:
    before, after = plain_text(change.before), plain_text(change.after)
    return f"{before} → {after}" if change.before not in (None, "") else after
