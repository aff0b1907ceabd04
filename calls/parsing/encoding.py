"""Which encoding a text file has, and the file as UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from calls.calc.masking import value_mask
from calls.calc.rules import FileRefusedError

CHUNK = 1 << 20
_HEAD_BYTES = 4096
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Shown to the sender when nobody but a person can tell.
_CANDIDATES = ("utf-8", "gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file; a guess needs a person's look at the readings.

    ``is_plain``: the whole file was read as UTF-8 without a byte order mark, so that no copy is needed.
    """

    name: str
    is_plain: bool = False
    is_guess: bool = False
    readings: dict[str, list[str]] = field(default_factory=dict)


def encoding_find(path: Path, *, declared: str) -> Encoding:
    """Find the encoding: as declared, else byte order mark, strict UTF-8, and GB18030 as a guess.

    Raises:
        FileRefusedError: ``encoding_unknown`` when none of them reads the whole file.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    bom = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    if bom == "utf-8-sig":
        # No text of another encoding begins so; rejected rows are downloaded with it whatever the profile declares.
        return Encoding(bom)
    if declared != "auto":
        return Encoding(declared, is_plain=declared == "utf-8" and _decodes(path, "utf-8"))
    if bom:
        return Encoding(bom)
    # UTF-16 without a mark is valid UTF-8 full of NULs.
    if head.count(0) * 10 <= len(head):
        if _decodes(path, "utf-8"):
            return Encoding("utf-8", is_plain=True)
        if _decodes(path, "gb18030"):
            return Encoding("gb18030", is_guess=True, readings=readings(path))
    raise FileRefusedError("encoding_unknown", **_flat(readings(path)))


def readings(path: Path) -> dict[str, list[str]]:
    """The first three lines in every encoding that reads the head without an error, numbers masked."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    found = {}
    for name in _CANDIDATES:
        try:
            text = codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            found[name] = [value_mask(line) for line in text.splitlines()[:3]]
    return found


def refusal_readings(path: Path) -> dict[str, list[str]]:
    """Readings as details of a refusal."""
    return _flat(readings(path))


def _flat(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {f"reading_{name}": lines for name, lines in found.items()}


def utf8_write(path: Path, found: Encoding, *, target: Path) -> Path:
    """Give the file as strict UTF-8: itself when it is, else a copy.

    Raises:
        FileRefusedError: ``encoding_invalid`` with the byte and line of the first error.
    """
    if found.is_plain:
        return path
    with target.open("w", encoding="utf-8", newline="") as copy:
        for text in _decoded(path, found.name):
            copy.write(text)
    return target


def _decodes(path: Path, encoding: str) -> bool:
    try:
        for _ in _decoded(path, encoding):
            pass
    except FileRefusedError:
        return False
    return True


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, line = 0, 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                raise FileRefusedError(
                    "encoding_invalid",
                    encoding=encoding.removesuffix("-sig"),
                    position=offset - pending + error.start,
                    line=line + before.count("\n"),
                ) from error
            yield text
            if not chunk:
                return
            offset += len(chunk)
            line += text.count("\n")
