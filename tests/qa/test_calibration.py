"""Calibration sessions: blind until they end, apart for rivals, and without any effect on scores."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Notice
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.models import Calibration, CalibrationCase, CalibrationSheet, Evaluation
from qa.services import CaseGiven, Sheet
from tests.qa.house import ALL_YES, READY, House, house_make
from tests.qa.rounds import DEADLINE, TEXT, begun, given_make, revealed, room_of, score, user_id
from tests.world import World

TABLES = ("qa_calibration", "qa_calibrationcase", "qa_calibrationseat", "qa_calibrationsheet")


@pytest.fixture
def house(world: World) -> House:
    """Two vendors with the same form; one has calls."""
    found = house_make(world)
    found.calls(20)
    return found


def everything(house: House, name: str) -> str:
    """Return all rows of calibration that the database shows somebody, as text."""
    scope = house.scope(name)
    with activate(scope), connection.cursor() as cursor:
        rows = []
        for table in TABLES:
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def results(house: House, name: str) -> Any:
    """Return the results as somebody reads them."""
    return room_of(house, name).results


def test_three_graders_score_blind_and_read_the_results_when_all_have_scored(house: House) -> None:
    lead = begun(house)
    score(house, "client_qa", {"tone": "p3"})
    score(house, "andes_vendor_qa")
    assert revealed(house) == 0
    for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
        assert results(house, name) == {}
    score(house, "boral_vendor_qa", {"tone": "p3", "confirm": "no"})
    assert revealed(house) == 1
    assert revealed(house) == 0
    found = results(house, "client_qa")
    assert [(one["part"], one["name"]) for one in found["graders"]] == [
        ("client", "client_qa"),
        ("owner", "andes_vendor_qa"),
        ("peer", "boral_vendor_qa"),
    ]
    by_key = {line["key"]: line for line in found["criteria"]}
    assert (by_key["tone"]["agreed"], by_key["tone"]["compared"]) == (2, 3)
    assert (by_key["confirm"]["agreed"], by_key["confirm"]["compared"]) == (2, 3)
    assert (by_key["greeting"]["agreed"], by_key["greeting"]["compared"]) == (3, 3)
    # The owner gave full points where most saw three of five.
    assert [one["severity"]["mean"] > 0 for one in found["graders"]] == [False, True, False]
    assert room_of(house, "client_qa").state == "complete"
    assert lead.uuid == room_of(house, "client_qa").uuid


def told(house: House, name: str) -> list[tuple[str, str]]:
    """Return what somebody was told, and of which session, the first first."""
    scope = house.scope(name)
    with activate(scope):
        own = Notice.objects.visible_to(scope).filter(recipient_id=scope.user_id).order_by("pk")
        return [(one.message, one.parameters["calibration"]) for one in own]


def test_graders_hear_when_it_begins_and_when_it_is_revealed_each_of_its_own_session_alone(house: House) -> None:
    lead = begun(house)
    assert told(house, "andes_vendor_qa") == [("calibration_begun", "#1")]
    assert told(house, "boral_vendor_qa") == [("calibration_begun", "#1")]
    for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
        score(house, name)
    assert revealed(house) == 1
    for name, called in (("andes_vendor_qa", "#1"), ("boral_vendor_qa", "#1")):
        assert told(house, name) == [("calibration_begun", called), ("calibration_revealed", called)]
    assert told(house, "client_qa")[-1] == ("calibration_revealed", lead.name)
    scope = house.scope("boral_vendor_qa")
    with activate(scope):
        words = "".join(
            f"{one.parameters}{one.path}" for one in Notice.objects.visible_to(scope) if one.kind == "calibration"
        )
    for secret in ("ANDES", "Andes", lead.name, str(lead.uuid)):
        assert secret not in words


def test_before_the_reveal_nobody_reads_another_s_answers_the_leader_included(house: House) -> None:
    begun(house, client_people=[user_id(house, "client_qa"), user_id(house, "programme_manager")])
    score(house, "client_qa")
    scope, room = house.scope("programme_manager"), room_of(house, "programme_manager")
    with activate(scope):
        assert list(selectors.sheet_list(scope=scope, calibration=room)) == []
        told = selectors.progress_of(scope=scope, calibration=room)
        assert [(row["name"], row["done"]) for row in told][:2] == [("client_qa", 1), ("programme_manager", 0)]
    assert revealed(house, DEADLINE) == 1
    with activate(scope):
        assert len(selectors.sheet_list(scope=scope, calibration=room)) == 1


def test_the_peer_learns_nothing_of_the_owner_nor_the_owner_of_the_peer(house: House) -> None:
    begun(house)
    for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
        score(house, name, remarks={"tone": f"remark of {name}"}, comment=f"comment of {name}")
    revealed(house)
    peer, owner = everything(house, "boral_vendor_qa"), everything(house, "andes_vendor_qa")
    for word in ("ANDES", "Andes", "andes", "C00002", "June", "client_qa"):
        assert word not in peer
    for word in ("BORAL", "Boral", "boral", "June", "client_qa"):
        assert word not in owner
    assert "C00002" in owner
    assert [(one["part"], one["name"], one["number"]) for one in results(house, "boral_vendor_qa")["graders"]] == [
        ("peer", "boral_vendor_qa", 0),
        ("client", "", 1),
        ("peer", "", 1),
    ]
    assert [one["part"] for one in results(house, "andes_vendor_qa")["graders"]] == ["owner", "client", "peer"]


def test_a_text_that_would_tell_whose_call_it_is_never_reaches_the_peer(house: House) -> None:
    for text, word in (
        ("Welcome to Andes Contact", "Andes"),
        ("ask for andes agent 2", "andes agent 2"),
        ("my order 4711-0815", "4711-0815"),
        ("write to li@shop.example", "li@shop.example"),
        ("call C00002 again", "C00002"),
    ):
        with pytest.raises(Invalid) as refusal:
            begun(house, cases=[CaseGiven("C00002", text)])
        assert word in refusal.value.fields["text_1"][0]
    with pytest.raises(Invalid) as refusal:
        begun(house, cases=[CaseGiven("C00002")])
    assert list(refusal.value.fields) == ["text_1"]
    # Without a peer the people of one vendor may read what they know.
    lead = begun(house, cases=[CaseGiven("C00002", "Welcome to Andes")], peer_form=None, peer_people=[])
    assert lead.peer_id is None


def test_what_cannot_be_is_refused_beside_its_field(house: House) -> None:
    for changes, field in (
        ({"name": " "}, "name"),
        ({"form": house.forms["BORAL"]}, "form"),
        ({"deadline_at": READY}, "deadline_at"),
        ({"cases": []}, "calls"),
        ({"cases": [CaseGiven("NONE", TEXT)]}, "calls"),
        ({"cases": [CaseGiven("C00002", TEXT), CaseGiven("C00002", TEXT)]}, "calls"),
        ({"owner_people": [user_id(house, "boral_vendor_qa")]}, "owner_people"),
        ({"client_people": [user_id(house, "auditor")]}, "client_people"),
        ({"peer_people": []}, "peer_people"),
        ({"peer_form": house.forms["ANDES"]}, "peer"),
    ):
        client = house.scope("client_qa")
        with activate(client), pytest.raises(Invalid) as refusal:
            services.calibration_begin(scope=client, given=given_make(house, **changes))
        assert field in refusal.value.fields
    assert everything(house, "client_qa") == ""


def test_only_whoever_was_asked_scores_and_only_while_it_is_blind(house: House) -> None:
    begun(house)
    with pytest.raises(Forbidden):
        score(house, "andes_vendor_supervisor")
    with pytest.raises(Invalid) as refusal:
        score(house, "andes_vendor_qa", {"tone": ""})
    assert list(refusal.value.fields) == ["tone"]
    score(house, "andes_vendor_qa")
    # Thought better of it while nobody has read it.
    score(house, "andes_vendor_qa", {"tone": "p3"})
    with pytest.raises(Conflict):
        score(house, "client_qa", at=DEADLINE)
    agent = house.scope("andes_agent")
    with activate(agent), pytest.raises(Forbidden):
        selectors.calibration_list(scope=agent)


def test_a_session_in_which_somebody_is_missing_is_incomplete_unless_its_deadline_is_moved(
    house: House,
) -> None:
    lead = begun(house)
    score(house, "client_qa")
    client = house.scope("client_qa")
    with activate(client):
        with pytest.raises(Conflict):
            services.calibration_reveal(scope=client, uuid=lead.uuid, expected_version=1)
        later = DEADLINE + timedelta(days=1)
        services.calibration_extend(scope=client, uuid=lead.uuid, expected_version=1, deadline_at=later)
    assert revealed(house, DEADLINE) == 0
    assert room_of(house, "boral_vendor_qa").deadline_at == later
    score(house, "andes_vendor_qa", at=DEADLINE)
    assert revealed(house, later) == 1
    for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
        assert room_of(house, name).state == "incomplete"
    with activate(client), pytest.raises(Conflict):
        services.calibration_extend(scope=client, uuid=lead.uuid, expected_version=3, deadline_at=later)


def test_the_consensus_replaces_the_benchmark_and_everybody_reads_why(house: House) -> None:
    lead = begun(house)
    score(house, "client_qa", {"tone": "p3"})
    score(house, "andes_vendor_qa")
    score(house, "boral_vendor_qa")
    client = house.scope("client_qa")
    agreed = {**ALL_YES, "tone": "p3"}
    with activate(client):
        case = selectors.case_list(scope=client, calibration=lead).get()
        asked: dict[str, Any] = {"scope": client, "uuid": lead.uuid}
        sheets = {case.uuid: Sheet(agreed, remarks={"tone": "He sighed."})}
        with pytest.raises(Conflict):
            services.calibration_agree(**asked, expected_version=1, sheets=sheets)
        services.calibration_reveal(**asked, expected_version=1)
        telling = {case.uuid: Sheet(agreed, remarks={"tone": "At Andes one smiles."})}
        with pytest.raises(Invalid) as refusal:
            services.calibration_agree(**asked, expected_version=2, sheets=telling)
        assert list(refusal.value.fields) == [f"{case.uuid}.tone"]
        with pytest.raises(Invalid):
            services.calibration_agree(**asked, expected_version=2, sheets={})
        services.calibration_agree(**asked, expected_version=2, sheets=sheets)
    for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
        room, scope = room_of(house, name), house.scope(name)
        assert room.agreed_at == READY
        with activate(scope):
            own = selectors.case_list(scope=scope, calibration=room).get()
        assert own.consensus_remarks == {"tone": "He sighed."}
        told = {one["part"] + one["name"]: one["severity"]["mean"] for one in room.results["graders"]}
        assert sorted(mean == 0 for mean in told.values()) == [False, False, True]


def test_only_the_client_leads(house: House) -> None:
    lead = begun(house)
    for name in ("andes_vendor_manager", "auditor"):
        scope = house.scope(name)
        with activate(scope), pytest.raises(Forbidden):
            services.calibration_begin(scope=scope, given=given_make(house))
    manager, own = house.scope("andes_vendor_manager"), room_of(house, "andes_vendor_manager")
    with activate(manager):
        for uuid in (lead.uuid, room_of(house, "boral_vendor_qa").uuid):
            with pytest.raises(NotFound):
                selectors.calibration_get(scope=manager, uuid=uuid)
        with pytest.raises(NotFound):
            selectors.progress_of(scope=manager, calibration=own)
        with pytest.raises(Forbidden):
            services.calibration_cancel(scope=manager, uuid=own.uuid, expected_version=1)


def test_calibration_touches_no_score_and_what_was_scored_cannot_be_taken_away(house: House) -> None:
    begun(house)
    score(house, "client_qa")
    system = house.world.system
    with activate(system):
        assert not Evaluation.objects.visible_to(system).exists()
        assert CalibrationSheet.objects.visible_to(system).count() == 1
        assert Calibration.objects.visible_to(system).count() == CalibrationCase.objects.visible_to(system).count() == 3
        texts = CalibrationCase.objects.visible_to(system).values_list("text", flat=True)
        assert set(texts) == {TEXT}
    assert json.loads(everything(house, "andes_vendor_qa").splitlines()[0])["name"] == ""


def test_a_session_that_was_called_off_is_never_revealed(house: House) -> None:
    lead, client = begun(house), house.scope("client_qa")
    with activate(client):
        services.calibration_cancel(scope=client, uuid=lead.uuid, expected_version=1)
    assert revealed(house, DEADLINE) == 0
    with pytest.raises(Conflict):
        score(house, "andes_vendor_qa")


def test_what_counts_already_stays_whole(house: House) -> None:
    begun(house)
    score(house, "client_qa")
    room, scope = room_of(house, "client_qa"), house.scope("client_qa")
    with activate(scope):
        (case,) = selectors.case_list(scope=scope, calibration=room)
        given: dict[str, Any] = {"scope": scope, "uuid": room.uuid, "case": case.uuid}
        with pytest.raises(Invalid):
            services.calibration_score(**given, sheet=Sheet({"tone": "p3"}), is_final=False)
        kept = services.calibration_score(**given, sheet=Sheet({**ALL_YES, "tone": "p3"}), is_final=False)
        assert kept.submitted_at is not None
        assert kept.answers["tone"] == "p3"
