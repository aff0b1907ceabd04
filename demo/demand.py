"""How many calls each line gets in each half-hour: weeks, days, holidays, promotions, chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import holidays
import numpy as np

from contracts.calc.hours import ServiceHours
from demo.days import Bools, Days, Floats
from demo.world import CONTRACTS, LINES, OUTBOUND, Contract, Vendor

# Every promotion is at most five months from the next, so any six months show at least one.
PROMOTIONS = ((3, 8), (6, 18), (11, 11))

_WEEKDAY = np.array([1.20, 1.08, 1.02, 0.98, 1.00, 0.80, 0.62])
_HOLIDAY = 0.45
# Public holidays on which people order, and call, as on any other day.
_ORDINARY_HOLIDAYS = ("Veterans Day", "Columbus Day", "Juneteenth", "Washington", "Martin Luther King")
_DAY_NOISE = 0.06
_HALF_HOUR_NOISE = 0.10
# How much of a promotion's extra calls the planners see coming.
_PROMOTION_FORESEEN = 0.65
# Calls in the half-hours beside the opening hours, against the curve of the line; they meet a closed queue.
_OUTSIDE_HOURS = 0.15

# Peaks of a line's day as (hour, width in hours, height), on top of a constant floor.
_CURVES: Mapping[str, tuple[float, tuple[tuple[float, float, float], ...]]] = {
    "orders": (0.10, ((10.5, 1.6, 1.0), (15.0, 2.0, 0.75), (20.0, 1.4, 0.55))),
    "returns": (0.12, ((10.8, 1.8, 1.0), (15.5, 2.2, 0.80), (19.5, 1.5, 0.35))),
    "tech": (0.06, ((11.0, 2.2, 0.8), (16.0, 2.2, 0.75), (20.2, 1.8, 1.0))),
    "billing": (0.15, ((10.0, 1.3, 1.0), (14.8, 1.8, 0.80))),
    "vip": (0.14, ((10.5, 2.0, 0.9), (15.0, 2.4, 0.80), (20.0, 1.6, 0.60))),
    "aftersales": (0.60, ((11.0, 1.5, 0.5), (16.5, 1.5, 0.6))),
}
# Uplift of a line around a promotion: day of the peak after the promotion, width in days, height.
_UPLIFT: Mapping[str, tuple[float, float, float]] = {
    "orders": (0.3, 1.3, 1.9),
    "vip": (0.3, 1.3, 1.2),
    "billing": (1.0, 1.4, 0.7),
    "returns": (7.0, 3.0, 0.5),
    "tech": (6.0, 3.0, 0.3),
    "aftersales": (0.0, 1.0, 0.0),
}
# Abroad the promotions of the home market are known, but smaller.
_PROMOTION_ABROAD = 0.75

# Lines where the agent dials: nobody rings them outside the hours.
_DIALED = frozenset(line.code for line in LINES if line.direction == OUTBOUND)


@dataclass(frozen=True)
class Demand:
    """Weights of calls by line, day and half-hour: what comes, what was forecast, and when the line is open.

    `actual` sums to 1 over the vendor; `forecast` is on the same scale, without chance.
    """

    lines: tuple[str, ...]
    actual: Floats
    forecast: Floats
    is_open: Bools


def contract_of(*, vendor_code: str, line_code: str) -> Contract:
    """The contract that a vendor answers a line under."""
    return next(c for c in CONTRACTS if c.vendor_code == vendor_code and line_code in c.hours)


def demand(*, vendor: Vendor, days: Days, first: date, last: date, rng: np.random.Generator) -> Demand:
    """Weights for every half-hour of a vendor's lines; nothing outside `first` to `last` in local dates."""
    epoch = date(1970, 1, 1).toordinal()
    inside = (
        (days.wall >= 0) & (days.local_day >= first.toordinal() - epoch) & (days.local_day <= last.toordinal() - epoch)
    )
    noise = rng.lognormal(0, _DAY_NOISE, (len(days.dates), 1)) * rng.lognormal(0, _HALF_HOUR_NOISE, days.wall.shape)
    # A slow growth of one percent a month, as such programs have.
    trend = 1 + 0.01 * np.arange(len(days.dates))[:, None] / 30
    lines = tuple(vendor.line_shares)
    actual, forecast, is_open = [], [], []
    for line in lines:
        contract = contract_of(vendor_code=vendor.code, line_code=line)
        open_blocks = _open(hours=contract.hours[line], days=days)
        beside = _beside(is_open=open_blocks, days=days) & (line not in _DIALED)
        uplift = _uplift(line=line, days=days, is_home=contract.holiday_country == "CN")[:, None]
        base = (
            np.append(_curve(line=line), 0.0)[days.wall]
            * _day_factor(line=line, country=contract.holiday_country, days=days)[:, None]
            * trend
            * np.where(open_blocks, 1.0, np.where(beside, _OUTSIDE_HOURS, 0.0))
            * inside
        )
        scale = vendor.line_shares[line] / float((base * (1 + uplift) * noise).sum())
        actual.append(base * (1 + uplift) * noise * scale)
        forecast.append(base * (1 + _PROMOTION_FORESEEN * uplift) * scale)
        is_open.append(open_blocks)
    total = float(np.sum(actual))
    return Demand(lines, np.stack(actual) / total, np.stack(forecast) / total, np.stack(is_open))


