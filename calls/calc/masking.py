"""What of a rejected value may be shown: never a whole phone number, never an unprintable character."""

from __future__ import annotations

import re

VALUE_LENGTH = 80
_RUN = re.compile(r"\+?\d(?:[ ().\-/]{0,3}\d){6,}")
_TIME = re.compile(
    r"(?:(?:19|20)\d\d[-/.]?[01]?\d[-/.]?[0-3]?\d|[0-3]?\d[-/.][0-3]?\d[-/.](?:(?:19|20)\d\d|\d\d))"
    r"(?:[T ]+[0-2]?\d:[0-6]\d.*)?"
)
# A day within a text, perhaps with its time of day; not where its digits are part of a longer number.
_DAY = re.compile(
    r"(?<![\d+])(?<!\d[ ().\-/])(?:(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)\d\d)"
    r"(?:[T ]+[0-2]?\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:[+-][01]\d:?[0-5]\d)?)?(?![ ().\-/]?\d)"
)
COVER = "•"
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    # Invisible ones, and those that turn the writing direction of what stands behind them.
    r"\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def value_mask(value: str, *, is_customer: bool = False, is_time: bool = False, is_own: bool = False) -> str:
    """A value as an error list may show it.

    Args:
        value: the text of the file.
        is_customer: the value stands where a caller's number or token belongs: only its end stays.
        is_time: the value stands where a time belongs, so digits in the shape of a date stay.
        is_own: only whoever sent the value sees it, so long digits that are no customer's stay.

    >>> value_mask("call 13800138000 back")
    'call •••••••8000 back'
    >>> value_mask("2026-03-01 25:00:00", is_time=True)
    '2026-03-01 25:00:00'
    >>> value_mask("7,2026-11-21T11:03,13800138000")
    '7,2026-11-21T11:03,•••••••8000'
    """
    text = value[: VALUE_LENGTH * 2]
    if is_customer:
        text = _cover(text)
    elif not is_own and not (is_time and _TIME.fullmatch(text)):
        text = _runs_cover(text)
    text = _UNSEEN.sub("\ufffd", text)
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"


def numbers_cover(text: str) -> str:
    """A whole text with long runs of digits covered but for their end, and dates left as they are.

    >>> numbers_cover("my number is 138 0013 8000, since 2026-03-01, order 4711")
    'my number is ••• •••• 8000, since 2026-03-01, order 4711'
    """
    return _runs_cover(text)


def _runs_cover(text: str) -> str:
    """Long runs of digits covered, but for those of a date."""
    shown, at = "", 0
    for day in _DAY.finditer(text):
        shown += _RUN.sub(lambda match: _cover(match.group()), text[at : day.start()]) + day.group()
        at = day.end()
    return shown + _RUN.sub(lambda match: _cover(match.group()), text[at:])


def _cover(text: str) -> str:
    """Letters and digits covered but for the last four of a long text, two of a short one.

    A plus in front goes: spreadsheets would take the rest for a formula.
    """
    text = text.removeprefix("+")
    positions = [at for at, char in enumerate(text) if char.isalnum()]
    keep = 4 if len(positions) >= 7 else 2 if len(positions) >= 4 else 0
    covered = set(positions[: len(positions) - keep])
    return "".join(COVER if at in covered else char for at, char in enumerate(text))
