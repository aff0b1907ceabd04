"""The receivers of one's organization, and what they were told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import WebhookForm
from accounts.models import Delivery, Webhook
from accounts.wording import EVENT_WORDS, answer_words
from core.columns import CountColumn, HouseTable, MomentColumn
from core.components import Action, Crumb, Fact
from core.errors import Conflict, Invalid
from core.formats import moment_text
from core.forms import EXPECTED, FormPage, mark_refused
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui

WEBHOOKS = Crumb(gettext_lazy("Webhooks"), reverse_lazy("accounts:webhook_list"))
DELIVERIES_SHOWN = 50


def webhook_state(webhook: Webhook) -> tuple[str, Any]:
    """Return tone and word of a webhook's state."""
    if not webhook.is_active:
        return "neutral", _("switched off")
    if webhook.failing_since is not None:
        return "bad", _("failing")
    return ("info", _("not tried yet")) if webhook.attempted_at is None else ("good", _("working"))


def delivery_state(delivery: Delivery) -> tuple[str, Any]:
    """Return tone and word of a message's state."""
    if delivery.delivered_at is not None:
        return "good", _("delivered")
    if delivery.given_up_at is not None:
        return "bad", _("given up")
    return ("warning", _("will be tried again")) if delivery.attempts else ("info", _("waiting"))


class WebhookTable(HouseTable):
    """Webhooks with how they are doing."""

    name = tables.Column(linkify=("accounts:webhook_detail", {"uuid": tables.A("uuid")}))
    url = tables.Column()
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)
    failing_since = MomentColumn()
    attempted_at = MomentColumn()

    class Meta:
        model = Webhook
        fields = ("name", "url", "state", "failing_since", "attempted_at")

    def render_state(self, record: Webhook) -> SafeString:
        return ui.badge(*webhook_state(record))

    def value_state(self, record: Webhook) -> str:
        return str(webhook_state(record)[1])


class WebhookList(ListPage):
    """The receivers of one's organization."""

    name = "webhooks"
    title = gettext_lazy("Webhooks")
    intro = gettext_lazy("Programs of your own that are told at once when something happens; they get ids and no data.")
    permission = "webhooks.view"
    crumbs = (Crumb(gettext_lazy("Webhooks")),)
    table_class = WebhookTable
    action = Action(gettext_lazy("Add a webhook"), reverse_lazy("accounts:webhook_create"), "plus", "webhooks.manage")
    empty_text = gettext_lazy("The receivers of your organization will be listed here. There are none yet.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Webhook]:
        return selectors.webhook_list(scope=scope)


def _head(name: str) -> Any:
    """Return the head of a column: rows come as a list, which tells a table nothing of its fields."""
    field: Any = Delivery._meta.get_field(name)
    return capfirst(field.verbose_name)


class DeliveryTable(HouseTable):
    """The last messages of one webhook."""

    event = tables.Column(verbose_name=_head("event"), orderable=False)
    created_at = MomentColumn(verbose_name=_head("created_at"), orderable=False, seconds=True)
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)
    last_status = tables.Column(verbose_name=_head("last_status"), orderable=False)
    attempts = CountColumn(verbose_name=_head("attempts"), orderable=False)
    next_attempt_at = MomentColumn(verbose_name=_head("next_attempt_at"), orderable=False, seconds=True)
    event_id = tables.Column(verbose_name=_head("event_id"), orderable=False)

    class Meta:
        model = Delivery
        fields = ("event", "created_at", "state", "last_status", "attempts", "next_attempt_at", "event_id")

    def render_event(self, value: str) -> str:
        return str(EVENT_WORDS.get(value, value))

    def render_state(self, record: Delivery) -> SafeString:
        return ui.badge(*delivery_state(record))

    def render_last_status(self, value: str) -> str:
        return answer_words(value)

    def render_next_attempt_at(self, value: Any, record: Delivery, column: Any) -> Any:
        settled = record.delivered_at or record.given_up_at
        return "—" if settled else column.render(value, self)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook_create(request: HttpRequest) -> HttpResponse:
    """Ask for a receiver, and show its secret this once."""
    scope = scope_of(request)
    scope.require("webhooks.manage")
    form, status = WebhookForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                webhook, secret = services.webhook_create(scope=scope, **_chosen(form))
            except (Invalid, Conflict) as refusal:
                mark_refused(form, refusal)
                status = refusal.status
            else:
                return _secret_page(request, _("Webhook added"), webhook, secret)
    context = {
        "title": _("Add a webhook"),
        "form": form,
        "submit_label": _("Add the webhook"),
        "cancel_url": WEBHOOKS.url,
        "crumbs": (WEBHOOKS, Crumb(_("Add a webhook"))),
    }
    return render(request, "components/form_page.html", context, status=status)


