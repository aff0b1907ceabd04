"""Which lines of the script library answer what a customer says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.calc.phrases import closest
from qa.calc.speech_text import normalize

SUGGESTIONS_MOST = 3
# Below, what the customer said and the phrase have little in common.
LEAST_PERCENT = 70


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line of the library.

    Attributes:
        phrases: What customers say when it fits.
        text: What the agent may say.
    """

    key: str
    reason: str
    phrases: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line that may fit.

    Attributes:
        phrase: The phrase of the line that is most like what was said.
        similarity: 0..1.
    """

    line: ScriptLine
    phrase: str
    similarity: float


class ScriptLibrary:
    """Lines of the library, ready to be asked.

    >>> library = ScriptLibrary([
    ...     ScriptLine("refund", "returns", ("我要退款", "I want my money back"), "我马上为您登记退款。"),
    ...     ScriptLine("late", "delivery", ("还没收到货", "has not arrived"), "我帮您查一下物流。")])
    >>> [(each.line.key, each.phrase, round(each.similarity, 2)) for each in library.suggest("你好，我要退个款")]
    [('refund', '我要退款', 0.89)]
    """

    def __init__(self, lines: Iterable[ScriptLine]) -> None:
        self._lines = [
            (line, [(phrase, normal) for phrase in line.phrases if (normal := normalize(phrase))]) for line in lines
        ]

    def suggest(
        self, text: str, *, most: int = SUGGESTIONS_MOST, least_percent: int = LEAST_PERCENT
    ) -> list[Suggestion]:
        """Return the lines whose phrases are most like a stretch of what the customer said.

        Args:
            text: What the customer said, as it was transcribed.
            most: 1 or more.
            least_percent: 1..100, how like it must be; of equal ones the longer phrase goes first, then the key.

        Source: docs/formulas.md, "Transcript rules".
        """
        said = normalize(text)
        found = []
        for line, phrases in self._lines:
            likeness = [
                (near.similarity, len(normal), phrase)
                for phrase, normal in phrases
                if (near := closest(normal, said, least_percent)) is not None
            ]
            if likeness:
                similarity, length, phrase = max(likeness)
                found.append((-similarity, -length, line.key, Suggestion(line, phrase, similarity)))
        return [suggestion for *_order, suggestion in sorted(found, key=lambda each: each[:3])[:most]]
