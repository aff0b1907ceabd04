"""What programs do with tickets: read from a body, done once for one key, answered with the ticket."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from rest_framework.request import Request

from calls.deeds import Deed, refused
from calls.models import Call, CallReason
from calls.selectors import call_list
from contracts.models import Contract
from core.scope import Scope
from core.uploads import plain_name
from sla.models import Incident
from sla.selectors import incident_list
from tickets import selectors, services
from tickets.calc.clocks import Level
from tickets.calc.states import Step
from tickets.models import Ticket, TicketClock, TicketEvent
from tickets.selectors import events_told
from tickets.serializers import TicketDetailSerializer
from tickets.services import HandOver, Opening, Taking
from vendors.models import Agent, Queue
from vendors.selectors import one


class TicketDeed(Deed):
    """Something that a program does with a ticket."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        """Return what the caller is told of the row that it changed."""
        ticket = ticket_read(scope=scope, uuid=row.uuid)
        return dict(TicketDetailSerializer(ticket, context={"request": request}).data)


def ticket_read(*, scope: Scope, uuid: UUID) -> Ticket:
    """Return a ticket with its events, and with its clocks as they read now; raises NotFound."""
    clocks = TicketClock.objects.visible_to(scope).order_by("started_at", "pk")
    events = TicketEvent.objects.visible_to(scope).order_by("sequence")
    named = selectors.with_names(scope=scope, tickets=selectors.ticket_list(scope=scope))
    found = named.select_related("vendor", "contract", "queue", "reason", "agent", "terms", "merged_into")
    ticket: Ticket = one(found.prefetch_related(Prefetch("clocks", clocks), Prefetch("events", events)), uuid=uuid)
    readings = services.readings_of(scope=scope, tickets=[ticket])
    elapsed = {(r.run.clock.value, r.run.cycle): int(r.run.elapsed_seconds(scope.at)) for r in readings}
    for clock in ticket.clocks.all():
        clock.elapsed_seconds = elapsed.get((clock.clock, clock.cycle), clock.elapsed_seconds)
    events_told(scope, ticket.events.all())
    found_too: Any = ticket
    found_too.incidents = [row.uuid for row in selectors.incidents_of(scope=scope, ticket=ticket)]
    files = list(selectors.attachment_list(scope=scope, ticket=ticket).filter(vendor_id=ticket.vendor_id))
    for file in files:
        file.received_by = scope.called(file.received_by, file.side)
    found_too.attachments = files
    return ticket


def opening_of(scope: Scope, contract: Contract, body: dict[str, Any]) -> Opening:
    policy = None
    if "policy" in body:
        policy = selectors.policy_list(scope=scope).filter(vendor_id=contract.vendor_id, uuid=body["policy"]).first()
        if policy is None:
            raise refused("policy", _("Not found."))
    return Opening(
        contract=contract,
        subject=body["subject"],
        text=body["text"],
        channel=body["channel"],
        customer=body["customer"],
        call=call_named(scope, contract, body),
        policy=policy,
        incident=incident_named(scope, body["incident"]) if "incident" in body else None,
        **parts_named(scope, contract, body),
    )


def call_named(scope: Scope, contract: Contract, body: dict[str, Any]) -> Call | None:
    """Return the call that a body names, if it names one; raises Invalid where there is none for the caller."""
    if "call" not in body:
        return None
    call = call_list(scope=scope).filter(contract_id=contract.pk, external_id=body["call"]).first()
    if call is None:
        raise refused("call", _("Not found."))
    return call


def parts_named(scope: Scope, contract: Contract, body: dict[str, Any]) -> dict[str, Any]:
    """Return queue, reason and agent by the codes of a body; raises Invalid where the vendor has none of a code."""
    parts: dict[str, Any] = {}
    models: dict[str, Any] = {"queue": Queue, "reason": CallReason, "agent": Agent}
    for name, model in models.items():
        if name not in body:
            continue
        parts[name] = model.objects.visible_to(scope).filter(vendor_id=contract.vendor_id, code=body[name]).first()
        if parts[name] is None:
            raise refused(name, _("Not found."))
    return parts


def incident_named(scope: Scope, uuid: UUID) -> Incident:
    """Return the incident that a body names; raises Invalid where there is none for the caller."""
    scope.require("incidents.view")
    found = incident_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise refused("incident", _("Not found."))
    return found


def upload_of(body: dict[str, Any]) -> SimpleUploadedFile:
    """Return the file of a body; raises Invalid where it is no base64."""
    try:
        content = base64.b64decode(body["content"], validate=True)
    except ValueError:
        raise refused("content", _("This is no base64.")) from None
    return SimpleUploadedFile(plain_name(body["file_name"]), content)


def transfer_do(scope: Scope, uuid: UUID, contract: Contract, body: dict[str, Any]) -> Ticket:
    """Give a matter to another vendor, as a body says."""
    taking = Taking(
        contract=contract,
        subject=body["subject"],
        text=body["text"],
        has_customer=body["customer"],
        keeps_start=body["start"] == "customer",
        note=body["note"],
    )
    return services.ticket_transfer(scope=scope, uuid=uuid, expected_version=body["version"], taking=taking)


def step_take(scope: Scope, uuid: UUID, body: dict[str, Any]) -> Ticket:
    """Take the step that a body names, by the one service that takes it."""
    step, asked = Step(body["step"]), {"scope": scope, "uuid": uuid, "expected_version": body["version"]}
    match step:
        case Step.ASSIGN:
            return services.ticket_assign(**asked, handler=body["handler"])
        case Step.HAND_OVER:
            over = HandOver(
                level=Level(_needed(body, "level")),
                requirement=body["requirement"] or body["text"],
                deadline=body["deadline"],
                handler=body["handler"],
            )
            return services.ticket_hand_over(**asked, over=over)
        case Step.CALL_BACK:
            return services.ticket_call_back(
                **asked, outcome=_needed(body, "outcome"), satisfaction=body["satisfaction"], text=body["text"]
            )
        case Step.MERGE:
            return services.ticket_merge(**asked, into=_needed(body, "into"))
        case _:
            return services.ticket_step(**asked, step=step, text=body["text"])


def _needed(body: dict[str, Any], name: str) -> Any:
    if name not in body:
        raise refused(name, _("This step needs it."))
    return body[name]
