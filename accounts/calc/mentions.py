"""People whom a text names by ``@name``."""

from __future__ import annotations

import re

# The user names of most vendors' people end with the vendor's sign: @li.na@nova. Chinese puts no space around a name,
# so what follows the sign is a name and perhaps more; what stands before it is looked at for e-mail addresses only.
MENTION = re.compile(r"(?<![A-Za-z0-9.+%-])[@＠][\u200b-\u200d\u2060\ufeff]*(\w[\w.+@-]*)")
NAME_MOST = 150


def names_in(text: str) -> set[str]:
    """Return the user names that a text may mention by ``@name``, whether there are such people or not."""
    return {name for run in MENTION.findall(text) for name in names_of(run)}


def names_of(run: str) -> list[str]:
    """Return what may be the name at the beginning of a run of letters, the longest first.

    >>> names_of("li.")
    ['li.', 'li', 'l']
    """
    return [run[:end].lower() for end in range(min(len(run), NAME_MOST), 0, -1)]
