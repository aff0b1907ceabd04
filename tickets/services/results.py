"""What somebody tells of a call, and what of it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calls.models import Customer
from calls.services import number_decrypt
from core.errors import Invalid
from core.formats import moment_text
from core.periods import local_day
from core.scope import Scope
from tickets.calc.outbound import ENTERED, REACHED, Outcome, Purpose, proof_key, window_now
from tickets.models import Attempt, Campaign, Contact
from tickets.services.campaigns import windows_of
from tickets.services.do_not_call import numbers_blocked


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt.

    Attributes:
        outcome: One of ``tickets.calc.outbound.ENTERED``.
        note: What was said.
        follow_up_at: When to call again, for ``call_later``; inside the campaign's windows.
        call_external_id: As the phone system names the call.
        satisfaction: 1 to 5, for a satisfaction call that succeeded.
        success_reference: What proves the success; needed for sales, which may be paid per success.
        ticket_subject: Opens a ticket for the customer with the note as its text.
        is_for_all: Whether "asked not to be called" holds for the whole house; only where the number was shown.
        is_by_program: Whether a telephone system tells it, which knows its calls by their ids.
    """

    outcome: Outcome
    note: str = ""
    follow_up_at: datetime | None = None
    call_external_id: str = ""
    satisfaction: int | None = None
    success_reference: str = ""
    ticket_subject: str = ""
    is_for_all: bool = True
    is_by_program: bool = False


def result_check(campaign: Campaign, contact: Contact, attempt: Attempt, result: Result, scope: Scope) -> None:
    """Refuse what cannot have come of an attempt.

    Raises:
        Invalid: Beside each field.
    """
    at = scope.at
    fields: dict[str, list[str]] = {}
    succeeded = result.outcome is Outcome.SUCCESS
    if result.outcome not in ENTERED:
        fields["outcome"] = [_("Choose an outcome.")]
    elif result.outcome in REACHED and not _was_called(scope, contact, attempt, result):
        message = _(
            "Nobody looked at the number to dial, so nobody was reached: show it first (a program names its call)."
        )
        fields["outcome"] = [message]
    if result.outcome is Outcome.CALL_LATER:
        problem = _moment_problem(campaign, contact, result.follow_up_at, at)
        if problem:
            fields["follow_up_at"] = [problem]
    elif result.follow_up_at is not None:
        fields["follow_up_at"] = [_("Only a call that the customer asked for has a moment.")]
    asks = campaign.purpose == Purpose.SATISFACTION and succeeded
    if asks and (result.satisfaction is None or not 1 <= result.satisfaction <= 5):
        fields["satisfaction"] = [_("Satisfaction goes from 1 to 5.")]
    if not asks and result.satisfaction is not None:
        fields["satisfaction"] = [_("Only a satisfaction call that succeeded has an answer.")]
    if campaign.purpose == Purpose.SALES and succeeded and not result.success_reference.strip():
        fields["success_reference"] = [_("Give the number of the order, or what else proves the success.")]
    key = proof_key(result.success_reference)
    if key and _others(scope, attempt).filter(proof_key=key).exists():
        fields["success_reference"] = [_("Another success has this proof.")]
    for name, most in (("note", 1000), ("call_external_id", 64), ("success_reference", 64)):
        if len(getattr(result, name)) > most:
            fields[name] = [_("At most %(most)s characters.") % {"most": most}]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)


def _was_called(scope: Scope, contact: Contact, attempt: Attempt, result: Result) -> bool:
    """Whether somebody can have been reached: the number was shown, a program names its call, or all know already."""
    if attempt.number_shown_at is not None or (result.is_by_program and result.call_external_id.strip()):
        return True
    # Whoever asked elsewhere not to be called has no number shown any more.
    asked = [number_of(scope, contact)] if result.outcome is Outcome.DO_NOT_CALL else []
    return bool(asked and numbers_blocked(scope=scope, vendor_id=contact.vendor_id, numbers=asked))


def _others(scope: Scope, attempt: Attempt) -> QuerySet[Attempt]:
    """Return the other attempts of an attempt's vendor, whatever the campaign."""
    rows: QuerySet[Attempt] = Attempt.objects.visible_to(scope)
    return rows.filter(vendor_id=attempt.vendor_id).exclude(pk=attempt.pk)


def _moment_problem(campaign: Campaign, contact: Contact, moment: datetime | None, at: datetime) -> str:
    windows = windows_of(campaign, contact.zone, at)
    if moment is None:
        return _("Say when the customer wants to be called.")
    if moment <= at:
        return _("This moment has passed.")
    if local_day(moment, campaign.contract.zone) > campaign.ends_on:
        return _("The campaign ends on %(day)s.") % {"day": campaign.ends_on}
    if not (state := window_now(windows, moment)).is_open:
        if state.changes_at is None:
            return _("The campaign calls nobody after that.")
        asked = {"moment": moment_text(state.changes_at, windows.zone), "zone": windows.zone}
        return _("Nobody is called then; from %(moment)s (%(zone)s) on somebody is.") % asked
    return ""


def number_of(scope: Scope, contact: Contact) -> str:
    """Return the clear number of a contact."""
    customers = Customer.objects.visible_to(scope).filter(vendor_id=contact.vendor_id)
    customer = customers.get(customer_key=contact.customer_key)
    return number_decrypt(encrypted=bytes(customer.number_encrypted), vendor_id=contact.vendor_id)
