"""One evaluator at a time, whole sheets, a second look, one dispute, and nobody's view spoiled by the other's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.models import Evaluation, EvaluationEvent
from qa.services import Sheet
from tests.qa.house import ALL_YES, READY, House, house_make, own_view
from tests.world import World


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(150)
    found.drawn(found.plan(side="both"))
    return found


def test_two_inspectors_never_have_the_same_and_the_second_is_told_who_has_it(house: House) -> None:
    first, second = house.scope("client_qa"), house.scope("programme_manager")
    with activate(first):
        taken = services.evaluation_take(scope=first)
        assert taken is not None
        again = services.evaluation_take(scope=first)
        assert again is not None
        assert again.pk == taken.pk
    with activate(second):
        other = services.evaluation_take(scope=second)
        assert other is not None
        assert other.pk != taken.pk
        with pytest.raises(Conflict, match="client_qa has this evaluation"):
            services.evaluation_take(scope=second, uuid=taken.uuid)
        with pytest.raises(Conflict, match="client_qa has this"):
            services.evaluation_save(scope=second, uuid=taken.uuid, sheet=Sheet(ALL_YES))
    late = replace(second, at=READY + timedelta(minutes=31))
    with activate(late):
        found = services.evaluation_take(scope=late, uuid=taken.uuid)
        assert found is not None
        assert found.evaluator_name == "programme_manager"
    late = replace(first, at=late.at)
    with activate(late), pytest.raises(Conflict, match="programme_manager"):
        services.evaluation_submit(scope=late, uuid=taken.uuid, sheet=Sheet(ALL_YES))


def test_what_somebody_gave_back_is_offered_to_them_last_and_to_others_as_before(house: House) -> None:
    first, second = house.scope("client_qa"), house.scope("programme_manager")
    with activate(first):
        taken = services.evaluation_take(scope=first)
        assert taken is not None
        services.evaluation_give_back(scope=first, uuid=taken.uuid)
        other = services.evaluation_take(scope=first)
        assert other is not None
        assert other.pk != taken.pk
    with activate(second):
        found = services.evaluation_take(scope=second)
        assert found is not None
        assert found.pk == taken.pk
        services.evaluation_give_back(scope=second, uuid=taken.uuid)
    with activate(first):
        services.evaluation_give_back(scope=first, uuid=other.uuid)
        Evaluation.objects.visible_to(first).filter(state="sampled").exclude(pk=taken.pk).update(state="dropped")
        # Nothing else waits.
        found = services.evaluation_take(scope=first)
        assert found is not None
        assert found.pk == taken.pk
    late = replace(first, at=READY + timedelta(hours=13))
    with activate(late):
        services.evaluation_give_back(scope=late, uuid=taken.uuid)
        Evaluation.objects.visible_to(first).filter(pk=other.pk).update(state="sampled")
    morrow = replace(first, at=late.at + timedelta(hours=13))
    with activate(morrow):
        found = services.evaluation_take(scope=morrow)
        assert found is not None
        assert found.pk == min(taken.pk, other.pk)


def test_the_next_one_can_be_of_one_vendor_or_queue(house: House) -> None:
    scope = house.scope("client_qa")
    with activate(scope):
        known = selectors.queue_list(scope=scope).exclude(queue=None)[0]
        assert known.queue is not None
        assert services.evaluation_take(scope=scope, queue=uuid4()) is None
        assert services.evaluation_take(scope=scope, vendor=uuid4()) is None
        found = services.evaluation_take(scope=scope, vendor=known.vendor.uuid, queue=known.queue.uuid)
    assert found is not None
    assert (found.vendor_id, found.queue_id) == (known.vendor_id, known.queue_id)


@pytest.mark.faults
def test_eight_at_once_take_eight_different_ones(committed_world: World) -> None:
    house = house_make(committed_world)
    house.calls(150)
    house.drawn(house.plan())
    names = ["client_qa", "programme_manager"]

    def take(number: int) -> Any:
        scope = replace(house.scope(names[number % 2]), user_id=1000 + number)
        with activate(scope):
            found = services.evaluation_take(scope=scope)
        connection.close()
        return found and found.pk

    with ThreadPoolExecutor(8) as many:
        found = list(many.map(take, range(8)))
    assert len(set(found)) == 8


def test_a_sheet_is_kept_as_it_is_filled_in_and_submitted_whole(house: House) -> None:
    scope = house.scope("andes_vendor_supervisor")
    with activate(scope):
        taken = services.evaluation_take(scope=scope)
        assert taken is not None
        asked: dict[str, Any] = {"scope": scope, "uuid": taken.uuid}
        services.evaluation_save(**asked, sheet=Sheet({"greeting": "no"}, remarks={"greeting": "Nine seconds"}))
        kept = selectors.evaluation_get(**asked)
        assert (kept.answers, kept.remarks) == ({"greeting": "no"}, {"greeting": "Nine seconds"})
        with pytest.raises(Invalid) as refusal:
            services.evaluation_submit(**asked, sheet=Sheet({"greeting": "no"}))
        assert set(refusal.value.fields) == set(ALL_YES) - {"greeting"}
        with pytest.raises(Invalid) as refusal:
            services.evaluation_submit(**asked, sheet=Sheet({**ALL_YES, "consent": "no"}))
        assert refusal.value.fields == {"consent": ["Say what it came from."]}
        for sheet, field in (
            (Sheet({"greeting": "maybe"}), "greeting"),
            (Sheet({"nothing": "yes"}), "nothing"),
            (Sheet({"consent": "no"}, causes={"consent": "the weather"}), "consent"),
            (Sheet(comment="x" * 3073), "comment"),
        ):
            with pytest.raises(Invalid) as refusal:
                services.evaluation_save(**asked, sheet=sheet)
            assert list(refusal.value.fields) == [field]
        done = services.evaluation_submit(
            **asked, sheet=Sheet({**ALL_YES, "consent": "no", "tone": "p3"}, causes={"consent": "Forgot"})
        )
    # 30 x 2/3 of compliance, 40 of accuracy, 30 x 13/15 of attitude.
    assert (done.state, done.earned, done.possible) == ("submitted", Decimal("86.0000"), Decimal("100.0000"))
    assert (done.is_failed, done.families) == (
        False,
        {"compliance": True, "customer": False, "business": False},
    )


def test_a_promise_that_was_not_the_agent_s_fails_the_whole(house: House) -> None:
    done = house.submitted("client_qa", {"promise": "no"}, causes={"promise": "Wanted to please"})
    assert (done.is_failed, done.earned, done.possible) == (True, Decimal(0), Decimal(100))


def test_neither_side_knows_the_other_s_view_before_its_own(house: House) -> None:
    done = house.released("client_qa")
    vendor, agent = house.scope("andes_vendor_qa"), house.scope("andes_agent")
    with activate(vendor):
        # Released, but somebody of the vendor is still to evaluate the same call.
        with pytest.raises(NotFound):
            selectors.evaluation_get(scope=vendor, uuid=done.uuid)
        own = selectors.queue_list(scope=vendor).get(reference=done.reference)
        taken = services.evaluation_take(scope=vendor, uuid=own.uuid)
        assert taken is not None
        services.evaluation_submit(scope=vendor, uuid=own.uuid, sheet=Sheet({**ALL_YES, "tone": "p4"}))
        found = selectors.evaluation_get(scope=vendor, uuid=done.uuid)
        [other] = selectors.others_of(scope=vendor, evaluation=found)
        assert (found.earned, other.earned) == (Decimal(100), Decimal(98))
        services.evaluation_release(scope=vendor, uuid=own.uuid)
    rival = house.scope("boral_vendor_qa")
    with activate(rival):
        assert not selectors.evaluation_list(scope=rival).exists()
    with activate(agent):
        mine = selectors.evaluation_list(scope=agent)
        assert all(row.agent_id == agent.agent_id and row.released_at for row in mine)


def test_what_is_submitted_is_taken_back_by_its_evaluator_until_it_is_released(house: House) -> None:
    done = house.submitted("client_qa", {"tone": "p2"})
    other, scope = house.scope("programme_manager"), house.scope("client_qa")
    with activate(other), pytest.raises(Forbidden):
        services.evaluation_reopen(scope=other, uuid=done.uuid)
    with activate(scope):
        again = services.evaluation_reopen(scope=scope, uuid=done.uuid)
        assert (again.state, again.earned) == ("draft", None)
        services.evaluation_submit(scope=scope, uuid=done.uuid, sheet=Sheet(ALL_YES))
        services.evaluation_release(scope=scope, uuid=done.uuid)
        with pytest.raises(Conflict, match="released"):
            services.evaluation_reopen(scope=scope, uuid=done.uuid)


def test_a_dispute_is_about_lost_points_once_in_time_and_decided_by_somebody_else(house: House) -> None:
    done = house.released("client_qa", {"tone": "p3", "record": "no"}, causes={"record": "Forgot"})
    own_view(house, done.reference)
    vendor = house.scope("andes_vendor_supervisor", READY + timedelta(days=1))
    asked: dict[str, Any] = {"scope": vendor, "uuid": done.uuid}
    with activate(vendor):
        with pytest.raises(Invalid) as refusal:
            services.evaluation_dispute(**asked, lines={"greeting": "It was good", "tone": " "})
        assert refusal.value.fields == {
            "greeting": ["This question lost no points."],
            "tone": ["Say what you hold against this answer."],
        }
        services.evaluation_dispute(**asked, lines={"record": "The ticket is #7"})
        with pytest.raises(Conflict, match="disputed before"):
            services.evaluation_dispute(**asked, lines={"tone": "Too strict"})
        with pytest.raises(Forbidden):
            services.evaluation_decide(scope=house.scope("andes_agent"), uuid=done.uuid, text="no")
        with pytest.raises(NotFound):
            services.evaluation_decide(scope=house.scope("andes_vendor_qa"), uuid=done.uuid, text="no")
    evaluator, reviewer = house.scope("client_qa", vendor.at), house.scope("programme_manager", vendor.at)
    with activate(evaluator), pytest.raises(Forbidden, match="Somebody else"):
        services.evaluation_decide(scope=evaluator, uuid=done.uuid, text="It stays")
    with activate(reviewer):
        with pytest.raises(Invalid) as refusal:
            services.evaluation_decide(scope=reviewer, uuid=done.uuid, text="Right", answers={"tone": "p5"})
        assert list(refusal.value.fields) == ["tone"]
        final = services.evaluation_decide(scope=reviewer, uuid=done.uuid, text="Right", answers={"record": "yes"})
        found = selectors.dispute_of(scope=reviewer, evaluation=final)
    assert found is not None
    assert (final.state, final.earned, found.former["earned"]) == ("final", Decimal("96.0000"), "82.6667")
    with activate(vendor):
        kinds = [event.kind for event in selectors.event_list(scope=vendor, evaluation=final)]
    assert kinds == ["release", "dispute", "revise"]


def test_nothing_is_disputed_after_its_time_and_then_it_is_final(house: House) -> None:
    done = house.released("client_qa", {"tone": "p3"})
    own_view(house, done.reference)
    vendor = house.scope("andes_vendor_qa", READY + timedelta(days=7, minutes=1))
    with activate(vendor):
        services.evaluation_acknowledge(scope=vendor, uuid=done.uuid)
        with pytest.raises(Conflict, match="time"):
            services.evaluation_dispute(scope=vendor, uuid=done.uuid, lines={"tone": "Too strict"})
    system = replace(house.world.system, at=vendor.at)
    assert [services.evaluations_close(scope=system), services.evaluations_close(scope=system)] == [1, 0]
    with activate(vendor):
        found = selectors.evaluation_get(scope=vendor, uuid=done.uuid)
        assert (found.state, found.final_at, found.acknowledged_by) == ("final", vendor.at, "andes_vendor_qa")


def test_what_happened_is_not_rewritten(house: House) -> None:
    house.submitted("client_qa")
    system = house.world.system
    with activate(system), pytest.raises(ProgrammingError), transaction.atomic():
        EvaluationEvent.objects.visible_to(system).update(text="never")


def test_roles_without_the_right_evaluate_nothing(house: House) -> None:
    for name in ("auditor", "client_wfm", "andes_agent", "andes_vendor_wfm"):
        scope = house.scope(name)
        with activate(scope), pytest.raises(Forbidden):
            services.evaluation_take(scope=scope)
    done, lead = house.submitted("andes_vendor_supervisor"), house.scope("andes_vendor_supervisor")
    with activate(lead), pytest.raises(Forbidden):
        services.evaluation_release(scope=lead, uuid=done.uuid)
    manager = house.scope("andes_vendor_manager")
    with activate(manager):
        assert services.evaluation_release(scope=manager, uuid=done.uuid).state == "released"


def test_a_view_that_could_be_written_off_the_other_is_refused(house: House) -> None:
    client, vendor = house.scope("client_qa"), house.scope("andes_vendor_qa")
    theirs = house.released(answers={"tone": "p1"})
    with activate(client):
        given = services.coaching_give(
            scope=client, evaluation=theirs.uuid, text="Practice", due_on=READY.date() + timedelta(days=3)
        )
    with activate(vendor):
        # What the client found stays unknown while the own view is open, in whatever it stands.
        assert not selectors.coaching_list(scope=vendor).exists()
    own_view(house, theirs.reference)
    with activate(vendor):
        assert [task.pk for task in selectors.coaching_list(scope=vendor)] == [given.pk]
        own = selectors.evaluation_list(scope=vendor).get(reference=theirs.reference, side="vendor")
        with pytest.raises(Conflict) as refused:
            services.evaluation_reopen(scope=vendor, uuid=own.uuid)
    assert refused.value.code == "not_independent"
