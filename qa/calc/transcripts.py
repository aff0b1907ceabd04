"""Transcripts as files bring them: who said what and when, and all that is wrong with one that cannot be read."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from qa.calc.reading import Reader, Unreadable

SIZE_MOST_BYTES, LINES_MOST, TURNS_MOST, TEXT_MOST = 2_000_000, 20_000, 5000, 5000
# No call is that long; who has more gave times of the day over midnight, or milliseconds.
SECONDS_MOST = 12 * 3600
# No call begins with an hour of silence: such times are the clock's on the wall.
CLOCK_FROM_SECONDS = 3600
# What can be wrong, for the words of pages and interfaces: each comes with a place and what would be right there.
PROBLEMS: Final = (
    "encoding", "size", "json", "lines", "empty", "rows", "fields", "unknown", "text", "truth", "speaker",
    "speaker_first", "seconds", "time", "ends_before", "starts_missing", "call_length",
)  # fmt: skip


class Speaker(StrEnum):
    """Who speaks; SYSTEM is an announcement or a robot."""

    AGENT = "agent"
    CUSTOMER = "customer"
    SYSTEM = "system"


# How transcripts call them, as `_label` leaves it.
SPEAKERS: Final[dict[str, Speaker]] = {
    **dict.fromkeys(
        (
            "agent", "advisor", "adviser", "representative", "rep", "operator", "csr", "staff", "support",
            "customer service", "坐席", "座席", "客服", "客服人员", "客服代表", "客户经理", "话务员", "接线员", "专员",
            "工作人员", "服务人员",
        ),
        Speaker.AGENT,
    ),
    **dict.fromkeys(
        (
            "customer", "client", "caller", "user", "guest", "客户", "顾客", "用户", "客人", "来电人", "来电者",
            "来电客户", "消费者",
        ),
        Speaker.CUSTOMER,
    ),
    **dict.fromkeys(
        ("system", "ivr", "bot", "robot", "announcement", "系统", "机器人", "语音导航", "语音播报"), Speaker.SYSTEM
    ),
}  # fmt: skip


class TranscriptError(Unreadable):
    """A transcript that cannot be read; places are ``line 7`` or ``turns.2.text``, rules those of ``PROBLEMS``."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said at a stretch.

    Attributes:
        text: 1..5000 characters, without control characters.
        start_seconds: After the call was connected, 0..43200, to the millisecond; None if nobody noted it.
        end_seconds: Not before the start; None if nobody noted it.
    """

    speaker: Speaker
    text: str
    start_seconds: float | None = None
    end_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation in writing.

    Attributes:
        turns: 1..5000, by their start where all have one, else as they were written.
        starts_at_connect: Whether times count from the connection. Times of the day were shifted so that the first turn
            begins at 0, and how long that was after the connection is not known.
    """

    turns: tuple[Turn, ...]
    starts_at_connect: bool = True

    @property
    def has_starts(self) -> bool:
        """Whether the start of every turn is known."""
        return all(turn.start_seconds is not None for turn in self.turns)

    @property
    def has_ends(self) -> bool:
        """Whether start and end of every turn are known."""
        return self.has_starts and all(turn.end_seconds is not None for turn in self.turns)


def transcript_read(content: bytes | str) -> Transcript:
    """Return the transcript of a file: JSON, or text with one turn a line.

    Lines read ``[00:03] Agent: Hello``, ``坐席：您好``, ``00:03-00:07 Customer: …``, ``客户 00:03`` with the words on
    the lines below, and the like. Lines that name nobody go on with the turn before.

    Args:
        content: UTF-8, UTF-16 with its mark, or GB 18030; at most 2,000,000 bytes.

    Raises:
        TranscriptError: With everything that is wrong.

    >>> for turn in transcript_read("[00:03] Agent: Hello\\n00:00:05 客户：您好").turns:
    ...     print(turn.speaker.value, turn.text, turn.start_seconds)
    agent Hello 3.0
    customer 您好 5.0
    >>> transcript_read("[00:75] Agent: Hello\\nAgent:")
    Traceback (most recent call last):
    qa.calc.transcripts.TranscriptError: line 1: time mm:ss, hh:mm:ss; line 2: text 1–5000
    """
    text = _decoded(content)
    if re.match(r"\s*(\{|\[\s*[\{\]])", text):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            raise TranscriptError([(f"line {line}", "json", "")]) from None
        return transcript_from(value)
    reader = Reader()
    turns = _Lines(reader).read(text)
    return _finished(reader, [(f"line {line}", turn) for line, turn in turns], starts_at_connect=True)


