"""The calls list with its filters, one call's page, and callers' numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from calls.calc.canonical import CallDirection, Outcome
from calls.models import Call, CallIdentity, CallReason, Customer, FormerCall
from calls.services.customers import customer_keys, customers_store
from calls.services.numbers import LIMIT_AN_HOUR
from contracts.models import Contract
from core.periods import day_start, local_day
from core.scope import activate
from tests.world import NOW, VendorWorld, World

Clients = Callable[[str], Client]
ROOT = Path(__file__).resolve().parents[2]
ZONE = "Asia/Shanghai"
DAY = local_day(NOW, ZONE)
NUMBER = "+8613800138000"


def call_make(world: World, number: int, *, vendor: str = "ANDES", **fields: Any) -> Call:
    """Store a call of ten past eight plus some minutes, answered after 10 s by the vendor's first agent."""
    house: VendorWorld = world.vendors[vendor]
    offered = day_start(DAY, ZONE) + timedelta(hours=8, minutes=10 + number)
    with activate(world.system):
        keys = customer_keys(vendor_id=house.vendor.pk, numbers=[fields.pop("customer", NUMBER)])
        customers_store(vendor_id=house.vendor.pk, keys=keys)
        with connection.cursor() as cursor:
            cursor.execute("SELECT calls_partition_make(%s)", [fields.get("offered_at", offered).date()])
        plain: dict[str, Any] = {
            "contract_id": house.contract.pk,
            "vendor": house.vendor,
            "queue": house.queues[0],
            "agent": house.agents[0],
            "external_id": f"{vendor}-{number}",
            "offered_at": offered,
            "answered_at": offered + timedelta(seconds=10),
            "ended_at": offered + timedelta(seconds=110),
            "customer_key": next(iter(keys.values())),
            "batch_id": 1,
            "revision": 1,
            "ring_seconds": 4,
            "wait_seconds": 10,
            "talk_seconds": 90,
            "hold_seconds": 10,
            "wrap_seconds": 5,
            "direction": CallDirection.INBOUND,
            "outcome": Outcome.ANSWERED,
            "csat": 5,
            "resolved": True,
            "recording": f"rec/{number}",
            "offered_text": "as the file wrote it",
        }
        call = Call.objects.create(**plain | fields)
        places = {"contract_id": call.contract_id, "offered_at": call.offered_at}
        CallIdentity.objects.create(vendor=house.vendor, external_id=call.external_id, **places)
        return call


def path_of(world: World, call: Call, vendor: str = "ANDES") -> str:
    return f"/calls/{world.vendors[vendor].contract.uuid}/{call.external_id}/"


def listed(client: Client, **query: Any) -> set[str]:
    """Return the ids of the calls that a list shows."""
    answer = client.get("/calls/", query)
    assert answer.status_code == 200
    assert answer.context["filterset"].form.is_valid(), answer.context["filterset"].form.errors
    return {call.external_id for call in answer.context["table"].page.object_list.data}


def test_the_last_day_with_calls_is_shown_and_rivals_never(world: World, client_of: Clients) -> None:
    call_make(world, 1)
    call_make(world, 2, offered_at=day_start(DAY, ZONE) - timedelta(seconds=1))
    call_make(world, 3, vendor="BORAL")
    call_make(world, 4, outcome=Outcome.WITHDRAWN)
    assert listed(client_of("andes_vendor_manager")) == {"ANDES-1"}
    assert listed(client_of("programme_manager")) == {"ANDES-1", "BORAL-3"}
    page = client_of("andes_vendor_manager").get("/calls/")
    assert f'value="{DAY}T00:00"' in page.content.decode()
    assert "Times in Asia/Shanghai" in page.content.decode()


def test_an_agent_sees_its_own_calls_and_no_recordings(world: World, client_of: Clients) -> None:
    mine = call_make(world, 1)
    others = call_make(world, 2, agent=world.vendors["ANDES"].agents[1])
    agent = client_of("andes_agent")
    assert listed(agent) == {"ANDES-1"}
    detail = agent.get(path_of(world, mine)).content.decode()
    assert "rec/1" not in detail
    assert "as the file wrote it" not in detail
    assert agent.get(path_of(world, others)).status_code == 404
    assert agent.get("/calls/?export=csv").status_code == 403
    assert agent.post("/calls/numbers/find/", {"number": NUMBER}).status_code == 403
    columns = agent.get("/calls/").context["table"].columns
    assert "recording" not in [column.name for column in columns.iterall()]


