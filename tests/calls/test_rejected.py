"""Rejected rows go out as they came, with what is wrong, and come in again once they are mended."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from pytest_django import Settings

from audit.models import Entry
from calls.calc.canonical import FIELDS, LINE
from calls.calc.returned import REPORT_COLUMNS, guard_drop, guards_drop
from calls.models import Batch, Call, ImportProfile
from core.exports import TRIGGERS, guarded
from core.scope import activate
from tests.calls.call_files import inline_row, xlsx_make
from tests.calls.pages import call_row, csv_of, upload, work
from tests.world import NOW, World

Clients = Callable[[str], Client]
Row = dict[str, str]
NUMBER = "+8613800100007"
BAD = [
    call_row(7, queue="NOWHERE", recording="=rec|1", ivr_path='say "1", then 2'),
    call_row(8, offered_at="yesterday", external_id="-8/../x"),
    call_row(9, wait_seconds="12 s", talk_seconds="=1+1"),
]
MENDED: dict[str, Row] = {
    "call-7": {"queue": "ORDERS"},
    "-8/../x": {"offered_at": "2026-06-12T08:40:00+08:00"},
    "call-9": {"wait_seconds": "12", "talk_seconds": "200"},
}


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of each test apart."""
    settings.UPLOAD_ROOT = tmp_path


