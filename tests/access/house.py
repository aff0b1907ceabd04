"""A house full of marks: whatever a vendor has stands in it, and every text and number tells whose it is (D2).

Words with ``ANDES`` or ``Q7X`` are one vendor's, with ``BORAL`` or ``Z9K`` the other's, with ``K0C`` the client's own;
long calls have a length that nobody else's have. Everything goes through the services, as in real life.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts.calc.access import token_permissions_of
from accounts.models import ApiToken, Membership, Notice, User
from accounts.services import event_publish, notice_send, token_create, webhook_create
from calls import services as calls
from calls.models import Batch, Call, CallReason, ImportProfile
from contracts import services as contracts
from contracts.models import Contract, Version
from core.scope import VENDOR, Scope, activate
from sla import services as sla
from sla.models import ContingencyPlan, Drill, EvidenceFile, Incident
from tests.access.incidents import incidents_make
from tests.access.outbound import Outbound, campaigns_make, house_list_make
from tests.access.stock import quality_make
from tests.access.tickets import tickets_make, tickets_tick, views_make
from tests.world import CLIENT_ROLES, NOW, VendorWorld, World, user_make, world_make
from tickets.models import Calendar, DoNotCall, Feedback, Policy, QuickReply, Ticket
from vendors import services as vendors

ANDES, BORAL, CLIENT = "ANDES", "BORAL", "CLIENT"
RIVALS = (ANDES, BORAL)
MARKS = {ANDES: "Q7X", BORAL: "Z9K"}
# Talk of the first call in seconds; the following ones are each a second longer.
TALK_SECONDS = {ANDES: 7313, BORAL: 8429}
CALLS = {ANDES: 24, BORAL: 30}
FIRST_DAY = datetime(2026, 6, 8, 1, 0, tzinfo=UTC)
COLUMNS = (
    "external_id", "revision", "queue", "customer", "reason", "agent", "offered_at", "wait_seconds", "talk_seconds",
    "hold_seconds", "wrap_seconds", "outcome", "transferred_from", "resolved", "csat", "recording", "ivr_path",
)  # fmt: skip


@dataclass
class Holding:
    """What one vendor has beside the small world's things."""

    world: VendorWorld
    draft: Version
    unsigned: Contract
    profile: ImportProfile
    reason: CallReason
    loaded: Batch
    waiting: Batch
    external_ids: list[str]
    incident: Incident
    ended_incident: Incident
    plan: ContingencyPlan
    drill: Drill
    evidence_file: EvidenceFile
    ticket: Ticket
    peer_ticket: Ticket
    ticket_policy: Policy
    ticket_calendar: Calendar
    spare_calendar: Calendar
    reply: QuickReply
    # Files of the first ticket and of the other, and one that only the client has.
    attachments: list[UUID]
    client_file: UUID
    feedback: Feedback
    outbound: Outbound
    # What quality assurance has, by a word for each.
    quality: dict[str, Any]
    # The first call of the agent that can sign in, and one of a colleague.
    own_call: str = ""
    peer_call: str = ""
    token: ApiToken | None = None


@dataclass
class House:
    """The world with all its marks."""

    world: World
    holdings: dict[str, Holding] = field(default_factory=dict)
    # Name of a principal to the key of its token.
    keys: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, ApiToken] = field(default_factory=dict)
    # User name to the cookies of a signed-in browser.
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    # User name to the key of the one session that is listed.
    sessions: dict[str, int] = field(default_factory=dict)

    # Somebody whom the client's own list keeps everybody from calling.
    house_entry: DoNotCall | None = None

    # User name to a notice of that person's, and organization to its webhook.
    notices: dict[str, UUID] = field(default_factory=dict)
    webhooks: dict[str, UUID] = field(default_factory=dict)

    # Organization to a view of the list of tickets that its people share.
    views: dict[str, UUID] = field(default_factory=dict)

    def user_uuid(self, username: str) -> UUID:
        """Return a person's public id."""
        return self.world.users[username].uuid

    def vendor_id(self, code: str) -> int:
        """Return a vendor's tenant key."""
        if code == CLIENT:
            return self.world.client.pk
        return self.holdings[code].world.vendor.organization_id


