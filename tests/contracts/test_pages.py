"""The pages of contracts: from an empty contract to signed terms, and what others may see of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts import selectors, services
from contracts.calc.document import digest
from contracts.models import Contract, Coverage, Version
from core.scope import activate
from tests.contracts.factories import amendment_sign, contract_draft_make
from tests.world import World, version_make
from vendors import services as vendors
from vendors.models import Queue

ClientOf = Callable[[str], Client]


def form_of(response: Any) -> dict[str, Any]:
    """Return what the form of a page would send as it stands."""
    form = response.context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if value is not None and value is not False:
            sent[field.html_name] = value
    return sent


def draft_of(world: World, code: str = "ANDES") -> Version:
    """Draft an amendment of a vendor's contract."""
    with activate(world.scope("programme_manager")) as scope:
        return services.version_draft(scope=scope, contract_uuid=world.vendors[code].contract.uuid)


def in_review(world: World, code: str = "ANDES") -> Version:
    """Draft and submit an amendment."""
    version = draft_of(world, code)
    with activate(world.scope("programme_manager")) as scope:
        return services.version_submit(scope=scope, uuid=version.uuid, expected_version=version.version)


def stored(world: World, version: Version) -> Version:
    """Return a version as it is now."""
    with activate(world.scope("auditor")) as scope:
        found = selectors.version_get(scope=scope, uuid=version.uuid)
        list(found.definitions.all()), list(found.targets.all())
    return found


def button(text: str, name: str) -> str:
    """Return the address that a button of the page posts to."""
    match = re.search(rf'action="([^"]*/{name}/[^"]*)"', text)
    assert match, f"no button {name}"
    return match[1].replace("&amp;", "&")


def same_for_all(response: Any) -> str:
    """Return a page without what differs from request to request."""
    text = response.content.decode().replace(response.wsgi_request.path, "")
    return re.sub(r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"', "", text)


def test_from_an_empty_contract_to_signed_terms(world: World, client_of: ClientOf) -> None:
    manager, finance = client_of("programme_manager"), client_of("contract_finance")
    andes = world.vendors["ANDES"].vendor
    with activate(world.scope("programme_manager")) as scope:
        queue = vendors.queue_create(scope=scope, vendor_id=andes.pk, code="RETURNS", name="Returns line")
    page = manager.post(
        reverse("contracts:contract_create"),
        {
            "vendor": str(andes.uuid),
            "name": "Returns",
            "code": "A-R",
            "zone": "Asia/Manila",
            "currency": "PHP",
            "starts_on": "2026-02-01",
        },
        follow=True,
    )
    contract = page.context["contract"]
    assert "covers no queue yet" in page.content.decode()
    page = manager.post(
        reverse("contracts:coverage_create", args=[contract.uuid]),
        {"queue": str(queue.uuid), "starts_on": "2026-02-01"},
        follow=True,
    )
    assert "Returns line" in page.content.decode()
    page = manager.post(button(page.content.decode(), "draft"), follow=True)
    version = page.context["version"]
    sent = form_of(page) | {
        "hours-5": "10:00-16:00",
        "hours-6": "",
        "all-threshold_seconds": "30",
        "all-service_level-goal": "85.5",
        "change_note": "First terms",
    }
    page = manager.post(reverse("contracts:version_edit", args=[version.uuid]), sent, follow=True)
    text = page.content.decode()
    assert "answered within 30 s or sooner, short abandons up to 5 s left out (formula 6)" in text
    assert "85.5%" in text
    assert "10:00–16:00" in text
    page = manager.post(button(text, "submit"), follow=True)
    assert "a second person must sign" in page.content.decode()
    assert "/sign/" not in page.content.decode()
    page = finance.get(reverse("contracts:contract_detail", args=[contract.uuid]))
    assert "/sign/" not in page.content.decode()
    page = finance.get(reverse("contracts:version_detail", args=[version.uuid]))
    assert "days since then will be measured again" in page.content.decode()
    page = finance.post(button(page.content.decode(), "sign"), follow=True)
    signed = stored(world, version)
    assert signed.state == "signed"
    assert signed.document_hash is not None
    assert bytes(signed.document_hash).hex() in page.content.decode()
    for browser in (finance, client_of("andes_vendor_supervisor")):
        document = browser.get(reverse("contracts:version_document", args=[version.uuid]))
        assert digest(document.json()) == bytes(signed.document_hash)
        assert document["Content-Disposition"] == 'attachment; filename="ANDES-v1.json"'


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("hours-2", "18:00-09:00", "Wednesday: 18:00–09:00 ends before it starts"),
        ("hours-2", "whenever", "Wednesday: “whenever” is no span of time"),
        ("all-service_level-amber", "81", "the amber line cannot lie above the goal"),
        ("all-asa-minimum", "17", "the breach line cannot lie below the amber line"),
        ("all-csat-goal", "", "Fill in all three, or none."),
        ("all-csat-goal", "101", "less than or equal to 100"),
        ("all-threshold_seconds", "3601", "less than or equal to 3600"),
        ("all-csat_best", "3", "cannot lie above the best answer"),
        ("effective_from", "2025-12-31", "The contract starts after that day."),
        ("effective_from", "2026-01-01", "A signed version begins on that day or after it"),
        ("all-formula", "7", "7 is not one of the available choices"),
    ],
)
def test_terms_that_cannot_be_are_said_beside_the_field(
    world: World, client_of: ClientOf, name: str, value: str, message: str
) -> None:
    browser, version = client_of("programme_manager"), draft_of(world)
    edit = reverse("contracts:version_edit", args=[version.uuid])
    answer = browser.post(edit, form_of(browser.get(edit)) | {name: value})
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert message in str(errors.get(name, errors.get("all-csat_top_from")))
    assert stored(world, version).version == version.version


