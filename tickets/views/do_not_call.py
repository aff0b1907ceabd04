"""Who is not to be called: the list, adding somebody, taking an entry back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.components import Action, Crumb
from core.forms import FormPage
from core.lists import ListPage
from core.scope import Scope
from tickets import selectors, services
from tickets.filters import DoNotCallFilter
from tickets.forms import DoNotCallForm, WithdrawForm
from tickets.models import DoNotCall
from tickets.tables import DoNotCallTable
from tickets.views.campaigns import CAMPAIGNS

DO_NOT_CALL = Crumb(gettext_lazy("Do-not-call list"), reverse_lazy("tickets:do_not_call_list"))


class DoNotCallList(ListPage):
    """Who asked not to be called."""

    name = "do-not-call"
    title = gettext_lazy("Do-not-call list")
    intro = gettext_lazy(
        "Looked at when a list comes in and again when a contact is handed out. Entries do not run out. What a "
        "customer asked of the whole house keeps every vendor from calling, without telling whom the customer asked."
    )
    permission = "dnc.view"
    crumbs = (CAMPAIGNS, Crumb(gettext_lazy("Do-not-call list")))
    table_class = DoNotCallTable
    filterset_class = DoNotCallFilter
    template_name = "tickets/plain_list.html"
    action = Action(gettext_lazy("Add a number"), reverse_lazy("tickets:do_not_call_create"), "plus", "dnc.edit")
    empty_text = gettext_lazy(
        "Agents add customers by the outcome “asked not to be called”; numbers can be added here too."
    )
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[DoNotCall]:
        return selectors.do_not_call_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


class DoNotCallNew(FormPage):
    """Add somebody who asked not to be called."""

    permission = "dnc.edit"
    title = gettext_lazy("Add a number")
    submit_label = gettext_lazy("Add")
    done = gettext_lazy("Added; this customer is called no more.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return DoNotCallForm(data=data, scope=scope)

    def save(self, scope: Scope, row: Any, form: Any) -> DoNotCall:
        values = form.cleaned_data
        vendor = values.get("vendor")
        return services.do_not_call_add(
            scope=scope,
            vendor_id=vendor.pk if vendor else scope.organization_id,
            number=values["number"],
            is_for_all=values.get("is_for_all", False),
            reason=values["reason"],
        )

    def get_done_url(self, saved: DoNotCall) -> str:
        return str(DO_NOT_CALL.url)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (CAMPAIGNS, DO_NOT_CALL, Crumb(self.title)), "cancel_url": DO_NOT_CALL.url}


class DoNotCallWithdraw(FormPage):
    """Take an entry back."""

    permission = "dnc.edit"
    title = gettext_lazy("Withdraw an entry")
    submit_label = gettext_lazy("Withdraw")
    done = gettext_lazy("Withdrawn. A new list may bring this customer again.")

    def get_row(self, scope: Scope) -> DoNotCall:
        return selectors.do_not_call_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: DoNotCall, data: Any = None) -> BaseForm:
        return WithdrawForm(data=data)

    def save(self, scope: Scope, row: DoNotCall, form: Any) -> DoNotCall:
        return services.do_not_call_withdraw(scope=scope, uuid=row.uuid, reason=form.cleaned_data["reason"])

    def get_done_url(self, saved: DoNotCall) -> str:
        return str(DO_NOT_CALL.url)

    def get_context(self, scope: Scope, row: DoNotCall) -> dict[str, Any]:
        title = _("Withdraw the entry of %(number)s") % {"number": row.number_masked}
        return {"title": title, "crumbs": (CAMPAIGNS, DO_NOT_CALL, Crumb(title)), "cancel_url": DO_NOT_CALL.url}