def house_make() -> House:
    """Build and commit the whole house; takes some seconds."""
    with time_machine.travel(NOW, tick=False):
        world = world_make()
        house = House(world)
        for name in CLIENT_ROLES:
            _rename(world.users[name], f"K0C {name}")
        for code in RIVALS:
            house.holdings[code] = _holding_make(world, code)
        house.house_entry = house_list_make(world)
        while sla.marks_drain(scope=world.system):
            pass
        tickets_tick(world)
        _people_make(house)
        _news_make(house)
        house.views = views_make(world, {**MARKS, CLIENT: "K0C"})
        for username, user in world.users.items():
            browser = Client()
            browser.force_login(user)
            session = browser.session
            # As after typing the password just now, so that pages which ask for it again open.
            session["account_authentication_methods"] = [{"method": "password", "at": NOW.timestamp()}]
            session.save()
            # The first request lists the session and makes the device known.
            browser.get(reverse("usersessions_list"))
            house.cookies[username] = {name: morsel.value for name, morsel in browser.cookies.items()}
            house.sessions[username] = UserSession.objects.get(session_key=session.session_key).pk
        _shut_out(house)
    return house


def _rename(user: User, name: str) -> None:
    user.display_name = name
    user.save(update_fields=["display_name"])


def _holding_make(world: World, code: str) -> Holding:
    mark, small, client = MARKS[code], world.vendors[code], world.scope("programme_manager")
    manager = world.scope(f"{code.lower()}_vendor_manager")
    with activate(client):
        vendors.vendor_update(
            scope=client,
            uuid=small.vendor.uuid,
            expected_version=1,
            values={
                "contact_name": f"{mark}-Lead",
                "contact_email": f"lead@{mark.lower()}-{code.lower()}.example",
                "note": f"K0C-{code}-note-after",
            },
        )
        contracts.contract_update(
            scope=client,
            uuid=small.contract.uuid,
            expected_version=1,
            values={"note": f"K0C-{code}-contract-note-after"},
        )
        unsigned = contracts.contract_create(
            scope=client,
            vendor_id=small.vendor.pk,
            code=f"K0C-{code}-27",
            name=f"K0C-{code}-unsigned",
            zone="Europe/Berlin",
            starts_on=date(2027, 1, 1),
            note=f"K0C-{code}-unsigned-note",
        )
        coming = vendors.queue_create(scope=client, vendor_id=small.vendor.pk, code=f"{code}-NEXT", name=f"{mark}-next")
        contracts.coverage_set(
            scope=client, contract_uuid=unsigned.uuid, queue_uuid=coming.uuid, starts_on=date(2027, 1, 1)
        )
        draft = contracts.version_draft(scope=client, contract_uuid=small.contract.uuid)
        draft = contracts.version_update_terms(
            scope=client, uuid=draft.uuid, expected_version=1, change_note=f"K0C-{code}-draft-change"
        )
        draft = contracts.version_submit(scope=client, uuid=draft.uuid, expected_version=2)
    finance = world.scope("contract_finance")
    with activate(finance):
        draft = contracts.version_return(
            scope=finance, uuid=draft.uuid, expected_version=3, reason=f"K0C-{code}-returned"
        )
    with activate(manager):
        vendors.site_update(
            scope=manager, uuid=small.site.uuid, expected_version=1, values={"city": f"{mark}-City", "country": "CN"}
        )
        for agent in small.agents:
            vendors.agent_update(
                scope=manager, uuid=agent.uuid, expected_version=1, values={"team": f"{mark}-team-{agent.code[-1]}"}
            )
        reason = calls.reason_create(
            scope=manager, vendor_id=small.vendor.pk, code=f"{mark}-REFUND", name=f"{mark}-refund"
        )
        profile = calls.profile_save(
            scope=manager,
            vendor_id=small.vendor.pk,
            name=f"{mark}-profile",
            document={
                "zone": "Asia/Shanghai",
                "fields": {
                    "external_id": f"{mark}-column",
                    "queue": {"constant": "ORDERS"},
                    "offered_at": "offered",
                    "outcome": {"constant": "answered"},
                },
            },
        )
    external_ids = [f"{mark}-call-{number:03d}" for number in range(CALLS[code])]
    holding = Holding(
        world=small,
        draft=draft,
        unsigned=unsigned,
        profile=profile,
        reason=reason,
        loaded=_load(manager, small, f"{mark}-calls.csv", _rows(code, external_ids)),
        waiting=_load(manager, small, f"{mark}-waiting.csv", _rows(code, [f"{mark}-later-1"]), confirm=False),
        external_ids=external_ids,
        **incidents_make(world, code, MARKS[code]),
        **tickets_make(world, code, MARKS[code]),
        outbound=campaigns_make(world, code, MARKS[code]),
        quality=quality_make(world, code, MARKS[code]),
        own_call=external_ids[0],
        peer_call=external_ids[1],
    )
    with activate(manager):
        call = Call.objects.visible_to(manager).get(external_id=external_ids[0])
        calls.number_show(scope=manager, call=call, reason=f"{mark}-callback promised")
    # A correction of two calls, so that former revisions exist, and a new call.
    rows = [_row(code, number, external_ids[number], revision=2) for number in (0, 1)]
    rows.append(_row(code, 30, f"{mark}-rest-1"))
    body = json.dumps(rows).encode()
    with activate(manager):
        calls.rows_load(scope=manager, vendor_id=small.vendor.pk, key=f"{mark}-key", body=body, rows=rows)
    return holding


