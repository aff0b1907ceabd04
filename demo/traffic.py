"""A vendor's calls as the switch saw them: when they came, how long they waited, who spoke how long."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from demo.days import HALF_HOUR, Bools, Days, Floats, Ints, days_between
from demo.demand import Demand, contract_of, demand, promotion_distance
from demo.people import AGENTS, ORDER_SHOWN, Agent, inbound_people
from demo.queueing import serve
from demo.roster import FOREVER, Roster, outbound_roster, roster
from demo.world import INBOUND, LINES, OUTBOUND, SLIPPING_DAYS, SLIPPING_VENDOR, Vendor

OUTCOMES = ("answered", "abandoned", "flowed_out", "withdrawn")
ANSWERED, ABANDONED, FLOWED_OUT, WITHDRAWN = range(4)
PLACES = ("", "greeting", "queue", "ringing", "hold")
NOWHERE, GREETING, QUEUE, RINGING, HOLD = range(5)

# The sixty agents are sized for this many calls a day. Above it every agent's code stands for several seats.
DAY_CALLS_PER_TEAM = 2_000

# Mean seconds of talk and of wrap of an experienced agent.
_WORK: Mapping[str, tuple[float, float]] = {
    "orders": (185.0, 38.0),
    "returns": (225.0, 52.0),
    "tech": (330.0, 55.0),
    "billing": (215.0, 45.0),
    "vip": (250.0, 60.0),
    "aftersales": (165.0, 40.0),
}
_TALK_SPREAD = 0.55
_HOLD_RATIO, _HOLD_MEAN_SECONDS = 0.20, 50.0
_MAX_TALK_SECONDS = 1_500
_MAX_PATIENCE_SECONDS = 1_200
# Some hang up at the first bar of music; the others have patience, more than the usual wait.
_HASTY_RATIO, _HASTY_SECONDS, _PATIENCE_SECONDS = 0.04, 9.0, 330.0
_GREETING_RATIO = 0.009
# Of those who would give up after this long, some accept to be called back instead.
_CALLBACK_AFTER_SECONDS, _CALLBACK_RATIO = 90, 0.18
# VIP callers are served as if they had come this much earlier.
_VIP_HEAD_START_SECONDS = 45
_REACHED_RATIO = 0.60
_LEARNING_DAYS, _BEGINNER_SLOWNESS = 28.0, 0.45
# How generously a vendor staffs: people over the load, in square roots of it.
_SPARE: Mapping[str, float] = {"JADE": 0.75, "SUNF": 0.85, "TARN": 0.9}
_SLIP_RAMP_DAYS = 14
_SLIP_SLOWNESS = 0.07
_SLIP_SAVING = 0.65


@dataclass(frozen=True)
class Traffic:
    """Calls of one vendor by time of offer; arrays run over the calls, seconds are whole.

    Attributes:
        line: index into `lines`.
        offered: UTC second.
        offset: UTC offset of the contract's zone at that moment, in seconds.
        wait: from offer to answer or to the end; contains `ring`.
        agent: index into `agents`; -1 when nobody spoke.
        experience: 0 on an agent's first day, towards 1 with time; 1 without an agent.
        slip: how deep the vendor has slipped on that day, 0 to 1.
        promotion: days since the nearest promotion.
    """

    lines: tuple[str, ...]
    agents: tuple[Agent, ...]
    line: Ints
    offered: Ints
    offset: Ints
    wait: Ints
    ring: Ints
    talk: Ints
    hold: Ints
    wrap: Ints
    outcome: Ints
    place: Ints
    agent: Ints
    experience: Floats
    slip: Floats
    promotion: Floats

    @property
    def ended(self) -> Ints:
        """UTC second at which the caller left the line."""
        return self.offered + self.wait + self.talk + self.hold

    @property
    def is_inbound(self) -> Bools:
        """Calls that a customer made."""
        return np.array([_direction(code) == INBOUND for code in self.lines])[self.line]


@dataclass(frozen=True)
class _Arrivals:
    """Calls as they come, before any agent had a say; arrays run over the calls."""

    line: Ints
    day: Ints
    arrived: Ints
    team: Ints
    is_open: Bools
    is_dialed: Bools
    is_greeting: Bools
    is_silent: Bools
    talk: Floats
    hold: Ints
    wrap: Ints
    ring: Ints
    patience: Ints


@dataclass(frozen=True)
class _Fates:
    """What becomes of the calls; filled in place, one team of agents after the other."""

    outcome: Ints
    place: Ints
    wait: Ints
    ring: Ints
    talk: Ints
    agent: Ints


def traffic(*, vendor: Vendor, first: date, last: date, calls: int, rng: np.random.Generator) -> Traffic:
    """Exactly `calls` calls offered from `first` to the end of `last`, days in the contract's zone."""
    zone = contract_of(vendor_code=vendor.code, line_code=next(iter(vendor.line_shares))).zone
    days = days_between(first=first, last=last, zone=zone)
    wanted = demand(vendor=vendor, days=days, first=first, last=last, rng=rng)
    day_calls = calls / len(days.dates)
    teams = max(1, math.ceil(day_calls / (DAY_CALLS_PER_TEAM * vendor.calls_share)))
    agents = tuple(agent for agent in AGENTS if agent.vendor_code == vendor.code)
    slip = _slip(vendor=vendor, days=days, last=last)
    came = _arrivals(wanted=wanted, slip=slip, calls=calls, teams=teams, rng=rng)
    # What never reaches the queue: a hang-up in the greeting, and the announcement outside opening hours.
    fates = _Fates(
        outcome=np.where(came.is_open, ABANDONED, FLOWED_OUT),
        place=np.where(came.is_greeting, GREETING, NOWHERE),
        wait=np.where(came.is_greeting, rng.integers(1, 9, calls), rng.integers(4, 26, calls)),
        ring=np.zeros(calls, dtype=np.int64),
        talk=np.zeros(calls, dtype=np.int64),
        agent=np.full(calls, -1),
    )
    pace, learned = _skills(agents=agents, days=days, last=last, rng=rng)
    for direction in (INBOUND, OUTBOUND):
        members = np.array([n for n, person in enumerate(agents) if person.direction == direction], dtype=int)
        if not len(members):
            continue
        team = [agents[n] for n in members]
        lines = [n for n, code in enumerate(wanted.lines) if _direction(code) == direction]
        is_open: Bools = np.logical_or.reduce(wanted.is_open[lines], axis=0)
        if direction == OUTBOUND:
            shifts = outbound_roster(days=days, agents=team, is_open=is_open, months_end=last, rng=rng)
        else:
            shifts = roster(
                days=days,
                agents=team,
                load=_load(wanted=wanted, lines=lines, calls=calls / teams) * is_open,
                is_open=is_open,
                spare=_SPARE[vendor.code] * (1 - _SLIP_SAVING * slip),
                promotion_distance=promotion_distance(days=days),
                months_end=last,
                rng=rng,
            )
        _play(
            direction=direction,
            came=came,
            fates=fates,
            shifts=shifts,
            members=members,
            pace=pace,
            teams=teams,
            lines=wanted.lines,
        )
    called_back = (fates.place == QUEUE) & (fates.wait > _CALLBACK_AFTER_SECONDS)
    called_back &= rng.random(calls) < _CALLBACK_RATIO
    fates.outcome[called_back], fates.place[called_back] = FLOWED_OUT, NOWHERE
    spoke, day, agent = fates.outcome == ANSWERED, came.day, fates.agent
    offered = days.start[day] + came.arrived
    order = np.argsort(offered, kind="stable")
    return Traffic(
        lines=wanted.lines,
        agents=agents,
        line=came.line[order],
        offered=offered[order],
        offset=days.offset_at(day=day, elapsed=came.arrived)[order],
        wait=fates.wait[order],
        ring=fates.ring[order],
        talk=fates.talk[order],
        hold=np.where(spoke, came.hold, 0)[order],
        wrap=np.where(agent >= 0, came.wrap, 0)[order],
        outcome=fates.outcome[order],
        place=fates.place[order],
        agent=agent[order],
        experience=np.where(agent >= 0, learned[agent, day], 1.0)[order],
        slip=slip[day][order],
        promotion=promotion_distance(days=days)[day][order],
    )


