"""What stands on the stage beside calls: tickets, feedback, incidents, a notice and a webhook of one vendor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.services import notice_send, webhook_create
from core.scope import activate
from qa import services as quality
from tests.access.incidents import incidents_make
from tests.access.outbound import ALL_DAY
from tests.browser.props_calibration import calibration_set
from tests.browser.props_improvement import improvement_set
from tests.browser.props_quality import quality_set
from tests.qa.said import script_write
from tests.world import World
from tickets import services
from tickets.calc.outbound import CampaignStep, Outcome
from tickets.calc.states import Step
from tickets.services import Opening, Result


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
    outbound = outbound_set(world, code, now)
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
        **outbound,
        **quality_set(world, code),
        **calibration_set(world, code, now),
        **improvement_set(world, code, now),
        "webhook": f"/accounts/webhooks/{webhook.uuid}/",
    }


def outbound_set(world: World, code: str, now: datetime) -> dict[str, str]:
    """Give a vendor a campaign that calls around the clock, with a list and some attempts; return its pages."""
    small = world.vendors[code]
    lead, second = (world.scope(name, at=now) for name in (f"{code.lower()}_vendor_supervisor", "client_qa"))
    with activate(lead):
        text = f"{code} good day.\n\n{code} may I ask you something?"
        script = script_write(scope=lead, vendor=small.vendor, name=f"{code} script", text=text)
    with activate(second):
        script = quality.script_review(scope=second, uuid=script.uuid, expected_version=1, is_approved=True)
    with activate(lead):
        waiting = script_write(scope=lead, vendor=small.vendor, name=f"{code} script", text=f"{code} again")
        campaigns = []
        for number in (1, 2):
            values = {
                "name": f"{code} campaign {number}",
                "purpose": "satisfaction" if number == 1 else "notice",
                "starts_on": (now - timedelta(days=3)).date(),
                "ends_on": (now + timedelta(days=30)).date(),
                "script": script,
                "service_hours": ALL_DAY,
            }
            with activate(second):
                campaign = services.campaign_create(scope=second, contract=small.contract, values=values)
            step: dict[str, Any] = {"scope": lead, "uuid": campaign.uuid, "expected_version": 1}
            campaigns.append(services.campaign_step(**step, step=CampaignStep.START))
        rows = [(line, {"phone": f"+86139000066{line:02}", "name": f"{code} Li", "reference": f"C-{line}"})
                for line in range(2, 8)]  # fmt: skip
        account = services.contacts_add(
            scope=lead,
            uuid=campaigns[0].uuid,
            source="page",
            rows=[*rows, (9, {"phone": "10086"})],
            file_name="june.csv",
        )
        for outcome, answer in ((Outcome.SUCCESS, 5), (Outcome.REFUSED, None), (Outcome.NO_ANSWER, None)):
            attempt = services.contact_next(scope=lead, uuid=campaigns[0].uuid).attempt
            assert attempt is not None
            result = Result(outcome, satisfaction=answer, note=f"{code} said")
            services.attempt_number(scope=lead, uuid=attempt.uuid)
            services.attempt_record(scope=lead, uuid=attempt.uuid, result=result)
        entry = services.do_not_call_add(
            scope=lead, vendor_id=small.vendor.pk, number="+8613900006699", is_for_all=False, reason=f"{code} letter"
        )
    first = f"/tickets/outbound/{campaigns[0].uuid}/"
    return {
        "campaign": first,
        "work": f"/tickets/outbound/work/{campaigns[0].uuid}/",
        "second_campaign": f"/tickets/outbound/{campaigns[1].uuid}/",
        "list": f"/tickets/outbound/lists/{account.uuid}/",
        "script": f"/qa/scripts/{script.uuid}/",
        "waiting_script": f"/qa/scripts/{waiting.uuid}/",
        "entry": f"/tickets/outbound/do-not-call/{entry.uuid}/withdraw/",
    }