def _row(code: str, number: int, external_id: str, revision: int = 1) -> dict[str, object]:
    """Return one call; even ones are the signed-in agent's, every fifth is abandoned."""
    mark, answered = MARKS[code], number % 5 != 4
    offered = FIRST_DAY + timedelta(hours=5 * number, seconds=7 * number)
    row: dict[str, object] = {
        "external_id": external_id,
        "revision": revision,
        "queue": "ORDERS" if number % 3 else "SUPPORT",
        "customer": f"+861380000{TALK_SECONDS[code] // 100}{number // 2:02d}",
        "reason": f"{mark}-REFUND" if number % 2 else "",
        "offered_at": offered.isoformat(),
        "wait_seconds": 10 + number,
        "outcome": "answered" if answered else "abandoned",
        "ivr_path": f"{mark}-menu-{number}",
    }
    if answered:
        row |= {
            "agent": f"{code}-A{1 + number % 2}",
            "talk_seconds": TALK_SECONDS[code] + number + 1000 * (revision - 1),
            "hold_seconds": 3,
            "wrap_seconds": 20,
            "csat": 1 + number % 5,
            "resolved": "true" if number % 3 else "false",
            "recording": f"{mark}-recording-{number}",
            "transferred_from": f"{mark}-former-leg" if number == 7 else "",
        }
    return row


