"""The voice of the customer over the rollups: what is counted, what stands out, and that it is told of once a week."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from accounts.models import Delivery, Notice
from accounts.selectors import system_scope
from accounts.services import webhook_create
from calls.models import CallReason
from core.errors import Forbidden
from core.scope import activate
from sla.models import ContractDay, ReasonDay
from tests.tickets.desk import MONDAY
from tests.world import World
from tickets import selectors, services
from tickets.models import VoiceSignal

ClientOf = Callable[[str], Client]
# A Monday in Shanghai: the last whole day is the 14th.
TODAY, DAY = date(2026, 6, 15), timedelta(days=1)
PAGE, API = "/tickets/feedback/voice/", "/api/v1/voice"


def reason_of(world: World, code: str = "ANDES", name: str = "REFUND") -> CallReason:
    """Return a reason of a vendor."""
    found: CallReason
    found, _is_new = CallReason.objects.visible_to(world.system).get_or_create(
        vendor=world.vendors[code].vendor, code=name, defaults={"name": f"{code} {name.lower()}"}
    )
    return found


def counted(
    world: World, day: date, calls: int, satisfied: int, answers: int, *, code: str = "ANDES", name: str = "REFUND",
    queue: int = 0,
) -> None:  # fmt: skip
    """Write what a day's rollup says of a reason."""
    small = world.vendors[code]
    own: dict[str, Any] = {"vendor": small.vendor, "contract_id": small.contract.pk, "day": day}
    with activate(world.system):
        ReasonDay.objects.visible_to(world.system).create(
            **own, reason_id=reason_of(world, code, name).pk, queue=small.queues[queue], offered=calls,
            csat_met=satisfied, csat_base=answers,
        )  # fmt: skip
        ContractDay.objects.visible_to(world.system).get_or_create(
            contract_id=small.contract.pk, day=day,
            defaults={"vendor": small.vendor, "calls": calls, "computed_at": MONDAY},
        )  # fmt: skip


def weeks(world: World, *, calls: int, satisfied: int, **more: Any) -> None:
    """Four calm weeks of 40 calls a day with 18 of 20 satisfied, then one as given."""
    for back in range(1, 36):
        now = back <= 7
        counted(world, TODAY - back * DAY, calls if now else 40, satisfied if now else 18, 20, **more)


def looked(at: datetime = MONDAY) -> int:
    """Look as a worker whose clock shows a moment."""
    return services.voice_look(scope=system_scope(reason="test", at=at))


def test_days_are_cut_by_the_zone_of_the_contract_and_today_is_left_out(world: World) -> None:
    for back in range(37):
        counted(world, TODAY - back * DAY, 1000 if back == 0 else 100 + back, 5, 10)
    # Eight in the evening of Sunday where the clocks are UTC is Monday in Shanghai.
    for at in (MONDAY, MONDAY - timedelta(hours=5)):
        scope = system_scope(reason="test", at=at)
        with activate(scope):
            [voice] = selectors.voice_list(scope=scope)
        assert (voice.first_day, voice.last_day, voice.week) == (date(2026, 6, 8), date(2026, 6, 14), date(2026, 6, 8))
        assert (voice.now.days, voice.now.calls) == (7, sum(range(101, 108)))
        assert (voice.before.days, voice.before.calls) == (28, sum(range(108, 136)))
        assert (voice.now.satisfied, voice.now.answers, voice.before.answers) == (35, 70, 280)


def test_queues_add_up_and_can_be_told_apart(world: World) -> None:
    for queue in (0, 1):
        weeks(world, calls=40 + 10 * queue, satisfied=18, queue=queue)
    with activate(world.system):
        scope = system_scope(reason="test", at=MONDAY)
        [whole] = selectors.voice_list(scope=scope)
        parts = selectors.voice_list(scope=scope, by_queue=True)
    assert whole.queue_id is None
    assert whole.now.calls == sum(part.now.calls for part in parts) == 7 * 90
    assert {part.queue_id for part in parts} == {queue.pk for queue in world.vendors["ANDES"].queues}


def test_a_gap_in_the_files_is_no_rise(world: World) -> None:
    # Two of the four weeks before never came: a day is held against the days that are known.
    for back in range(1, 36):
        if not 8 <= back <= 21:
            counted(world, TODAY - back * DAY, 40, 18 if back > 7 else 10, 20)
    scope = system_scope(reason="test", at=MONDAY)
    with activate(scope):
        [voice] = selectors.voice_list(scope=scope)
    assert (voice.now.days, voice.before.days) == (7, 14)
    assert voice.signal is None
    assert voice.rise_probability == pytest.approx(0.5, abs=0.05)


