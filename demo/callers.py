"""Who was calling: transfers, people who call again, why they call, and what they say afterward.

Done after the queue was played, because it depends on it: who was not helped, or hung up, calls again. A
repeat is not an extra call but a later call of the same line that turns out to come from the same customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demo.days import DAY_SECONDS, Bools, Floats, Ints
from demo.traffic import ABANDONED, ANSWERED, FLOWED_OUT, GREETING, Traffic
from demo.world import REASONS

WEEK_SECONDS = 7 * DAY_SECONDS
NOBODY = -1

# Numbers that belong to nobody: no mobile starts with 154 in China, 555 is no area code in North America,
# nor is 01632 one in the United Kingdom (dramas use it). By country: prefix and how many digits follow.
NUMBERS: Mapping[str, tuple[str, int]] = {"CN": ("+86154", 8), "US": ("+1555", 7), "GB": ("+441632", 6)}

_ANONYMOUS_RATIO = 0.02
# So many customers that few call again within a week by mere chance.
_CUSTOMERS_PER_WEEKLY_CALL = 23
_TRANSFERRED_RATIO = 0.035
# The second leg reaches the other queue this soon after the first agent let go.
_TRANSFER_SECONDS = 8

# Chance that a matter is settled in the call, by what the line is for.
_SETTLED: Mapping[str, float] = {
    "orders": 0.87,
    "returns": 0.83,
    "tech": 0.80,
    "billing": 0.86,
    "vip": 0.89,
    "aftersales": 0.95,
}
_BEGINNER_UNSETTLED, _SLIP_UNSETTLED = 0.12, 0.12
_AGENT_SPREAD = 0.025
_MARK_ERROR_RATIO, _NO_MARK_RATIO = 0.06, 0.08
_AGAIN_SETTLED, _AGAIN_UNSETTLED, _AGAIN_ABANDONED, _AGAIN_FLOWED_OUT = 0.06, 0.66, 0.50, 0.40
_AGAIN_DAYS, _REDIAL_MINUTES, _REDIAL_RATIO = 1.8, 18.0, 0.65

_SURVEY_RATIO = 0.25
_HAPPY, _UNSETTLED_UNHAPPY, _SLIP_UNHAPPY = 0.935, 0.30, 0.06
_WAIT_UNHAPPY_PER_SECOND, _WAIT_UNHAPPY_MOST, _PATIENT_SECONDS = 0.0012, 0.25, 25
_SUCCESS: Mapping[str, float] = {"satisfaction_call": 0.66, "delivery_slot": 0.81, "warranty_offer": 0.14}
_PROMOTION_QUESTION_RATIO = 0.3


@dataclass(frozen=True)
class Callers:
    """What is known of the customers, in the order of the traffic.

    Attributes:
        transferred_from: index of the first leg; NOBODY otherwise.
        customer: customer number, 0 and up; NOBODY if the number was withheld.
        reason: index into REASONS; NOBODY if nobody asked.
        resolved, success: 1 yes, 0 no, NOBODY blank.
        csat: 1 to 5; 0 if the customer gave no answer.
    """

    transferred_from: Ints
    customer: Ints
    reason: Ints
    resolved: Ints
    success: Ints
    csat: Ints


def callers(*, traffic: Traffic, rng: np.random.Generator) -> Callers:
    """Give every call its customer and what the customer wanted, got and thought."""
    count = len(traffic.line)
    answered = traffic.outcome == ANSWERED
    inbound = traffic.is_inbound
    skill = rng.normal(0, _AGENT_SPREAD, len(traffic.agents))[traffic.agent] * (traffic.agent >= 0)
    transferred_from = _transfers(traffic=traffic, rng=rng)
    goes_on = np.zeros(count, dtype=np.bool_)
    goes_on[transferred_from[transferred_from >= 0]] = True

    settled = np.array([_SETTLED[code] for code in traffic.lines])[traffic.line] + skill
    settled -= _BEGINNER_UNSETTLED * (1 - traffic.experience) + _SLIP_UNSETTLED * traffic.slip
    is_settled = answered & ~goes_on & (rng.random(count) < settled)

    parent = _repeats(traffic=traffic, parent=transferred_from, is_settled=is_settled, goes_on=goes_on, rng=rng)
    root = _roots(parent=parent)
    weeks = (traffic.offered.max(initial=0) - traffic.offered.min(initial=2**40)) / WEEK_SECONDS
    customers = _CUSTOMERS_PER_WEEKLY_CALL * count / max(weeks, 1.0)
    customer = rng.integers(0, max(1, round(customers)), count)[root]
    # Withheld numbers only among those who called once: nobody can know the others are the same person.
    alone = np.bincount(root, minlength=count)[root] == 1
    customer = np.where(alone & inbound & (rng.random(count) < _ANONYMOUS_RATIO), NOBODY, customer)

    reason = _reasons(traffic=traffic, root=root, rng=rng)
    marked = np.where(rng.random(count) < _MARK_ERROR_RATIO, ~is_settled, is_settled)
    has_mark = answered & inbound & ~goes_on & (rng.random(count) >= _NO_MARK_RATIO)
    chance = np.array([_SUCCESS.get(each.code, 0.0) for each in REASONS])[reason]
    return Callers(
        transferred_from=transferred_from,
        customer=customer,
        reason=np.where(answered, reason, NOBODY),
        resolved=np.where(has_mark, marked, NOBODY),
        success=np.where(answered & ~inbound, rng.random(count) < chance, NOBODY),
        csat=_surveys(traffic=traffic, asked=answered & inbound & ~goes_on, settled=is_settled, skill=skill, rng=rng),
    )


def phone_numbers(*, customer: Ints, country: str) -> tuple[str, Ints, int]:
    """Prefix, the digits that follow as a number, and how many they are; the same for the same customer."""
    prefix, digits = NUMBERS[country]
    return prefix, (customer * 7_368_787 + 4_209_137) % 10**digits, digits


def _transfers(*, traffic: Traffic, rng: np.random.Generator) -> Ints:
    """First leg of each call that came out of another queue within seconds of that call's end."""
    count = len(traffic.line)
    first = np.full(count, NOBODY)
    source = np.flatnonzero((traffic.outcome == ANSWERED) & traffic.is_inbound)
    target = np.searchsorted(traffic.offered, traffic.ended[source], side="right")
    source, target = source[target < count], target[target < count]
    fits = traffic.offered[target] - traffic.ended[source] <= _TRANSFER_SECONDS
    fits &= (traffic.line[source] != traffic.line[target]) & traffic.is_inbound[target]
    fits &= (traffic.place[target] != GREETING) & (traffic.outcome[target] != FLOWED_OUT)
    source, target = _one_each(source=source[fits], target=target[fits])
    wanted = round(_TRANSFERRED_RATIO * count)
    chosen = rng.permutation(len(source))[:wanted]
    first[target[chosen]] = source[chosen]
    return first


