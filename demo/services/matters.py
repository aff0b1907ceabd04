"""What customers of the demo brought up after their calls: tickets and feedback, each a small tale with its moments.

A tale says what happens and waits in between; all tales of a vendor are told in the order of their moments, and what
would happen after the last call has not happened yet. So some matters are settled, some wait, and some are overdue.

Each step is committed by itself, because whoever writes into a vendor's book keeps all others from it, log-ins too. A
run that was cut short is told again from its beginning by the next one, which does only what had not been done: the
tales follow from the plan, and what the deeds brought is remembered.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any, TypeAlias
from uuid import UUID

from django.db import transaction

from accounts import selectors as accounts
from accounts.models import User
from calls import selectors as calls
from calls.calc.canonical import CallDirection, Outcome
from calls.models import Call
from contracts import selectors as contracts
from contracts.models import Contract as ContractRow
from core.errors import Conflict
from core.scope import Scope, activate
from demo.people import LOGINS
from demo.plan import Plan
from demo.selectors import TALES_NAME, Telling, telling
from demo.services.acting import manager_of
from demo.services.campaigns import campaign_begins, campaign_tale
from demo.world import CONTRACTS, INBOUND, LINES, Contract
from sla import services as sla
from tickets import selectors, services
from tickets.calc.clocks import Level
from tickets.calc.feedback import SATISFIED_FROM
from tickets.calc.states import Step
from tickets.models import Ticket
from tickets.services import HandOver, Opening
from vendors import selectors as vendors
from vendors.models import Vendor

Tale: TypeAlias = Generator[timedelta, None, None]

TICKETS_MOST, CALLS_A_TICKET = 150, 500
VOICES_MOST, CALLS_A_VOICE = 40, 2_000
DAYS_BACK = 26
HOUR = timedelta(hours=1)
REPLIES = (
    ("First word", "Dear customer, thank you for calling. Your matter has the number {number}; we look into it today."),
    ("Solved", "Dear customer, matter {number} is settled. May we call you back tomorrow to hear whether all is well?"),
)
ASKS = ("The parcel has not moved for days.", "The refund did not arrive.", "The bill names a wrong amount.")
VOICES = (
    ("complaint", "process", "I was sent from one desk to the next and told my story three times.", "Operations"),
    ("complaint", "product", "The second lamp within a month that flickers.", "Product quality"),
    ("complaint", "attitude", "Your colleague hung up on me.", "Training"),
    ("message", "process", "The menu is so long that I forget what I wanted.", "Operations"),
    ("message", "product", "The assembly guide misses page four.", "Product quality"),
    ("message", "", "Could you call on Saturdays as well?", "Planning"),
)


@dataclass
class Desk:
    """A vendor's people at work; ``at`` is the moment that the tales have reached, ``deeds`` what they did by then."""

    plan: Plan
    contract: ContractRow
    vendor_code: str
    at: datetime
    pick: random.Random
    told: Telling
    deeds: int = 0
    people: dict[str, Scope] = field(default_factory=dict)

    def scope(self, username: str) -> Scope:
        """Return somebody's scope at this moment."""
        if username not in self.people:
            found = accounts.scope_of_user(user=User.objects.get(username=username), at=self.at)
            if found is None:
                raise Conflict("gone", f"The demo's user {username} is gone.")
            self.people[username] = found
        return replace(self.people[username], at=self.at)

    @property
    def supervisor(self) -> Scope:
        """Who does most of it."""
        names = {login.role: login.username for login in LOGINS if login.organization_code == self.vendor_code}
        return self.scope(names["vendor_supervisor"])

    @property
    def manager(self) -> Scope:
        """Who is asked when it is difficult."""
        return self.scope(manager_of(self.vendor_code))

    def once(self, scope: Scope, deed: Callable[[], object]) -> Any:
        """Do something, or only count it where an earlier run has done it.

        Args:
            scope: Whose deed it is.
            deed: Must not pick anything, or the next run would pick otherwise.

        Returns:
            The UUID that the deed brought, now or then; None if it brought none.
        """
        number, self.deeds = str(self.deeds), self.deeds + 1
        if self.deeds > self.told.deeds:
            with activate(scope):
                brought = deed()
            self.told.deeds = self.deeds
            if isinstance(brought, UUID):
                self.told.brought[number] = str(brought)
        found = self.told.brought.get(number)
        return None if found is None else UUID(found)

    def wait(self, least_hours: float, most_hours: float) -> timedelta:
        """Return some hours."""
        return HOUR * self.pick.uniform(least_hours, most_hours)


