"""What the demo's people improve, what they asked its vendors, and what its agents suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from contracts import selectors as contracts
from core.scope import Scope, activate
from demo.people import ORDER_SHOWN, Agent, inbound_people
from demo.plan import Plan
from demo.services.acting import acting, manager_of
from qa import selectors, services
from qa.calc.improvement import Step, Verdict
from qa.models import Improvement
from vendors import selectors as vendors


@dataclass(frozen=True, slots=True)
class Tale:
    """One action; days count back from the last day with calls.

    Attributes:
        who: Log-in of whoever sees to it.
        started: None: it is only planned.
        steps: How far it came: ``plan``, ``do``, ``check``, ``acted`` or ``closed``.
    """

    vendor_code: str
    title: str
    problem: str
    cause: str
    measure: str
    metric: str
    target: str
    origin: str
    reference: str
    planned: int
    started: int | None
    steps: str
    who: str
    newcomers: bool = False


TALES = (
    Tale(
        "JADE", "A buddy for everybody new", "New agents need much longer for the same calls.",
        "They look everything up alone.", "An experienced agent sits beside each of them for an hour a day.",
        "aht", "330", "kpi", "AHT, agents of the last intake", 80, 72, "closed", "quality", newcomers=True,
    ),
    Tale(
        "JADE", "The order on the screen when the call comes", "Callers spell order numbers, agents type them.",
        "The program does not know who calls.", "The caller’s last order opens by itself.",
        "aht", "225", "kpi", "AHT of the service line", 52, ORDER_SHOWN.started_days, "acted", "jade.manager",
    ),
    Tale(
        "SUNF", "Close every call with a summary", "Callers come back: they did not understand what happens next.",
        "No closing is trained.", "Summary in two sentences, then the question whether all is clear.",
        "fcr", "0.85", "kpi", "FCR of the service line", 58, 52, "acted", "programme",
    ),
    Tale(
        "TARN", "One screen for changes of address", "Callers wait while three programs are opened.",
        "Each program asks for the customer again.", "The new screen shows all three side by side.",
        "aht", "285", "question", "Keeps the caller informed", 34, 26, "check", "tarn.manager",
    ),
    Tale(
        "JADE", "Apologize before explaining", "Callers who waited long rate the whole call badly.",
        "The greeting ignores the wait.", "First sentence names the wait and thanks for it.",
        "csat", "0.88", "evaluation", "several of last month", 12, 6, "do", "jade.supervisor",
    ),
    Tale(
        "SUNF", "Templates for notes after the call", "Wrap-up takes a third of the handling time.", "", "",
        "aht", "300", "manual", "", 4, None, "plan", "sunf.manager",
    ),
)  # fmt: skip


def improvement_create(scope: Scope, plan: Plan) -> None:
    """Let people plan, try, check and decide; what a former run made is left alone."""
    with activate(scope):
        if Improvement.objects.visible_to(scope).exists():
            return
    for tale in TALES:
        _action(tale, plan.months_end, plan.months)
    _bank(plan.months_end)
    _ideas(plan.months_end)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the bank with what JADE, SUNF and TARN answered: index of the accepted answer, None for wrong."""

    code: str
    text: str
    accepted: tuple[str, ...]
    said: tuple[tuple[str, int | None], ...]


ASKED = (
    Asked(
        "return-days", "How long can I send a purchase back?", ("30 days", "a month"),
        (("Thirty days.", 0), ("30 days from delivery.", 0), ("30 days.", 0)),
    ),
    Asked(
        "repair-fee", "What does a repair within the guarantee cost?", ("nothing",),
        (("Nothing at all.", 0), ("Only the parcel.", None), ("It is free.", 0)),
    ),
    Asked(
        "delivery-change", "Until when can I change the address of a delivery?",
        ("until it is packed", "the evening before"),
        (("As long as it is not packed.", 0), ("Until the evening before.", 1), ("Until it is packed.", 0)),
    ),
    Asked(
        "invoice-copy", "How do I get a copy of my invoice?", ("in the app under orders",),
        (("In the app, under orders.", 0), ("In the app.", 0), ("In the app at your order.", 0)),
    ),
    Asked(
        "callback", "Who calls me back after a complaint, and when?", ("the team lead within a day",),
        (("Our lead, within a day.", 0), ("Somebody, soon.", None), ("The team lead, tomorrow at the latest.", 0)),
    ),
)  # fmt: skip
# Vendor, topic, title, text, how it was decided and how many days ago; None waits.
IDEAS = (
    ("JADE", "system", "Show the last order first", "Nine of ten callers ask about it.", "adopted", 40),
    ("JADE", "script", "Shorter goodbye", "Three sentences are one too many.", "accepted", 12),
    ("SUNF", "process", "One form for both addresses", "We type the same twice.", "declined", 20),
    ("TARN", "training", "An hour with the repair shop", "Who saw it once explains it better.", None, 5),
)