def test_no_open_day_is_no_service(world: World, client_of: ClientOf) -> None:
    browser, version = client_of("programme_manager"), draft_of(world)
    edit = reverse("contracts:version_edit", args=[version.uuid])
    sent = form_of(browser.get(edit)) | {f"hours-{day}": "" for day in range(7)}
    answer = browser.post(edit, sent)
    assert answer.context["form"].errors["hours-0"] == ["At least one day must have service hours."]


def test_queues_get_terms_of_their_own(world: World, client_of: ClientOf) -> None:
    browser, version = client_of("programme_manager"), draft_of(world)
    orders, support = world.vendors["ANDES"].queues
    edit = reverse("contracts:version_edit", args=[version.uuid])
    assert "Set them queue by queue" in browser.get(edit).content.decode()
    sent = form_of(browser.get(edit + "?each=1")) | {f"{support.uuid}-threshold_seconds": "10"}
    del sent[f"{support.uuid}-csat-goal"], sent[f"{support.uuid}-csat-amber"], sent[f"{support.uuid}-csat-minimum"]
    assert browser.post(edit + "?each=1", sent).status_code == 302
    saved = stored(world, version)
    assert {row.queue.code: row.threshold_seconds for row in saved.definitions.all()} == {"ORDERS": 20, "SUPPORT": 10}
    assert (support.pk, "csat") not in {(row.queue_id, row.kpi) for row in saved.targets.all()}
    assert (orders.pk, "csat") in {(row.queue_id, row.kpi) for row in saved.targets.all()}
    assert "Give all queues the same terms" in browser.get(edit).content.decode()
    text = browser.get(reverse("contracts:version_compare", args=[version.uuid])).content.decode()
    assert "answered within 20 s or sooner" in text
    assert "answered within 10 s or sooner" in text
    assert "ANDES ORDERS" not in text


def test_a_stale_draft_is_not_written_over(world: World, client_of: ClientOf) -> None:
    browser, version = client_of("programme_manager"), draft_of(world)
    edit = reverse("contracts:version_edit", args=[version.uuid])
    mine = form_of(browser.get(edit)) | {"change_note": "Mine"}
    with activate(world.scope("contract_finance")) as scope:
        services.version_update_terms(scope=scope, uuid=version.uuid, expected_version=1, change_note="Theirs")
    for _ in range(2):
        answer = browser.post(edit, mine)
        assert answer.status_code == 409
        assert "Somebody saved this in the meantime" in answer.content.decode()
        mine = form_of(answer)
    assert mine["change_note"] == "Mine"
    assert stored(world, version).change_note == "Theirs"


