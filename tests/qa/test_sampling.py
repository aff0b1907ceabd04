"""Whose conversations are evaluated: budgets that hold exactly, and a lot that anybody draws again (C7)."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import random
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calc.sampling import (
    Item,
    Person,
    Standing,
    allocate,
    draw,
    quotas_adaptive,
    quotas_by_rate,
    sample_size,
    seed_follows,
    seed_of,
    ticket_of,
)


def team(high: int, middle: int, low: int, population: int = 400) -> list[Person]:
    """Return so many people of each standing."""
    counts = {Standing.HIGH: high, Standing.MIDDLE: middle, Standing.LOW: low}
    return [Person(f"{kind}-{at}", kind, population) for kind, count in counts.items() for at in range(count)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # 20 people with 10 each; 8 give 4 each, which 9 share: 3 or 4 more.
        ((8, 3, 9), {6: 8, 10: 3, 13: 4, 14: 5}),
        # 2 give 4 each, 9 share 8: one goes without.
        ((2, 9, 9), {6: 2, 10: 10, 11: 8}),
        # As many of one kind as of the other: 6, 10, 14.
        ((6, 8, 6), {6: 6, 10: 8, 14: 6}),
        # Nobody to give to: nothing is taken away.
        ((5, 15, 0), {10: 20}),
        ((0, 12, 8), {10: 20}),
    ],
)
def test_the_budget_of_ten_a_head_is_kept_to_the_last_one(
    counts: tuple[int, int, int], expected: dict[int, int]
) -> None:
    quotas = quotas_adaptive(team(*counts))
    assert sum(quotas.values()) == 200
    assert Counter(quotas.values()) == expected


people_lists = st.lists(
    st.builds(
        Person,
        st.uuids().map(str),
        st.sampled_from(Standing),
        st.integers(0, 40),
        st.sampled_from([False] * 5 + [True]),
    ),
    max_size=30,
)


@given(people_lists, st.integers(0, 20), st.integers(0, 20))
def test_no_budget_is_lost_and_nobody_has_more_than_there_is(people: list[Person], one: int, other: int) -> None:
    base, high = max(one, other), min(one, other)
    quotas = quotas_adaptive(people, base=base, high=high)
    usual = [person for person in people if not person.is_new]
    room = sum(person.population for person in usual)
    assert sum(quotas[person.key] for person in usual) == min(base * len(usual), room)
    assert all(0 <= quotas[person.key] <= person.population for person in people)
    assert all(quotas[person.key] == person.population for person in people if person.is_new)


@given(people_lists, st.fractions(0, 1, max_denominator=50), st.integers(0, 5), st.integers(5, 20))
def test_a_share_of_all_keeps_floor_and_cap(people: list[Person], rate: Fraction, least: int, most: int) -> None:
    quotas = quotas_by_rate(people, rate=rate, least=least, most=most)
    for person in people:
        if person.is_new:
            assert quotas[person.key] == person.population
        else:
            assert min(least, person.population) <= quotas[person.key] <= min(most, person.population)
    free = quotas_by_rate(people, rate=rate)
    usual = [person for person in people if not person.is_new]
    wanted = sum(person.population for person in usual) * rate
    assert 0 <= sum(free[person.key] for person in usual) - wanted < 1


@given(
    st.integers(0, 200),
    st.dictionaries(st.text(max_size=2), st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=1, max_size=8),
)
def test_sharing_out_loses_nothing_and_fits(total: int, given_: dict[str, tuple[int, int]]) -> None:
    weights = {key: weight for key, (weight, _room) in given_.items()}
    room = {key: room for key, (_weight, room) in given_.items()}
    shares = allocate(total, weights, room)
    assert sum(shares.values()) == min(total, sum(room[key] for key in weights if weights[key]))
    assert all(shares[key] <= room[key] for key in shares)
    free = allocate(total, weights)
    whole = sum(weights.values())
    assert all(abs(free[key] - Fraction(total * weights[key], whole)) < 1 for key in free if whole)


def population(count: int = 900) -> list[Item]:
    """Return conversations of nine people in four strata of different size."""
    strata = ["bill|morning"] * 5 + ["bill|evening"] * 2 + ["fault|morning"] * 2 + ["fault|evening"]
    return [Item(f"call-{n:04}", f"agent-{n % 9}", strata[n % 10]) for n in range(count)]


def test_every_stratum_has_its_share_and_the_order_of_the_list_changes_nothing() -> None:
    items, quotas = population(), {f"agent-{n}": 10 for n in range(9)}
    found = draw(items, quotas, bytes(32))
    assert Counter(drawn.item.person for drawn in found) == quotas
    for person in quotas:
        own = Counter(drawn.item.stratum for drawn in found if drawn.item.person == person)
        assert own == {"bill|morning": 5, "bill|evening": 2, "fault|morning": 2, "fault|evening": 1}
    assert {(drawn.stratum_count, drawn.stratum_population) for drawn in found} == {(5, 50), (2, 20), (1, 10)}
    shuffled = items[:]
    random.Random(1).shuffle(shuffled)
    assert draw(shuffled, quotas, bytes(32)) == found
    assert draw(items, quotas, bytes([1] * 32)) != found


# Nothing of ours: what somebody at the other end would write, with the list and the seed in hands.
STRANGER = """
import csv, hashlib, sys
seed, rows = sys.argv[1], list(csv.DictReader(sys.stdin))
groups = {}
for row in rows:
    groups.setdefault((row["person"], row["stratum"], int(row["count"])), []).append(row["id"])
