"""Calibration in the demo: two sessions that were talked over or at least revealed, and one that is still blind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from calls.calc.canonical import Outcome
from calls.models import Call
from contracts import selectors as contracts
from core.scope import Scope, activate
from demo.plan import Plan
from demo.services.acting import acting
from qa import selectors, services
from qa.calc.forms import Form as Questions
from qa.calc.forms import Question, Severity
from qa.models import Calibration, Form
from qa.services import CalibrationGiven, CaseGiven, Sheet

TEXTS = (
    (
        "Agent: Good morning, thank you for calling the service line. What can I do for you?\n"
        "Caller: I was charged twice this month.\n"
        "Agent: I am sorry about that. May I check the last two payments? … Yes, one of them is a double booking.\n"
        "Caller: When do I get it back?\n"
        "Agent: Within three working days, to the same card. Is there anything else?\n"
        "Caller: No, thank you."
    ),
    (
        "Agent: Service line, hello.\n"
        "Caller: My parcel says delivered, and there is nothing here.\n"
        "Agent: Did you look at the neighbours’?\n"
        "Caller: Of course I did.\n"
        "Agent: All right, I will ask the carrier. You will hear from us.\n"
        "Caller: When?\n"
        "Agent: Soon. Good-bye."
    ),
    (
        "Agent: Good afternoon, thank you for waiting. How can I help?\n"
        "Caller: I want to change my address.\n"
        "Agent: Gladly. For your safety, may I ask for the date of your last order first?\n"
        "Caller: Early this month.\n"
        "Agent: Thank you, that fits. The new address is in. Shall I read it back to you?\n"
        "Caller: Yes, please. … That is right."
    ),
)


@dataclass(frozen=True, slots=True)
class Round:
    """One session; days count back from the last call.

    Attributes:
        begun: Day on which it began; three days later it was revealed.
        state: ``agreed``, ``revealed`` or ``blind``.
    """

    name: str
    owner: str
    peer: str
    cases: int
    begun: int
    state: str


ROUNDS = (
    Round("Autumn round: double charges and parcels", "SUNF", "JADE", 3, 24, "agreed"),
    Round("How we read “keeps the caller informed”", "TARN", "SUNF", 2, 9, "revealed"),
    Round("Winter round, blind until the week-end", "JADE", "TARN", 2, 1, "blind"),
)
CLIENT_GRADERS = ("quality", "programme")
# Whose house is kinder to itself than the others are.
LENIENT = frozenset({"SUNF"})


def calibration_create(scope: Scope, plan: Plan) -> None:
    """Let the client and two vendors score the same calls; leave alone what an earlier run made."""
    with activate(scope):
        if Calibration.objects.visible_to(scope).exists():
            return
        forms = _forms(scope, plan)
    for one in ROUNDS:
        if one.owner in forms and one.peer in forms:
            # Whole: its deadline lies in the past, and the platform reveals what it finds.
            with transaction.atomic():
                _round(plan, one, forms)


def _forms(scope: Scope, plan: Plan) -> dict[str, Form]:
    """Return vendor to the form that is in use at most vendors; one is published where none is shared."""
    tickets = selectors.plan_list(scope=scope).filter(kind="ticket").values_list("form_code", flat=True)
    rows = list(selectors.form_list(scope=scope).filter(is_live=True).exclude(code__in=set(tickets)))
    counts = Counter(row.digest for row in rows)
    shared = sorted(counts, key=lambda digest: (-counts[digest], digest))
    found = {row.vendor.code: row for row in rows if shared and row.digest == shared[0]}
    if len(found) > 1:
        return found
    with acting("quality", plan.until - timedelta(days=40)) as client:
        draft = services.draft_from_preset(
            scope=client, preset="three_dimensions", code="CALIBRATION", name="Calibration of service calls"
        )
        vendors = [contract.vendor for contract in contracts.contract_list(scope=client)]
        published = services.form_publish(
            scope=client, uuid=draft.uuid, expected_version=1, vendors=list({row.pk: row for row in vendors}.values())
        )
    return {row.vendor.code: row for row in published}


def _round(plan: Plan, one: Round, forms: dict[str, Form]) -> None:
    begun = plan.until - timedelta(days=one.begun)
    people = {name: User.objects.get(username=name).pk for name in (*CLIENT_GRADERS, *_vendor_graders(one))}
    owner, peer = _vendor_graders(one)
    with acting("quality", begun) as client:
        contract = contracts.contract_list(scope=client).filter(vendor__code=one.owner).order_by("pk").first()
        if contract is None:
            return
        calls = Call.objects.visible_to(client).filter(
            contract_id=contract.pk, outcome=Outcome.ANSWERED, offered_at__lt=begun, talk_seconds__gte=60
        )
        found = list(calls.order_by("-offered_at").values_list("external_id", flat=True)[: one.cases])
        if len(found) < one.cases:
            return
        lead = services.calibration_begin(
            scope=client,
            given=CalibrationGiven(
                name=one.name,
                contract=contract,
                form=forms[one.owner],
                cases=[CaseGiven(reference, TEXTS[at]) for at, reference in enumerate(found)],
                deadline_at=begun + timedelta(days=3),
                client_people=[people[name] for name in CLIENT_GRADERS],
                owner_people=[people[owner]],
                peer_form=forms[one.peer],
                peer_people=[people[peer]],
            ),
        )
    graders = (*CLIENT_GRADERS, owner, peer)
    for name in graders[:2] if one.state == "blind" else graders:
        # The lead is still to score what is blind.
        if (one.state, name) != ("blind", "quality"):
            _score(name, begun + timedelta(hours=20), one)
    if one.state != "blind":
        with acting("quality", begun + timedelta(days=1)) as client:
            services.calibration_reveal(scope=client, uuid=lead.uuid, expected_version=1)
    if one.state == "agreed":
        _agree(begun + timedelta(days=2), lead)


def _vendor_graders(one: Round) -> tuple[str, str]:
    return f"{one.owner.lower()}.supervisor", f"{one.peer.lower()}.supervisor"


def _score(name: str, at: datetime, one: Round) -> None:
    code = name.split(".", maxsplit=1)[0].upper()
    with acting(name, at) as scope:
        room = selectors.calibration_list(scope=scope).first()
        assert room is not None
        form = selectors.calibration_questions(room)
        for case in selectors.case_list(scope=scope, calibration=room):
            doubts = 0 if code in LENIENT else 3 if name == "quality" else 2
            answers = _answers(form, case.position, doubts, shift=len(name) + len(one.name))
            sheet = Sheet(answers, remarks={}, comment="")
            services.calibration_score(scope=scope, uuid=room.uuid, case=case.uuid, sheet=sheet)


def _answers(form: Questions, position: int, doubts: int, shift: int) -> dict[str, str]:
    """Return the best answers, but for some questions the next best; another grader doubts others."""
    found = {}
    for at, question in enumerate(form.questions):
        by_points = sorted(question.choices, key=lambda choice: -choice.points)
        is_weak = position == 2 and at % 4 == 1
        is_doubted = doubts and (at * 5 + position * 3 + shift) % 11 < doubts
        # Nobody doubts what would fail the whole call.
        is_light = question.severity is Severity.NORMAL
        found[question.key] = by_points[1 if is_light and (is_weak or is_doubted) else 0].key
    return found


def _agree(at: datetime, lead: Calibration) -> None:
    with acting("quality", at) as scope:
        room = selectors.calibration_get(scope=scope, uuid=lead.uuid)
        form = selectors.calibration_questions(room)
        sheets = {}
        for case in selectors.case_list(scope=scope, calibration=room):
            answers = _answers(form, case.position, 1, shift=0)
            weak = [question.key for question in form.questions if answers[question.key] != _best(question)]
            remark = "“Soon” tells the caller nothing: a day has to be named."
            sheets[case.uuid] = Sheet(answers, remarks=dict.fromkeys(weak[:1], remark))
        services.calibration_agree(scope=scope, uuid=room.uuid, expected_version=room.version, sheets=sheets)


def _best(question: Question) -> str:
    return max(question.choices, key=lambda choice: choice.points).key
