"""Writing the question bank, and entering what vendors answered to it (A82, C16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require, rivals_refuse
from audit.rows import row_add, row_change
from core.errors import Conflict, Invalid
from core.scope import Scope
from qa import selectors
from qa.models import AskedBy, BankQuestion, BankReply
from vendors.models import Agent, Vendor

ANSWERS_MOST, ANSWER_MOST = 8, 200
# How an answer that is none of the accepted ones is classed.
WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Given:
    """What one vendor answered.

    Attributes:
        judged: Index of the accepted answer that it matches; None if it is wrong.
        call: The call's id, if it is known.
    """

    vendor: Vendor
    answer: str
    judged: int | None
    agent: Agent | None = None
    call: str = ""


@transaction.atomic
def bank_question_write(*, scope: Scope, values: Mapping[str, Any]) -> BankQuestion:
    """Put a question into the bank of the client.

    Args:
        scope: Who writes it.
        values: Fields of the object ``bank_question``; ``accepted`` is a list of answers.

    Raises:
        Forbidden: The role keeps no bank.
        Invalid: A value does not fit, no answer is accepted, or the code is taken.
    """
    scope.require("consistency.edit")
    fields_require(scope=scope, obj="bank_question", names=values)
    return _revision(scope, {**values, "accepted": _accepted(values.get("accepted", ()))}, 1, "bank_question.written")


@transaction.atomic
def bank_question_reword(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> BankQuestion:
    """Write a question anew as its next revision; the former ends the day before and keeps its text.

    Raises:
        NotFound: There is none for the caller.
        Forbidden: The role keeps no bank.
        Conflict: It is not the newest revision, or somebody saved it meanwhile.
        Invalid: As :func:`bank_question_write`, or the new one begins before the former.
    """
    scope.require("consistency.edit")
    fields_require(scope=scope, obj="bank_question", names=values)
    former = selectors.bank_question_get(scope=scope, uuid=uuid)
    newest = selectors.bank_question_list(scope=scope).filter(code=former.code).order_by("-revision")[0]
    if newest.pk != former.pk:
        raise Conflict("stale", _("There is a newer revision; change that one."))
    starts: date = values["valid_from"]
    if starts <= former.valid_from:
        message = _("A revision begins after the one that it replaces.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"valid_from": [message]})
    if former.valid_to is None or former.valid_to >= starts:
        _ended(scope, former, expected_version, starts - timedelta(days=1), "bank_question.reworded")
    given = {**values, "code": former.code, "accepted": _accepted(values.get("accepted", ()))}
    return _revision(scope, given, former.revision + 1, "bank_question.written")


@transaction.atomic
def bank_question_end(*, scope: Scope, uuid: UUID, expected_version: int, last: date) -> BankQuestion:
    """Take a question out of use after a day.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`bank_question_reword`.
        Invalid: The day lies before its first.
    """
    scope.require("consistency.edit")
    question = selectors.bank_question_get(scope=scope, uuid=uuid)
    _ended(scope, question, expected_version, last, "bank_question.ended")
    return question


@transaction.atomic
def bank_replies_enter(
    *, scope: Scope, question: UUID, asked_by: str, asked_on: date, given: Sequence[Given]
) -> list[BankReply]:
    """Enter what vendors answered to one question on one day, each judged against the answers that are accepted.

    Args:
        scope: Who enters it.
        question: The revision that was asked.
        asked_by: A mystery call, or asked openly.
        asked_on: When.
        given: One or more answers.

    Raises:
        NotFound: There is no such question for the caller.
        Forbidden: The role enters no answers.
        Invalid: Nothing is entered, the question was not valid on the day, or an agent is another vendor's.
    """
    scope.require("consistency.edit")
    asked = selectors.bank_question_get(scope=scope, uuid=question)
    fields: dict[str, list[str]] = {}
    if not given:
        fields["answer"] = [_("Enter at least one answer.")]
    if asked_by not in AskedBy.values:
        fields["asked_by"] = [_("Choose how it was asked.")]
    if asked_on < asked.valid_from or (asked.valid_to is not None and asked_on > asked.valid_to):
        fields["asked_on"] = [_("This revision was not in use on that day.")]
    if asked_on > scope.at.date() + timedelta(days=1):
        fields["asked_on"] = [_("This day lies ahead.")]
    for one in given:
        if not 1 <= len(one.answer.strip()) <= 2000:
            fields["answer"] = [_("Write down what was answered.")]
        if one.judged is not None and not 0 <= one.judged < len(asked.accepted):
            fields["judged"] = [_("Choose one of the accepted answers, or wrong.")]
        if one.agent is not None and one.agent.vendor_id != one.vendor.pk:
            fields["agent"] = [_("This agent is another vendor’s.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    return [_reply(scope, asked, asked_by, asked_on, one) for one in given]


@transaction.atomic
def bank_reply_judge(*, scope: Scope, uuid: UUID, expected_version: int, judged: int | None) -> BankReply:
    """Judge an answer anew, against the answers that its question accepted.

    Raises:
        NotFound: There is none for the caller.
        Forbidden: The role judges no answers.
        Conflict: It was withdrawn, or somebody saved it meanwhile.
        Invalid: There is no such accepted answer.
    """
    scope.require("consistency.edit")
    reply = selectors.bank_reply_get(scope=scope, uuid=uuid)
    _standing(reply)
    accepted = selectors.bank_question_get(scope=scope, uuid=reply.question_uuid).accepted
    if judged is not None and not 0 <= judged < len(accepted):
        message = _("Choose one of the accepted answers, or wrong.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"judged": [message]})
    row_change(
        scope=scope,
        action="bank_reply.judged",
        row=reply,
        expected_version=expected_version,
        values={"is_correct": judged is not None, "answer_group": WRONG if judged is None else accepted[judged]},
        # What others say is in the group; the book of the vendor is told right or wrong.
        untold=("answer_group",),
    )
    return reply


@transaction.atomic
def bank_reply_withdraw(*, scope: Scope, uuid: UUID, expected_version: int, reason: str) -> BankReply:
    """Take an answer out of all figures; it stays to be read, with the reason.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`bank_reply_judge`.
        Invalid: No reason is given.
    """
    scope.require("consistency.edit")
    reply = selectors.bank_reply_get(scope=scope, uuid=uuid)
    _standing(reply)
    if not reason.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"withdrawn_reason": [_("Say why.")]})
    rivals_refuse(scope=scope, vendor_id=reply.vendor_id, texts={"withdrawn_reason": reason})
    row_change(
        scope=scope,
        action="bank_reply.withdrawn",
        row=reply,
        expected_version=expected_version,
        values={"withdrawn_at": scope.at, "withdrawn_reason": reason.strip()[:200]},
        untold=("withdrawn_at",),
    )
    return reply


def _standing(reply: BankReply) -> None:
    if reply.withdrawn_at is not None:
        raise Conflict("withdrawn", _("This answer was withdrawn."))


def _accepted(answers: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(answer.strip() for answer in answers if answer.strip()))
    if not 1 <= len(kept) <= ANSWERS_MOST or any(len(answer) > ANSWER_MOST for answer in kept):
        message = _("One to %(most)s answers, each of at most %(length)s characters.")
        message %= {"most": ANSWERS_MOST, "length": ANSWER_MOST}
        raise Invalid("invalid", _("Please mend what is marked."), fields={"accepted": [message]})
    return kept


def _revision(scope: Scope, values: Mapping[str, Any], revision: int, action: str) -> BankQuestion:
    question = BankQuestion(
        vendor_id=scope.organization_id,
        revision=revision,
        made_at=scope.at,
        made_by=scope.actor[:150],
        **values,
    )
    row_add(scope=scope, action=action, row=question, entered={"code": question.code, "text": question.text})
    return question


def _ended(scope: Scope, question: BankQuestion, expected_version: int, last: date, action: str) -> None:
    row_change(scope=scope, action=action, row=question, expected_version=expected_version, values={"valid_to": last})


def _reply(scope: Scope, asked: BankQuestion, asked_by: str, asked_on: date, given: Given) -> BankReply:
    rivals_refuse(scope=scope, vendor_id=given.vendor.pk, texts={"answer": given.answer})
    rows = BankReply.objects.visible_to(scope)
    reply = BankReply(
        vendor=given.vendor,
        number=rows.number_next(vendor_id=given.vendor.pk),
        asked_by=asked_by,
        asked_on=asked_on,
        agent=given.agent,
        call_external_id=given.call.strip()[:100],
        question_uuid=asked.uuid,
        question_code=asked.code,
        question_revision=asked.revision,
        question_text=asked.text,
        topic=asked.topic,
        language=asked.language,
        answer=given.answer.strip(),
        is_correct=given.judged is not None,
        answer_group=WRONG if given.judged is None else asked.accepted[given.judged],
        made_at=scope.at,
        made_by=scope.actor[:150],
    )
    told = {"question_code": reply.question_code, "is_correct": reply.is_correct, "asked_on": asked_on.isoformat()}
    row_add(scope=scope, action="bank_reply.entered", row=reply, entered=told)
    return reply
