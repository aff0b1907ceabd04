"""Transcripts come in by file and by program, are told row by row, and never twice."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from core.errors import Forbidden, Invalid
from core.scope import activate
from qa import selectors, services
from qa.calc.transcript_rows import row_sent
from qa.models import StagedTranscript, Transcript, TranscriptImport
from qa.services import transcripts as taking
from tests.qa.house import READY, House, house_make
from tests.world import World

TALK = "[00:01] 坐席：您好，工号八零二一\n[00:04] 客户：你好，我的电话是 13800138000"


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(30)
    return found


def sent(
    house: House, content: bytes, file_name: str = "C00001.txt", name: str = "andes_vendor_qa", **more: Any
) -> Any:
    scope = house.scope(name)
    with activate(scope):
        contract = house.world.vendors["ANDES"].contract
        return services.transcripts_upload(scope=scope, contract=contract, file_name=file_name, content=content, **more)


def counts(account: TranscriptImport) -> tuple[int, ...]:
    return (
        account.rows_read,
        account.rows_new,
        account.rows_changed,
        account.rows_unchanged,
        account.rows_rejected,
    )


def test_one_file_is_one_call_with_its_numbers_covered(house: House) -> None:
    account = sent(house, TALK.encode())
    assert (account.state, counts(account)) == ("done", (1, 1, 0, 0, 0))
    scope = house.scope("andes_vendor_qa")
    with activate(scope):
        [row] = selectors.transcript_list(scope=scope)
        found = selectors.transcript_get(scope=scope, uuid=row.uuid)
    assert (found.external_id, found.language, found.turns_count) == ("C00001", "zh", 2)
    assert found.body["turns"][1]["text"] == "你好，我的电话是 •••••••8000"
    assert found.body["turns"][0]["text"].endswith("八零二一")
    assert found.agent is not None
    assert found.agent.code == "ANDES-A2"


def test_what_was_sent_before_is_unchanged_and_what_reads_otherwise_replaces_it(house: House) -> None:
    sent(house, TALK.encode())
    assert counts(sent(house, TALK.encode())) == (1, 0, 0, 1, 0)
    assert counts(sent(house, TALK.replace("您好", "喂").encode(), "x.txt", call="C00001")) == (1, 0, 1, 0, 0)
    scope = house.scope("client_qa")
    with activate(scope):
        [row] = selectors.transcript_list(scope=scope)
        found = selectors.transcript_get(scope=scope, uuid=row.uuid)
    assert found.body["turns"][0]["text"].startswith("喂")


def test_each_rejected_row_says_where_and_why(house: House) -> None:
    lines = [
        {"call": "C00001", "text": TALK},
        {"call": "NOWHERE", "text": TALK},
        {"call": "C00002", "turns": [{"speaker": "agent", "text": ""}]},
        {"call": "C00003"},
        {"text": TALK},
        {"call": "C00001", "text": "agent: again"},
    ]
    content = "\n".join([*map(json.dumps, lines), "{"]).encode()
    account = sent(house, content, "night.jsonl")
    assert counts(account) == (7, 1, 0, 0, 6)
    told = {(each["name"], each["place"], each["rule"]) for each in account.problems}
    assert told == {
        ("line 2", "call", "call_unknown"),
        ("line 3", "turns.0.text", "text"),
        ("line 4", "", "text_or_turns"),
        ("line 5", "call", "call_missing"),
        ("line 6", "call", "twice"),
        ("line 7", "", "json"),
    }


def test_an_archive_has_one_file_a_call(house: House) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("june/C00001.txt", TALK)
        archive.writestr("june/C00002.json", json.dumps({"turns": [{"speaker": "agent", "text": "Hello"}]}))
        archive.writestr("__MACOSX/._C00001.txt", "x")
        archive.writestr("C00003.txt", "nobody speaks")
    account = sent(house, packed.getvalue(), "june.zip")
    assert counts(account) == (3, 2, 0, 0, 1)
    assert account.problems[0]["name"] == "C00003.txt"


def test_a_file_that_cannot_be_taken_apart_is_refused(house: House) -> None:
    for content, words in ((b"  \n", "holds no transcript"), (b"PK\x03\x04broken", "cannot be unpacked")):
        with pytest.raises(Invalid, match=words):
            sent(house, content)
    with pytest.raises(Forbidden):
        sent(house, TALK.encode(), name="andes_agent")


def test_many_are_read_in_slices_and_nothing_is_left_behind(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "SLICE", 4)
    scope = house.scope("andes_vendor_qa")
    rows = [row_sent(f"rows.{n}", {"call": f"C{n:05}", "text": TALK}) for n in range(10)]
    with activate(scope):
        contract = house.world.vendors["ANDES"].contract
        account = services.transcripts_receive(scope=scope, contract=contract, source="api", rows=rows)
    assert (account.state, account.rows_sent, account.rows_read) == ("reading", 10, 0)
    system = house.world.system
    with activate(system):
        content = StagedTranscript.objects.visible_to(system).first()
        assert content is not None
        assert "坐席".encode() not in bytes(content.content)
    read = [services.transcripts_read(scope=system) for _ in range(4)]
    assert read == [4, 4, 2, 0]
    with activate(system):
        done = selectors.transcript_import_get(scope=system, uuid=account.uuid)
        assert (done.state, counts(done)) == ("done", (10, 10, 0, 0, 0))
        assert not StagedTranscript.objects.visible_to(system).exists()
        assert Transcript.objects.visible_to(system).count() == 10


def test_the_rival_has_no_such_call_and_sees_no_such_transcript(house: House) -> None:
    sent(house, TALK.encode())
    rival, agent, other = house.scope("boral_vendor_qa"), house.scope("andes_agent"), house.scope("contract_finance")
    with activate(rival):
        assert not selectors.transcript_list(scope=rival).exists()
        contract = house.world.vendors["BORAL"].contract
        account = services.transcripts_upload(
            scope=rival, contract=contract, file_name="C00001.txt", content=TALK.encode()
        )
        assert account.problems[0]["rule"] == "call_unknown"
    with activate(agent):
        # The call was another agent's.
        assert not selectors.transcript_list(scope=agent).exists()
    assert not other.can("transcripts.view")
    assert agent.at == READY
