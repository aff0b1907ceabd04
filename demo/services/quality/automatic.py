"""What the demo's calls sounded like in writing, by which rules they are judged, and which of them had a risk."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from calls.calc.canonical import Outcome
from calls.models import Call
from contracts import selectors as contracts
from contracts.models import Contract
from core.scope import Scope, activate
from demo.plan import Plan
from demo.services.acting import acting, manager_of
from qa import selectors, services
from qa.calc.states import SCORED
from qa.calc.transcript_rows import Sent, row_sent
from qa.models import Kind, Transcript
from vendors import selectors as vendors
from vendors.models import Agent

CODE, DAYS, EACH = "SERVICE-RULES", 49, 24
LANGUAGES = {"JADE": "zh", "SUNF": "en", "TARN": "en"}
RULES: tuple[dict[str, Any], ...] = (
    {"key": "greeting", "title": "Greets in time, with the agent’s number", "kind": "greeting",
     "phrases": ["您好", "good morning", "good afternoon", "hello"], "seconds": 3},
    {"key": "consent", "title": "Asks before data are taken", "kind": "must_say",
     "fuzzy_percent": 85,
     "phrases": ["请问方便核对一下您的资料吗", "may I check your details", "is it all right if I check your details"]},
    {"key": "promise", "title": "Promises nothing", "kind": "must_not_say", "is_risky": True,
     "phrases": ["我保证", "肯定没问题", "百分之百", "I promise", "I guarantee", "one hundred percent"],
     "unless": ["不能保证", "cannot promise"]},
    {"key": "closing", "title": "Thanks at the end", "kind": "must_say",
     "phrases": ["感谢您的来电", "谢谢来电", "thank you for calling", "thanks for calling"],
     "within": {"edge": "last", "turns": 2}},
    {"key": "silence", "title": "No silence over 10 s", "kind": "silence", "seconds": 10},
    {"key": "ratio", "title": "Lets the customer speak", "kind": "talk_ratio", "from_percent": 25,
     "to_percent": 75},
)  # fmt: skip
SAYINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "zh": {
        "greeting": ("您好，工号{number}，请问有什么可以帮您？",),
        "no_greeting": ("喂，哪位，什么事？",),
        "matter": ("你好，我的订单怎么还没到？", "我想问一下上个月的账单。", "我的设备一直连不上网。"),
        "angry": ("打了好几次了，太过分了，我要投诉！", "等了很久，凭什么没人处理？我受够了！"),
        "consent": ("请问方便核对一下您的资料吗？", "请问方便核对下您的资料吗？"),
        "no_consent": ("把你的手机号报给我。",),
        "number": ("可以，我的电话是13800138000。", "嗯，一三八零零一三八零零零。"),
        "answer": ("查到了，已经安排，预计明天处理完。", "看到了，这边帮您重新登记，两天内回复。"),
        "promise": ("放心，我保证今天一定退款。", "肯定没问题，百分之百能办。"),
        "thanks": ("好的，谢谢。", "行，麻烦你了。"),
        "closing": ("感谢您的来电，再见。",),
        "no_closing": ("就这样，再见。",),
    },
    "en": {
        "greeting": ("Good morning, agent {number} speaking, how can I help?",),
        "no_greeting": ("Yes, what is it?",),
        "matter": ("Hello, where is my order?", "I have a question about last month's bill.", "My line is down again."),
        "angry": ("This is ridiculous, I have called again and again!", "I am fed up, let me speak to your manager!"),
        "consent": ("Of course. May I check your details first?", "Sure, is it all right if I check your details?"),
        "no_consent": ("Give me your number.",),
        "number": ("Yes, it is 0800 555 0199.", "It is oh eight hundred five five five oh one nine nine."),
        "answer": ("I see it here, it ships tomorrow.", "I have registered it, you hear from us within two days."),
        "promise": ("Do not worry, I promise you get the money back today.", "I guarantee it works tomorrow."),
        "thanks": ("All right, thank you.", "Fine, thanks for your help."),
        "closing": ("Thank you for calling, goodbye.",),
        "no_closing": ("Bye then.",),
    },
}


def automatic_create(scope: Scope, plan: Plan) -> None:
    """Put rules to use and let calls of the last weeks be judged; what a former run made is left alone."""
    with activate(scope):
        if Transcript.objects.visible_to(scope).exists():
            return
    _rules_publish(plan)
    for vendor_code, language in LANGUAGES.items():
        _transcripts_bring(plan, vendor_code, language)
    system = replace(scope, at=plan.until)
    while services.transcripts_check(scope=system):
        pass


def _rules_publish(plan: Plan) -> None:
    at = datetime.combine(plan.months_end - timedelta(days=DAYS + 3), time(2, 30), UTC)
    with acting("quality", at) as scope:
        everybody = list(vendors.vendor_list(scope=scope).filter(code__in=LANGUAGES))
        codes = list(selectors.form_codes(scope=scope))
        form_code = codes[0] if codes else ""
        asked = {question.key for question in selectors.questions_asked(scope=scope, code=form_code)}
        draft = services.rule_draft_create(scope=scope, code=CODE, name="Service calls", body={"rules": list(RULES)})
        links = {rule["key"]: rule["key"] for rule in RULES if rule["key"] in asked}
        values = {"form_code": form_code, "links": links}
        draft = services.rule_draft_change(scope=scope, uuid=draft.uuid, expected_version=1, values=values)
        services.rule_set_publish(scope=scope, uuid=draft.uuid, expected_version=draft.version, vendors=everybody)
        usual = selectors.lexicon_draft(scope=scope)
        lexicon = services.lexicon_write(scope=scope, expected_version=0, body=usual.body)
        services.rule_set_publish(scope=scope, uuid=lexicon.uuid, expected_version=lexicon.version, vendors=everybody)


def _transcripts_bring(plan: Plan, vendor_code: str, language: str) -> None:
    with acting(manager_of(vendor_code), plan.until) as scope:
        agents = {agent.pk: agent for agent in vendors.agent_list(scope=scope)}
        for contract in contracts.contract_list(scope=scope):
            found = _failed_by_people(scope, contract, plan)
            calls = _calls(scope, contract, plan, found)
            rows = [_row(call, agents[call.agent_id or 0], language, found.get(call.external_id, {})) for call in calls]
            if rows:
                services.transcripts_receive(
                    scope=scope, contract=contract, source="page", file_name=f"{contract.code}.jsonl", rows=rows
                )


def _failed_by_people(scope: Scope, contract: Contract, plan: Plan) -> dict[str, Mapping[str, str]]:
    """Calls that somebody evaluated, with the answers: what people heard was said."""
    rows = selectors.evaluation_list(scope=scope).filter(
        contract=contract, kind=Kind.CALL, state__in=sorted(SCORED), day__gt=plan.months_end - timedelta(days=DAYS)
    )
    return dict(rows.order_by("-day", "reference").values_list("reference", "answers")[:EACH])


def _calls(scope: Scope, contract: Contract, plan: Plan, evaluated: Mapping[str, Any]) -> list[Call]:
    calls = Call.objects.visible_to(scope).filter(
        contract_id=contract.pk,
        outcome=Outcome.ANSWERED,
        agent_id__isnull=False,
        talk_seconds__gte=60,
        offered_at__gt=plan.until - timedelta(days=DAYS),
    )
    chosen = list(calls.filter(external_id__in=list(evaluated)))
    others = calls.exclude(external_id__in=list(evaluated)).order_by("offered_at", "external_id")
    keys = list(others.values_list("pk", flat=True))
    step = max(1, len(keys) // EACH)
    return [*chosen, *others.filter(pk__in=keys[step // 2 :: step][:EACH])]


def _row(call: Call, agent: Agent, language: str, answers: Mapping[str, str]) -> Sent:
    lot = random.Random(call.external_id)  # noqa: S311 - a lot for stories, not for secrets
    words = SAYINGS[language]

    def failed(name: str, often: float) -> bool:
        # People hear most of what is wrong, and now and then something else.
        if name in answers:
            return lot.random() < (0.85 if answers[name] == "no" else 0.04)
        return lot.random() < often

    def said(name: str) -> str:
        return lot.choice(words[name]).format(number=services.agent_number(agent.code))

    is_angry = lot.random() < 0.12
    story = [
        ("agent", said("no_greeting" if failed("greeting", 0.15) else "greeting"), 2.5),
        ("customer", said("angry" if is_angry else "matter"), 6.0),
        ("agent", said("no_consent" if failed("consent", 0.2) else "consent"), 4.0),
        ("customer", said("number"), 5.0),
        ("agent", said("answer"), 7.0),
        ("customer", said("matter"), 6.0),
        ("agent", said("promise" if failed("promise", 0.08) else "answer"), 6.0),
        ("customer", said("thanks"), 3.0),
        ("agent", said("no_closing" if failed("closing", 0.2) else "closing"), 3.0),
    ]
    turns, now, waits = [], lot.uniform(0.5, 2.5), lot.randrange(3, 7) if lot.random() < 0.15 else 0
    for place, (speaker, text, length) in enumerate(story):
        now += lot.uniform(11, 25) if place == waits and waits else 0
        end = now + length * lot.uniform(0.8, 1.3)
        turns.append({"speaker": speaker, "text": text, "start_seconds": round(now, 2), "end_seconds": round(end, 2)})
        now = end + lot.uniform(0.2, 1.5)
    return row_sent(call.external_id, {"call": call.external_id, "turns": turns})
