"""Rows of a request are checked like rows of a file; what JSON allows beyond text is a row error, never a crash."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from calls.calc.profile import profile_parse
from calls.calc.rules import RULES, FileRefusedError
from calls.parsing import json_rows_check
from tests.calls.call_files import ABANDONED, ANSWERED, LOOKUPS, NOW, check

TYPED: dict[str, object] = ANSWERED | {
    "wait_seconds": 12,
    "talk_seconds": 250.0,
    "resolved": True,
    "csat": 5,
    "revision": None,
}


def errors_of(*rows: object) -> list[tuple[int, str, str, str]]:
    return json_rows_check(rows, lookups=LOOKUPS, now=NOW).errors.rows()


def test_typed_values_are_read_as_their_text() -> None:
    checked = json_rows_check([TYPED, ABANDONED], lookups=LOOKUPS, now=NOW)
    assert checked.errors.is_empty()
    texts = check(ANSWERED | {"resolved": "true", "csat": "5"}, ABANDONED).good
    assert checked.good.drop("line").equals(texts.drop("line"))
    assert checked.good["line"].to_list() == [0, 1]


@pytest.mark.parametrize(
    ("change", "column", "rule"),
    [
        ({"csat": float("nan")}, "csat", "number_invalid"),
        ({"csat": float("inf")}, "csat", "number_invalid"),
        ({"external_id": 10**400}, "external_id", "number_invalid"),
        ({"external_id": 1.23e17}, "external_id", "number_invalid"),
        ({"csat": 4.5}, "csat", "csat_invalid"),
        ({"csat": True}, "csat", "csat_invalid"),
        ({"agent": ["A1"]}, "agent", "value_nested"),
        ({"agent": {"code": "A1"}}, "agent", "value_nested"),
        ({"ivr_path": "x" * 40_000}, "ivr_path", "cell_too_long"),
        ({"ivr_path": "a\ud800"}, "ivr_path", "text_forbidden"),
        ({"ivr_path": "a\x00"}, "ivr_path", "text_forbidden"),
        ({"vendor_id": 7}, "vendor_id", "field_unknown"),
        ({"talk_sec": 7}, "talk_sec", "field_unknown"),
        ({"a\x00\ud800": 7}, "a\ufffd\ufffd", "field_unknown"),
    ],
)
def test_values_that_are_no_text_are_row_errors(change: dict[str, object], column: str, rule: str) -> None:
    assert [(line, where, code) for line, where, code, _ in errors_of(ABANDONED, TYPED | change)] == [(1, column, rule)]
    assert rule in RULES


def test_all_faults_of_a_row_are_told_at_once_with_their_values() -> None:
    row = TYPED | {"talk_sec": 1, "queue": "nowhere", "csat": 99, "agent": {"code": "A1"}}
    assert errors_of(row) == [
        (0, "agent", "value_nested", '{"code": "A1"}'),
        (0, "talk_sec", "field_unknown", "1"),
        (0, "queue", "queue_unknown", "nowhere"),
        (0, "csat", "csat_invalid", "99"),
    ]


def test_an_unreadable_field_is_not_called_missing_as_well() -> None:
    for field in ("external_id", "queue", "offered_at", "outcome", "wait_seconds"):
        assert [(where, rule) for _, where, rule, _ in errors_of(ABANDONED | {field: [1]})] == [(field, "value_nested")]
    assert [rule for *_, rule, _ in errors_of(TYPED | {"wait_seconds": [12]})] == ["value_nested"]


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"phone": "+8613800138000"}, "•••••••••8000"),
        ({"customer": ["+8613800138000"]}, '["+•••••••••8000"]'),
        ({"agent": {"number": "+8613800138000"}}, '{"number": "•••••••••8000"}'),
        ({"seen": "2026-11-21T11:03"}, "2026-11-21T11:03"),
        ({"seen": None}, "null"),
        ({"agent": [[[1]]] * 1000}, "[" + "[[1]], " * 11 + "[…"),
    ],
)
def test_values_are_told_as_sent_but_no_number_of_a_customer(change: dict[str, object], value: str) -> None:
    (error,) = errors_of(TYPED | change)
    assert error[3] == value


def test_rows_that_are_no_objects_are_row_errors() -> None:
    found = errors_of(None, 5, "x", [], ABANDONED, {})
    assert [(line, rule) for line, _, rule, _ in found[:4]] == [(n, "row_not_object") for n in range(4)]
    assert {line for line, *_ in found} == {0, 1, 2, 3, 5}


def test_keys_are_those_of_the_profile() -> None:
    names = {"external_id": "id", "queue": "q", "offered_at": "at", "outcome": "how", "wait_seconds": "wait"}
    profile = profile_parse({"fields": names})
    row = {key: ABANDONED[field] for field, key in names.items()}
    checked = json_rows_check([row, row | {"wait": "-1"}], lookups=LOOKUPS, now=NOW, profile=profile)
    assert checked.good["line"].to_list() == [0]
    assert checked.errors.rows() == [(1, "wait", "duration_negative", "-1")]


def test_a_thousand_rows_are_the_most() -> None:
    assert len(errors_of(*[{}] * 1_000)) == 4_000
    with pytest.raises(ValueError, match="1001 rows"):
        errors_of(*[{}] * 1_001)
    assert errors_of() == []


def test_another_vendor_refuses_the_request() -> None:
    with pytest.raises(FileRefusedError) as refused:
        errors_of(ABANDONED, ABANDONED | {"vendor": "rival"})
    assert refused.value.notice.details["line"] == 1


def test_any_json_is_answered_row_by_row() -> None:
    source = random.Random(5)
    values: list[Any] = [None, True, 0, -1, 1e308, -0.0, "", "x", "\u202e", "\ud83d", 10**17, 10**30, [], {}, [[1]]]
    values += [json.loads("1e400"), json.loads('"\\ud800\\udc00"'), "2026-03-01T09:12:58Z", "+86" + "1" * 30]
    for _ in range(40):
        rows = [TYPED | {source.choice(list(TYPED)): source.choice(values) for _ in range(3)} for _ in range(30)]
        checked = json_rows_check(rows, lookups=LOOKUPS, now=NOW)
        assert set(checked.good["line"]) ^ set(checked.errors["line"]) == set(range(30))
        assert not set(checked.good["line"]) & set(checked.errors["line"])
