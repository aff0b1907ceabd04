"""What stands on the stage beside calls: tickets, feedback, incidents, a notice and a webhook of one vendor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.services import notice_send, webhook_create
from core.scope import activate
from tests.access.incidents import incidents_make
from tests.world import World
from tickets import services
from tickets.calc.states import Step
from tickets.services import Opening


def props_set(world: World, code: str = "ANDES") -> dict[str, str]:
    """Give a vendor some matters and return the addresses of their pages, by a word for each."""
    now, small = datetime.now(UTC), world.vendors[code]
    client = world.scope("programme_manager", at=now)
    lead = world.scope(f"{code.lower()}_vendor_supervisor", at=now - timedelta(minutes=10))
    manager = world.scope(f"{code.lower()}_vendor_manager", at=now)
    kept = incidents_make(world, code, code)
    with activate(client):
        policies = services.presets_create(scope=client, vendor=small.vendor, zone="Asia/Shanghai", country="CN")
    admin = world.scope("platform_admin", at=now)
    with activate(admin):
        webhook, _secret = webhook_create(
            scope=admin, name="ANDES", url="https://andes.example/in", events=["ticket.created"]
        )
    with activate(manager):
        reply = services.reply_create(
            scope=manager, vendor=small.vendor, values={"name": f"{code} reply", "text": f"{code} {{number}}"}
        )
    with activate(lead):
        # It waits for the customer, so that nothing of it presses before what a test opens.
        told_by: dict[str, Any] = {"subject": f"{code} bill", "text": f"{code} text", "customer": "+8613812340000"}
        opening = Opening(contract=small.contract, **told_by)
        ticket = services.ticket_open(scope=lead, opening=opening)
        services.ticket_reply(scope=lead, uuid=ticket.uuid, text=f"{code} answer")
        services.ticket_step(
            scope=lead, uuid=ticket.uuid, expected_version=2, step=Step.WAIT_FOR_CUSTOMER, text=f"{code} photo"
        )
        values: dict[str, Any] = {"source": "app", "text": f"{code} voice", "is_complaint": True, "kind": "product"}
        waiting, _is_new = services.feedback_register(scope=lead, contract=small.contract, values=values)
        told, _is_new = services.feedback_register(
            scope=lead, contract=small.contract, values={**values, "rating": 2, "ticket": ticket}
        )
        step: dict[str, Any] = {"scope": lead, "uuid": told.uuid}
        services.feedback_route(**step, expected_version=1, department=f"{code} billing")
        services.feedback_answer(**step, expected_version=2, answer=f"{code} mended")
        services.feedback_close(**step, expected_version=3, outcome=f"{code} called", customer_told=True)
    with activate(world.system):
        people = [user.pk for user in world.users.values()]
        path = f"/tickets/{ticket.uuid}/"
        notice_send(
            scope=world.system, vendor_id=small.vendor.pk, recipients=people, kind="ticket", message="ticket_mentioned",
            key="props", parameters={"ticket": f"{code} #1"}, path=path,
        )  # fmt: skip
    return {
        "ticket": path,
        "policy": f"/tickets/rules/policies/{policies[0].uuid}/edit/",
        "calendar": f"/tickets/rules/calendars/{policies[0].calendar.uuid}/edit/",
        "reply": f"/tickets/replies/{reply.uuid}/edit/",
        "feedback": f"/tickets/feedback/{waiting.uuid}/",
        "told": f"/tickets/feedback/{told.uuid}/",
        "incident": f"/service/incidents/{kept['incident'].uuid}/",
        "ended": f"/service/incidents/{kept['ended_incident'].uuid}/",
        "plan": f"/service/plans/{kept['plan'].uuid}/",
        "drill": f"/service/drills/{kept['drill'].uuid}/",
        "webhook": f"/accounts/webhooks/{webhook.uuid}/",
    }
