"""What an address of a report page may hold, and what a search finds by a call's id."""

from __future__ import annotations

import pytest
from django.urls import reverse

from calls.calc.canonical import Outcome
from tests.calls.test_pages_calls import call_make
from tests.reports.test_pages import ClientOf, contract_url, page, plain
from tests.world import World


@pytest.mark.parametrize("name", ["home", "reports:explorer", "contract"])
def test_a_parameter_that_a_page_does_not_know_is_named_not_swallowed(
    house: World, client_of: ClientOf, name: str
) -> None:
    url = contract_url(house) if name == "contract" else reverse(name)
    client = client_of("programme_manager")
    assert "left aside" not in page(client, url)
    text = plain(page(client, url, until="2026-06-14", **{"<b>": "1"}))
    assert "parameters that this page does not know and left aside: until, &lt;b&gt;" in text


def test_an_agent_s_own_overview_names_it_too(house: World, client_of: ClientOf) -> None:
    assert "left aside: qeue" in plain(page(client_of("andes_agent"), "/", qeue="ORDERS"))


def test_pages_name_a_period_as_the_interface_does(house: World, client_of: ClientOf) -> None:
    period = {"from": "2026-06-03", "to": "2026-06-05"}
    html = page(client_of("programme_manager"), contract_url(house), **period)
    assert "3 Jun 2026 – 4 Jun 2026" in plain(html)
    assert "/kpis/?metrics=asa&amp;interval=half_hour&amp;from=2026-06-03&amp;to=2026-06-05" in html
    assert "until=" not in html
    assert 'name="to" value="2026-06-05"' in html
    assert "/kpis/?from=2026-06-01&amp;to=2026-07-01" in page(client_of("programme_manager"), "/")


def test_the_search_finds_a_call_whose_id_is_one_character(house: World, client_of: ClientOf) -> None:
    call_make(house, 1, external_id="7")
    found = page(client_of("andes_vendor_manager"), reverse("reports:search"), q="7")
    assert "/7/" in found
    assert found.count("<a ") == 1


def test_the_search_finds_a_call_by_its_whole_id_in_scope(house: World, client_of: ClientOf) -> None:
    mine, others = call_make(house, 1), call_make(house, 2, agent=house.vendors["ANDES"].agents[1])
    call_make(house, 3, external_id="ANDES-1", vendor="BORAL")
    call_make(house, 4, outcome=Outcome.WITHDRAWN, external_id="gone/1")
    url = reverse("reports:search")

    def found(username: str, text: str) -> str:
        return page(client_of(username), url, q=text)

    path = reverse("calls:detail", args=[house.vendors["ANDES"].contract.uuid, mine.external_id])
    everybody = found("programme_manager", "ANDES-1")
    assert f'href="{path}"' in everybody
    assert "Andes Voice Q7X" in everybody
    assert "Boral Contact Z9K" in everybody
    own = found("andes_vendor_qa", " ANDES-1 ")
    assert f'href="{path}"' in own
    assert "Boral" not in own
    assert "2026-06-15 08:11 · ANDES ORDERS" in own
    assert f'href="{path}"' in found("andes_agent", "ANDES-1")
    assert found("andes_agent", others.external_id).strip() == ""
    assert "/calls/" not in found("andes_vendor_qa", "ANDES-")
    assert "withdrawn" in found("andes_vendor_qa", "gone/1")


def test_the_search_tells_same_named_queues_of_two_vendors_apart(house: World, client_of: ClientOf) -> None:
    url = reverse("reports:search")
    both = plain(page(client_of("programme_manager"), url, q="ORDERS"))
    assert "ORDERS · Andes Voice Q7X" in both
    assert "ORDERS · Boral Contact Z9K" in both
    assert "Andes Voice" not in plain(page(client_of("andes_vendor_qa"), url, q="ORDERS"))