def _rows(code: str, external_ids: list[str], revision: int = 1) -> bytes:
    """Return a canonical file with two rows that the importer rejects."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for number, external_id in enumerate(external_ids):
        writer.writerow(_row(code, number, external_id, revision))
    mark = MARKS[code]
    writer.writerow({"external_id": f"{mark}-bad-1", "queue": f"{mark}-NOWHERE", "offered_at": "2026-06-09T08:00:00Z"})
    writer.writerow({"external_id": f"{mark}-bad-2", "queue": "ORDERS", "offered_at": f"{mark}-never"})
    return text.getvalue().encode()


def _load(scope: Scope, vendor: VendorWorld, file_name: str, content: bytes, *, confirm: bool = True) -> Batch:
    batch = calls.batch_receive(
        scope=scope,
        vendor_id=vendor.vendor.pk,
        source="page",
        file_name=file_name,
        chunks=[content],
        confirmed=confirm,
    )
    checked = calls.batch_check(scope=scope, batch_id=batch.pk)
    assert checked is not None
    while confirm and checked.state != "loaded":
        loaded = calls.batch_load_next(scope=scope, batch_id=batch.pk)
        assert loaded is not None, (checked.state, checked.problem, checked.problem_details)
        checked = loaded
    assert checked.rows_rejected == 2
    return checked


def _people_make(house: House) -> None:
    world = house.world
    organizations = {code: world.vendors[code].vendor.organization for code in RIVALS} | {CLIENT: world.client}
    for code, organization in organizations.items():
        name = code.lower()
        service = user_make(organization=organization, role="api_client", username=f"{name}_api")
        service.is_service = True
        service.save()
        _rename(service, f"{MARKS.get(code, 'K0C')}-service")
        world.users[f"{name}_gone"] = user_make(
            organization=organization, role="client_qa" if code == CLIENT else "vendor_qa", username=f"{name}_gone"
        )
        manager = "platform_admin" if code == CLIENT else f"{name}_vendor_manager"
        everything = token_permissions_of("api_client", organization.side)
        _token(house, manager, f"{name}_api", everything, service=service)
        if organization.side == VENDOR:
            _token(house, manager, f"{name}_narrow", {"kpis.view"}, service=service)
            world.users[f"{name}_api"] = service
            _token(house, f"{name}_vendor_qa", f"{name}_person", {"kpis.view", "calls.view"})
            house.holdings[code].token = house.tokens[f"{name}_person"]
        _token(house, f"{name}_gone", f"{name}_gone", {"kpis.view", "calls.view"})
        world.users[f"{name}_api"] = service
    stranger = User.objects.create_user(username="stranger", password="a plain test pass-phrase")
    assert not Membership.objects.filter(user=stranger).exists()
    world.users["stranger"] = stranger


def _news_make(house: House) -> None:
    """Tell everybody of every vendor's matter that they may know, and an organization's receiver of each vendor's."""
    world, system = house.world, house.world.system
    people = [user.pk for user in world.users.values()]
    for code, manager in ((ANDES, "andes_vendor_manager"), (BORAL, "boral_vendor_manager"), (CLIENT, "platform_admin")):
        scope, mark = world.scope(manager), MARKS.get(code, "K0C")
        with activate(scope):
            url = f"https://{mark.lower()}-hooks.example/in"
            webhook, _secret = webhook_create(scope=scope, name=f"{mark}-hook", url=url, events=["ticket.created"])
        house.webhooks[code] = webhook.uuid
    with activate(system):
        for code in RIVALS:
            vendor_id, mark = house.vendor_id(code), MARKS[code]
            for number in range(3):
                notice_send(
                    scope=system, vendor_id=vendor_id, recipients=people, kind="ticket", message="ticket_mentioned",
                    key=f"{mark}-{number}", parameters={"ticket": f"{mark}-ticket-{number}"}, path=f"/{mark}-{number}/",
                )  # fmt: skip
                event_publish(
                    scope=system, vendor_id=vendor_id, name="ticket.created", key=f"{mark}-{number}",
                    payload={"ticket": f"{mark}-ticket-{number}"},
                )  # fmt: skip
        for notice in Notice.objects.visible_to(system).select_related("recipient"):
            house.notices[notice.recipient.username] = notice.uuid


def _token(
    house: House, actor: str, name: str, permissions: set[str] | frozenset[str], service: User | None = None
) -> None:
    mark = next((MARKS[code] for code in RIVALS if name.startswith(code.lower())), "K0C")
    scope = house.world.scope(actor)
    with activate(scope):
        token, key = token_create(
            scope=scope,
            name=f"{mark}-token-{name}",
            permissions=permissions,
            expires_at=NOW + timedelta(days=90),
            user_uuid=service.uuid if service else None,
        )
    house.tokens[name], house.keys[name] = token, key


def _shut_out(house: House) -> None:
    """Deactivate people behind the service's back, so that their session and token still exist."""
    for username in ("andes_gone", "boral_gone", "client_gone"):
        User.objects.filter(username=username).update(is_active=False)
