"""The currencies that a contract may be paid in."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global


@cache
def currency_names(language: str = "en") -> dict[str, str]:
    """Return the currencies that are legal tender somewhere today: code of ISO 4217 to name, by code.

    Args:
        language: A language of the interface, such as ``zh-hans``.

    >>> currency_names()["CNY"]
    'Chinese Yuan'
    """
    spans = (span for country in get_global("territory_currencies").values() for span in country)
    codes = {code for code, _since, until, tender in spans if until is None and tender}
    names = Locale.parse(language, sep="-").currencies
    return {code: str(names.get(code, code)) for code in sorted(codes)}
