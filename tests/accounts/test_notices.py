"""People are told once, only of what they may know, in the way that they wish."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts import selectors, services
from accounts.calc.notices import DIGEST, KINDS, MUTED, NOW, News
from accounts.models import Notice
from accounts.wording import MODE_WORDS, NOTICE_KIND_WORDS, notice_words
from core.errors import Invalid
from core.scope import Scope, activate
from tests.world import World


def news(world: World, key: str, *names: str, vendor: str = "ANDES", kind: str = "ticket") -> News:
    """Return a mention in a ticket of a vendor."""
    recipients = [world.users[name].pk for name in names]
    vendor_id = world.vendors[vendor].vendor.pk
    return News(vendor_id, recipients, kind, "ticket_mentioned", key, {"ticket": f"T-{key}"}, f"/tickets/{key}/")


def lines(world: World, name: str, kind: str = "") -> list[tuple[str, int]]:
    """Return the lines that somebody sees: the parameter of the text and how many notices it stands for."""
    scope = world.scope(name)
    with activate(scope):
        rows: Any = selectors.notice_list(scope=scope, kind=kind)
        return [(row.parameters["ticket"], row.collected) for row in rows]


def unread(world: World, name: str) -> int:
    """Return the number at the bell."""
    scope = world.scope(name)
    with activate(scope):
        return selectors.notices_unread_count(scope=scope)


def send(scope: Scope, *told: News) -> int:
    """Tell in a transaction of its own."""
    with activate(scope):
        return services.notices_send(scope=scope, news=told)


def test_the_same_news_is_told_once(world: World) -> None:
    people = ("programme_manager", "andes_vendor_manager")
    assert send(world.system, news(world, "1", *people)) == 2
    assert send(world.system, news(world, "1", *people, "andes_agent")) == 1
    for name in (*people, "andes_agent"):
        assert lines(world, name) == [("T-1", 1)]
        assert unread(world, name) == 1


def test_news_of_a_vendor_reach_that_vendor_and_the_client_only(world: World) -> None:
    everybody = ("auditor", "andes_vendor_qa", "boral_vendor_qa")
    assert send(world.system, news(world, "1", *everybody)) == 2
    assert lines(world, "boral_vendor_qa") == []
    assert lines(world, "auditor") == lines(world, "andes_vendor_qa") == [("T-1", 1)]
    # A vendor's own deed tells the client as well, and cannot speak for a rival.
    scope = world.scope("andes_vendor_qa")
    assert send(scope, news(world, "2", *everybody)) == 2
    with pytest.raises(ValueError, match="nobody can be told"):
        send(scope, news(world, "3", "auditor", vendor="BORAL"))
    world.users["auditor"].is_active = False
    world.users["auditor"].save()
    assert send(scope, news(world, "4", *everybody)) == 1


def test_a_colleague_reads_and_marks_nothing_of_mine(world: World) -> None:
    send(world.system, news(world, "1", "andes_vendor_qa"))
    with activate(world.system):
        uuid = Notice.objects.visible_to(world.system).get().uuid
    for name in ("andes_vendor_manager", "boral_vendor_qa", "programme_manager"):
        scope = world.scope(name)
        with activate(scope):
            assert not selectors.notices_own(scope=scope).exists()
            assert services.notices_read(scope=scope, uuids=[uuid]) == 0
            assert services.notices_read(scope=scope) == 0
    assert unread(world, "andes_vendor_qa") == 1


def test_what_is_read_is_counted_no_more(world: World) -> None:
    send(world.system, *(news(world, str(n), "auditor") for n in range(4)))
    scope = world.scope("auditor")
    with activate(scope):
        first = selectors.notice_list(scope=scope)[0]
        assert services.notices_read(scope=scope, uuids=[first.uuid]) == 1
        assert services.notices_read(scope=scope, uuids=[first.uuid]) == 0
        assert selectors.notices_unread_count(scope=scope) == 3
        assert services.notices_read(scope=scope) == 3
        assert selectors.notices_unread_count(scope=scope) == 0


def test_a_digest_is_one_line_until_it_is_read(world: World) -> None:
    scope = world.scope("auditor")
    with activate(scope):
        services.notice_preferences_set(scope=scope, modes={"ticket_alert": DIGEST, "incident": MUTED})
    many = [news(world, f"a{n}", "auditor", kind="ticket_alert") for n in range(5)]
    send(world.system, *many, news(world, "x", "auditor"), news(world, "y", "auditor", kind="incident"))
    assert sorted(lines(world, "auditor")) == [("T-a4", 5), ("T-x", 1)]
    assert unread(world, "auditor") == 2
    assert len(lines(world, "auditor", kind="ticket_alert")) == 5
    with activate(scope):
        newest = selectors.notice_list(scope=scope).get(kind="ticket_alert")
        assert services.notices_read(scope=scope, uuids=[newest.uuid]) == 5
    later = world.scope("auditor", at=scope.at + timedelta(hours=1))
    send(later, *(news(world, f"b{n}", "auditor", kind="ticket_alert") for n in range(3)))
    assert sorted(lines(world, "auditor")) == [("T-a4", 5), ("T-b2", 3), ("T-x", 1)]
    # The wish counts when one reads, so taking it back shows everything again.
    with activate(scope):
        services.notice_preferences_set(scope=scope, modes={"ticket_alert": NOW, "incident": NOW})
    assert len(lines(world, "auditor")) == 10


def test_wishes_outside_the_list_are_refused(world: World) -> None:
    scope = world.scope("andes_agent")
    with activate(scope):
        for modes in ({"nonsense": NOW}, {"ticket": "sometimes"}, {"webhook": NOW}):
            with pytest.raises(Invalid):
                services.notice_preferences_set(scope=scope, modes=modes)
        assert "webhook" not in selectors.preferences_of(scope=scope)


def test_a_text_is_made_in_the_readers_language_and_refused_to_the_sender_who_misses_a_part(world: World) -> None:
    with translation.override("en"):
        words = notice_words("webhook_failing", {"name": "n", "since_at": "2026-06-15T12:00:00+00:00"}, "Asia/Shanghai")
    assert words.startswith("The webhook “n” has failed since")
    assert "20:00" in words
    assert notice_words("of.a.former.release", {}, "UTC") == "of.a.former.release"
    one = news(world, "1", "auditor")
    for broken in (
        News(one.vendor_id, one.recipients, "ticket", "ticket_mentioned", "k"),
        News(one.vendor_id, one.recipients, "ticket", "no.such.message", "k"),
        News(one.vendor_id, one.recipients, "no_such_kind", "ticket_mentioned", "k", one.parameters),
    ):
        with pytest.raises(ValueError, match=r"told of|no text"):
            send(world.system, broken)


def test_every_kind_has_its_words() -> None:
    assert set(NOTICE_KIND_WORDS) == set(KINDS)
    assert set(MODE_WORDS) == {NOW, DIGEST, MUTED}


def test_who_can_be_told(world: World) -> None:
    scope, andes = world.scope("andes_agent"), world.vendors["ANDES"]
    with activate(scope):
        roles = ["vendor_manager", "programme_manager"]
        found = selectors.recipients_in_roles(scope=scope, vendor_id=andes.vendor.pk, roles=roles)
        wanted = [world.users[name].pk for name in ("andes_vendor_manager", "programme_manager")]
        assert sorted(found) == sorted(wanted)
        boral = world.vendors["BORAL"].vendor.pk
        assert selectors.recipients_in_roles(scope=scope, vendor_id=boral, roles=roles) == []
        agents = selectors.recipients_of_agents(
            scope=scope, vendor_id=andes.vendor.pk, agent_ids=[agent.pk for agent in andes.agents]
        )
        assert agents == {andes.agents[0].pk: world.users["andes_agent"].pk}


def test_many_at_once_take_one_statement(world: World) -> None:
    counts, scope = [], world.system
    for many in (10, 20):
        told = [news(world, f"{many}-{n}", "auditor", "andes_vendor_manager") for n in range(many)]
        with activate(scope), CaptureQueriesContext(connection) as captured:
            assert services.notices_send(scope=scope, news=told) == 2 * many
        counts.append(len(captured))
    assert counts == [1, 1]


def test_concurrent_senders_tell_each_person_once(committed_world: World) -> None:
    world = committed_world
    everybody = [name for name in world.users if not name.startswith("boral")]
    told = [news(world, str(n), *everybody) for n in range(25)]
    written: list[int] = []
    start = threading.Barrier(4)

    def sender(number: int) -> None:
        try:
            start.wait()
            # Each in another order, one by one and all at once.
            order = told[number:] + told[:number]
            if number % 2:
                written.append(send(world.system, *reversed(order)))
            else:
                written.extend(send(world.system, one) for one in order)
        finally:
            connection.close()

    threads = [threading.Thread(target=sender, args=(7 * n + n % 2,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 25 * len(everybody)
    with activate(world.system):
        assert Notice.objects.visible_to(world.system).count() == 25 * len(everybody)
