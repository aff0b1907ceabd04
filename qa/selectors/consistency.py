"""Reading the question bank and what vendors answered; whether they all say the same, for the client alone (C16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from django.db.models import Q, QuerySet

from core.errors import Forbidden
from core.scope import Scope
from qa.calc.improvement import Consistency, Reply, consistency_index
from qa.calc.intervals import Interval
from qa.models import BankQuestion, BankReply
from sla.calc.kpi import wilson
from vendors.models import Vendor
from vendors.selectors import one, vendor_list


@dataclass(frozen=True, slots=True)
class OwnShare:
    """How much of what a vendor was asked it answered right; nothing of anybody else is in it."""

    vendor: Vendor
    correct: int
    asked: int
    interval: Interval | None

    @property
    def ratio(self) -> float:
        """Right answers over all of them; there is a row only where somebody was asked."""
        return self.correct / self.asked


@dataclass(frozen=True, slots=True)
class PairIndex:
    """How many questions two vendors answer with the same right answer."""

    one: Vendor
    other: Vendor
    index: Consistency


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """What the client is told of all its vendors over some days."""

    overall: Consistency
    pairs: Sequence[PairIndex]
    shares: Sequence[OwnShare]


def bank_question_list(*, scope: Scope) -> QuerySet[BankQuestion]:
    """Return every revision of the client's questions, by code, the newest first; there is none for a vendor.

    Raises:
        Forbidden: The role sees no answers, or is a vendor's: who knew the questions could learn the answers.
    """
    scope.require("consistency.view")
    if not scope.is_client:
        raise Forbidden
    rows: QuerySet[BankQuestion] = BankQuestion.objects.visible_to(scope).filter(vendor_id=scope.organization_id)
    return rows.order_by("code", "-revision")


def bank_question_get(*, scope: Scope, uuid: UUID) -> BankQuestion:
    """Return one revision of a question; raises Forbidden and NotFound."""
    return one(bank_question_list(scope=scope), uuid=uuid)


def bank_questions_on(*, scope: Scope, day: date) -> QuerySet[BankQuestion]:
    """Return the questions that are in use on a day."""
    rows = bank_question_list(scope=scope).filter(valid_from__lte=day)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day))


def bank_reply_list(*, scope: Scope) -> QuerySet[BankReply]:
    """Return the answers that exist for the caller, the newest first; a vendor's people have their own vendor's.

    Raises:
        Forbidden: The role sees no answers.
    """
    scope.require("consistency.view")
    rows: QuerySet[BankReply] = BankReply.objects.visible_to(scope).select_related("vendor", "agent", "contract")
    return rows.order_by("-asked_on", "-pk")


def bank_reply_get(*, scope: Scope, uuid: UUID) -> BankReply:
    """Return one answer; raises Forbidden and NotFound."""
    return one(bank_reply_list(scope=scope), uuid=uuid)


def own_shares(*, scope: Scope, first: date, last: date, language: str = "") -> list[OwnShare]:
    """Return for each vendor that the caller sees how much it answered right, by name.

    For a vendor that is its own row, made of its own answers and of nothing else.
    """
    counts: dict[int, list[int]] = {}
    for vendor_id, is_correct in _standing(scope, first, last, language).values_list("vendor_id", "is_correct"):
        parts = counts.setdefault(vendor_id, [0, 0])
        parts[0] += is_correct
        parts[1] += 1
    vendors = {vendor.pk: vendor for vendor in vendor_list(scope=scope)}
    found = [
        OwnShare(vendors[pk], correct, asked, wilson(correct, asked) if asked else None)
        for pk, (correct, asked) in counts.items()
        if pk in vendors
    ]
    return sorted(found, key=lambda share: share.vendor.name)


def consistency_report(*, scope: Scope, first: date, last: date, language: str = "") -> ConsistencyReport:
    """Return the index of all vendors together and of each two of them.

    Args:
        scope: The client.
        first: First day on which was asked.
        last: Last day, included.
        language: Only questions in it; empty for all. A revision is a question of its own.

    Raises:
        Forbidden: A vendor asks: even one figure over several vendors tells it about its rivals.
    """
    if not scope.is_client:
        raise Forbidden
    rows = list(
        _standing(scope, first, last, language).values_list(
            "vendor_id", "question_code", "question_revision", "answer_group", "is_correct"
        )
    )
    vendors = {vendor.pk: vendor for vendor in vendor_list(scope=scope)}
    replies = [
        (vendor_id, Reply(f"{code}/{revision}", str(vendor_id), group, is_correct))
        for vendor_id, code, revision, group, is_correct in rows
    ]
    asked = sorted({pk for pk, _reply in replies if pk in vendors}, key=lambda pk: vendors[pk].name)
    pairs = [
        PairIndex(
            vendors[left],
            vendors[right],
            consistency_index(reply for pk, reply in replies if pk in (left, right)),
        )
        for left, right in combinations(asked, 2)
    ]
    overall = consistency_index(reply for _pk, reply in replies)
    return ConsistencyReport(overall, pairs, own_shares(scope=scope, first=first, last=last, language=language))


def _standing(scope: Scope, first: date, last: date, language: str) -> QuerySet[BankReply]:
    rows = bank_reply_list(scope=scope).filter(withdrawn_at=None, asked_on__gte=first, asked_on__lte=last).order_by()
    return rows.filter(language=language) if language else rows
