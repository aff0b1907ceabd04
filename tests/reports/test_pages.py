"""The report pages: what they show, to whom, and that they show what the interface answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Batch, Mark
from core.periods import half_hours
from core.scope import activate
from tests.sla.rollups import (
    answered,
    day_add,
    half_hour_add,
)
from tests.world import NOW, World

ClientOf = Callable[[str], Client]
SHANGHAI = "Asia/Shanghai"
JUNE = {"from": "2026-06-01", "to": "2026-06-15"}

pytestmark = pytest.mark.usefixtures("in_june")


def page(client: Client, url: str, *, status: Any = 200, **parameters: Any) -> str:
    response = client.get(url, parameters)
    assert response.status_code == status, response.content[:2000]
    return bytes(response.content).decode()


def plain(html: str) -> str:
    """Return the words of a page, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def contract_url(house: World, code: str = "ANDES") -> str:
    return reverse("reports:contract", args=[house.vendors[code].contract.uuid])


CANARIES = ("Boral", "BORAL", "Z9K")


# --- Overview ----------------------------------------------------------------------------------------------------


def test_the_overview_shows_every_contract_against_its_targets(house: World, client_of: ClientOf) -> None:
    html = page(client_of("programme_manager"), "/")
    text = plain(html)
    assert "June 2026 so far" in text
    assert "ANDES hotline" in text
    assert "BORAL hotline" in text
    # (90 + 50) of 2 x 103 calls that count, on each of 14 days.
    assert "68.0%" in text
    assert "minimum missed" in text
    assert "ANDES hotline misses the minimum" in text


def test_a_queue_below_its_minimum_shows_behind_a_contract_that_is_not(house: World, client_of: ClientOf) -> None:
    with activate(house.system):
        andes = house.vendors["ANDES"]
        for day in range(1, 15):
            day_add(andes, andes.queues[0], date(2026, 6, day), offered=900, service_met=900, service_base=900)
    text = plain(page(client_of("andes_vendor_manager"), "/"))
    assert "Service level in ANDES SUPPORT" in text


def test_a_fall_beyond_chance_is_named(house: World, client_of: ClientOf) -> None:
    text = plain(page(client_of("andes_vendor_manager"), "/"))
    assert "Service level −18.6 pp against May 2026" in text


def test_the_overview_names_missing_days_and_waiting_files(house: World, client_of: ClientOf) -> None:
    with activate(house.system):
        vendor = house.vendors["ANDES"].vendor
        Batch.objects.create(
            vendor=vendor, number=1, source="page", state="checked", file_name="june.csv", size_bytes=1,
            sha256=b"x" * 32, received_at=NOW,
        )  # fmt: skip
        Mark.objects.create(vendor=vendor, contract_id=house.vendors["ANDES"].contract.pk, day=date(2026, 6, 2), at=NOW)
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        text = plain(page(client_of("programme_manager"), "/"))
    assert "ANDES hotline: no calls since 14 Jun 2026, 3 days are missing" in text
    assert "1 file waits to be confirmed" in text
    assert "1 day is being computed" in text


def test_another_month_is_in_the_address(house: World, client_of: ClientOf) -> None:
    text = plain(page(client_of("andes_vendor_manager"), "/", month="2026-05"))
    assert "May 2026" in text
    assert "86.5%" in text
    assert page(client_of("andes_vendor_manager"), "/", status=400, month="2026-13")


def test_an_empty_house_says_what_will_be_here(world: World, client_of: ClientOf) -> None:
    text = plain(page(client_of("andes_vendor_manager"), "/"))
    assert "No calls yet" in text
    assert "0.0%" not in text


def test_an_empty_house_with_files_on_their_way_shows_how_far_they_are(world: World, client_of: ClientOf) -> None:
    with activate(world.system):
        Batch.objects.create(
            vendor=world.vendors["ANDES"].vendor, number=1, source="command", state="confirmed", file_name="a.csv",
            size_bytes=1, sha256=b"x" * 32, received_at=NOW, rows_seen=1200, rows_expected=5000,
        )  # fmt: skip
    html = page(client_of("programme_manager"), "/")
    assert "1,200 of 5,000 rows read" in html
    assert 'hx-trigger="every 3s"' in html


def test_a_vendor_s_overview_holds_no_word_of_the_rival(house: World, client_of: ClientOf) -> None:
    for username in ("andes_vendor_manager", "andes_vendor_supervisor", "andes_agent"):
        html = page(client_of(username), "/")
        assert not [canary for canary in CANARIES if canary in html]


def test_an_agent_sees_its_own_figures(house: World, client_of: ClientOf) -> None:
    text = plain(page(client_of("andes_agent"), "/"))
    assert "My figures" in text
    assert "40 calls handled" in text
    assert "goal" not in text


