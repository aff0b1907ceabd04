"""Programs read forms, plans and draws, write the client's drafts, and draw a sample again from what they are told."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.calc.access import token_permissions_of
from accounts.services import token_create
from core.scope import CLIENT, VENDOR, activate
from qa import services
from qa.calc.editing import form_blank
from qa.calc.sampling import allocate
from tests.qa.house import DAY, READY, House, house_make
from tests.world import World

API = "/api/v1"


@pytest.fixture(autouse=True)
def now() -> Any:
    """The morning after the day."""
    with time_machine.travel(READY, tick=False) as clock:
        yield clock


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls()
    return found


def program(house: House, name: str) -> dict[str, Any]:
    """Return what a program of somebody's sends with each request."""
    scope = house.scope(name)
    side = CLIENT if scope.is_client else VENDOR
    with activate(scope):
        _token, key = token_create(
            scope=scope,
            name="program",
            permissions=sorted(token_permissions_of(scope.role, side)),
            expires_at=scope.at + timedelta(days=30),
        )
    return {"headers": {"Authorization": f"Bearer {key}"}}


def sent(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Return what a deed is sent with."""
    return {"headers": {**asked["headers"], "Idempotency-Key": key}, "content_type": "application/json"}


def test_a_draft_is_written_changed_and_published_once_for_one_key(house: House) -> None:
    asked, client = program(house, "client_qa"), Client()
    body = form_blank(title="All", text="Greets")
    new = {"code": "BARE", "name": "Bare", "body": body}
    made = client.post(f"{API}/form-drafts", new, **sent(asked, "k1"))
    assert (made.status_code, client.post(f"{API}/form-drafts", new, **sent(asked, "k1")).json()) == (201, made.json())
    address = f"{API}/form-drafts/{made.json()['id']}"
    broken = {"version": 1, "body": {"sections": [{"key": "s", "title": "", "questions": []}]}}
    refused = client.patch(address, broken, **sent(asked, "k2"))
    assert refused.status_code == 422
    assert any(text.startswith("sections.0.title: ") for text in refused.json()["error"]["fields"]["body"])
    body["sections"][0]["title"] = "Whole"
    assert client.patch(address, {"version": 1, "body": body}, **sent(asked, "k3")).json()["version"] == 2
    assert client.patch(address, {"version": 1, "name": "Late"}, **sent(asked, "k4")).status_code == 409
    nobody = client.post(f"{address}/publish", {"version": 2, "vendors": ["NOBODY"]}, **sent(asked, "k5"))
    assert "vendors" in nobody.json()["error"]["fields"]
    done = client.post(f"{address}/publish", {"version": 2, "vendors": ["ANDES", "BORAL"]}, **sent(asked, "k6"))
    assert [(row["code"], row["number"], row["is_live"]) for row in done.json()["results"]] == [("BARE", 1, True)] * 2
    told = client.get(f"{API}/evaluation-forms", {"code": "BARE", "in_use": "true", "vendor": "ANDES"}, **asked)
    (form,) = told.json()["results"]
    assert form["body"] == body
    vendor = program(house, "andes_vendor_qa")
    own = client.get(f"{API}/evaluation-forms/{form['id']}", **vendor).json()
    assert (own["digest"], "published_by" in own) == (form["digest"], False)
    assert client.get(f"{API}/form-drafts", **vendor).status_code == 403


def test_a_program_draws_the_sample_again_from_what_it_is_told(house: House) -> None:
    house.drawn(house.plan(rate_percent=20))
    client = Client()
    for name in ("client_qa", "andes_vendor_qa"):
        asked = program(house, name)
        (plan,) = client.get(f"{API}/sampling-plans", {"state": "live"}, **asked).json()["results"]
        days = {"plan": plan["id"], "first_day": DAY.isoformat()}
        (draw,) = client.get(f"{API}/draws", days, **asked).json()["results"]
        assert hashlib.sha256(bytes.fromhex(draw["seed"])).hexdigest() == plan["first_seed"]
        whole = client.get(f"{API}/draws/{draw['id']}/population.csv", **asked).content
        assert hashlib.sha256(whole).hexdigest() == draw["population_sha256"]
        rows = list(csv.DictReader(io.StringIO(whole.decode())))
        drawn = set()
        for person, own in draw["quotas"].items():
            sizes: dict[str, int] = {}
            for row in sorted((r for r in rows if r["person"] == person), key=lambda r: r["stratum"]):
                sizes[row["stratum"]] = sizes.get(row["stratum"], 0) + 1
            for stratum, count in allocate(own["quota"], sizes, sizes).items():
                ids = [r["id"] for r in rows if (r["person"], r["stratum"]) == (person, stratum)]
                lots = {hashlib.sha256(f"{draw['seed']}:{one}".encode()).hexdigest(): one for one in ids}
                drawn |= {lots[lot] for lot in sorted(lots)[:count]}
        check = client.get(f"{API}/draws/{draw['id']}/check", **asked).json()
        assert (check["is_right"], {one["id"] for one in check["drawn"]}) == (True, drawn)
        sample = client.get(f"{API}/draws/{draw['id']}/sample.csv", **asked).content.decode()
        assert {row["id"] for row in csv.DictReader(io.StringIO(sample))} == drawn
        assert client.get(f"{API}/draws", {"until_day": DAY.isoformat()}, **asked).json()["results"] == []


def test_rivals_and_agents_are_told_nothing_of_draws(house: House) -> None:
    draw = house.drawn(house.plan())
    client = Client()
    rival = program(house, "boral_vendor_qa")
    assert client.get(f"{API}/draws", **rival).json()["results"] == []
    for name in ("", "/check", "/population.csv", "/sample.csv"):
        assert client.get(f"{API}/draws/{draw.uuid}{name}", **rival).status_code == 404


@pytest.mark.parametrize("path", ["evaluation-forms", "form-drafts", "sampling-plans", "draws"])
def test_lists_ask_as_often_for_many_rows_as_for_few(path: str, house: House) -> None:
    asked, client, scope = program(house, "client_qa"), Client(), house.scope("client_qa")

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"{API}/{path}", **asked).status_code == 200
        return len(made)

    def more(numbers: range) -> None:
        for number in numbers:
            with activate(scope):
                draft = services.draft_create(
                    scope=scope, code=f"F{number}", name="More", body=form_blank(title="All", text="Greets")
                )
                vendors = [house.forms["ANDES"].vendor]
                services.form_publish(scope=scope, uuid=draft.uuid, expected_version=1, vendors=vendors)
            services.plan_draw(
                scope=house.world.system, uuid=house.plan(name=f"P{number}", form_code=f"F{number}").uuid, day=DAY
            )

    more(range(2))
    queries()
    few = queries()
    more(range(2, 12))
    assert queries() == few
