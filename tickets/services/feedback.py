"""Following what customers say until they are told what came of it: passed on within a day, answered, closed (A95)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import row_add, row_change
from contracts.models import Contract
from core.errors import Conflict, Invalid
from core.scope import Scope
from tickets import selectors
from tickets.models import Feedback, FeedbackState
from tickets.services.opening import customer_key_of

# A voice reaches the owning department within so long, on the clock on the wall (A95).
ROUTE_WITHIN = timedelta(hours=24)


@transaction.atomic
def feedback_register(
    *, scope: Scope, contract: Contract, values: Mapping[str, Any], customer: str = ""
) -> tuple[Feedback, bool]:
    """Register a rating, a message or a complaint.

    Args:
        scope: Who registers it.
        contract: Under which contract; decides the vendor.
        values: Fields of the object ``feedback``.
        customer: Clear number of the customer, if known; kept encrypted.

    Returns:
        The row, and whether it is new: the same ``external_id`` of the same source gives the row there is.

    Raises:
        Forbidden: The role may not register feedback.
        Invalid: There is neither text nor rating, a value is none of its list, or a row is another vendor's.
    """
    scope.require("complaints.edit")
    fields_require(scope=scope, obj="feedback", names=values)
    if values.get("external_id"):
        known = selectors.feedback_list(scope=scope).filter(
            vendor_id=contract.vendor_id, source=values.get("source", ""), external_id=values["external_id"]
        )
        if (found := known.first()) is not None:
            return found, False
    if not str(values.get("text") or "").strip() and not values.get("rating"):
        message = _("Give a text or a rating.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [message]})
    for name in ("queue", "reason", "agent", "ticket"):
        if (row := values.get(name)) is not None and row.vendor_id != contract.vendor_id:
            message = _("This belongs to another vendor than the contract.")
            raise Invalid("other_vendor", message, fields={name: [message]})
    ticket = values.get("ticket")
    key = customer_key_of(scope=scope, vendor_id=contract.vendor_id, text=customer) if customer else None
    feedback = Feedback(
        vendor_id=contract.vendor_id,
        contract=contract,
        number=Feedback.objects.visible_to(scope).number_next(vendor_id=contract.vendor_id),
        customer_key=key or (ticket.customer_key if ticket else None),
        received_at=scope.at,
        route_due_at=scope.at + ROUTE_WITHIN,
        **values,
    )
    told = {name: values.get(name) for name in ("source", "kind", "is_complaint", "rating")}
    row_add(scope=scope, action="feedback.registered", row=feedback, entered=told)
    return feedback, True


def feedback_classify(*, scope: Scope, uuid: UUID, expected_version: int, kind: str, is_complaint: bool) -> Feedback:
    """Say what it is about: process, product or attitude.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: As :func:`feedback_route`.
    """
    return _change(scope, uuid, expected_version, "feedback.classified", {"kind": kind, "is_complaint": is_complaint})


def feedback_route(*, scope: Scope, uuid: UUID, expected_version: int, department: str) -> Feedback:
    """Pass it on to the department that owns the matter.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not.
        Conflict: It is closed, or somebody changed it meanwhile.
        Invalid: It has no class yet, or no department is named.
    """
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    fields = {}
    if not department.strip():
        fields["department"] = [_("Name the department that owns the matter.")]
    if not feedback.kind:
        fields["kind"] = [_("Say first what it is about.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    values: dict[str, Any] = {"department": department.strip(), "state": FeedbackState.ROUTED.value}
    if feedback.routed_at is None:
        values["routed_at"] = scope.at
    return _change(scope, uuid, expected_version, "feedback.routed", values)


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
    values = {"answer": answer.strip(), "answered_at": scope.at, "state": FeedbackState.ANSWERED.value}
    return _change(scope, uuid, expected_version, "feedback.answered", values)


def feedback_close(*, scope: Scope, uuid: UUID, expected_version: int, outcome: str, customer_told: bool) -> Feedback:
    """Close the loop: the customer was told, or it is said why not.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`feedback_route`.
        Invalid: Nothing is said, or a complaint has no answer yet.
    """
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    fields = {}
    if not outcome.strip():
        fields["outcome"] = [_("Say what the customer was told, or why the customer cannot be told.")]
    if feedback.is_complaint and feedback.answered_at is None:
        fields["answer"] = [_("A complaint is closed once its department answered.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    values = {
        "outcome": outcome.strip(),
        "customer_told": customer_told,
        "closed_at": scope.at,
        "state": FeedbackState.CLOSED.value,
    }
    return _change(scope, uuid, expected_version, "feedback.closed", values)


@transaction.atomic
def _change(scope: Scope, uuid: UUID, expected_version: int, action: str, values: Mapping[str, Any]) -> Feedback:
    scope.require("complaints.edit")
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    if feedback.state == FeedbackState.CLOSED:
        raise Conflict("closed", _("This feedback is closed."))
    row_change(scope=scope, action=action, row=feedback, expected_version=expected_version, values=values)
    return feedback
