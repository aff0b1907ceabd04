"""What is promised to customers is the client's to say: a vendor may promise more, and never less."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import Invalid
from core.scope import Scope, activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import services
from tickets.calc.clocks import Level
from tickets.calc.terms import is_looser, terms_read
from tickets.models import Policy, Ticket
from tickets.services.rules import SECONDS


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def policy(desk: Desk, tier: str) -> Policy:
    return next(each for each in desk.policies if each.tier == tier)


def test_a_vendor_tightens_a_promise_and_loosens_none(desk: Desk) -> None:
    ticket, vendor, client = desk.opened(), desk.scope("vendor_manager"), desk.scope("programme_manager")
    asked: dict[str, Any] = {"uuid": ticket.uuid}
    with activate(vendor):
        with pytest.raises(Invalid, match="only the client may") as refusal:
            services.ticket_retier(scope=vendor, **asked, expected_version=1, policy=policy(desk, "consultation"))
        assert list(refusal.value.fields) == ["policy"]
        tighter = services.ticket_retier(scope=vendor, **asked, expected_version=1, policy=policy(desk, "urgent"))
        with pytest.raises(Invalid, match="only the client may"):
            services.ticket_retier(
                scope=vendor, **asked, expected_version=tighter.version, policy=policy(desk, "normal")
            )
    with activate(client):
        version = tighter.version
        services.ticket_retier(scope=client, **asked, expected_version=version, policy=policy(desk, "consultation"))


def test_a_vendor_gives_a_level_no_longer_than_the_policy_does(desk: Desk) -> None:
    ticket, vendor, client = desk.opened(), desk.scope("vendor_manager"), desk.scope("programme_manager")
    promised = terms_read(ticket.terms.body)
    last = promised.calendar.add(MONDAY, promised.hop_seconds[Level.SECOND_LINE])

    def handed(scope: Scope, deadline: datetime) -> Ticket:
        over = services.HandOver(Level.SECOND_LINE, "Look into it.", deadline)
        with activate(scope):
            version = Ticket.objects.visible_to(scope).get(pk=ticket.pk).version
            return services.ticket_hand_over(scope=scope, uuid=ticket.uuid, expected_version=version, over=over)

    with pytest.raises(Invalid) as refusal:
        handed(vendor, last + timedelta(minutes=1))
    assert list(refusal.value.fields) == ["deadline"]
    handed(vendor, last)
    handed(client, last + timedelta(days=2))


def test_a_vendor_opens_no_ticket_with_less_than_the_rules_promise(desk: Desk) -> None:
    vendor, client = desk.scope("vendor_manager"), desk.scope("programme_manager")
    contract = desk.world.vendors["ANDES"].contract
    looser = services.Opening(contract=contract, subject="A bill", policy=policy(desk, "consultation"))
    with activate(vendor):
        with pytest.raises(Invalid, match="only the client may") as refusal:
            services.ticket_open(scope=vendor, opening=looser)
        assert list(refusal.value.fields) == ["tier"]
        urgent = services.Opening(contract=contract, subject="A bill", policy=policy(desk, "urgent"))
        assert services.ticket_open(scope=vendor, opening=urgent).tier == "urgent"
    with activate(client):
        assert services.ticket_open(scope=client, opening=looser).tier == "consultation"


FORMER: dict[str, Any] = {
    "targets": {"resolution": 3600, "callback": 3600, "update": 3600},
    "hops": {"second_line": 3600},
    "pausing": ["pending_customer"],
    "update_mode": "after_customer",
    "calendar": {
        "zone": "Asia/Shanghai",
        "hours": {"0": [["09:00", "18:00"]]},
        "exceptions": {"2026-06-22": {"name": "Holiday", "windows": []}},
    },
    "callback_calendar": None,
}
WEEK = {str(day): [["00:00", "24:00"]] for day in range(7)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"targets": {"resolution": 60, "callback": 60, "update": 60, "first_response": 9}}, False),
        ({"targets": {"resolution": 3601, "callback": 60, "update": 60}}, True),
        ({"targets": {"resolution": 60, "callback": 60}}, True),
        ({"hops": {}}, True),
        ({"pausing": []}, False),
        ({"pausing": ["pending_customer", "assigned"]}, True),
        ({"update_mode": "between_updates"}, True),
        ({"calendar": None}, False),
        ({"calendar": FORMER["calendar"] | {"hours": WEEK, "exceptions": {}}}, False),
        ({"calendar": FORMER["calendar"] | {"hours": {"1": [["10:00", "11:00"]]}}}, True),
        ({"calendar": FORMER["calendar"] | {"zone": "Asia/Tokyo"}}, True),
        ({"calendar": FORMER["calendar"] | {"exceptions": {}}}, False),
        ({"calendar": FORMER["calendar"] | {"exceptions": {"2026-06-23": {"name": "Own", "windows": []}}}}, True),
        # Holidays of years that the former terms had not written out yet.
        ({"calendar": FORMER["calendar"] | {"exceptions": {"2031-06-23": {"name": "Own", "windows": []}}}}, False),
        ({"callback_calendar": FORMER["calendar"]}, True),
    ],
)
def test_what_is_looser_is_more_than_seconds(change: dict[str, Any], expected: bool) -> None:
    assert is_looser(FORMER, FORMER | change) is expected


def merged(scope: Scope, ticket: Ticket, into: Ticket) -> Ticket:
    """Merge a ticket into another."""
    with activate(scope):
        return services.ticket_merge(scope=scope, uuid=ticket.uuid, expected_version=ticket.version, into=into.uuid)


def test_merging_ends_no_promise_in_favor_of_a_later_or_looser_one_or_another_customer_s(desk: Desk) -> None:
    vendor, client = desk.scope("vendor_manager", at=MONDAY + HOUR), desk.scope("programme_manager", at=MONDAY + HOUR)
    old, fresh = desk.opened(), desk.opened(at=MONDAY + HOUR)
    other = desk.opened(customer="+8613812348001")
    urgent = desk.opened(subject="urgent!", at=MONDAY + HOUR)
    for ticket, into, why in (
        (old, fresh, "younger ticket into the older"),
        (fresh, other, "two customers"),
        (urgent, old, "promises less"),
    ):
        with pytest.raises(Invalid, match=why) as refusal:
            merged(vendor, ticket, into)
        assert list(refusal.value.fields) == ["into"]
    with pytest.raises(Invalid, match="two customers"):
        merged(client, fresh, other)
    nobody = desk.opened(customer="")
    with pytest.raises(Invalid, match="two customers"):
        # A ticket of nobody's would take up everybody's.
        merged(vendor, fresh, nobody)
    assert merged(vendor, fresh, old).state == "merged"
    assert merged(client, urgent, old).state == "merged"


def test_a_vendor_s_choice_does_not_outlive_the_client_s_rules(desk: Desk) -> None:
    ticket, vendor, client = desk.opened(), desk.scope("vendor_manager"), desk.scope("programme_manager")
    with activate(vendor):
        # It has this policy; saying so again pins nothing.
        services.ticket_retier(scope=vendor, uuid=ticket.uuid, expected_version=1, policy=policy(desk, "normal"))
        assert not Ticket.objects.visible_to(vendor).get(pk=ticket.pk).policy_pinned
        services.ticket_retier(scope=vendor, uuid=ticket.uuid, expected_version=1, policy=policy(desk, "urgent"))
    with activate(client):
        strict = policy(desk, "urgent")
        made = {name: getattr(strict, name) for name in (*SECONDS, "calendar", "tier", "pausing", "update_mode")}
        made |= {"name": "Bills at once", "words": ["bill"], "resolution_seconds": 3600}
        rule = services.policy_create(scope=client, vendor=ticket.vendor, values=made)
        order = [rule.uuid, *(each.uuid for each in desk.policies)]
        services.policies_order(scope=client, vendor=ticket.vendor, uuids=order)
    while services.tickets_follow(scope=desk.world.system):
        pass
    with activate(client):
        found = Ticket.objects.visible_to(client).select_related("terms").get(pk=ticket.pk)
        assert found.terms.body["policy"]["name"] == "Bills at once"
