"""Targets: their lines follow the direction in which a KPI improves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.calc.currencies import currency_names
from contracts.calc.definition import Kpi
from contracts.calc.document import canonical, digest
from contracts.calc.targets import DEFAULT_TARGETS, TargetTerms, common_targets, target_problems


def terms(goal: str, amber: str, minimum: str) -> TargetTerms:
    """Return a target from three decimals."""
    return TargetTerms(Decimal(goal), Decimal(amber), Decimal(minimum))


@pytest.mark.parametrize(
    ("kpi", "lines", "problems"),
    [
        (Kpi.SERVICE_LEVEL, ("0.80", "0.78", "0.75"), {}),
        (Kpi.SERVICE_LEVEL, ("0.80", "0.80", "0.80"), {}),
        (Kpi.SERVICE_LEVEL, ("0.80", "0.81", "0.75"), {"amber": "order"}),
        (Kpi.SERVICE_LEVEL, ("0.80", "0.75", "0.78"), {"minimum": "order"}),
        (Kpi.SERVICE_LEVEL, ("80", "0.78", "-0.1"), {"goal": "ratio", "minimum": "ratio"}),
        (Kpi.SERVICE_LEVEL, ("0.80001", "0.78", "0.75"), {"goal": "places"}),
        (Kpi.SERVICE_LEVEL, ("NaN", "0.78", "Infinity"), {"goal": "number", "minimum": "number"}),
        (Kpi.ASA, ("15", "18", "20"), {}),
        (Kpi.ASA, ("15", "12", "20"), {"amber": "order"}),
        (Kpi.ASA, ("15", "18", "17.5"), {"minimum": "order"}),
        (Kpi.ASA, ("15", "18", "86401"), {"minimum": "seconds"}),
        (Kpi.ABANDONMENT, ("0.05", "0.06", "0.07"), {}),
        (Kpi.ABANDONMENT, ("0.07", "0.06", "0.05"), {"amber": "order", "minimum": "order"}),
        (Kpi.VOLUME, ("1", "1", "1"), {"goal": "no_target"}),
    ],
)
def test_lines_stand_in_the_direction_of_the_kpi(
    kpi: Kpi, lines: tuple[str, str, str], problems: dict[str, str]
) -> None:
    assert target_problems(kpi, terms(*lines)) == problems


def test_the_usual_targets_are_right() -> None:
    assert {kpi: target_problems(kpi, lines) for kpi, lines in DEFAULT_TARGETS.items()} == {
        kpi: {} for kpi in DEFAULT_TARGETS
    }


def test_a_contract_has_a_target_where_its_queues_agree() -> None:
    same, other = terms("0.8", "0.78", "0.75"), terms("0.85", "0.8", "0.75")
    targets = {
        (1, Kpi.SERVICE_LEVEL.value): same,
        (2, Kpi.SERVICE_LEVEL.value): terms("0.80", "0.780", "0.7500"),
        (1, Kpi.CSAT.value): same,
        (2, Kpi.CSAT.value): other,
        (1, Kpi.FCR.value): same,
    }
    assert common_targets(targets, [1, 2]) == {Kpi.SERVICE_LEVEL: same, Kpi.CSAT: None, Kpi.FCR: None}
    assert common_targets(targets, [1]) == {Kpi.SERVICE_LEVEL: same, Kpi.CSAT: same, Kpi.FCR: same}
    assert common_targets({}, []) == {}


def test_decimals_read_the_same_however_they_are_stored() -> None:
    assert terms("0.8000", "18.0000", "20").as_dict() == {"goal": "0.8", "amber": "18", "minimum": "20"}


def test_a_document_has_one_spelling() -> None:
    assert canonical({"a": 1, "b": {"y": "é", "x": None}}) == canonical({"b": {"x": None, "y": "é"}, "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


def test_currencies_are_those_of_today() -> None:
    assert {"CNY", "EUR", "PHP", "USD"} <= currency_names().keys()
    assert not {"DEM", "XXX", "XTS", "XAU"} & currency_names().keys()
    assert currency_names("zh-hans")["CNY"] == "人民币"
