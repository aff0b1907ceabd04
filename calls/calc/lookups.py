"""What a check of call rows has to know about the vendor, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """One span of time in which a contract covers a queue: half-open, moments aware."""

    contract_id: int
    covers_from: datetime
    covers_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lookups:
    """The codes of one vendor: queues with the contracts that cover them, agents, call reasons.

    ``closed_until`` names, per contract, the moment before which periods are closed; closed periods are not
    checked here, the loader turns such rows into adjustments.
    """

    vendor_code: str
    queues: Mapping[str, tuple[Coverage, ...]]
    agents: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    closed_until: Mapping[int, datetime | None] = field(default_factory=dict)
