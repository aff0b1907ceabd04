"""What people and programs send: one transcript, one a line, a list, or an archive of files, taken apart."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from qa.calc.reading import Unreadable
from qa.calc.transcripts import SIZE_MOST_BYTES

ROWS_MOST, FILE_BYTES_MOST = 10_000, 50 * 1024 * 1024
# An archive may hold no more than this when unpacked: text shrinks to a tenth, a bomb to a thousandth.
UNPACKED_MOST_BYTES = 400 * 1024 * 1024
CALL_MOST = 100
ZIP: Final = b"PK\x03\x04"
FIELDS: Final = ("call", "text", "turns", "starts_at_connect")
# What can be wrong with the parts of a file, beside what is wrong inside a transcript.
PROBLEMS: Final = ("call_missing", "call_unknown", "twice", "encrypted", "archive", "text_or_turns")


@dataclass(frozen=True, slots=True)
class Sent:
    """One transcript as it came.

    Attributes:
        name: What the account calls it: a file of an archive, ``line 3``, ``rows.2``.
        call: The call's id; empty if nobody said.
        content: As ``transcript_read`` takes it.
        problem: Rule and what would be right, if it cannot even be taken out.
    """

    name: str
    call: str
    content: bytes = b""
    problem: tuple[str, str] | None = None


class SentError(Unreadable):
    """A file that cannot be taken apart."""


def sent_read(file_name: str, content: bytes, call: str = "") -> list[Sent]:
    """Return the transcripts of a file, in its order.

    An archive has one file a call, named after it; JSON lines and a JSON list have objects with ``call`` and either
    ``turns`` or ``text``; anything else is one transcript, of the call that is given or that the file is named after.

    Args:
        file_name: As the sender calls it.
        content: At most 50 MB.
        call: The call's id, for a file with one transcript.

    Raises:
        SentError: It is too large, empty, no readable archive, or has too many transcripts.

    >>> [(row.name, row.call) for row in sent_read("a.jsonl", b'{"call": "C1", "text": "agent: hi"}\\n{"call": 2}')]
    [('line 1', 'C1'), ('line 2', '2')]
    >>> [(row.name, row.call) for row in sent_read("C7.txt", "坐席：您好".encode())]
    [('C7.txt', 'C7')]
    """
    if not content.strip():
        raise SentError([("", "empty", "")])
    if len(content) > FILE_BYTES_MOST:
        raise SentError([("", "size", f"0–{FILE_BYTES_MOST}")])
    rows = list(_archived(content)) if content.startswith(ZIP) else list(_plain(file_name, content, call))
    if not rows:
        raise SentError([("", "empty", "")])
    return rows


def row_sent(name: str, value: Any) -> Sent:
    """Return one transcript of a JSON object with ``call`` and ``turns`` or ``text``.

    >>> row_sent("rows.0", {"call": "C1"}).problem
    ('text_or_turns', 'text, turns')
    """
    if not isinstance(value, dict):
        return Sent(name, "", problem=("fields", ""))
    call = value.get("call")
    call = str(call).strip() if isinstance(call, str | int) and not isinstance(call, bool) else ""
    unknown = sorted(set(map(str, value)) - set(FIELDS))
    if unknown:
        return Sent(name, call, problem=("unknown", ", ".join(FIELDS)))
    if ("text" in value) == ("turns" in value) or not isinstance(value.get("text", ""), str):
        return Sent(name, call, problem=("text_or_turns", "text, turns"))
    if "text" in value:
        return Sent(name, call, value["text"].encode("utf-8", "replace"))
    body = {key: value[key] for key in ("turns", "starts_at_connect") if key in value}
    return Sent(name, call, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


def _plain(file_name: str, content: bytes, call: str) -> Iterator[Sent]:
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = "" if is_wide else content.decode("utf-8-sig", "replace").strip()
    listed = _json(text) if text.startswith("[") else None
    if isinstance(listed, list) and any(isinstance(each, dict) and "call" in each for each in listed):
        _count(len(listed))
        yield from (row_sent(f"rows.{at}", each) for at, each in enumerate(listed))
        return
    whole = _json(text) if text.startswith("{") else None
    if isinstance(whole, dict) and "call" in whole:
        yield row_sent(file_name, whole)
        return
    lines = [(at, line) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    first = _json(lines[0][1]) if lines and lines[0][1].lstrip().startswith("{") else None
    if whole is None and isinstance(first, dict):
        _count(len(lines))
        for at, line in lines:
            value = _json(line)
            yield Sent(f"line {at}", "", problem=("json", "")) if value is None else row_sent(f"line {at}", value)
        return
    yield Sent(file_name, call.strip() or PurePosixPath(file_name).stem, content)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _count(rows: int) -> None:
    if rows > ROWS_MOST:
        raise SentError([("", "rows", f"1–{ROWS_MOST}")])


def _archived(content: bytes) -> Iterator[Sent]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_hidden(member.filename)]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise SentError([("", "archive", "ZIP")]) from None
    _count(len(members))
    left = UNPACKED_MOST_BYTES
    for member in members:
        # The name as it can be shown; the announced size is not believed.
        name = "".join(char for char in member.filename if char.isprintable())[-200:]
        call = PurePosixPath(name).stem
        if member.flag_bits & 1:
            yield Sent(name, call, problem=("encrypted", ""))
            continue
        try:
            with archive.open(member) as file:
                data = file.read(SIZE_MOST_BYTES + 1)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError):
            yield Sent(name, call, problem=("archive", "ZIP"))
            continue
        except Exception as error:
            # Damaged streams of each method raise errors of their own library.
            if type(error).__module__.split(".")[0] not in ("zlib", "lzma", "bz2", "_lzma"):
                raise
            yield Sent(name, call, problem=("archive", "ZIP"))
            continue
        left -= len(data)
        if left < 0:
            raise SentError([("", "size", f"0–{UNPACKED_MOST_BYTES}")])
        is_long = len(data) > SIZE_MOST_BYTES
        yield Sent(name, call, problem=("size", f"0–{SIZE_MOST_BYTES}")) if is_long else Sent(name, call, data)


def _is_hidden(name: str) -> bool:
    return "__MACOSX" in name or PurePosixPath(name).name.startswith(".")
