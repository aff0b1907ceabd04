"""What is promised to customers is the client's to say: a vendor may promise more, and never less."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import Invalid
from core.scope import Scope, activate
from tests.tickets.desk import MONDAY, Desk, desk_make
from tests.world import World
from tickets import services
from tickets.calc.clocks import Level
from tickets.calc.terms import terms_read
from tickets.models import Policy, Ticket


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
