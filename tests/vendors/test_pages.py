"""The pages of vendors, sites, queues and agents."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from tests.world import World
from vendors import selectors, services
from vendors.models import Agent, Site, Vendor

ClientOf = Callable[[str], Client]
LISTS = ["vendor", "site", "queue", "agent"]


def row_of(world: World, code: str, obj: str) -> Any:
    """Return a vendor, or one of its parts."""
    own = world.vendors[code]
    return {"vendor": own.vendor, "site": own.site, "queue": own.queues[0], "agent": own.agents[0]}[obj]


def form_of(response: Any) -> dict[str, Any]:
    """Return what the form of a page would send as it stands."""
    form = response.context["form"]
    return {field.html_name: "" if field.value() is None else field.value() for field in form}


@pytest.mark.parametrize("obj", LISTS)
def test_the_client_sees_the_parts_of_all_vendors(world: World, client_of: ClientOf, obj: str) -> None:
    page = client_of("auditor").get(reverse(f"vendors:{obj}_list"))
    for code in ("ANDES", "BORAL"):
        assert row_of(world, code, obj).name in page.content.decode()
    assert "Lumora Test</a>" not in page.content.decode()


@pytest.mark.parametrize("obj", LISTS)
@pytest.mark.parametrize("page", ["list", "detail", "edit", "sites", "queues", "agents", "history"])
def test_a_vendors_people_meet_nothing_of_a_rival(world: World, client_of: ClientOf, obj: str, page: str) -> None:
    browser = client_of("andes_vendor_manager")
    if page == "list":
        answer = browser.get(reverse(f"vendors:{obj}_list"), follow=True).content.decode()
        assert "ANDES" in answer
        assert "BORAL" not in answer
        assert "Boral" not in answer
        return
    if page in ("sites", "queues", "agents", "history") and obj != "vendor":
        return
    name = f"vendors:{obj}_{page}"
    foreign = browser.get(reverse(name, args=[row_of(world, "BORAL", obj).uuid]))
    unknown = browser.get(reverse(name, args=[uuid.uuid4()]))
    assert (foreign.status_code, unknown.status_code) in {(404, 404), (403, 403)}
    assert same_for_all(foreign) == same_for_all(unknown)


def same_for_all(response: Any) -> str:
    """Return a page without what differs from request to request."""
    text = response.content.decode().replace(response.wsgi_request.path, "")
    return re.sub(r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"', "", text)


def test_whoever_works_for_a_vendor_lands_on_it(world: World, client_of: ClientOf) -> None:
    answer = client_of("andes_vendor_supervisor").get(reverse("vendors:vendor_list"))
    assert answer["Location"] == reverse("vendors:vendor_detail", args=[row_of(world, "ANDES", "vendor").uuid])


def test_the_internal_note_exists_for_the_client_only(world: World, client_of: ClientOf) -> None:
    url = reverse("vendors:vendor_detail", args=[row_of(world, "ANDES", "vendor").uuid])
    assert "client remark on ANDES" in client_of("auditor").get(url).content.decode()
    assert "client remark" not in client_of("andes_vendor_manager").get(url).content.decode()


def test_an_agent_has_no_register(world: World, client_of: ClientOf) -> None:
    for obj in LISTS:
        assert client_of("andes_agent").get(reverse(f"vendors:{obj}_list")).status_code == 403


@pytest.mark.parametrize("username", ["auditor", "client_qa", "andes_vendor_manager"])
def test_a_vendor_is_added_and_edited_by_the_programme_manager_alone(
    world: World, client_of: ClientOf, username: str
) -> None:
    vendor = row_of(world, "ANDES", "vendor")
    for url in (reverse("vendors:vendor_create"), reverse("vendors:vendor_edit", args=[vendor.uuid])):
        assert client_of(username).get(url).status_code == 403
        assert client_of(username).post(url, {"name": "X", "code": "X"}).status_code == 403


def test_a_vendor_is_added_by_form_and_shown(world: World, client_of: ClientOf) -> None:
    browser = client_of("programme_manager")
    answer = browser.post(
        reverse("vendors:vendor_create"), {"name": "Nova Contact", "code": "nova", "country": "PH"}, follow=True
    )
    assert answer.status_code == 200
    assert "Nova Contact" in answer.content.decode()
    assert "Philippines" in answer.content.decode()


def test_what_a_form_gets_wrong_is_said_beside_the_field_and_kept(world: World, client_of: ClientOf) -> None:
    answer = client_of("programme_manager").post(
        reverse("vendors:vendor_create"), {"name": "Twin", "code": "ANDES", "country": "PH"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"code": ["Another vendor has this code."]}
    assert 'value="Twin"' in answer.content.decode()


@pytest.mark.parametrize(("obj", "username"), [("site", "andes_vendor_manager"), ("agent", "andes_vendor_supervisor")])
def test_a_vendors_people_add_and_edit_their_own_parts(
    world: World, client_of: ClientOf, obj: str, username: str
) -> None:
    browser = client_of(username)
    create = reverse(f"vendors:{obj}_create")
    assert "vendor" not in browser.get(create).context["form"].fields
    given = {
        "name": "Made here",
        "code": "NEW-1",
        "zone": "Asia/Manila",
        "vendor": str(row_of(world, "BORAL", "vendor").uuid),
    }
    made = browser.post(create, given, follow=True).context["row"]
    assert (made.name, made.vendor_id) == ("Made here", row_of(world, "ANDES", "vendor").pk)
    edit = reverse(f"vendors:{obj}_edit", args=[made.uuid])
    sent = form_of(browser.get(edit)) | {"name": "Changed"}
    assert browser.post(edit, sent, follow=True).context["row"].name == "Changed"


def test_the_client_chooses_the_vendor_of_a_new_part(world: World, client_of: ClientOf) -> None:
    browser, andes = client_of("programme_manager"), row_of(world, "ANDES", "vendor")
    made = browser.post(
        reverse("vendors:queue_create"),
        {"vendor": str(andes.uuid), "name": "Returns", "code": "RETURNS", "direction": "inbound"},
        follow=True,
    ).context["row"]
    assert made.vendor_id == andes.pk
    url = reverse("vendors:queue_create") + f"?vendor={andes.uuid}"
    assert "vendor" not in browser.get(url).context["form"].fields
    made = browser.post(url, {"name": "Sales", "code": "SALES", "direction": "outbound"}, follow=True).context["row"]
    assert (made.vendor_id, made.direction) == (andes.pk, "outbound")


def test_an_agent_is_put_at_a_site_of_its_vendor_only(world: World, client_of: ClientOf) -> None:
    browser, agent = client_of("programme_manager"), row_of(world, "ANDES", "agent")
    edit = reverse("vendors:agent_edit", args=[agent.uuid])
    page = browser.get(edit)
    assert "BORAL" not in page.content.decode()
    answers = [
        browser.post(edit, form_of(page) | {"site": str(key)}).context["form"].errors["site"]
        for key in (row_of(world, "BORAL", "site").uuid, uuid.uuid4())
    ]
    assert answers[0] == answers[1]


def test_a_stale_form_shows_what_is_saved_and_can_be_sent_again(world: World, client_of: ClientOf) -> None:
    browser, site = client_of("programme_manager"), row_of(world, "ANDES", "site")
    edit = reverse("vendors:site_edit", args=[site.uuid])
    mine = form_of(browser.get(edit)) | {"city": "Mine"}
    with activate(world.scope("andes_vendor_manager")) as scope:
        services.site_update(scope=scope, uuid=site.uuid, expected_version=1, values={"city": "Theirs"})
    answer = browser.post(edit, mine)
    assert answer.status_code == 409
    assert answer.context["form"].errors["city"] == ["Saved meanwhile: Theirs"]
    again = form_of(answer)
    assert (again["city"], again["expected_version"]) == ("Mine", 2)
    assert browser.post(edit, again).status_code == 302
    with activate(world.scope("auditor")) as scope:
        assert selectors.site_get(scope=scope, uuid=site.uuid).city == "Mine"


def test_writing_needs_the_token_of_the_page(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.users["programme_manager"])
    answer = browser.post(reverse("vendors:vendor_create"), {"name": "Nova", "code": "NOVA"})
    assert answer.status_code == 403
    with activate(world.system) as scope:
        assert not Vendor.objects.visible_to(scope).filter(code="NOVA").exists()


def test_an_agent_gets_a_log_in_from_its_page(world: World, client_of: ClientOf) -> None:
    browser, agent = client_of("andes_vendor_manager"), world.vendors["ANDES"].agents[1]
    page = browser.get(reverse("vendors:agent_detail", args=[agent.uuid]))
    login = reverse("vendors:agent_login", args=[agent.uuid])
    assert login in page.content.decode()
    browser.post(login, {"username": "andes.two"})
    assert "Show the log-in" in browser.get(reverse("vendors:agent_detail", args=[agent.uuid])).content.decode()
    rival = reverse("vendors:agent_login", args=[row_of(world, "BORAL", "agent").uuid])
    assert browser.post(rival, {"username": "spy"}).status_code == 404
    assert client_of("andes_vendor_supervisor").get(login).status_code == 403


@pytest.mark.parametrize("url", ["vendor_list", "site_list", "queue_list", "agent_list", "vendor_agents"])
def test_a_list_asks_as_many_questions_for_twenty_rows_as_for_ten(world: World, client_of: ClientOf, url: str) -> None:
    andes = world.vendors["ANDES"]
    path = reverse(f"vendors:{url}", args=[andes.vendor.uuid] if url == "vendor_agents" else [])
    browser = client_of("programme_manager")
    browser.get(path)
    counts = []
    for total in (10, 20):
        with activate(world.scope("programme_manager")) as scope:
            for n in range(total - 10, total):
                vendor = services.vendor_create(scope=scope, code=f"V{n}", name=f"Vendor {n}")
                with activate(world.system) as system:
                    key = {"scope": system, "vendor_id": vendor.pk}
                    site = services.site_create(code="S", name=f"Site {n}", **key)
                    services.queue_create(code="Q", name=f"Queue {n}", **key)
                    services.agent_create(code="A", name=f"Agent {n}", site=site, **key)
                services.agent_create(
                    scope=scope, vendor_id=andes.vendor.pk, code=f"N{n}", name=f"Agent {n}", site=andes.site
                )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_text_of_users_is_never_markup(world: World, client_of: ClientOf) -> None:
    with activate(world.scope("programme_manager")) as scope:
        Agent.objects.visible_to(scope).filter(pk=row_of(world, "ANDES", "agent").pk).update(
            name="<script>alert(1)</script>"
        )
        Site.objects.visible_to(scope).update(city='"><img src=x>')
    browser = client_of("auditor")
    for url in ("agent_list", "site_list"):
        text = browser.get(reverse(f"vendors:{url}")).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
