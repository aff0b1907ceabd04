"""A call in progress that somebody should look at: why, what was done, how long it took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Who does not come to help within that time does not help this call any more.
LAPSES_AFTER = timedelta(minutes=30)
# An intervention is quick within so many seconds.
QUICK_SECONDS = 60


class LiveReason(StrEnum):
    """Why a call in progress is flagged (A104)."""

    HELP = "help"
    RISKY_WORDS = "risky_words"
    SILENCE = "silence"
    LONG_TALK = "long_talk"
    OTHER = "other"


class LiveSource(StrEnum):
    """Who flagged it."""

    SWITCH = "switch"
    AGENT = "agent"
    PERSON = "person"


class LiveState(StrEnum):
    """How far the help is."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"
    LAPSED = "lapsed"


class Intervention(StrEnum):
    """How somebody came in."""

    LISTENED = "listened"
    WHISPERED = "whispered"
    TOOK_OVER = "took_over"
    TALKED_AFTER = "talked_after"


class LiveOutcome(StrEnum):
    """What came of it."""

    SOLVED = "solved"
    CALMED = "calmed"
    FOLLOW_UP = "follow_up"
    CUSTOMER_LEFT = "customer_left"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """Flags of a period; each ratio beside its numerator and denominator.

    Attributes:
        flagged: All flags that have come to an end or been taken; those that still wait are left out.
        taken: Those that somebody took.
        lapsed: Those that nobody took in time.
        quick: Those taken within 60 s.
        wait_seconds: Seconds from the flag until somebody took it, added up over those taken.
    """

    flagged: int
    taken: int
    lapsed: int
    quick: int
    wait_seconds: float

    @property
    def taken_ratio(self) -> float | None:
        """Share of the flags that somebody took, 0..1; None without flags."""
        return self.taken / self.flagged if self.flagged else None

    @property
    def quick_ratio(self) -> float | None:
        """Share of the flags taken within 60 s, 0..1; None without flags."""
        return self.quick / self.flagged if self.flagged else None

    @property
    def mean_wait_seconds(self) -> float | None:
        """Seconds until somebody took a flag, on average over those taken; None if none was."""
        return self.wait_seconds / self.taken if self.taken else None


def live_figures(flags: Iterable[tuple[datetime, datetime | None, LiveState]]) -> LiveFigures:
    """Return the figures of flags.

    Args:
        flags: When each was flagged, when it was taken, and its state.

    Source: docs/formulas.md, "Time to intervention".

    >>> from datetime import UTC
    >>> at = datetime(2026, 6, 15, 9, tzinfo=UTC)
    >>> found = live_figures([
    ...     (at, at + timedelta(seconds=30), LiveState.CLOSED), (at, at + timedelta(seconds=90), LiveState.TAKEN),
    ...     (at, None, LiveState.LAPSED), (at, None, LiveState.OPEN)])
    >>> found.flagged, found.taken, found.quick, found.mean_wait_seconds
    (3, 2, 1, 60.0)
    """
    settled = [flag for flag in flags if flag[2] is not LiveState.OPEN]
    waits = [(taken - flagged).total_seconds() for flagged, taken, _state in settled if taken is not None]
    return LiveFigures(
        flagged=len(settled),
        taken=len(waits),
        lapsed=sum(state is LiveState.LAPSED for _flagged, _taken, state in settled),
        quick=sum(wait <= QUICK_SECONDS for wait in waits),
        wait_seconds=sum(waits),
    )
