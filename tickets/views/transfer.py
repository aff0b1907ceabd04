"""The client takes a matter from one vendor and gives it to another."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.components import Crumb
from core.errors import Conflict, NotFound
from core.forms import EXPECTED, FormPage
from core.scope import Scope
from tickets import selectors, services
from tickets.calc.states import OPEN, State
from tickets.forms import TransferForm
from tickets.models import Ticket
from tickets.services import Taking
from tickets.tables import ticket_url
from tickets.views.lists import TICKETS


class TicketTransfer(FormPage):
    """Choose whose the matter is from now on, and what of it they get."""

    permission = "tickets.transfer"
    template_name = "tickets/transfer.html"
    title = gettext_lazy("Give to another vendor")
    intro = gettext_lazy(
        "The ticket ends at the vendor that has it, as taken over by you, and a new one opens at the other. Neither "
        "vendor learns of the other: the new one reads only what stands here."
    )
    submit_label = gettext_lazy("Give it to the other vendor")
    done = gettext_lazy("The other vendor has it now.")

    def get_row(self, scope: Scope) -> Ticket:
        if not scope.is_client:
            raise NotFound
        ticket = selectors.ticket_get(scope=scope, uuid=self.kwargs["uuid"])
        if State(ticket.state) not in OPEN:
            raise Conflict("wrong_state", _("Only an open ticket can be given to another vendor."))
        return ticket

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> TransferForm:
        return TransferForm(data=data, scope=scope, ticket=row)

    def save(self, scope: Scope, row: Any, form: Any) -> Ticket:
        values = form.cleaned_data
        taking = Taking(
            contract=values["contract"],
            subject=values["subject"],
            text=values["text"],
            queue=values["queue"],
            has_customer=values.get("has_customer", False),
            keeps_start=values["start"] == "customer",
            note=values["note"],
        )
        return services.ticket_transfer(scope=scope, uuid=row.uuid, expected_version=values[EXPECTED], taking=taking)

    def get_done_url(self, saved: Ticket) -> str:
        return ticket_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        crumbs = (TICKETS, Crumb(f"#{row.number}", ticket_url(row)), Crumb(self.title))
        return {"crumbs": crumbs, "cancel_url": ticket_url(row)}
