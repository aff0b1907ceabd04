"""The import profile says how a file is read, refuses what it cannot mean, and maps without editing the file."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from calls.calc.canonical import LINE, Outcome
from calls.calc.mapping import header_resolve
from calls.calc.profile import CANONICAL, Profile, ProfileError, profile_dump, profile_parse
from calls.calc.rules import FileRefusedError
from calls.calc.validate import Checked, rows_check
from calls.parsing import profile_example, profile_names
from tests.calls.call_files import LOOKUPS, NOW, findings

DOCUMENT: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "decimal": ",",
    "unknown_agent": "register",
    "fields": {
        "external_id": {"column": "Id", "prefix": "acd-"},
        "queue": {"column": "Skill", "map": {"VIP": "sales"}, "keep_unmapped": True},
        "direction": {"constant": "outbound"},
        "agent": {"columns": ["Team", "Agent"], "join": "/"},
        "offered_at": {"columns": ["Day", "Clock"], "format": "%d.%m.%Y %H:%M:%S"},
        "answered_at": {"column": "Answer", "format": "%H:%M:%S", "date_from": "offered_at"},
        "outcome": {"column": "Answer", "map": {}, "default": "answered", "blank": "abandoned"},
        "talk_seconds": {"column": "Talk", "format": "MM:SS", "optional": True},
        "hold_seconds": {"column": "Hold", "optional": True},
        "resolved": {"column": "Fixed", "map": {"ja": True, "nein": False, "?": None}},
    },
}
ROW: dict[str, str | None] = {
    "Id": "1",
    "Skill": "vip",
    "Team": "T",
    "Agent": "Bo",
    "Day": "28.02.2026",
    "Clock": "23:59:50",
    "Answer": "00:00:05",
    "Talk": "61:01",
    "Hold": "3,00",
    "Fixed": "JA",
}


def mapped(*rows: Mapping[str, str | None], document: dict[str, Any] = DOCUMENT) -> Checked:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    data = {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in columns}
    frame = pl.DataFrame({LINE: pl.Series(range(2, len(rows) + 2), dtype=pl.Int64)} | data)
    return rows_check(frame, profile=profile_parse(document), lookups=LOOKUPS, now=NOW)


def test_a_foreign_file_is_mapped_as_it_is() -> None:
    checked = mapped(ROW, ROW | {"Skill": "care", "Answer": " ", "Talk": None, "Hold": None, "Fixed": "?"})
    assert findings(checked) == []
    first, second = checked.good.to_dicts()
    assert (first["external_id"], first["queue"], first["direction"], first["agent"]) == ("acd-1", "sales", 2, "T/Bo")
    assert first["offered_at"] == datetime(2026, 2, 28, 15, 59, 50, tzinfo=UTC)
    assert first["answered_at"] == datetime(2026, 2, 28, 16, 0, 5, tzinfo=UTC)
    assert (first["wait_seconds"], first["talk_seconds"], first["hold_seconds"]) == (15, 3_661, 3)
    assert first["resolved"] is True
    assert first["offered_text"] == "28.02.2026 23:59:50"
    assert (second["outcome"], second["queue"], second["resolved"]) == (Outcome.ABANDONED, "care", None)


def test_errors_name_the_columns_of_the_file() -> None:
    checked = mapped(
        ROW | {"Fixed": "vielleicht"}, ROW | {"Day": "31.02.2026"}, ROW | {"Clock": None}, ROW | {"Skill": "no"}
    )
    assert checked.errors.rows() == [
        (2, "Fixed", "value_unmapped", "vielleicht"),
        (3, "Day + Clock", "time_invalid", "31.02.2026 23:59:50"),
        (4, "Day + Clock", "time_missing", ""),
        (5, "Skill", "queue_unknown", "no"),
    ]


def test_an_unmapped_required_word_is_one_error() -> None:
    document = deepcopy(DOCUMENT)
    document["fields"]["queue"] = {"column": "Skill", "map": {"VIP": "sales"}}
    document["fields"]["outcome"] = {"column": "Fixed", "map": {"ja": "answered"}}
    checked = mapped(ROW | {"Skill": "other"}, ROW | {"Fixed": "nein"}, document=document)
    assert findings(checked) == [("Skill", "value_unmapped"), ("Fixed", "value_unmapped")]


def test_columns_are_found_without_case_order_or_outer_spaces() -> None:
    assert header_resolve(["x", " OUTCOME ", "\ufeffQueue", "External_Id", "offered_AT"], profile=CANONICAL) == {
        "external_id": 3,
        "queue": 2,
        "offered_at": 4,
        "outcome": 1,
    }


def test_missing_and_doubled_columns_refuse_the_file() -> None:
    with pytest.raises(FileRefusedError) as missing:
        header_resolve(["external_id", "queue", "outcome"], profile=CANONICAL)
    assert missing.value.notice.code == "header_columns"
    assert missing.value.notice.details["missing"] == ["offered_at"]
    with pytest.raises(FileRefusedError) as doubled:
        header_resolve(["external_id", "queue", "outcome", "offered_at", "Queue"], profile=CANONICAL)
    assert doubled.value.notice.details == {"found": ["queue"]}
    # Columns that nobody reads may be doubled.
    header_resolve(["external_id", "queue", "outcome", "offered_at", "x", "x"], profile=CANONICAL)


def test_profiles_survive_their_json_form() -> None:
    profiles = [CANONICAL, profile_parse(DOCUMENT), replace(CANONICAL, delimiter="\t", encoding="gb18030")]
    profiles += [profile_parse(profile_example(name)) for name in profile_names()]
    for profile in profiles:
        assert profile_parse(profile_dump(profile)) == profile


def field(name: str, source: object) -> dict[str, Any]:
    return DOCUMENT | {"fields": DOCUMENT["fields"] | {name: source}}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "profile"),
        ({}, "fields"),
        ({"fields": {}}, "external_id"),
        (DOCUMENT | {"feilds": 1}, "feilds"),
        (DOCUMENT | {"zone": "Mars/Base"}, "zone"),
        (DOCUMENT | {"zone": "../../etc/passwd"}, "zone"),
        (DOCUMENT | {"zone": 3}, "zone"),
        (DOCUMENT | {"zone": None}, "answered_at"),
        (DOCUMENT | {"encoding": "rot13"}, "encoding"),
        (DOCUMENT | {"delimiter": "::"}, "delimiter"),
        (DOCUMENT | {"on_error": "ignore"}, "on_error"),
        (DOCUMENT | {"unknown_agent": []}, "unknown_agent"),
        (DOCUMENT | {"phone_region": "XX"}, "phone_region"),
        (DOCUMENT | {"header_row": 0}, "header_row"),
        (DOCUMENT | {"header_row": True}, "header_row"),
        (field("color", "Color"), "color"),
        (field("csat", 5), "csat"),
        (field("csat", {}), "csat"),
        (field("csat", {"column": "A", "constant": "B"}), "csat"),
        (field("csat", {"columns": []}), "csat"),
        (field("csat", {"columns": "A"}), "csat"),
        (field("csat", {"column": " "}), "csat"),
        (field("csat", {"column": "A", "colour": 1}), "csat"),
        (field("csat", {"column": "A", "map": ["B"]}), "csat"),
        (field("csat", {"column": "A", "map": {"B": 1.5}}), "csat"),
        (field("csat", {"column": "A", "default": "1"}), "csat"),
        (field("csat", {"column": "A", "map": {}, "default": "1", "keep_unmapped": True}), "csat"),
        (field("csat", {"column": "A", "format": "%d"}), "csat"),
        (field("talk_seconds", {"column": "A", "format": "minutes"}), "talk_seconds"),
        (field("ended_at", {"column": "A", "format": "%Y-%m-%d"}), "ended_at"),
        (field("ended_at", {"column": "A", "format": "%H:%M"}), "ended_at"),
        (field("ended_at", {"column": "A", "format": "%Y-%m-%d %H:%M %Q"}), "ended_at"),
        (field("ended_at", {"column": "A", "format": "%Y-%m-%d %H:%M:%f"}), "ended_at"),
        (field("ended_at", {"column": "A", "format": "%Y-%m-%d %H:%M%"}), "ended_at"),
        (field("ended_at", {"column": "A", "date_from": "offered_at"}), "ended_at"),
        (field("ended_at", {"column": "A", "format": "%d %H:%M", "date_from": "offered_at"}), "ended_at"),
        (field("ended_at", {"column": "A", "format": "%H:%M", "date_from": "answered_at"}), "ended_at"),
        (field("offered_at", {"column": "A", "format": "%H:%M", "date_from": "offered_at"}), "offered_at"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused_where_it_is_wrong(document: Any, place: str) -> None:
    with pytest.raises(ProfileError) as error:
        profile_parse(document)
    assert error.value.field == place


def test_the_example_profiles_are_valid() -> None:
    assert profile_names() == ("date_and_time_columns", "time_of_day_answers")
    assert all(isinstance(profile_parse(profile_example(name)), Profile) for name in profile_names())
    with pytest.raises(KeyError):
        profile_example("../../etc/passwd")
