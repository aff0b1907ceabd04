"""Which policy a ticket gets: the first active one, in order, all of whose conditions hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a policy asks for; an empty field asks for nothing.

    Attributes:
        reasons: Codes of call reasons.
        queues: Codes of queues.
        channels: Ways in.
        customers: Keys of customers.
        words: Any of these in subject or text, whatever their case or width.
        only_incidents: The ticket belongs to an incident.
    """

    reasons: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    customers: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()
    only_incidents: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """What the conditions look at."""

    reason: str
    queue: str
    channel: str
    text: str
    is_incident: bool = False
    customer: int | None = None


Named = TypeVar("Named")


def is_met(conditions: Conditions, matter: Matter) -> bool:
    """Return whether all conditions hold.

    >>> is_met(Conditions(words=("退款",)), Matter("", "", "call", "客户要求退款"))
    True
    """
    lists: tuple[tuple[frozenset[Any], Any], ...] = (
        (conditions.reasons, matter.reason),
        (conditions.queues, matter.queue),
        (conditions.channels, matter.channel),
        (conditions.customers, matter.customer),
    )
    if any(wanted and value not in wanted for wanted, value in lists):
        return False
    if conditions.only_incidents and not matter.is_incident:
        return False
    text = _folded(matter.text)
    return not conditions.words or any(_folded(word) in text for word in conditions.words)


def first_match(policies: Iterable[tuple[Named, Conditions]], matter: Matter) -> Named | None:
    """Return the first policy whose conditions hold, in the order given; None if none does."""
    return next((policy for policy, conditions in policies if is_met(conditions, matter)), None)


def shadowed(policies: Sequence[tuple[Named, Conditions]]) -> list[tuple[Named, Named]]:
    """Return the policies that can never win, each with an earlier one that takes all its tickets.

    >>> shadowed([("all", Conditions()), ("bills", Conditions(reasons=frozenset({"BILL"})))])
    [('bills', 'all')]
    """
    found = []
    for at, (policy, conditions) in enumerate(policies):
        for earlier, wider in policies[:at]:
            if _takes_all(wider, conditions):
                found.append((policy, earlier))
                break
    return found


def _takes_all(wider: Conditions, narrower: Conditions) -> bool:
    lists: tuple[tuple[frozenset[Any], frozenset[Any]], ...] = (
        (wider.reasons, narrower.reasons),
        (wider.queues, narrower.queues),
        (wider.channels, narrower.channels),
        (wider.customers, narrower.customers),
        (frozenset(map(_folded, wider.words)), frozenset(map(_folded, narrower.words))),
    )
    covered = all(not wide or (narrow and narrow <= wide) for wide, narrow in lists)
    return covered and (narrower.only_incidents or not wider.only_incidents)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