def test_what_somebody_else_may_see_changes_no_verdict(world: World) -> None:
    weeks(world, calls=70, satisfied=12)
    for number in range(12):
        weeks(world, calls=40, satisfied=18, code="BORAL", name=f"R{number}")
    seen = []
    for user in ("programme_manager", "andes_vendor_manager"):
        scope = world.scope(user, at=MONDAY)
        with activate(scope):
            seen.append([v for v in selectors.voice_list(scope=scope) if v.signal])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 1


def test_a_signal_is_told_of_once_a_week_with_its_numbers(world: World) -> None:
    weeks(world, calls=70, satisfied=12)
    weeks(world, calls=70, satisfied=18, name="PROMOTION")
    manager = world.scope("andes_vendor_manager", at=MONDAY)
    with activate(manager):
        webhook_create(scope=manager, name="crm", url="https://crm.example/in", events=["voice.signaled"])
    assert looked() == 1
    assert looked() == looked(MONDAY + timedelta(hours=5)) == 0
    with activate(world.system):
        signal = VoiceSignal.objects.visible_to(world.system).get()
        assert (signal.reason, signal.week, signal.days) == (reason_of(world), date(2026, 6, 8), 7)
        assert (signal.calls, signal.satisfied, signal.answers) == (490, 84, 140)
        assert (signal.calls_before, signal.satisfied_before, signal.answers_before) == (1120, 504, 560)
        assert max(signal.rise_probability, signal.fall_probability) < 0.001
        told = Notice.objects.visible_to(world.system).filter(kind="voice")
        names = set(told.values_list("recipient__username", flat=True))
        assert names == {"programme_manager", "client_qa", "andes_vendor_manager"}
        assert told[0].parameters == {
            "reason": "ANDES refund", "vendor": world.vendors["ANDES"].vendor.name, "rise": 75, "csat": 60,
            "csat_before": 90,
        }  # fmt: skip
        assert Delivery.objects.visible_to(world.system).filter(event="voice.signaled").count() == 1
    # The week after it is news again, if it still holds.
    for back in range(7):
        counted(world, TODAY + back * DAY, 90, 5, 20)
    assert looked(MONDAY + timedelta(days=7)) == 1


def test_workers_that_look_at_once_tell_once(committed_world: World) -> None:
    weeks(committed_world, calls=70, satisfied=12)

    def look(_number: int) -> int:
        try:
            return looked()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(look, range(4))) == 1
    with activate(committed_world.system):
        assert Notice.objects.visible_to(committed_world.system).filter(kind="voice").count() == 3


def test_agents_are_not_told_figures_of_whole_contracts(world: World) -> None:
    agent = world.scope("andes_agent", at=MONDAY)
    with activate(agent), pytest.raises(Forbidden):
        selectors.voice_list(scope=agent)


def test_the_page_shows_what_stands_out_and_the_numbers_behind(world: World, client_of: ClientOf) -> None:
    weeks(world, calls=70, satisfied=12)
    weeks(world, calls=40, satisfied=18, name="QUIET")
    counted(world, TODAY - DAY, 3, 0, 3, name="FEW")
    looked()
    with activate(world.system):
        reason = reason_of(world)
    with time_machine.travel(MONDAY, tick=False):
        browser = client_of("andes_vendor_manager")
        page = browser.get(PAGE).content.decode()
        assert page.index("ANDES refund") < page.index("ANDES quiet")
        for words in ("signal", "quiet", "too few cases", "+75.0%", "60.0", "&lt; 0.001", "490 calls in 7 days"):
            assert words in page
        contract = world.vendors["ANDES"].contract
        assert f"/calls/?contract={contract.uuid}&amp;reason={reason.uuid}&amp;from=2026-06-08" in page
        told: Any = browser.get(PAGE, {"export": "csv", "by": "queue"})
        lines = b"".join(told.streaming_content).decode()
        assert "490" in lines
        assert "0.75" in lines
        assert browser.get(PAGE, {"contract": str(contract.uuid)}).status_code == 200
        rival = str(world.vendors["BORAL"].contract.uuid)
        assert browser.get(PAGE, {"contract": rival}).status_code == 404
        assert "Reasons appear here once calls" in client_of("boral_vendor_manager").get(PAGE).content.decode()
        answer = browser.get(API).json()["results"]
    assert [(row["reason"], row["signal"], row["is_enough"]) for row in answer] == [
        ("REFUND", True, True), ("QUIET", False, True), ("FEW", False, False),
    ]  # fmt: skip
    assert answer[0]["now"] == {"days": 7, "calls": 490, "satisfied": 84, "answers": 140}
    assert answer[2]["rise_probability"] is None
