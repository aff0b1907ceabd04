"""Transcripts: the shapes in which they come, everything that is wrong with one, and nothing that makes it crash."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.calc.transcripts import (
    LINES_MOST,
    PROBLEMS,
    SIZE_MOST_BYTES,
    TEXT_MOST,
    TURNS_MOST,
    Speaker,
    Transcript,
    TranscriptError,
    Turn,
    transcript_from,
    transcript_read,
    transcript_stored,
)

A, C, S = Speaker.AGENT, Speaker.CUSTOMER, Speaker.SYSTEM


def problems(content: bytes | str) -> list[tuple[str, str]]:
    """Return place and rule of everything that is wrong."""
    with pytest.raises(TranscriptError) as caught:
        transcript_read(content)
    assert {rule for _place, rule, _allowed in caught.value.problems} <= set(PROBLEMS)
    return [(place, rule) for place, rule, _allowed in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "turn"),
    [
        ("Agent: Hello", Turn(A, "Hello")),
        ("坐席：您好", Turn(A, "您好")),
        ("客户: 你好", Turn(C, "你好")),
        ("客服人员：请讲", Turn(A, "请讲")),
        ("customer service: hi", Turn(A, "hi")),
        ("CUSTOMER : hi", Turn(C, "hi")),
        ("IVR: press 1", Turn(S, "press 1")),
        ("[00:03] Agent: Hello", Turn(A, "Hello", 3.0)),
        ("【00:03】坐席：您好", Turn(A, "您好", 3.0)),
        ("00:03 - Agent: Hello", Turn(A, "Hello", 3.0)),
        ("(1:02:03.5) Customer: x", Turn(C, "x", 0.0)),
        ("(0:02:03.5) Customer: x", Turn(C, "x", 123.5)),
        ("75:00 Customer: x", Turn(C, "x", 0.0)),
        ("[3.25] agent: x", Turn(A, "x", 3.25)),
        ("3,5s agent: x", Turn(A, "x", 3.5)),
        ("00:00:03,100 --> 00:00:07,900 客服8021：好", Turn(A, "好", 3.1, 7.9)),
        ("[1 - 2.5s] 客户：a", Turn(C, "a", 1.0, 2.5)),
        ("Agent [00:03]: Hello", Turn(A, "Hello", 3.0)),
        ("Agent (00:03): Hello", Turn(A, "Hello", 3.0)),
        ("坐席8021 00:03\n您好", Turn(A, "您好", 3.0)),
        ("[00:03] Agent\nHello\nagain", Turn(A, "Hello again", 3.0)),
        ("Customer (mobile): it is 3:00 pm", Turn(C, "it is 3:00 pm")),
        ("客户：看\nhttps://a.example/b", Turn(C, "看 https://a.example/b")),
        ("Agent:\ta\u00a0 b\x00c", Turn(A, "a bc")),
    ],
)
def test_lines_of_many_shapes(line: str, turn: Turn) -> None:
    assert transcript_read(line).turns == (turn,)


def test_everything_that_is_wrong_is_told_with_its_line() -> None:
    text = (
        "hello\n[00:61] Agent: a\n\nAgnet: b\nAgent:\n00:09-00:05 Customer: c\n[00:03] what\n" + "Agent: " + "x" * 5001
    )
    assert problems(text) == [
        ("line 1", "speaker_first"),
        ("line 2", "time"),
        ("line 4", "speaker"),
        ("line 7", "speaker_first"),
        ("line 5", "text"),
        ("line 8", "text"),
        ("line 6", "ends_before"),
    ]


def test_everything_that_is_wrong_is_told_with_its_field() -> None:
    turns: list[Any] = [
        {"speaker": "agent", "text": "ok", "start_seconds": 1, "end_seconds": 0.5},
        {"speaker": "boss", "text": " ", "start_seconds": True, "mood": "bad"},
        {"speaker": "agent", "text": "ok", "end_seconds": 2},
        {"speaker": 7, "text": "ok", "start_seconds": -1, "end_seconds": float("nan")},
        {"speaker": "agent", "text": "ok", "start_seconds": 10**400},
        "agent: hello",
        {},
    ]
    assert problems(json.dumps({"turns": turns, "language": "zh"})) == [
        ("language", "unknown"),
        ("turns.1.mood", "unknown"),
        ("turns.1.start_seconds", "seconds"),
        ("turns.1.speaker", "speaker"),
        ("turns.1.text", "text"),
        ("turns.3.start_seconds", "seconds"),
        ("turns.3.end_seconds", "seconds"),
        ("turns.3.speaker", "speaker"),
        ("turns.4.start_seconds", "seconds"),
        ("turns.5", "fields"),
        ("turns.6", "fields"),
        ("turns.0", "ends_before"),
        ("turns.2", "starts_missing"),
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", [("", "empty")]),
        (" \n\n", [("", "empty")]),
        ('{"turns": ', [("line 1", "json")]),
        ("[" * 100_000 + "{", [("line 1", "speaker_first")]),
        ('[{"a":' * 100_000, [("line 1", "json")]),
        ("{}", [("turns", "rows")]),
        ("[]", [("turns", "rows")]),
        (b"\xff\xff\xff\x80", [("", "encoding")]),
        ("a" * (SIZE_MOST_BYTES + 1), [("", "size")]),
        ("Agent: a\n" * (TURNS_MOST + 1), [("", "rows")]),
        ("x\n" * (LINES_MOST + 1), [("", "lines")]),
        ("Agent: " + "a" * (2 * TEXT_MOST), [("line 1", "text")]),
        ("[0:01] Agent: a\n[13:00:00] Agent: b", [("line 2", "call_length")]),
    ],
)
def test_bounds(content: bytes | str, found: list[tuple[str, str]]) -> None:
    if isinstance(content, str) and content.startswith("[[["):
        found = [("line 1", "text")]
    assert problems(content) == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    assert (
        transcript_read("坐席：您好，请问有什么可以帮您".encode(encoding)).turns[0].text == "您好，请问有什么可以帮您"
    )


def test_times_of_the_day_begin_at_nought_and_say_nothing_of_the_connection() -> None:
    found = transcript_read("14:03:22 Agent: hi\n14:03:25-14:03:27 Customer: yo")
    assert [(turn.start_seconds, turn.end_seconds) for turn in found.turns] == [(0.0, None), (3.0, 5.0)]
    assert not found.starts_at_connect
    assert transcript_from(transcript_stored(found)) == found
    assert transcript_read("0:59:59 Agent: hi").starts_at_connect


def test_channels_one_after_the_other_are_put_in_order_and_untimed_turns_stay() -> None:
    timed = transcript_read("0:01 Agent: a\n0:05 Agent: c\n0:03 Customer: b")
    assert [turn.text for turn in timed.turns] == ["a", "b", "c"]
    mixed = transcript_read("0:05 Agent: a\nCustomer: b\n0:01 Agent: c")
    assert [turn.text for turn in mixed.turns] == ["a", "b", "c"]
    assert (timed.has_starts, timed.has_ends, mixed.has_starts) == (True, False, False)


def test_halves_of_characters_and_noughts_never_reach_the_database() -> None:
    found = transcript_read('[{"speaker": "agent", "text": "a\\ud800\\u0000b"}]')
    assert found.turns[0].text == "a\ufffdb"


PIECES = st.lists(
    st.sampled_from(
        ["Agent", "坐席", "客户", ":", "：", "[", "]", "(", "00:03", "1:2:3", "99:99", "3.5", "s", "-->", " ", "\n",
         "\t", "{", "}", '"', "turns", ",", "8021", "hello", "您好", "\u2028", "\x00", "\ud800", "//", "ﷺ"]
    ) | st.characters(),
    max_size=40,
)  # fmt: skip


def read_or_refused(content: bytes | str) -> Transcript | None:
    """Return the transcript if it can be read; whatever is read is within bounds and survives being stored."""
    try:
        found = transcript_read(content)
    except TranscriptError:
        return None
    assert 1 <= len(found.turns) <= TURNS_MOST
    assert all(1 <= len(turn.text) <= TEXT_MOST for turn in found.turns)
    assert transcript_from(json.loads(json.dumps(transcript_stored(found)))) == found
    for turn in found.turns:
        turn.text.encode()
    return found


@settings(deadline=None)
@given(PIECES)
def test_odd_text_is_read_or_refused(pieces: list[str]) -> None:
    read_or_refused("".join(pieces))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_odd_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refused(content)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["agent", "客户"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["turns", "speaker", "text", "start_seconds", "end_seconds", "x"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(VALUES)
def test_odd_values_are_read_or_refused(value: Any) -> None:
    read_or_refused(json.dumps({"turns": value}))
    read_or_refused(json.dumps([{"speaker": "agent", "text": "a", "start_seconds": value}]))
    with contextlib.suppress(TranscriptError):
        transcript_from(value)


@pytest.mark.parametrize("filler", [" ", "a", "1", ":", "[", "(1", "坐", "00:", "-", "1 ", "a:"])
def test_long_lines_take_no_time(filler: str) -> None:
    began = time.process_time()
    for content in (filler * 500_000, "\n".join([(filler * 9000)[:9000]] * 100), "[00:01] " + filler * 4000):
        read_or_refused(content)
    assert time.process_time() - began < 5
