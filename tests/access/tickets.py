"""What stands in the house of tickets and of the rules that promise something about them."""

from __future__ import annotations

from typing import Any

from calls.models import Call
from core.scope import activate
from tests.tickets.desk import MONDAY
from tests.world import World
from tickets import services
from tickets.calc.clocks import Level
from tickets.services import HandOver, Opening


def tickets_make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor policies with calendars, a quick reply, and two tickets that came from two of its calls.

    The first is on the record of the agent that can sign in, the other on a colleague's.
    """
    small = world.vendors[code]
    client, manager = world.scope("programme_manager", at=MONDAY), world.scope(f"{code.lower()}_vendor_manager")
    own: dict[str, Any] = {"scope": client, "vendor": small.vendor}
    with activate(client):
        exceptions = {"2026-06-18": {"name": f"{mark}-holiday", "windows": []}}
        calendar = services.calendar_create(
            **own,
            values={
                "name": f"{mark}-calendar",
                "zone": "Asia/Shanghai",
                "service_hours": {str(day): [["09:00", "18:00"]] for day in range(5)},
                "exceptions": exceptions,
            },
        )
        spare = services.calendar_create(
            **own,
            values={
                "name": f"{mark}-spare",
                "zone": "Asia/Shanghai",
                "service_hours": {"0": [["09:00", "18:00"]]},
            },
        )
        hours = {"first_response_seconds": 24 * 3600, "resolution_seconds": 72 * 3600, "first_line_seconds": 3600}
        base: dict[str, Any] = {"tier": "normal", "calendar": calendar, **hours}
        services.policy_create(**own, values={**base, "name": f"{mark}-words", "words": [f"{mark}-word"]})
        policy = services.policy_create(**own, values={**base, "name": f"{mark}-policy"})
    with activate(manager):
        reply = services.reply_create(
            scope=manager, vendor=small.vendor, values={"name": f"{mark}-reply", "text": f"{mark}-dear {{number}}"}
        )
        tickets = []
        for number, external_id in enumerate((f"{mark}-call-000", f"{mark}-call-001")):
            call = Call.objects.visible_to(manager).get(external_id=external_id)
            opening = Opening(
                contract=small.contract,
                subject=f"{mark}-subject-{number}",
                text=f"{mark}-matter-{number}",
                agent=small.agents[number],
                call=call,
            )
            ticket = services.ticket_open(scope=manager, opening=opening)
            services.ticket_note(scope=manager, uuid=ticket.uuid, text=f"{mark}-note-{number}")
            services.ticket_reply(scope=manager, uuid=ticket.uuid, text=f"{mark}-answer-{number}")
            ticket = services.ticket_hand_over(
                scope=manager,
                uuid=ticket.uuid,
                expected_version=3,
                over=HandOver(
                    Level.SECOND_LINE,
                    f"{mark}-requirement-{number}",
                    handler=world.users[f"{code.lower()}_vendor_manager"].uuid,
                ),
            )
            tickets.append(ticket)
    return {
        "ticket": tickets[0],
        "peer_ticket": tickets[1],
        "ticket_policy": policy,
        "ticket_calendar": calendar,
        "spare_calendar": spare,
        "reply": reply,
    }


def tickets_tick(world: World) -> None:
    """Tell of what has run out, and count the days' figures, as the beats would."""
    with activate(world.system):
        while services.alerts_sweep(scope=world.system):
            pass
        while services.ticket_days_count(scope=world.system):
            pass
