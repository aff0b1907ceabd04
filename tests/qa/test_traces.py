"""What tells whose a case is, is found however it stands in the text."""

from __future__ import annotations

import pytest

from qa.calc.traces import own_parts, traces_in

WORDS = ["Nova Care", "NOVA", "NOVA-30", "Mango"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("您好，这里是Nova Care客服", ["Nova Care"]),
        ("工号NOVA-30，我是", ["NOVA-30"]),
        ("客户：我找Mango", ["Mango"]),
        ("order 4711  0815", ["4711  0815"]),
        ("订单四七一一零八", ["四七一一零八"]),
        ("call me on five five one, two three four seven", ["five five one, two three four seven"]),
        ("write to lin@nova.example", ["lin@nova.example"]),
        # Words that only hold a name, and numbers that are nobody's.
        ("The innovation took 24 hours, twice.", []),
    ],
)
def test_names_stand_beside_chinese_and_numbers_are_spoken(text: str, found: list[str]) -> None:
    assert set(found) <= set(traces_in(text, WORDS))
    assert bool(found) == bool(traces_in(text, WORDS))


def test_what_most_people_are_called_tells_of_nobody() -> None:
    names = [f"Agent Mango {number}" for number in range(3)] + [f"Agent Palm {number}" for number in range(4)]
    assert own_parts(names) == {"Mango"}
