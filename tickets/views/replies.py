"""Quick replies: the list, the form, and taking one away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_filters import FilterSet

from core.columns import HouseTable, TruthColumn
from core.components import Action, Crumb
from core.filters import SearchFilter, TruthFilter
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from tickets import selectors, services
from tickets.forms import QuickReplyForm
from tickets.models import QuickReply
from tickets.views.lists import TICKETS
from tickets.views.rules import RulePage
from vendors import selectors as vendors

REPLIES = Crumb(gettext_lazy("Quick replies"), reverse_lazy("tickets:reply_list"))
IN_USE, PUT_AWAY = gettext_lazy("in use"), gettext_lazy("put away")


class ReplyTable(HouseTable):
    """Quick replies."""

    name = tables.Column()
    text = tables.Column(orderable=False)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"))
    is_active = TruthColumn(verbose_name=gettext_lazy("State"), yes=IN_USE, no=PUT_AWAY)

    class Meta:
        model = QuickReply
        fields: tuple[str, ...] = ()

    def render_name(self, record: QuickReply) -> Any:
        if not scope_of(self.request).can("tickets.replies"):
            return record.name
        return format_html('<a href="{}">{}</a>', reverse("tickets:reply_edit", args=[record.uuid]), record.name)

    def value_name(self, record: QuickReply) -> str:
        return record.name

    def render_text(self, value: str) -> str:
        return Truncator(value).chars(160)

    def value_text(self, value: str) -> str:
        return value


class ReplyFilter(FilterSet):  # type: ignore[misc]
    """What quick replies are found by."""

    q = SearchFilter(fields=("name", "text"))
    is_active = TruthFilter(label=gettext_lazy("State"), yes=IN_USE, no=PUT_AWAY)


class ReplyList(ListPage):
    """The texts that people put in instead of writing them again."""

    name = "quick-replies"
    title = gettext_lazy("Quick replies")
    intro = gettext_lazy("Texts for answers that are given again and again; put in with one click on a ticket’s page.")
    permission = "tickets.view"
    crumbs = (TICKETS, Crumb(gettext_lazy("Quick replies")))
    table_class = ReplyTable
    filterset_class = ReplyFilter
    action = Action(gettext_lazy("Add quick reply"), reverse_lazy("tickets:reply_create"), "plus", "tickets.replies")
    empty_text = gettext_lazy("Texts for answers that are given again and again will be listed here.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[QuickReply]:
        return selectors.quick_reply_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


class ReplyPage(RulePage):
    """Add or edit a quick reply."""

    permission = "tickets.replies"
    title = gettext_lazy("Add quick reply")
    intro = ""
    template_name = "tickets/reply_form.html"
    object_type = "quickreply"
    rule_form = QuickReplyForm
    fetch = staticmethod(selectors.quick_reply_get)
    create = staticmethod(services.reply_create)
    update = staticmethod(services.reply_update)

    def get_done_url(self, saved: Any) -> str:
        return str(REPLIES.url)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        context = super().get_context(scope, row)
        mixed = scope.is_client and row is None
        return {
            **context,
            "crumbs": (TICKETS, REPLIES, context["crumbs"][-1]),
            "cancel_url": REPLIES.url,
            "vendors": list(vendors.vendor_list(scope=scope)) if mixed else [],
        }


@require_POST
def reply_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a quick reply away."""
    services.reply_delete(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("The quick reply is gone."))
    return redirect("tickets:reply_list")