def _bank(end: date) -> None:
    asked = end - timedelta(days=25)
    with acting("quality", _noon(asked - timedelta(days=10))) as scope:
        questions = [
            services.bank_question_write(
                scope=scope,
                values={
                    "code": one.code, "text": one.text, "accepted": list(one.accepted), "language": "en",
                    "topic": "after-sales", "valid_from": asked - timedelta(days=10),
                },
            )
            for one in ASKED
        ]  # fmt: skip
    with acting("quality", _noon(asked)) as scope:
        known = {vendor.code: vendor for vendor in vendors.vendor_list(scope=scope)}
        for one, question in zip(ASKED, questions, strict=True):
            given = [
                services.Given(known[code], answer, judged)
                for code, (answer, judged) in zip(("JADE", "SUNF", "TARN"), one.said, strict=True)
            ]
            services.bank_replies_enter(
                scope=scope, question=question.uuid, asked_by="mystery", asked_on=asked, given=given
            )


def _ideas(end: date) -> None:
    for vendor_code, topic, title, text, state, days in IDEAS:
        with acting(f"agent@{vendor_code.lower()}", _at(end, days + 6)) as scope:
            values = {"topic": topic, "title": title, "text": text}
            idea = services.idea_send(scope=scope, values=values)
        if state is None:
            continue
        with acting(manager_of(vendor_code), _at(end, days)) as scope:
            more: dict[str, Any] = {"adopted_on": end - timedelta(days=days), "effect": "Half a minute a call."}
            services.idea_decide(
                scope=scope, uuid=idea.uuid, expected_version=1, state=state, decision="Looked at with the team leads.",
                **(more if state == "adopted" else {}),
            )  # fmt: skip
    with acting("jade.supervisor", _at(end, 15)) as scope:
        contract = contracts.contract_list(scope=scope).order_by("pk")[0]
        agent = vendors.agent_list(scope=scope).filter(code="JADE-01")[0]
        case = services.service_case_propose(
            scope=scope,
            values={
                "contract": contract, "agent": agent, "kind": "ticket", "reference": "#1",
                "happened_on": end - timedelta(days=16), "title": "Stayed until the technician came",
                "text": "Called the customer back three times after the shift.",
            },
        )  # fmt: skip
    with acting("quality", _at(end, 13)) as scope:
        services.service_case_decide(
            scope=scope,
            uuid=case.uuid,
            expected_version=1,
            is_approved=True,
            decision="Told to all teams.",
        )


def _action(tale: Tale, end: date, months: int) -> None:
    # A short demo has no calls from that far back.
    if tale.started is not None and tale.started + 14 > (months - 1) * 28:
        return
    pilot, control = _groups(tale, end)
    with acting("programme", _at(end, tale.planned)) as scope:
        contract = contracts.contract_list(scope=scope).filter(vendor__code=tale.vendor_code).order_by("pk")[0]
        people = selectors.owner_list(scope=scope, vendor_ids=[contract.vendor_id])
        values: dict[str, Any] = {
            "title": tale.title, "problem": tale.problem, "cause": tale.cause, "measure": tale.measure,
            "metric": tale.metric, "target": tale.target, "origin": tale.origin, "origin_reference": tale.reference,
            "group_by": "agent", "pilot": pilot, "control": control,
        }  # fmt: skip
        action = services.improvement_plan(
            scope=scope, contract=contract, values=values, owner=people.get(user__username=tale.who)
        )
    if tale.started is None:
        return
    start = end - timedelta(days=tale.started)
    _step(tale, action, Step.START_PILOT, start, "", starts_on=start)
    with acting(manager_of(tale.vendor_code), _at(end, tale.started - 3)) as scope:
        services.improvement_comment(scope=scope, uuid=action.uuid, text="Everybody of the pilot was briefed.")
    if tale.steps == "do":
        return
    _step(tale, action, Step.START_CHECK, start + timedelta(days=13), "")
    if tale.steps == "check":
        return
    decided = start + timedelta(days=24)
    with acting(tale.who, _noon(decided)) as scope:
        check = services.improvement_check(scope=scope, uuid=action.uuid)
    if check.verdict in (Verdict.REACHED, Verdict.BETTER):
        _step(
            tale, action, Step.ROLL_OUT, decided, "The pilot moved away from the control; from Monday on for everybody."
        )
    else:
        _step(
            tale, action, Step.SEND_BACK, decided, "The pilot did no better than the control; look for another cause."
        )


def _step(tale: Tale, action: Improvement, step: Step, day: date, text: str, **more: Any) -> None:
    with acting(tale.who, _noon(day)) as scope:
        version = selectors.improvement_get(scope=scope, uuid=action.uuid).version
        services.improvement_step(scope=scope, uuid=action.uuid, step=step, expected_version=version, text=text, **more)


def _groups(tale: Tale, end: date) -> tuple[list[str], list[str]]:
    """Return who tries it and who goes on as before: every other agent, or the last intake against the others."""
    new, settled = inbound_people(tale.vendor_code)
    return (_codes(new), _codes(settled)) if tale.newcomers else (_codes(settled[::2]), _codes(settled[1::2]))


def _codes(people: Sequence[Agent]) -> list[str]:
    return [agent.code for agent in people]


def _at(end: date, days_ago: int) -> datetime:
    return _noon(end - timedelta(days=days_ago))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
