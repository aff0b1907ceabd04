"""An independent calculator: plain Python over plain rows, one call after the other, sharing no code with the product.

It follows the written definitions (domain D1 to D8) and knows nothing of rollups, SQL or Polars. Tests compare it with
the product to the last digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MEASURES = [
    *("offered", "answered", "abandoned", "flowed_out", "abandoned_short", "service_met", "service_base"),
    *("connect_base", "abandonment_met", "abandonment_base", "csat_met", "csat_base", "csat_sum", "fcr_met"),
    *("fcr_base", "wait_seconds", "wait_max_seconds", "handled", "talk_seconds", "hold_seconds", "wrap_seconds"),
    *("transferred", "dialed", "success", "resolved"),
]


@dataclass(frozen=True)
class Row:
    """One call as the oracle sees it."""

    external_id: str
    queue: str
    offered_at: datetime
    outcome: str
    revision: int = 1
    direction: str = "inbound"
    answered_at: datetime | None = None
    wait: int | None = None
    talk: int | None = None
    hold: int | None = None
    wrap: int | None = None
    customer: str | None = None
    reason: str | None = None
    agent: str | None = None
    transferred_from: str | None = None
    csat: int | None = None
    resolved: bool | None = None
    success: bool | None = None


def latest(rows: Iterable[Row]) -> list[Row]:
    """Return the highest revision of each call; withdrawn ones do not count."""
    best: dict[str, Row] = {}
    for row in rows:
        if row.external_id not in best or row.revision > best[row.external_id].revision:
            best[row.external_id] = row
    return [row for row in best.values() if row.outcome != "withdrawn"]


def half_hour(moment: datetime, zone: str) -> datetime:
    """Return the half-hour that holds a moment, counted from the first moment of the local day."""
    local = moment.astimezone(ZoneInfo(zone))
    start = datetime(local.year, local.month, local.day, tzinfo=ZoneInfo(zone)).timestamp()
    return datetime.fromtimestamp(start + (moment.timestamp() - start) // 1800 * 1800, ZoneInfo("UTC"))


def local_day(moment: datetime, zone: str) -> date:
    """Return the local day."""
    return moment.astimezone(ZoneInfo(zone)).date()


def figures(rows: Iterable[Row], *, definition: Mapping[str, Any], zone: str) -> dict[tuple[Any, ...], dict[str, int]]:
    """Return the measures of every (queue, half-hour), (queue, day), (queue, agent, day) and (queue, reason, day)."""
    calls = latest(rows)
    by_customer: dict[str, list[Row]] = defaultdict(list)
    for call in calls:
        if call.customer and call.direction == "inbound" and call.transferred_from is None:
            by_customer[call.customer].append(call)
    table: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for call in calls:
        arrival = _arrival(call, definition)
        answer = _answer(call, definition, by_customer)
        answer_at = call.offered_at
        if definition["bucketing"] == "answer" and call.outcome == "answered":
            assert call.answered_at is not None
            answer_at = call.answered_at
        for at, found in ((call.offered_at, arrival), (answer_at, answer)):
            day = local_day(at, zone)
            keys: list[tuple[Any, ...]] = [
                ("half_hour", call.queue, half_hour(at, zone)),
                ("day", call.queue, day),
                ("reason", call.queue, call.reason, day),
            ]
            for key in keys:
                _add(table[key], found)
            if call.agent and (call.outcome == "answered" or call.direction == "outbound"):
                own = {name: found[name] for name in found if name not in _NO_AGENT}
                _add(table["agent", call.queue, call.agent, day], own)
    return {key: values for key, values in table.items() if any(values.values())}


_NO_AGENT = {
    "offered", "abandoned", "flowed_out", "abandoned_short", "connect_base", "abandonment_met", "abandonment_base",
}  # fmt: skip


def _add(total: dict[str, int], found: Mapping[str, int]) -> None:
    for name, value in found.items():
        total[name] = max(total[name], value) if name == "wait_max_seconds" else total[name] + value


def _in_time(call: Row, definition: Mapping[str, Any]) -> bool:
    if call.wait is None:
        return False
    if definition["operator"] == "<":
        return call.wait < int(definition["threshold_seconds"])
    return call.wait <= int(definition["threshold_seconds"])


def _arrival(call: Row, definition: Mapping[str, Any]) -> dict[str, int]:
    if call.direction == "outbound":
        return {"dialed": 1}
    short = call.outcome == "abandoned" and call.wait is not None and call.wait <= definition["short_abandon_seconds"]
    in_time, formula = _in_time(call, definition), definition["formula"]
    met = base = 0
    if call.outcome == "abandoned":
        met = int((formula == 1 and in_time) or (formula == 5 and short))
        base = {1: 1, 2: 0, 3: 1, 4: int(not in_time), 5: 1, 6: int(not short)}[formula]
    if call.outcome == "flowed_out" and definition["count_flow_outs"]:
        base = 1
    left_out = short and definition["abandonment_excludes_short"]
    return {
        "offered": 1,
        "abandoned": int(call.outcome == "abandoned"),
        "flowed_out": int(call.outcome == "flowed_out"),
        "abandoned_short": int(short),
        "service_met": met,
        "service_base": base,
        # An answered call counts where its answer is booked, on both sides of the fraction.
        "connect_base": int(call.outcome != "answered" and not (short and definition["connect_excludes_short"])),
        "abandonment_met": int(call.outcome == "abandoned" and not left_out),
        "abandonment_base": int(not left_out),
    }


def _answer(call: Row, definition: Mapping[str, Any], by_customer: Mapping[str, list[Row]]) -> dict[str, int]:
    found = {"success": int(bool(call.success))}
    if call.outcome != "answered":
        return found
    found |= {
        "handled": 1,
        "talk_seconds": call.talk or 0,
        "hold_seconds": call.hold or 0,
        "wrap_seconds": call.wrap or 0,
        "transferred": int(call.transferred_from is not None),
        "resolved": int(bool(call.resolved)),
    }
    if call.csat is not None and 1 <= call.csat <= definition["csat_best"]:
        found |= {"csat_base": 1, "csat_sum": call.csat, "csat_met": int(call.csat >= definition["csat_top_from"])}
    if call.direction == "inbound":
        found |= {
            "answered": 1,
            "connect_base": 1,
            "wait_seconds": call.wait or 0,
            "wait_max_seconds": call.wait or 0,
            "service_met": int(_in_time(call, definition)),
            "service_base": 1,
        }
        if call.customer and call.transferred_from is None:
            found |= {"fcr_base": 1, "fcr_met": int(not _repeated(call, definition, by_customer[call.customer]))}
    return found


def _repeated(call: Row, definition: Mapping[str, Any], others: Iterable[Row]) -> bool:
    after = call.offered_at + timedelta(minutes=definition["fcr_forward_minutes"])
    until = call.offered_at + timedelta(hours=definition["fcr_window_hours"])
    return any(
        after < other.offered_at <= until and (not definition["fcr_same_reason"] or other.reason == call.reason)
        for other in others
    )