def test_a_stale_contract_form_shows_what_is_saved(world: World, client_of: ClientOf) -> None:
    browser, contract = client_of("contract_finance"), world.vendors["ANDES"].contract
    edit = reverse("contracts:contract_edit", args=[contract.uuid])
    mine = form_of(browser.get(edit)) | {"name": "Mine"}
    fields = browser.get(edit).context["form"].fields
    assert {name for name, field in fields.items() if field.disabled} == {
        "zone", "currency", "code", "starts_on", "ends_on"
    }  # fmt: skip
    with activate(world.scope("programme_manager")) as scope:
        services.contract_update(scope=scope, uuid=contract.uuid, expected_version=1, values={"name": "Theirs"})
    answer = browser.post(edit, mine)
    assert (answer.status_code, answer.context["form"].errors["name"]) == (409, ["Saved meanwhile: Theirs"])
    assert browser.post(edit, form_of(answer)).status_code == 302


def test_coverage_that_overlaps_is_said_beside_the_day(world: World, client_of: ClientOf) -> None:
    browser, own = client_of("programme_manager"), world.vendors["ANDES"]
    with activate(world.scope("programme_manager")) as scope:
        other = contract_draft_make(scope=scope, vendor=own.vendor, starts_on=date(2026, 1, 1))
    url = reverse("contracts:coverage_create", args=[other.uuid])
    sent = {"queue": str(own.queues[0].uuid), "starts_on": "2026-07-01"}
    answer = browser.post(url, sent)
    assert answer.status_code == 422
    assert "covers “ANDES ORDERS” from 1 Jan 2026" in str(answer.context["form"].errors["starts_on"])
    edit = reverse("contracts:coverage_edit", args=[own.contract.uuid, own.queues[0].uuid])
    ended = form_of(browser.get(edit)) | {"ends_on": "2026-06-30"}
    amendment_sign(world=world, contract=own.contract, ends_on=date(2026, 12, 31))
    assert browser.post(edit, ended).status_code == 409


def test_days_that_have_begun_and_missing_terms_are_said_beside_the_day(world: World, client_of: ClientOf) -> None:
    browser, own = client_of("programme_manager"), world.vendors["ANDES"]
    edit = reverse("contracts:version_edit", args=[draft_of(world).uuid])
    sent = form_of(browser.get(edit)) | {"effective_from": "2026-05-01", "ends_on": "2026-06-01"}
    answer = browser.post(edit, sent)
    assert answer.status_code == 422
    assert "end the contract today or later" in str(answer.context["form"].errors["ends_on"])
    with activate(world.scope("programme_manager")) as scope:
        queue = vendors.queue_create(scope=scope, vendor_id=own.vendor.pk, code="RETURNS", name="Returns line")
    url = reverse("contracts:coverage_create", args=[own.contract.uuid])
    answer = browser.post(url, {"queue": str(queue.uuid), "starts_on": "2026-01-01"})
    assert answer.status_code == 422
    assert "Sign terms for this queue first" in str(answer.context["form"].errors["starts_on"])


def test_a_step_is_taken_on_what_was_seen(world: World, client_of: ClientOf) -> None:
    finance, version = client_of("contract_finance"), in_review(world)
    sign = reverse("contracts:version_sign", args=[version.uuid])
    for query in ("", "?version=x", f"?version={version.version - 1}", "?version=" + "9" * 30):
        assert finance.post(sign + query).status_code == 409
    # Who lacks the right is told so, whatever the address says.
    assert client_of("auditor").post(sign).status_code == 403
    assert finance.get(f"{sign}?version={version.version}").status_code == 405
    assert stored(world, version).state == "in_review"


def test_a_version_is_returned_with_a_reason(world: World, client_of: ClientOf) -> None:
    finance, version = client_of("contract_finance"), in_review(world)
    url = reverse("contracts:version_return", args=[version.uuid]) + f"?version={version.version}"
    assert finance.post(url, {"reason": " "}).status_code == 422
    page = finance.post(url, {"reason": "Twenty seconds, not <b>fifteen</b>"}, follow=True)
    assert "Twenty seconds, not &lt;b&gt;fifteen&lt;/b&gt;" in page.content.decode()
    assert finance.get(url).status_code == 409


