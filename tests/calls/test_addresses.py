"""Every call has one page with an address that works, whatever its id holds."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urljoin

from django.test import Client
from django.urls import reverse

from calls.calc.canonical import Outcome
from calls.models import Call
from core.scope import activate
from tests.calls.test_pages_calls import call_make, contract_of, path_of
from tests.world import World

Clients = Callable[[str], Client]


def test_ids_may_hold_anything(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    plain = ["20260612.0001", "a84b4c76e66710@10.0.0.7:5060", "~", "~YQ", ".hidden", "7_b-c"]
    odd = [
        "a/b",
        "c d",
        "x?y=1",
        "100%",
        "#7",
        "a//b",
        "通话",
        "..",
        ".",
        "../x",
        "a/./b",
        "/",
        "a%2Fb",
        "%2e%2e",
        "a/../",
    ]
    for number, external_id in enumerate(plain + odd):
        call_make(world, number, external_id=external_id)
    page = client.get("/calls/")
    links = [part.split('"')[0] for part in page.content.decode().split(f'href="/calls/{contract_of(world)}/')[1:]]
    assert len(links) == len(plain + odd)
    shown = set()
    for link in links:
        address = f"/calls/{contract_of(world)}/{link}"
        # What a browser makes of it before it asks, also where dots are written as %2e.
        assert urljoin("http://localhost/", unquote(address)) == f"http://localhost{unquote(address)}", link
        answer = client.get(address)
        assert answer.status_code == 200, link
        shown.add(answer.context["call"].external_id)
    assert shown == set(plain + odd)
    number_page = reverse("calls:number_show", args=[contract_of(world), ".."])
    assert client.post(number_page, {"reason": "complaint 17"}).status_code == 200


def test_a_call_has_one_address(world: World, client_of: Clients) -> None:
    call_make(world, 1, external_id="a")
    client = client_of("andes_vendor_manager")
    assert client.get(f"/calls/{contract_of(world)}/a/").status_code == 200
    for segment in ("~YQ", "~YQ==", "~", "~%20", "~_w"):
        assert client.get(f"/calls/{contract_of(world)}/{segment}/").status_code == 404, segment


def test_a_withdrawn_call_says_so_instead_of_guessing(world: World, client_of: Clients) -> None:
    call = call_make(world, 1, outcome=Outcome.WITHDRAWN, agent=None, reason=None)
    with activate(world.system):
        Call.objects.visible_to(world.system).update(customer_key=None)
    page = client_of("andes_vendor_manager").get(path_of(world, call)).content.decode()
    assert "The vendor withdrew this call" in page
    for words in ("withheld", "nobody", "not given"):
        assert words not in page