def _chosen(form: WebhookForm) -> dict[str, Any]:
    return {name: form.values[name] for name in ("name", "url", "events")}


def _secret_page(request: HttpRequest, title: str, webhook: Webhook, secret: str) -> HttpResponse:
    context = {
        "title": title,
        "crumbs": (WEBHOOKS, Crumb(webhook.name)),
        "webhook": webhook,
        "secret": secret,
        "back": _detail_url(webhook),
    }
    return render(request, "accounts/webhook_secret.html", context)


def _detail_url(webhook: Webhook) -> str:
    return reverse("accounts:webhook_detail", args=[webhook.uuid])


@require_safe
def webhook_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a receiver and what it was told lately."""
    scope = scope_of(request)
    webhook = selectors.webhook_get(scope=scope, uuid=uuid)
    may, zone = scope.can("webhooks.manage"), zone_of(scope)
    rows = selectors.delivery_list(scope=scope, webhook=webhook)[:DELIVERIES_SHOWN]
    deliveries = DeliveryTable(list(rows), request=request)
    deliveries.zone = zone
    context = {
        "title": webhook.name,
        "title_badge": ui.badge(*webhook_state(webhook)),
        "crumbs": (WEBHOOKS, Crumb(webhook.name)),
        "action": _action(webhook, _("Send a test"), "webhook_test", "send") if may and webhook.is_active else None,
        "menu": _menu(webhook) if may else (),
        "webhook": webhook,
        "facts": [
            Fact(_("Address"), webhook.url),
            Fact(_("Told of"), ", ".join(str(EVENT_WORDS.get(name, name)) for name in webhook.events)),
            Fact(_("Added by"), webhook.created_by or _("somebody")),
            *_former(scope, webhook, zone),
        ],
        "deliveries": deliveries,
        "zone": zone,
    }
    return render(request, "accounts/webhook_detail.html", context)


def _action(webhook: Webhook, label: str, name: str, icon: str, confirm: str = "") -> Action:
    return Action(label, reverse(f"accounts:{name}", args=[webhook.uuid]), icon, post=True, confirm=confirm)


def _former(scope: Scope, webhook: Webhook, zone: str) -> list[Fact]:
    """Return until when the former secret signs too, if it does."""
    if webhook.former_until is None or webhook.former_until <= scope.at:
        return []
    return [Fact(_("The former secret signs too until"), moment_text(webhook.former_until, zone))]


def _menu(webhook: Webhook) -> tuple[Action, ...]:
    named = {"name": webhook.name}
    return (
        Action(_("Edit"), reverse("accounts:webhook_edit", args=[webhook.uuid]), "pencil"),
        _action(webhook, _("Make a new secret"), "webhook_rotate", "key",
                _("Make a new secret for “%(name)s”? The former one signs too for 24 hours.") % named),
        _action(webhook, _("Delete"), "webhook_delete", "trash",
                _("Delete “%(name)s” with all its messages?") % named),
    )  # fmt: skip


class WebhookEdit(FormPage):
    """Changes a receiver."""

    permission = "webhooks.manage"
    title = gettext_lazy("Edit the webhook")

    def get_row(self, scope: Scope) -> Webhook:
        return selectors.webhook_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> forms.BaseForm:
        return WebhookForm(data, instance=row)

    def save(self, scope: Scope, row: Any, form: Any) -> Webhook:
        version = form.cleaned_data[EXPECTED]
        return services.webhook_update(scope=scope, uuid=row.uuid, expected_version=version, values=form.values)

    def get_done_url(self, saved: Webhook) -> str:
        return _detail_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        crumbs = (WEBHOOKS, Crumb(row.name, _detail_url(row)), Crumb(_("Edit")))
        return {"crumbs": crumbs, "cancel_url": _detail_url(row)}


@require_POST
def webhook_rotate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a new secret, and show it this once."""
    webhook, secret = services.webhook_rotate(scope=scope_of(request), uuid=uuid)
    return _secret_page(request, _("New secret"), webhook, secret)


@require_POST
def webhook_test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have a test sent."""
    services.webhook_test(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("The test is on its way; its answer will stand below in some seconds."))
    return redirect("accounts:webhook_detail", uuid=uuid)


@require_POST
def webhook_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a receiver."""
    services.webhook_delete(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("The webhook is deleted."))
    return redirect("accounts:webhook_list")
