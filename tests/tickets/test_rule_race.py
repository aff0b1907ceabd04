"""A ticket that is opened while its rules change is promised what they say in the end."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connection

from core.scope import activate
from tests.tickets.desk import desk_make
from tests.world import World
from tickets import services
from tickets.models import Ticket


def test_a_ticket_opened_while_the_rules_change_follows_them(committed_world: World) -> None:
    desk = desk_make(committed_world)
    normal = next(policy for policy in desk.policies if policy.tier == "normal")
    changed = Event()

    def change() -> None:
        client = desk.scope("programme_manager")
        with activate(client):
            services.policy_update(
                scope=client, uuid=normal.uuid, expected_version=normal.version, values={"first_response_seconds": 600}
            )
            changed.set()
            # Saved, but not for others yet.
            time.sleep(0.5)
        connection.close()

    def opening() -> None:
        assert changed.wait(10)
        desk.opened()
        connection.close()

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(change), both.submit(opening)]:
            done.result()
    while services.tickets_follow(scope=committed_world.system):
        pass
    with activate(committed_world.system):
        found = Ticket.objects.visible_to(committed_world.system).select_related("terms").get()
        assert found.terms.body["targets"]["first_response"] == 600
