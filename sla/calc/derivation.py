"""Which calls a KPI leaves out and why, from the measures that its row was summed from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from contracts.calc.definition import Definition, Formula, Kpi

# What these count as is the contract's choice: without signed terms they have no data.
FIXED_BY_TERMS = frozenset({Kpi.SERVICE_LEVEL, Kpi.CONNECT_RATE, Kpi.ABANDONMENT, Kpi.FCR, Kpi.CSAT})


class LeftOut(StrEnum):
    """Why calls are in neither part of a KPI."""

    SHORT_ABANDONS = "short_abandons"
    EARLY_ABANDONS = "early_abandons"
    ABANDONS = "abandons"
    FLOW_OUTS = "flow_outs"
    BY_DEFINITION = "by_definition"
    NOT_ANSWERED = "not_answered"
    NO_SURVEY_ANSWER = "no_survey_answer"
    NO_CUSTOMER = "no_customer"
    NO_TERMS = "no_terms"


def left_out(kpi: Kpi, measures: Mapping[str, int], definitions: Collection[Definition]) -> list[tuple[LeftOut, int]]:
    """Return the reasons and their numbers of calls, only those that occur.

    Args:
        kpi: The KPI.
        measures: Every summed measure of the row; ``unsigned_…`` of them are of calls without signed terms.
        definitions: The definitions that were applied; where they differ, what they leave out is one number.

    Source:
        docs/formulas.md, one heading for each KPI.

    >>> left_out(Kpi.SERVICE_LEVEL, {"offered": 100, "answered": 90, "abandoned": 8, "flowed_out": 2,
    ...     "abandoned_short": 3, "service_base": 95}, [Definition()])
    [(<LeftOut.SHORT_ABANDONS: 'short_abandons'>, 3), (<LeftOut.FLOW_OUTS: 'flow_outs'>, 2)]
    """
    if kpi in FIXED_BY_TERMS:
        counted = {Kpi.CSAT: "handled", Kpi.FCR: "answered"}.get(kpi, "offered")
        without_terms = (LeftOut.NO_TERMS, measures.get(f"unsigned_{counted}", 0))
        measures = {name: count - measures.get(f"unsigned_{name}", 0) for name, count in measures.items()}
        return [line for line in (*_by_terms(kpi, measures, definitions), without_terms) if line[1] > 0]
    not_answered = measures["abandoned"] + measures["flowed_out"] if kpi is Kpi.ASA else 0
    return [(LeftOut.NOT_ANSWERED, not_answered)] if not_answered else []


def _by_terms(kpi: Kpi, measures: Mapping[str, int], definitions: Collection[Definition]) -> list[tuple[LeftOut, int]]:
    found: list[tuple[LeftOut, int]] = []
    if kpi is Kpi.SERVICE_LEVEL:
        found = _service_level(measures, set(definitions))
    elif kpi is Kpi.CONNECT_RATE:
        found = [(LeftOut.SHORT_ABANDONS, measures["offered"] - measures["connect_base"])]
    elif kpi is Kpi.ABANDONMENT:
        found = [(LeftOut.SHORT_ABANDONS, measures["offered"] - measures["abandonment_base"])]
    elif kpi is Kpi.CSAT:
        found = [(LeftOut.NO_SURVEY_ANSWER, measures["handled"] - measures["csat_base"])]
    elif kpi is Kpi.FCR:
        found = [(LeftOut.NO_CUSTOMER, measures["answered"] - measures["fcr_base"])]
    return found


def _service_level(measures: Mapping[str, int], definitions: set[Definition]) -> list[tuple[LeftOut, int]]:
    rules = {(definition.formula, definition.count_flow_outs) for definition in definitions}
    if len(rules) != 1:
        return [(LeftOut.BY_DEFINITION, measures["offered"] - measures["service_base"])]
    formula, count_flow_outs = rules.pop()
    flow_outs = 0 if count_flow_outs else measures["flowed_out"]
    found = [(LeftOut.FLOW_OUTS, flow_outs)]
    if formula is Formula.OF_ANSWERED:
        found.insert(0, (LeftOut.ABANDONS, measures["abandoned"]))
    elif formula is Formula.SHORT_ABANDONED_LEFT_OUT:
        found.insert(0, (LeftOut.SHORT_ABANDONS, measures["abandoned_short"]))
    elif formula is Formula.OF_ANSWERED_AND_LATE_ABANDONED:
        found.insert(0, (LeftOut.EARLY_ABANDONS, measures["offered"] - flow_outs - measures["service_base"]))
    return found
