"""The people and service accounts of the caller's organizations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.contrib import messages
from django.db import models
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts import selectors, services
from accounts.calc.access import API_CLIENT, roles_grantable, token_permissions_of
from accounts.forms import RoleForm, ServiceForm, UserChangeForm, UserForm, mark_refused
from accounts.models import ROLE_LABELS, Membership
from accounts.views.tokens import TokenTable, token_form
from core.columns import CountColumn, HouseTable, MomentColumn, TruthColumn
from core.components import Action, Crumb, Fact
from core.errors import Invalid
from core.filters import SearchFilter, TruthFilter
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import CLIENT, Scope

PEOPLE = Crumb(gettext_lazy("People"), reverse_lazy("accounts:user_list"))
SERVICES = Crumb(gettext_lazy("Service accounts"), reverse_lazy("accounts:service_list"))


def _detail_url(record: Membership) -> str:
    return reverse("accounts:user_detail", args=[record.user.uuid])


class UserTable(HouseTable):
    """People with their role."""

    user = tables.Column(verbose_name=gettext_lazy("Name"), linkify=_detail_url, order_by="user__display_name")
    username = tables.Column(accessor="user__username", verbose_name=gettext_lazy("User name"))
    organization = tables.Column(accessor="organization__name", verbose_name=gettext_lazy("Organization"))
    role = tables.Column()
    has_mfa = TruthColumn(verbose_name=gettext_lazy("Two-step sign-in"), yes=gettext_lazy("on"), no=gettext_lazy("off"))
    last_login = MomentColumn(accessor="user__last_login", verbose_name=gettext_lazy("Last sign-in"))
    is_active = TruthColumn(
        accessor="user__is_active",
        verbose_name=gettext_lazy("State"),
        yes=gettext_lazy("active"),
        no=gettext_lazy("shut out"),
    )

    class Meta:
        model = Membership
        fields = ("user", "username", "organization", "role", "has_mfa", "last_login", "is_active")


class UserFilter(FilterSet):  # type: ignore[misc]
    """Closed list of what people are searched by."""

    q = SearchFilter(fields=("user__display_name", "user__username", "user__email"))
    organization = ModelChoiceFilter(
        label=gettext_lazy("Organization"),
        queryset=lambda request: selectors.organization_list(scope=scope_of(request)),
    )
    role = ChoiceFilter(label=gettext_lazy("Role"), choices=list(ROLE_LABELS.items()))
    is_active = TruthFilter(
        field_name="user__is_active",
        label=gettext_lazy("State"),
        yes=gettext_lazy("active"),
        no=gettext_lazy("shut out"),
    )

    class Meta:
        model = Membership
        fields: list[str] = []


class UserList(ListPage):
    """The people of the caller's organizations."""

    name = "people"
    title = gettext_lazy("People")
    intro = gettext_lazy("Who may sign in, for which organization and in which role.")
    permission = "users.view"
    crumbs = (Crumb(gettext_lazy("People")),)
    menu: Sequence[Action] = (
        Action(
            gettext_lazy("Sign-in rules"), reverse_lazy("accounts:organization_list"), "shield-lock", "users.manage"
        ),
    )
    table_class = UserTable
    filterset_class: type[FilterSet] | None = UserFilter
    action = Action(gettext_lazy("Add a person"), reverse_lazy("accounts:user_create"), "user-plus", "users.manage")
    empty_text = gettext_lazy("The people of your organization will be listed here.")
    empty_action = action

    def get_rows(self, scope: Scope) -> models.QuerySet[Membership]:
        return selectors.user_list(scope=scope).filter(user__is_service=False)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.side == CLIENT else ["organization"]


class ServiceTable(HouseTable):
    """Service accounts with their tokens."""

    user = tables.Column(verbose_name=gettext_lazy("Name"), linkify=_detail_url, order_by="user__display_name")
    username = tables.Column(accessor="user__username", verbose_name=gettext_lazy("User name"))
    organization = tables.Column(accessor="organization__name", verbose_name=gettext_lazy("Organization"))
    living_tokens = CountColumn(verbose_name=gettext_lazy("Living tokens"))
    last_used_at = MomentColumn(verbose_name=gettext_lazy("Last used"))
    is_active = UserTable.base_columns["is_active"]

    class Meta:
        model = Membership
        fields = ("user", "username", "organization", "living_tokens", "last_used_at", "is_active")


class ServiceList(UserList):
    """The service accounts of the caller's organizations."""

    name = "service-accounts"
    title = gettext_lazy("Service accounts")
    intro = gettext_lazy("Programs that send calls or read KPIs; each signs in with tokens of its own.")
    permission = "tokens.manage"
    menu = ()
    crumbs = (Crumb(gettext_lazy("Service accounts")),)
    table_class = ServiceTable
    filterset_class = None
    action = Action(
        gettext_lazy("Add a service account"), reverse_lazy("accounts:service_create"), "plus", "users.manage"
    )
    empty_text = gettext_lazy("Accounts for programs will be listed here. There are none yet.")
    empty_action = action

    def get_rows(self, scope: Scope) -> models.QuerySet[Membership]:
        living = Q(user__api_tokens__revoked_at=None, user__api_tokens__expires_at__gt=scope.at)
        return (
            selectors.user_list(scope=scope)
            .filter(user__is_service=True)
            .annotate(
                living_tokens=Count("user__api_tokens", filter=living),
                last_used_at=Max("user__api_tokens__last_used_at"),
            )
        )


