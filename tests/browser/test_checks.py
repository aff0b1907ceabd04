"""A vendor imports a transcript; its hit is marked, and the call is the first that the client is asked to listen to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect

from calls.calc.canonical import Outcome
from calls.models import Call
from core.scope import activate
from qa import selectors, services
from qa.models import Evaluation
from tests.browser.conftest import Visit

EXPECT_MS = 20_000


def test_a_risk_in_a_transcript_is_marked_and_its_call_comes_first(visit: Visit, tmp_path: Path) -> None:
    visitor = visit()
    world, now = visitor.stage.world, datetime.now(UTC)
    client, small = world.scope("client_qa", at=now), world.vendors["ANDES"]
    rules = [{"key": "promise", "title": "Lumora promises nothing", "kind": "must_not_say", "phrases": ["我保证"]}]
    with activate(client):
        draft = services.rule_draft_create(scope=client, code="BROWSED", name="Lumora browsed", body={"rules": rules})
        values = {"form_code": "ANDES-EVAL"}
        draft = services.rule_draft_change(scope=client, uuid=draft.uuid, expected_version=1, values=values)
        services.rule_set_publish(scope=client, uuid=draft.uuid, expected_version=draft.version, vendors=[small.vendor])
        calls = Call.objects.visible_to(client).filter(contract_id=small.contract.pk, outcome=Outcome.ANSWERED)
        # What somebody evaluated already would only be marked.
        taken = list(Evaluation.objects.visible_to(client).values_list("reference", flat=True))
        call = calls.filter(agent=small.agents[2]).exclude(external_id__in=taken).order_by("offered_at")[0].external_id

    visitor.log_in("andes_vendor_supervisor")
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    visitor.go("/qa/transcripts/import/")
    file = tmp_path / f"{call}.txt"
    file.write_text("[00:01] 坐席：您好，我保证今天退款\n[00:05] 客户：好的", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{call}.txt")
    while services.transcripts_check(scope=world.system):
        pass
    visitor.go(f"/qa/transcripts/?q={call}")
    page.get_by_role("link", name=call).click()
    mark = page.locator("mark.hit-failed")
    expect(mark).to_contain_text("我保证")

    listener = visit("client_qa")
    listener.go(f"/qa/?state=all&q={call}")
    expect(listener.page.locator("tbody tr").first).to_contain_text(call)
    with activate(client):
        waiting = list(selectors.queue_list(scope=client))
    at = next(at for at, row in enumerate(waiting) if row.reference == call)
    assert waiting[at].origin == "risk"
    assert all(row.is_risky for row in waiting[:at])
    rival = visit("boral_vendor_supervisor")
    rival.go(f"/qa/transcripts/?q={call}")
    expect(rival.page.get_by_role("link", name=call)).to_have_count(0)