def download(client: Client, page: str) -> str:
    answer = client.get(f"{page}rejected.csv")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def rows_in(text: str, delimiter: str = ",") -> list[Row]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def written(rows: list[Row], delimiter: str = ",") -> bytes:
    """Return the rows as a spreadsheet saves them, our columns still in it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def checked(world: World, client: Client, content: bytes, **more: str) -> str:
    received = upload(client, content, **more)
    assert received.status_code == 302, received.content.decode()
    work(world.system)
    return str(received["Location"])


def loaded_ids(world: World) -> set[str]:
    with activate(world.system):
        return set(Call.objects.visible_to(world.system).values_list("external_id", flat=True))


def newest(world: World) -> Batch:
    with activate(world.system):
        batch: Batch = Batch.objects.visible_to(world.system).latest("number")
    return batch


def test_three_bad_rows_are_downloaded_mended_and_all_rows_are_in(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_supervisor")
    page = checked(
        world,
        client,
        csv_of([call_row(1), *BAD[:1], call_row(2), *BAD[1:]]).replace(b'say "1", then 2', b'"say ""1"", then 2"'),
    )
    assert "Rows to mend (CSV)" in client.get(page).content.decode()
    client.post(f"{page}confirm/")
    work(world.system)
    assert loaded_ids(world) == {"call-1", "call-2"}
    text = download(client, page)
    rows = rows_in(text)
    assert list(rows[0]) == [*FIELDS, *REPORT_COLUMNS]
    for sent, row in zip(BAD, rows, strict=True):
        assert {name: guard_drop(row[name]) for name in FIELDS} == {name: str(sent.get(name, "")) for name in FIELDS}
        # Nothing that a spreadsheet takes for a formula, not even the customer's number.
        assert not any(value[:1] in TRIGGERS for value in row.values() if value)
    assert [(row["line"], row["error_field"]) for row in rows] == [
        ("3", "queue"), ("5", "offered_at"), ("6", "wait_seconds | talk_seconds"),
    ]  # fmt: skip
    assert rows[0]["error"] == "There is no queue “NOWHERE”."
    assert rows[0]["remedy"] == "Correct the code, or create the queue first."
    again = checked(world, client, written([row | MENDED[guard_drop(row["external_id"])] for row in rows]))
    assert newest(world).rows_rejected == 0
    assert "left out" in client.get(again).content.decode()
    assert "Columns that the import profile does not use" not in client.get(again).content.decode()
    client.post(f"{again}confirm/")
    work(world.system)
    assert loaded_ids(world) == {"call-1", "call-2", *MENDED}
    with activate(world.system):
        call = Call.objects.visible_to(world.system).get(external_id="call-7")
    assert (call.recording, call.ivr_path) == ("=rec|1", 'say "1", then 2')
    assert call.customer_key is not None


def test_a_row_that_is_still_wrong_comes_back_once_more_the_same(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_supervisor")
    first = download(client, checked(world, client, csv_of(BAD)))
    rows = rows_in(first)
    second = rows_in(download(client, checked(world, client, written(rows))))
    assert [{name: row[name] for name in FIELDS} for row in second] == [
        {name: row[name] for name in FIELDS} for row in rows
    ]
    assert list(second[0]) == list(rows[0])


@pytest.mark.parametrize(
    ("username", "is_clear"),
    [
        ("andes_vendor_manager", True),
        ("andes_vendor_supervisor", True),
        ("andes_vendor_qa", False),
        ("programme_manager", True),
        ("auditor", False),
        ("client_qa", False),
    ],
)
def test_numbers_are_clear_for_who_sends_the_file_and_may_see_them(
    world: World, client_of: Clients, username: str, is_clear: bool
) -> None:
    page = checked(world, client_of("andes_vendor_supervisor"), csv_of(BAD))
    client = client_of(username)
    rows = rows_in(download(client, page))
    assert (guard_drop(rows[0]["customer"]) == NUMBER) is is_clear
    assert (NUMBER[-8:] in str(rows)) is is_clear
    if not is_clear:
        assert rows[0]["customer"] == "•••••••••0007"
        assert rows[0]["offered_at"] == BAD[0]["offered_at"]
        assert "numbers covered" in client.get(page).content.decode()
    with activate(world.system):
        entry = Entry.objects.visible_to(world.system).filter(action="export.made").latest("at")
    assert entry.changes["filters"]["numbers"] == ("clear" if is_clear else "masked")


def test_covered_rows_cannot_come_back_as_numbers(world: World, client_of: Clients) -> None:
    sender = client_of("andes_vendor_supervisor")
    rows = rows_in(download(client_of("auditor"), checked(world, sender, csv_of(BAD[:1]))))
    checked(world, sender, written([row | {"queue": "ORDERS"} for row in rows]))
    assert newest(world).rows_rejected == 1


def test_another_vendor_s_rows_do_not_exist(world: World, client_of: Clients) -> None:
    page = checked(world, client_of("andes_vendor_supervisor"), csv_of(BAD))
    assert client_of("boral_vendor_manager").get(f"{page}rejected.csv").status_code == 404
    assert client_of("andes_agent").get(f"{page}rejected.csv").status_code == 403
    good = checked(world, client_of("andes_vendor_supervisor"), csv_of([call_row(1)]))
    assert client_of("andes_vendor_supervisor").get(f"{good}rejected.csv").status_code == 404


def profile_of(world: World, **settings: Any) -> dict[str, str]:
    """Store a profile for files of another make."""
    fields = {
        "external_id": "编号", "queue": "line", "offered_at": {"column": "时间", "format": "%Y-%m-%d %H:%M:%S"},
        "wait_seconds": "等待", "talk_seconds": "通话", "customer": "号码", "outcome": {"constant": "answered"},
    }  # fmt: skip
    with activate(world.system):
        profile = ImportProfile.objects.create(
            vendor=world.vendors["ANDES"].vendor,
            name="pbx",
            document={"fields": fields, "zone": "Asia/Shanghai", **settings},
            created_at=NOW,
        )
    return {"profile": str(profile.uuid)}


HEADER = ["编号", "line", "时间", "等待", "通话", "号码", "备注", "=sum"]
OTHER = [
    ["1", "ORDERS", "2026-06-12 08:05:00", "12", "200", "+8613800100001", "好", "1"],
    ["2", "NOWHERE", "2026-06-12 08:10:00", "12", "200", "+8613800100002", "不好", "+2"],
    ["3", "ORDERS", "2026-06-12 08:15:00", "x", "200", "+8613800100003", "", ""],
]


def test_a_file_of_another_make_comes_back_under_its_own_profile(world: World, client_of: Clients) -> None:
    """Its own names, delimiter and header line; UTF-8 although the profile says otherwise; a column named like ours."""
    sent = profile_of(world, encoding="gb18030", delimiter=";", header_row=3)
    client = client_of("andes_vendor_manager")
    content = "\n".join(["report;2026", "", *(";".join(row) for row in [HEADER, *OTHER])]).encode("gb18030")
    text = download(client, checked(world, client, content, **sent))
    lines = text.splitlines()
    assert lines[:2] == ["", ""]
    assert lines[2].split(";") == [*HEADER[:-1], "'=sum", *REPORT_COLUMNS]
    assert lines[3].startswith("2;NOWHERE;2026-06-12 08:10:00;12;200;'+8613800100002;不好;'+2;5;line;")
    mended = text.replace("NOWHERE", "ORDERS").replace(";x;", ";12;").encode("utf-8-sig")
    page = checked(world, client, mended, **sent)
    batch = newest(world)
    assert (batch.rows_read, batch.rows_rejected, batch.problem) == (2, 0, "")
    assert "=sum" in client.get(page).content.decode()


def test_rows_of_a_workbook_come_back_as_text(world: World, client_of: Clients) -> None:
    sent = profile_of(world)
    client = client_of("andes_vendor_manager")
    sheet = "".join(inline_row(number, row) for number, row in enumerate([HEADER, *OTHER], start=1))
    received = upload(client, xlsx_make(sheet), name="june.xlsx", **sent)
    work(world.system)
    rows = rows_in(download(client, received["Location"]))
    assert [row["编号"] for row in rows] == ["2", "3"]
    assert [row["备注"] for row in rows] == ["不好", ""]
    # The file's own column "line" and ours after it.
    assert [row["error_field"] for row in rows] == ["line", "等待"]


def test_lines_that_are_no_rows_come_as_far_as_they_go(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    good = csv_of([call_row(1)]).decode().splitlines()
    surplus = good[1].replace("call-1", "call-2") + ",more,and more"
    short = "call-3,1,ORDERS"
    content = "\n".join([*good, surplus, short, 'call-4,"open', ""]).encode()
    rows = rows_in(download(client, checked(world, client, content)))
    assert [(row["external_id"], row["line"]) for row in rows] == [("call-2", "3"), ("call-3", "4"), ("call-4", "5")]
    assert rows[0]["ivr_path"] == ",more,and more"
    assert rows[1]["queue"] == "ORDERS"
    assert "another number of fields" in rows[0]["error"]


def test_a_file_that_is_taken_only_whole_offers_no_rows(world: World, client_of: Clients) -> None:
    sent = profile_of(world, on_error="refuse", delimiter=";")
    client = client_of("andes_vendor_manager")
    content = "\n".join(";".join(row) for row in [HEADER, *OTHER]).encode()
    page = checked(world, client, content, **sent)
    assert newest(world).state == "refused"
    assert client.get(f"{page}rejected.csv").status_code == 404
    assert "rejected.csv" not in client.get(page).content.decode()


def test_dropping_the_guard_undoes_the_guard_and_nothing_else() -> None:
    source = random.Random(7)
    letters = [*"=+-@|%'\" ＝＋－＠“”ab1\t\n", "\u00a0", "\u3000", "\ufeff", "\u200b", "中"]
    texts = ["".join(source.choices(letters, k=source.randrange(6))) for _ in range(5_000)]
    assert [guard_drop(guarded(text)) for text in texts] == texts
    frame = pl.DataFrame({"a": [guarded(text) for text in texts], LINE: range(len(texts))})
    assert guards_drop(frame)["a"].to_list() == texts
