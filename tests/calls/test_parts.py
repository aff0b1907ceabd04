"""Every number's drill-down lists exactly the calls that count in it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from calls.calc.canonical import CallDirection, Outcome
from calls.calc.parts import BY_TERMS, Part
from calls.models import Call, CallReason
from calls.selectors import Selection, call_select
from contracts.calc.definition import Bucketing, Definition, Formula, Operator
from core.periods import day_start, half_hours
from core.scope import activate
from sla.models import AgentDay, Measures, QueueDay, QueueHalfHour, ReasonDay
from sla.services import DayKey, days_recompute
from tests.world import NOW, VendorWorld, World, version_make

ZONE = "Asia/Shanghai"
DAYS = [date(2026, 6, 8) + timedelta(days=n) for n in range(3)]
# The connect rate's numerator is a plain count, taken of calls with signed terms only.
PLAIN = {Part.CONNECT_MET: "answered", Part.CONNECT_MISSED: "abandoned"}
OF_DAYS = {Part.SERVICE_MISSED: "service", Part.CSAT_MISSED: "csat", Part.FCR_MISSED: "fcr"}


def calls_scatter(*, vendor: VendorWorld, count: int, seed: int) -> None:
    """Store calls of every kind around the days, many of them at the edges of thresholds and days."""
    draw = random.Random(seed)
    reasons = [CallReason.objects.create(vendor=vendor.vendor, code=code, name=code) for code in ("BILL", "RETURN")]
    begin = day_start(DAYS[0], ZONE) - timedelta(hours=2)
    rows = []
    for number in range(count):
        offered = begin + timedelta(seconds=draw.randrange(0, 76 * 3600, 7))
        outcome = draw.choices(
            [Outcome.ANSWERED, Outcome.ABANDONED, Outcome.FLOWED_OUT, Outcome.WITHDRAWN], [6, 3, 1, 1]
        )[0]
        wait: int | None = draw.choice([0, 4, 5, 6, 19, 20, 21, 90, 1900])
        answered = outcome == Outcome.ANSWERED
        if outcome == Outcome.ABANDONED and draw.random() < 0.1:
            wait = None
        rows.append(
            Call(
                contract_id=vendor.contract.pk,
                vendor=vendor.vendor,
                queue=draw.choice(vendor.queues),
                agent=draw.choice(vendor.agents) if draw.random() < 0.9 else None,
                reason=draw.choice([*reasons, None]),
                external_id=f"{vendor.vendor.code}-{number}",
                offered_at=offered,
                answered_at=offered + timedelta(seconds=wait or 0) if answered else None,
                ended_at=None,
                customer_key=draw.choice([None, *range(20)]),
                batch_id=1,
                revision=1,
                wait_seconds=wait,
                talk_seconds=draw.randrange(300) if answered else None,
                direction=draw.choices([CallDirection.INBOUND, CallDirection.OUTBOUND], [9, 1])[0],
                outcome=outcome,
                csat=draw.choice([None, 0, 1, 3, 4, 5, 9]),
                resolved=draw.choice([None, True, False]),
                success=draw.choice([None, True, False]),
                transferred_from=draw.choice([None, None, None, "x"]),
                offered_text="",
            )
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT calls_partition_make('2026-06-01')")
    Call.objects.bulk_create(rows)


def recipe(formula: Formula, number: int) -> Definition:
    """Return a definition that differs in every way from formula to formula."""
    return Definition(
        formula=formula,
        operator=Operator.BELOW if number % 2 else Operator.WITHIN,
        count_flow_outs=bool(number % 2),
        connect_excludes_short=number % 3 == 0,
        abandonment_excludes_short=number % 3 == 1,
        bucketing=Bucketing.ANSWER if number % 2 else Bucketing.ARRIVAL,
        fcr_window_hours=24,
        fcr_same_reason=bool(number % 2),
        fcr_forward_minutes=30 if number % 3 == 0 else 0,
    )


def expected(row: Measures, part: Part) -> int:
    """Return the rollup's count."""
    if part in OF_DAYS:
        kind = OF_DAYS[part]
        return int(getattr(row, f"{kind}_base") - getattr(row, f"{kind}_met"))
    return int(getattr(row, PLAIN.get(part, part.value)))


@pytest.mark.parametrize("formula", list(Formula))
def test_each_part_counts_the_calls_of_its_rollup(world: World, formula: Formula) -> None:
    vendor = world.vendors["ANDES"]
    scope = world.scope("programme_manager")
    with activate(world.system):
        calls_scatter(vendor=vendor, count=700, seed=int(formula))
        # A change of terms in the middle of the days.
        version_make(
            contract=vendor.contract, queues=vendor.queues, definition=recipe(formula, formula),
            effective_from=DAYS[0], number=2,
        )  # fmt: skip
        version_make(
            contract=vendor.contract, queues=vendor.queues[:1], definition=recipe(formula, formula + 1),
            effective_from=DAYS[1], number=3,
        )  # fmt: skip
        days_recompute(scope=world.system, keys=[DayKey(day, vendor.contract.pk, vendor.vendor.pk) for day in DAYS])
    differing = []
    with activate(scope):
        for part in Part:
            for row in QueueDay.objects.visible_to(scope):
                if part in PLAIN and row.definition_version_id is None:
                    continue
                bounds = (day_start(row.day, ZONE), day_start(row.day + timedelta(days=1), ZONE))
                chosen = Selection({vendor.contract.pk: bounds}, part, queue_ids=[row.queue_id])
                found = call_select(scope=scope, selection=chosen).count()
                if found != expected(row, part):
                    differing.append((part, row.day, row.queue_id, found, expected(row, part)))
        assert not differing
        assert QueueDay.objects.visible_to(scope).count() == len(DAYS) * 2


