"""Callers' numbers to one written form, so that a repeated call is recognized."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
import polars as pl
from phonenumbers.phonemetadata import PhoneMetadata

from calls.calc.mapping import distinct_map

# What phone systems write when the caller hides the number; matched without case.
WITHHELD = frozenset(
    [
        "anonymous",
        "anonym",
        "withheld",
        "private",
        "restricted",
        "unknown",
        "unavailable",
        "blocked",
        "hidden",
        "none",
        "null",
        "n/a",
        "na",
        "-",
        "--",
    ]
) | {"no caller id", "匿名", "未知", "隐藏", "私人号码", "无"}
_E164 = r"^\+[1-9][0-9]{6,14}$"
_SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
_SCIENTIFIC_POLARS = r"^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$"
_SHORT = re.compile(r"[0-9]{1,6}")
# Digits blotted out by the sender: nothing to match repeats by, and no reason to reject the call.
_BLOTTED = re.compile(r"[*•xX#]{2,}")


@dataclass(frozen=True, slots=True)
class Customers:
    """Callers read from text: E.164 or null, and rule code -> mask of the texts that break it."""

    keys: pl.Series
    problems: dict[str, pl.Series]


def phones_read(text: pl.Series, *, region: str | None) -> Customers:
    """Normalize phone numbers.

    Numbers that already look like E.164, and plain national numbers of the region, are converted vectorized;
    the library sees each distinct rest once. Internal numbers of up to six digits stay as they are; withheld
    numbers become null.

    Args:
        text: numbers as written; null is blank.
        region: ISO country of numbers without a country code.
    """
    if text.null_count() == text.len():
        return Customers(text.cast(pl.String), {})
    done = text.set(~text.str.contains(_E164), None)
    rest = text.set(done.is_not_null(), None)
    if rest.null_count() == rest.len():
        return Customers(done, {})
    scientific = rest.str.contains(_SCIENTIFIC_POLARS).fill_null(False)
    if region is not None:
        done = done.fill_null(_national(rest, region))
        rest = rest.set(done.is_not_null(), None)
    rest = rest.set(scientific, None)
    if rest.null_count() < rest.len():
        found = distinct_map(rest, lambda number: phone_normalize(number, region=region) or "", pl.String)
        done = done.fill_null(found)
    withheld = done == ""
    wrong = (done == "?").fill_null(False)
    problems = {rule: mask for rule, mask in (("phone_scientific", scientific), ("phone_invalid", wrong)) if mask.any()}
    return Customers(done.set(withheld | wrong, None), problems)


def phone_normalize(number: str, *, region: str | None) -> str | None:
    """One number in E.164, the internal number itself, None when withheld, "?" when it is no number.

    >>> phone_normalize("0171 1234567", region="DE")
    '+491711234567'
    """
    bare = number.strip().casefold()
    if bare in WITHHELD or _BLOTTED.search(bare) or not bare.strip("+0"):
        return None
    if _SHORT.fullmatch(bare):
        return bare
    if _SCIENTIFIC.fullmatch(bare):
        return "?"
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return "?"
    if not phonenumbers.is_possible_number(parsed):
        return "?"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phone_is_assigned(number: str) -> bool:
    """Whether a number in E.164 lies in a range that its country has given out; longer to tell than possible ones.

    >>> [phone_is_assigned(number) for number in ("+8613812348000", "+8612345678")]
    [True, False]
    """
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def phone_country(number: str) -> str:
    """Return the two-letter code of the country that gave out a number in E.164; empty for numbers of no country.

    >>> [phone_country(number) for number in ("+8613812348000", "+14165550123", "+80012345678")]
    ['CN', 'CA', '']
    """
    found = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return found if found.isalpha() else ""


@lru_cache(maxsize=16)
def _plan(region: str) -> tuple[str, str, str] | None:
    """Country code, prefixes that only the library may judge, and pattern of national numbers."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None or not metadata.general_desc.national_number_pattern:
        return None
    prefixes = [metadata.national_prefix_for_parsing, metadata.international_prefix]
    prefix = f"^(?:{'|'.join(p for p in prefixes if p)})"
    pattern = f"^(?:{metadata.general_desc.national_number_pattern})$"
    try:
        pl.Series([""]).str.contains(pattern) & pl.Series([""]).str.contains(prefix)
    except pl.exceptions.ComputeError:
        return None
    return str(metadata.country_code), prefix if any(prefixes) else "^$", pattern


def _national(text: pl.Series, region: str) -> pl.Series:
    """Plain national numbers of the region in E.164; null for everything that needs the library."""
    plan = _plan(region)
    if plan is None:
        return pl.Series(text.name, [None], dtype=pl.String).new_from_index(0, text.len())
    country, prefix, pattern = plan
    digits = text.set(~text.str.contains("^[0-9]{7,15}$"), None)
    plain = digits.str.contains(pattern) & ~digits.str.contains(prefix)
    return ("+" + country + digits).set(~plain, None)
