"""How long an incident may take is a term of the contract: versioned, signed, and kept with the incident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contracts import services as contracts
from core.errors import Invalid
from core.periods import local_day
from core.scope import activate
from sla.models import Incident
from tests.contracts.factories import amendment_sign
from tests.contracts.test_pages import draft_of, form_of
from tests.sla.incident_world import incident_of
from tests.world import NOW, World

ClientOf = Callable[[str], Client]
DAY = timedelta(days=1)
TIGHT: dict[str, Any] = {"incident_locate_minutes": 30, "incident_restore_minutes": 120}


def limits(incident: Incident) -> tuple[int, int]:
    """Return within how many minutes an incident is to be located and restored."""
    return incident.locate_limit_seconds // 60, incident.restore_limit_seconds // 60


def test_an_incident_has_the_limits_of_the_version_in_force_when_it_is_raised(world: World) -> None:
    small = world.vendors["ANDES"]
    before = incident_of(world)
    tomorrow = local_day(NOW, small.contract.zone) + DAY
    signed = amendment_sign(world=world, contract=small.contract, effective_from=tomorrow, **TIGHT)
    assert limits(before) == limits(incident_of(world)) == (60, 240)
    assert limits(incident_of(world, at=NOW + DAY)) == (30, 120)
    # Named by systems only, it concerns all that the vendor's contracts cover.
    assert limits(incident_of(world, at=NOW + DAY, queues=())) == (30, 120)
    assert limits(incident_of(world, code="BORAL", by="boral_vendor_supervisor", at=NOW + DAY)) == (60, 240)
    assert signed.document is not None
    assert signed.document["incident_limits"] == TIGHT
    # The next version begins with them.
    assert draft_of(world).incident_restore_minutes == 120


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"incident_locate_minutes": 0}, "incident_locate_minutes"),
        ({"incident_restore_minutes": 43_201}, "incident_restore_minutes"),
        ({"incident_locate_minutes": 300}, "incident_restore_minutes"),
    ],
)
def test_limits_that_cannot_be_are_refused(world: World, terms: dict[str, Any], field: str) -> None:
    draft, scope = draft_of(world), world.scope("programme_manager")
    with activate(scope), pytest.raises(Invalid) as refusal:
        contracts.version_update_terms(scope=scope, uuid=draft.uuid, expected_version=draft.version, **terms)
    assert list(refusal.value.fields) == [field]


def test_the_terms_page_takes_and_shows_them(world: World, client_of: ClientOf) -> None:
    browser, draft = client_of("programme_manager"), draft_of(world)
    edit = reverse("contracts:version_edit", args=[draft.uuid])
    sent = form_of(browser.get(edit)) | {"incident_locate_minutes": "45", "incident_restore_minutes": "30"}
    assert "give at least as long" in browser.post(edit, sent).content.decode()
    assert browser.post(edit, sent | {"incident_restore_minutes": "180"}).status_code == 302
    page = browser.get(reverse("contracts:version_detail", args=[draft.uuid])).content.decode()
    assert "45 min" in page
    compared = browser.get(reverse("contracts:version_compare", args=[draft.uuid])).content.decode()
    assert "240 min" in compared
    assert "180 min" in compared
    program = browser.get(f"/api/v1/contracts/{world.vendors['ANDES'].contract.uuid}").json()
    assert sorted(row["incident_locate_minutes"] for row in program["versions"]) == [45, 60]
