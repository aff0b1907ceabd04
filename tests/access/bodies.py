"""What is sent where a form is sent: what would be done if the caller were allowed to, so that a refusal is one.

Rows that exist carry the version that they have in the house.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.calc.notices import kinds_readable
from tests.access.house import BORAL, House
from tests.access.principals import Principal
from tests.access.quality import BODIES as QUALITY_BODIES
from tests.access.things import Body, fixed, for_vendor, home_of


def body_of(route: str, house: House, who: Principal) -> Body:
    """Return the form that fits a route; empty where the button is all."""
    make = BODIES.get(route)
    return make(house, who) if make else {}


def _user(house: House, who: Principal) -> Body:
    organization = {} if who.is_vendor else {"organization": house.vendor_id(home_of(who))}
    return {"username": "fresh", "display_name": "Fresh", "role": "vendor_wfm", **organization}


def _second_step(house: House, who: Principal) -> Body:
    # Nobody here has a second step of their own, so for their own people they may only take the rule away.
    return {"organization": house.vendor_id(home_of(who)), "required": "" if who.is_vendor else "yes"}


def _wishes(house: House, who: Principal) -> Body:
    return dict.fromkeys(kinds_readable(who.permissions), "digest")


def _upload(house: House, who: Principal) -> Body:
    file = SimpleUploadedFile("fresh.csv", b"external_id,queue,offered_at\n1,ORDERS,2026-06-10T08:00:00Z\n", "text/csv")
    return for_vendor(file=file)(house, who)


def _coverage_new(house: House, who: Principal) -> Body:
    return {"queue": house.holdings[home_of(who)].world.queues[0].uuid, "starts_on": "2026-02-01"}


def _incident(house: House, who: Principal) -> Body:
    queue = house.holdings[home_of(who)].world.queues[0].uuid
    return for_vendor(title="Fresh", severity="2", systems=["crm"], queues=[str(queue)])(house, who)


def _incident_by_program(house: House, who: Principal) -> Body:
    vendor = {} if who.is_vendor else {"vendor": house.holdings[home_of(who)].world.vendor.code}
    return {"title": "Fresh", "systems": ["crm"], "queues": ["ORDERS"], **vendor}


def _drill(house: House, who: Principal) -> Body:
    return {"plan": house.holdings[home_of(who)].plan.uuid, "planned_on": "2026-06-20"}


PLAN = {
    "kind": "volume_surge",
    "title": "Fresh",
    "steps": "Look",
    "owner": "Fresh",
    "in_force_from": "2026-01-01",
    "review_on": "2026-12-31",
}


def _ticket_new(house: House, who: Principal) -> Body:
    contract = house.holdings[home_of(who)].world.contract
    return {"contract": contract.uuid, "subject": "Fresh", "channel": "app"}


def _feedback_new(house: House, who: Principal) -> Body:
    return {"contract": house.holdings[home_of(who)].world.contract.uuid, "text": "Fresh", "source": "app"}


def _tickets_given(house: House, who: Principal) -> Body:
    ticket = house.holdings[home_of(who)].ticket
    return {"selected": [f"{ticket.uuid}.{ticket.version}"], "handler": "", "text": "Fresh", "go": "1"}


def _transfer(house: House, who: Principal, **more: Any) -> Body:
    return {"contract": house.holdings[BORAL].world.contract.uuid, "subject": "Fresh", "start": "now", **more}


def _policy(house: House, who: Principal, **more: Any) -> Body:
    promise = {"resolution_seconds": "72 h", "update_mode": "after_customer"}
    calendar = house.holdings[home_of(who)].ticket_calendar.uuid
    return {"name": "Fresh", "tier": "normal", "calendar": calendar, **promise, **more}


# Opened, noted, answered, handed over, linked to an incident.
TICKET_VERSION = 5


def _contacts(house: House, who: Principal) -> Body:
    return {"file": SimpleUploadedFile("fresh.csv", b"phone\n+8613900001234\n", "text/csv")}


def _campaign(house: House, who: Principal, **more: Any) -> Body:
    holding = house.holdings[home_of(who)]
    contract = {} if "expected_version" in more else {"contract": holding.world.contract.uuid}
    days = {"starts_on": "2026-06-01", "ends_on": "2026-06-30", "hours-0": "9:00-18:00"}
    limits = {"max_attempts": 3, "per_day": 1, "gap_seconds": "4 h", "hold_seconds": "30 min"}
    sample = {"sample_limit": 10, "resurvey_days": 30, "script": holding.outbound.script.uuid}
    return {"name": "Fresh", "purpose": "notice", **contract, **days, **limits, **sample, **more}


CALENDAR = {"name": "Fresh", "zone": "Asia/Shanghai", "hours-0": "9:00-18:00"}
SITE = {"name": "Fresh", "code": "FRESH", "city": "Here", "country": "CN", "zone": "Asia/Shanghai"}
CONTRACT = {"name": "Fresh", "code": "FRESH", "zone": "Asia/Shanghai", "currency": "CNY", "starts_on": "2026-01-01"}

BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "set_language": fixed(language="zh-hans", next="/"),
    "set_theme": fixed(theme="dark"),
    "account_login": fixed(login="nobody-here", password="wrong"),
    "account_reset_password": fixed(email="nobody@example.com"),
    "accounts:profile": fixed(display_name="Renamed", language="", theme=""),
    "accounts:token_create": fixed(name="Fresh", permissions=["kpis.view"], days=30),
    "accounts:notice_preferences": _wishes,
    "accounts:webhook_create": fixed(name="Fresh", url="https://fresh.example/in", events=["ticket.created"]),
    "accounts:webhook_edit": fixed(
        name="Fresh", url="https://fresh.example/in", events=["ticket.created"], is_active="on", expected_version=1
    ),
    "accounts:user_create": _user,
    "accounts:second_step_set": _second_step,
    "accounts:user_detail": fixed(display_name="Renamed", email=""),
    "accounts:user_role": fixed(role="vendor_supervisor"),
    "accounts:service_create": _user,
    "accounts:service_token_create": fixed(name="Fresh", permissions=["kpis.view"], days=30),
    "vendors:vendor_create": fixed(name="Fresh", code="FRESH", country="CN", is_active="on"),
    "vendors:vendor_edit": fixed(name="Fresh", code="FRESH", country="CN", is_active="on", expected_version=2),
    "vendors:site_create": for_vendor(**SITE),
    "vendors:site_edit": fixed(**SITE, is_active="on", expected_version=2),
    "vendors:queue_create": for_vendor(name="Fresh", code="FRESH", direction="inbound"),
    "vendors:queue_edit": fixed(name="Fresh", code="FRESH", direction="inbound", is_active="on", expected_version=1),
    "vendors:agent_create": for_vendor(name="Fresh", code="FRESH"),
    "vendors:agent_edit": fixed(name="Fresh", code="FRESH", is_active="on", expected_version=2),
    "vendors:agent_login": fixed(username="fresh"),
    "contracts:contract_create": for_vendor(**CONTRACT),
    "contracts:contract_edit": fixed(**CONTRACT, expected_version=2),
    "contracts:coverage_create": _coverage_new,
    "contracts:coverage_edit": fixed(starts_on="2026-01-01", former_starts_on="2026-01-01"),
    "contracts:version_return": fixed(reason="Mend it"),
    "sla:incident_new": _incident,
    "api_incidents": _incident_by_program,
    "api_incident_step": fixed(step="acknowledge"),
    "api_feedback": lambda house, who: {
        "contract": str(house.holdings[home_of(who)].world.contract.uuid),
        "source": "sms",
        "text": "Fresh",
    },
    "api_feedback_steps": fixed(step="classify", version=5, kind="product", is_complaint=True),
    "api_tickets": lambda house, who: {
        "contract": str(house.holdings[home_of(who)].world.contract.uuid),
        "subject": "Fresh",
    },
    "api_ticket_attachments": fixed(file_name="fresh.txt", content="RnJlc2g="),
    "api_ticket_incidents": lambda house, who: {"incident": str(house.holdings[home_of(who)].incident.uuid)},
    "api_ticket_transfer": lambda house, who: {
        "contract": str(house.holdings[BORAL].world.contract.uuid),
        "subject": "Fresh",
        "version": TICKET_VERSION,
    },
    "api_ticket_comments": fixed(kind="note", text="Fresh"),
    "api_ticket_remarks": fixed(text="Fresh"),
    "api_ticket_steps": fixed(step="start", version=TICKET_VERSION),
    "sla:incident_note": fixed(text="Fresh"),
    "sla:incident_affected": fixed(systems=["crm"]),
    "sla:incident_window": fixed(
        affected_from="2026-06-15T09:00", affected_until="2026-06-15T11:00", affected_reason="Fresh"
    ),
    "sla:incident_relief": fixed(counts="no", relief_reason="Fresh"),
    "sla:plan_new": for_vendor(**PLAN),
    "sla:plan_edit": fixed(**PLAN, is_active="on", expected_version=1),
    "sla:drill_new": _drill,
    "sla:drill_record": fixed(planned_on="2026-06-14", held_on="2026-06-14", result="passed", expected_version=2),
    "sla:inspection_new": for_vendor(day="2026-06-15", items=["sign_in"], warn="80"),
    "sla:evidence_new": for_vendor(kind="scan", month="2026-04-01", finding_count="0", link="https://fresh.example/"),
    "api_calls_batch": fixed(
        rows=[
            {
                "external_id": "fresh",
                "queue": "ORDERS",
                "offered_at": "2026-06-10T08:00:00Z",
                "wait_seconds": 45,
                "outcome": "abandoned",
            }
        ]
    ),
    "tickets:feedback_create": _feedback_new,
    "tickets:feedback_step": fixed(kind="product", is_complaint="on", expected_version=5),
    "tickets:ticket_create": _ticket_new,
    "tickets:ticket_act": fixed(deed="note", text="Fresh", expected_version=3),
    "tickets:bulk": _tickets_given,
    "tickets:views_manage": fixed(name="Fresh"),
    "tickets:view_begin_with": fixed(view="overdue"),
    "tickets:incident_link": lambda house, who: {"number": house.holdings[home_of(who)].ticket.number},
    "tickets:incident_unlink": lambda house, who: {"incident": house.holdings[home_of(who)].incident.uuid},
    "tickets:ticket_transfer": lambda house, who: _transfer(house, who, expected_version=TICKET_VERSION),
    "tickets:presets": fixed(zone="Asia/Shanghai"),
    "tickets:policy_create": _policy,
    "tickets:policy_edit": lambda house, who: _policy(house, who, expected_version=1),
    "tickets:policy_move": fixed(direction="up"),
    "tickets:calendar_create": fixed(**CALENDAR),
    "tickets:calendar_edit": fixed(**CALENDAR, expected_version=1),
    "tickets:reply_create": fixed(name="Fresh", text="Fresh", is_active="on"),
    "tickets:reply_edit": fixed(name="Fresh", text="Fresh", is_active="on", expected_version=1),
    "api_campaigns": lambda house, who: {
        "contract": str(house.holdings[home_of(who)].world.contract.uuid),
        "name": "Fresh",
        "purpose": "notice",
        "starts_on": "2026-06-01",
        "ends_on": "2026-06-30",
    },
    "api_campaign_steps": fixed(step="pause", version=2),
    "api_campaign_contacts": fixed(rows=[{"phone": "+8613900001234"}, {"phone": "10086"}]),
    "api_attempt_outcome": fixed(outcome="busy"),
    "api_do_not_call": fixed(number="+86 139 0000 4321", reason="Fresh"),
    "tickets:campaign_create": _campaign,
    "tickets:campaign_edit": lambda house, who: _campaign(house, who, expected_version=2),
    "tickets:list_upload": _contacts,
    "tickets:attempt_outcome": fixed(outcome="busy"),
    "tickets:do_not_call_create": fixed(number="+86 139 0000 4321", reason="Fresh"),
    "tickets:do_not_call_withdraw": fixed(reason="Fresh"),
    "calls:import_new": _upload,
    "calls:number_find": fixed(number="+8613800007300"),
    "calls:number_show": fixed(reason="a callback was promised"),
    **QUALITY_BODIES,
}
