"""The check of a call row as one would write it down in a loop, apart from the product: an oracle and a yardstick."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from calls.calc.lookups import Lookups

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
SPANS = ("ring_seconds", "wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")


def row_check(  # noqa: PLR0912 - one row from top to bottom, on purpose
    row: dict[str, str], *, lookups: Lookups, now: datetime
) -> tuple[set[tuple[str, str]], dict[str, object]]:
    """The rules as one would write them down for a single row."""
    errors: set[tuple[str, str]] = set()
    answered_call, abandoned_call = row["outcome"] == "answered", row["outcome"] == "abandoned"
    if not answered_call and not abandoned_call:
        errors.add(("outcome", "outcome_invalid" if row["outcome"] else "outcome_missing"))
    if not row["external_id"]:
        errors.add(("external_id", "id_missing"))
    if row["csat"] and not (row["csat"].isdigit() and int(row["csat"]) <= 10):
        errors.add(("csat", "csat_invalid"))
    if row["agent"] and row["agent"] not in lookups.agents:
        errors.add(("agent", "agent_unknown"))
    if row["resolved"] not in ("", "true", "false"):
        errors.add(("resolved", "boolean_invalid"))
    times: dict[str, datetime | None] = {}
    for name in ("offered_at", "answered_at", "ended_at"):
        times[name] = None
        if not row[name]:
            if name == "offered_at":
                errors.add((name, "time_missing"))
            continue
        try:
            if not ISO.fullmatch(row[name]):
                raise ValueError
            moment = datetime.fromisoformat(row[name]).astimezone(UTC)
        except ValueError:
            errors.add((name, "time_invalid"))
            continue
        if moment > now + timedelta(minutes=5):
            errors.add((name, "time_future"))
        else:
            times[name] = moment
    spans: dict[str, int | None] = {}
    for name in SPANS:
        spans[name] = None
        if row[name]:
            try:
                value = int(row[name])
            except ValueError:
                errors.add((name, "duration_invalid"))
                continue
            if value < 0:
                errors.add((name, "duration_negative"))
            elif value > 86_400:
                errors.add((name, "duration_too_long"))
            else:
                spans[name] = value
    offered, answered, ended = times.values()
    if row["queue"] not in lookups.queues:
        errors.add(("queue", "queue_unknown" if row["queue"] else "queue_missing"))
    elif offered and not any(
        span.covers_from <= offered and (span.covers_until is None or offered < span.covers_until)
        for span in lookups.queues[row["queue"]]
    ):
        errors.add(("queue", "queue_not_covered"))
    if answered_call and not row["answered_at"] and not row["wait_seconds"]:
        errors.add(("answered_at", "answer_missing"))
    if abandoned_call and row["answered_at"]:
        errors.add(("answered_at", "answer_unexpected"))
    if abandoned_call and (spans["talk_seconds"] or 0) > 0:
        errors.add(("talk_seconds", "talk_unexpected"))
    if offered and answered and answered < offered:
        errors.add(("answered_at", "answered_before_offered"))
    if offered and ended and ended < offered:
        errors.add(("ended_at", "ended_before_offered"))
    elif answered and ended and ended < answered:
        errors.add(("ended_at", "ended_before_answered"))
    wait, talk, hold = spans["wait_seconds"], spans["talk_seconds"], spans["hold_seconds"]
    until = answered if answered_call else ended if abandoned_call else None
    if offered and until:
        passed = (until - offered) // timedelta(seconds=1)
        off = wait - passed if wait is not None else 0
        if off > 2 or (answered_call and off < -2):
            errors.add(("wait_seconds", "wait_differs"))
        if wait is None and passed >= 0:
            wait = passed
    if wait is not None and wait >= 86_400:
        errors.add(("wait_seconds", "wait_too_long"))
    if answered_call and answered is None and offered and wait is not None:
        answered = offered + timedelta(seconds=wait)
    if answered_call and answered and ended:
        connected = (ended - answered) // timedelta(seconds=1)
        if talk is None:
            if (hold or 0) - connected > 2:
                errors.add(("hold_seconds", "talk_differs"))
            talk = max(connected - (hold or 0), 0)
            if talk > 86_400 and not row["talk_seconds"]:
                errors.add(("ended_at", "duration_too_long"))
        elif abs(talk + (hold or 0) - connected) > 2:
            errors.add(("talk_seconds", "talk_differs"))
    if answered_call and ended is None and answered and talk is not None:
        ended = answered + timedelta(seconds=talk + (hold or 0))
    if abandoned_call and ended is None and offered and wait is not None:
        ended = offered + timedelta(seconds=wait)
    return errors, {"wait_seconds": wait, "talk_seconds": talk, "answered_at": answered, "ended_at": ended}
