"""Which queues a contract covers, and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from contracts import forms, selectors, services
from contracts.models import Contract, Coverage, Version
from contracts.views.badges import contract_url
from contracts.views.contracts import CONTRACTS, ContractPage
from contracts.views.steps import allowed
from core.components import Action, Crumb
from core.forms import FormPage
from core.http import scope_of
from core.scope import Scope
from vendors import selectors as vendors


def coverage_url(contract: Contract) -> str:
    """Return the tab of a contract's queues."""
    return reverse("contracts:contract_coverage", args=[contract.uuid])


class CoveragePage(ContractPage):
    """The queues of a contract."""

    tab = "contract_coverage"
    template_name = "contracts/contract_coverage.html"

    def get_context(
        self, scope: Scope, contract: Contract, work: Version | None, current: Version | None
    ) -> dict[str, Any]:
        signed = selectors.signed_bounds(scope=scope, contract_id=contract.pk)
        add = Action(
            _("Cover a queue"), reverse("contracts:coverage_create", args=[contract.uuid]), "plus", "contracts.edit"
        )
        rows = [
            {
                "queue": row.queue,
                "queue_url": reverse("vendors:queue_detail", args=[row.queue.uuid]),
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "actions": self._actions(scope, contract, row, is_signed=signed is not None),
            }
            for row in selectors.coverage_list(scope=scope, contract=contract)
        ]
        return {"coverage": rows, "add": next(iter(allowed(scope, add)), None)}

    def _actions(self, scope: Scope, contract: Contract, row: Coverage, *, is_signed: bool) -> list[Action]:
        key = [contract.uuid, row.queue.uuid]
        edit = Action(_("Change dates"), reverse("contracts:coverage_edit", args=key), "edit", "contracts.edit")
        remove = Action(
            _("Remove"),
            reverse("contracts:coverage_remove", args=key),
            "trash",
            "contracts.edit",
            post=True,
            confirm=_("Take “%(queue)s” out of the contract?") % {"queue": row.queue},
        )
        return allowed(scope, edit, None if is_signed else remove)


class CoverageFormPage(FormPage):
    """Cover a queue, or change from when to when."""

    permission = "contracts.edit"
    title = gettext_lazy("Cover a queue")
    intro = gettext_lazy("Calls of the queue's days belong to the contract that covers it then.")

    def get_contract(self, scope: Scope) -> Contract:
        """Return the contract, fetched in scope."""
        return selectors.contract_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_row(self, scope: Scope) -> Coverage | None:
        rows = selectors.coverage_list(scope=scope, contract=self.get_contract(scope))
        return vendors.one(rows, queue__uuid=self.kwargs["queue"]) if "queue" in self.kwargs else None

    def get_form(self, scope: Scope, row: Coverage | None, data: Any = None) -> BaseForm:
        contract = self.get_contract(scope)
        if row is None:
            covered = selectors.coverage_list(scope=scope, contract=contract).values("queue_id")
            queues = vendors.queue_list(scope=scope).filter(vendor_id=contract.vendor_id).exclude(pk__in=covered)
            return forms.CoverageForm(data=data, queues=queues, initial={"starts_on": contract.starts_on})
        return forms.CoverageForm(
            data=data,
            initial={
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "former_starts_on": row.starts_on,
                "former_ends_on": row.ends_on,
            },
        )

    def save(self, scope: Scope, row: Coverage | None, form: Any) -> Contract:
        contract = self.get_contract(scope)
        queue = form.cleaned_data["queue"] if row is None else row.queue
        services.coverage_set(
            scope=scope,
            contract_uuid=contract.uuid,
            queue_uuid=queue.uuid,
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            former=form.former,
        )
        return contract

    def get_done_url(self, saved: Contract) -> str:
        return coverage_url(saved)

    def get_context(self, scope: Scope, row: Coverage | None) -> dict[str, Any]:
        contract = self.get_contract(scope)
        title = self.title if row is None else _("Coverage of %(queue)s") % {"queue": row.queue}
        return {
            "title": title,
            "crumbs": (CONTRACTS, Crumb(contract.name, contract_url(contract)), Crumb(title)),
            "cancel_url": coverage_url(contract),
        }


@require_POST
def remove(request: HttpRequest, uuid: UUID, queue: UUID) -> HttpResponse:
    """Take a queue out of a contract that is not signed."""
    scope = scope_of(request)
    services.coverage_remove(scope=scope, contract_uuid=uuid, queue_uuid=queue)
    messages.success(request, _("Taken out of the contract."))
    return redirect("contracts:contract_coverage", uuid)
