"""What stands on the stage of quality assurance, so that every page of it can be looked at; one function an area."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from calls.calc.canonical import Outcome
from calls.models import Call
from core.scope import activate
from qa import selectors, services
from qa.calc.live import LiveReason
from qa.calc.transcript_rows import row_sent
from qa.models import Evaluation, Form
from qa.services import Flag, Sheet
from tests.world import World

SHANGHAI, ONE_DAY = timedelta(hours=8), timedelta(days=1)


def quality_set(world: World, code: str = "ANDES") -> dict[str, str]:
    """Give a vendor what quality assurance makes, and return the addresses of its pages by a word for each."""
    return evaluating_set(world, code) | scripts_set(world, code) | automatic_set(world, code) | forms_set(world, code)


def _form_body(code: str) -> dict[str, Any]:
    """Return a small form in which everything carries the vendor's name, and so reads the same in every language."""
    yes_no = [
        {"key": "yes", "label": f"{code} yes", "points": 10, "example": f"{code} example"},
        {"key": "no", "label": f"{code} no", "points": 0, "is_failure": True},
    ]
    scale = [{"key": f"p{at}", "label": f"{code} {at}", "points": at} for at in (5, 4, 3)]
    questions: list[dict[str, Any]] = [
        {"key": "greets", "text": f"{code} greets", "choices": yes_no, "guidance": f"{code} within three seconds"},
        {"key": "solves", "text": f"{code} solves", "choices": yes_no, "severity": "critical", "family": "customer",
         "causes": [f"{code} knew not", f"{code} forgot"]},
        {"key": "tone", "text": f"{code} tone", "kind": "scale", "choices": scale},
    ]  # fmt: skip
    return {"sections": [{"key": "all", "title": f"{code} part", "questions": questions}]}


def form_of(world: World, code: str, at: datetime) -> Form:
    """Publish the small form to a vendor."""
    client = world.scope("client_qa", at=at)
    with activate(client):
        draft = services.draft_create(scope=client, code=f"{code}-EVAL", name=f"{code} form", body=_form_body(code))
        vendors = [world.vendors[code].vendor]
        [form] = services.form_publish(scope=client, uuid=draft.uuid, expected_version=1, vendors=vendors)
    return form


def chosen(world: World, name: str, form: Form, call: Call, at: datetime) -> Evaluation:
    """Have a call evaluated."""
    scope = world.scope(name, at=at)
    with activate(scope):
        return services.evaluation_choose(scope=scope, call=call, form=form)


def evaluating_set(world: World, code: str) -> dict[str, str]:
    """Give a vendor evaluations in hands, released and disputed, and somebody something to practice."""
    now, lead_name = datetime.now(UTC), f"{code.lower()}_vendor_supervisor"
    form = form_of(world, code, now)
    client = world.scope("client_qa", at=now)
    # Somebody else evaluated, so that whoever looks may decide.
    other = replace(client, user_id=900_001)
    with activate(client):
        rows = Call.objects.visible_to(client).filter(
            vendor_id=world.vendors[code].vendor.pk, outcome=Outcome.ANSWERED, agent__isnull=False
        )
        calls = list(rows.order_by("offered_at", "pk")[:4])
    told, disputed, held, waiting = (chosen(world, "client_qa", form, call, now) for call in calls)
    answers = {"greets": "yes", "solves": "no", "tone": "p4"}
    sheet = Sheet(answers, {"solves": f"{code} forgot"}, {"tone": f"{code} calm"}, f"{code} comment")
    with activate(other):
        for row in (told, disputed):
            services.evaluation_take(scope=other, uuid=row.uuid)
            services.evaluation_submit(scope=other, uuid=row.uuid, sheet=sheet)
            services.evaluation_release(scope=other, uuid=row.uuid)
    manager = world.scope("programme_manager", at=now)
    with activate(manager):
        services.evaluation_take(scope=manager, uuid=held.uuid)
        services.evaluation_save(scope=manager, uuid=held.uuid, sheet=Sheet({"greets": "yes", "solves": "no"}))
    lead = world.scope(lead_name, at=now)
    with activate(lead):
        services.evaluation_dispute(scope=lead, uuid=disputed.uuid, lines={"solves": f"{code} ticket"})
        task = services.coaching_give(
            scope=lead, evaluation=told.uuid, text=f"{code} practice", due_on=(now + timedelta(days=9)).date()
        )
    return {
        "evaluation_told": f"/qa/evaluations/{told.uuid}/",
        "evaluation_disputed": f"/qa/evaluations/{disputed.uuid}/",
        "evaluation_held": f"/qa/evaluations/{held.uuid}/",
        "evaluation_waiting": f"/qa/evaluations/{waiting.uuid}/",
        "coaching": f"/qa/coaching/{task.uuid}/",
    }


