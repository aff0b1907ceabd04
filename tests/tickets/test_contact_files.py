"""Lists of contacts come in as files: accounted for row by row, never misread."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Invalid
from core.scope import activate
from tests.tickets.calling import NUMBERS, Caller, caller_make
from tests.world import World
from tickets import selectors, services


@pytest.fixture
def caller(world: World) -> Caller:
    return caller_make(world)


def test_a_list_is_accounted_for_row_by_row(caller: Caller) -> None:
    lines = ["phone;name;zone", "138 1234 8001;Li;", "+8613812348001;Li again;", "10086;;", "+8613812348002;Wu;Mars"]
    lines.append("+49 171 1234567;Kim;Europe/Berlin")
    scope = caller.scope()
    with activate(scope):
        upload: dict[str, Any] = {"scope": scope, "uuid": caller.campaign.uuid, "file_name": "C:\\lists\\june.csv"}
        found = services.contacts_upload(**upload, content="\r\n".join(lines).encode("gb18030"), encoding="gb18030")
        counts = (found.rows_read, found.rows_new, found.rows_merged, found.rows_blocked, found.rows_rejected)
        assert counts == (5, 2, 1, 0, 2)
        assert found.file_name == "june.csv"
        assert [(p["line"], p["column"], p["rule"]) for p in found.problems] == [
            (4, "phone", "phone_short"),
            (5, "zone", "zone_unknown"),
        ]
        again = services.contacts_upload(**upload, content="\n".join(lines).encode("utf-8-sig"))
        assert (again.rows_new, again.rows_merged) == (0, 3)
        rows = list(selectors.contact_list(scope=scope, campaign=caller.campaign))
    assert [(row.name, row.zone) for row in rows] == [("Li", ""), ("Kim", "Europe/Berlin")]
    assert rows[0].customer_masked == "8613••••8001"  # type: ignore[attr-defined]


def test_a_list_is_read_in_the_encoding_that_is_said(caller: Caller) -> None:
    scope = caller.scope()
    asked: dict[str, Any] = {"scope": scope, "uuid": caller.campaign.uuid, "file_name": "a.csv"}
    names = {"gb18030": "堃喆昇", "cp1252": "Jörg Müßig", "cp1251": "Иван Петров", "big5": "王小明"}
    with activate(scope):
        for number, (codec, name) in enumerate(names.items()):
            content = f"phone;name\n{NUMBERS[number]};{name}\n".encode(codec)
            with pytest.raises(Invalid, match="choose another encoding"):
                services.contacts_upload(**asked, content=content)
            services.contacts_upload(**asked, content=content, encoding=codec)
        rows = selectors.contact_list(scope=scope, campaign=caller.campaign)
        assert sorted(row.name for row in rows) == sorted(names.values())


def test_a_line_with_more_cells_than_the_heading_is_told(caller: Caller) -> None:
    scope = caller.scope()
    content = b"phone,note\n+8613812348001,calls, often\n+8613812348002,quiet,\n"
    with activate(scope):
        found = services.contacts_upload(scope=scope, uuid=caller.campaign.uuid, file_name="a.csv", content=content)
    assert (found.rows_new, [(p["line"], p["rule"]) for p in found.problems]) == (1, [(2, "too_many")])


@pytest.mark.parametrize(
    "content",
    [b"", b"name\nLi\n", b"phone,colour\n1,2\n", b"phone,phone\n1,2\n", b"\x00\x01", b"phone\n", b'phone\n"1\n'],
)
def test_a_file_that_is_no_list_is_refused_and_leaves_nothing(caller: Caller, content: bytes) -> None:
    scope = caller.scope()
    with activate(scope):
        with pytest.raises(Invalid):
            services.contacts_upload(scope=scope, uuid=caller.campaign.uuid, file_name="a.csv", content=content)
        assert not selectors.import_list(scope=scope).exists()
