"""The KPIs of quality assurance: under which names their parts are kept, and in which unit."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from qa.calc.forms import Family

# A score stands for parts of conversations; both sides of its fraction are kept in ten-thousandths of one.
PARTS_OF_ONE = 10_000


class QaKpi(StrEnum):
    """What is known of a contract's day, by the side that evaluated it."""

    SCORE_CLIENT = "qa_score_client"
    SCORE_VENDOR = "qa_score_vendor"
    CUSTOMER_CLIENT = "qa_customer_accuracy_client"
    CUSTOMER_VENDOR = "qa_customer_accuracy_vendor"
    BUSINESS_CLIENT = "qa_business_accuracy_client"
    BUSINESS_VENDOR = "qa_business_accuracy_vendor"
    COMPLIANCE_CLIENT = "qa_compliance_accuracy_client"
    COMPLIANCE_VENDOR = "qa_compliance_accuracy_vendor"


def score_kpi(side: str) -> QaKpi:
    """Return the KPI of a side's scores.

    >>> score_kpi("client").value
    'qa_score_client'
    """
    return QaKpi(f"qa_score_{side}")


def accuracy_kpi(family: Family, side: str) -> QaKpi:
    """Return the KPI of a side's critical-error accuracy.

    >>> accuracy_kpi(Family.BUSINESS, "vendor").value
    'qa_business_accuracy_vendor'
    """
    return QaKpi(f"qa_{family.value}_accuracy_{side}")


def in_parts(conversations: Fraction) -> int:
    """Return conversations in ten-thousandths, rounded half to even; a day is off by half a part at most.

    >>> in_parts(Fraction(2, 3))
    6667
    """
    return round(conversations * PARTS_OF_ONE)
