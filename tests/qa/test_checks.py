"""Every transcript is judged by the rules in use, once, and a call with a risk is looked at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from core.errors import Conflict, Forbidden, Invalid
from core.scope import activate
from qa import selectors, services
from qa.calc.transcript_rows import row_sent
from qa.models import Evaluation, RuleDraft, RuleSet
from qa.services import checks as judging
from tests.qa.house import DAY, House, house_make
from tests.world import World

RULES = [
    {"key": "greeting", "title": "Greets", "kind": "must_say", "phrases": ["您好", "hello"]},
    {"key": "promise", "title": "Promises nothing", "kind": "must_not_say", "phrases": ["我保证"], "is_risky": True},
    {"key": "silence", "title": "No silence", "kind": "silence", "seconds": 10},
]
FINE, RISKY = "坐席：您好\n客户：你好", "坐席：喂，我保证退款\n客户：好"


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(40)
    return found


def draft_make(house: House, rules: list[dict[str, Any]] | None = None, **values: Any) -> RuleDraft:
    scope = house.scope("client_qa")
    with activate(scope):
        draft = services.rule_draft_create(
            scope=scope, code="service", name="Service calls", body={"rules": RULES if rules is None else rules}
        )
        wanted = {"side": "client", "form_code": "SERVICE", "links": {"promise": "promise"}} | values
        return services.rule_draft_change(scope=scope, uuid=draft.uuid, expected_version=1, values=wanted)


def published(house: House, draft: RuleDraft, code: str = "ANDES") -> RuleSet:
    scope = house.scope("client_qa")
    with activate(scope):
        fresh = selectors.rule_draft_get(scope=scope, uuid=draft.uuid)
        [found] = services.rule_set_publish(
            scope=scope, uuid=draft.uuid, expected_version=fresh.version, vendors=[house.world.vendors[code].vendor]
        )
    return found


def talk(house: House, texts: dict[str, str], code: str = "ANDES") -> None:
    scope = house.scope(f"{code.lower()}_vendor_qa")
    rows = [row_sent(call, {"call": call, "text": text}) for call, text in texts.items()]
    with activate(scope):
        contract = house.world.vendors[code].contract
        account = services.transcripts_receive(scope=scope, contract=contract, source="api", rows=rows)
    assert account.problems == []


def judged(house: House) -> int:
    count = 0
    while found := services.transcripts_check(scope=house.world.system):
        count += found
    return count


def checks(house: House, name: str = "client_qa") -> dict[str, tuple[list[str], list[str], bool]]:
    scope = house.scope(name)
    with activate(scope):
        rows = selectors.check_list(scope=scope)
        return {row.transcript.external_id: (row.failed, row.passed, row.is_risky) for row in rows}


def test_transcripts_wait_until_there_are_rules_and_are_judged_once(house: House) -> None:
    talk(house, {"C00001": FINE, "C00002": RISKY})
    assert judged(house) == 0
    published(house, draft_make(house))
    assert (judged(house), judged(house)) == (2, 0)
    assert checks(house) == {
        "C00001": ([], ["greeting", "promise"], False),
        "C00002": (["greeting", "promise"], [], True),
    }
    assert checks(house, "boral_vendor_manager") == {}


def test_a_hit_is_kept_with_its_place(house: House) -> None:
    published(house, draft_make(house))
    talk(house, {"C00002": RISKY})
    judged(house)
    scope = house.scope("client_qa")
    with activate(scope):
        [row] = selectors.check_list(scope=scope)
    kept = {each["key"]: each for each in row.results}
    assert kept["promise"]["hits"] == [{"turn": 0, "start": 2, "end": 5, "phrase": "我保证", "similarity": 1.0}]
    assert kept["silence"] == {"key": "silence", "verdict": "not_applicable", "reason": "no_times"}


def test_a_call_with_a_risk_is_first_in_the_queue_and_once(house: House) -> None:
    house.drawn(house.plan())
    published(house, draft_make(house))
    talk(house, {"C00023": RISKY, "C00001": FINE})
    judged(house)
    scope = house.scope("client_qa")
    with activate(scope):
        first = selectors.queue_list(scope=scope).first()
    assert first is not None
    assert (first.reference, first.origin, first.is_risky, first.draw_id) == ("C00023", "risk", True, None)
    # The same words again, and others with the same risk.
    talk(house, {"C00023": RISKY})
    talk(house, {"C00023": RISKY + "的"})
    assert judged(house) == 1
    with activate(scope):
        assert selectors.evaluation_list(scope=scope).filter(reference="C00023").count() == 1
    vendor = house.scope("andes_vendor_qa")
    with activate(vendor):
        assert not selectors.queue_list(scope=vendor).filter(reference="C00023").exists()
    # Corrected words take the mark off what nobody has begun.
    talk(house, {"C00023": FINE})
    assert judged(house) == 1
    with activate(scope):
        [row] = selectors.evaluation_list(scope=scope).filter(reference="C00023")
        assert (row.is_risky, row.state) == (False, "sampled")
        first = selectors.queue_list(scope=scope).first()
    assert first is not None
    assert first.reference != "C00023"


def test_what_somebody_evaluated_already_is_only_marked(house: House) -> None:
    house.drawn(house.plan(rate_percent=100))
    done = house.submitted("client_qa")
    published(house, draft_make(house))
    talk(house, {done.reference: RISKY})
    judged(house)
    scope = house.scope("client_qa")
    with activate(scope):
        [row] = selectors.evaluation_list(scope=scope).filter(reference=done.reference)
    assert (row.pk, row.is_risky, row.version) == (done.pk, True, done.version)


def test_both_sides_look_where_the_rules_say_so_and_nobody_without_a_form(house: House) -> None:
    published(house, draft_make(house, side="both"))
    published(house, house_draft(house, "BORAL"), "BORAL")
    house.calls(5, code="BORAL", mark="B")
    talk(house, {"C00002": RISKY})
    talk(house, {"B00001": RISKY}, "BORAL")
    judged(house)
    system = house.world.system
    with activate(system):
        rows = Evaluation.objects.visible_to(system).order_by("reference", "side")
        assert [(row.reference, row.side) for row in rows] == [("C00002", "client"), ("C00002", "vendor")]
    assert checks(house, "boral_vendor_manager")["B00001"][2] is True


def house_draft(house: House, code: str) -> RuleDraft:
    scope = house.scope("client_qa")
    with activate(scope):
        return services.rule_draft_create(scope=scope, code=code, name=code, body={"rules": RULES})


def test_published_rules_do_not_change_and_what_follows_from_them_may(house: House) -> None:
    draft = draft_make(house)
    first = published(house, draft)
    assert published(house, draft).pk == first.pk
    scope = house.scope("client_qa")
    with activate(scope):
        values = {"links": {"promise": "promise", "nothing": "x"}, "side": "vendor"}
        fresh = selectors.rule_draft_get(scope=scope, uuid=draft.uuid)
        services.rule_draft_change(scope=scope, uuid=draft.uuid, expected_version=fresh.version, values=values)
    again = published(house, draft)
    assert (again.pk, again.number, again.side) == (first.pk, 1, "vendor")
    with activate(scope), pytest.raises(ProgrammingError), transaction.atomic():
        RuleSet.objects.visible_to(scope).filter(pk=first.pk).update(body={"rules": []})
    vendor = house.scope("andes_vendor_manager")
    with activate(vendor), pytest.raises(Forbidden):
        services.rule_draft_create(scope=vendor, code="X", name="X")


def test_wrong_rules_are_told_by_place_and_none_are_not_published(house: House) -> None:
    with pytest.raises(Invalid) as refusal:
        draft_make(house, [{"key": "gap", "title": "", "kind": "silence", "seconds": 0}])
    assert refusal.value.fields == {
        "body": [
            "rules.0.title: must be a text of 1–120 characters",
            "rules.0.seconds: must be seconds of 0.1–3600",
        ]
    }
    with pytest.raises(Invalid, match="Add a rule first"):
        published(house, draft_make(house, []))


def test_a_new_version_judges_new_calls_and_former_ones_when_asked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "SLICE", 2)
    draft = draft_make(house)
    published(house, draft)
    talk(house, {f"C{n:05}": FINE for n in (1, 2, 3, 4, 5)})
    judged(house)
    scope = house.scope("client_qa")
    with activate(scope):
        fresh = selectors.rule_draft_get(scope=scope, uuid=draft.uuid)
        rules = [*RULES, {"key": "bye", "title": "Thanks", "kind": "must_say", "phrases": ["感谢来电"]}]
        services.rule_draft_change(
            scope=scope, uuid=draft.uuid, expected_version=fresh.version, values={"body": {"rules": rules}}
        )
    second = published(house, draft)
    assert second.number == 2
    talk(house, {"C00006": FINE})
    judged(house)
    assert {call for call, found in checks(house).items() if "bye" in found[0]} == {"C00006"}
    with activate(scope):
        asked: dict[str, Any] = {"scope": scope, "uuid": second.uuid}
        with pytest.raises(Invalid):
            services.rule_set_run(**asked, first=date(2026, 1, 1), last=date(2026, 1, 2))
        services.rule_set_run(**asked, first=DAY, last=DAY)
        with pytest.raises(Conflict):
            services.rule_set_run(**asked, first=DAY, last=DAY)
    worked = []
    while found := services.runs_work(scope=house.world.system):
        worked.append(found)
    assert worked == [2, 2, 2, 1]
    now = checks(house)
    assert len(now) == 6
    assert all("bye" in failed for failed, _passed, _risky in now.values())
    with activate(scope):
        [run] = selectors.run_list(scope=scope, rule_set=second)
    assert (run.done_count, run.total_count, run.finished_at is not None) == (6, 6, True)


def test_a_changed_transcript_is_judged_anew(house: House) -> None:
    published(house, draft_make(house))
    talk(house, {"C00001": RISKY})
    judged(house)
    talk(house, {"C00001": FINE})
    assert checks(house) == {}
    judged(house)
    assert checks(house)["C00001"][0] == []


def test_an_agent_reads_its_own_calls_only(house: House) -> None:
    talk(house, {f"C{n:05}": FINE for n in (1, 2, 3)})
    agent = house.scope("andes_agent")
    with activate(agent):
        own = [row.external_id for row in selectors.transcript_list(scope=agent)]
    assert own == ["C00003"]
    with activate(replace(agent, agent_id=None)):
        assert selectors.transcript_list(scope=replace(agent, agent_id=None)).count() == 3