def test_a_call_s_id_finds_it_on_any_day_whatever_days_the_bar_shows(world: World, client_of: Clients) -> None:
    call_make(world, 1)
    call_make(world, 2, offered_at=day_start(DAY, ZONE) - timedelta(days=50))
    client = client_of("andes_vendor_supervisor")
    bar = {"from": f"{DAY}T00:00", "to": f"{DAY + timedelta(days=1)}T00:00"}
    assert listed(client, **bar) == {"ANDES-1"}
    assert listed(client, **bar, external_id="ANDES-2") == {"ANDES-2"}
    assert listed(client_of("boral_vendor_supervisor"), external_id="ANDES-2") == set()
    assert listed(client_of("programme_manager"), external_id="ANDES-2") == {"ANDES-2"}


def test_a_parameter_that_the_list_does_not_know_is_named_and_refused_in_a_file(
    world: World, client_of: Clients
) -> None:
    call_make(world, 1)
    client = client_of("andes_vendor_supervisor")
    assert "left aside" not in client.get("/calls/", {"queue": "ORDERS", "page": "1"}).content.decode()
    page = client.get("/calls/", {"qeue": "SUPPORT"})
    assert page.status_code == 200
    assert "does not know and left aside: qeue" in page.content.decode()
    assert client.get("/calls/", {"qeue": "SUPPORT", "export": "csv"}).status_code == 400


def test_filters_by_what_an_address_says(world: World, client_of: Clients) -> None:
    house = world.vendors["ANDES"]
    with activate(world.system):
        reason = CallReason.objects.create(vendor=house.vendor, code="BILL", name="Bill")
    call_make(world, 1, wait_seconds=10)
    call_make(world, 2, wait_seconds=21, csat=1, queue=house.queues[1])
    call_make(world, 3, outcome=Outcome.ABANDONED, wait_seconds=3, agent=None, csat=None)
    call_make(world, 4, reason=reason, resolved=False, agent=house.agents[2])
    client = client_of("andes_vendor_supervisor")
    one, two, three, four = (f"ANDES-{n}" for n in range(1, 5))
    assert listed(client, queue="SUPPORT") == {two}
    assert listed(client, queue=[str(q.uuid) for q in house.queues]) == {one, two, three, four}
    assert listed(client, agent="ANDES-A3") == {four}
    assert listed(client, reason="BILL") == {four}
    assert listed(client, reason="none") == {one, two, three}
    assert listed(client, outcome="abandoned") == {three}
    assert listed(client, service="missed") == {two}
    assert listed(client, part="service_base") == {one, two, four}
    assert listed(client, part="service_met") == {one, four}
    assert listed(client, wait_min=10, wait_max=20) == {one, four}
    assert listed(client, csat="1") == {two}
    assert listed(client, resolved="false") == {four}
    assert listed(client, external_id=three) == {three}
    assert listed(client, external_id="ANDES") == set()
    assert listed(client, contract="ANDES-2026") == {one, two, three, four}
    start = f"{DAY}T08:00:00+08:00"
    assert listed(client, half_hour=start) == {one, two, three, four}
    assert listed(client, half_hour=f"{DAY}T08:30:00 08:00") == set()
    assert listed(client, **{"from": f"{DAY}T08:12", "to": f"{DAY}T08:14"}) == {two, three}
    assert listed(client, **{"from": f"{DAY}T00:12:00Z", "to": f"{DAY}T00:13:00Z"}) == {two}
    assert listed(client, **{"from": f"{DAY}", "to": f"{DAY + timedelta(days=1)}", "tz": "UTC"}) == {
        one,
        two,
        three,
        four,
    }


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"queue": "NOWHERE"}, "queue"),
        ({"contract": "BORAL-2026"}, "contract"),
        ({"from": "June"}, "from"),
        ({"from": "2026-06-15", "to": "2026-06-15"}, "to"),
        ({"from": "2026-01-01", "to": "2026-06-15"}, "to"),
        ({"half_hour": "2026-06-15T08:00"}, "half_hour"),
        ({"tz": "Moon/Sea"}, "tz"),
        ({"part": "everything"}, "part"),
        ({"customer_of": "x:y"}, "customer_of"),
        ({"import": "x"}, "import"),
    ],
)
def test_a_filter_that_cannot_be_read_shows_nothing_and_says_so(
    world: World, client_of: Clients, query: dict[str, str], name: str
) -> None:
    call_make(world, 1)
    answer = client_of("andes_vendor_manager").get("/calls/", query)
    assert name in answer.context["filterset"].form.errors
    assert len(answer.context["table"].page.object_list) == 0
    assert client_of("andes_vendor_manager").get("/calls/", query | {"export": "csv"}).status_code == 422