def transcript_from(value: Any) -> Transcript:
    """Return the transcript of a JSON value.

    Args:
        value: ``{"turns": [{"speaker": "agent", "start_seconds": 0.0, "end_seconds": 2.1, "text": "…"}]}`` or the bare
            list; times may be left out.

    Raises:
        TranscriptError: With everything that is wrong.

    >>> transcript_from([{"speaker": "客户", "text": "您好"}]).turns[0].speaker.value
    'customer'
    """
    reader = Reader()
    body = {"turns": value} if isinstance(value, list) else reader.mapping("", value)
    reader.only("", body, ("turns", "starts_at_connect"))
    rows = reader.rows("turns", body.get("turns"), 1, TURNS_MOST)
    turns = [(f"turns.{at}", _turn(reader, f"turns.{at}", row)) for at, row in enumerate(rows)]
    at_connect = reader.truth("starts_at_connect", body.get("starts_at_connect", True))
    return _finished(reader, turns, starts_at_connect=at_connect)


def transcript_stored(transcript: Transcript) -> dict[str, Any]:
    """Return the shape that ``transcript_from`` reads back as the same transcript.

    >>> transcript_stored(Transcript((Turn(Speaker.AGENT, "Hi", 0.0),)))["turns"]
    [{'speaker': 'agent', 'text': 'Hi', 'start_seconds': 0.0, 'end_seconds': None}]
    """
    return {
        "starts_at_connect": transcript.starts_at_connect,
        "turns": [
            {
                "speaker": turn.speaker.value,
                "text": turn.text,
                "start_seconds": turn.start_seconds,
                "end_seconds": turn.end_seconds,
            }
            for turn in transcript.turns
        ],
    }


def _decoded(content: bytes | str) -> str:
    if len(content) > SIZE_MOST_BYTES:
        raise TranscriptError([("", "size", f"0–{SIZE_MOST_BYTES}")])
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TranscriptError([("", "encoding", "UTF-8, UTF-16, GB 18030")])


def _clean(text: str) -> str:
    """Text that a database takes: no control characters, no halves of characters."""
    text = re.sub(r"[\ud800-\udfff]", "\ufffd", re.sub(r"\s+", " ", text))
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text).strip()


def _label(text: str) -> Speaker | None:
    """Whom a label means: ``Agent``, ``坐席8021``, ``Customer (mobile)``."""
    name = unicodedata.normalize("NFKC", text).casefold().strip(" *_#-")
    name = re.sub(r"\s*(\([^()]*\)|#?\d{1,12})$", "", name)
    return SPEAKERS.get(name) or SPEAKERS.get(name.replace("_", " "))


def _speaker(reader: Reader, place: str, value: Any) -> Speaker:
    speaker = _label(value) if isinstance(value, str) else None
    if speaker is None:
        reader.wrong(place, "speaker", f"{', '.join(Speaker)}, 坐席, 客户")
    return speaker or Speaker.SYSTEM


def _turn(reader: Reader, place: str, value: Any) -> Turn:
    row = reader.mapping(place, value)
    if not row:
        if isinstance(value, dict):
            reader.wrong(place, "fields")
        return Turn(Speaker.SYSTEM, "")
    reader.only(f"{place}.", row, ("speaker", "text", "start_seconds", "end_seconds"))
    text = row.get("text")
    times = [
        # Times of the day may be given here too.
        None if row.get(name) is None else reader.seconds(f"{place}.{name}", row[name], 0, 2 * 86400)
        for name in ("start_seconds", "end_seconds")
    ]
    return Turn(
        _speaker(reader, f"{place}.speaker", row.get("speaker")),
        reader.text(f"{place}.text", _clean(text) if isinstance(text, str) else text, TEXT_MOST),
        times[0],
        times[1],
    )


def _finished(reader: Reader, turns: list[tuple[str, Turn]], *, starts_at_connect: bool) -> Transcript:
    for place, turn in turns:
        if turn.end_seconds is not None and turn.start_seconds is None:
            reader.wrong(place, "starts_missing")
        elif turn.end_seconds is not None and turn.start_seconds is not None and turn.end_seconds < turn.start_seconds:
            reader.wrong(place, "ends_before", f"{turn.start_seconds:g}–")
    if not turns and not reader.problems:
        reader.wrong("", "empty")
    starts = [turn.start_seconds for _place, turn in turns if turn.start_seconds is not None]
    first = min(starts, default=0.0)
    if first >= CLOCK_FROM_SECONDS:
        starts_at_connect = False
        turns = [(place, _shifted(turn, first)) for place, turn in turns]
    for place, turn in turns:
        if max(turn.start_seconds or 0, turn.end_seconds or 0) > SECONDS_MOST:
            reader.wrong(place, "call_length", f"0–{SECONDS_MOST}")
    if reader.problems:
        raise TranscriptError(reader.problems)
    said = [turn for _place, turn in turns]
    if len(starts) == len(said):
        # Channels may be written down one after the other.
        said.sort(key=lambda turn: turn.start_seconds or 0)
    return Transcript(tuple(said), starts_at_connect)


