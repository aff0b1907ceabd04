"""Following what customers say until they are told what came of it: passed on within a day, answered, closed (A95)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import selectors as accounts
from accounts.calc.notices import News
from accounts.calc.outbox import Event
from accounts.services import event_publish, events_publish, fields_require, notices_send, rivals_refuse
from audit.rows import row_add, row_change
from calls.models import Call
from contracts.models import Contract
from core.errors import Conflict, Invalid
from core.faults import crash_point
from core.periods import local_day
from core.scope import Scope, activate
from tickets import selectors
from tickets.calc.feedback import ROUTE_WITHIN, State, Step, steps_from, wants_department
from tickets.models import DayMark, Feedback
from tickets.services.opening import customer_key_of

# So many are told of in one transaction.
SLICE = 200
# Who is told that something was not passed on in time, at the vendor and at the client.
TOLD_ROLES = ("vendor_supervisor", "vendor_manager", "client_qa", "programme_manager")
# What people say of it; the rest follows from the step.
SPOKEN = frozenset({"kind", "is_complaint", "department", "answer", "outcome", "told_at", "reopen_reason"})


@transaction.atomic
def feedback_register(
    *, scope: Scope, contract: Contract, values: Mapping[str, Any], customer: str = "", call: Call | None = None
) -> tuple[Feedback, bool]:
    """Register a rating, a message or a complaint; whatever a department must hear of starts the clock of a day.

    Args:
        scope: Who registers it.
        contract: Under which contract; decides the vendor.
        values: Fields of the object ``feedback``.
        customer: Clear number of the customer, if known; kept encrypted.
        call: The call that it is about; gives queue, reason, agent and customer unless they are said.

    Returns:
        The row, and whether it is new: the same ``external_id`` of the same source gives the row there is.

    Raises:
        Forbidden: The role may not register feedback.
        Conflict: The source sent other words or another rating under this id before.
        Invalid: There is neither text nor rating, a value is none of its list, or a row is another vendor's.
    """
    scope.require("complaints.edit")
    fields_require(scope=scope, obj="feedback", names=values)
    # Whoever registers for the vendor at the same time waits here, so that nobody brings an id that is being brought.
    number = Feedback.objects.visible_to(scope).number_next(vendor_id=contract.vendor_id)
    if values.get("external_id"):
        known = selectors.feedback_list(scope=scope).filter(
            vendor_id=contract.vendor_id, source=values.get("source", ""), external_id=values["external_id"]
        )
        if (found := known.first()) is not None:
            said = {name: values[name] for name in ("text", "rating") if values.get(name)}
            if any(getattr(found, name) != value for name, value in said.items()):
                message = _("“%(id)s” is known with another text or rating; a new one has another id.")
                message %= {"id": found.external_id}
                raise Conflict("external_id_taken", message, details={"feedback": str(found.uuid)})
            return found, False
    text, rating = str(values.get("text") or ""), values.get("rating")
    if not text.strip() and not rating:
        message = _("Give a text or a rating.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [message]})
    rivals_refuse(scope=scope, vendor_id=contract.vendor_id, texts={"text": text})
    ticket: Any = values.get("ticket")
    origin = call or ticket
    parts = {name: values.get(name) or getattr(origin, name, None) for name in ("queue", "reason", "agent")}
    for name, row in (*parts.items(), ("ticket", ticket), ("call", call)):
        if row is not None and row.vendor_id != contract.vendor_id:
            message = _("This belongs to another vendor than the contract.")
            raise Invalid("other_vendor", message, fields={name: [message]})
    key = customer_key_of(scope=scope, vendor_id=contract.vendor_id, text=customer) if customer else None
    call_id = call.external_id if call else (ticket.call_external_id if ticket else "")
    is_heard = wants_department(is_complaint=bool(values.get("is_complaint")), text=text, rating=rating)
    feedback = Feedback(
        vendor_id=contract.vendor_id,
        contract=contract,
        number=number,
        customer_key=key or getattr(origin, "customer_key", None),
        received_at=scope.at,
        state=(State.REGISTERED if is_heard else State.NOTED).value,
        route_due_at=scope.at + ROUTE_WITHIN if is_heard else None,
        **{"call_external_id": call_id, **values, **parts},
    )
    told = {name: values.get(name) for name in ("source", "kind", "is_complaint", "rating")}
    row_add(scope=scope, action="feedback.registered", row=feedback, entered=told)
    _days_mark(scope, [(feedback, feedback.received_at)])
    event_publish(
        scope=scope,
        vendor_id=feedback.vendor_id,
        name="feedback.registered",
        key=str(feedback.uuid),
        payload={"feedback": str(feedback.uuid), "number": feedback.number, "source": feedback.source},
    )
    return feedback, True


def feedback_classify(*, scope: Scope, uuid: UUID, expected_version: int, kind: str, is_complaint: bool) -> Feedback:
    """Say what it is about: process, product or attitude. What turns out to be a complaint starts the clock.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: As :func:`feedback_route`.
        Invalid: A vendor says that a complaint is none: whoever is complained of does not decide that.
    """
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    if feedback.is_complaint and not is_complaint and not scope.is_client:
        scope.require("complaints.edit")
        message = _("Only the client decides that a complaint is none.")
        raise Invalid("invalid", message, fields={"is_complaint": [message]})
    values: dict[str, Any] = {"kind": kind, "is_complaint": is_complaint}
    if feedback.state == State.NOTED and is_complaint:
        values |= {"state": State.REGISTERED.value, "route_due_at": scope.at + ROUTE_WITHIN}
    return _step(scope, feedback, Step.CLASSIFY, expected_version, "feedback.classified", values)


def feedback_route(
    *, scope: Scope, uuid: UUID, expected_version: int, department: str, kind: str | None = None
) -> Feedback:
    """Pass it on to the department that owns the matter; the first time counts, however often it is passed on.

    Args:
        scope: Who acts.
        uuid: Which.
        expected_version: As it was read.
        department: Name of the department.
        kind: What it is about, where that is said with it.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not.
        Conflict: It is closed, or somebody changed it meanwhile.
        Invalid: It has no class yet, or no department is named.
    """
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    kind = feedback.kind if kind is None else kind
    fields = {}
    if not department.strip():
        fields["department"] = [_("Name the department that owns the matter.")]
    if not kind:
        fields["kind"] = [_("Say first what it is about.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    values: dict[str, Any] = {"department": department.strip(), "state": State.ROUTED.value}
    if kind != feedback.kind:
        values["kind"] = kind
    if feedback.routed_at is None:
        values |= {"routed_at": scope.at, "route_due_at": feedback.route_due_at or scope.at + ROUTE_WITHIN}
    return _step(scope, feedback, Step.ROUTE, expected_version, "feedback.routed", values)


def feedback_answer(*, scope: Scope, uuid: UUID, expected_version: int, answer: str) -> Feedback:
    """Enter what came of it in the department.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`feedback_route`.
        Invalid: It was not passed on yet, or nothing is said.
    """
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    if not answer.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"answer": [_("Say what came of it.")]})
    if feedback.routed_at is None:
        message = _("Pass it on to a department first.")
        raise Invalid("invalid", message, fields={"department": [message]})
    values = {"answer": answer.strip(), "answered_at": scope.at, "state": State.ANSWERED.value}
    return _step(scope, feedback, Step.ANSWER, expected_version, "feedback.answered", values)


def feedback_close(
    *,
    scope: Scope,
    uuid: UUID,
    expected_version: int,
    outcome: str,
    customer_told: bool,
    told_at: datetime | None = None,
) -> Feedback:
    """Close the loop: what the customer was told and when, or why the customer cannot be told.

    Args:
        scope: Who acts.
        uuid: Which.
        expected_version: As it was read.
        outcome: What was said, or why nobody could say it.
        customer_told: Whether the customer knows.
        told_at: When; now, unless it is said.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`feedback_route`.
        Invalid: Nothing is said, a complaint has no answer yet, or the moment lies before the feedback or ahead.
    """
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    fields = {}
    if not outcome.strip():
        fields["outcome"] = [_("Say what the customer was told, or why the customer cannot be told.")]
    if feedback.is_complaint and feedback.answered_at is None:
        fields["answer"] = [_("A complaint is closed once its department answered.")]
    # A moment is typed to the minute; the one in which it came in is not before.
    since = feedback.received_at.replace(second=0, microsecond=0)
    if customer_told and told_at is not None and not since <= told_at <= scope.at:
        fields["told_at"] = [_("This lies before the feedback came in, or ahead of us.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    values = {
        "outcome": outcome.strip(),
        "customer_told": customer_told,
        "told_at": (told_at or scope.at) if customer_told else None,
        "closed_at": scope.at,
        "state": State.CLOSED.value,
    }
    return _step(scope, feedback, Step.CLOSE, expected_version, "feedback.closed", values)


def feedback_reopen(*, scope: Scope, uuid: UUID, expected_version: int, reason: str) -> Feedback:
    """Take it up again: the customer is not content, or it was closed by mistake. The department answers anew.

    Raises:
        NotFound, Forbidden: As :func:`feedback_route`.
        Conflict: It is not closed, or somebody changed it meanwhile.
        Invalid: No reason is given.
    """
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    if not reason.strip():
        message = _("Say why it is taken up again.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"reopen_reason": [message]})
    values: dict[str, Any] = {
        "reopen_reason": reason.strip(),
        "reopened_count": feedback.reopened_count + 1,
        "customer_told": None,
        "told_at": None,
        "answered_at": None,
        "closed_at": None,
        "state": (State.ROUTED if feedback.routed_at else State.REGISTERED).value,
    }
    if feedback.route_due_at is None:
        # It was only noted. Any other keeps its day: closing for an hour does not make it longer.
        values["route_due_at"] = scope.at + ROUTE_WITHIN
    return _step(scope, feedback, Step.REOPEN, expected_version, "feedback.reopened", values)


def feedback_sweep(*, scope: Scope) -> int:
    """Tell of what was not passed on within its day: each once, whoever ticks and however often (R13).

    Workers take different rows and mark them in the transaction of the notice, so nobody is told twice or never.

    Returns:
        Number of rows that were late; 0 when nothing is due.
    """
    with activate(scope):
        late = list(
            Feedback.objects.visible_to(scope)
            .filter(route_due_at__lt=scope.at, routed_at=None, closed_at=None, late_at=None)
            .select_related("contract")
            .order_by("route_due_at", "pk")
            .select_for_update(of=("self",), skip_locked=True)[:SLICE]
        )
        if not late:
            return 0
        people = {
            vendor_id: accounts.recipients_in_roles(scope=scope, vendor_id=vendor_id, roles=TOLD_ROLES)
            for vendor_id in {row.vendor_id for row in late}
        }
        news, events, counted = [], [], []
        for row in late:
            due_at: Any = row.route_due_at
            # Reopened and late again is another matter than before.
            key = f"{row.uuid}:late:{row.reopened_count}"
            told: dict[str, str | int] = {"feedback": str(row), "due_at": due_at.isoformat()}
            path = f"/tickets/feedback/{row.uuid}/"
            news.append(News(row.vendor_id, people[row.vendor_id], "feedback", "feedback_late", key, told, path))
            payload: dict[str, str | int] = {"feedback": str(row.uuid), "number": row.number}
            events.append(Event(row.vendor_id, "feedback.late", key, payload))
            counted.append((row, due_at))
        Feedback.objects.visible_to(scope).filter(pk__in=[row.pk for row in late]).update(late_at=scope.at)
        _days_mark(scope, counted)
        notices_send(scope=scope, news=news)
        events_publish(scope=scope, events=events)
        crash_point("after_outbox_insert")
    return len(late)


@transaction.atomic
def _step(
    scope: Scope, feedback: Feedback, step: Step, expected_version: int, action: str, values: Mapping[str, Any]
) -> Feedback:
    scope.require("complaints.edit")
    fields_require(scope=scope, obj="feedback", names=SPOKEN & values.keys())
    if step not in steps_from(State(feedback.state), is_complaint=False, is_answered=True, is_client=scope.is_client):
        closed = feedback.state == State.CLOSED
        message = _("This feedback is closed.") if closed else _("This step cannot be taken from here.")
        raise Conflict("closed" if closed else "wrong_state", message)
    said = {name: str(values[name]) for name in sorted(SPOKEN & values.keys())}
    rivals_refuse(scope=scope, vendor_id=feedback.vendor_id, texts=said)
    former = [(feedback, moment) for moment in _counted(feedback)]
    row_change(
        scope=scope,
        action=action,
        row=feedback,
        expected_version=expected_version,
        values=values,
        untold=("late_at", "route_due_at", "closed_at", "answered_at", "routed_at", "reopened_count"),
    )
    _days_mark(scope, [*former, *((feedback, moment) for moment in _counted(feedback))])
    event_publish(
        scope=scope,
        vendor_id=feedback.vendor_id,
        name="feedback.changed",
        key=f"{feedback.uuid}:{feedback.version}",
        payload={"feedback": str(feedback.uuid), "number": feedback.number, "state": feedback.state},
    )
    return feedback


def _counted(feedback: Feedback) -> list[datetime]:
    """Return the moments on whose days the KPIs may count it."""
    moments = (feedback.received_at, feedback.routed_at, feedback.route_due_at)
    return [moment for moment in moments if moment is not None]


def _days_mark(scope: Scope, counted: Iterable[tuple[Feedback, datetime]]) -> None:
    """Mark the days whose KPIs are counted anew, by the zone of each contract."""
    days = {
        (row.vendor_id, row.contract_id, local_day(moment, row.contract.zone))
        for row, moment in counted
        if moment <= scope.at
    }
    DayMark.objects.visible_to(scope).bulk_create(
        DayMark(vendor_id=vendor_id, contract_id=contract_id, day=day) for vendor_id, contract_id, day in sorted(days)
    )
