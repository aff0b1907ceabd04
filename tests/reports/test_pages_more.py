"""The report pages: what they show, to whom, and that they show what the interface answers: the second half."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from calls.models import Mark
from core.scope import activate
from reports.views.health import _walls_checked
from tests.conftest import superuser
from tests.reports.test_pages import CANARIES, JUNE, SHANGHAI, ClientOf, contract_url, page, plain
from tests.world import NOW, World

pytestmark = pytest.mark.usefixtures("in_june")


@pytest.mark.parametrize("kpi", ["connect_rate", "asa", "abandonment", "aht", "fcr", "csat", "transfer_rate", "volume"])
def test_every_kpi_can_be_explained(house: World, client_of: ClientOf, kpi: str) -> None:
    parameters = {"metrics": kpi, "from": "2026-06-01", "to": "2026-06-02"}
    text = plain(page(client_of("programme_manager"), reverse("reports:derivation"), **parameters))
    assert "How it is counted" in text


def test_the_drawer_of_a_rival_s_contract_does_not_exist(house: World, client_of: ClientOf) -> None:
    rival = str(house.vendors["BORAL"].contract.uuid)
    parameters = {"metrics": "asa", "from": "2026-06-01", "to": "2026-06-02"}
    page(client_of("andes_vendor_manager"), reverse("reports:derivation"), status=400, contract=rival, **parameters)
    page(client_of("andes_agent"), reverse("reports:derivation"), status=404, **parameters)


# --- Explorer ----------------------------------------------------------------------------------------------------


def test_the_explorer_opens_with_an_answer(house: World, client_of: ClientOf) -> None:
    text = plain(page(client_of("programme_manager"), "/kpis/"))
    assert "ANDES hotline" in text
    assert "68.0%" in text


def test_the_explorer_answers_what_the_interface_answers(house: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    parameters = {"metrics": ["service_level", "aht", "fcr"], "group_by": ["vendor", "queue"], "interval": "week"}
    rows = list(csv.reader(io.StringIO(_export(client, **parameters, **JUNE))))
    answer = client.get("/api/v1/kpis", parameters | JUNE | {"format": "csv"})
    same = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[1:] == same[1:]
    assert len(rows) > 8
    html = page(client, "/kpis/", **parameters, **JUNE)
    for row in rows[1:]:
        assert f"{float(row[7]):.1%}" in plain(html)
    link = re.search(r'data-copy="http://testserver([^"]+)"', html)
    assert link
    document = json.loads(client.get(link[1].replace("&amp;", "&")).content)
    assert len(document["results"]) == len(same) - 1


def _export(client: Client, **parameters: Any) -> str:
    response = client.get("/kpis/", parameters | {"export": "csv"})
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_an_export_holds_all_pages_and_stands_in_the_book(house: World, client_of: ClientOf) -> None:
    client = client_of("andes_vendor_manager")
    text = _export(client, metrics="volume", group_by="queue", interval="half_hour", **JUNE)
    assert len(text.splitlines()) == 1 + 14 * 48 * 2
    with activate(house.system):
        entry = Entry.objects.visible_to(house.system).filter(action="export.made").latest("pk")
    assert entry.changes["rows"] == 14 * 48 * 2
    assert entry.changes["filters"]["interval"] == "half_hour"


def test_an_xlsx_is_a_file_too(house: World, client_of: ClientOf) -> None:
    response = client_of("andes_vendor_manager").get("/kpis/", JUNE | {"metrics": "volume", "export": "xlsx"})
    assert b"".join(response.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_every_cell_of_the_explorer_opens_its_calls(house: World, client_of: ClientOf) -> None:
    andes = house.vendors["ANDES"]
    parameters = {"metrics": "service_level", "group_by": "queue", "interval": "day"}
    html = page(client_of("andes_vendor_manager"), "/kpis/", **parameters, **JUNE)
    link = f"queue={andes.queues[0].uuid}&amp;from=2026-06-01&amp;to=2026-06-02&amp;part=service_base"
    assert link in html


@pytest.mark.parametrize(
    ("parameters", "words", "status"),
    [
        ({"group_by": "agent", "interval": "hour"}, "choose the interval day or longer", 422),
        ({"group_by": ["agent", "reason"]}, "leave one of them out", 422),
        ({"queue": "NO-SUCH"}, "Not found", 400),
        ({"metrics": "speed"}, "metrics has no value speed", 400),
        ({"interval": "total", "colour": "red", "export": "csv"}, "There is no parameter colour", 400),
    ],
)
def test_what_cannot_be_answered_is_said_beside_the_form(
    house: World, client_of: ClientOf, parameters: dict[str, Any], words: str, status: int
) -> None:
    html = page(client_of("programme_manager"), "/kpis/", status=status, **JUNE, **parameters)
    assert words in html
    assert 'name="interval"' in html


def test_every_figure_of_the_explorer_shows_its_unit(house: World, client_of: ClientOf) -> None:
    client = client_of("andes_vendor_manager")
    kpis = ["service_level", "asa", "aht", "volume"]
    text = plain(page(client, "/kpis/", metrics=kpis, group_by="queue", **JUNE))
    for figure in ("87.4%", "10 s", "3:00 min", "1,456 calls"):
        assert figure in text
    head = _export(client, metrics=kpis, **JUNE).splitlines()[0]
    for title in ("Service level,", "Average speed of answer (s),", "Average handle time (s),", "Volume (calls),"):
        assert title in head


def test_an_agent_s_explorer_says_whose_figures_it_shows(house: World, client_of: ClientOf) -> None:
    html = page(client_of("andes_agent"), "/kpis/", **JUNE, metrics=["csat", "aht"])
    text = plain(html)
    assert "Your own calls alone" in text
    assert "Your own figures" in text
    # What was promised is none of an agent's business.
    for word in ("goal", "minimum"):
        assert word not in text
        assert word not in html.partition("explored-data")[2].partition("</script>")[0]
    assert "Your own" not in plain(page(client_of("andes_vendor_supervisor"), "/kpis/", **JUNE))


def test_agents_and_reasons_are_filtered_by_typed_codes(house: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    text = plain(page(client, "/kpis/", metrics="aht", group_by="agent", agent="ANDES-A1, ANDES-A2", **JUNE))
    assert "ANDES Agent 1" in text
    assert "BORAL Agent" not in text
    text = plain(page(client, "/kpis/", metrics="volume", group_by="reason", **JUNE))
    assert "Contract days with calls" in text
    assert "without a reason" in text


def test_a_chart_runs_with_time_whatever_the_table_is_ordered_by(house: World, client_of: ClientOf) -> None:
    parameters = {"metrics": "service_level", "group_by": "queue", "interval": "day", "order": "-service_level"}
    html = page(client_of("andes_vendor_manager"), "/kpis/", **parameters, **JUNE)
    chart = json.loads(re.search(r'<script id="explored-data"[^>]*>(.*?)</script>', html)[1])  # type: ignore[index]
    assert [label[4:6].strip() for label in chart["labels"]] == [str(day) for day in range(1, 15)]


def test_the_explorer_holds_no_word_of_the_rival(house: World, client_of: ClientOf) -> None:
    for group_by in ("vendor", "contract", "queue", "agent", "reason"):
        for username in ("andes_vendor_manager", "andes_agent"):
            html = client_of(username).get("/kpis/", JUNE | {"metrics": "aht", "group_by": group_by}).content.decode()
            assert not [canary for canary in CANARIES if canary in html]


def test_the_explorer_needs_the_same_queries_for_10_and_20_rows(house: World, client_of: ClientOf) -> None:
    client = client_of("andes_vendor_manager")
    parameters = {"metrics": "service_level", "interval": "day"}
    page(client, "/kpis/", **parameters, **JUNE)
    counts = []
    for after in ("2026-05-11", "2026-05-21"):
        with CaptureQueriesContext(connection) as captured:
            page(client, "/kpis/", **parameters, **{"from": "2026-05-01", "to": after})
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- Palette, health, about --------------------------------------------------------------------------------------


def test_the_palette_finds_what_the_scope_holds(house: World, client_of: ClientOf) -> None:
    found = page(client_of("programme_manager"), reverse("reports:search"), q="hotline")
    assert "ANDES hotline" in found
    assert "BORAL hotline" in found
    for text in ("BORAL", "Z9K", str(house.vendors["BORAL"].contract.uuid)):
        assert page(client_of("andes_vendor_manager"), reverse("reports:search"), q=text).strip() == ""
    assert page(client_of("programme_manager"), reverse("reports:search"), q="h").strip() == ""
    assert page(client_of("programme_manager"), reverse("reports:search"), q="\x00\x00").strip() == ""
    assert page(client_of("andes_agent"), reverse("reports:search"), q="ANDES").strip() == ""


def test_the_palette_gives_at_most_ten_of_a_kind(house: World, client_of: ClientOf) -> None:
    from contracts.models import Contract

    with activate(house.system):
        for n in range(12):
            Contract.objects.create(
                vendor=house.vendors["ANDES"].vendor, code=f"K{n:02}", name=f"Many {n}", zone=SHANGHAI,
                starts_on=date(2026, 1, 1),
            )  # fmt: skip
    assert page(client_of("programme_manager"), reverse("reports:search"), q="many").count("<a ") == 10


def test_health_answers_anybody_and_says_no_figure(house: World) -> None:
    response = Client().get("/health/")
    assert (response.status_code, response.content) == (200, b"ok")


def test_health_tells_of_days_that_wait_too_long(house: World) -> None:
    andes = house.vendors["ANDES"]
    with activate(house.system):
        Mark.objects.create(
            vendor=andes.vendor, contract_id=andes.contract.pk, day=date(2026, 6, 1), at=NOW - timedelta(minutes=3)
        )
    response = Client().get("/health/")
    assert (response.status_code, response.content) == (200, b"degraded: recompute")


def test_health_fails_when_the_walls_do_not_stand(committed_world: World) -> None:
    _walls_checked.cache_clear()
    opened = superuser()
    opened.cursor().execute("ALTER TABLE sla_appliedversion NO FORCE ROW LEVEL SECURITY")
    try:
        response = Client().get("/health/")
    finally:
        opened.cursor().execute("ALTER TABLE sla_appliedversion FORCE ROW LEVEL SECURITY")
        opened.close()
    assert (response.status_code, response.content) == (503, b"down: walls")
    assert Client().get("/health/").status_code == 200


def test_about_names_versions_to_the_enterprise_only(house: World, client_of: ClientOf) -> None:
    import django

    client, vendor = (plain(page(client_of(name), "/about/")) for name in ("auditor", "andes_vendor_qa"))
    assert django.get_version() in client
    assert django.get_version() not in vendor
    assert "BSD" in vendor


def test_nobody_without_a_name_sees_a_page(house: World) -> None:
    for url in ("/", "/kpis/", contract_url(house), "/search?q=andes", "/about/", "/kpis/derivation/"):
        response = Client().get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_moments_of_the_page_are_the_contract_s(house: World, client_of: ClientOf) -> None:
    html = page(client_of("andes_vendor_manager"), contract_url(house), **JUNE)
    assert "Times in Asia/Shanghai" in html
    assert "2026-06-01 10:00" in html