def _repeats(*, traffic: Traffic, parent: Ints, is_settled: Bools, goes_on: Bools, rng: np.random.Generator) -> Ints:
    """The earlier call that each call follows up, transfers included."""
    count = len(parent)
    chance = np.where(is_settled, _AGAIN_SETTLED, _AGAIN_UNSETTLED)
    chance = np.where(traffic.outcome == ABANDONED, _AGAIN_ABANDONED, chance)
    chance = np.where(traffic.outcome == FLOWED_OUT, _AGAIN_FLOWED_OUT, chance)
    again = traffic.is_inbound & ~goes_on & (rng.random(count) < chance)
    source = np.flatnonzero(again)
    redials = (traffic.outcome[source] == ABANDONED) & (rng.random(len(source)) < _REDIAL_RATIO)
    wait = np.where(redials, 60 + rng.exponential(_REDIAL_MINUTES * 60, len(source)), 0).astype(np.int64)

    # Calls of a line stand together and in the order of time, so one search finds the next of the same line.
    free = np.flatnonzero(traffic.is_inbound & (parent == NOBODY))
    origin = traffic.offered.min(initial=2**40) - WEEK_SECONDS
    span = traffic.offered.max(initial=0) - origin + 2 * WEEK_SECONDS
    key = traffic.line[free] * span + traffic.offered[free] - origin
    order = np.argsort(key, kind="stable")
    free, key = free[order], key[order]
    place = np.searchsorted(key, traffic.line[source] * span + traffic.ended[source] + wait - origin)
    # Days later is counted in calls, not in hours: else all who wait overnight would call at opening time.
    a_day = np.bincount(traffic.line, minlength=len(traffic.lines)) / (span / DAY_SECONDS)
    later = a_day[traffic.line[source]] * rng.exponential(_AGAIN_DAYS, len(source))
    place += np.where(redials, 0, later).astype(np.int64)
    source, place = source[place < len(free)], place[place < len(free)]
    target = free[place]
    fits = (traffic.line[target] == traffic.line[source]) & (target > source)
    fits &= traffic.offered[target] - traffic.offered[source] < WEEK_SECONDS
    source, target = _one_each(source=source[fits], target=target[fits])
    linked = parent.copy()
    linked[target] = source
    return linked


def _one_each(*, source: Ints, target: Ints) -> tuple[Ints, Ints]:
    target, first = np.unique(target, return_index=True)
    source = source[first]
    source, first = np.unique(source, return_index=True)
    return source, target[first]


def _roots(*, parent: Ints) -> Ints:
    """First call of the chain that each call belongs to."""
    root = np.where(parent == NOBODY, np.arange(len(parent)), parent)
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further


def _reasons(*, traffic: Traffic, root: Ints, rng: np.random.Generator) -> Ints:
    codes = [reason.code for reason in REASONS]
    reason = np.zeros(len(root), dtype=np.int64)
    for number, line in enumerate(traffic.lines):
        mine = np.flatnonzero(traffic.line == number)
        weights: Floats = np.array([each.weights.get(line, 0.0) for each in REASONS])
        reason[mine] = rng.choice(len(REASONS), size=len(mine), p=weights / weights.sum())
        if line == "orders":
            near = (traffic.promotion[mine] >= -3) & (traffic.promotion[mine] <= 1)
            near &= rng.random(len(mine)) < _PROMOTION_QUESTION_RATIO
            reason[mine[near]] = codes.index("promotion_rules")
    return np.where(traffic.line == traffic.line[root], reason[root], reason)


def _surveys(*, traffic: Traffic, asked: Bools, settled: Bools, skill: Floats, rng: np.random.Generator) -> Ints:
    count = len(asked)
    waited = np.clip((traffic.wait - _PATIENT_SECONDS) * _WAIT_UNHAPPY_PER_SECOND, 0, _WAIT_UNHAPPY_MOST)
    happy = _HAPPY + skill - waited - _UNSETTLED_UNHAPPY * ~settled - _SLIP_UNHAPPY * traffic.slip
    high = np.where(rng.random(count) < 0.62, 5, 4)
    low = rng.choice([3, 2, 1], size=count, p=[0.45, 0.23, 0.32])
    score = np.where(rng.random(count) < happy, high, low)
    return np.where(asked & (rng.random(count) < _SURVEY_RATIO), score, 0)
