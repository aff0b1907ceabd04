"""The canonical file as an example to fill in, and example profiles for other files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from calls.calc.canonical import FIELDS

_PROFILES = Path(__file__).resolve().parents[1] / "profiles"
_EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "external_id": "20260301-000001",
        "revision": "1",
        "queue": "sales",
        "direction": "inbound",
        "customer": "+8613800138000",
        "reason": "order-status",
        "agent": "A1001",
        "offered_at": "2026-03-01T09:12:58+08:00",
        "answered_at": "2026-03-01T09:13:10+08:00",
        "ended_at": "2026-03-01T09:17:40+08:00",
        "ring_seconds": "3",
        "wait_seconds": "12",
        "talk_seconds": "250",
        "hold_seconds": "20",
        "wrap_seconds": "35",
        "outcome": "answered",
        "resolved": "true",
        "csat": "5",
        "recording": "rec/20260301/000001",
        "ivr_path": "1>3",
    },
    {
        "external_id": "20260301-000002",
        "revision": "1",
        "queue": "sales",
        "direction": "inbound",
        "offered_at": "2026-03-01T09:13:05+08:00",
        "ended_at": "2026-03-01T09:13:50+08:00",
        "wait_seconds": "45",
        "outcome": "abandoned",
        "abandon_place": "queue",
    },
)


def template_csv() -> str:
    """The canonical header with an answered and an abandoned call."""
    rows = [",".join(FIELDS), *(",".join(row.get(name, "") for name in FIELDS) for row in _EXAMPLES)]
    return "\r\n".join(rows) + "\r\n"


@cache
def profile_names() -> tuple[str, ...]:
    """The example profiles that come with the product."""
    return tuple(sorted(path.stem for path in _PROFILES.glob("*.json")))


def profile_example(name: str) -> dict[str, Any]:
    """The JSON form of an example profile.

    Raises:
        KeyError: there is no such example.
    """
    if name not in profile_names():
        raise KeyError(name)
    document: dict[str, Any] = json.loads((_PROFILES / f"{name}.json").read_text(encoding="utf-8"))
    return document
