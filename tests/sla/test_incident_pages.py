"""The pages of incidents and of readiness: what they show to whom, and that a whole life can be clicked through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from sla import selectors, services
from sla.calc.incidents import Step
from sla.models import Drill, EvidenceFile, Incident, Inspection, MonthlyEvidence
from tests.sla.incident_world import incident_of, restored, step
from tests.world import NOW, World

ClientOf = Callable[[str], Client]
PLAN = {
    "kind": "system_failure",
    "title": "Call system down",
    "steps": "Call the carrier\nSwitch to the standby",
    "offline_script": "red folder",
    "standby_server": "pbx-2",
    "owner": "Li Wei",
    "in_force_from": "2026-01-01",
    "review_on": "2026-12-31",
}


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def text(response: Any) -> str:
    return str(response.content.decode())


def plan_of(world: World, code: str = "ANDES", **values: Any) -> Any:
    """Write a plan of a vendor."""
    scope = world.scope(f"{code.lower()}_vendor_manager")
    days = {"in_force_from": date(2026, 1, 1), "review_on": date(2026, 12, 31)}
    with activate(scope):
        return services.plan_create(scope=scope, vendor_id=world.vendors[code].vendor.pk, **(PLAN | days | values))


def test_a_whole_life_on_the_pages(world: World, client_of: ClientOf) -> None:
    plan, supervisor = plan_of(world), client_of("andes_vendor_supervisor")
    empty = text(supervisor.get(reverse("sla:incident_list")))
    assert "No failure was raised" in empty
    form = {
        "title": "No calls arrive",
        "severity": "1",
        "systems": ["call_system"],
        "queues": [str(world.vendors["ANDES"].queues[0].uuid)],
        "affected_from": "2026-06-15T19:30",
    }
    raised = supervisor.post(reverse("sla:incident_new"), form)
    assert raised.status_code == 302
    with activate(world.system):
        incident = Incident.objects.visible_to(world.system).get()
    # Typed in the contract's zone.
    assert incident.affected_from == NOW - timedelta(minutes=30)
    page = reverse("sla:incident_detail", args=[incident.uuid])
    assert raised["Location"] == page
    shown = text(supervisor.get(page))
    assert "Acknowledge" in shown
    assert "1:00:00 left" in shown
    assert "every 20s" in shown

    def taken(name: str, version: int, **values: str) -> int:
        url = reverse("sla:incident_step", args=[incident.uuid, name])
        return supervisor.post(f"{url}?version={version}", values).status_code

    assert taken("restore", 1) == 409
    assert taken("acknowledge", 1) == 302
    assert taken("acknowledge", 1) == 409
    assert taken("locate", 2) == 422
    assert taken("locate", 2, cause_class="carrier", cause="cut cable", plan=str(plan.uuid)) == 302
    assert "Switch to the standby" in text(supervisor.get(page))
    assert taken("restore", 3) == 302
    assert "every 20s" not in text(supervisor.get(page))
    assert taken("close", 4) == 302
    assert taken("review", 5, review="two cables", actions="order one") == 302
    assert supervisor.post(reverse("sla:incident_note", args=[incident.uuid]), {"text": "thanks"}).status_code == 302
    done = text(supervisor.get(page))
    assert "Nothing is left to do" in done
    assert "thanks" in done
    assert "two cables" in done


def test_the_client_decides_and_the_vendor_reads_why(world: World, client_of: ClientOf) -> None:
    incident = restored(world, start=NOW - timedelta(hours=2), end=NOW - timedelta(hours=1))
    finance, vendor = client_of("contract_finance"), client_of("andes_vendor_manager")
    url = reverse("sla:incident_relief", args=[incident.uuid])
    assert vendor.get(url).status_code == 403
    assert finance.post(url, {"counts": "no", "relief_reason": "no proof of the cut"}).status_code == 302
    page = text(vendor.get(reverse("sla:incident_detail", args=[incident.uuid])))
    assert "no proof of the cut" in page
    # The client's people are the client to a vendor.
    assert "contract_finance" not in page
    assert world.client.name in page
    window = reverse("sla:incident_window", args=[incident.uuid])
    times = {"affected_from": "2026-06-15T17:30", "affected_until": "2026-06-15T19:00", "affected_reason": "the log"}
    manager = client_of("programme_manager")
    assert manager.post(window, times).status_code == 302
    with activate(world.system):
        after = Incident.objects.visible_to(world.system).get()
    assert after.affected_from == NOW - timedelta(hours=2, minutes=30)


def test_agents_read_open_incidents_and_no_log(world: World, client_of: ClientOf) -> None:
    incident = incident_of(world)
    done = restored(world, start=NOW - timedelta(hours=2), end=NOW - timedelta(hours=1))
    agent = client_of("andes_agent")
    listed = text(agent.get(reverse("sla:incident_list")))
    assert "#1" not in listed
    assert listed.count("No calls arrive") >= 1
    page = text(agent.get(reverse("sla:incident_detail", args=[incident.uuid])))
    assert 'id="log"' not in page
    assert "Acknowledge" not in page.partition("<main")[2].partition("panel-now-actions")[2]
    assert agent.get(reverse("sla:incident_detail", args=[done.uuid])).status_code == 404
    assert agent.get(reverse("sla:incident_new")).status_code == 403


def test_the_list_shows_both_clocks_and_exports_them(world: World, client_of: ClientOf) -> None:
    incident_of(world, at=NOW - timedelta(minutes=50))
    late = incident_of(world, at=NOW - timedelta(hours=5), code="BORAL", by="boral_vendor_supervisor")
    step(world, late, Step.ACKNOWLEDGE, at=NOW, by="boral_vendor_supervisor")
    manager = client_of("programme_manager")
    url = reverse("sla:incident_list")
    page = text(manager.get(url))
    assert "10:00 left" in page
    assert "4:00:00 over" in page
    assert "1:00:00 over" in page
    exported = b"".join(manager.get(f"{url}?export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "10:00 left" in exported
    assert b"".join(manager.get(f"{url}?export=xlsx").streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert "BORAL" not in text(client_of("andes_vendor_manager").get(url))
    only = text(manager.get(f"{url}?state=acknowledged"))
    assert "Boral Contact" in only.partition("<tbody")[2]
    assert "10:00 left" not in only


def test_the_list_takes_as_many_queries_for_twenty_as_for_ten(world: World, client_of: ClientOf) -> None:
    manager, url = client_of("programme_manager"), reverse("sla:incident_list")
    found = []
    manager.get(url)
    for _ in range(2):
        for _number in range(10):
            incident_of(world, queues=(0, 1))
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(url).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1]


def test_the_raise_form_asks_six_things_and_says_what_is_missing(world: World, client_of: ClientOf) -> None:
    manager = client_of("programme_manager")
    form = manager.get(reverse("sla:incident_new")).context["form"]
    assert list(form.fields) == ["vendor", "title", "severity", "systems", "queues", "affected_from"]
    vendor = world.vendors["ANDES"].vendor
    foreign = str(world.vendors["BORAL"].queues[0].uuid)
    answer = manager.post(
        reverse("sla:incident_new"), {"vendor": str(vendor.uuid), "title": "x", "severity": "2", "queues": [foreign]}
    )
    assert answer.status_code == 422
    assert "Choose queues of this vendor" in text(answer)


def test_a_plan_is_written_changed_and_drilled(world: World, client_of: ClientOf) -> None:
    manager = client_of("andes_vendor_manager")
    assert manager.post(reverse("sla:plan_new"), PLAN).status_code == 302
    assert manager.post(reverse("sla:plan_new"), PLAN).status_code == 422
    with activate(world.system):
        plan = selectors.plan_list(scope=world.system).get()
    changed = manager.post(
        reverse("sla:plan_edit", args=[plan.uuid]), PLAN | {"owner": "Wang", "is_active": "on", "expected_version": "1"}
    )
    assert changed.status_code == 302
    assert "v2" in text(manager.get(reverse("sla:plan_detail", args=[plan.uuid])))
    page = text(manager.get(reverse("sla:drill_list")))
    assert "missing" in page  # the first quarter of 2026
    assert "due" in page
    planned = manager.post(reverse("sla:drill_new"), {"plan": str(plan.uuid), "planned_on": "2026-06-20"})
    assert planned.status_code == 302
    with activate(world.system):
        drill = Drill.objects.visible_to(world.system).get()
    url = reverse("sla:drill_record", args=[drill.uuid])
    form: dict[str, Any] = {
        "planned_on": "2026-06-20",
        "held_on": "2026-06-15",
        "participants": "shift A",
        "expected_version": "1",
    }
    assert manager.post(url, form).status_code == 422
    bad = SimpleUploadedFile("proof.pdf", b"MZ not a pdf", "application/pdf")
    assert manager.post(url, form | {"result": "partly", "upload": bad}).status_code == 422
    good = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 proof", "application/pdf")
    form |= {"result": "partly", "findings": "the script was old", "upload": good}
    assert manager.post(url, form).status_code == 302
    with activate(world.system):
        kept = EvidenceFile.objects.visible_to(world.system).get()
    sent = manager.get(reverse("sla:file", args=[kept.uuid]))
    assert b"".join(sent.streaming_content) == b"%PDF-1.7 proof"  # type: ignore[attr-defined]
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["Content-Type"] == "application/octet-stream"
    assert client_of("boral_vendor_manager").get(reverse("sla:file", args=[kept.uuid])).status_code == 404
    assert client_of("andes_agent").get(reverse("sla:file", args=[kept.uuid])).status_code == 403
    assert "held" in text(manager.get(reverse("sla:drill_list")))
    # The agent finds the offline script.
    assert "red folder" in text(client_of("andes_agent").get(reverse("sla:plan_detail", args=[plan.uuid])))


def test_a_large_file_is_refused_and_nothing_is_kept(world: World, client_of: ClientOf) -> None:
    manager = client_of("andes_vendor_manager")
    big = SimpleUploadedFile("proof.txt", b"a" * (5 * 1024 * 1024 + 1), "text/plain")
    form = {"kind": "backup", "month": "2026-06-01", "finding_count": "0", "upload": big}
    assert manager.post(reverse("sla:evidence_new"), form).status_code == 422
    with activate(world.system):
        assert not EvidenceFile.objects.visible_to(world.system).exists()
        assert not MonthlyEvidence.objects.visible_to(world.system).exists()


def test_an_inspection_is_recorded_once_a_day_and_missing_days_show(world: World, client_of: ClientOf) -> None:
    supervisor = client_of("andes_vendor_supervisor")
    url = reverse("sla:inspection_new", args=["crm"])
    assert supervisor.get(reverse("sla:inspection_new", args=["moon"])).status_code == 404
    form = {"day": "2026-06-14", "items": ["sign_in", "history_opens"], "load": "91", "bandwidth": "", "warn": "80"}
    assert supervisor.post(url, form).status_code == 302
    assert supervisor.post(url, form).status_code == 422
    assert supervisor.post(url, form | {"day": "2026-06-30"}).status_code == 422
    with activate(world.system):
        row = Inspection.objects.visible_to(world.system).get()
    assert row.failed_items == ["ticket_saved", "answers_in_time"]
    assert row.is_early_warning
    page = text(supervisor.get(reverse("sla:inspection_list")))
    assert page.count(">missing<") == 3 * 13 - 1
    assert page.count(">still open<") == 3
    assert "near its limit" in page
    # The client sees every vendor's days, also of who never recorded one.
    assert "Boral Contact" in text(client_of("programme_manager").get(reverse("sla:inspection_list")))


def test_monthly_evidence_needs_proof_and_stands_once(world: World, client_of: ClientOf) -> None:
    supervisor = client_of("andes_vendor_supervisor")
    form = {"kind": "scan", "month": "2026-05-17", "finding_count": "3", "link": "", "note": ""}
    assert supervisor.post(reverse("sla:evidence_new"), form).status_code == 422
    assert supervisor.post(reverse("sla:evidence_new"), form | {"link": "javascript:alert(1)"}).status_code == 422
    form["link"] = "https://scans.example/2026-05"
    assert supervisor.post(reverse("sla:evidence_new"), form).status_code == 302
    assert supervisor.post(reverse("sla:evidence_new"), form).status_code == 422
    page = text(supervisor.get(reverse("sla:evidence_list")))
    assert "findings: 3" in page
    assert "https://scans.example/2026-05" in page


def test_rivals_find_nothing_of_it(world: World, client_of: ClientOf) -> None:
    incident, plan = incident_of(world), plan_of(world)
    rival = client_of("boral_vendor_manager")
    for name, key in (
        ("incident_detail", [incident.uuid]),
        ("incident_affected", [incident.uuid]),
        ("plan_detail", [plan.uuid]),
        ("plan_edit", [plan.uuid]),
    ):
        assert rival.get(reverse(f"sla:{name}", args=key)).status_code == 404
    assert rival.post(reverse("sla:incident_note", args=[incident.uuid]), {"text": "x"}).status_code == 404
    assert rival.post(reverse("sla:incident_step", args=[incident.uuid, "acknowledge"])).status_code == 404
    for name in ("incident_list", "plan_list", "drill_list", "inspection_list", "evidence_list"):
        assert "ndes" not in text(rival.get(reverse(f"sla:{name}")))
