"""Queues that two vendors call alike: whoever sees both can tell them apart everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.scope import activate
from tests.reports.test_pages import JUNE, ClientOf, page, plain
from tests.world import World
from vendors.models import Queue

ANDES, BORAL = "Andes Voice Q7X", "Boral Contact Z9K"


@pytest.fixture
def alike(house: World) -> World:
    """Both vendors name their queues and agents alike; one has two queues of one name."""
    with activate(house.system):
        for home in house.vendors.values():
            for queue in Queue.objects.visible_to(house.system).filter(vendor=home.vendor):
                queue.name = "Orders"
                queue.save()
            home.contract.name = "Hotline"
            home.contract.save()
    return house


def api(client: Client, **parameters: Any) -> list[dict[str, Any]]:
    response = client.get("/api/v1/kpis", JUNE | {"metrics": "volume"} | parameters)
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = json.loads(response.content)["results"]
    return rows


@pytest.mark.parametrize("group_by", ["contract", "queue", "agent", "reason", "vendor"])
def test_the_interface_names_the_vendor_of_every_row(alike: World, client_of: ClientOf, group_by: str) -> None:
    rows = api(client_of("programme_manager"), group_by=group_by)
    own = api(client_of("andes_vendor_manager"), group_by=group_by)
    assert {row["vendor"]["code"] for row in rows if row[group_by]["id"]} == {"ANDES", "BORAL"}
    assert {row["vendor"]["code"] for row in own} == {"ANDES"}
    assert {frozenset(row) for row in rows} == {frozenset(row) for row in own}


def test_figures_of_several_vendors_name_none(alike: World, client_of: ClientOf) -> None:
    (both,) = api(client_of("programme_manager"))
    (own,) = api(client_of("andes_vendor_manager"))
    assert both["vendor"] is None
    assert own["vendor"]["name"] == ANDES
    missing = [row for row in api(client_of("programme_manager"), group_by="reason") if row["reason"]["id"] is None]
    assert [row["vendor"] for row in missing] == [None]


def test_every_line_of_a_csv_names_the_vendor(alike: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    parameters = JUNE | {"metrics": "volume", "group_by": "queue"}
    lines = list(
        csv.DictReader(io.StringIO(client.get("/api/v1/kpis", parameters | {"format": "csv"}).content.decode()))
    )
    assert sorted((line["vendor"], line["vendor_name"], line["queue"]) for line in lines) == [
        ("ANDES", ANDES, "ORDERS"),
        ("ANDES", ANDES, "SUPPORT"),
        ("BORAL", BORAL, "ORDERS"),
        ("BORAL", BORAL, "SUPPORT"),
    ]
    file = b"".join(client.get("/kpis/", parameters | {"export": "csv"}).streaming_content)  # type: ignore[attr-defined]
    head, *rows = csv.reader(io.StringIO(file.decode("utf-8-sig")))
    assert head[:4] == ["Vendor code", "Vendor", "Queue code", "Queue"]
    assert {tuple(row[:4]) for row in rows} == {
        (line["vendor"], line["vendor_name"], line["queue"], line["queue_name"]) for line in lines
    }
    book = b"".join(client.get("/kpis/", parameters | {"export": "xlsx"}).streaming_content)  # type: ignore[attr-defined]
    words = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert ANDES in words or ANDES in zipfile.ZipFile(io.BytesIO(book)).read("xl/sharedStrings.xml").decode()


def chart_names(html: str) -> list[str]:
    data = json.loads(re.search(r'<script id="explored-data"[^>]*>(.*?)</script>', html)[1])  # type: ignore[index]
    return [one["name"] for one in data.get("series") or data["rows"]]


@pytest.mark.parametrize("interval", ["total", "day"])
def test_table_and_legend_of_the_explorer_tell_queues_apart(alike: World, client_of: ClientOf, interval: str) -> None:
    parameters = JUNE | {"metrics": "service_level", "group_by": "queue", "interval": interval}
    html = page(client_of("programme_manager"), "/kpis/", **parameters)
    names = chart_names(html)
    assert set(names) == {f"Orders ({code}) · {name}" for code in ("ORDERS", "SUPPORT") for name in (ANDES, BORAL)}
    assert len(names) == 4
    assert f'Orders (SUPPORT)<span class="board-line">{BORAL}</span>' in html
    assert f">Orders ({ANDES})</option>" in html
    assert f">Hotline ({BORAL})</option>" in html
    own = page(client_of("andes_vendor_manager"), "/kpis/", **parameters)
    assert set(chart_names(own)) == {"Orders (ORDERS)", "Orders (SUPPORT)"}
    assert ANDES not in own.partition('id="rows-title"')[2].partition("</table>")[0]


def test_contracts_of_one_name_are_told_apart(alike: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    html = page(client, "/kpis/", **JUNE, metrics="service_level", group_by="contract")
    assert set(chart_names(html)) == {f"Hotline · {ANDES}", f"Hotline · {BORAL}"}
    both = page(client, "/kpis/", **JUNE, metrics="service_level", group_by=["vendor", "contract"])
    assert set(chart_names(both)) == {f"{ANDES} · Hotline", f"{BORAL} · Hotline"}
    text = plain(page(client, "/"))
    assert f"Hotline misses the minimum {ANDES} · " in text
    assert f"Hotline misses the minimum {BORAL} · " in text
    drawer = plain(page(client, reverse("reports:derivation"), **JUNE, metrics="service_level"))
    assert f"Hotline ({ANDES}) · Hotline ({BORAL})" in drawer
    assert f"ANDES-2026 ({ANDES}) version 1" in drawer
