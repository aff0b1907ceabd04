"""The pages of calibration: beginning a session, scoring blind, and what each party reads afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.scope import activate
from qa import selectors
from qa.models import Calibration
from tests.qa.house import ALL_YES, READY, House, house_make
from tests.qa.rounds import TEXT, begun, revealed, room_of, score, user_id
from tests.world import World


@pytest.fixture
def house(world: World) -> House:
    """Two vendors with the same form; one has calls."""
    found = house_make(world)
    found.calls(20)
    return found


def got(house: House, name: str, path: str, data: dict[str, Any] | None = None) -> Any:
    """Open a page as somebody, or send its form."""
    client = Client()
    client.force_login(house.world.users[name])
    with time_machine.travel(READY, tick=False):
        return client.get(path) if data is None else client.post(path, data)


def path_of(house: House, name: str, more: str = "") -> str:
    """Return the page of the newest session as somebody's house has it."""
    return f"/qa/calibration/{room_of(house, name).uuid}/{more}"


def sheet(**changes: str) -> dict[str, str]:
    """Return a filled-in form."""
    return {f"answer-{key}": value for key, value in {**ALL_YES, **changes}.items()}


def test_the_client_begins_a_session_in_two_steps(house: House) -> None:
    new = "/qa/calibration/new/"
    first = got(house, "client_qa", new).content.decode()
    assert "Anonymous peer" in first
    contract = house.world.vendors["ANDES"].contract
    peer = house.world.vendors["BORAL"].vendor
    asked = {"contract": contract.uuid, "calls": "C00002 C00003", "form": "SERVICE", "peer": peer.uuid}
    second = f"{new}?{urlencode(asked)}"
    page = got(house, "client_qa", second).content.decode()
    assert "What was said in C00003" in page
    body: dict[str, Any] = {
        "name": "June", "deadline_at": "2026-06-13T09:00", "reveals_early": "on",
        "client_people": [user_id(house, "client_qa")], "owner_people": [user_id(house, "andes_vendor_qa")],
        "peer_people": [user_id(house, "boral_vendor_qa")], "text_1": TEXT, "text_2": "Welcome to Andes!",
    }  # fmt: skip
    refused = got(house, "client_qa", second, body)
    assert refused.status_code == 422
    assert "This would tell whose call it is: Andes" in refused.content.decode()
    done = got(house, "client_qa", second, {**body, "text_2": TEXT})
    assert done.status_code == 302
    system = house.world.system
    with activate(system):
        assert sorted(Calibration.objects.visible_to(system).values_list("part", flat=True)) == [
            "client", "owner", "peer"
        ]  # fmt: skip
    for name, status in (("andes_vendor_manager", 403), ("auditor", 403)):
        assert got(house, name, new).status_code == status
    wrong = got(house, "client_qa", f"{new}?{urlencode({**asked, 'calls': ' '})}")
    assert wrong.status_code == 422


def test_a_grader_scores_on_the_page_and_reads_the_results_when_all_have(house: House) -> None:
    begun(house)
    case = path_of(house, "boral_vendor_qa", "cases/1/")
    page = got(house, "boral_vendor_qa", case).content.decode()
    assert "My bill is wrong" in page
    assert "C00002" not in page
    missing = got(house, "boral_vendor_qa", case, {**sheet(tone="")})
    assert missing.status_code == 422
    assert got(house, "boral_vendor_qa", case, {**sheet(), "deed": "keep"}).status_code == 302
    assert (
        "kept, does not count yet" in got(house, "boral_vendor_qa", path_of(house, "boral_vendor_qa")).content.decode()
    )
    assert got(house, "boral_vendor_qa", case, sheet(confirm="no")).status_code == 302
    score(house, "client_qa")
    blind = got(house, "client_qa", path_of(house, "client_qa")).content.decode()
    assert "The graders" not in blind
    assert "boral_vendor_qa" in blind
    score(house, "andes_vendor_qa")
    revealed(house)
    told = got(house, "boral_vendor_qa", path_of(house, "boral_vendor_qa")).content.decode()
    for text in ("The graders", "the client, grader 1", "another vendor, grader 1", "boral_vendor_qa"):
        assert text in told
    for word in ("ANDES", "Andes", "andes", "C00002", "client_qa", "June"):
        assert word not in told
    owner = got(house, "andes_vendor_qa", path_of(house, "andes_vendor_qa")).content.decode()
    assert "C00002" in owner
    for word in ("BORAL", "Boral", "boral"):
        assert word not in owner
    lead = got(house, "client_qa", path_of(house, "client_qa")).content.decode()
    assert "boral_vendor_qa · an anonymous peer" in lead