# --- Contract ----------------------------------------------------------------------------------------------------


def test_a_contract_s_page_shows_tiles_heat_map_and_worst_half_hours(house: World, client_of: ClientOf) -> None:
    html = page(client_of("programme_manager"), contract_url(house), **JUNE)
    text = plain(html)
    for words in ("Service level", "provisional", "Queue by queue", "Half-hours with the most calls that missed"):
        assert words in text
    heat = json.loads(re.search(r'<script id="heat-data"[^>]*>(.*?)</script>', html)[1])  # type: ignore[index]
    assert heat["y"] == ["10:00"]
    assert len(heat["x"]) == len(heat["cells"]) == 14
    x, y, value, n, level, url = heat["cells"][0]
    assert (x, y, n, level) == (0, 0, 206, "minimum")
    assert value == pytest.approx(140 / 206)
    assert "part=service_base" in heat["url"]
    assert "from=2026-06-01T10%3A00%3A00%2B08%3A00" in url
    listed = client_of("programme_manager").get(heat["url"] + url)
    assert listed.status_code == 200
    assert listed.context["filterset"].form.is_valid()


def test_a_queue_narrows_the_page(house: World, client_of: ClientOf) -> None:
    queue = house.vendors["ANDES"].queues[1]
    html = page(client_of("andes_vendor_manager"), contract_url(house), queue=str(queue.uuid), **JUNE)
    assert "48.5%" in plain(html)
    assert "Queue by queue" not in html
    page(client_of("andes_vendor_manager"), contract_url(house), status=404, queue="NO-SUCH")


def test_a_repeated_hour_has_rows_of_its_own(house: World, client_of: ClientOf) -> None:
    from accounts.models import Organization
    from core.scope import VENDOR
    from tests.world import vendor_make

    organization = Organization.objects.create(side=VENDOR, name="Berlin")
    with activate(house.system):
        home = vendor_make(organization=organization, code="BERLIN", zone="Europe/Berlin")
        for bucket in half_hours(date(2026, 10, 25), "Europe/Berlin"):
            half_hour_add(home, home.queues[0], bucket, **answered(10))
    url = reverse("reports:contract", args=[home.contract.uuid])
    html = page(client_of("programme_manager"), url, **{"from": "2026-10-25", "to": "2026-10-26"})
    heat = json.loads(re.search(r'<script id="heat-data"[^>]*>(.*?)</script>', html)[1])  # type: ignore[index]
    assert len(heat["cells"]) == len(heat["y"]) == 50
    assert heat["y"][4:8] == ["02:00", "02:00 again", "02:30", "02:30 again"]


def test_a_contract_of_a_rival_does_not_exist(house: World, client_of: ClientOf) -> None:
    foreign = client_of("andes_vendor_manager").get(contract_url(house, "BORAL"))
    nowhere = client_of("andes_vendor_manager").get("/contracts/00000000-0000-4000-8000-000000000000/kpis/")
    assert foreign.status_code == nowhere.status_code == 404
    assert client_of("andes_agent").get(contract_url(house)).status_code == 404


@pytest.mark.parametrize(
    "parameters",
    [
        {"from": "2026-06-31", "to": "2026-07-01"},
        {"from": "2026-06-02"},
        {"from": "2026-06-02", "to": "2026-06-02"},
        {"from": "2026-01-01", "to": "2027-02-06"},
    ],
)
def test_an_impossible_period_is_refused(house: World, client_of: ClientOf, parameters: dict[str, str]) -> None:
    page(client_of("programme_manager"), contract_url(house), status=400, **parameters)


def test_a_contract_s_page_needs_the_same_queries_for_10_and_20_days(house: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    page(client, contract_url(house), **JUNE)
    counts = []
    for after in ("2026-05-11", "2026-05-21"):
        with CaptureQueriesContext(connection) as captured:
            page(client, contract_url(house), **{"from": "2026-05-01", "to": after})
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- Derivation --------------------------------------------------------------------------------------------------


def test_the_drawer_shows_definition_both_parts_and_what_is_left_out(house: World, client_of: ClientOf) -> None:
    andes = house.vendors["ANDES"]
    parameters = {
        "metrics": "service_level",
        "from": "2026-06-01",
        "to": "2026-06-02",
        "contract": str(andes.contract.uuid),
    }
    html = page(client_of("andes_vendor_manager"), reverse("reports:derivation"), **parameters)
    text = plain(html)
    assert "answered within 20 s or sooner, short abandons up to 5 s left out (formula 6)" in text
    assert "Definition of ANDES-2026 version 1" in text
    assert "Met the threshold 140" in text
    assert "Calls that count 206" in text
    assert "2 short abandons" in text
    assert "minimum missed" in text
    assert "part=service_missed" in html
    assert f"contract={andes.contract.uuid}" in html