def test_the_export_has_what_is_filtered_with_exact_values(world: World, client_of: Clients) -> None:
    call_make(world, 1)
    call_make(world, 2, wait_seconds=1234, external_id="=2+2")
    answer = client_of("programme_manager").get("/calls/", {"wait_min": "1000", "export": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert "Offered (Asia/Shanghai)" in lines[0]
    assert f"{DAY}T08:12:00+08:00" in lines[1]
    assert "1234" in lines[1].split(",")
    assert "'=2+2" in lines[1]
    assert NUMBER not in lines[1]


def test_each_call_is_told_in_the_zone_of_its_contract(world: World, client_of: Clients) -> None:
    with activate(world.system):
        berlin = Contract.objects.create(
            vendor=world.vendors["BORAL"].vendor, code="BORAL-EU", name="EU", zone="Europe/Berlin", starts_on=DAY
        )
    call_make(world, 1)
    call_make(world, 2, vendor="BORAL", contract_id=berlin.pk, offered_at=day_start(DAY, "Europe/Berlin"))
    client = client_of("programme_manager")
    query = {"from": str(DAY), "to": str(DAY + timedelta(days=1))}
    assert listed(client, **query) == {"ANDES-1", "BORAL-2"}
    page = client.get("/calls/", query).content.decode()
    assert f'{DAY} 08:11:00 <span class="th-zone">UTC+08:00</span>' in page
    assert f'{DAY} 00:00:00 <span class="th-zone">UTC+02:00</span>' in page
    answer = client.get("/calls/", query | {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert f"{DAY}T08:11:00+08:00" in text
    assert f"{DAY}T00:00:00+02:00" in text


def test_a_call_tells_its_time_line_revisions_and_neighbors(world: World, client_of: Clients) -> None:
    call = call_make(world, 1, revision=2)
    other = call_make(world, 2)
    house = world.vendors["ANDES"]
    with activate(world.system):
        fields = {
            field.name: getattr(call, field.name)
            for field in FormerCall._meta.get_fields()
            if field.name not in ("id", "kept_at") and hasattr(call, field.name)
        }
        FormerCall.objects.create(**fields | {"revision": 1, "wait_seconds": 55, "kept_at": NOW})
    client = client_of("andes_vendor_supervisor")
    page = client.get(path_of(world, call)).content.decode()
    for words in ("Revision 2", "Revision 1", "<del>55</del>", "<ins>10</ins>", "rec/1", "as the file wrote it"):
        assert words in page
    assert path_of(world, other) in page
    assert "••••" in page
    assert NUMBER not in page
    rival = client_of("boral_vendor_supervisor")
    foreign = rival.get(path_of(world, call))
    unknown = rival.get(f"/calls/{house.queues[0].uuid}/x/")
    assert foreign.status_code == unknown.status_code == 404
    assert _stripped(foreign.content, path_of(world, call)) == _stripped(
        unknown.content, f"/calls/{house.queues[0].uuid}/x/"
    )


def test_a_withdrawn_call_s_page_says_what_its_revision_does(world: World, client_of: Clients) -> None:
    call = call_make(world, 1, revision=2)
    with activate(world.system):
        fields = {
            field.name: getattr(call, field.name)
            for field in FormerCall._meta.get_fields()
            if field.name not in ("id", "kept_at") and hasattr(call, field.name)
        }
        FormerCall.objects.create(**fields | {"revision": 1, "kept_at": NOW, "ivr_path": "1>2"})
        Call.objects.visible_to(world.system).filter(external_id=call.external_id).update(
            outcome=Outcome.WITHDRAWN, customer_key=None, ivr_path=None
        )
    page = " ".join(client_of("andes_vendor_supervisor").get(path_of(world, call)).content.decode().split())
    assert 'Revision 2</strong> <span class="text-secondary">· takes the call back</span>' in page
    assert "· counts" not in page
    assert "Customer: <ins>no number</ins>" in page
    assert "IVR path: " in page


def _stripped(body: bytes, path: str) -> str:
    """Return a page without what differs from request to request."""
    lines = body.decode().replace(path, "").splitlines()
    return "\n".join(line for line in lines if "csrf" not in line.lower())


def contract_of(world: World) -> str:
    return str(world.vendors["ANDES"].contract.uuid)


def test_a_number_is_shown_with_a_reason_recorded_and_limited(world: World, client_of: Clients) -> None:
    call = call_make(world, 1)
    path = f"/calls/numbers/{contract_of(world)}/{call.external_id}/"
    manager = client_of("andes_vendor_manager")
    assert client_of("andes_vendor_supervisor").post(path, {"reason": "complaint 17"}).status_code == 403
    assert client_of("boral_vendor_manager").post(path, {"reason": "complaint 17"}).status_code == 404
    assert manager.post(path, {"reason": "no"}).status_code == 422
    assert manager.get(path).status_code == 405
    shown = manager.post(path, {"reason": "complaint 17"}, headers={"HX-Request": "true"})
    assert shown.status_code == 200
    assert NUMBER in shown.content.decode()
    assert "<html" not in shown.content.decode()
    with activate(world.system):
        entry = Entry.objects.visible_to(world.system).get(action="number.shown")
        assert entry.changes == {"reason": "complaint 17"}
        assert NUMBER not in str(entry.__dict__)
    for _ in range(LIMIT_AN_HOUR - 1):
        assert manager.post(path, {"reason": "complaint 17"}).status_code == 200
    assert manager.post(path, {"reason": "complaint 17"}).status_code == 429
    with activate(world.system):
        assert Entry.objects.visible_to(world.system).filter(action="number.shown").count() == LIMIT_AN_HOUR
        assert Entry.objects.visible_to(world.system).filter(action="number.limit_reached").count() == 1


def test_a_caller_is_found_by_the_exact_number_only_and_not_by_rivals(world: World, client_of: Clients) -> None:
    call_make(world, 1)
    call_make(world, 2, customer="+8613800138001")
    call_make(world, 3, vendor="BORAL")
    client = client_of("andes_vendor_supervisor")
    found = client.post("/calls/numbers/find/", {"number": "138 0013 8000"})
    assert found.status_code == 302
    assert "13800138000" not in found["Location"]
    page = client.get(found["Location"])
    assert {call.external_id for call in page.context["table"].page.object_list.data} == {"ANDES-1"}
    assert client.post("/calls/numbers/find/", {"number": "138 0013 8"})["Location"] == "/calls/"
    both = client_of("programme_manager").post("/calls/numbers/find/", {"number": NUMBER})
    page = client_of("programme_manager").get(both["Location"])
    assert {call.external_id for call in page.context["table"].page.object_list.data} == {"ANDES-1", "BORAL-3"}
    with activate(world.system):
        assert Customer.objects.visible_to(world.system).count() == 3
        assert Entry.objects.visible_to(world.system).filter(action="number.sought").count() == 3


def test_the_list_asks_as_often_for_ten_calls_as_for_twenty(
    world: World, client_of: Clients, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of("programme_manager")
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            call_make(world, number, agent=world.vendors["ANDES"].agents[number % 3], customer=f"+861380013{number:04}")
        client.get("/calls/")
        with django_assert_max_num_queries(60) as queries:
            assert len(client.get("/calls/").context["table"].page.object_list) == first + 10
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_call_asks_as_often_with_ten_neighbors_as_with_twenty(
    world: World, client_of: Clients, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of("programme_manager")
    call = call_make(world, 99)
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            call_make(world, number, agent=world.vendors["ANDES"].agents[number % 3])
        client.get(path_of(world, call))
        with django_assert_max_num_queries(60) as queries:
            client.get(path_of(world, call))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nobody_asks_the_fact_table_by_a_local_day() -> None:
    """``__date`` and ``TruncDate`` prune no partition and use no index; half-open moments do."""
    found = []
    for app in ("accounts", "audit", "calls", "contracts", "core", "demo", "reports", "sla", "vendors"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(node, "arg", None) or getattr(node, "id", None) or getattr(node, "attr", None)
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
                    name = node.value
                if isinstance(name, str) and ("__date" in name or name.startswith("Trunc")):
                    found.append(f"{path.relative_to(ROOT)}: {name}")
    for path in ROOT.glob("*/sql/*.sql"):
        text = path.read_text(encoding="utf-8").lower()
        if "date_trunc" in text or "offered_at::date" in text:
            found.append(str(path.relative_to(ROOT)))
    assert not found
