"""GET /api/v1/kpis: the shape of its answers, its refusals, its tag, and whose figures it gives."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contracts.calc.definition import Kpi
from core.periods import half_hours
from core.scope import activate
from reports.serializers import CellSerializer, KpiReportSerializer, RowSerializer
from sla.selectors import kpi_report
from tests.sla.rollups import agent_day_add, answered, day_add, half_hour_add
from tests.world import World

URL = "/api/v1/kpis"
JUNE = {"from": "2026-06-01", "to": "2026-06-08"}
ALL = ",".join(Kpi)

ClientOf = Callable[[str], Client]


@pytest.fixture
def house(world: World) -> World:
    """Two days of calls at each vendor."""
    with activate(world.system):
        for n, home in enumerate(world.vendors.values()):
            for queue in home.queues:
                day_add(home, queue, date(2026, 6, 1), **answered(80 + n, within=60, abandoned=7, short=3))
                day_add(home, queue, date(2026, 6, 3), **answered(20 + n, abandoned=1))
            agent_day_add(home, home.agents[0], home.queues[0], date(2026, 6, 1), **answered(40))
            agent_day_add(home, home.agents[1], home.queues[0], date(2026, 6, 1), **answered(30))
    return world


def asked(client: Client, **parameters: Any) -> Any:
    response = client.get(URL, JUNE | {"metrics": ALL} | parameters)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def refused(client: Client, status: int = 400, **parameters: Any) -> Any:
    response = client.get(URL, JUNE | {"metrics": ALL} | parameters)
    assert response.status_code == status, response.content
    return json.loads(response.content)["error"]


def test_the_answer_has_the_documented_shape(house: World, client_of: ClientOf) -> None:
    every = asked(client_of("programme_manager"), group_by="vendor,contract,queue")
    assert set(every) == set(KpiReportSerializer().fields)
    row = every["results"][0]
    assert set(row) == set(RowSerializer().fields) - {"agent", "reason"}
    assert set(row["metrics"]) == set(Kpi)
    for cell in row["metrics"].values():
        assert set(cell) == set(CellSerializer().fields)


def test_value_parts_and_definition_stand_together(house: World, client_of: ClientOf) -> None:
    (row,) = asked(client_of("andes_vendor_manager"), metrics="service_level")["results"]
    cell = row["metrics"]["service_level"]
    assert (cell["numerator"], cell["denominator"]) == (2 * (60 + 20), 2 * (84 + 21))
    assert cell["value"] == 160 / 210
    assert cell["unit"] == "ratio"
    assert cell["status"] == "below_amber"
    assert cell["target"] == {"goal": "0.8", "amber": "0.78", "minimum": "0.75"}
    low, high = cell["interval"]
    assert low < cell["value"] < high
    version = house.vendors["ANDES"].version
    assert row["definition_versions"] == [{"id": str(version.uuid), "number": 1}]
    assert row["completeness"] == {"computed_days": 2, "expected_days": 7, "complete": False}
    assert (row["start"], row["end"]) == ("2026-06-01T00:00:00+08:00", "2026-06-08T00:00:00+08:00")


def test_days_without_calls_are_null_and_not_zero(house: World, client_of: ClientOf) -> None:
    rows = asked(client_of("andes_vendor_wfm"), interval="day")["results"]
    assert len(rows) == 7
    assert [row["metrics"]["service_level"]["value"] is None for row in rows] == [False, True, False, *[True] * 4]
    assert rows[1]["metrics"]["service_level"]["status"] == "no_data"
    assert rows[1]["metrics"]["volume"]["value"] is None


def test_csv_says_the_same_as_json(house: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    parameters = JUNE | {"metrics": ALL, "group_by": ["vendor", "queue"], "interval": "day"}
    document = json.loads(client.get(URL, parameters).content)
    for response in (
        client.get(URL, parameters | {"format": "csv"}),
        client.get(URL, parameters, headers={"Accept": "text/csv"}),
    ):
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        lines = list(csv.DictReader(io.StringIO(response.content.decode())))
        assert len(lines) == len(document["results"]) > 20
        for line, row in zip(lines, document["results"], strict=True):
            assert (line["vendor"], line["queue_name"]) == (row["vendor"]["code"], row["queue"]["name"])
            assert (line["start"], line["end"]) == (row["start"], row["end"])
            for name, cell in row["metrics"].items():
                assert line[name] == ("" if cell["value"] is None else repr(cell["value"]))
                assert line[f"{name}_numerator"] == str(cell["numerator"])
                assert line[f"{name}_denominator"] == ("" if cell["denominator"] is None else str(cell["denominator"]))


def test_a_name_that_looks_like_a_formula_is_text_in_the_csv(house: World, client_of: ClientOf) -> None:
    with activate(house.system):
        queue = house.vendors["ANDES"].queues[0]
        queue.name = "=1+1"
        queue.save()
    response = client_of("andes_vendor_qa").get(URL, JUNE | {"metrics": "asa", "group_by": "queue", "format": "csv"})
    assert "'=1+1" in response.content.decode()


def test_an_unchanged_answer_is_not_sent_again(house: World, client_of: ClientOf) -> None:
    client, parameters = client_of("andes_vendor_manager"), JUNE | {"metrics": "asa", "group_by": "queue"}
    first = client.get(URL, parameters)
    assert first["ETag"].startswith('"')
    assert first["Cache-Control"] == "private, no-store"
    again = client.get(URL, parameters, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with activate(house.system):
        half_hour_add(
            house.vendors["ANDES"],
            house.vendors["ANDES"].queues[0],
            half_hours(date(2026, 6, 5), "Asia/Shanghai")[0],
            **answered(5),
        )
    changed = client.get(URL, parameters, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_tag_says_for_whom_and_in_which_form(house: World, client_of: ClientOf) -> None:
    parameters = {"metrics": "asa", "from": "2025-01-01", "to": "2025-01-02"}
    tags = {
        client_of(username).get(URL, parameters | more)["ETag"]
        for username in ("andes_vendor_manager", "boral_vendor_manager", "programme_manager", "auditor")
        for more in ({}, {"format": "csv"})
    }
    assert len(tags) == 8


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"metric": "asa"}, "metric"),
        ({"vendor__organization__name": "x"}, "vendor__organization__name"),
        ({"metrics": "asa,speed"}, "metrics"),
        ({"metrics": ""}, "metrics"),
        ({"group_by": "site"}, "group_by"),
        ({"interval": "minute"}, "interval"),
        ({"interval": "day,week"}, "interval"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"tz": "../../etc/passwd"}, "tz"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-06-31"}, "from"),
        ({"from": "2026-06-01T00:00"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": ["2026-06-01", "2026-06-02"]}, "from"),
        ({"to": "2026-06-01"}, "to"),
        ({"to": "2026-06-08T00:00:00+08:00"}, "to"),
        ({"order": "vendor__note"}, "order"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "1e3"}, "page_size"),
        ({"page_size": "99999999999999999999"}, "page_size"),
        ({"next_token": "forged"}, "next_token"),
        ({"format": "xml"}, "format"),
        ({"queue": "NO-SUCH"}, "queue"),
        ({"queue": [f"Q{n}" for n in range(101)]}, "queue"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    house: World, client_of: ClientOf, parameters: dict[str, Any], named: str
) -> None:
    error = refused(client_of("programme_manager"), **parameters)
    assert error["details"]["parameter"] == named


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"group_by": "agent", "interval": "half_hour"}, "interval"),
        ({"group_by": "agent,reason"}, "group_by"),
        ({"interval": "half_hour", "to": "2027-12-01"}, "to"),
    ],
)
def test_what_is_not_kept_is_refused_with_the_remedy(
    house: World, client_of: ClientOf, parameters: dict[str, Any], named: str
) -> None:
    error = refused(client_of("programme_manager"), status=422, **parameters)
    assert list(error["fields"]) == [named]


def test_next_token_leads_through_all_rows(house: World, client_of: ClientOf) -> None:
    client, parameters = client_of("programme_manager"), {"interval": "day", "group_by": "queue", "metrics": "volume"}
    whole = asked(client, **parameters)["results"]
    collected: list[Any] = []
    token: str | None = ""
    while token is not None:
        page = asked(client, **parameters, page_size=5, next_token=token)
        collected += page["results"]
        token = page["next_token"]
    assert collected == whole
    assert len(whole) == 28


def test_an_offset_whose_plus_became_a_space_is_read(house: World, client_of: ClientOf) -> None:
    response = client_of("programme_manager").get(
        f"{URL}?metrics=volume&from=2026-06-01T00:00:00+08:00&to=2026-06-02T00:00:00+08:00&vendor=ANDES"
    )
    (row,) = json.loads(response.content)["results"]
    assert row["metrics"]["volume"]["value"] == 174


def test_a_vendor_gets_its_own_rows_and_no_word_of_the_rival(house: World, client_of: ClientOf) -> None:
    rival = house.vendors["BORAL"]
    for group_by in ("vendor", "contract", "queue", "agent", ""):
        response = client_of("andes_vendor_manager").get(
            URL, JUNE | {"metrics": "aht,volume", "group_by": group_by, "interval": "day"}
        )
        text = response.content.decode()
        for canary in ("BORAL", "Z9K", str(rival.vendor.uuid), str(rival.contract.uuid), str(rival.version.uuid)):
            assert canary not in text
    assert asked(client_of("andes_vendor_manager"), metrics="volume")["results"][0]["metrics"]["volume"]["value"] == 216
    for name, value in (
        ("vendor", rival.vendor.uuid),
        ("contract", rival.contract.code),
        ("queue", rival.queues[0].uuid),
        ("agent", rival.agents[0].code),
    ):
        filters: dict[str, Any] = {name: str(value)}
        foreign = refused(client_of("andes_vendor_manager"), **filters)
        nowhere = refused(client_of("andes_vendor_manager"), **filters | {name: "NO-SUCH"})
        assert json.dumps(foreign).replace(str(value), "") == json.dumps(nowhere).replace("NO-SUCH", "")


def test_an_agent_gets_its_own_figures_without_targets(house: World, client_of: ClientOf) -> None:
    document = asked(client_of("andes_agent"), group_by="agent")
    (row,) = document["results"]
    assert row["agent"]["code"] == "ANDES-A1"
    assert row["metrics"]["aht"]["denominator"] == 40
    assert row["metrics"]["abandonment"]["value"] is None
    assert not {"target", "status", "distance"} & set(row["metrics"]["aht"])
    response = client_of("andes_agent").get(URL, JUNE | {"metrics": "aht", "format": "csv"})
    assert response.status_code == 200


def test_nobody_without_a_name_gets_anything(house: World) -> None:
    assert Client().get(URL, JUNE | {"metrics": "asa"}).status_code == 401
    assert Client().get("/api/v1/schema").status_code == 401
    assert Client().get("/api/docs/").status_code == 302


def test_the_same_number_of_queries_for_10_and_20_rows(house: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    asked(client)
    counts = []
    for days in (10, 20):
        until = (date(2026, 5, 20) + timedelta(days=days)).isoformat()
        with CaptureQueriesContext(connection) as captured:
            rows = asked(client, interval="day", **{"from": "2026-05-20", "to": until, "vendor": "ANDES"})["results"]
        assert len(rows) == days
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_interface_says_what_the_selector_says(house: World, client_of: ClientOf) -> None:
    from dataclasses import replace

    from reports.serializers import kpi_query_read, report_write

    scope = house.scope("programme_manager", at=datetime.now().astimezone())
    query = kpi_query_read({"metrics": [ALL], "from": ["2026-06-01"], "to": ["2026-06-08"], "group_by": ["queue"]})
    with activate(scope):
        report = kpi_report(scope=scope, query=replace(query, parts=True))
    document = asked(client_of("programme_manager"), group_by="queue")
    assert json.loads(json.dumps(report_write(scope=scope, report=report))) == document


def test_the_documents_are_served(house: World, client_of: ClientOf) -> None:
    client = client_of("andes_vendor_manager")
    schema = client.get("/api/v1/schema", headers={"Accept": "application/vnd.oai.openapi+json"})
    paths = json.loads(schema.content)["paths"]
    assert "/api/v1/kpis" in paths
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "swagger-ui" in page.content.decode()
    assert "<style" not in page.content.decode()


def test_every_operation_has_a_title(house: World, client_of: ClientOf) -> None:
    schema = client_of("programme_manager").get("/api/v1/schema", headers={"Accept": "application/json"}).json()
    titles = {
        (path, verb): operation.get("summary", "")
        for path, operations in schema["paths"].items()
        for verb, operation in operations.items()
    }
    assert titles["/api/v1/contracts/{uuid}", "get"] == "One contract with its versions"
    assert titles["/api/v1/tickets", "post"] == "Open a ticket"
    assert not {at: title for at, title in titles.items() if not 5 < len(title) < 100}


def test_the_openapi_document_is_valid_and_without_warnings(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))
