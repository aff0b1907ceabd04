"""The question bank and its index: one figure for the client, and for a vendor nothing but its own answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.models import BankQuestion, BankReply
from qa.services import Given
from tests.world import NOW, World

DAY = date(2026, 6, 10)
PERIOD: dict[str, Any] = {"first": DAY - timedelta(days=30), "last": DAY + timedelta(days=5)}
ClientOf = Callable[[str], Client]


def question(world: World, code: str = "refund", accepted: tuple[str, ...] = ("7 days", "a week")) -> BankQuestion:
    """Put a question into the bank."""
    scope = world.scope("client_qa")
    values = {
        "code": code, "text": f"How long does a {code} take?", "accepted": list(accepted), "language": "en",
        "valid_from": DAY - timedelta(days=40),
    }  # fmt: skip
    with activate(scope):
        return services.bank_question_write(scope=scope, values=values)


def said(world: World, asked: BankQuestion, **judged: int | None) -> list[BankReply]:
    """Enter what vendors answered; None is wrong."""
    scope = world.scope("client_qa")
    given = [
        Given(world.vendors[code].vendor, f"{code} says so", one, world.vendors[code].agents[0])
        for code, one in judged.items()
    ]
    with activate(scope):
        return services.bank_replies_enter(
            scope=scope, question=asked.uuid, asked_by="mystery", asked_on=DAY, given=given
        )


def report(world: World) -> selectors.ConsistencyReport:
    """Return what the client is told."""
    scope = world.scope("client_qa")
    with activate(scope):
        return selectors.consistency_report(scope=scope, **PERIOD)


def test_the_index_counts_questions_that_get_the_same_right_answer(world: World) -> None:
    said(world, question(world), ANDES=0, BORAL=0)
    # Both right, and not the same: the customer hears two things.
    said(world, question(world, "exchange"), ANDES=0, BORAL=1)
    said(world, question(world, "repair"), ANDES=0, BORAL=None)
    # Asked of one only: nothing to compare.
    said(world, question(world, "hours"), ANDES=0)
    found = report(world)
    assert (found.overall.numerator, found.overall.denominator) == (1, 3)
    assert found.overall.differing == ("exchange/1", "repair/1")
    [pair] = found.pairs
    assert (pair.index.numerator, pair.index.denominator) == (1, 3)
    assert [(share.vendor.code, share.correct, share.asked) for share in found.shares] == [
        ("ANDES", 4, 4), ("BORAL", 2, 3),
    ]  # fmt: skip


def test_a_vendor_is_told_its_own_share_and_nothing_that_changes_with_its_rival(
    world: World, client_of: ClientOf
) -> None:
    asked = question(world)
    said(world, asked, ANDES=0)
    pages = [
        reverse("qa:consistency"),
        reverse("qa:bank_replies"),
        reverse("qa:bank_replies") + "?columns=answer_group",
    ]
    client = client_of("andes_vendor_manager")
    period = f"?first={PERIOD['first']}&last={PERIOD['last']}"

    def seen() -> list[bytes]:
        texts = [client.get(pages[0] + period).content, *(client.get(page).content for page in pages[1:])]
        # What differs from one answer to the next whatever is in it.
        return [
            part for text in texts for part in text.split(b"\n") if b"csrf" not in part.lower() and b"nonce" not in part
        ]

    before = seen()
    said(world, asked, BORAL=1)
    said(world, question(world, "exchange"), BORAL=None)
    assert seen() == before
    assert not any(b"7 days" in part or b"BORAL" in part for part in before)
    assert any(b"100.0" in part for part in before)


def test_no_vendor_reads_the_bank_the_index_or_a_rival_s_answer(world: World, client_of: ClientOf) -> None:
    asked = question(world)
    [andes, boral] = said(world, asked, ANDES=0, BORAL=1)
    scope = world.scope("andes_vendor_manager")
    with activate(scope):
        with pytest.raises(Forbidden):
            selectors.consistency_report(scope=scope, **PERIOD)
        with pytest.raises(Forbidden):
            selectors.bank_question_list(scope=scope)
        with pytest.raises(NotFound):
            selectors.bank_reply_get(scope=scope, uuid=boral.uuid)
        assert [row.uuid for row in selectors.bank_reply_list(scope=scope)] == [andes.uuid]
        assert not BankQuestion.objects.visible_to(scope).exists()
    client = client_of("andes_vendor_manager")
    assert client.get(reverse("qa:bank_list")).status_code == 403
    assert client.get(reverse("qa:bank_answers", args=[asked.uuid])).status_code == 403
    assert client_of("andes_agent").get(reverse("qa:consistency")).status_code == 403


def test_old_answers_keep_what_was_asked(world: World) -> None:
    asked = question(world)
    [reply] = said(world, asked, ANDES=0)
    scope = world.scope("client_qa")
    values = {"text": "How soon is the money back?", "accepted": ["3 days"], "language": "en", "valid_from": DAY}
    with activate(scope):
        newer = services.bank_question_reword(scope=scope, uuid=asked.uuid, expected_version=1, values=values)
        assert (newer.revision, newer.accepted) == (2, ["3 days"])
        former = selectors.bank_question_get(scope=scope, uuid=asked.uuid)
        assert former.valid_to == DAY - timedelta(days=1)
        kept = selectors.bank_reply_get(scope=scope, uuid=reply.uuid)
        assert (kept.question_text, kept.answer_group) == ("How long does a refund take?", "7 days")
        with pytest.raises(Conflict):
            services.bank_question_reword(scope=scope, uuid=asked.uuid, expected_version=2, values=values)
        with pytest.raises(ProgrammingError):
            BankQuestion.objects.visible_to(scope).filter(pk=asked.pk).update(text="Another question")


def test_an_answer_is_judged_anew_or_withdrawn_and_then_counts_for_nothing(world: World) -> None:
    [reply] = said(world, question(world), ANDES=None)
    scope = world.scope("client_qa")
    with activate(scope):
        judged = services.bank_reply_judge(scope=scope, uuid=reply.uuid, expected_version=1, judged=1)
        assert (judged.is_correct, judged.answer_group) == (True, "a week")
        services.bank_reply_withdraw(scope=scope, uuid=reply.uuid, expected_version=2, reason="Wrong line")
        with pytest.raises(Conflict):
            services.bank_reply_judge(scope=scope, uuid=reply.uuid, expected_version=3, judged=0)
    assert report(world).shares == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"accepted": []}, "accepted"),
        ({"valid_to": DAY - timedelta(days=50)}, "__all__"),
        ({"code": "no code"}, "code"),
    ],
)
def test_a_question_that_cannot_be_judged_is_refused(world: World, values: dict[str, Any], field: str) -> None:
    scope = world.scope("client_qa")
    given = {"code": "refund", "text": "How long?", "accepted": ["a"], "language": "en", "valid_from": DAY, **values}
    with activate(scope), pytest.raises(Invalid) as refused:
        services.bank_question_write(scope=scope, values=given)
    assert field in refused.value.fields


def test_what_all_vendors_answered_is_entered_on_one_sheet(world: World, client_of: ClientOf) -> None:
    asked = question(world)
    following = question(world, "repair")
    client = client_of("client_qa")
    sheet = reverse("qa:bank_answers", args=[asked.uuid])
    form = {
        "asked_by": "asked", "asked_on": "2026-06-10", "answer_ANDES": "Within a week", "judged_ANDES": "1",
        "answer_BORAL": "No idea",
    }  # fmt: skip
    assert client.post(sheet, form).status_code == 422
    answer = client.post(sheet, form | {"judged_BORAL": "wrong"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("qa:bank_answers", args=[following.uuid])
    with activate(world.scope("client_qa")) as scope:
        rows = {row.vendor.code: row for row in selectors.bank_reply_list(scope=scope)}
    assert (rows["ANDES"].answer_group, rows["ANDES"].is_correct) == ("a week", True)
    assert (rows["BORAL"].answer_group, rows["BORAL"].is_correct) == ("wrong", False)
    page = client.get(f"{reverse('qa:consistency')}?first={PERIOD['first']}&last={PERIOD['last']}").content.decode()
    assert "refund" in page


def test_more_answers_ask_no_more_questions(world: World, client_of: ClientOf) -> None:
    client = client_of("client_qa")
    asked = question(world)
    address = f"{reverse('qa:consistency')}?first={PERIOD['first']}&last={PERIOD['last']}"
    for page in (reverse("qa:bank_replies"), address):
        counts: list[int] = []
        for _more in range(2):
            for _each in range(5):
                said(world, asked, ANDES=0, BORAL=0)
            client.get(page)
            with CaptureQueriesContext(connection) as told:
                assert client.get(page).status_code == 200
            counts.append(len(told))
        assert counts[0] == counts[1]
    assert NOW.date() > DAY
