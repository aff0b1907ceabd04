"""Ideas and exceptional service: sent, decided by somebody else, told, and counted in the right month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.models import Idea, ServiceCase
from tests.oracle import Row
from tests.sla.feed import load
from tests.world import NOW, World

ClientOf = Callable[[str], Client]
WORDS = {"topic": "process", "title": "One form less", "text": "The second form asks for the same."}


def sent(world: World, name: str = "andes_agent", **values: Any) -> Idea:
    """Send an idea as somebody."""
    scope = world.scope(name)
    with activate(scope):
        return services.idea_send(scope=scope, values=WORDS | values)


def decided(world: World, idea: Idea, state: str, name: str = "andes_vendor_manager", **more: Any) -> Idea:
    """Decide on an idea as somebody, a month later."""
    scope = world.scope(name, at=NOW + timedelta(days=30))
    given: dict[str, Any] = {"decision": "Good.", **more}
    with activate(scope):
        version = selectors.idea_get(scope=scope, uuid=idea.uuid).version
        return services.idea_decide(scope=scope, uuid=idea.uuid, expected_version=version, state=state, **given)


def proposed(world: World, name: str = "andes_vendor_supervisor", **values: Any) -> ServiceCase:
    """Propose a case as somebody."""
    small, scope = world.vendors["ANDES"], world.scope(name)
    given = {
        "contract": small.contract, "agent": small.agents[0], "kind": "ticket", "reference": "#12",
        "happened_on": date(2026, 6, 10), "title": "Stayed on the line", "text": "Until the ambulance came.",
    } | values  # fmt: skip
    with activate(scope):
        return services.service_case_propose(scope=scope, values=given)


def test_an_adopted_idea_counts_in_the_month_from_which_it_is_used(world: World) -> None:
    idea = sent(world)
    decided(world, idea, "accepted")
    decided(world, idea, "adopted", adopted_on=date(2026, 7, 1), effect="A minute a call")
    scope = world.scope("client_qa")
    with activate(scope):
        facts = selectors.idea_facts(scope=scope, first=date(2026, 6, 1), until=date(2026, 8, 1))
    assert [(row.month.month, row.agent_code, row.sent, row.adopted, row.approved_cases) for row in facts] == [
        (6, "ANDES-A1", 1, 0, 0), (7, "ANDES-A1", 0, 1, 0),
    ]  # fmt: skip


def test_whoever_sent_it_is_told_what_was_decided_and_decides_nothing(world: World) -> None:
    idea = sent(world, "andes_vendor_supervisor")
    with pytest.raises(Forbidden):
        decided(world, idea, "accepted", "andes_vendor_supervisor")
    decided(world, idea, "declined", "client_qa")
    with activate(world.system):
        [notice] = Notice.objects.visible_to(world.system).filter(message="idea_decided")
    assert notice.recipient_id == world.users["andes_vendor_supervisor"].pk
    with pytest.raises(Conflict):
        decided(world, idea, "accepted")


@pytest.mark.parametrize(
    ("state", "more", "field"),
    [
        ("accepted", {"decision": " "}, "decision"),
        ("adopted", {}, "adopted_on"),
        ("adopted", {"adopted_on": date(2026, 1, 1)}, "adopted_on"),
        ("declined", {"adopted_on": date(2026, 7, 1)}, "adopted_on"),
    ],
)
def test_a_decision_without_its_reason_or_day_is_refused(
    world: World, state: str, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        decided(world, sent(world), state, **more)
    assert field in refused.value.fields


def test_an_agent_sees_its_own_and_a_rival_nothing(world: World, client_of: ClientOf) -> None:
    own, other = sent(world), sent(world, "andes_vendor_supervisor", title="Another")
    agent = client_of("andes_agent")
    page = agent.get(reverse("qa:idea_list")).content.decode()
    assert "One form less" in page
    assert "Another" not in page
    assert agent.get(reverse("qa:idea_detail", args=[own.uuid])).status_code == 200
    assert agent.get(reverse("qa:idea_detail", args=[other.uuid])).status_code == 404
    assert agent.get(reverse("audit:history", args=["idea", other.uuid])).status_code == 404
    for uuid in (own.uuid, other.uuid):
        assert client_of("boral_vendor_manager").get(reverse("qa:idea_detail", args=[uuid])).status_code == 404
    with pytest.raises(NotFound):
        decided(world, own, "accepted", "boral_vendor_manager")


def test_the_client_approves_what_somebody_else_proposed(world: World, client_of: ClientOf) -> None:
    case = proposed(world, "client_qa")
    for name in ("client_qa", "andes_vendor_manager"):
        scope = world.scope(name)
        with activate(scope), pytest.raises(Forbidden):
            services.service_case_decide(
                scope=scope, uuid=case.uuid, expected_version=1, is_approved=True, decision="Well done."
            )
    agent, address = client_of("andes_agent"), reverse("qa:case_detail", args=[case.uuid])
    assert agent.get(address).status_code == 404
    form = {"expected_version": 1, "is_approved": "yes", "decision": "Well done."}
    decide = reverse("qa:case_decide", args=[case.uuid])
    assert client_of("programme_manager").post(decide, form).status_code == 302
    assert agent.get(address).status_code == 200
    scope = world.scope("andes_agent")
    with activate(scope):
        [facts] = selectors.idea_facts(scope=scope, first=date(2026, 6, 1), until=date(2026, 7, 1))
    assert facts.approved_cases == 1


def test_a_call_proves_a_case_only_for_whoever_took_it(world: World) -> None:
    small = world.vendors["ANDES"]
    row = Row(
        external_id="E1", queue="ORDERS", offered_at=NOW, answered_at=NOW, outcome="answered", wait=1, talk=60,
        agent="ANDES-A2", reason=None,
    )  # fmt: skip
    load([row], scope=world.system, vendor=small)
    call = {"kind": "call", "reference": "E1"}
    with pytest.raises(Invalid) as refused:
        proposed(world, **call)
    assert "agent" in refused.value.fields
    assert proposed(world, **call, agent=None).agent == small.agents[1]
    with pytest.raises(Invalid) as refused:
        proposed(world, kind="call", reference="E2")
    assert "reference" in refused.value.fields


def test_the_counts_lead_to_what_they_count(world: World, client_of: ClientOf) -> None:
    decided(world, sent(world), "adopted", adopted_on=date(2026, 7, 1))
    client = client_of("andes_vendor_manager")
    page = client.get(reverse("qa:idea_counts")).content.decode()
    if "adopted_on_after" in page:
        link = page.partition(f'href="{reverse("qa:idea_list")}?')[2].partition('"')[0].replace("&amp;", "&")
        assert "adopted_on_after=2026-07-01&adopted_on_before=2026-07-31" in link
        assert "One form less" in client.get(f"{reverse('qa:idea_list')}?{link}").content.decode()


@pytest.mark.parametrize("name", ["idea_list", "case_list", "idea_counts"])
def test_more_rows_ask_no_more_questions(world: World, client_of: ClientOf, name: str) -> None:
    client, counts = client_of("client_qa"), []
    for first in (0, 5):
        for number in range(first, first + 5):
            sent(world)
            proposed(world, reference=f"#{number}")
        client.get(reverse(f"qa:{name}"))
        with CaptureQueriesContext(connection) as told:
            assert client.get(reverse(f"qa:{name}")).status_code == 200
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_an_idea_is_sent_and_decided_by_pages(world: World, client_of: ClientOf) -> None:
    assert client_of("andes_agent").post(reverse("qa:idea_new"), WORDS).status_code == 302
    with activate(world.scope("client_qa")) as scope:
        [idea] = selectors.idea_list(scope=scope)
    form = {"expected_version": 1, "state": "accepted", "decision": "Soon."}
    manager = client_of("andes_vendor_manager")
    assert manager.post(reverse("qa:idea_decide", args=[idea.uuid]), form).status_code == 302
    assert "Soon." in client_of("andes_agent").get(reverse("qa:idea_detail", args=[idea.uuid])).content.decode()
    assert client_of("andes_agent").get(reverse("qa:idea_decide", args=[idea.uuid])).status_code == 403
