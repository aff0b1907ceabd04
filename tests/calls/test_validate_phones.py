"""One caller has one number, however it is written."""

from __future__ import annotations

import random
from dataclasses import replace

import phonenumbers
import polars as pl
import pytest

from calls.calc.masking import value_mask
from calls.calc.phones import phone_normalize, phones_read
from calls.calc.profile import CANONICAL
from calls.services.customers import number_mask
from core.exports import guarded
from tests.calls.call_files import ABANDONED, check, findings


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("+8613800138000", "+8613800138000"),
        ("13800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("(010) 12345678", "+861012345678"),
        ("tel:+86-10-1234-5678", "+861012345678"),
        ("8001", "8001"),
        ("anonymous", None),
        ("Withheld", None),
        ("匿名", None),
        ("0", None),
        ("138****8000", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_of_one_caller_are_equal(written: str | None, key: str | None) -> None:
    read = phones_read(pl.Series([written, "+491711234567"], dtype=pl.String), region="CN")
    assert read.keys.to_list() == [key, "+491711234567"]
    assert read.problems == {}


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("1.38E+10", "phone_scientific"),
        ("1,38e10", "phone_scientific"),
        ("call", "phone_invalid"),
        ("😀", "phone_invalid"),
        ("12345678901234567890", "phone_invalid"),
        ("+86", "phone_invalid"),
    ],
)
def test_what_is_no_number_is_rejected(written: str, rule: str) -> None:
    read = phones_read(pl.Series([written]), region="CN")
    assert read.keys.to_list() == [None]
    assert {name: mask.to_list() for name, mask in read.problems.items()} == {rule: [True]}


def test_plain_national_numbers_are_read_as_the_library_reads_them() -> None:
    source = random.Random(20260301)
    for region in ("CN", "US", "GB", "DE", "IT", "MX", "BR", "AR", "IN", "PH", "SG", "HK", "JP", "RU", "ZA"):
        sample = phonenumbers.example_number(region)
        assert sample is not None
        example = str(sample.national_number)
        code = str(phonenumbers.country_code_for_region(region))
        numbers = []
        for _ in range(60):
            digits = "".join(d if source.random() > 0.3 else source.choice("0123456789") for d in example)
            numbers += [digits, "0" + digits, "1" + digits, code + digits, digits[1:], "00" + digits]
        read = phones_read(pl.Series(numbers), region=region)
        expected = [phone_normalize(number, region=region) for number in numbers]
        assert read.keys.to_list() == [None if key == "?" else key for key in expected]


def test_a_token_stays_as_it_is() -> None:
    profile = replace(CANONICAL, customer_kind="token")
    good = check(ABANDONED | {"customer": "1.38E+10"}, profile=profile).good
    assert good["customer"].to_list() == ["1.38E+10"]
    bad = check(ABANDONED | {"customer": "x" * 101}, ABANDONED | {"customer": "a\nb"}, profile=profile)
    assert findings(bad) == [("customer", "text_too_long"), ("customer", "text_control")]


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13800138000", "•••••••8000"),
        ("+86 138-0013-8000", "•• •••-••••-8000"),
        ("id 12345 and 67890", "id 12345 and 67890"),
        ("2026-03-01 09:12:58", "2026-03-01 09:12:58"),
        ("a\nb\x1b", "a\ufffdb\ufffd"),
        ("half \ud800", "half \ufffd"),
        ("left\u202eright", "left\ufffdright"),
    ],
)
def test_what_may_be_a_number_is_masked(value: str, masked: str) -> None:
    assert value_mask(value) == masked


def test_times_and_customers_are_masked_by_where_they_stand() -> None:
    assert value_mask("2026-03-01 09:12:58", is_time=True) == "2026-03-01 09:12:58"
    line = "7,2026-11-21T11:03,21.11.2026 11:03:12,2026-11-21T11:03:12+08:00,"
    assert value_mask(line + "13800138000") == line + "•••••••8000"
    assert value_mask("+86 2026-11-21 1234") == "•• ••••-••-•• 1234"
    assert value_mask("2026-11-21 1234567") == "••••-••-•• •••4567"
    assert value_mask("31/12/2025 9:12", is_time=True) == "31/12/2025 9:12"
    assert value_mask("0171-123-4567", is_time=True) == "••••-•••-4567"
    assert value_mask("token-abc", is_customer=True) == "••••n-abc"
    assert value_mask("12", is_customer=True) == "••"


@pytest.mark.parametrize(
    "number", ["+8613812348000", "+493012345", "1234", "@token-12345", "=cmd|x!A1", "-1234567890", "+"]
)
def test_no_mask_needs_a_guard_against_formulas(number: str) -> None:
    assert guarded(number_mask(number)) == number_mask(number)
    assert number not in number_mask(number) or len(number) == 1


def test_a_covered_number_needs_no_guard_either() -> None:
    for value in ("+8613800138000", "+86 138-0013-8000"):
        for masked in (value_mask(value), value_mask(value, is_customer=True)):
            assert guarded(masked) == masked
