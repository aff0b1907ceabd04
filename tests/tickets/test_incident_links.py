"""Tickets that come from incidents: linked by hand or by the rules, and promised what the rules say of such."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.errors import Invalid
from core.scope import activate
from sla import services as sla
from sla.calc.incidents import Step as IncidentStep
from sla.models import Incident
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.models import Policy, Ticket, TicketIncident
from tickets.services.rules import SECONDS

ClientOf = Callable[[str], Client]


@pytest.fixture(autouse=True)
def now() -> Any:
    """Monday, nine o'clock."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(world: World) -> Desk:
    """A vendor whose first policy is for tickets of incidents that name light."""
    desk = desk_make(world)
    scope = desk.scope("programme_manager")
    with activate(scope):
        policy = services.policy_create(
            scope=scope,
            vendor=world.vendors["ANDES"].vendor,
            values={
                "name": "Of incidents",
                "tier": "urgent",
                "calendar": desk.policies[0].calendar,
                "only_incidents": True,
                "words": ["light"],
                "resolution_seconds": 3600,
            },
        )
        services.policies_order(
            scope=scope, vendor=world.vendors["ANDES"].vendor, uuids=[policy.uuid, *(row.uuid for row in desk.policies)]
        )
    return desk


def raised(desk: Desk, code: str = "ANDES", **more: Any) -> Incident:
    """Raise an incident that callers of the first queue feel."""
    scope = desk.world.scope(f"{code.lower()}_vendor_manager", at=MONDAY)
    vendor = desk.world.vendors[code]
    asked: dict[str, Any] = {
        "title": "The light went out",
        "systems": ["network"],
        "queue_uuids": [vendor.queues[0].uuid],
    }
    with activate(scope):
        return sla.incident_raise(scope=scope, vendor_id=vendor.vendor.pk, **asked | more)


def promised(desk: Desk, ticket: Ticket) -> str:
    """Return the policy whose promises a ticket has now."""
    scope = desk.scope()
    with activate(scope):
        found = selectors.ticket_get(scope=scope, uuid=ticket.uuid)
        return str(Policy.objects.visible_to(scope).get(pk=found.terms.policy_id).name)


def linked(desk: Desk, ticket: Ticket) -> list[int]:
    """Return the numbers of the incidents that a ticket comes from."""
    scope = desk.scope()
    with activate(scope):
        return [row.number for row in selectors.incidents_of(scope=scope, ticket=ticket)]


def test_the_rules_link_what_comes_while_callers_feel_an_incident(desk: Desk) -> None:
    queue, other = desk.world.vendors["ANDES"].queues[:2]
    before = desk.opened(subject="No light", queue=queue)
    incident = raised(desk)
    felt = desk.opened(subject="No light", queue=queue)
    assert (linked(desk, felt), promised(desk, felt)) == ([incident.number], "Of incidents")
    for ticket in (
        before,
        desk.opened(subject="No light", queue=other),
        desk.opened(subject="No light"),
        desk.opened(subject="A bill", queue=queue),
    ):
        assert (linked(desk, ticket), promised(desk, ticket)) == ([], "Normal")
    scope = desk.scope()
    with activate(scope):
        assert TicketIncident.objects.visible_to(scope).get().is_automatic is True


def test_what_comes_after_it_is_over_is_not_linked(desk: Desk) -> None:
    incident = raised(desk)
    scope = desk.scope("vendor_manager", at=MONDAY)
    with activate(scope):
        for step, told in (
            (IncidentStep.ACKNOWLEDGE, {}),
            (IncidentStep.LOCATE, {"cause_class": "carrier", "cause": "a cable was cut"}),
            (IncidentStep.RESTORE, {}),
        ):
            incident = sla.incident_step(scope=scope, uuid=incident.uuid, step=step, told=told)
    ticket = desk.opened(subject="No light", queue=desk.world.vendors["ANDES"].queues[0])
    assert linked(desk, ticket) == []


def test_a_link_by_hand_changes_the_promises_and_back(desk: Desk) -> None:
    incident = raised(desk, queue_uuids=[])
    ticket = desk.opened(subject="No light")
    scope = desk.scope("programme_manager", at=MONDAY + HOUR / 2)
    asked: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid, "incident": incident}
    with activate(scope):
        services.ticket_incident_link(**asked)
        services.ticket_incident_link(**asked)
    assert (linked(desk, ticket), promised(desk, ticket)) == ([incident.number], "Of incidents")
    with activate(scope):
        resolution = selectors.clock_list(scope=scope, ticket=ticket).get(clock="resolution")
        # From the start of the ticket, not of the link.
        assert resolution.due_at == MONDAY + HOUR
        services.ticket_incident_unlink(**asked)
        kinds = [event.kind for event in selectors.event_list(scope=scope, ticket=ticket)]
    assert (linked(desk, ticket), promised(desk, ticket)) == ([], "Normal")
    assert kinds == ["opened", "incident", "terms", "no_incident", "terms"]


