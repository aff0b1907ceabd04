"""What one is told: the bell, the list, and how one wants to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django_filters import ChoiceFilter, FilterSet

from accounts import selectors, services
from accounts.forms import NoticePreferencesForm
from accounts.models import Notice
from accounts.wording import NOTICE_KIND_WORDS, notice_words
from core.columns import HouseTable, MomentColumn
from core.components import Action, Crumb
from core.errors import NotFound
from core.filters import TruthFilter
from core.forms import FormPage
from core.http import scope_of, zone_of
from core.lists import BulkAction, ListPage
from core.scope import CLIENT, Scope
from core.templatetags import ui

NOTICES = Crumb(gettext_lazy("Notices"), reverse_lazy("accounts:notice_list"))


class NoticeTable(HouseTable):
    """Notices in the reader's words; a digest is one row."""

    text = tables.Column(empty_values=(), verbose_name=gettext_lazy("Notice"), orderable=False)
    kind = tables.Column(orderable=False)
    vendor = tables.Column(accessor="vendor_id", verbose_name=gettext_lazy("Organization"), orderable=False)
    created_at = MomentColumn()
    read_at = tables.Column(verbose_name=gettext_lazy("State"), orderable=False, empty_values=())

    class Meta:
        model = Notice
        fields = ("text", "kind", "vendor", "created_at", "read_at")

    def value_text(self, record: Any) -> str:
        words = notice_words(record.message, record.parameters, self.zone)
        if record.collected == 1:
            return words
        more = ngettext("%(words)s And %(count)s more.", "%(words)s And %(count)s more.", record.collected - 1)
        return more % {"words": words, "count": record.collected - 1}

    def render_text(self, record: Any) -> SafeString:
        weight = "" if record.read_at else "fw-semibold"
        if record.collected > 1:
            address = f"{reverse('accounts:notice_list')}?kind={record.kind}"
        else:
            address = reverse("accounts:notice_open", args=[record.uuid])
        return format_html('<a class="{}" href="{}">{}</a>', weight, address, self.value_text(record))

    def render_kind(self, value: str) -> str:
        return str(NOTICE_KIND_WORDS.get(value, value))

    def render_vendor(self, value: int) -> str:
        if not hasattr(self, "names"):
            self.names = selectors.organization_names()
        return self.names.get(value, "")

    def render_read_at(self, value: Any) -> SafeString:
        return ui.badge("neutral", _("read")) if value else ui.badge("info", _("new"))

    def value_read_at(self, value: Any) -> Any:
        return value


class NoticeFilter(FilterSet):  # type: ignore[misc]
    """Closed list of what notices are narrowed by."""

    kind = ChoiceFilter(label=gettext_lazy("About"), choices=list(NOTICE_KIND_WORDS.items()), method="one_by_one")
    unread = TruthFilter(
        field_name="read_at__isnull", label=gettext_lazy("State"), yes=gettext_lazy("new"), no=gettext_lazy("read")
    )

    class Meta:
        model = Notice
        fields: list[str] = []

    def one_by_one(self, rows: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        """Show a kind's notices singly, digests and muted ones too."""
        return selectors.notice_list(scope=scope_of(self.request), kind=value)


class NoticeList(ListPage):
    """What one is told."""

    name = "notices"
    title = gettext_lazy("Notices")
    intro = gettext_lazy("What concerns you, once each. Reading one takes it off the bell.")
    permission = "notices.view"
    crumbs = (Crumb(gettext_lazy("Notices")),)
    table_class = NoticeTable
    filterset_class = NoticeFilter
    action = Action(gettext_lazy("Mark all as read"), reverse_lazy("accounts:notices_read_all"), "checks", post=True)
    menu: Sequence[Action] = (
        Action(gettext_lazy("How you are told"), reverse_lazy("accounts:notice_preferences"), "adjustments"),
    )
    bulk_actions = (BulkAction(gettext_lazy("Mark as read"), reverse_lazy("accounts:notices_read")),)
    empty_text = gettext_lazy("What concerns you will be listed here. There is nothing yet.")

    def get_rows(self, scope: Scope) -> QuerySet[Notice]:
        return selectors.notice_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.side == CLIENT else ["vendor"]


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Show how much is unread; asked once a minute, which is nobody's activity."""
    scope_of(request).require("notices.view")
    return render(request, "components/bell.html")


@require_safe
def notice_open(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead to what a notice is about, and take it off the bell."""
    scope = scope_of(request)
    notice = selectors.notices_own(scope=scope).filter(uuid=uuid).first()
    if notice is None:
        raise NotFound
    if request.method == "GET":
        services.notices_read(scope=scope, uuids=[uuid])
    # Rooms give paths of their own; whatever else got in leads nowhere.
    is_ours = notice.path.startswith("/") and url_has_allowed_host_and_scheme(notice.path, None)
    return redirect(notice.path if is_ours else reverse("accounts:notice_list"))


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark the selected notices as read."""
    chosen = [UUID(text) for text in request.POST.getlist("selected") if _is_uuid(text)]
    services.notices_read(scope=scope_of(request), uuids=chosen)
    return redirect("accounts:notice_list")


@require_POST
def notices_read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.notices_read(scope=scope_of(request))
    messages.success(request, _("All notices are read."))
    return redirect("accounts:notice_list")


class NoticePreferences(FormPage):
    """How one wants to be told."""

    permission = "notices.view"
    title = gettext_lazy("How you are told")
    intro = gettext_lazy("It holds at once, for what is unread as well. What you mute is still there under its kind.")
    done = gettext_lazy("Your wishes are saved.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> forms.BaseForm:
        return NoticePreferencesForm(data, modes=selectors.preferences_of(scope=scope))

    def save(self, scope: Scope, row: Any, form: Any) -> None:
        services.notice_preferences_set(scope=scope, modes=form.cleaned_data)

    def get_done_url(self, saved: Any) -> str:
        return reverse("accounts:notice_preferences")

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        crumbs = (Crumb(_("Profile"), reverse("accounts:profile")), Crumb(_("How you are told")))
        return {"crumbs": crumbs, "cancel_url": reverse("accounts:profile"), "zone": zone_of(scope)}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
