"""Ten thousand transcripts: reading them in, and judging every one by rules said letter by letter or nearly so."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.house import House
from benchmarks.measure import Cost, measured
from benchmarks.table import Row

NOW = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
TURNS, RULES, PHRASES = 40, 20, 40
CHINESE = (
    "您好请问有什么可以帮您我想查一下订单状态稍等正在为查询已经发货预计明天到达"
    "谢谢还需要其他服务吗不用了再见工号为您保证退款投诉"
)
ENGLISH = (
    *("hello", "how", "can", "i", "help", "you", "today", "would", "like", "to", "know", "where", "my", "order", "is"),
    *("please", "hold", "on", "while", "look", "it", "up", "shipped", "tomorrow", "thank", "refund", "guarantee"),
    *("agent", "number"),
)


def speech_rows(house: House, *, vendor_id: int) -> list[Row]:
    """Measure with BENCH_TRANSCRIPTS (default 10000) transcripts of one vendor's calls, 40 turns each, half Chinese."""
    from accounts.models import User
    from accounts.selectors import scope_of_user, system_scope
    from calls.models import Call
    from contracts.models import Contract
    from core.scope import activate
    from qa import services
    from qa.calc.transcript_rows import row_sent

    count = int(os.environ.get("BENCH_TRANSCRIPTS", "10000"))
    lot = random.Random(1)
    person = scope_of_user(user=User.objects.get(username="bench"), at=NOW)
    assert person is not None
    system = system_scope(reason="bench", at=NOW)
    with activate(system):
        calls = Call.objects.visible_to(system).filter(vendor_id=vendor_id).order_by("contract_id", "external_id")
        contract = Contract.objects.visible_to(system).select_related("vendor").get(pk=calls[0].contract_id)
        ids = list(calls.filter(contract_id=contract.pk).values_list("external_id", flat=True)[:count])
    with activate(person):
        rows = [row_sent(one, {"call": one, "turns": _turns(lot, at % 2 == 0)}) for at, one in enumerate(ids)]
        services.transcripts_receive(scope=person, contract=contract, source="api", rows=rows)
    told = f"{len(ids):,} transcripts"
    read = _cost(house, lambda: services.transcripts_read(scope=system))
    found = [Row(f"reading, covering numbers, keeping, {told}", read, note=_pace(len(ids), read))]
    first: Cost | None = None
    for fuzzy in (0, 2, 5):
        _publish(person, contract.vendor, fuzzy, lot)
        if first is not None:
            _again(person, contract.vendor)
        work = services.transcripts_check if first is None else services.runs_work
        cost = _cost(house, lambda work=work: work(scope=system))  # type: ignore[misc]
        name = f"judging by {RULES + 5} rules, {fuzzy} of them fuzzy, {told}"
        found.append(Row(name, cost, first, note=_pace(len(ids), cost)))
        first = first or cost
    return found


def _pace(count: int, cost: Cost) -> str:
    return f"{count / cost.wall_seconds:,.0f} a second"


def _cost(house: House, work: Callable[[], int]) -> Cost:
    with measured(house.postmaster_pid) as cost:
        while work():
            pass
    return cost


def _publish(scope: Any, vendor: Any, fuzzy: int, lot: random.Random) -> None:
    from core.scope import activate
    from qa import selectors, services

    with activate(scope):
        draft = selectors.rule_draft_list(scope=scope).filter(code="BENCH").first()
        if draft is None:
            draft = services.rule_draft_create(scope=scope, code="BENCH", name="Bench")
        values = {"body": {"rules": _rules(lot, fuzzy)}}
        draft = services.rule_draft_change(scope=scope, uuid=draft.uuid, expected_version=draft.version, values=values)
        services.rule_set_publish(scope=scope, uuid=draft.uuid, expected_version=draft.version, vendors=[vendor])


def _again(scope: Any, vendor: Any) -> None:
    from core.scope import activate
    from qa import selectors, services

    with activate(scope):
        live = selectors.rule_set_list(scope=scope).get(vendor=vendor, is_live=True)
        services.rule_set_run(scope=scope, uuid=live.uuid, first=date(2026, 1, 1), last=date(2026, 12, 31))


def _text(lot: random.Random, is_chinese: bool) -> str:
    if is_chinese:
        return "".join(lot.choices(CHINESE, k=lot.randint(8, 40))) + "。"
    return " ".join(lot.choices(ENGLISH, k=lot.randint(4, 22))).capitalize() + "."


def _turns(lot: random.Random, is_chinese: bool) -> list[dict[str, Any]]:
    now, turns = 0.0, []
    for at in range(TURNS):
        length = lot.uniform(1, 8)
        times = {"start_seconds": round(now, 2), "end_seconds": round(now + length, 2)}
        turns.append({"speaker": "customer" if at % 2 else "agent", "text": _text(lot, is_chinese), **times})
        now += length + lot.uniform(0, 2)
    return turns


def _phrases(lot: random.Random, count: int) -> list[str]:
    """Different phrases of both languages, of the length that people write."""
    halves = [(_text(lot, at % 2 == 0)[: lot.randint(6, 14)].strip(" .。") + str(at)) for at in range(count)]
    return sorted(set(halves))


def _rules(lot: random.Random, fuzzy: int) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    for at in range(RULES):
        # A fuzzy phrase is looked for on its own; people write few of them.
        few = {"phrases": _phrases(lot, 6), "fuzzy_percent": 85} if at < fuzzy else {"phrases": _phrases(lot, PHRASES)}
        kind = "must_say" if at % 2 else "must_not_say"
        rules.append({"key": f"k{at}", "title": f"Rule {at}", "kind": kind, "is_risky": False, **few})
    steps = [{"phrases": ["您好", "hello"]}, {"phrases": ["查询", "order"]}, {"phrases": ["再见", "thank"]}]
    return [
        *rules,
        {"key": "greet", "title": "Greets", "kind": "greeting", "phrases": ["您好", "hello"]},
        {"key": "gap", "title": "No silence", "kind": "silence", "seconds": 10},
        {"key": "ratio", "title": "Talk", "kind": "talk_ratio", "from_percent": 30, "to_percent": 70},
        {"key": "cut", "title": "Interrupts nobody", "kind": "interruption"},
        {"key": "order", "title": "In order", "kind": "order", "steps": steps},
    ]