def test_a_vendor_s_link_loosens_no_promise_and_taking_the_client_s_back_neither(desk: Desk) -> None:
    incident, ticket = raised(desk, queue_uuids=[]), desk.opened(subject="No light")
    vendor, client = desk.scope(), desk.scope("programme_manager")
    asked: dict[str, Any] = {"uuid": ticket.uuid, "incident": incident}
    with activate(vendor):
        services.ticket_incident_link(scope=vendor, **asked)
    # The rule for incidents promises no callback; nor does it take hold when any rule is saved.
    assert (linked(desk, ticket), promised(desk, ticket)) == ([incident.number], "Normal")
    with activate(client):
        other = next(each for each in desk.policies if each.tier == "urgent")
        services.policy_update(scope=client, uuid=other.uuid, expected_version=other.version, values={"name": "Now"})
    while services.tickets_follow(scope=desk.world.system):
        pass
    assert promised(desk, ticket) == "Normal"
    with activate(vendor):
        services.ticket_incident_unlink(scope=vendor, **asked)
    with activate(client):
        policy = Policy.objects.visible_to(client).get(name="Of incidents")
        urgent = next(each for each in desk.policies if each.tier == "urgent")
        values = {name: getattr(urgent, name) for name in SECONDS}
        values |= {"pausing": urgent.pausing, "calendar": urgent.calendar, "update_mode": urgent.update_mode}
        services.policy_update(scope=client, uuid=policy.uuid, expected_version=policy.version, values=values)
        services.ticket_incident_link(scope=client, **asked)
    assert promised(desk, ticket) == "Of incidents"
    with activate(vendor):
        services.ticket_incident_unlink(scope=vendor, **asked)
    assert (linked(desk, ticket), promised(desk, ticket)) == ([], "Of incidents")


def test_a_tier_that_somebody_chose_stays(desk: Desk) -> None:
    incident, ticket = raised(desk, queue_uuids=[]), desk.opened(subject="No light")
    scope = desk.scope("programme_manager")
    with activate(scope):
        chosen = next(policy for policy in desk.policies if policy.tier == "consultation")
        services.ticket_retier(scope=scope, uuid=ticket.uuid, expected_version=1, policy=chosen)
        services.ticket_incident_link(scope=scope, uuid=ticket.uuid, incident=incident)
    assert promised(desk, ticket) == "Consultation"


def test_changed_rules_remember_who_comes_from_an_incident(desk: Desk) -> None:
    raised(desk)
    ticket = desk.opened(subject="No light", queue=desk.world.vendors["ANDES"].queues[0])
    scope = desk.scope("programme_manager")
    with activate(scope):
        policy = Policy.objects.visible_to(scope).get(name="Of incidents")
        services.policy_update(
            scope=scope, uuid=policy.uuid, expected_version=policy.version, values={"resolution_seconds": 7200}
        )
    while services.tickets_follow(scope=desk.world.system):
        pass
    assert promised(desk, ticket) == "Of incidents"


def test_both_pages_link_and_take_back(desk: Desk, client_of: ClientOf) -> None:
    incident, ticket = raised(desk), desk.opened(subject="A bill")
    lead = client_of("andes_vendor_supervisor")
    panel = reverse("tickets:incident_panel", args=[incident.uuid])
    assert panel in lead.get(reverse("sla:incident_detail", args=[incident.uuid])).content.decode()
    assert "No ticket comes from this incident" in lead.get(panel).content.decode()
    link = reverse("tickets:incident_link", args=[incident.uuid])
    assert lead.post(link, {"number": 99}).status_code == 302
    assert linked(desk, ticket) == []
    lead.post(link, {"number": ticket.number})
    assert linked(desk, ticket) == [incident.number]
    here = reverse("tickets:ticket_detail", args=[ticket.uuid])
    assert here in lead.get(panel).content.decode()
    assert "The light went out" in lead.get(here).content.decode()
    unlink = reverse("tickets:incident_unlink", args=[ticket.uuid])
    assert lead.post(unlink, {"incident": str(incident.uuid), "from": "incident"})["Location"].startswith(
        "/service/incidents/"
    )
    assert linked(desk, ticket) == []
    act = reverse("tickets:ticket_act", args=[ticket.uuid])
    body = {"deed": "incident", "expected_version": 1, "text": ""}
    assert lead.post(act, body | {"number": 77}).status_code == 422
    assert lead.post(act, body | {"number": incident.number}).status_code == 302
    assert linked(desk, ticket) == [incident.number]
    assert client_of("boral_vendor_manager").get(panel).status_code == 404
    assert client_of("auditor").post(link, {"number": ticket.number}).status_code == 403


def test_programs_link_and_open_tickets_of_incidents(desk: Desk, client_of: ClientOf) -> None:
    incident, ticket = raised(desk), desk.opened()
    program = client_of("andes_vendor_manager")

    def send(path: str, body: Any, key: str) -> Any:
        return program.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})

    here = f"/api/v1/tickets/{ticket.uuid}/incidents"
    done = send(here, {"incident": str(incident.uuid)}, "one")
    assert (done.status_code, done.json()["incidents"]) == (200, [str(incident.uuid)])
    assert send(here, {"incident": str(incident.uuid), "linked": False}, "two").json()["incidents"] == []
    contract = str(desk.world.vendors["ANDES"].contract.uuid)
    body = {"contract": contract, "subject": "No light", "incident": str(incident.uuid)}
    assert send("/api/v1/tickets", body, "three").json()["incidents"] == [str(incident.uuid)]
    rival = raised(desk, "BORAL")
    refused = send(here, {"incident": str(rival.uuid)}, "four")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["incident"])


def test_an_incident_of_another_vendor_is_refused_even_to_the_client(desk: Desk) -> None:
    rival, ticket = raised(desk, "BORAL"), desk.opened()
    client = desk.scope("programme_manager")
    with activate(client), pytest.raises(Invalid, match="another vendor"):
        services.ticket_incident_link(scope=client, uuid=ticket.uuid, incident=rival)
