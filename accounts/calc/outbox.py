"""What the house tells programs of others: the events, how a message is signed, when a failed one is tried again."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

# Only ever sent by hand, to try a receiver.
PING = "ping"
# What a webhook can subscribe to; the words are in accounts.wording, the senders in the rooms that are named first.
EVENTS = (
    "ticket.created",
    "ticket.changed",
    "ticket.alerted",
    "incident.raised",
    "incident.changed",
    "feedback.registered",
    "feedback.changed",
    "feedback.late",
    "voice.signaled",
    "evaluation.released",
    "evaluation.disputed",
    "evaluation.revised",
    "evaluation.declined",
)

GIVE_UP_AFTER = timedelta(days=3)
# From then on the people who look after a webhook are told.
TELL_AFTER = timedelta(hours=1)
# A message that was handed to a sender is due again then, if the sender never came back.
LEASE = timedelta(seconds=60)
FIRST_DELAY_SECONDS = 30
LONGEST_DELAY_SECONDS = 6 * 3600
JITTER_RATIO = 0.2

_EVENT_NAMES = UUID("6f0f1a3e-52d1-4f0e-9d0c-2b6a0c7c1f55")
# What may stand in a payload: keys, codes, moments; never a sentence or a name (T13).
_PLAIN = re.compile(r"[\w.:+-]{1,80}")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, to be told to whoever subscribed to it.

    Attributes:
        vendor_id: The organization whose matter it is.
        name: One of :data:`EVENTS`.
        key: What makes it the same event; a second one with the key is not sent.
        payload: Ids, codes, moments and numbers only; whoever gets them asks the interface for the rest (T13).
    """

    vendor_id: int
    name: str
    key: str
    payload: Mapping[str, str | int]


def retry_delay_seconds(failures: int, lot: float) -> int:
    """Return how long to wait after a number of failures in a row: doubled each time, up to six hours.

    Args:
        failures: At least 1.
        lot: A random number 0..1; spreads receivers that went down together by a fifth to both sides.

    >>> [retry_delay_seconds(n, 0.5) for n in (1, 2, 3, 20)]
    [30, 60, 120, 21600]
    """
    doubled = FIRST_DELAY_SECONDS * 2 ** min(max(failures, 1) - 1, 20)
    delay: float = min(doubled, LONGEST_DELAY_SECONDS) * (1 + JITTER_RATIO * (2 * lot - 1))
    return round(delay)


def event_id(event_key: str) -> UUID:
    """Return the id by which receivers know an event again, whichever webhook tells it and however often."""
    return uuid5(_EVENT_NAMES, event_key)


def signature(secrets: Sequence[str], sent_at: int, body: bytes) -> str:
    """Return the value of the signature header: HMAC-SHA256 over the moment, a dot and the body, one for each secret.

    Args:
        secrets: The webhook's secrets, the newest first.
        sent_at: Seconds since 1970; receivers refuse old ones, so that nobody can send a message again.
        body: The message as it is sent.
    """
    signed = str(sent_at).encode() + b"." + body
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={sent_at}", *(f"v1={digest}" for digest in digests)])


def is_ids_only(payload: Mapping[str, object]) -> bool:
    """Return whether a payload holds nothing but ids, codes, moments and numbers.

    >>> is_ids_only({"ticket": "T-12", "hops": 2}), is_ids_only({"text": "Call me back, please"})
    (True, False)
    """
    return all(
        _PLAIN.fullmatch(name) and (isinstance(value, int) or (isinstance(value, str) and _PLAIN.fullmatch(value)))
        for name, value in payload.items()
    )
