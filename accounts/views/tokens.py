"""One's own API tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import django_tables2 as tables
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors, services
from accounts.calc.access import token_permissions_of
from accounts.forms import TokenForm, mark_refused
from accounts.models import ApiToken
from accounts.wording import PERMISSION_WORDS
from core.columns import HouseTable, MomentColumn
from core.components import Action, Crumb
from core.errors import Invalid
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui


def token_state(token: ApiToken, at: datetime) -> tuple[str, Any]:
    """Return tone and word of a token's state."""
    if token.revoked_at is not None:
        return "neutral", _("revoked")
    return ("warning", _("expired")) if token.expires_at <= at else ("good", _("living"))


class TokenTable(HouseTable):
    """Tokens with what they may do and when they were used."""

    name = tables.Column()
    prefix = tables.Column(verbose_name=gettext_lazy("Key begins with"), orderable=False)
    permissions = tables.Column(verbose_name=gettext_lazy("Rights"), orderable=False)
    created_at = MomentColumn(verbose_name=gettext_lazy("Created"))
    expires_at = MomentColumn(verbose_name=gettext_lazy("Ends"))
    last_used_at = MomentColumn(verbose_name=gettext_lazy("Last used"))
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)
    revoke = tables.TemplateColumn(
        template_name="accounts/_token_revoke.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    class Meta:
        model = ApiToken
        fields = ("name", "prefix", "permissions", "created_at", "expires_at", "last_used_at", "state", "revoke")

    def render_prefix(self, value: str) -> str:
        return f"{value}…"

    def render_permissions(self, value: list[str]) -> SafeString:
        return format_html_join(", ", "{}", ((PERMISSION_WORDS.get(name, name),) for name in value))

    def value_permissions(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_state(self, record: ApiToken) -> SafeString:
        return ui.badge(*token_state(record, scope_of(self.request).at))

    def value_state(self, record: ApiToken) -> str:
        return str(token_state(record, scope_of(self.request).at)[1])


class TokenList(ListPage):
    """One's own tokens."""

    name = "tokens"
    title = gettext_lazy("API tokens")
    intro = gettext_lazy("Keys for programs that read or send data in your name.")
    permission = "tokens.own"
    crumbs = (Crumb(gettext_lazy("Profile"), reverse_lazy("accounts:profile")), Crumb(gettext_lazy("API tokens")))
    table_class = TokenTable
    action = Action(gettext_lazy("Create a token"), reverse_lazy("accounts:token_create"), "plus", "tokens.own")
    empty_text = gettext_lazy("Your tokens will be listed here. You have none yet.")
    empty_action = action

    def get_rows(self, scope: Scope) -> models.QuerySet[ApiToken]:
        return selectors.token_list(scope=scope).filter(user=selectors.user_acting(scope=scope))


@require_http_methods(["GET", "HEAD", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    """Create a token for oneself."""
    scope = scope_of(request)
    scope.require("tokens.own")
    permissions = token_permissions_of(scope.role, scope.side)
    return token_form(request, scope, permissions, None, reverse("accounts:token_list"))


def token_form(
    request: HttpRequest, scope: Scope, permissions: frozenset[str], user_uuid: UUID | None, back: str
) -> HttpResponse:
    """Ask for the password again if that is long ago, then what the token is for; show its key, this once."""
    answer = reauthentication_required(_token_form)
    response: HttpResponse = answer(request, scope, permissions, user_uuid, back)
    return response


def _token_form(
    request: HttpRequest, scope: Scope, permissions: frozenset[str], user_uuid: UUID | None, back: str
) -> HttpResponse:
    form = TokenForm(request.POST or None, permissions=permissions)
    if request.method == "POST" and form.is_valid():
        try:
            token, key = services.token_create(
                scope=scope,
                name=form.cleaned_data["name"],
                permissions=form.cleaned_data["permissions"],
                expires_at=scope.at + timedelta(days=form.cleaned_data["days"]),
                user_uuid=user_uuid,
            )
        except Invalid as refusal:
            mark_refused(form, refusal)
        else:
            context = {"title": _("Token created"), "token": token, "key": key, "back": back}
            return render(request, "accounts/token_created.html", context)
    context = {
        "title": _("Create a token"),
        "form": form,
        "submit_label": _("Create the token"),
        "cancel_url": back,
        "crumbs": (Crumb(_("API tokens"), back), Crumb(_("Create a token"))),
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


@require_POST
def token_revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a token at once."""
    scope = scope_of(request)
    token = services.token_revoke(scope=scope, uuid=uuid)
    messages.success(request, _("The token %(name)s is revoked.") % {"name": token.name})
    if token.user_id != scope.user_id:
        return redirect("accounts:user_detail", uuid=token.user.uuid)
    return redirect("accounts:token_list")
