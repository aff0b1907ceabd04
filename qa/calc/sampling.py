"""Which conversations are evaluated: how many of whom, of which strata, and drawn by a lot that anybody can repeat.

A conversation's ticket is the SHA-256 of the seed, a colon and its id; within a stratum the lowest tickets win. Whoever
has the seed and the list of conversations draws the same sample with ten lines of any language. The seed of a draw is
the preimage of the seed of the draw before: it stands fixed before the first call of the plan, and nobody who does not
hold the secret knows it before it is told.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from statistics import NormalDist
from typing import TypeVar

SEED_BYTES = 32
KeyT = TypeVar("KeyT", bound=Hashable)


class Standing(StrEnum):
    """Where somebody stands among the evaluated (A108)."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


def allocate(
    total: int, weights: Mapping[KeyT, int | Fraction], room: Mapping[KeyT, int] | None = None
) -> dict[KeyT, int]:
    """Share out whole things by weight, with the largest remainders first, and nothing lost.

    Args:
        total: How many there are, 0 or more.
        weights: Share of each, 0 or more; the order of the keys settles equal remainders.
        room: Most that each can take; what does not fit goes to the others by the same rule.

    Returns:
        Whole numbers that add up to ``total``, or to all the room there is where that is less. Where all weights are 0
        nothing is shared out.

    Source: Hamilton's method of largest remainders; domain C7; docs/formulas.md, "Sampling".

    >>> allocate(10, {"a": 1, "b": 1, "c": 1})
    {'a': 4, 'b': 3, 'c': 3}
    >>> allocate(10, {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 9, "c": 9})
    {'a': 1, 'b': 5, 'c': 4}
    """
    shares = dict.fromkeys(weights, 0)
    left = total
    while left > 0:
        open_keys = [k for k in weights if weights[k] > 0 and (room is None or shares[k] < room[k])]
        whole = sum((Fraction(weights[key]) for key in open_keys), Fraction(0))
        if not open_keys:
            break
        exact = {key: left * Fraction(weights[key]) / whole for key in open_keys}
        turn = {key: int(exact[key]) for key in open_keys}
        order = sorted(open_keys, key=lambda key: turn[key] - exact[key])
        for key in order[: left - sum(turn.values())]:
            turn[key] += 1
        for key in open_keys:
            given = turn[key] if room is None else min(turn[key], room[key] - shares[key])
            shares[key] += given
            left -= given
    return shares


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose conversations are evaluated.

    Attributes:
        standing: By the last evaluations; nobody's standing is middle.
        population: How many conversations there are to choose from.
        is_new: Within the first days on the job: every conversation is evaluated.
    """

    key: str
    standing: Standing
    population: int
    is_new: bool = False


def quotas_adaptive(people: Sequence[Person], *, base: int = 10, high: int = 6) -> dict[str, int]:
    """Return how many conversations of each person are evaluated; what high ones leave goes to low ones (A108).

    The budget is ``base`` for each; not one more or less is drawn, unless there are not enough conversations. What high
    performers leave is shared out evenly among the low ones: as many of one kind as of the other give 10, 6 and 14.
    Where nobody is low nothing is taken away. What somebody has no conversations for goes to the low, then the middle,
    then the high ones. Whoever is new stands outside of the budget and is evaluated whole.

    Args:
        people: In the order that settles equal remainders.
        base: Conversations of a middle performer, and budget a head.
        high: Conversations of a high performer, at most ``base``.

    Source: domain A108, C7; docs/formulas.md, "Sampling".

    >>> def team(*counts):
    ...     kinds = zip((Standing.HIGH, Standing.MIDDLE, Standing.LOW), counts, strict=True)
    ...     return [Person(f"{kind}{n}", kind, 400) for kind, count in kinds for n in range(count)]
    >>> [sum(quotas_adaptive(team(*counts)).values()) for counts in ((8, 3, 9), (2, 9, 9))]
    [200, 200]
    >>> sorted(set(quotas_adaptive(team(5, 10, 5)).values()))
    [6, 10, 14]
    """
    if not 0 <= high <= base:
        raise ValueError("a high performer is evaluated at most as often as the base says")
    usual = [person for person in people if not person.is_new]
    low = [person.key for person in usual if person.standing is Standing.LOW]
    room = {person.key: person.population for person in people}
    wanted = {p.key: high if p.standing is Standing.HIGH and low else base for p in usual}
    freed = base * len(usual) - sum(wanted.values())
    for key, more in allocate(freed, dict.fromkeys(low, 1)).items():
        wanted[key] += more
    found = {key: min(count, room[key]) for key, count in wanted.items()}
    short = sum(wanted.values()) - sum(found.values())
    for standing in (Standing.LOW, Standing.MIDDLE, Standing.HIGH):
        rest = {p.key: room[p.key] - found[p.key] for p in usual if p.standing is standing}
        for key, more in allocate(short, dict.fromkeys(rest, 1), rest).items():
            found[key] += more
            short -= more
    return {person.key: person.population if person.is_new else found[person.key] for person in people}


def quotas_by_rate(
    people: Sequence[Person], *, rate: Fraction, least: int = 0, most: int | None = None
) -> dict[str, int]:
    """Return how many conversations of each person a share of all gives, with a floor and a cap a head (A105).

    The whole is the share of the whole population, rounded up; it is shared out by population, then floors are kept
    where there are conversations for them, and caps last. Whoever is new is evaluated whole, beside the others.

    Args:
        people: In the order that settles equal remainders.
        rate: Share of the population, 0..1.
        least: Least a head, where there are as many.
        most: Most a head; None for no cap.

    >>> team = [Person("a", Standing.MIDDLE, 90), Person("b", Standing.MIDDLE, 5), Person("c", Standing.MIDDLE, 5)]
    >>> quotas_by_rate(team, rate=Fraction(1, 10), least=2)
    {'a': 9, 'b': 2, 'c': 2}
    """
    usual = [person for person in people if not person.is_new]
    room = {p.key: p.population if most is None else min(p.population, most) for p in usual}
    total = -(-sum(person.population for person in usual) * rate // 1)
    shared = allocate(int(total), {person.key: person.population for person in usual}, room)
    found = {key: max(count, min(least, room[key])) for key, count in shared.items()}
    return {person.key: person.population if person.is_new else found[person.key] for person in people}


def seed_of(secret: bytes, *, length: int, number: int) -> bytes:
    """Return one seed of a chain; the seeds come in the order 0, 1, 2 …, each the preimage of the one before.

    Args:
        secret: What the chain ends with, 32 bytes; whoever has it knows all seeds.
        length: How many draws the chain serves.
        number: Which seed; 0 is told when the plan is made, 1 with the first draw.

    >>> chain = [seed_of(bytes(32), length=9, number=number) for number in range(3)]
    >>> [seed_follows(later, former) for former, later in zip(chain, chain[1:])]
    [True, True]
    """
    if not 0 <= number <= length:
        raise ValueError("the chain has no such seed")
    seed = secret
    for _turn in range(length - number):
        seed = hashlib.sha256(seed).digest()
    return seed


def seed_follows(later: bytes, former: bytes) -> bool:
    """Whether a seed is the one that was fixed by the seed of the draw before."""
    return hashlib.sha256(later).digest() == former


def ticket_of(seed: bytes, item: str) -> str:
    """Return the lot of a conversation, 64 hexadecimal digits.

    >>> ticket_of(bytes(32), "call-1")[:12]
    '3c69739d8d7d'
    """
    return hashlib.sha256(f"{seed.hex()}:{item}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Item:
    """A conversation that may be drawn.

    Attributes:
        id: As the telephone system names it; no two in a population are alike.
        person: Whose it is.
        stratum: What it is alike by, such as reason and part of the day.
    """

    id: str
    person: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A conversation that was drawn.

    Attributes:
        ticket: Its lot.
        stratum_count: How many of the person and the stratum were drawn.
        stratum_population: How many there were; each stands for ``stratum_population / stratum_count``.
    """

    item: Item
    ticket: str
    stratum_count: int
    stratum_population: int


