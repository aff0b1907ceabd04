"""What the caller's organizations ask at the sign-in."""

from __future__ import annotations

import django_tables2 as tables
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.models import Organization
from accounts.views.users import PEOPLE
from core.columns import CountColumn, HouseTable, TruthColumn
from core.components import Crumb
from core.errors import NotFound
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope


class OrganizationTable(HouseTable):
    """Organizations with how many of their people sign in with one step only."""

    name = tables.Column(verbose_name=gettext_lazy("Organization"))
    people = CountColumn(verbose_name=gettext_lazy("People"))
    without_mfa = CountColumn(verbose_name=gettext_lazy("Without a second step"))
    mfa_required = TruthColumn(
        verbose_name=gettext_lazy("Second step"), yes=gettext_lazy("required"), no=gettext_lazy("as people like")
    )
    is_active = TruthColumn(
        verbose_name=gettext_lazy("Sign-in"),
        yes=gettext_lazy("allowed"),
        no=gettext_lazy("closed: the vendor is deactivated"),
    )
    change = tables.TemplateColumn(
        template_name="accounts/_second_step.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    class Meta:
        model = Organization
        fields = ("name", "people", "without_mfa", "mfa_required", "is_active", "change")


class OrganizationList(ListPage):
    """The organizations that the caller manages people of."""

    name = "sign-in-rules"
    title = gettext_lazy("Sign-in rules")
    intro = gettext_lazy(
        "Where a second step is required, people without one are led to setting it up before anything else. "
        "Tokens of programs are not affected."
    )
    permission = "users.manage"
    crumbs = (PEOPLE, Crumb(gettext_lazy("Sign-in rules")))
    table_class = OrganizationTable

    def get_rows(self, scope: Scope) -> models.QuerySet[Organization]:
        return selectors.organization_list_counted(scope=scope)


@require_POST
def second_step_set(request: HttpRequest) -> HttpResponse:
    """Ask a second step of an organization's people, or ask it no longer."""
    number = request.POST.get("organization", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        scope_of(request).require("users.manage")
        raise NotFound
    required = request.POST.get("required") == "yes"
    organization = services.organization_require_mfa(
        scope=scope_of(request), organization_id=int(number), required=required
    )
    words = (
        _("%(name)s asks for a second step now.") if required else _("%(name)s leaves the second step to its people.")
    )
    messages.success(request, words % {"name": organization.name})
    return redirect("accounts:organization_list")