def _shifted(turn: Turn, by_seconds: float) -> Turn:
    start, end = (
        None if at is None else round(max(at - by_seconds, 0.0), 3) for at in (turn.start_seconds, turn.end_seconds)
    )
    return replace(turn, start_seconds=start, end_seconds=end)


_TIME = r"(?:\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,6})?|\d{1,6}(?:[.,]\d{1,6})?\s?s(?:ec)?)"
_BARE = r"(?:\d{1,6}(?:[.,]\d{1,6})?)"
_TO = r"\s*(?:-{1,2}>?|–|—|~|to|至)\s*"
_STAMP = (
    rf"(?:[\[(【<](?P<inner>{_TIME}|{_BARE})(?:{_TO}(?P<inner_end>{_TIME}|{_BARE}))?[\])】>]"
    rf"|(?P<plain>{_TIME})(?:{_TO}(?P<plain_end>{_TIME}))?(?![\w:]))"
)
_STAMPED = re.compile(rf"\s*{_STAMP}\s*[-–|]?\s*(?P<rest>.*)", re.S | re.I)
# A label is short; an address such as https://… and a number such as 3:00 are none.
_LABELLED = re.compile(r"\s*(?P<label>[^:：\[\]【】<>]{1,40}?)\s*[:：](?!//)\s*(?P<text>.*)", re.S)
_SPEAKER_THEN_TIME = re.compile(
    rf"\s*(?P<label>[^:：\[\]【】<>\d(]{{1,30}}?\s*(?:#?\d{{1,12}}(?=[\s\[(【<]))?)\s*{_STAMP}\s*[:：]?\s*(?P<text>.*)",
    re.S | re.I,
)


class _Lines:
    """Reads lines, noting what is wrong with each."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.turns: list[tuple[int, Speaker, list[str], float | None, float | None]] = []

    def read(self, text: str) -> list[tuple[int, Turn]]:
        lines = [(at, line) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if len(lines) > LINES_MOST:
            self.reader.wrong("", "lines", f"1–{LINES_MOST}")
            return []
        for at, line in lines:
            if len(line) > 2 * TEXT_MOST:
                self.reader.wrong(f"line {at}", "text", f"1–{TEXT_MOST}")
            elif words := _clean(line):
                self._line(at, words)
        if len(self.turns) > TURNS_MOST:
            self.reader.wrong("", "rows", f"1–{TURNS_MOST}")
        return list(self._joined())

    def _joined(self) -> Iterable[tuple[int, Turn]]:
        for at, speaker, texts, start, end in self.turns:
            words = _clean(" ".join(texts))
            if not 1 <= len(words) <= TEXT_MOST:
                self.reader.wrong(f"line {at}", "text", f"1–{TEXT_MOST}")
            yield at, Turn(speaker, words, start, end)

    def _line(self, at: int, line: str) -> None:
        stamped = _STAMPED.fullmatch(line)
        turned = None if stamped else _SPEAKER_THEN_TIME.fullmatch(line)
        if turned and _label(turned["label"]):
            self._begin(at, turned["label"], turned["text"], turned)
            return
        rest = stamped["rest"] if stamped else line
        labelled = _LABELLED.fullmatch(rest)
        if labelled and (stamped or _label(labelled["label"]) or self._looks_like_label(labelled["label"])):
            self._begin(at, labelled["label"], labelled["text"], stamped)
        elif stamped and _label(rest):
            self._begin(at, rest, "", stamped)
        elif stamped or not self.turns:
            self.reader.wrong(f"line {at}", "speaker_first", f"{', '.join(Speaker)}, 坐席, 客户")
        else:
            self.turns[-1][2].append(rest)

    @staticmethod
    def _looks_like_label(label: str) -> bool:
        """One word before a colon is meant to be a name, and better asked about than swallowed."""
        return not re.search(r"\s", label.strip()) and len(label) <= 12 and not label.strip().isdigit()

    def _begin(self, at: int, label: str, text: str, stamp: re.Match[str] | None) -> None:
        start, end = (None, None) if stamp is None else (self._time(at, stamp, ""), self._time(at, stamp, "_end"))
        speaker = _speaker(self.reader, f"line {at}", label)
        self.turns.append((at, speaker, [text], start, end))

    def _time(self, at: int, stamp: re.Match[str], which: str) -> float | None:
        """Seconds of ``3.5``, ``mm:ss`` or ``hh:mm:ss``; minutes may go over 59 where there are no hours."""
        written = stamp[f"inner{which}"] or stamp[f"plain{which}"]
        if written is None:
            return None
        parts = [float(part) for part in re.sub(r"\s?s(ec)?$", "", written.lower()).replace(",", ".").split(":")]
        if (len(parts) > 1 and parts[-1] >= 60) or (len(parts) > 2 and parts[-2] >= 60):
            self.reader.wrong(f"line {at}", "time", "mm:ss, hh:mm:ss")
            return None
        seconds = 0.0
        for part in parts:
            seconds = 60 * seconds + part
        return round(seconds, 3)