@require_http_methods(["GET", "HEAD", "POST"])
def user_create(request: HttpRequest) -> HttpResponse:
    """Add a person, who then needs an invitation."""
    scope = scope_of(request)
    scope.require("users.manage")
    form = UserForm(request.POST or None, scope=scope)
    return _create(request, scope, form, _("Add a person"), PEOPLE, lambda: form.cleaned_data["role"])


@require_http_methods(["GET", "HEAD", "POST"])
def service_create(request: HttpRequest) -> HttpResponse:
    """Add a service account, which then needs a token."""
    scope = scope_of(request)
    scope.require("users.manage")
    form = ServiceForm(request.POST or None, scope=scope)
    return _create(request, scope, form, _("Add a service account"), SERVICES, lambda: API_CLIENT)


def _create(
    request: HttpRequest,
    scope: Scope,
    form: UserForm | ServiceForm,
    title: str,
    crumb: Crumb,
    role: Callable[[], str],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            user = services.user_create(
                scope=scope,
                organization_id=form.organization_id,
                username=form.cleaned_data["username"],
                display_name=form.cleaned_data["display_name"],
                email=form.cleaned_data.get("email", ""),
                role=role(),
            )
        except Invalid as refusal:
            mark_refused(form, refusal)
        else:
            messages.success(request, _("The account %(name)s is there.") % {"name": user.username})
            return redirect("accounts:user_detail", uuid=user.uuid)
    context = {
        "title": title,
        "crumbs": (crumb, Crumb(title)),
        "form": form,
        "submit_label": title,
        "cancel_url": crumb.url,
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def user_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one account; change its name and address."""
    scope = scope_of(request)
    membership = selectors.user_get(scope=scope, uuid=uuid)
    form = UserChangeForm(request.POST or None, initial=_initial(membership))
    if request.method == "POST" and form.is_valid():
        try:
            services.user_change(scope=scope, uuid=uuid, values=form.cleaned_data)
        except Invalid as refusal:
            mark_refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:user_detail", uuid=uuid)
    return _detail(request, scope, membership, form)


def _detail(
    request: HttpRequest, scope: Scope, membership: Membership, form: UserChangeForm, **extra: Any
) -> HttpResponse:
    user, side = membership.user, membership.organization.side
    may_manage = (
        scope.can("users.manage")
        and user.pk != scope.user_id
        and membership.role in roles_grantable(scope.role, scope.side, side)
    )
    tokens = None
    if scope.can("tokens.manage"):
        tokens = TokenTable(selectors.token_list(scope=scope).filter(user=user), request=request, orderable=False)
        tokens.zone = zone_of(scope)
    context = {
        "title": str(user),
        "crumbs": (SERVICES if user.is_service else PEOPLE, Crumb(str(user))),
        "membership": membership,
        "person": user,
        "facts": _facts(membership),
        "has_mfa": selectors.has_mfa(user=user),
        "may_manage": may_manage,
        "form": form,
        "role_form": RoleForm(initial={"role": membership.role}, scope=scope, side=side)
        if may_manage and not user.is_service and membership.role != "agent"
        else None,
        "tokens": tokens,
        **extra,
    }
    return render(request, "accounts/user_detail.html", context, status=422 if form.errors else 200)


def _initial(membership: Membership) -> dict[str, str]:
    return {"display_name": membership.user.display_name, "email": membership.user.email}


def _facts(membership: Membership) -> list[Fact]:
    user = membership.user
    facts = [
        Fact(_("User name"), user.username),
        Fact(_("Organization"), membership.organization.name),
        *([] if membership.organization.is_active else [Fact(_("Sign-in"), _("closed: the vendor is deactivated"))]),
        Fact(_("Role"), ROLE_LABELS[membership.role]),
    ]
    if not user.is_service:
        if user.email:
            facts.append(Fact(_("E-mail"), user.email))
        facts.append(Fact(_("Two-step sign-in"), _("on") if selectors.has_mfa(user=user) else _("off")))
    return facts


@require_POST
def user_role(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give another role."""
    scope = scope_of(request)
    user = services.user_change_role(scope=scope, uuid=uuid, role=request.POST.get("role", ""))
    messages.success(request, _("The role of %(name)s is changed.") % {"name": user})
    return redirect("accounts:user_detail", uuid=uuid)


@require_POST
def user_deactivate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Shut somebody out."""
    user = services.user_deactivate(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("%(name)s is shut out; sessions and tokens have ended.") % {"name": user})
    return redirect("accounts:user_detail", uuid=uuid)


@require_POST
def user_activate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let somebody in again."""
    user = services.user_activate(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("%(name)s may sign in again.") % {"name": user})
    return redirect("accounts:user_detail", uuid=uuid)


@require_POST
def user_reset_mfa(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the second step off an account."""
    user = services.user_reset_mfa(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("%(name)s signs in with the password alone now.") % {"name": user})
    return redirect("accounts:user_detail", uuid=uuid)


@require_POST
def user_invite(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the link with which somebody sets a password, this once."""
    scope = scope_of(request)
    uid, key = services.invitation_make(scope=scope, uuid=uuid)
    membership = selectors.user_get(scope=scope, uuid=uuid)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    form = UserChangeForm(initial=_initial(membership))
    return _detail(request, scope, membership, form, invitation_url=request.build_absolute_uri(path))


@require_http_methods(["GET", "HEAD", "POST"])
def service_token_create(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Create a token for a service account."""
    scope = scope_of(request)
    scope.require("tokens.manage")
    membership = selectors.user_get(scope=scope, uuid=uuid)
    permissions = token_permissions_of(membership.role, membership.organization.side)
    back = reverse("accounts:user_detail", args=[uuid])
    return token_form(request, scope, permissions, uuid, back)