@pytest.mark.parametrize("username", ["client_qa", "auditor", "platform_admin", "andes_vendor_manager"])
def test_who_may_not_write_contracts_is_refused_everywhere(world: World, client_of: ClientOf, username: str) -> None:
    browser, own, version = client_of(username), world.vendors["ANDES"], in_review(world)
    key = [own.contract.uuid]
    for name, args in (
        ("contract_create", []),
        ("contract_edit", key),
        ("coverage_create", key),
        ("coverage_edit", [*key, own.queues[0].uuid]),
    ):
        assert browser.get(reverse(f"contracts:{name}", args=args)).status_code == 403
        assert browser.post(reverse(f"contracts:{name}", args=args)).status_code == 403
    for name, args in (
        ("version_draft", key),
        ("version_sign", [version.uuid]),
        ("version_submit", [version.uuid]),
        ("version_return", [version.uuid]),
        ("coverage_remove", [*key, own.queues[0].uuid]),
    ):
        url = reverse(f"contracts:{name}", args=args) + f"?version={version.version}"
        assert browser.post(url, {"reason": "x"}).status_code in {403, 404}
    assert stored(world, version).state == "in_review"
    page = browser.get(reverse("contracts:contract_detail", args=key)).content.decode()
    assert "/edit/" not in page
    assert "/draft/" not in page


def test_what_is_not_signed_does_not_exist_for_the_vendor(world: World, client_of: ClientOf) -> None:
    browser, version = client_of("andes_vendor_manager"), in_review(world)
    with activate(world.scope("programme_manager")) as scope:
        hidden = contract_draft_make(scope=scope, vendor=world.vendors["ANDES"].vendor)
    foreign: list[tuple[str, Any]] = [
        ("version_detail", version),
        ("version_compare", version),
        ("version_document", version),
        ("contract_detail", hidden),
        ("contract_versions", hidden),
        ("contract_coverage", hidden),
        ("contract_history", hidden),
        ("contract_detail", world.vendors["BORAL"].contract),
        ("version_detail", world.vendors["BORAL"].version),
    ]
    for name, row in foreign:
        there, nowhere = (browser.get(reverse(f"contracts:{name}", args=[key])) for key in (row.uuid, uuid.uuid4()))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert same_for_all(there) == same_for_all(nowhere)
    key = [world.vendors["ANDES"].contract.uuid]
    for name in ("contract_detail", "contract_versions", "contract_coverage", "contract_history"):
        text = browser.get(reverse(f"contracts:{name}", args=key)).content.decode()
        assert "in review" not in text
        assert "client remark" not in text
        assert "BORAL" not in text
    text = browser.get(reverse("contracts:contract_list")).content.decode()
    assert "ANDES hotline" in text
    assert "Draft D-1" not in text
    panel = browser.get(reverse("contracts:panel") + f"?vendor={world.vendors['BORAL'].vendor.uuid}")
    assert "BORAL" not in panel.content.decode()


def test_a_signed_version_names_no_people_of_the_client_to_the_vendor(world: World, client_of: ClientOf) -> None:
    version = in_review(world)
    with activate(world.scope("contract_finance")) as scope:
        services.version_sign(scope=scope, uuid=version.uuid, expected_version=version.version)
    url = reverse("contracts:version_detail", args=[version.uuid])
    assert "contract_finance" in client_of("auditor").get(url).content.decode()
    assert "contract_finance" not in client_of("andes_vendor_manager").get(url).content.decode()


def test_writing_needs_the_token_of_the_page(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.users["programme_manager"])
    answer = browser.post(reverse("contracts:version_draft", args=[world.vendors["ANDES"].contract.uuid]))
    assert answer.status_code == 403
    with activate(world.scope("auditor")) as scope:
        assert Version.objects.visible_to(scope).count() == 2


@pytest.mark.parametrize("name", ["contract_list", "contract_versions", "contract_coverage", "contract_detail"])
def test_a_list_asks_as_many_questions_for_twenty_rows_as_for_ten(world: World, client_of: ClientOf, name: str) -> None:
    browser, own = client_of("auditor"), world.vendors["ANDES"]
    path = reverse(f"contracts:{name}", args=[] if name == "contract_list" else [own.contract.uuid])
    browser.get(path)
    counts = []
    for total in (10, 20):
        with activate(world.system):
            for n in range(total - 10, total):
                queue = Queue.objects.create(vendor=own.vendor, code=f"Q{n}", name=f"Queue {n}")
                Coverage.objects.create(
                    vendor=own.vendor, contract=own.contract, queue=queue, starts_on=date(2026, 1, 2 + n)
                )
                day = date(2026, 2, 1 + n)
                queues = [*own.queues, queue]
                version_make(contract=own.contract, queues=queues, effective_from=day, number=n + 2)
                other = Contract.objects.create(
                    vendor=own.vendor, code=f"C{n}", name=f"Contract {n}", zone="UTC", starts_on=day
                )
                version_make(contract=other, queues=queues, effective_from=day, signed=n % 2 == 0)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
