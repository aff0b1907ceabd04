"""Every rule has a row that breaks it, and rows that keep them all come out typed and complete."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from calls.calc.canonical import AbandonPlace, CallDirection, Outcome
from calls.calc.findings import ERROR_SCHEMA
from calls.calc.profile import CANONICAL
from calls.calc.rules import NOTES, REFUSALS, RULES, FileRefusedError
from calls.calc.validate import GOOD_SCHEMA
from tests.calls.call_files import ABANDONED, ANSWERED, check, findings

# (what changes in a good row, column, rule)
BROKEN: list[tuple[dict[str, str | None], str, str]] = [
    ({"external_id": None}, "external_id", "id_missing"),
    ({"external_id": "x" * 101}, "external_id", "id_too_long"),
    ({"external_id": "1.23457E+11"}, "external_id", "id_scientific"),
    ({"external_id": "a\nb"}, "external_id", "text_control"),
    ({"external_id": "a\u202eb"}, "external_id", "text_control"),
    ({"external_id": "a\u200bb"}, "external_id", "text_control"),
    ({"external_id": "a\U000e0041b"}, "external_id", "text_control"),
    ({"external_id": "a\x00b"}, "external_id", "text_forbidden"),
    ({"external_id": "a\ufffdb"}, "external_id", "text_forbidden"),
    ({"transferred_from": "x" * 101}, "transferred_from", "text_too_long"),
    ({"revision": "1.5"}, "revision", "revision_invalid"),
    ({"revision": "-1"}, "revision", "revision_invalid"),
    ({"queue": None}, "queue", "queue_missing"),
    ({"queue": "Sales"}, "queue", "queue_unknown"),
    ({"queue": "closed"}, "queue", "queue_not_covered"),
    (
        {
            "offered_at": "2026-04-15T09:12:58+08:00",
            "answered_at": "2026-04-15T09:13:10+08:00",
            "ended_at": "2026-04-15T09:17:40+08:00",
        },
        "queue",
        "queue_not_covered",
    ),
    ({"agent": "A9"}, "agent", "agent_unknown"),
    ({"reason": "why"}, "reason", "reason_unknown"),
    ({"direction": "sideways"}, "direction", "direction_invalid"),
    ({"outcome": None}, "outcome", "outcome_missing"),
    ({"outcome": "gone"}, "outcome", "outcome_invalid"),
    ({"abandon_place": "queue"}, "abandon_place", "abandon_place_unexpected"),
    ({"resolved": "maybe"}, "resolved", "boolean_invalid"),
    ({"success": "2"}, "success", "boolean_invalid"),
    ({"csat": "11"}, "csat", "csat_invalid"),
    ({"csat": "4.5"}, "csat", "csat_invalid"),
    ({"csat": "-1"}, "csat", "csat_invalid"),
    ({"customer": "1.38E+10"}, "customer", "phone_scientific"),
    ({"customer": "call me"}, "customer", "phone_invalid"),
    ({"customer": "13800138000"}, "customer", "phone_invalid"),
    ({"offered_at": None}, "offered_at", "time_missing"),
    ({"offered_at": "yesterday"}, "offered_at", "time_invalid"),
    ({"ended_at": "2026-03-01T24:00:00+08:00"}, "ended_at", "time_invalid"),
    ({"ended_at": "2026-03-01T09:17:60+08:00"}, "ended_at", "time_invalid"),
    ({"ended_at": "2026-02-30T09:17:40+08:00"}, "ended_at", "time_invalid"),
    ({"ended_at": "2026-03-01T09:17:40+25:00"}, "ended_at", "time_invalid"),
    ({"ended_at": "2026-03-01T09:17:40"}, "ended_at", "time_zone_missing"),
    ({"ended_at": "2026-07-01T12:05:01Z"}, "ended_at", "time_future"),
    ({"ended_at": "9999-12-31T23:59:59Z"}, "ended_at", "time_future"),
    ({"offered_at": "0001-01-01T00:00:00+14:00"}, "offered_at", "time_too_early"),
    ({"offered_at": "1999-12-31T23:59:59Z"}, "offered_at", "time_too_early"),
    ({"answered_at": "2026-03-01T09:12:57+08:00"}, "answered_at", "answered_before_offered"),
    ({"ended_at": "2026-03-01T09:12:00+08:00"}, "ended_at", "ended_before_offered"),
    ({"ended_at": "2026-03-01T09:13:00+08:00"}, "ended_at", "ended_before_answered"),
    ({"ring_seconds": "3.5"}, "ring_seconds", "duration_invalid"),
    ({"wrap_seconds": "0:35"}, "wrap_seconds", "duration_invalid"),
    ({"wrap_seconds": "-1"}, "wrap_seconds", "duration_negative"),
    ({"wrap_seconds": "86401"}, "wrap_seconds", "duration_too_long"),
    ({"wait_seconds": "15"}, "wait_seconds", "wait_differs"),
    ({"answered_at": None, "ended_at": None, "wait_seconds": "86400"}, "wait_seconds", "wait_too_long"),
    ({"talk_seconds": "253"}, "talk_seconds", "talk_differs"),
    ({"talk_seconds": None, "hold_seconds": "300"}, "hold_seconds", "talk_differs"),
    ({"answered_at": None, "wait_seconds": None}, "answered_at", "answer_missing"),
    ({"recording": "x" * 32_769}, "recording", "cell_too_long"),
    ({"ivr_path": "1\x00"}, "ivr_path", "text_forbidden"),
    ({"transferred_from": "C-1"}, "transferred_from", "transfer_self"),
    ({"customer": "8613••••8000"}, "customer", "customer_masked"),
]
BROKEN_ABANDONED: list[tuple[dict[str, str | None], str, str]] = [
    ({"abandon_place": "lift"}, "abandon_place", "abandon_place_invalid"),
    ({"answered_at": "2026-03-01T09:13:10+08:00"}, "answered_at", "answer_unexpected"),
    ({"talk_seconds": "5"}, "talk_seconds", "talk_unexpected"),
    ({"ended_at": "2026-03-01T09:13:08+08:00"}, "wait_seconds", "wait_differs"),
]
# Broken before a row is a row (test_parsing*), or only with a profile of its own (test_validate_profile, _times).
ELSEWHERE = {
    "fields_count",
    "quote_unclosed",
    "line_too_long",
    "line_incomplete",
    "cell_error",
    "cell_formula",
    "cell_merged",
    "row_not_object",
    "value_nested",
    "field_unknown",
    "number_invalid",
    "value_unmapped",
    "time_gap",
    "time_ambiguous",
}


@pytest.mark.parametrize(("change", "column", "rule"), BROKEN)
def test_a_broken_row_is_rejected_for_its_reason_alone(change: dict[str, str | None], column: str, rule: str) -> None:
    checked = check(ANSWERED | change)
    assert checked.good.is_empty()
    assert (column, rule) in findings(checked)
    # One wrong value gives one error, but for times, on which other checks depend.
    assert len(findings(checked)) == 1 or column.endswith("_at") or rule == "queue_not_covered"


@pytest.mark.parametrize(("change", "column", "rule"), BROKEN_ABANDONED)
def test_a_broken_abandoned_call_is_rejected(change: dict[str, str | None], column: str, rule: str) -> None:
    assert findings(check(ABANDONED | change)) == [(column, rule)]


def test_every_rule_has_a_row_that_breaks_it() -> None:
    assert {rule for _, _, rule in BROKEN + BROKEN_ABANDONED} | ELSEWHERE == set(RULES)


def test_messages_name_only_values_that_come_with_a_finding() -> None:
    for rule in RULES.values():
        assert set(re.findall(r"{(\w+)}", rule.message + rule.remedy)) <= {"column", "value"}
    assert all(text for refusal in REFUSALS.values() for text in (refusal.message, refusal.remedy))
    assert all(NOTES.values())


def test_a_whole_row_comes_out_typed() -> None:
    row = ANSWERED | {
        "revision": "3",
        "direction": "outbound",
        "ring_seconds": "4",
        "transferred_from": "C-0",
        "resolved": "yes",
        "success": "0",
        "csat": "9",
        "recording": "r/1",
        "ivr_path": "1>2",
    }
    checked = check(row)
    assert checked.good.schema == pl.Schema(GOOD_SCHEMA)
    assert checked.errors.schema == pl.Schema(ERROR_SCHEMA)
    assert checked.errors.is_empty()
    assert checked.good.row(0, named=True) == {
        "line": 2,
        "external_id": "C-1",
        "revision": 3,
        "queue": "sales",
        "contract_id": 7,
        "direction": CallDirection.OUTBOUND,
        "customer": "+8613800138000",
        "reason": "order",
        "agent": "A1",
        "offered_at": datetime(2026, 3, 1, 1, 12, 58, tzinfo=UTC),
        "answered_at": datetime(2026, 3, 1, 1, 13, 10, tzinfo=UTC),
        "ended_at": datetime(2026, 3, 1, 1, 17, 40, tzinfo=UTC),
        "ring_seconds": 4,
        "wait_seconds": 12,
        "talk_seconds": 250,
        "hold_seconds": 20,
        "wrap_seconds": 35,
        "outcome": Outcome.ANSWERED,
        "abandon_place": None,
        "transferred_from": "C-0",
        "resolved": True,
        "success": False,
        "csat": 9,
        "recording": "r/1",
        "ivr_path": "1>2",
        "offered_text": "2026-03-01T09:12:58+08:00",
    }


def test_a_row_may_have_several_errors_and_good_rows_stay() -> None:
    checked = check(ANSWERED, ANSWERED | {"queue": "no", "agent": "no", "csat": "x"}, ABANDONED)
    assert checked.good["line"].to_list() == [2, 4]
    assert checked.errors["line"].to_list() == [3, 3, 3]
    assert sorted(findings(checked)) == [
        ("agent", "agent_unknown"),
        ("csat", "csat_invalid"),
        ("queue", "queue_unknown"),
    ]


@pytest.mark.parametrize(
    ("blank", "field", "value"),
    [
        ({"wait_seconds": None}, "wait_seconds", 12),
        ({"answered_at": None}, "answered_at", datetime(2026, 3, 1, 1, 13, 10, tzinfo=UTC)),
        ({"talk_seconds": None}, "talk_seconds", 250),
        ({"talk_seconds": None, "hold_seconds": None}, "talk_seconds", 270),
        ({"ended_at": None}, "ended_at", datetime(2026, 3, 1, 1, 17, 40, tzinfo=UTC)),
        ({"ended_at": None, "talk_seconds": None}, "ended_at", None),
        ({"revision": None}, "revision", 1),
        ({"direction": None}, "direction", CallDirection.INBOUND),
        # Within the tolerance of two seconds the given value stays.
        ({"wait_seconds": "14"}, "wait_seconds", 14),
        ({"talk_seconds": "248"}, "talk_seconds", 248),
        # 11.9 s have passed: eleven whole seconds.
        ({"answered_at": "2026-03-01T09:13:09.900+08:00", "wait_seconds": None}, "wait_seconds", 11),
    ],
)
def test_blank_values_are_completed(blank: dict[str, str | None], field: str, value: object) -> None:
    checked = check(ANSWERED | blank)
    assert findings(checked) == []
    assert checked.good[field].to_list() == [value]


def test_an_abandoned_call_is_completed_from_its_end_or_its_wait() -> None:
    ended = {"wait_seconds": None, "ended_at": "2026-03-01T09:13:43+08:00"}
    place = {"wait_seconds": None, "abandon_place": "Ringing"}
    good = check(ABANDONED, ABANDONED | ended, ABANDONED | place).good
    assert good["wait_seconds"].to_list() == [45, 45, None]
    assert good["ended_at"].to_list()[:2] == [datetime(2026, 3, 1, 1, 13, 43, tzinfo=UTC)] * 2
    assert good["ended_at"].to_list()[2] is None
    assert good["abandon_place"].to_list() == [AbandonPlace.QUEUE, AbandonPlace.QUEUE, AbandonPlace.RINGING]


def test_a_call_that_flowed_out_goes_on_elsewhere() -> None:
    good = check(ABANDONED | {"outcome": "Flowed out", "ended_at": "2026-03-01T09:30:00+08:00"}).good
    assert good["wait_seconds"].to_list() == [45]
    assert good["outcome"].to_list() == [Outcome.FLOWED_OUT]
    assert good["abandon_place"].to_list() == [None]


def test_a_withdrawn_call_needs_only_its_key() -> None:
    row = ANSWERED | {"outcome": "withdrawn", "talk_seconds": "?", "agent": "A9", "customer": "?", "revision": "2"}
    checked = check(row)
    assert findings(checked) == []
    tombstone = checked.good.row(0, named=True)
    assert tombstone["outcome"] == Outcome.WITHDRAWN
    assert (tombstone["revision"], tombstone["contract_id"], tombstone["direction"]) == (2, 7, 1)
    assert tombstone["customer"] is tombstone["agent"] is tombstone["talk_seconds"] is None
    assert findings(check(row | {"external_id": None})) == [("external_id", "id_missing")]


def test_the_contract_is_the_one_that_covers_the_queue_at_that_moment() -> None:
    moments = ("2026-03-31T23:59:59Z", "2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z", "2025-12-31T23:59:59Z")
    checked = check(*(ABANDONED | {"offered_at": moment} for moment in moments))
    assert checked.good["contract_id"].to_list() == [7, 8]
    assert checked.errors["value"].to_list() == ["sales / 2026-04-01T00:00:00Z", "sales / 2025-12-31T23:59:59Z"]


def test_unknown_agents_and_reasons_may_be_registered() -> None:
    profile = replace(CANONICAL, unknown_agent="register", unknown_reason="register")
    good = check(ANSWERED | {"agent": "A9", "reason": "new"}, profile=profile).good
    assert (good["agent"].to_list(), good["reason"].to_list()) == (["A9"], ["new"])
    bad = check(ANSWERED | {"agent": "x" * 41, "reason": "a\tb"}, profile=profile)
    assert findings(bad) == [("agent", "text_too_long"), ("reason", "text_control")]


def test_revisions_may_come_from_the_moment_of_receipt() -> None:
    profile = replace(CANONICAL, revision_from="received")
    first = check(ANSWERED | {"revision": "x"}, profile=profile, now=datetime(2026, 7, 1, tzinfo=UTC)).good
    later = check(ANSWERED, profile=profile, now=datetime(2026, 7, 1, 0, 0, 1, tzinfo=UTC)).good
    assert later["revision"][0] == first["revision"][0] + 1


def test_a_row_of_another_vendor_refuses_the_file() -> None:
    assert check(ANSWERED | {"vendor": "acme"}, ANSWERED).good.height == 2
    with pytest.raises(FileRefusedError) as refused:
        check(ANSWERED, ANSWERED | {"vendor": "rival"})
    assert refused.value.notice.code == "vendor_differs"
    assert refused.value.notice.details == {"line": 3, "found": "rival", "vendor": "acme"}


def test_values_in_errors_hide_phone_numbers() -> None:
    rows = (
        ANSWERED | {"customer": "call 13800138000"},
        ANSWERED | {"agent": "138 0013 8000"},
        ANSWERED | {"offered_at": "13800138000"},
        ANSWERED | {"offered_at": "2026-13-01 09:00:00"},
        ANSWERED | {"queue": "x" * 500},
        ANSWERED | {"queue": "a\x00b"},
    )
    values = dict(zip(check(*rows).errors["line"], check(*rows).errors["value"], strict=True))
    assert values == {
        2: "•••• •••••••8000",
        3: "••• •••• 8000",
        4: "•••••••8000",
        5: "2026-13-01 09:00:00",
        6: "x" * 79 + "…",
        7: "a\ufffdb",
    }


def test_no_rows_are_no_errors() -> None:
    checked = check()
    assert checked.good.schema == pl.Schema(GOOD_SCHEMA)
    assert checked.errors.is_empty()
