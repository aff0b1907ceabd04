"""What a script is made of: lines in order, each with a key that stays, and how two versions differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

LINES_MOST, TEXT_MOST, TRIGGERS_MOST, TRIGGER_LENGTH = 120, 2000, 20, 120
# CODE#line, each part of at most 40 characters.
REFERENCE_MOST = 81
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_REFERENCE = re.compile(r"([A-Z0-9][A-Z0-9-]{0,39})#([a-z][a-z0-9_]{0,39})\Z")
# Words of spaced scripts, and every other sign alone.
_PIECES = re.compile(r"[A-Za-z0-9'’]+|\s+|.", re.DOTALL)


class ScriptState(StrEnum):
    """Whether a version of a script may be used."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class ScriptKind(StrEnum):
    """What a script is for."""

    CALL = "call"
    TEMPLATE = "template"
    QUICK = "quick"


class Stage(StrEnum):
    """Where in a conversation a line has its place (A78, A80, A81)."""

    OPENING = "opening"
    PURPOSE = "purpose"
    PROBLEM = "problem"
    SOLUTION = "solution"
    SELLING = "selling"
    OBJECTION = "objection"
    CLOSING = "closing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script.

    Attributes:
        key: Names the line in every version.
        triggers: What a customer says when it fits.
    """

    key: str
    stage: Stage
    text: str
    triggers: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the line as it is stored."""
        return {"key": self.key, "stage": self.stage.value, "text": self.text, "triggers": list(self.triggers)}


class PartsError(ValueError):
    """Lines that cannot be a script.

    Attributes:
        problems: Place, rule and what is allowed, each.
    """

    def __init__(self, problems: list[tuple[str, str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {rule}" for place, rule, _allowed in problems))
        self.problems = problems


def parts_read(rows: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Return the lines of a script; a line without a key gets the name of its stage, numbered if that is taken.

    Args:
        rows: ``stage`` and ``text``, and ``key`` and ``triggers`` if they are given.

    Raises:
        PartsError: With everything that is wrong.

    >>> [line.key for line in parts_read([{"stage": "opening", "text": "Hello"}, {"stage": "opening", "text": "Hi"}])]
    ['opening', 'opening_2']
    """
    found, problems = list(rows), []
    given = [str(row.get("key") or "").strip() for row in found]
    taken = {key for key in given if key}
    lines: list[Line] = []
    for place, (row, key) in enumerate(zip(found, given, strict=True), start=1):
        where, text = str(place), str(row.get("text") or "").strip()
        triggers = tuple(dict.fromkeys(" ".join(str(each).split()) for each in row.get("triggers") or () if each))
        stage = str(row.get("stage") or "")
        checks = (
            (stage not in set(Stage), "stage", ", ".join(each.value for each in Stage)),
            (bool(key) and not _KEY.match(key), "key", ""),
            (bool(key) and given.count(key) > 1, "twice", key),
            (not 1 <= len(text) <= TEXT_MOST, "text", f"1–{TEXT_MOST}"),
            (len(triggers) > TRIGGERS_MOST, "triggers", str(TRIGGERS_MOST)),
            (any(len(each) > TRIGGER_LENGTH for each in triggers), "trigger", str(TRIGGER_LENGTH)),
        )
        wrong = [(where, rule, allowed) for is_wrong, rule, allowed in checks if is_wrong]
        problems += wrong
        if not wrong:
            name = key or _free_key(stage, taken)
            taken.add(name)
            lines.append(Line(name, Stage(stage), text, triggers))
    if not 1 <= len(found) <= LINES_MOST:
        problems.append(("", "lines", f"1–{LINES_MOST}"))
    if problems:
        raise PartsError(problems)
    return tuple(lines)


def _free_key(stage: str, taken: set[str]) -> str:
    number = 1
    while (key := stage if number == 1 else f"{stage}_{number}") in taken:
        number += 1
    return key


def text_of(lines: Iterable[Line]) -> str:
    """Return what is said, line under line."""
    return "\n".join(line.text for line in lines)


def reference_read(text: str) -> tuple[str, str] | None:
    """Return the script's code and the line's key that a reference names; None if it is none.

    >>> reference_read("RENEWAL#opening"), reference_read("renewal")
    (('RENEWAL', 'opening'), None)
    """
    found = _REFERENCE.match(text)
    return (found[1], found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A line in two versions.

    Attributes:
        change: ``same``, ``changed``, ``added`` or ``removed``.
        pieces: What is the same (``=``), was taken out (``-``) and put in (``+``), in reading order.
    """

    key: str
    before: Line | None
    after: Line | None
    change: str
    pieces: tuple[tuple[str, str], ...]

    @property
    def line(self) -> Line:
        """The line as it is now, or as it last was."""
        line = self.after or self.before
        assert line is not None
        return line


def lines_compare(before: Sequence[Line], after: Sequence[Line]) -> list[Compared]:
    """Return every line of two versions, in the order of the later one; what it left out stands at the end.

    >>> [(row.key, row.change) for row in lines_compare(
    ...     [Line("a", Stage.OPENING, "Hello"), Line("b", Stage.CLOSING, "Bye")], [Line("a", Stage.OPENING, "Hi")])]
    [('a', 'changed'), ('b', 'removed')]
    """
    former, kept = {line.key: line for line in before}, {line.key for line in after}
    rows = [_compare(former.get(line.key), line) for line in after]
    return rows + [_compare(line, None) for line in before if line.key not in kept]


def _compare(before: Line | None, after: Line | None) -> Compared:
    if before is None or after is None:
        line = after or before
        assert line is not None
        sign = "+" if before is None else "-"
        return Compared(line.key, before, after, "added" if before is None else "removed", ((sign, line.text),))
    if before == after:
        return Compared(after.key, before, after, "same", (("=", after.text),))
    return Compared(after.key, before, after, "changed", tuple(_pieces(before.text, after.text)))


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    left, right = _PIECES.findall(before), _PIECES.findall(after)
    found: list[tuple[str, str]] = []
    out, new = "", ""
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for at, (tag, i1, i2, j1, j2) in enumerate(steps):
        same = "".join(left[i1:i2]) if tag == "equal" else ""
        # A space between two changes is part of them: nobody reads word by word what was written anew.
        if same and (same.strip() or at in (0, len(steps) - 1)):
            found += [(sign, text) for sign, text in (("-", out), ("+", new), ("=", same)) if text]
            out, new = "", ""
        else:
            out, new = out + "".join(left[i1:i2]), new + "".join(right[j1:j2])
    return found + [(sign, text) for sign, text in (("-", out), ("+", new)) if text]
