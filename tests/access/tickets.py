"""What stands in the house of tickets and of the rules that promise something about them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from calls.models import Call
from core.scope import activate
from sla.models import Incident
from tests.tickets.desk import MONDAY
from tests.world import World
from tickets import services
from tickets.calc.clocks import Level
from tickets.models import Feedback, Ticket, VoiceSignal
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
            incident = Incident.objects.visible_to(manager).get(title=f"{mark}-open-incident")
            ticket = services.ticket_incident_link(scope=manager, uuid=ticket.uuid, incident=incident)
            tickets.append(ticket)
        files = [
            services.attachments_add(
                scope=manager, uuid=ticket.uuid, uploads=[SimpleUploadedFile(f"{mark}-file.txt", mark.encode())]
            )[0].uuid
            for ticket in tickets
        ]
    with activate(client):
        services.ticket_remark(scope=client, uuid=tickets[0].uuid, text=f"K0C-{code}-remark")
        [kept] = services.attachments_add(
            scope=client,
            uuid=tickets[0].uuid,
            uploads=[SimpleUploadedFile(f"K0C-{code}.txt", b"K0C")],
            is_client_only=True,
        )
    return {
        "attachments": files,
        "client_file": kept.uuid,
        "feedback": _feedback_make(world, code, mark, tickets[0]),
        "ticket": tickets[0],
        "peer_ticket": tickets[1],
        "ticket_policy": policy,
        "ticket_calendar": calendar,
        "spare_calendar": spare,
        "reply": reply,
    }


def views_make(world: World, marks: dict[str, str]) -> dict[str, UUID]:
    """Give each organization a view of the list that its people share, and one that only its owner has."""
    found = {}
    for code, mark in marks.items():
        scope = world.scope(f"{code.lower()}_vendor_manager" if code in world.vendors else "programme_manager")
        with activate(scope):
            asked: dict[str, Any] = {"scope": scope, "query": "tier=normal"}
            found[code] = services.view_keep(**asked, name=f"{mark}-view", is_shared=True).uuid
            services.view_keep(**asked, name=f"{mark}-own-view", is_shared=False)
    return found


def _feedback_make(world: World, code: str, mark: str, ticket: Ticket) -> Feedback:
    """Give a vendor a complaint that went its whole way and was taken up again, one that is late, and a signal."""
    small, manager = world.vendors[code], world.scope(f"{code.lower()}_vendor_manager", at=MONDAY)
    with activate(manager):
        call = Call.objects.visible_to(manager).get(external_id=f"{mark}-call-003")
        services.feedback_register(
            scope=manager,
            contract=small.contract,
            values={"source": "app", "text": f"{mark}-late-voice", "external_id": f"{mark}-sent-1", "rating": 1},
            call=call,
        )
        values = {"source": "call", "text": f"{mark}-voice", "is_complaint": True, "kind": "process", "ticket": ticket}
        feedback, _is_new = services.feedback_register(scope=manager, contract=small.contract, values=values)
        step: dict[str, Any] = {"scope": manager, "uuid": feedback.uuid}
        services.feedback_route(**step, expected_version=1, department=f"{mark}-department")
        services.feedback_answer(**step, expected_version=2, answer=f"{mark}-settled")
        services.feedback_close(**step, expected_version=3, outcome=f"{mark}-told", customer_told=True)
        feedback = services.feedback_reopen(**step, expected_version=4, reason=f"{mark}-again")
        # Hundreds of calls would have to be made for the tick to find one.
        VoiceSignal.objects.visible_to(manager).create(
            vendor=small.vendor, contract=small.contract, reason=call.reason, week=date(2026, 6, 8),
            last_day=date(2026, 6, 14), days=7, calls=int(f"1{small.vendor.pk:03d}7"), satisfied=40, answers=90,
            days_before=28, calls_before=int(f"1{small.vendor.pk:03d}9"), satisfied_before=300, answers_before=350,
            rise_probability=0.001, fall_probability=0.002, raised_at=MONDAY,
        )  # fmt: skip
    return feedback


def tickets_tick(world: World) -> None:
    """Tell of what has run out, and count the days' figures, as the beats would."""
    with activate(world.system):
        while services.alerts_sweep(scope=world.system):
            pass
        while services.feedback_sweep(scope=world.system):
            pass
        services.voice_look(scope=world.system)
        while services.ticket_days_count(scope=world.system):
            pass