def automatic_set(world: World, code: str) -> dict[str, str]:
    """Give a vendor rules in use and judged transcripts, one of them with a risk."""
    now = datetime.now(UTC)
    client, quality = world.scope("client_qa", at=now), world.scope(f"{code.lower()}_vendor_qa", at=now)
    rules = [
        {"key": "promise", "title": f"{code} promise", "kind": "must_not_say", "phrases": [f"{code} swears"]},
        {"key": "bye", "title": f"{code} bye", "kind": "must_say", "phrases": [f"{code} bye"]},
        {"key": "gap", "title": f"{code} gap", "kind": "silence", "seconds": 5},
    ]
    small = world.vendors[code]
    with activate(client):
        name = f"{code} rules"
        draft = services.rule_draft_create(scope=client, code=f"{code}-RULES", name=name, body={"rules": rules})
        vendors = [small.vendor]
        [live] = services.rule_set_publish(scope=client, uuid=draft.uuid, expected_version=1, vendors=vendors)
    with activate(quality):
        calls = Call.objects.visible_to(quality).filter(contract_id=small.contract.pk, agent=small.agents[0])
        ids = [call.external_id for call in calls.filter(outcome=Outcome.ANSWERED).order_by("-offered_at")[:3]]
        texts = [f"00:01-00:03 agent: {code} swears\n00:12-00:14 customer: {code} angry", f"agent: {code} bye"]
        rows = [row_sent(f"row {at}", {"call": ids[at], "text": texts[at % 2]}) for at in range(3)]
        rows.append(row_sent("row 3", {"call": f"{code}-nowhere", "text": texts[1]}))
        account = services.transcripts_receive(
            scope=quality, contract=small.contract, source="page", file_name=f"{code}.jsonl", rows=rows
        )
    while services.transcripts_check(scope=world.system):
        pass
    with activate(quality):
        risky = selectors.check_list(scope=quality).filter(is_risky=True)[0].transcript
    return {
        "transcript": f"/qa/transcripts/{risky.uuid}/",
        "transcript_list": f"/qa/transcripts/lists/{account.uuid}/",
        "rule_draft": f"/qa/checks/rules/drafts/{draft.uuid}/",
        "rule_set": f"/qa/checks/rules/{live.uuid}/",
    }


def forms_set(world: World, code: str) -> dict[str, str]:
    """Give a vendor a form, and a plan that drew yesterday's calls; the draft is the client's.

    What was drawn is left out again, so that it waits for nobody.
    """
    now = datetime.now(UTC)
    client, system, day = world.scope("client_qa", at=now), world.system.now(), (now + SHANGHAI - ONE_DAY).date()
    with activate(client):
        draft = services.draft_create(scope=client, code=f"{code}-FORM", name=f"{code} sheet", body=_form_body(code))
        vendors = [world.vendors[code].vendor]
        [form] = services.form_publish(scope=client, uuid=draft.uuid, expected_version=1, vendors=vendors)
        values = {"name": f"{code} plan", "form_code": form.code, "starts_on": day, "rate_percent": 20}
        plan = services.plan_create(scope=client, contract=world.vendors[code].contract, values=values)
    draw = services.plan_draw(scope=system, uuid=plan.uuid, day=day)
    assert draw is not None
    while services.draws_place(scope=system):
        pass
    with activate(client):
        for uuid in list(Evaluation.objects.visible_to(client).filter(draw=draw).values_list("uuid", flat=True)):
            services.evaluation_drop(scope=client, uuid=uuid, text=f"{code} not heard")
    return {
        "form_draft": f"/qa/forms/drafts/{draft.uuid}/",
        "form": f"/qa/forms/{form.uuid}/",
        "sampling_plan": f"/qa/plans/{plan.uuid}/",
        "draw": f"/qa/draws/{draw.uuid}/",
    }


def scripts_set(world: World, code: str) -> dict[str, str]:
    """Ask agents to confirm the script that is in use, and flag two calls; return the pages of them."""
    now = datetime.now(UTC)
    small, lead = world.vendors[code], world.scope(f"{code.lower()}_vendor_supervisor", at=now)
    with activate(lead):
        script = selectors.scripts_in_use(scope=lead).get()
        services.confirmation_ask(scope=lead, uuid=script.uuid, teams=[], due_on=(now + timedelta(days=5)).date())
        flag = Flag(LiveReason.SILENCE, detail=f"{code} silent", external_id=f"{code}-live", agent=small.agents[0])
        waiting = services.live_flag(scope=lead, vendor=small.vendor, flag=flag)
        taken = services.live_flag(scope=lead, vendor=small.vendor, flag=Flag(LiveReason.OTHER, agent=small.agents[0]))
        services.live_take(scope=lead, uuid=taken.uuid, expected_version=1)
    return {
        "script_read": f"/qa/scripts/{script.uuid}/read/",
        "script_ask": f"/qa/scripts/{script.uuid}/ask/",
        "script_confirmed": f"/qa/scripts/{script.uuid}/confirmations/",
        "live_open": f"/qa/live/{waiting.uuid}/",
        "live_taken": f"/qa/live/{taken.uuid}/",
    }