def matters_create(*, scope: Scope, plan: Plan) -> None:
    """Tell the tales of every vendor that has none yet, and the rest of those that were cut short."""
    for contract in CONTRACTS:
        if INBOUND in {line.direction for line in LINES if line.code in contract.hours}:
            _vendor_matters(scope, plan, contract)


def _vendor_matters(scope: Scope, plan: Plan, contract: Contract) -> None:
    with activate(scope):
        vendor = vendors.vendor_by_code(scope=scope, code=contract.vendor_code)
        told = telling(scope=scope, vendor_id=vendor.vendor_id)
        # Policies without a telling: somebody has written some, or an earlier release told all.
        if told is None and selectors.policy_list(scope=scope).filter(vendor=vendor).exists():
            return
        row = contracts.contract_list(scope=scope).get(code=contract.code)
    told = told or Telling(contract.code)
    if told.is_over or told.contract_code != contract.code:
        return
    pick = random.Random(f"{plan.seed}:{contract.code}")  # noqa: S311 - a story, no secret
    desk = Desk(plan, row, contract.vendor_code, plan.until - timedelta(days=70), pick, told)
    client = desk.scope("programme")
    with _kept(desk):
        desk.once(
            client,
            lambda: services.presets_create(
                scope=client, vendor=vendor, zone=contract.zone, country=contract.holiday_country
            ),
        )
        desk.once(desk.manager, lambda: _replies(desk.manager, vendor))
    campaign = (campaign_begins(plan, contract.zone), campaign_tale(desk))
    _tell(desk, [*_tales(desk), campaign])
    with _kept(desk):
        told.is_over = True


def _replies(manager: Scope, vendor: Vendor) -> None:
    for name, text in REPLIES:
        services.reply_create(scope=manager, vendor=vendor, values={"name": name, "text": text})


@contextmanager
def _kept(desk: Desk) -> Iterator[None]:
    """Let what is done in here and the memory of it stand or fall together."""
    before = replace(desk.told)
    with transaction.atomic():
        yield
        if desk.told != before:
            sla.sweep_record(scope=desk.manager, name=TALES_NAME, findings=desk.told.as_json())


def _tell(desk: Desk, tales: list[tuple[datetime, Tale]]) -> None:
    """Let all tales go on in the order of their moments, until now."""
    queue: list[tuple[datetime, int, Tale]] = []
    for number, (begins_at, tale) in enumerate(tales):
        heappush(queue, (begins_at, number, tale))
    while queue and queue[0][0] < desk.plan.until:
        desk.at, number, tale = heappop(queue)
        with _kept(desk):
            pause = next(tale, None)
        if pause is not None:
            heappush(queue, (desk.at + pause, number, tale))


