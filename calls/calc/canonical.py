"""The canonical columns of a call file and the codes that are stored for their words."""

from __future__ import annotations

from enum import IntEnum


class CallDirection(IntEnum):
    """Which side dialed."""

    INBOUND = 1
    OUTBOUND = 2


class Outcome(IntEnum):
    """How the call left the queue; WITHDRAWN is the tombstone of a record that the vendor took back."""

    ANSWERED = 1
    ABANDONED = 2
    FLOWED_OUT = 3
    WITHDRAWN = 9


class AbandonPlace(IntEnum):
    """Where the caller was when they hung up."""

    GREETING = 1
    QUEUE = 2
    RINGING = 3
    HOLD = 4


# The columns of the canonical file, in the order of the template.
FIELDS = (
    "external_id",
    "revision",
    "queue",
    "direction",
    "customer",
    "reason",
    "agent",
    "offered_at",
    "answered_at",
    "ended_at",
    "ring_seconds",
    "wait_seconds",
    "talk_seconds",
    "hold_seconds",
    "wrap_seconds",
    "outcome",
    "abandon_place",
    "transferred_from",
    "resolved",
    "success",
    "csat",
    "recording",
    "ivr_path",
)
REQUIRED_FIELDS = ("external_id", "queue", "offered_at", "outcome")
MOMENT_FIELDS = ("offered_at", "answered_at", "ended_at")
DURATION_FIELDS = ("ring_seconds", "wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")
BOOLEAN_FIELDS = ("resolved", "success")

# The column of a text frame that holds the line of the file; "#" cannot start a column name that we map.
LINE = "#line"