for (person, stratum, count), ids in sorted(groups.items()):
    print("\\n".join(sorted(ids, key=lambda one: hashlib.sha256((seed + ":" + one).encode()).hexdigest())[:count]))
"""


def test_a_stranger_draws_the_same_with_ten_lines(tmp_path: Path) -> None:
    items, seed = population(), hashlib.sha256(b"told").digest()
    found = draw(items, {f"agent-{n}": 7 for n in range(9)}, seed)
    counts = {(drawn.item.person, drawn.item.stratum): drawn.stratum_count for drawn in found}
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["id", "person", "stratum", "count"])
    writer.writerows([item.id, item.person, item.stratum, counts.get((item.person, item.stratum), 0)] for item in items)
    said = subprocess.run(
        [sys.executable, "-c", STRANGER, seed.hex()], input=sheet.getvalue(), capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [drawn.item.id for drawn in found]


def test_no_conversation_is_luckier_than_another() -> None:
    items = [Item(f"call-{n}", "agent", "all") for n in range(20)]
    won = Counter(drawn.item.id for n in range(2000) for drawn in draw(items, {"agent": 5}, ticket_seed(n)))
    # 500 expected each; five standard deviations of a binomial are 97.
    assert all(abs(won[item.id] - 500) < 97 for item in items)


def ticket_seed(number: int) -> bytes:
    """Return one of many seeds."""
    return hashlib.sha256(str(number).encode()).digest()


def test_each_seed_stands_fixed_before_it_is_told() -> None:
    secret = hashlib.sha256(b"secret").digest()
    chain = [seed_of(secret, length=20, number=number) for number in range(21)]
    assert all(seed_follows(later, former) for former, later in itertools.pairwise(chain))
    assert not seed_follows(chain[3], chain[1])
    assert chain[20] == secret
    with pytest.raises(ValueError, match="no such seed"):
        seed_of(secret, length=20, number=21)
    assert ticket_of(chain[1], "a") != ticket_of(chain[2], "a")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"margin": 0.03}, 1068),
        ({"margin": 0.05}, 385),
        ({"margin": 0.05, "population": 3000}, 341),
        ({"margin": 0.1}, 97),
        ({"margin": 0.05, "share": 0.9}, 139),
        ({"margin": 0.1, "share": 0.9}, 35),
        ({"margin": 0.1, "population": 0}, 0),
    ],
)
def test_how_many_tell_a_share_to_within_a_margin(asked: dict[str, float], expected: int) -> None:
    assert sample_size(**asked) == expected  # type: ignore[arg-type]