def test_the_leader_records_the_consensus_and_moves_or_calls_off_what_is_blind(house: House) -> None:
    lead = begun(house)
    page = path_of(house, "client_qa")
    assert got(house, "client_qa", f"{page}deadline/", {"deadline_at": "2026-06-14T09:00"}).status_code == 302
    assert got(house, "client_qa", f"{page}reveal/?version=2", {}).status_code == 409
    for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
        score(house, name)
    assert got(house, "client_qa", f"{page}reveal/?version=2", {}).status_code == 302
    form = got(house, "client_qa", f"{page}consensus/").content.decode()
    assert "Record the consensus" in form
    answers = {f"case1-{key}": value for key, value in sheet(tone="p3").items()}
    told = {**answers, "version": "3", "case1-remark-tone": "ask ANDES"}
    refused = got(house, "client_qa", f"{page}consensus/", told)
    assert refused.status_code == 422
    assert "Every party reads this" in refused.content.decode()
    done = got(house, "client_qa", f"{page}consensus/", {**told, "case1-remark-tone": "He sighed."})
    assert done.status_code == 302
    assert "He sighed." in got(house, "boral_vendor_qa", path_of(house, "boral_vendor_qa")).content.decode()
    assert got(house, "client_qa", f"{page}cancel/?version=4", {}).status_code == 409
    again = begun(house, name="July")
    assert got(house, "client_qa", f"/qa/calibration/{again.uuid}/cancel/?version=1", {}).status_code == 302
    assert lead.pk != again.pk


def test_the_watch_tells_who_scores_itself_higher_and_who_is_severe(house: House) -> None:
    house.calls(300, mark="W")
    house.drawn(house.plan(side="both", rate_percent=20))
    system = house.world.system
    from qa.models import Evaluation

    with activate(system):
        rows = Evaluation.objects.visible_to(system)
        lead = house.world.users["andes_vendor_supervisor"]
        for n, row in enumerate(rows.order_by("side", "reference")):
            own = {"evaluator_id": lead.pk, "evaluator_name": "Ana"} if row.side == "vendor" else {"evaluator_id": 1}
            earned = 80 + n % 3 + (10 if row.side == "vendor" else 0)
            rows.filter(pk=row.pk).update(state="final", earned=earned, possible=100, **own)
    begun(house)
    score(house, "client_qa", {"tone": "p3"})
    score(house, "andes_vendor_qa")
    score(house, "boral_vendor_qa", {"tone": "p3"})
    revealed(house)
    asked = selectors.Asked("client", "SERVICE", READY.date() - timedelta(days=5), READY.date() + timedelta(days=1))
    for name, expected in (
        ("client_qa", {"Ana", "andes_vendor_qa", "boral_vendor_qa", "client_qa"}),
        ("andes_vendor_qa", {"Ana", "andes_vendor_qa"}),
        ("boral_vendor_qa", {"boral_vendor_qa"}),
    ):
        scope = house.scope(name)
        with activate(scope):
            found = {one.name: one.watched for one in selectors.watch_list(scope=scope, asked=asked)}
        assert set(found) == expected
    days = {"from": asked.first.isoformat(), "to": asked.last.isoformat()}
    page = got(house, "client_qa", f"/qa/graders/?{urlencode(days)}").content.decode()
    assert "scores itself higher" in page
    assert "+10.0 pp" in page
    assert got(house, "client_qa", f"/qa/graders/?by=house&{urlencode(days)}").status_code == 200
    assert got(house, "andes_agent", "/qa/graders/").status_code == 403


def test_programs_read_their_house_s_sessions_and_score_in_the_name_of_a_grader(house: House) -> None:
    begun(house)
    own = room_of(house, "boral_vendor_qa")
    [row] = got(house, "boral_vendor_qa", "/api/v1/calibrations").json()["results"]
    assert (row["id"], row["state"], row["results"]) == (str(own.uuid), "open", {})
    assert "name" not in row
    client = Client()
    client.force_login(house.world.users["boral_vendor_qa"])
    here = f"/api/v1/calibrations/{own.uuid}"
    body = {"position": 1, "answers": ALL_YES}
    headers = {"Idempotency-Key": "one"}
    with time_machine.travel(READY, tick=False):
        told = client.get(f"{here}/cases").json()
        assert told["results"][0]["reference"] == ""
        assert "ANDES" not in str(told)
        done = client.post(f"{here}/cases", body, content_type="application/json", headers=headers)
        assert done.status_code == 200, done.content
        assert done.json()["results"][0]["is_scored"] is True
        wrong = client.post(
            f"{here}/cases", {**body, "answers": {"tone": "p9"}}, content_type="application/json",
            headers={"Idempotency-Key": "two"},
        )  # fmt: skip
        assert wrong.status_code == 422
        lead = room_of(house, "client_qa")
        assert client.get(f"/api/v1/calibrations/{lead.uuid}").status_code == 404
        assert client.get(here).json()["number"] == own.number


def test_more_sessions_take_no_more_queries(house: House) -> None:
    def queries(path: str) -> int:
        client = Client()
        client.force_login(house.world.users["client_qa"])
        with time_machine.travel(READY, tick=False):
            client.get(path)
            with CaptureQueriesContext(connection) as found:
                assert client.get(path).status_code == 200
        return len(found)

    def session(number: int) -> None:
        begun(house, name=f"Round {number}")
        for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
            score(house, name)
        assert revealed(house) == 1

    paths = ("/qa/calibration/", "/qa/graders/?from=2026-06-01&to=2026-06-20", "/api/v1/calibrations")
    session(1)
    before = [queries(path) for path in paths]
    for number in (2, 3, 4):
        session(number)
    assert [queries(path) for path in paths] == before
