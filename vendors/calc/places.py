"""Where vendors sit: the closed lists that time zones and countries are chosen from."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

# A zone is named by area and city; "EST", "PRC" and "localtime" are aliases or accidents of a machine.
_AREAS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905
)
# CLDR's codes for groups, tests and the unknown, and the ones that ISO 3166 only reserves.
_NOT_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())  # noqa: SIM905


@cache
def zone_names() -> tuple[str, ...]:
    """Return the time zones to choose from, ``UTC`` first, then by area and city."""
    cities = (name for name in available_timezones() if name.partition("/")[0] in _AREAS)
    return ("UTC", *sorted(cities))


@cache
def zone_groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the same zones as a choice: area to name and city, ``UTC`` apart on top."""
    areas = groupby(zone_names()[1:], key=lambda name: name.partition("/")[0])
    cities = (
        (area, tuple((name, name.partition("/")[2].replace("_", " ").replace("/", ", ")) for name in names))
        for area, names in areas
    )
    return (("UTC", (("UTC", "UTC"),)), *cities)


def zone_country(zone: str) -> str:
    """Return the two-letter code of the country that a time zone lies in; empty for one of no country.

    >>> [zone_country(zone) for zone in ("Asia/Urumqi", "Asia/Chongqing", "UTC")]
    ['CN', 'CN', '']
    """
    territories, aliases = get_global("zone_territories"), get_global("zone_aliases")
    found = territories.get(zone) or territories.get(aliases.get(zone, ""), "")
    return "" if found in _NOT_COUNTRIES or not found.isalpha() else str(found)


def country_zones(country: str) -> tuple[str, ...]:
    """Return the time zones of a country by its two-letter code.

    >>> country_zones("CN")
    ('Asia/Shanghai', 'Asia/Urumqi')
    """
    return tuple(get_global("territory_zones").get(country, ()))


@cache
def country_names(language: str = "en") -> dict[str, str]:
    """Return the two-letter codes of ISO 3166 with the countries' names, in the order of the names.

    Args:
        language: A language of the interface, such as ``zh-hans``.

    >>> country_names()["CN"]
    'China'
    """
    territories = Locale.parse(language, sep="-").territories
    names = {
        code: str(name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
    return dict(sorted(names.items(), key=lambda item: item[1]))
