"""Evaluations of the demo: a form, a plan for each contract, and what people made of its draws in the last weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from calls.calc.canonical import Outcome
from calls.selectors import call_list
from contracts.models import Contract
from contracts.selectors import contract_list
from core.periods import day_start, local_day
from core.scope import VENDOR, Scope, activate
from demo.plan import Plan
from demo.services.acting import acting, manager_of
from demo.services.quality.plans import plan_asleep
from demo.world import CONTRACTS, VENDORS
from qa import selectors, services
from qa.calc.forms import Form, Question
from qa.calc.states import State
from qa.models import CoachingTask, Evaluation
from qa.models import Form as PublishedForm
from qa.services import Sheet
from vendors.selectors import vendor_list

FORM, FORM_NAME = "SERVICE", "Service calls"
QUALITY, SECOND = "quality", "programme"
# Days before the last call that are drawn here; the ticks of the product draw the others.
DRAWN_DAYS_AGO = (16, 9, 4, 2, 1)
# How many conversations of a day each contract wants, and how many of them somebody has evaluated by now.
A_DAY, EVALUATED = 8, {16: 8, 9: 8, 4: 7, 2: 6, 1: 0}
# The first vendor evaluates the same conversations itself.
TWICE = VENDORS[0].code
OPENS, RELEASES, READS, DISPUTES, DECIDES = (timedelta(hours=hours) for hours in (33, 36, 40, 44, 60))
REMARKS = (
    "The customer had to say it twice.",
    "Good pace, clear words.",
    "The closing was cut short.",
    "Took up what the customer said before.",
    "A long silence without a word why.",
)
HELD_AGAINST = "The customer hung up before it could be said; please listen from 2:10 on."
PRACTICE = (
    "Say the purpose before you ask for the order number; twice with your lead listening.",
    "Repeat the matter in one sentence before you offer a solution.",
    "Record the reason while the customer is on the line.",
)


def evaluating_create(scope: Scope, plan: Plan) -> None:
    """Publish the form, draw, and let people evaluate, dispute and coach; a second run finds it done."""
    with activate(scope):
        if PublishedForm.objects.visible_to(scope).filter(code=FORM).exists():
            return
    end = plan.months_end
    _form_publish(plan.until - timedelta(days=25))
    lot = Random(plan.seed)  # noqa: S311 - the same demo for the same seed
    for contract in _contracts(scope):
        _plan_begin(contract, plan)
        for days_ago in DRAWN_DAYS_AGO:
            day = end - timedelta(days=days_ago)
            _draw(scope, contract, day)
            _evaluated(contract, day, EVALUATED[days_ago], lot, plan.until)
    while services.evaluations_close(scope=replace(scope, at=plan.until)):
        pass
    _coached(scope, plan)


def _form_publish(at: datetime) -> None:
    with acting(QUALITY, at) as scope:
        draft = services.draft_from_preset(scope=scope, preset="three_dimensions", code=FORM, name=FORM_NAME)
        vendors = list(vendor_list(scope=scope))
        services.form_publish(scope=scope, uuid=draft.uuid, expected_version=1, vendors=vendors)


def _contracts(scope: Scope) -> list[Contract]:
    """Return the first contract of each vendor."""
    codes = {contract.vendor_code: contract.code for contract in reversed(CONTRACTS)}
    with activate(scope):
        return list(contract_list(scope=scope).filter(code__in=codes.values()))


def _plan_begin(contract: Contract, plan: Plan) -> None:
    calls_a_day = max(plan.calls / plan.months / 30 / len(VENDORS), 1)
    values: dict[str, Any] = {
        "name": "Daily sample",
        "form_code": FORM,
        "side": "both" if contract.vendor.code == TWICE else "client",
        "rate_percent": min(max(round(100 * A_DAY / calls_a_day), 1), 60),
        "least": 0,
        "starts_on": plan.months_end - timedelta(days=max(DRAWN_DAYS_AGO)),
    }
    with acting(QUALITY, plan.until - timedelta(days=24)) as scope:
        plan_asleep(scope=scope, contract=contract, values=values)


def _draw(scope: Scope, contract: Contract, day: date) -> None:
    at = day_start(day, contract.zone) + timedelta(hours=31)
    system = replace(scope, at=at)
    with activate(system):
        [plan] = selectors.plan_list(scope=system).filter(contract=contract)
    # Whole: a tick must not take what is drawn here in hands before it is placed.
    with transaction.atomic():
        services.plan_draw(scope=system, uuid=plan.uuid, day=day)
        while services.draws_place(scope=system):
            pass


def _rows(scope: Scope, contract: Contract, day: date, count: int) -> list[Evaluation]:
    rows = selectors.queue_list(scope=scope).filter(contract=contract, day=day, state=State.SAMPLED)
    return list(rows.order_by("pk")[:count])


def _evaluated(contract: Contract, day: date, count: int, lot: Random, until: datetime) -> None:
    """Let both sides evaluate what a day drew, as far as it would have happened by the last call."""
    start = day_start(day, contract.zone)
    name = contract.vendor.code.lower()
    own: list[Evaluation] = []
    if count and contract.vendor.code == TWICE:
        with acting(f"{name}.supervisor", start + OPENS) as scope:
            own = [_filled(scope, row, lot, kind=0.5) for row in _rows(scope, contract, day, count)]
    with acting(QUALITY, start + OPENS) as scope:
        done = [_filled(scope, row, lot, kind=1.0) for row in _rows(scope, contract, day, count)]
        if not count:
            # Somebody has just begun.
            for row in _rows(scope, contract, day, 1):
                _begun(replace(scope, at=until), row)
    if start + RELEASES > until or not done:
        return
    # The last few wait for a second look.
    told = done[:-2]
    with acting(SECOND, start + RELEASES) as scope:
        for row in told:
            services.evaluation_release(scope=scope, uuid=row.uuid)
    with acting(manager_of(contract.vendor.code), start + RELEASES) as scope:
        for row in own:
            services.evaluation_release(scope=scope, uuid=row.uuid)
    with acting(f"{name}.supervisor", start + READS) as scope:
        for row in told[::2]:
            services.evaluation_acknowledge(scope=scope, uuid=row.uuid, text="Talked through with the agent.")
    lost = [(row, services.score_read(row).lost) for row in told if services.score_read(row).lost]
    if start + DISPUTES < until:
        with acting(f"{name}.supervisor", start + DISPUTES) as scope:
            for row, questions in lost[:2]:
                services.evaluation_dispute(scope=scope, uuid=row.uuid, lines={questions[0]: HELD_AGAINST})
    if day <= local_day(until, contract.zone) - timedelta(days=7):
        with acting(SECOND, start + DECIDES) as scope:
            for at, (row, questions) in enumerate(lost[:2]):
                best = _best(selectors.questions_of(row.form), questions[0])
                answers = {questions[0]: best} if at == 0 else {}
                text = "The recording bears it out." if answers else "It is heard clearly; the answer stays."
                services.evaluation_decide(scope=scope, uuid=row.uuid, text=text, answers=answers)


def _best(form: Form, key: str) -> str:
    question = next(one for one in form.questions if one.key == key)
    return max(question.choices, key=lambda choice: choice.points).key


def _filled(scope: Scope, row: Evaluation, lot: Random, *, kind: float) -> Evaluation:
    """Take an evaluation, fill it in and submit it; ``kind`` is how strict its evaluator is."""
    services.evaluation_take(scope=scope, uuid=row.uuid)
    return services.evaluation_submit(scope=scope, uuid=row.uuid, sheet=_sheet(row, lot, kind))


def _begun(scope: Scope, row: Evaluation) -> None:
    services.evaluation_take(scope=scope, uuid=row.uuid)
    services.evaluation_save(scope=scope, uuid=row.uuid, sheet=Sheet({"greeting": "yes", "consent": "yes"}))


def _sheet(row: Evaluation, lot: Random, kind: float) -> Sheet:
    form = selectors.questions_of(row.form)
    # Some people are better than others, and stay so.
    skill = Random((row.agent_id or 0) * 7919).uniform(0.02, 0.2) * kind  # noqa: S311 - as above
    answers, causes, remarks = {}, {}, {}
    for question in form.questions:
        answers[question.key] = _answer(question, lot, skill)
        choice = question.choice(answers[question.key])
        if choice is not None and choice.is_failure:
            if question.causes:
                causes[question.key] = lot.choice(question.causes)
            remarks[question.key] = lot.choice(REMARKS)
    return Sheet(answers, causes, remarks, lot.choice(REMARKS) if lot.random() < 0.4 else "")


def _answer(question: Question, lot: Random, skill: float) -> str:
    # What fails the whole is rare.
    if lot.random() > (skill / 6 if question.key == "promise" else skill * (2 if len(question.choices) > 2 else 1)):
        return question.choices[0].key
    return lot.choice(question.choices[1:]).key


def _coached(scope: Scope, plan: Plan) -> None:
    """Give some tasks: one ended well, one shown by a later call, one overdue, the others open."""
    for number, row in enumerate(_lost(scope)):
        name = row.vendor.code.lower()
        given = (row.released_at or plan.until) + timedelta(hours=20)
        if given >= plan.until:
            continue
        with acting(f"{name}.supervisor", given) as lead:
            due_on = local_day(given, row.contract.zone) + timedelta(days=3 if number % 4 == 3 else 14)
            text = PRACTICE[number % len(PRACTICE)]
            task = services.coaching_give(scope=lead, evaluation=row.uuid, text=text, due_on=due_on)
        if number % 4 == 0:
            _ended(name, task, plan.until - timedelta(hours=5))
        elif number % 4 == 1:
            _shown(name, task, row, plan.until)


def _lost(scope: Scope) -> Iterator[Evaluation]:
    """Yield the weakest evaluations of each vendor that people were told of."""
    for vendor in VENDORS:
        with activate(scope):
            rows: Any = selectors.evaluation_list(scope=scope)
            found = rows.filter(
                side="client", vendor__code=vendor.code, released_at__isnull=False, ratio__lt=0.95, is_failed=False
            )
            found = list(found.order_by("ratio", "pk")[:4])
        yield from (row for row in found if services.score_read(row).lost)


def _ended(name: str, task: CoachingTask, at: datetime) -> None:
    with acting(f"{name}.supervisor", at) as lead:
        services.coaching_end(
            scope=lead, uuid=task.uuid, expected_version=1, outcome="Three calls listened to; it comes by itself now."
        )


def _shown(name: str, task: CoachingTask, row: Evaluation, until: datetime) -> None:
    with acting(f"{name}.supervisor", until) as lead:
        after = call_list(scope=lead).filter(
            vendor_id=row.vendor_id, agent=row.agent, outcome=Outcome.ANSWERED, offered_at__gt=task.made_at
        )
        call = after.first()
        if call is None or lead.side != VENDOR:
            return
        again = services.evaluation_choose(scope=lead, call=call, form=row.form, coaching=task.uuid)
        services.evaluation_take(scope=lead, uuid=again.uuid)
        right = {q.key: q.choices[0].key for q in selectors.questions_of(row.form).questions}
        services.evaluation_submit(scope=lead, uuid=again.uuid, sheet=Sheet(right))
