"""Scripts: versions, the second person, expiry, and what campaigns make of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Scope, activate
from qa import selectors, services
from qa.calc.scripts import Line, PartsError, ScriptState, Stage, lines_compare, parts_read
from qa.calc.speech_rules import RuleError, rules_read
from qa.models import Script
from tests.qa.said import said, script_approve, script_write
from tests.tickets.calling import NUMBERS, caller_make
from tests.tickets.desk import MONDAY
from tests.world import World


def written(world: World, name: str = "andes_vendor_supervisor", text: str = "Good day", **more: Any) -> Script:
    """Write a version at ANDES."""
    scope = world.scope(name, MONDAY)
    with activate(scope):
        return script_write(scope=scope, vendor=world.vendors["ANDES"].vendor, name="Renewal", text=text, **more)


def states(world: World) -> list[tuple[int, str]]:
    """Return every version of ANDES with its state."""
    scope = world.scope("andes_vendor_manager", MONDAY)
    with activate(scope):
        rows = selectors.script_list(scope=scope).order_by("number")
        return list(rows.values_list("number", "state"))


def test_a_later_version_takes_the_place_of_all_before_it(world: World) -> None:
    client = world.scope("client_qa", MONDAY)
    script_approve(client, written(world))
    written(world, text="Good evening")
    third = written(world, text="Good night")
    assert states(world) == [(1, "approved"), (2, "waiting"), (3, "waiting")]
    script_approve(client, third)
    assert states(world) == [(1, "superseded"), (2, "superseded"), (3, "approved")]


def test_the_writer_reviews_nothing_of_their_own_and_a_vendor_reviews_nothing(world: World) -> None:
    own = written(world, "client_qa")
    for name in ("client_qa", "andes_vendor_manager"):
        with pytest.raises(Forbidden):
            script_approve(world.scope(name, MONDAY), own)
    assert script_approve(world.scope("programme_manager", MONDAY), own).state == "approved"


def test_the_database_itself_wants_two_people_and_keeps_what_was_said(world: World) -> None:
    writer = world.scope("programme_manager", MONDAY)
    script = written(world, "programme_manager")
    with activate(writer):
        rows = Script.objects.visible_to(writer)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state="approved", reviewed_by_id=script.written_by_id)
        for values in ({"text": "Buy!"}, {"parts": said("Buy!")}, {"live_until": date(2030, 1, 1)}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                rows.update(**values)


def test_after_its_last_day_nobody_says_it_and_no_earlier_version_comes_back(world: World) -> None:
    client = world.scope("client_qa", MONDAY)
    first = script_approve(client, written(world))
    last = MONDAY.date() + timedelta(days=2)
    second = script_approve(client, written(world, text="Till Wednesday", live_until=last))
    # Midnight in Shanghai, where the contract's days begin.
    assert second.expires_at is not None
    assert second.expires_at.isoformat() == "2026-06-17T16:00:00+00:00"
    for at, expected in ((second.expires_at - timedelta(seconds=1), second.pk), (second.expires_at, None)):
        scope = world.scope("andes_agent", at)
        with activate(scope):
            found = selectors.script_now(scope=scope, script=first)
            assert (found and found.pk) == expected
            assert [row.pk for row in selectors.script_list(scope=scope)] == ([expected] if expected else [])


def test_what_has_expired_before_its_review_is_not_approved(world: World) -> None:
    script = written(world, live_until=MONDAY.date() - timedelta(days=1))
    with pytest.raises(Conflict, match="passed"):
        script_approve(world.scope("client_qa", MONDAY), script)


def test_a_withdrawn_version_is_out_of_use_at_once(world: World) -> None:
    client = world.scope("client_qa", MONDAY)
    script = script_approve(client, written(world))
    with activate(client):
        with pytest.raises(Invalid):
            services.script_withdraw(scope=client, uuid=script.uuid, expected_version=2, reason=" ")
        services.script_withdraw(scope=client, uuid=script.uuid, expected_version=2, reason="A wrong price")
        assert selectors.script_get(scope=client, uuid=script.uuid).state == ScriptState.WITHDRAWN
        assert selectors.script_now(scope=client, script=script) is None
        with pytest.raises(Conflict):
            services.script_withdraw(scope=client, uuid=script.uuid, expected_version=3, reason="Again")


def test_campaigns_follow_the_newest_version_and_call_nobody_once_it_has_expired(world: World) -> None:
    caller = caller_make(world)
    client = world.scope("client_qa", MONDAY)
    caller.listed(*NUMBERS[:3])
    writer = world.scope("andes_vendor_supervisor", MONDAY)
    with activate(writer):
        newer = script_write(
            scope=writer,
            vendor=caller.script.vendor,
            name="Opening",
            text="Till today",
            live_until=MONDAY.date(),
        )
    script_approve(client, newer)
    assert caller.next().attempt is not None
    with activate(writer):
        assert selectors.script_now(scope=writer, script=caller.script).pk == newer.pk  # type: ignore[union-attr]
    with pytest.raises(Conflict, match="until another is approved") as refused:
        caller.next("vendor_supervisor", at=MONDAY + timedelta(days=1))
    assert refused.value.code == "script_expired"


def test_the_client_writes_for_several_vendors_and_each_has_its_own_copy(world: World) -> None:
    client = world.scope("client_qa", MONDAY)
    vendors = [small.vendor for small in world.vendors.values()]
    with activate(client):
        both = services.script_write(scope=client, vendors=vendors, name="Offer", parts=said("May I …"))
        assert sorted(row.vendor.code for row in both) == ["ANDES", "BORAL"]
        with pytest.raises(Invalid):
            services.script_write(scope=client, vendors=vendors, name="Offer", parts=said("May I …"))
    rival = world.scope("boral_vendor_manager", MONDAY)
    andes = next(row for row in both if row.vendor.code == "ANDES")
    with activate(rival):
        assert [row.vendor_id for row in selectors.script_list(scope=rival)] == [rival.organization_id]
        with pytest.raises(NotFound):
            selectors.script_get(scope=rival, uuid=andes.uuid)


def test_a_reason_that_a_vendor_does_not_have_is_told(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        written(world, reasons=["NOWHERE"])
    assert "NOWHERE" in refused.value.fields["reasons"][0]


def test_a_reference_finds_its_line_in_the_version_in_use(world: World) -> None:
    client = world.scope("client_qa", MONDAY)
    script = written(world)
    vendor_id = script.vendor_id

    def line(scope: Scope, reference: str) -> str | None:
        with activate(scope):
            found = selectors.script_line(scope=scope, vendor_id=vendor_id, reference=reference)
        return found and found[1].text

    assert line(client, "RENEWAL#opening") is None
    script_approve(client, script)
    assert line(client, "RENEWAL#opening") == "Good day"
    assert [line(client, text) for text in ("RENEWAL#closing", "RENEWAL", "OTHER#opening")] == [None] * 3
    assert line(world.scope("boral_vendor_manager", MONDAY), "RENEWAL#opening") is None


def test_lines_say_what_is_wrong_with_each_of_them() -> None:
    with pytest.raises(PartsError) as refused:
        parts_read([
            {"stage": "nowhere", "text": "x"}, {"stage": "opening", "text": " "},
            {"stage": "opening", "text": "x", "key": "A"}, {"stage": "other", "text": "x", "key": "b"},
            {"stage": "other", "text": "x", "key": "b", "triggers": ["y" * 121]},
        ])  # fmt: skip
    assert [(place, rule) for place, rule, _allowed in refused.value.problems] == [
        ("1", "stage"), ("2", "text"), ("3", "key"), ("4", "twice"), ("5", "twice"), ("5", "trigger"),
    ]  # fmt: skip
    with pytest.raises(PartsError):
        parts_read([])


def test_versions_are_compared_line_by_line_and_word_by_word() -> None:
    before = [Line("a", Stage.OPENING, "Good morning, Sir"), Line("b", Stage.OTHER, "Old"), Line("c", Stage.OTHER, "=")]
    after = [Line("c", Stage.OTHER, "="), Line("a", Stage.OPENING, "Good evening, Sir"), Line("d", Stage.OTHER, "New")]
    rows = lines_compare(before, after)
    assert [(row.key, row.change) for row in rows] == [
        ("c", "same"), ("a", "changed"), ("d", "added"), ("b", "removed"),
    ]  # fmt: skip
    assert rows[1].pieces == (("=", "Good "), ("-", "morning"), ("+", "evening"), ("=", ", Sir"))
    # What was written anew is shown as one piece, not word by word.
    anew = lines_compare([Line("a", Stage.OPENING, "is it all right?")], [Line("a", Stage.OPENING, "may we go on?")])
    assert anew[0].pieces == (("-", "is it all right"), ("+", "may we go on"), ("=", "?"))


def test_questions_and_rules_point_at_lines_and_one_that_no_script_has_is_refused(world: World) -> None:
    client = world.scope("client_qa", MONDAY)
    vendor = world.vendors["ANDES"].vendor
    body = {
        "sections": [
            {
                "key": "a",
                "title": "A",
                "questions": [{"key": "q", "text": "Q", "kind": "yes_no", "script": "RENEWAL#opening"}],
            }
        ]
    }
    body["sections"][0]["questions"][0]["choices"] = [  # type: ignore[index]
        {"key": "yes", "label": "yes", "points": 1},
        {"key": "no", "label": "no", "points": 0, "is_failure": True},
    ]
    with activate(client):
        draft = services.draft_create(scope=client, code="S", name="S", body=body)
        publish: dict[str, Any] = {"scope": client, "uuid": draft.uuid, "expected_version": 1, "vendors": [vendor]}
        with pytest.raises(Invalid) as refused:
            services.form_publish(**publish)
        assert "RENEWAL#opening" in refused.value.fields["body"][0]
    script_approve(client, written(world))
    with activate(client):
        (form,) = services.form_publish(**publish)
        assert [question.script for question in selectors.questions_of(form).questions] == ["RENEWAL#opening"]


def test_a_rule_names_a_line_or_is_told_that_it_does_not() -> None:
    rule = {"key": "bye", "title": "Thanks", "kind": "must_say", "phrases": ["谢谢"], "script": "RENEWAL#closing"}
    assert rules_read({"rules": [rule]})[0].script == "RENEWAL#closing"
    with pytest.raises(RuleError) as refused:
        rules_read({"rules": [{**rule, "script": "the end"}]})
    assert refused.value.problems == (("rules.0.script", "script", ""),)