def test_half_hours_agents_and_reasons_count_alike(world: World) -> None:
    vendor = world.vendors["ANDES"]
    scope = world.scope("programme_manager")
    with activate(world.system):
        calls_scatter(vendor=vendor, count=600, seed=99)
        version_make(
            contract=vendor.contract, queues=vendor.queues, number=2, effective_from=DAYS[0],
            definition=recipe(Formula.SHORT_ABANDONED_LEFT_OUT, 1),
        )  # fmt: skip
        days_recompute(scope=world.system, keys=[DayKey(DAYS[1], vendor.contract.pk, vendor.vendor.pk)])
    day = (day_start(DAYS[1], ZONE), day_start(DAYS[2], ZONE))
    differing: list[object] = []
    with activate(scope):
        for part in (Part.SERVICE_BASE, Part.SERVICE_MISSED, Part.HANDLED, Part.FCR_MET, Part.OFFERED, Part.DIALED):
            for row in QueueHalfHour.objects.visible_to(scope)[:30]:
                chosen = Selection(
                    {vendor.contract.pk: (row.bucket, row.bucket + timedelta(minutes=30))},
                    part,
                    queue_ids=[row.queue_id],
                )
                found = call_select(scope=scope, selection=chosen).count()
                differing += [(part, row.bucket, found)] if found != expected(row, part) else []
            for row in ReasonDay.objects.visible_to(scope):
                chosen = Selection(
                    {vendor.contract.pk: day}, part, queue_ids=[row.queue_id], reason_ids=[row.reason_id]
                )
                found = call_select(scope=scope, selection=chosen).count()
                differing += [(part, "reason", row.reason_id, found)] if found != expected(row, part) else []
            for row in AgentDay.objects.visible_to(scope):
                if part in (Part.OFFERED,):
                    continue
                chosen = Selection({vendor.contract.pk: day}, part, queue_ids=[row.queue_id], agent_ids=[row.agent_id])
                found = call_select(scope=scope, selection=chosen).count()
                differing += [(part, "agent", row.agent_id, found)] if found != expected(row, part) else []
        assert not differing
        assert len(half_hours(DAYS[1], ZONE)) == 48


def test_calls_without_signed_terms_count_in_plain_parts_only(world: World) -> None:
    vendor = world.vendors["ANDES"]
    scope = world.scope("programme_manager")
    with activate(world.system):
        calls_scatter(vendor=vendor, count=300, seed=7)
        # From the middle of the days on, a version that leaves the second queue out.
        version_make(contract=vendor.contract, queues=vendor.queues[:1], effective_from=DAYS[1], number=2)
        days_recompute(scope=world.system, keys=[DayKey(day, vendor.contract.pk, vendor.vendor.pk) for day in DAYS])
    with activate(scope):
        for row in QueueDay.objects.visible_to(scope):
            is_signed = row.queue_id == vendor.queues[0].pk or row.day < DAYS[1]
            assert (row.definition_version_id is not None) == is_signed
            bounds = (day_start(row.day, ZONE), day_start(row.day + timedelta(days=1), ZONE))
            for part in Part:
                chosen = Selection({vendor.contract.pk: bounds}, part, queue_ids=[row.queue_id])
                found = call_select(scope=scope, selection=chosen).count()
                if part in BY_TERMS and not is_signed:
                    assert found == 0, part
                    assert part in PLAIN or expected(row, part) == 0, part
                else:
                    assert found == expected(row, part), part
            assert row.offered > 0


def test_a_selection_without_contracts_is_empty_and_an_agent_sees_its_own(world: World) -> None:
    vendor = world.vendors["ANDES"]
    with activate(world.system):
        calls_scatter(vendor=vendor, count=80, seed=3)
    agent = world.scope("andes_agent")
    always = {vendor.contract.pk: (datetime(2026, 1, 1, tzinfo=UTC), NOW)}
    with activate(agent):
        assert call_select(scope=agent, selection=Selection({})).count() == 0
        seen = set(call_select(scope=agent, selection=Selection(always)).values_list("agent_id", flat=True))
        assert seen == {agent.agent_id}
    rival = world.scope("boral_vendor_manager")
    with activate(rival):
        assert call_select(scope=rival, selection=Selection(always)).count() == 0