def _tales(desk: Desk) -> Iterator[tuple[datetime, Tale]]:
    """Yield when each tale begins, and the tale: most of the last days, the rest of the weeks before."""
    pick, plan = desk.pick, desk.plan
    for number in range(min(TICKETS_MOST, plan.calls // CALLS_A_TICKET)):
        days = pick.uniform(0, 5) if pick.random() < 0.35 else pick.uniform(1, DAYS_BACK)
        call = _call_after(desk, plan.until - timedelta(days=days))
        if call is None:
            continue
        is_recent = days < 5
        if is_recent and number % 6 == 0:
            tale = _forgotten(desk, call)
        elif number % 9 == 4:
            tale = _waiting(desk, call)
        elif number % 9 == 7:
            tale = _handed_over(desk, call)
        elif number % 15 == 2:
            tale = _told_twice(desk, call)
        else:
            tale = _settled(desk, call)
        yield call.offered_at + timedelta(minutes=pick.randrange(4, 25)), tale
    for number in range(min(VOICES_MOST, plan.calls // CALLS_A_VOICE)):
        days = pick.uniform(0, 3) if pick.random() < 0.4 else pick.uniform(1, DAYS_BACK)
        call = _call_after(desk, plan.until - timedelta(days=days))
        if call is None:
            continue
        tale = _rating(desk, call) if number % 4 == 3 else _voice(desk, call, number)
        yield call.offered_at + timedelta(minutes=pick.randrange(4, 300)), tale


def _call_after(desk: Desk, at: datetime) -> Call | None:
    """Return the first answered call of a known customer from a moment on."""
    scope = desk.supervisor
    with activate(scope):
        found = calls.call_list(scope=scope).filter(
            contract_id=desk.contract.pk,
            direction=CallDirection.INBOUND,
            outcome=Outcome.ANSWERED,
            customer_key__isnull=False,
            reason__isnull=False,
            offered_at__gte=at,
            offered_at__lt=at + timedelta(days=1),
        )
        return found.select_related("reason", "queue", "agent").order_by("offered_at").first()


def _open(desk: Desk, call: Call, text: str = "") -> UUID:
    scope = desk.supervisor
    reason: Any = call.reason
    text = text or desk.pick.choice(ASKS)
    opening = Opening(contract=desk.contract, subject=reason.name, text=text, call=call)
    uuid: UUID = desk.once(scope, lambda: services.ticket_open(scope=scope, opening=opening).uuid)
    return uuid


def _ticket(scope: Scope, uuid: UUID) -> dict[str, Any]:
    ticket: Ticket = selectors.ticket_get(scope=scope, uuid=uuid)
    return {"scope": scope, "uuid": uuid, "expected_version": ticket.version}


def _take(desk: Desk, uuid: UUID, scope: Scope) -> None:
    def deed() -> None:
        services.ticket_assign(**_ticket(scope, uuid), handler=accounts.user_acting(scope=scope).uuid)
        services.ticket_step(**_ticket(scope, uuid), step=Step.START)

    desk.once(scope, deed)


def _reply(desk: Desk, uuid: UUID, text: str) -> None:
    scope = desk.supervisor
    desk.once(scope, lambda: services.ticket_reply(scope=scope, uuid=uuid, text=text))


def _step(desk: Desk, uuid: UUID, step: Step, text: str) -> None:
    scope = desk.supervisor
    desk.once(scope, lambda: services.ticket_step(**_ticket(scope, uuid), step=step, text=text))


def _settled(desk: Desk, call: Call) -> Tale:
    """Answered, solved, the customer called back, archived."""
    uuid = _open(desk, call)
    yield desk.wait(0.2, 2)
    _take(desk, uuid, desk.supervisor)
    yield desk.wait(0.2, 5)
    _reply(desk, uuid, "We have your matter and look into it.")
    yield from _end(desk, uuid)


def _end(desk: Desk, uuid: UUID) -> Tale:
    yield desk.wait(2, 30)
    _step(desk, uuid, Step.RESOLVE, "Checked with the warehouse and put right.")
    yield desk.wait(2, 26)
    scope, score = desk.supervisor, desk.pick.choice((5, 5, 4, 4, 3, 2))
    desk.once(scope, lambda: services.ticket_call_back(**_ticket(scope, uuid), outcome="settled", satisfaction=score))
    yield desk.wait(1, 20)
    _step(desk, uuid, Step.ARCHIVE, "")


def _forgotten(desk: Desk, call: Call) -> Tale:
    """Opened, and nobody has looked since."""
    _open(desk, call)
    yield from ()


def _waiting(desk: Desk, call: Call) -> Tale:
    """The customer or a carrier must say something first."""
    uuid = _open(desk, call)
    yield desk.wait(0.2, 3)
    _take(desk, uuid, desk.supervisor)
    yield desk.wait(0.2, 3)
    if desk.pick.random() < 0.6:
        _reply(desk, uuid, "Please send us a photo of the label.")
        _step(desk, uuid, Step.WAIT_FOR_CUSTOMER, "A photo of the label")
    else:
        _step(desk, uuid, Step.WAIT_FOR_THIRD_PARTY, "The carrier searches")
    yield desk.wait(40, 160)
    _step(desk, uuid, Step.RESUME, "")
    yield from _end(desk, uuid)


def _handed_over(desk: Desk, call: Call) -> Tale:
    """The second line takes over, with what is asked of it."""
    uuid = _open(desk, call)
    yield desk.wait(0.2, 2)
    _take(desk, uuid, desk.supervisor)
    yield desk.wait(1, 6)
    scope = desk.supervisor

    def deed() -> None:
        handler = accounts.user_acting(scope=desk.manager).uuid
        over = HandOver(Level.SECOND_LINE, "Compare the bill with the order and say what to refund.", handler=handler)
        services.ticket_hand_over(**_ticket(scope, uuid), over=over)
        services.ticket_note(scope=scope, uuid=uuid, text="The customer has called twice about this.")

    desk.once(scope, deed)
    yield desk.wait(4, 40)
    manager, text = desk.manager, "The difference is on its way to your account."
    desk.once(manager, lambda: services.ticket_reply(scope=manager, uuid=uuid, text=text))
    yield from _end(desk, uuid)


def _told_twice(desk: Desk, call: Call) -> Tale:
    """The same matter came in twice; one of them goes on."""
    text = desk.pick.choice(ASKS)
    uuid = _open(desk, call, text)
    yield desk.wait(0.2, 3)
    second = _open(desk, call, text)
    yield desk.wait(0.2, 2)
    scope = desk.supervisor
    desk.once(scope, lambda: services.ticket_merge(**_ticket(scope, second), into=uuid))
    yield desk.wait(0.2, 2)
    _take(desk, uuid, desk.supervisor)
    yield from _end(desk, uuid)


def _rating(desk: Desk, call: Call) -> Tale:
    """A rating after the call, without a word; a bad one goes to the department like any voice."""
    rating = desk.pick.choice((5, 5, 4, 2))
    uuid = _heard(desk, call, {"source": "rating", "rating": rating, "kind": "process"})
    if rating < SATISFIED_FROM:
        yield from _passed_on(desk, uuid, "process", "Operations", desk.wait(1, 22))


def _heard(desk: Desk, call: Call, values: dict[str, Any]) -> UUID:
    scope = desk.supervisor
    uuid: UUID = desk.once(
        scope,
        lambda: services.feedback_register(scope=scope, contract=desk.contract, values=values, call=call)[0].uuid,
    )
    return uuid


def _voice(desk: Desk, call: Call, number: int) -> Tale:
    """A message or a complaint on its way to the department and back to the customer."""
    what, kind, text, department = VOICES[number % len(VOICES)]
    values: dict[str, Any] = {"source": desk.pick.choice(("app", "sms", "call", "web")), "text": text}
    uuid = _heard(desk, call, values | {"is_complaint": what == "complaint", "kind": kind})
    # Every seventh is passed on too late, if at all by now.
    pause = desk.wait(30, 60) if number % 7 == 5 else desk.wait(1, 22)
    yield from _passed_on(desk, uuid, kind or "process", department, pause)


def _passed_on(desk: Desk, uuid: UUID, kind: str, department: str, pause: timedelta) -> Tale:
    """Passed on, answered, and the customer told."""

    def deed(service: Callable[..., object], **told: Any) -> None:
        desk.once(desk.supervisor, lambda: service(**_feedback(desk, uuid), **told))

    yield pause
    deed(services.feedback_route, department=department, kind=kind)
    yield desk.wait(4, 60)
    deed(services.feedback_answer, answer="Looked into with the team; it will be done otherwise.")
    yield desk.wait(1, 30)
    is_reached = desk.pick.random() < 0.85
    outcome = "Called, thanked and told what changes." if is_reached else "Tried three times; nobody answers."
    deed(services.feedback_close, outcome=outcome, customer_told=is_reached)


def _feedback(desk: Desk, uuid: UUID) -> dict[str, Any]:
    version = selectors.feedback_get(scope=desk.supervisor, uuid=uuid).version
    return {"scope": desk.supervisor, "uuid": uuid, "expected_version": version}