def draw(population: Iterable[Item], quotas: Mapping[str, int], seed: bytes) -> list[Drawn]:
    """Draw the sample: each person's quota shared out over the strata by size, the lowest tickets of each stratum.

    Args:
        population: All conversations that may be drawn.
        quotas: Person to how many; persons that are left out get none.
        seed: Of :func:`seed_of`.

    Returns:
        The sample in the order of persons, strata and tickets. The order of the population does not matter.
    """
    by_person: dict[str, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in population:
        by_person[item.person][item.stratum].append(item)
    found: list[Drawn] = []
    for person in sorted(by_person):
        strata = {name: by_person[person][name] for name in sorted(by_person[person])}
        sizes = {name: len(items) for name, items in strata.items()}
        counts = allocate(quotas.get(person, 0), sizes, sizes)
        for name, items in strata.items():
            if not counts[name]:
                continue
            tickets = sorted((ticket_of(seed, item.id), item.id, item) for item in items)
            found += [Drawn(item, ticket, counts[name], sizes[name]) for ticket, _id, item in tickets[: counts[name]]]
    return found


def sample_size(*, margin: float, confidence: float = 0.95, share: float = 0.5, population: int | None = None) -> int:
    """Return how many evaluations tell a share to within a margin.

    Args:
        margin: Half the width of the interval, above 0 and below 1.
        confidence: Above 0 and below 1.
        share: The share that is expected; 0.5 asks for the most.
        population: How many conversations there are; None for very many.

    Returns:
        Whole evaluations, rounded up.

    Source: domain D11: n = z²p(1−p)/e², finite correction n/(1+(n−1)/N).

    >>> [sample_size(margin=0.05), sample_size(margin=0.05, population=3000), sample_size(margin=0.1, share=0.9)]
    [385, 341, 35]
    """
    if not (0 < margin < 1 and 0 < confidence < 1 and 0 <= share <= 1):
        raise ValueError("margin and confidence lie between 0 and 1")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    wanted = z * z * share * (1 - share) / (margin * margin)
    if population is not None:
        wanted = wanted / (1 + (wanted - 1) / population) if population else 0.0
    return math.ceil(wanted)
