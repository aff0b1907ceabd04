"""What stands in the house of outbound tasks: scripts, a campaign, whom it calls, and who is not to be called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.scope import activate
from qa import services as quality
from qa.models import Script
from tests.access.numbers import NUMBERS
from tests.qa.said import script_write
from tests.world import World
from tickets import services
from tickets.calc.outbound import CampaignStep, Outcome
from tickets.models import Attempt, Campaign, ContactImport, DoNotCall
from tickets.services import Result

ALL_DAY = {str(day): [["00:00", "24:00"]] for day in range(7)}


@dataclass(frozen=True)
class Outbound:
    """What one vendor has of outbound tasks; the attempt is its agent's, the peer's its supervisor's."""

    script: Script
    waiting_script: Script
    campaign: Campaign
    contact_import: ContactImport
    attempt: Attempt
    peer_attempt: Attempt
    do_not_call: DoNotCall


def campaigns_make(world: World, code: str, mark: str) -> Outbound:
    """Give a vendor a campaign with a list, an attempt of the agent that can sign in and one of its supervisor."""
    small = world.vendors[code]
    manager, second = world.scope(f"{code.lower()}_vendor_manager"), world.scope("programme_manager")
    agent, lead = world.scope(f"{code.lower()}_agent"), world.scope(f"{code.lower()}_vendor_supervisor")
    numbers = NUMBERS[code]
    with activate(manager):
        write: dict[str, Any] = {"scope": manager, "vendor": small.vendor, "name": f"{mark}-script"}
        script = script_write(**write, text=f"{mark}-good-day")
    with activate(second):
        script = quality.script_review(
            scope=second, uuid=script.uuid, expected_version=1, is_approved=True, review_note=f"{mark}-reviewed"
        )
    with activate(manager):
        waiting = script_write(**write, text=f"{mark}-good-evening")
        values = {
            "name": f"{mark}-campaign",
            "purpose": "satisfaction",
            "goal": f"{mark}-goal",
            "starts_on": date(2026, 6, 1),
            "ends_on": date(2026, 6, 30),
            "script": script,
            "service_hours": ALL_DAY,
        }
        # Around the clock only the client lets customers be called.
        with activate(second):
            campaign = services.campaign_create(scope=second, contract=small.contract, values=values)
        rows = [
            (line, {"phone": number, "name": f"{mark}-name-{line}", "reference": f"{mark}-ref-{line}",
                    "note": f"{mark}-hint-{line}"})
            for line, number in enumerate(numbers[:4], start=2)
        ]  # fmt: skip
        rows.append((9, {"phone": f"{mark}-nobody"}))
        account = services.contacts_add(
            scope=manager, uuid=campaign.uuid, source="page", rows=rows, file_name=f"{mark}-list.csv"
        )
        campaign = services.campaign_step(
            scope=manager, uuid=campaign.uuid, expected_version=1, step=CampaignStep.START
        )
        entry = services.do_not_call_add(
            scope=manager, vendor_id=small.vendor.pk, number=numbers[4], is_for_all=False, reason=f"{mark}-asked"
        )
    with activate(lead):
        peer = services.contact_next(scope=lead, uuid=campaign.uuid).attempt
        assert peer is not None
        result = Result(Outcome.SUCCESS, note=f"{mark}-said", satisfaction=4, call_external_id=f"{mark}-call-003")
        services.attempt_number(scope=lead, uuid=peer.uuid)
        services.attempt_record(scope=lead, uuid=peer.uuid, result=result)
    with activate(agent):
        attempt = services.contact_next(scope=agent, uuid=campaign.uuid).attempt
    assert attempt is not None
    return Outbound(script, waiting, campaign, account, attempt, peer, entry)


def house_list_make(world: World) -> DoNotCall:
    """Enter somebody whom nobody may call, in the client's own list."""
    client = world.scope("programme_manager")
    with activate(client):
        return services.do_not_call_add(
            scope=client, vendor_id=client.organization_id, number=NUMBERS["CLIENT"][0], is_for_all=True,
            reason="K0C-asked",
        )  # fmt: skip