def _arrivals(*, wanted: Demand, slip: Floats, calls: int, teams: int, rng: np.random.Generator) -> _Arrivals:
    cells = np.flatnonzero(wanted.actual)
    weights = wanted.actual.ravel()[cells]
    cell = np.repeat(cells, rng.multinomial(calls, weights / weights.sum()))
    line, day, block = (axis.astype(np.int64) for axis in np.unravel_index(cell, wanted.actual.shape))
    is_open = wanted.is_open[line, day, block]
    is_dialed = np.array([_direction(code) == OUTBOUND for code in wanted.lines])[line]
    talk_mean, wrap_mean = np.array([_WORK[code] for code in wanted.lines]).T
    talk = np.exp(rng.normal(-(_TALK_SPREAD**2) / 2, _TALK_SPREAD, calls)) * talk_mean[line]
    has_hold = rng.random(calls) < _HOLD_RATIO
    hold = np.where(has_hold, 8 + rng.exponential(_HOLD_MEAN_SECONDS, calls), 0).astype(np.int64)
    wrap = np.minimum(5 + rng.gamma(2.0, (wrap_mean[line] - 5) / 2), 600).astype(np.int64)
    patience = rng.exponential(np.where(rng.random(calls) < _HASTY_RATIO, _HASTY_SECONDS, _PATIENCE_SECONDS), calls)
    patience = np.minimum(1 + patience, _MAX_PATIENCE_SECONDS).astype(np.int64)
    # Outbound: the agent waits for the customer to pick up, and gives up after about half a minute.
    is_silent = is_dialed & (rng.random(calls) >= _REACHED_RATIO)
    dialing = np.where(is_silent, rng.integers(24, 36, calls), rng.integers(5, 22, calls))
    return _Arrivals(
        line=line,
        day=day,
        arrived=block * HALF_HOUR + rng.integers(0, HALF_HOUR, calls),
        team=rng.integers(0, teams, calls),
        is_open=is_open,
        is_dialed=is_dialed,
        is_greeting=is_open & ~is_dialed & (rng.random(calls) < _GREETING_RATIO),
        is_silent=is_silent,
        talk=np.where(is_silent, 0, np.clip(talk * (1 + _SLIP_SLOWNESS * slip[day]), 15, _MAX_TALK_SECONDS)),
        hold=np.where(is_silent, 0, hold),
        wrap=np.where(is_silent, 6, wrap),
        ring=np.where(is_dialed, dialing, 2 + rng.binomial(6, 0.35, calls)),
        patience=np.where(is_dialed, FOREVER // 4, patience),
    )


def _play(
    *,
    direction: str,
    came: _Arrivals,
    fates: _Fates,
    shifts: Roster,
    members: Ints,
    pace: Floats,
    teams: int,
    lines: tuple[str, ...],
) -> None:
    """Send the calls of one direction through the queue of their day and write down what became of them."""
    days = len(shifts.opens)
    head_start = np.array([_VIP_HEAD_START_SECONDS if code == "vip" else 0 for code in lines])
    mine = np.flatnonzero(came.is_open & ~came.is_greeting & (came.is_dialed == (direction == OUTBOUND)))
    row = came.team[mine] * days + came.day[mine]
    # One number that sorts by day first: no moment of a day comes near two to the twentieth.
    turn = came.arrived[mine] - head_start[came.line[mine]] + _VIP_HEAD_START_SECONDS
    order = np.argsort(row * (1 << 20) + turn, kind="stable")
    mine, row = mine[order], row[order]
    person = members[shifts.agent]
    served = serve(
        day=row,
        arrived=came.arrived[mine],
        patience=came.patience[mine],
        ring=came.ring[mine],
        talk=came.talk[mine],
        after=came.hold[mine] + came.wrap[mine],
        opens=np.tile(shifts.opens, (teams, 1)),
        closes=np.tile(shifts.closes, (teams, 1)),
        pace=np.tile(pace[person, np.arange(days)[:, None]], (teams, 1)),
    )
    answered = served.is_answered & ~came.is_silent[mine]
    is_rung = served.column >= 0
    fates.outcome[mine] = np.where(answered, ANSWERED, ABANDONED)
    fates.place[mine] = np.where(answered, NOWHERE, np.where(is_rung, RINGING, QUEUE))
    fates.ring[mine] = served.ring_seconds
    fates.talk[mine] = served.talk_seconds
    fates.wait[mine] = served.queue_seconds + served.ring_seconds
    # Who dialed is known even if nobody picked up; a caller who gives up belongs to no agent.
    is_known = answered | (is_rung & came.is_dialed[mine])
    fates.agent[mine] = np.where(is_known, person[came.day[mine], served.column], -1)
    if direction == OUTBOUND:
        # The list has no queue: a call begins when the agent dials.
        came.arrived[mine] += served.queue_seconds
        fates.wait[mine] = served.ring_seconds


def _load(*, wanted: Demand, lines: list[int], calls: float) -> Floats:
    """Forecast work by day and half-hour in agents (Erlang)."""
    hold = _HOLD_RATIO * _HOLD_MEAN_SECONDS
    seconds = np.array([sum(_WORK[wanted.lines[n]]) + hold for n in lines])
    load: Floats = (wanted.forecast[lines] * seconds[:, None, None]).sum(axis=0) * calls / HALF_HOUR
    return load


def _direction(code: str) -> str:
    return next(line.direction for line in LINES if line.code == code)


def _skills(*, agents: tuple[Agent, ...], days: Days, last: date, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Pace against the standard and what has been learned (0..1), by agent and day; a beginner is slow."""
    hired = np.array([agent.hired_on(months_end=last).toordinal() for agent in agents])
    tenure = np.maximum(np.array([day.toordinal() for day in days.dates])[None, :] - hired[:, None], 0)
    learned = 1 - np.exp(-tenure / _LEARNING_DAYS)
    own = rng.lognormal(0, 0.09, len(agents))[:, None]
    return own * _helped(agents=agents, days=days, last=last) * (1 + _BEGINNER_SLOWNESS * (1 - learned)), learned


def _helped(*, agents: tuple[Agent, ...], days: Days, last: date) -> Floats:
    """Talk time with what is tried out, against without, by agent and day."""
    _new, settled = inbound_people(ORDER_SHOWN.vendor_code)
    since = {agent.code: ORDER_SHOWN.rolled_out_days for agent in settled}
    since |= {agent.code: ORDER_SHOWN.started_days for agent in settled[::2]}
    days_left = np.array([(last - day).days for day in days.dates])
    has_it = days_left[None, :] <= np.array([since.get(agent.code, -1) for agent in agents])[:, None]
    return np.where(has_it, ORDER_SHOWN.talk_ratio, 1.0)


def _slip(*, vendor: Vendor, days: Days, last: date) -> Floats:
    if vendor.code != SLIPPING_VENDOR:
        return np.zeros(len(days.dates))
    before_end = np.array([(last - day).days for day in days.dates])
    return np.clip((SLIPPING_DAYS - before_end) / _SLIP_RAMP_DAYS, 0.0, 1.0)
