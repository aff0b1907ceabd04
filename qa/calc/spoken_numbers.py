"""Numbers in transcripts: what a customer said digit by digit is covered before anything is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from calls.calc.masking import COVER, numbers_cover
from qa.calc.transcripts import Transcript

# Telephone numbers have at least as many; an agent's number or an order's end has fewer.
DIGITS_LEAST: Final = 7
_CHINESE = "0-9零〇一壹幺二两三四五六七八九"
_CHINESE_RUN = re.compile(rf"[{_CHINESE}](?:[ ,，、\-]{{0,2}}[{_CHINESE}]){{{DIGITS_LEAST - 1},}}")
_HAS_CHINESE = re.compile("[零〇一壹幺二两三四五六七八九]")
_WORD = r"(?:(?:double|triple)[ \-]+)?(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|\d)"
ENGLISH_RUN = re.compile(rf"(?<![a-z0-9]){_WORD}(?:[ ,.\-]{{1,3}}{_WORD}){{{DIGITS_LEAST - 1},}}(?![a-z0-9])", re.I)


def text_cover(text: str) -> str:
    """Return a text in which nobody reads a telephone number, a card or an account.

    Digits keep the last four, as everywhere in the house; spoken ones keep nothing.

    >>> text_cover("打 13800138000，或者幺三八 零零幺三 八零零零"), text_cover("工号八零二一")
    ('打 •••••••8000，或者•••••••', '工号八零二一')
    >>> text_cover("one three eight, double oh one three eight"), text_cover("one or two days")
    ('•••••••', 'one or two days')
    """
    if _HAS_CHINESE.search(text):
        text = _CHINESE_RUN.sub(_spoken, text)
    return numbers_cover(ENGLISH_RUN.sub(_spoken, text))


def _spoken(found: re.Match[str]) -> str:
    """Digits alone are left to those who know what a date looks like."""
    return found.group() if re.fullmatch(r"[\d ,，、.\-]+", found.group()) else COVER * DIGITS_LEAST


def transcript_cover(transcript: Transcript) -> Transcript:
    """Return a transcript whose long numbers are covered."""
    turns = tuple(
        turn if (text := text_cover(turn.text)) == turn.text else replace(turn, text=text) for turn in transcript.turns
    )
    return replace(transcript, turns=turns)
