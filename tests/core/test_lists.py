"""A list page filters, sorts, pages and exports within closed lists and the caller's scope."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.scope import activate
from tests.world import World
from vendors.models import Agent

pytestmark = pytest.mark.urls("tests.core.pages")
Clients = Callable[[str], Client]


def names_in(response: Any) -> list[str]:
    return [row.record.name for row in response.context["table"].page.object_list]


def agents_add(world: World, count: int) -> None:
    vendor = world.vendors["ANDES"]
    with activate(world.system):
        for n in range(count):
            Agent.objects.create(vendor=vendor.vendor, site=vendor.site, code=f"X{n:03}", name=f"Extra {n:03}")


def test_shows_only_the_rows_of_the_scope(client_of: Clients) -> None:
    response = client_of("andes_vendor_manager").get("/agents/")
    assert names_in(response) == ["ANDES Agent 1", "ANDES Agent 2", "ANDES Agent 3"]
    assert "BORAL" not in response.content.decode()
    assert len(names_in(client_of("programme_manager").get("/agents/"))) == 6


def test_needs_the_permission(client_of: Clients) -> None:
    assert client_of("andes_agent").get("/agents/").status_code == 403
    assert Client().get("/agents/").status_code == 302


def test_filters_and_shows_a_chip_that_clears_it(client_of: Clients) -> None:
    response = client_of("programme_manager").get("/agents/?q=andes+2&is_active=true&sort=-code&page=1")
    assert names_in(response) == ["ANDES Agent 2"]
    chips = {chip.name: chip for chip in response.context["chips"]}
    assert {name: chip.text for name, chip in chips.items()} == {"q": "andes 2", "is_active": "active"}
    assert chips["q"].off_url == "?is_active=true&sort=-code"
    assert response.context["clear_url"] == "?sort=-code"


def test_choices_of_a_filter_stay_in_scope(client_of: Clients, world: World) -> None:
    client = client_of("andes_vendor_manager")
    assert "BORAL" not in client.get("/agents/").content.decode()
    response = client.get(f"/agents/?site={world.vendors['BORAL'].site.pk}")
    assert names_in(response) == []
    assert response.context["filterset"].form.errors["site"]


def test_a_filter_that_cannot_be_read_shows_nothing_rather_than_everything(client_of: Clients) -> None:
    client = client_of("programme_manager")
    response = client.get("/agents/?hired_on_after=2026-99-01")
    assert (response.status_code, names_in(response)) == (200, [])
    assert client.get("/agents/?hired_on_after=2026-99-01&export=csv").status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "sort=vendor__note",
        "sort=-vendor__note",
        "sort=--name",
        "sort=seen_at",
        "sort=",
        "sort=name&sort=name&sort=name&sort=name",
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "per_page=1000000",
        "per_page=x",
        "columns=vendor__note",
        "q=%00",
        "q=%25_%5C",
        "q=" + "a" * 5000,
        "site=99999999999999999999",
        "site=x%27",
        "is_active=maybe",
        "vendor__note__contains=remark",
        "_connector=OR",
    ],
)
def test_nothing_outside_the_closed_lists_reaches_the_database(client_of: Clients, query: str) -> None:
    response = client_of("programme_manager").get(f"/agents/?{query}")
    assert response.status_code == 200
    assert next(column.name for column in response.context["table"].columns) == "name"


def test_forbidden_columns_are_neither_shown_nor_sorted_by_nor_exported(client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    response = client.get("/agents/?sort=hired_on&columns=name&columns=hired_on")
    assert "hired_on" not in response.context["table"].columns
    assert response.context["table"].order_by == ()
    head = next(csv.reader(io.StringIO(b"".join(client.get("/agents/?export=csv")).decode("utf-8-sig"))))
    assert "Hired on" not in head


def test_sorts_by_any_column_and_keeps_equal_rows_in_place(client_of: Clients, world: World) -> None:
    agents_add(world, 60)
    client = client_of("andes_vendor_manager")
    assert names_in(client.get("/agents/?sort=-name"))[0] == "Extra 059"
    pages = [names_in(client.get(f"/agents/?sort=team&page={page}")) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 13]
    assert len({name for page in pages for name in page}) == 63


def test_page_size_and_columns_are_kept_for_the_session(client_of: Clients, world: World) -> None:
    agents_add(world, 40)
    client = client_of("andes_vendor_manager")
    assert len(names_in(client.get("/agents/?per_page=50"))) == 43
    assert len(names_in(client.get("/agents/"))) == 43
    client.get("/agents/?columns=team")
    response = client.get("/agents/")
    assert [column.name for column in response.context["table"].columns] == ["name", "team"]


def test_htmx_gets_the_part_it_asks_for(client_of: Clients) -> None:
    client = client_of("programme_manager")
    results = client.get("/agents/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<html" not in results.content.decode()
    assert "filter-bar" not in results.content.decode()
    assert "HX-Target" in results["Vary"]
    whole = client.get("/agents/", headers={"HX-Request": "true", "HX-Target": "list"})
    assert "filter-bar" in whole.content.decode()
    back = client.get("/agents/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_an_empty_list_says_why(client_of: Clients, world: World) -> None:
    client = client_of("andes_vendor_manager")
    assert "Nothing matches these filters." in client.get("/agents/?q=zzz").content.decode()
    with activate(world.system):
        Agent.objects.visible_to(world.system).filter(vendor=world.vendors["ANDES"].vendor).delete()
    page = client.get("/agents/").content.decode()
    assert "Nothing here yet." in page
    assert "Agents come with the first call file or by hand." in page


def test_actions_that_the_role_may_not_take_are_absent(client_of: Clients) -> None:
    assert "Add agent" in client_of("andes_vendor_manager").get("/agents/").content.decode()
    assert "Add agent" not in client_of("auditor").get("/agents/").content.decode()


def test_bulk_bar_only_where_there_are_bulk_actions(client_of: Clients, world: World) -> None:
    client = client_of("andes_vendor_manager")
    assert 'name="selected"' not in client.get("/agents/").content.decode()
    page = client.get("/bulk/").content.decode()
    assert f'name="selected" value="{world.vendors["ANDES"].agents[0].uuid}"' in page
    assert 'formaction="/bulk/"' in page
    head = next(csv.reader(io.StringIO(b"".join(client.get("/bulk/?export=csv")).decode("utf-8-sig"))))
    assert head[0] == "Name"


def test_exports_exactly_what_is_filtered(client_of: Clients, world: World) -> None:
    agents_add(world, 30)
    client = client_of("andes_vendor_manager")
    response = client.get(
        "/agents/?q=Extra&sort=-code&export=csv&columns=name&columns=code&columns=version&columns=seen_at"
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig")))
    assert head == ["Name", "Code", "Version", "Seen at (Asia/Shanghai)"]
    assert [row[1] for row in rows] == [f"X{n:03}" for n in range(29, -1, -1)]
    assert rows[0][2] == "1"
    assert rows[0][3].endswith("+08:00")
    with activate(world.system):
        entry = Entry.objects.visible_to(world.system).get(action="export.made")
    assert entry.changes == {"format": "csv", "rows": 30, "filters": {"q": "…"}}
    assert entry.vendor_id == world.vendors["ANDES"].vendor.pk


@pytest.mark.parametrize("address", ["/agents/?per_page=25", "/agents/?per_page=25&export=csv"])
def test_twice_the_rows_cost_the_same_queries(client_of: Clients, world: World, address: str) -> None:
    client = client_of("andes_vendor_manager")
    counts = []
    for _round in range(2):
        agents_add_more(world)
        client.get(address)  # what is remembered for the session is written the first time
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(address)
            if response.streaming:
                b"".join(response)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def agents_add_more(world: World) -> None:
    vendor = world.vendors["ANDES"]
    with activate(world.system):
        start = Agent.objects.visible_to(world.system).count()
        for n in range(start, start + 10):
            Agent.objects.create(vendor=vendor.vendor, site=vendor.site, code=f"M{n:03}", name=f"More {n:03}")


def test_the_search_box_asks_while_somebody_types(client_of: Clients) -> None:
    page = client_of("programme_manager").get("/agents/").content.decode()
    assert "delay:350ms from:find .filter-search" in page
    assert 'class="form-control filter-search"' in page
