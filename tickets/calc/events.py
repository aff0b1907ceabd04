"""What clocks are about and what they hear: promises, levels, and the events of a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from contracts.calc.business_time import BusinessCalendar
from tickets.calc.states import State


class Clock(StrEnum):
    """What a promise is about."""

    FIRST_RESPONSE = "first_response"
    UPDATE = "update"
    RESOLUTION = "resolution"
    HOP = "hop"
    CALLBACK = "callback"


class Level(StrEnum):
    """Who holds a ticket for a hop."""

    FIRST_LINE = "first_line"
    SECOND_LINE = "second_line"
    TECHNICAL = "technical"


class UpdateMode(StrEnum):
    """When the customer is owed news again."""

    BETWEEN_UPDATES = "between_updates"
    AFTER_CUSTOMER = "after_customer"


class Kind(StrEnum):
    """The events that clocks hear."""

    OPENED = "opened"
    TERMS = "terms"
    STATE = "state"
    HOP = "hop"
    REPLIED = "replied"
    ASKED = "asked"
    CALLED_BACK = "called_back"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy promises.

    Attributes:
        calendar: Windows that all clocks but the callback count in.
        callback_calendar: Windows that the callback counts in.
        target_seconds: Promise of each clock, business seconds; a clock that is absent does not run.
        hop_seconds: Promise of a hop by level.
        pausing: States in which resolution, update and hop stand still.
        update_mode: When the update clock starts.
    """

    calendar: BusinessCalendar
    callback_calendar: BusinessCalendar
    target_seconds: Mapping[Clock, int]
    hop_seconds: Mapping[Level, int] = field(default_factory=dict)
    pausing: frozenset[State] = frozenset({State.PENDING_CUSTOMER, State.PENDING_THIRD_PARTY})
    update_mode: UpdateMode = UpdateMode.AFTER_CUSTOMER


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket.

    Attributes:
        at: When.
        kind: What; the fields below belong to some kinds only.
        state: The state it moved to (STATE; OPENED for another than new).
        terms: What is promised from now on (OPENED, TERMS).
        level: Who takes over (OPENED, HOP).
        deadline: The moment that was agreed for a hop instead of its level's promise.
    """

    at: datetime
    kind: Kind
    state: State | None = None
    terms: Terms | None = None
    level: Level | None = None
    deadline: datetime | None = None