def promotion_distance(*, days: Days) -> Floats:
    """Days since the nearest promotion, negative before it."""
    marks = np.array(
        [
            date(year, month, day).toordinal()
            for year in range(days.dates[0].year - 1, days.dates[-1].year + 2)
            for month, day in PROMOTIONS
        ]
    )
    away = np.array([day.toordinal() for day in days.dates])[:, None] - marks[None, :]
    nearest = np.abs(away).argmin(axis=1)
    distance: Floats = away[np.arange(len(away)), nearest].astype(np.float64)
    return distance


def _curve(*, line: str) -> Floats:
    floor, peaks = _CURVES[line]
    hour = (np.arange(48) + 0.5) / 2
    curve = np.full(48, floor)
    for center, width, height in peaks:
        curve += height * np.exp(-0.5 * ((hour - center) / width) ** 2)
    return curve


def _day_factor(*, line: str, country: str, days: Days) -> Floats:
    years = range(days.dates[0].year, days.dates[-1].year + 1)
    subdivision = "ENG" if country == "GB" else None
    off = holidays.country_holidays(country, subdiv=subdivision, years=years)
    weekday = np.array([day.weekday() for day in days.dates])
    is_holiday = np.array([day in off and not off[day].startswith(_ORDINARY_HOLIDAYS) for day in days.dates])
    # Who needs help with a device needs it on a Sunday too; nobody is called from outside on a holiday.
    week = _WEEKDAY[weekday] if line != "tech" else 0.5 + 0.5 * _WEEKDAY[weekday]
    factor: Floats = week * np.where(is_holiday, 0.0 if line == "aftersales" else _HOLIDAY, 1.0)
    return factor


def _uplift(*, line: str, days: Days, is_home: bool) -> Floats:
    peak, width, height = _UPLIFT[line]
    distance = promotion_distance(days=days)
    # Steep before the peak, slow after it.
    spread = np.where(distance < peak, width * 0.6, width * 1.6)
    uplift: Floats = height * np.exp(-0.5 * ((distance - peak) / spread) ** 2)
    return uplift * (1.0 if is_home else _PROMOTION_ABROAD)


def _open(*, hours: ServiceHours, days: Days) -> Bools:
    week = np.zeros((7, 49), dtype=np.bool_)
    for weekday, windows in enumerate(hours.days):
        for window in windows:
            week[weekday, window.start_minute // 30 : window.end_minute // 30] = True
    weekdays = np.array([day.weekday() for day in days.dates])
    # Past the day's end `wall` is -1: the forty-ninth half-hour, which is never open.
    return np.asarray(week[weekdays[:, None], days.wall])


def _beside(*, is_open: Bools, days: Days) -> Bools:
    near = np.zeros_like(is_open)
    near[:, :-1] |= is_open[:, 1:]
    near[:, 1:] |= is_open[:, :-1]
    near[:, 2:] |= is_open[:, :-2]
    return near & ~is_open & (days.wall >= 0)
