"""What the parts of a page are made of; views fill these, templates/components/ draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do: a verb, where it leads, and who may.

    Attributes:
        label: A verb and its object.
        url: Address; ``reverse_lazy`` in class bodies.
        icon: Name in embedded/icons.txt.
        permission: What the scope needs; the caller leaves out what is not allowed.
        post: Whether it changes something and so must be a form.
        confirm: The question that names the thing, for what cannot be undone.
    """

    label: Any
    url: Any
    icon: str = ""
    permission: str = ""
    post: bool = False
    confirm: Any = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page."""

    label: Any
    url: Any = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the strip under a head; ``value`` may be safe HTML."""

    label: Any
    value: Any
    hint: Any = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a detail page; every tab has its own address."""

    label: Any
    url: Any
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What happens now with something that has states.

    Attributes:
        step: The current step in words.
        who: Who must act.
        due_at: By when, if there is a date.
        text: What to do and why.
        actions: The buttons; the first is the primary one.
    """

    step: Any
    who: Any = ""
    due_at: datetime | None = None
    text: Any = ""
    actions: Sequence[Action] = ()
    tone: str = "info"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Tile:
    """One KPI at a glance.

    Attributes:
        name: The KPI in words.
        value: The exact value; None is "no data".
        unit: ``ratio``, ``seconds`` or ``count``.
        level: ``goal``, ``amber``, ``short``, ``minimum`` or ``none`` (no target).
        target: The goal in the same unit.
        distance: Value less target; its sign is shown, the level says whether it is good.
        number: n, the denominator.
        trend: Values in order of time, None for gaps.
        is_provisional: Whether late data may still change it.
        is_small: Whether n is too small to judge by.
        url: The explorer with the same filters.
        drawer_url: The derivation, loaded into the drawer.
        note: One more line, such as the interval.
    """

    name: Any
    value: Any
    unit: str = "ratio"
    level: str = "none"
    target: Any = None
    distance: Any = None
    number: int | None = None
    trend: Sequence[Any] = field(default_factory=tuple)
    is_provisional: bool = False
    is_small: bool = False
    url: str = ""
    drawer_url: str = ""
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What one field was and became; None is nothing."""

    label: Any
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as the history of an object tells it.

    Attributes:
        at: When.
        actor: Who, as the reader may know it.
        text: What they did: a sentence without its subject.
        changes: What differed.
    """

    at: datetime
    actor: Any
    text: Any
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come.

    Attributes:
        done: Rows behind us.
        total: Rows in all; None while nobody knows.
        text: The present step in words.
        facts: More figures: rows bad, time left.
        is_running: Whether the page should go on asking.
        cancel: The way to stop it.
    """

    done: int
    total: int | None
    text: Any
    facts: Sequence[Fact] = ()
    is_running: bool = True
    cancel: Action | None = None

    @property
    def percent(self) -> int | None:
        """Whole percent done, rounded down, so that 100 means all."""
        return None if not self.total else min(100, 100 * self.done // self.total)
