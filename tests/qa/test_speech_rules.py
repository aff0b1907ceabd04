"""Rules over transcripts: what is wrong with one, and how conversations stand to good ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.calc.phrases import is_edge
from qa.calc.rule_book import Reason, Result, RuleBook, Verdict, has_risk, language_of
from qa.calc.speech_rules import PROBLEMS, RuleError, RuleKind, rules_read
from qa.calc.speech_text import normalize
from qa.calc.transcripts import Speaker, Transcript, Turn, transcript_read

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_APPLICABLE


def judged(text: str | Transcript, number: str = "", **rule: Any) -> Result:
    """Return what one rule says of a conversation."""
    call = transcript_read(text) if isinstance(text, str) else text
    return RuleBook(rules_read({"rules": [{"key": "rule", "title": "Rule", **rule}]})).check(call, number)[0]


def marked(text: str, result: Result) -> list[str]:
    """Return what the hits mark in the conversation as it was written."""
    turns = transcript_read(text).turns
    return [turns[hit.turn].text[hit.start : hit.end] for hit in result.hits]


def wrong(*rules: Any) -> list[tuple[str, str]]:
    """Return place and rule of everything that is wrong."""
    with pytest.raises(RuleError) as caught:
        rules_read({"rules": list(rules)})
    assert {rule for _place, rule, _allowed in caught.value.problems} <= set(PROBLEMS)
    return [(place, rule) for place, rule, _allowed in caught.value.problems]


def test_everything_that_is_wrong_with_rules_is_told() -> None:
    good = {"key": "a", "title": "A", "kind": "must_say", "phrases": ["hello"]}
    found = wrong(
        good,
        good | {"key": "a", "title": "", "phrases": ["Hi", "hi!", "…", 3], "fuzzy_percent": 100, "steps": []},
        good | {"key": "B", "kind": "shout", "phrases": 7},
        good | {"key": "c", "phrases": [], "within": {"edge": "middle", "turns": 2, "seconds": 9, "x": 1}},
        {"key": "d", "title": "D", "kind": "order", "steps": [{"phrases": ["a"]}], "phrases": ["a"]},
        {"key": "e", "title": "E", "kind": "order", "steps": [{"phrases": ["a"], "when": 1}, "b"]},
        {"key": "f", "title": "F", "kind": "silence", "times_most": -1},
        {"key": "g", "title": "G", "kind": "talk_ratio", "from_percent": 70, "to_percent": 60},
        {"key": "h", "title": "H", "kind": "talk_ratio"},
        {"key": "i", "title": "I", "kind": "interruption", "speaker": None, "seconds": float("inf"), "is_risky": 1},
        good | {"key": "j", "speaker": "boss", "language": "de", "unless": ["、"]},
        "say hello",
    )
    assert set(found) == {
        ("rules.1.key", "twice"),
        ("rules.1.title", "text"),
        ("rules.1.phrases.1", "twice"),
        ("rules.1.phrases.2", "silent_phrase"),
        ("rules.1.phrases.3", "text"),
        ("rules.1.fuzzy_percent", "number"),
        ("rules.1.steps", "unknown"),
        ("rules.2.key", "key"),
        ("rules.2.kind", "word"),
        ("rules.3.phrases", "rows"),
        ("rules.3.within", "one_of"),
        ("rules.3.within.edge", "word"),
        ("rules.3.within.x", "unknown"),
        ("rules.4.phrases", "unknown"),
        ("rules.4.steps", "rows"),
        ("rules.5.steps.0.when", "unknown"),
        ("rules.5.steps.1", "fields"),
        ("rules.5.steps.1.phrases", "rows"),
        ("rules.6.seconds", "seconds"),
        ("rules.6.times_most", "number"),
        ("rules.7.from_percent", "from_to"),
        ("rules.8.from_percent", "from_to"),
        ("rules.9.speaker", "word"),
        ("rules.9.seconds", "seconds"),
        ("rules.9.is_risky", "truth"),
        ("rules.10.speaker", "word"),
        ("rules.10.language", "word"),
        ("rules.10.unless.0", "silent_phrase"),
        ("rules.11", "fields"),
        ("rules.11.kind", "word"),
        ("rules.11.key", "key"),
        ("rules.11.title", "text"),
    }


GOOD: dict[RuleKind, dict[str, Any]] = {
    RuleKind.MUST_SAY: {"phrases": ["hello"], "fuzzy_percent": 80},
    RuleKind.MUST_NOT_SAY: {"phrases": ["hello"], "within": {"edge": "last", "seconds": 5}},
    RuleKind.ORDER: {"steps": [{"phrases": ["hello"]}, {"phrases": ["您好"]}]},
    RuleKind.GREETING: {"phrases": ["hello"]},
    RuleKind.SILENCE: {"seconds": 5},
    RuleKind.TALK_RATIO: {"from_percent": 10},
    RuleKind.INTERRUPTION: {},
}


@settings(deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.sampled_from(["agent", "zh", "first", "保证", "", "…"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["edge", "seconds", "turns", "phrases", "speaker"]), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    st.sampled_from(list(RuleKind)),
    st.sampled_from(["phrases", "steps", "within", "seconds", "turns", "speaker", "unless", "from_percent", "kind"]),
)
def test_odd_rules_are_read_or_refused_and_what_is_read_judges(value: Any, kind: RuleKind, field: str) -> None:
    good = {"key": "a", "title": "A", "kind": kind.value, **GOOD[kind]}
    assert rules_read({"rules": [good]})
    try:
        rules = rules_read({"rules": [good | {field: value}]})
    except RuleError:
        return
    RuleBook(rules).check(transcript_read("0:01-0:03 Agent: hello\n0:02-0:03 Customer: 您好"))


CALL = "[0:01-0:05] 坐席：您好，工号８０２１。\n[0:06-0:20] 客户：我要 退款，保证能退吗\n[0:21-0:30] 坐席：感谢 来电。"


def test_what_must_be_said_is_found_and_marked_in_the_original() -> None:
    assert marked(CALL, judged(CALL, kind="must_say", phrases=["感谢来电"])) == ["感谢 来电"]
    result = judged(CALL, kind="must_say", phrases=["工号8021"])
    assert (result.verdict, marked(CALL, result), result.hits[0].similarity) == (PASSED, ["工号８０２１"], 1.0)
    missing = judged(CALL, kind="must_say", phrases=["抱歉", "对不起"])
    assert (missing.verdict, missing.reason, missing.hits) == (FAILED, Reason.NOT_SAID, ())


def test_only_the_speaker_counts() -> None:
    assert judged(CALL, kind="must_not_say", phrases=["保证"]).verdict is PASSED
    assert judged(CALL, kind="must_not_say", phrases=["保证"], speaker="customer").verdict is FAILED
    assert judged(CALL, kind="must_not_say", phrases=["保证"], speaker=None).verdict is FAILED
    alone = judged("客户：喂", kind="must_say", phrases=["您好"])
    assert (alone.verdict, alone.reason) == (OPEN, Reason.NO_SPEAKER)


def test_what_is_excused_does_not_count() -> None:
    text = "坐席：我们不能保证收益。我们保证服务，不保证收益"
    rule: dict[str, Any] = {"kind": "must_not_say", "phrases": ["保证", "保证收益"]}
    assert len(judged(text, **rule).hits) == 3
    result = judged(text, **rule, unless=["不能保证", "不保证"])
    assert [(hit.phrase, hit.start) for hit in result.hits] == [("保证", text.index("保证服务") - 3)]
    assert judged(text, **rule, unless=["不能保证", "不保证", "保证服务"]).verdict is PASSED


def test_of_overlapping_variants_the_longest_is_marked_once() -> None:
    result = judged("Agent: Good morning, good day", kind="must_say", phrases=["good", "good morning", "morning"])
    assert [hit.phrase for hit in result.hits] == ["good morning", "good"]


@pytest.mark.parametrize(
    ("within", "verdict"),
    [
        ({"edge": "first", "seconds": 1}, PASSED),
        ({"edge": "first", "seconds": 0.9}, FAILED),
        ({"edge": "first", "turns": 1}, PASSED),
        ({"edge": "last", "turns": 1}, FAILED),
        ({"edge": "last", "turns": 2}, PASSED),
        ({"edge": "last", "seconds": 25}, PASSED),
        ({"edge": "last", "seconds": 24.9}, FAILED),
    ],
)
def test_where_it_is_said(within: dict[str, Any], verdict: Verdict) -> None:
    """The last turn of anybody ends at 30 s, the greeting at 5 s; turns are those of the agent."""
    assert judged(CALL, kind="must_say", phrases=["您好"], within=within).verdict is verdict


def test_where_it_is_said_is_open_without_times() -> None:
    untimed = "坐席：您好\n客户：您好"
    rule: dict[str, Any] = {"kind": "must_say", "phrases": ["您好"], "within": {"edge": "first", "seconds": 5}}
    assert judged(untimed, **rule).reason is Reason.NO_TIMES
    assert judged("9:00:00 坐席：您好", **rule).reason is Reason.NO_CONNECTION
    assert judged("9:00:00 坐席：您好", **(rule | {"within": {"edge": "last", "seconds": 5}})).verdict is PASSED


def test_near_phrases_count_only_where_the_rule_asks_for_it() -> None:
    text = "Agent: Thank you very much. Thankyou for caling, bye"
    rule: dict[str, Any] = {"kind": "must_say", "phrases": ["thank you for calling"]}
    assert judged(text, **rule).verdict is FAILED
    result = judged(text, **rule, fuzzy_percent=85)
    assert (result.verdict, marked(text, result)) == (PASSED, ["Thankyou for caling"])
    assert 0.9 < (result.hits[0].similarity or 0) < 1
    assert judged(text, **rule, fuzzy_percent=97).verdict is FAILED
    exact = judged("Agent: thank you for calling", **rule, fuzzy_percent=85)
    assert [hit.similarity for hit in exact.hits] == [1.0]


STEPS = [{"phrases": ["can i record"]}, {"phrases": ["yes", "sure"], "speaker": "customer"}, {"phrases": ["your name"]}]


@pytest.mark.parametrize(
    ("turns", "verdict", "reason", "steps"),
    [
        ("Agent: Can I record?\nCustomer: sure\nAgent: your name?", PASSED, None, [0, 1, 2]),
        ("Customer: yes\nAgent: can I record? Your name?\nCustomer: no", FAILED, Reason.OUT_OF_ORDER, [0]),
        ("Agent: your name?\nAgent: can I record\nCustomer: yes", FAILED, Reason.OUT_OF_ORDER, [0, 1]),
        ("Agent: hello\nCustomer: yes", FAILED, Reason.NOT_SAID, []),
        ("Agent: yes, can I record? your name", OPEN, Reason.NO_SPEAKER, []),
        ("Agent: your name?\nAgent: can I record\nCustomer: yes\nAgent: your name", PASSED, None, [0, 1, 2]),
    ],
)
def test_order(turns: str, verdict: Verdict, reason: Reason | None, steps: list[int]) -> None:
    result = judged(turns, kind="order", steps=STEPS, speaker="agent")
    assert (result.verdict, result.reason, [hit.step for hit in result.hits]) == (verdict, reason, steps)


def test_steps_of_an_order_do_not_share_words() -> None:
    steps = [{"phrases": ["good morning"]}, {"phrases": ["morning"]}]
    assert judged("Agent: good morning", kind="order", steps=steps).verdict is FAILED
    assert judged("Agent: good morning morning", kind="order", steps=steps).verdict is PASSED


@pytest.mark.parametrize(
    ("text", "number", "verdict", "reason"),
    [
        ("[0:03] 坐席：您好，工号八零二一", "8021", PASSED, None),
        ("[3.001] 坐席：您好，工号8021", "8021", FAILED, Reason.TOO_LATE),
        ("[0:03] 坐席：您好\n[0:05] 客户：喂\n[0:06] 坐席：工号8021", "8021", PASSED, None),
        ("[0:03] 坐席：您好\n[0:05] 坐席：请讲\n[0:06] 坐席：工号8021", "8021", FAILED, Reason.NUMBER_NOT_SAID),
        ("[0:03] 坐席：您好", "", OPEN, Reason.NUMBER_UNKNOWN),
        ("[0:03] 坐席：喂", "", FAILED, Reason.NOT_SAID),
        ("坐席：您好，8021", "8021", OPEN, Reason.NO_TIMES),
        ("坐席：您好，8022", "8021", FAILED, Reason.NUMBER_NOT_SAID),
        ("10:00:00 坐席：您好，8021", "8021", OPEN, Reason.NO_CONNECTION),
        ("[0:01] 坐席：喂\n[0:02] 坐席：啊\n[0:03] 坐席：您好 8021", "8021", FAILED, Reason.NOT_SAID),
        ("[0:01] 客户：您好 8021\n[0:09] 坐席：您好 8021", "8021", FAILED, Reason.TOO_LATE),
    ],
)
def test_greeting(text: str, number: str, verdict: Verdict, reason: Reason | None) -> None:
    result = judged(text, number, kind="greeting", phrases=["您好"])
    assert (result.verdict, result.reason) == (verdict, reason)


def test_a_greeting_may_do_without_the_number() -> None:
    assert judged("[0:03] 坐席：您好", kind="greeting", phrases=["您好"], needs_number=False).verdict is PASSED


def timed(*turns: tuple[Speaker, float, float | None]) -> Transcript:
    """Return a conversation of which only the times matter."""
    return Transcript(tuple(Turn(speaker, "text", start, end) for speaker, start, end in turns))


A, C, S = Speaker.AGENT, Speaker.CUSTOMER, Speaker.SYSTEM


def test_silence() -> None:
    call = timed((A, 0, 10), (C, 2, 3), (A, 20, 21), (C, 31.1, 32))
    result = judged(call, kind="silence", seconds=10)
    assert (result.verdict, result.reason) == (FAILED, Reason.TOO_LONG)
    assert [(hit.turn, hit.start, hit.end, hit.seconds) for hit in result.hits] == [(3, 0, 0, 10.1)]
    assert judged(call, kind="silence", seconds=10, times_most=1).verdict is PASSED
    assert [hit.turn for hit in judged(call, kind="silence", seconds=9.9).hits] == [2, 3]
    assert judged(timed((A, 0, 1), (C, 2, None)), kind="silence", seconds=10).reason is Reason.NO_TIMES


@pytest.mark.parametrize(
    ("low", "high", "verdict", "reason"),
    [
        (60, 60, PASSED, None),
        (61, 99, FAILED, Reason.TOO_LITTLE),
        (1, 59, FAILED, Reason.TOO_MUCH),
    ],
)
def test_talk_ratio(low: int, high: int, verdict: Verdict, reason: Reason | None) -> None:
    """The agent speaks from 0 to 3 s, twice over from 1 to 2; the customer for 2 s; announcements count for nobody."""
    call = timed((A, 0, 3), (A, 1, 2), (C, 3, 5), (S, 5, 60))
    result = judged(call, kind="talk_ratio", from_percent=low, to_percent=high)
    assert (result.verdict, result.reason, result.numerator, result.denominator) == (verdict, reason, 3000, 5000)


def test_talk_ratio_is_open_without_ends_or_without_speech() -> None:
    assert judged("[0:01] Agent: a", kind="talk_ratio", from_percent=10).reason is Reason.NO_TIMES
    assert judged(timed((S, 0, 9)), kind="talk_ratio", from_percent=10).reason is Reason.NO_SPEAKER


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        ([(C, 0, 10), (A, 8, 12)], [(1, 2.0)]),
        ([(C, 0, 10), (A, 8, 9)], [(1, 1.0)]),
        ([(C, 0, 10), (A, 9.1, 12)], []),
        ([(C, 0, 10), (A, 8, 8.9)], []),
        ([(A, 0, 10), (C, 8, 12)], []),
        ([(C, 0, 10), (A, 0, 12)], []),
        ([(S, 0, 10), (A, 2, 12)], []),
        ([(C, 0, 10), (C, 1, 2), (A, 5, 7), (A, 8, 12)], [(2, 2.0), (3, 2.0)]),
    ],
)
def test_interruption(turns: list[tuple[Speaker, float, float]], found: list[tuple[int, float]]) -> None:
    result = judged(timed((A, 0, 0), *turns), kind="interruption")
    assert [(hit.turn - 1, hit.seconds) for hit in result.hits] == found
    assert result.verdict is (FAILED if found else PASSED)
    assert judged(timed((A, 0, 0), *turns), kind="interruption", times_most=2).verdict is PASSED


def test_rules_of_one_language_leave_the_other_out() -> None:
    rule: dict[str, Any] = {"kind": "must_say", "phrases": ["您好"], "language": "zh"}
    assert judged("Agent: hello", **rule).reason is Reason.OTHER_LANGUAGE
    assert judged("坐席：好的，iPhone", **rule).verdict is FAILED
    assert judged("Agent: 123", **rule).reason is Reason.OTHER_LANGUAGE
    assert language_of(transcript_read("Agent: 123")) is None


def test_a_risky_failure_and_no_other_goes_first() -> None:
    rules = rules_read(
        {
            "rules": [
                {"key": "promise", "title": "P", "kind": "must_not_say", "phrases": ["保证"]},
                {"key": "thanks", "title": "T", "kind": "must_say", "phrases": ["谢谢"]},
            ]
        }
    )
    assert [rule.is_risky for rule in rules] == [True, False]
    book = RuleBook(rules)
    assert not has_risk(rules, book.check(transcript_read("坐席：您好")))
    assert has_risk(rules, book.check(transcript_read("坐席：保证，谢谢")))


@settings(deadline=None)
@given(
    st.lists(
        st.text("甲乙 ab,", min_size=1, max_size=4).filter(lambda text: bool(normalize(text))), min_size=1, max_size=4
    ),
    st.lists(st.tuples(st.sampled_from([A, C]), st.text("甲乙 ab,", min_size=1, max_size=12)), min_size=1, max_size=6),
)
def test_one_book_of_many_rules_says_what_a_plain_search_says(
    phrases: list[str], said: list[tuple[Speaker, str]]
) -> None:
    call = Transcript(tuple(Turn(speaker, text) for speaker, text in said))
    rows = [
        {"key": f"r{at}", "title": "R", "kind": "must_not_say", "phrases": [phrase]}
        for at, phrase in enumerate(phrases)
    ]
    rows = [row for row in rows if row["phrases"][0].strip()]
    results = RuleBook(rules_read({"rules": rows})).check(call)
    has_agent = any(speaker is A for speaker, _text in said)
    for row, result in zip(rows, results, strict=True):
        phrase = normalize(row["phrases"][0])
        is_said = any(
            form.startswith(phrase, at) and is_edge(form, at) and is_edge(form, at + len(phrase))
            for speaker, text in said
            if speaker is A
            for form in [normalize(text)]
            for at in range(len(form))
        )
        assert result.verdict is ((FAILED if is_said else PASSED) if has_agent else OPEN)
        for hit in result.hits:
            assert normalize(call.turns[hit.turn].text[hit.start : hit.end]) == phrase
