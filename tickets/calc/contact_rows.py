"""Lists of contacts as files bring them: the canonical columns, and what is wrong with a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calls.calc.masking import value_mask
from calls.calc.phones import phone_country, phone_is_assigned, phone_normalize
from vendors.calc.places import country_zones, zone_country, zone_names

REQUIRED = "phone"
LENGTHS = {"phone": 40, "name": 120, "reference": 64, "note": 500, "zone": 40}
COLUMNS = tuple(LENGTHS)
# Under this name stands what has no column.
EXTRA = ""
# A day in a column of numbers is a column that slipped.
_DAY = re.compile(r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2\d{4}")
# By law all of the country goes by this clock.
PRIMARY = {"CN": "Asia/Shanghai", "DE": "Europe/Berlin"}
# Such as 10086: a number inside a telephone system, or a service; nobody's own.
SHORT_DIGITS = 6


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One person to be called; ``number`` is in E.164."""

    line: int
    number: str
    name: str = ""
    reference: str = ""
    note: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was rejected; the value is masked.

    Attributes:
        rule: ``missing``, ``phone_short``, ``phone_invalid``, ``phone_withheld``, ``zone_unknown``, ``zone_abroad``,
            ``zone_missing``,            ``too_long`` or ``too_many``.
    """

    line: int
    column: str
    rule: str
    value: str


def row_read(line: int, cells: Mapping[str, str], region: str | None, home: str = "UTC") -> ContactRow | RowProblem:
    """Return one row of a list, or the first thing that is wrong with it.

    Args:
        line: Its line in the file, the heading's being 1.
        cells: Column to text; columns that are left out are empty.
        region: ISO country of numbers without a country code.
        home: The contract's zone.

    >>> row_read(2, {"phone": "138 1234 8000"}, "CN").number
    '+8613812348000'
    >>> row_read(2, {"phone": "138 1234 8000", "zone": "Europe/Berlin"}, "CN").rule
    'zone_abroad'
    >>> [row_read(3, {"phone": text}, "CN").rule for text in ("soon", "2026-11-22", "22.11.2026", "12345678")]
    ['phone_invalid', 'phone_invalid', 'phone_invalid', 'phone_invalid']
    """
    if extra := cells.get(EXTRA, ""):
        return RowProblem(line, "", "too_many", value_mask(extra, is_customer=True))
    texts = {name: cells.get(name, "").strip() for name in COLUMNS}
    for name, text in texts.items():
        if len(text) > LENGTHS[name]:
            return RowProblem(line, name, "too_long", value_mask(text, is_customer=name == REQUIRED))
    written = texts.pop(REQUIRED)
    number = phone_normalize(written, region=region) if written else ""
    rule = ""
    if not written:
        rule = "missing"
    elif number is None:
        rule = "phone_withheld"
    elif number == "?" or _DAY.fullmatch(written):
        rule = "phone_invalid"
    elif len(number) <= SHORT_DIGITS:
        rule = "phone_short"
    elif not written.startswith("+") and not phone_is_assigned(number):
        # Digits without a country code may be anything, such as an order's; with one, somebody means a number.
        rule = "phone_invalid"
    if rule or number is None:
        return RowProblem(line, REQUIRED, rule, value_mask(written, is_customer=True))
    zone = texts["zone"] or zone_of(number, home)
    rule = _zone_rule(texts["zone"], zone, number)
    if rule or zone is None:
        return RowProblem(line, "zone", rule, value_mask(texts["zone"]))
    if zone != home:
        texts["zone"] = zone
    return ContactRow(line, number, **texts)


def _zone_rule(written: str, zone: str | None, number: str) -> str:
    """Return what is wrong with a customer's zone; empty if nothing is."""
    if zone is None:
        return "zone_missing"
    if written and written not in zone_names():
        return "zone_unknown"
    # Another clock than that of the number's country would open the windows in the customer's hours of rest.
    country = phone_country(number)
    is_abroad = written and country_zones(country) and zone_country(written) != country
    return "zone_abroad" if is_abroad else ""


def zone_of(number: str, home: str) -> str | None:
    """Return the zone by whose clock a number is called that comes without one.

    Args:
        number: In E.164.
        home: The contract's zone; that of all numbers of its country.

    Returns:
        None where the number's country has several zones and is another one than the contract's.

    >>> [zone_of(number, "Asia/Shanghai") for number in ("+8613812348000", "+6591234567", "+12125550123")]
    ['Asia/Shanghai', 'Asia/Singapore', None]
    """
    country = phone_country(number)
    if country in ("", zone_country(home)):
        return home
    zones = country_zones(country)
    return PRIMARY.get(country) or (zones[0] if len(zones) == 1 else None)


def rows_read(
    rows: Iterable[tuple[int, Mapping[str, str]]], region: str | None, home: str
) -> tuple[list[ContactRow], list[RowProblem]]:
    """Return the good rows of a list and what is wrong with the others, both in order."""
    good, bad = [], []
    for line, cells in rows:
        found = row_read(line, cells, region, home)
        if isinstance(found, ContactRow):
            good.append(found)
        else:
            bad.append(found)
    return good, bad
