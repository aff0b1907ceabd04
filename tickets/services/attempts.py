"""Working off a campaign: one contact into one pair of hands, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, Max, Min, Q, QuerySet, When
from django.utils.translation import gettext as _

from audit.rows import refusals
from audit.services import record
from core import sql
from core.errors import Conflict, Forbidden, NotFound
from core.formats import moment_text
from core.periods import local_day
from core.scope import Scope
from qa.selectors import script_now
from tickets import selectors
from tickets.calc.outbound import (
    PROMISED_PER_DAY,
    CampaignState,
    ContactState,
    Outcome,
    Rules,
    contact_after,
    earliest_call,
    proof_key,
    window_now,
)
from tickets.models import CAMPAIGN_STATES, Attempt, Campaign, Channel, Contact
from tickets.services.campaigns import rules_of, windows_of
from tickets.services.do_not_call import do_not_call_enter, numbers_blocked
from tickets.services.opening import Opening, ticket_open
from tickets.services.results import Result, number_of, result_check
from vendors.models import Agent

_HANDLER_LOCK, _CUSTOMER_LOCK = 7011, 7012
# Contacts that are found blocked or too early are moved on; after so many the caller asks again.
_TRIES = 200
# What was made so long ago keeps nobody from being called today.
_REMEMBERED = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody gets who asks for the next contact.

    Attributes:
        attempt: The contact in hands; None if nobody can be called now.
        again_at: When somebody may be called again; None if nobody is left, or all are in other hands.
    """

    attempt: Attempt | None
    again_at: datetime | None = None


@transaction.atomic
def contact_next(*, scope: Scope, uuid: UUID, is_new: bool = False) -> Turn:
    """Hand out the next contact of a campaign; nobody else gets it until the outcome is entered or time runs out.

    Contacts that others are just taking are passed over, not waited for. Who asked not to be called meanwhile is
    blocked here, whenever the list was made; and the rules of attempts hold for the customer, over all campaigns.

    Args:
        scope: Who is to call.
        uuid: The campaign.
        is_new: Always another one, for programs that dial several at once; a person goes on with what it holds.

    Raises:
        NotFound: The campaign does not exist for the caller.
        Forbidden: The role makes no calls.
        Conflict: The campaign does not run today, or its script may not be used any more.
    """
    scope.require("campaigns.call")
    campaign = selectors.campaign_get(scope=scope, uuid=uuid)
    _check_running(campaign, scope.at)
    if script_now(scope=scope, script=campaign.script) is None:
        message = _("The campaign’s script expired or was withdrawn; nobody is called until another is approved.")
        raise Conflict("script_expired", message)
    sql.lock(_HANDLER_LOCK, scope.user_id or 0)
    # An agent has one customer on the line, whichever way it asks.
    is_same = scope.agent_id is not None or not is_new
    if is_same and (held := selectors.attempt_held(scope=scope, campaign=campaign)) is not None:
        return Turn(held)
    rest = Contact.objects.visible_to(scope).filter(campaign=campaign, state=ContactState.OPEN)
    windows = {
        zone: windows_of(campaign, zone, scope.at) for zone in rest.order_by().values_list("zone", flat=True).distinct()
    }
    states = {zone: window_now(windows[zone], scope.at) for zone in windows}
    free = rest.filter(
        Q(held_until=None) | Q(held_until__lte=scope.at),
        zone__in=[zone for zone in states if states[zone].is_open],
        due_at__lte=scope.at,
    ).order_by("-is_promised", "due_at", "pk")
    passed: list[int] = []
    for _try in range(_TRIES):
        contact = free.exclude(pk__in=passed).select_for_update(skip_locked=True, of=("self",)).first()
        if contact is None:
            break
        if not _try_lock(contact.vendor_id, contact.customer_key):
            passed.append(contact.pk)
            continue
        _lapse(scope, campaign, contact)
        if _is_due(scope, campaign, contact, windows[contact.zone]):
            return Turn(_hand_out(scope, campaign, contact))
    waits = rest.filter(zone__in=[zone for zone in states if states[zone].is_open], due_at__gt=scope.at)
    moments = [waits.aggregate(first=Min("due_at"))["first"]]
    moments += [state.changes_at for state in states.values() if not state.is_open]
    return Turn(None, min((moment for moment in moments if moment is not None), default=None))


@transaction.atomic
def attempt_record(*, scope: Scope, uuid: UUID, result: Result) -> Attempt:
    """Enter what came of an attempt; the contact is done, waits for its next call, or is called no more.

    Raises:
        NotFound: The attempt does not exist for the caller.
        Forbidden: Somebody else holds it.
        Conflict: It has its outcome already, or its time ran out and somebody else has the contact.
        Invalid: The outcome needs something that is missing, the moment of the next call lies outside the windows, or
            the proof is that of another success.
    """
    scope.require("campaigns.call")
    attempt = _held(scope, uuid)
    campaign = Campaign.objects.visible_to(scope).select_related("contract", "queue").get(pk=attempt.campaign_id)
    contact = Contact.objects.visible_to(scope).select_for_update(of=("self",)).get(pk=attempt.contact_id)
    result_check(campaign, contact, attempt, result, scope)
    if result.outcome is Outcome.DO_NOT_CALL:
        do_not_call_enter(
            scope=scope,
            vendor_id=attempt.vendor_id,
            number=number_of(scope, contact),
            # Who was not called did not ask for it: such an entry is the vendor's own.
            is_for_all=result.is_for_all and attempt.number_shown_at is not None,
            reason=result.note[:200],
            source="call",
        )
    if result.ticket_subject.strip():
        opening = Opening(
            contract=campaign.contract,
            queue=campaign.queue,
            subject=result.ticket_subject,
            text=result.note,
            channel=Channel.CALL.value,
            customer=number_of(scope, contact),
        )
        attempt.ticket = ticket_open(scope=scope, opening=opening)
    attempt.outcome, attempt.ended_at = result.outcome.value, scope.at
    attempt.day = local_day(scope.at, campaign.contract.zone)
    attempt.note, attempt.follow_up_at = result.note.strip(), result.follow_up_at
    attempt.call_external_id, attempt.satisfaction = result.call_external_id.strip(), result.satisfaction
    attempt.success_reference = result.success_reference.strip()
    attempt.proof_key = proof_key(result.success_reference)
    with refusals(attempt):
        attempt.save()
    contact.attempts_count += 1
    contact.state = contact_after(
        result.outcome, attempts=contact.attempts_count, max_attempts=campaign.max_attempts
    ).value
    if numbers_blocked(scope=scope, vendor_id=contact.vendor_id, numbers=[number_of(scope, contact)]):
        contact.state = ContactState.BLOCKED.value
    contact.is_promised = result.outcome is Outcome.CALL_LATER and contact.state == ContactState.OPEN
    contact.held_until = None
    contact.due_at = None
    if contact.state == ContactState.OPEN:
        windows = windows_of(campaign, contact.zone, scope.at)
        contact.due_at = result.follow_up_at or earliest_call(windows, rules_of(campaign), [scope.at], scope.at)
    contact.save(update_fields=["attempts_count", "state", "is_promised", "held_until", "due_at"])
    told: dict[str, Any] = {"outcome": [None, attempt.outcome], "campaign": str(campaign)}
    record(scope=scope, action="attempt.recorded", target=attempt, changes=told)
    return attempt


@transaction.atomic
def attempt_number(*, scope: Scope, uuid: UUID) -> str:
    """Return the clear number of the customer to whoever holds the contact, to dial it; each time is recorded.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`attempt_record`.
        Conflict: The campaign does not run any more, nobody is called at this time of the customer's day, or the
            customer is not to be called meanwhile.
    """
    scope.require("campaigns.call")
    attempt = _held(scope, uuid)
    _check_running(attempt.campaign, scope.at)
    windows = windows_of(attempt.campaign, attempt.contact.zone, scope.at)
    if not (state := window_now(windows, scope.at)).is_open:
        message = _("The campaign calls nobody any more.")
        if state.changes_at is not None:
            asked = {"moment": moment_text(state.changes_at, windows.zone), "zone": windows.zone}
            message = _("Nobody is called now; from %(moment)s (%(zone)s) on this customer may be.") % asked
        opens_at = state.changes_at and state.changes_at.isoformat()
        raise Conflict("window_closed", message, details={"opens_at": opens_at})
    number = number_of(scope, attempt.contact)
    # Whoever asked while the contact was in hands is not called any more either.
    if numbers_blocked(scope=scope, vendor_id=attempt.vendor_id, numbers=[number]):
        raise Conflict("do_not_call", _("This customer asked not to be called; enter “do not call” as the outcome."))
    attempt.number_shown_at = attempt.number_shown_at or scope.at
    attempt.save(update_fields=["number_shown_at"])
    record(scope=scope, action="attempt.number_shown", target=attempt)
    return number


def _check_running(campaign: Campaign, at: datetime) -> None:
    today = local_day(at, campaign.contract.zone)
    if campaign.state != CampaignState.LIVE:
        message = _("This campaign does not run; it is: %(state)s.")
        raise Conflict("not_live", message % {"state": CAMPAIGN_STATES[CampaignState(campaign.state)]})
    if not campaign.starts_on <= today <= campaign.ends_on:
        message = _("This campaign calls from %(first)s to %(last)s.")
        raise Conflict("not_in_period", message % {"first": campaign.starts_on, "last": campaign.ends_on})


def _is_due(scope: Scope, campaign: Campaign, contact: Contact, windows: Any) -> bool:
    """Look anew at a contact that was just locked; one that may not be called is blocked or moved to when it may."""
    if not contact.is_promised and contact.attempts_count >= campaign.max_attempts:
        contact.state, contact.due_at = ContactState.EXHAUSTED.value, None
        contact.save(update_fields=["state", "due_at"])
        return False
    if numbers_blocked(scope=scope, vendor_id=contact.vendor_id, numbers=[number_of(scope, contact)]):
        contact.state, contact.due_at = ContactState.BLOCKED.value, None
        contact.save(update_fields=["state", "due_at"])
        return False
    others = Attempt.objects.visible_to(scope).filter(
        vendor_id=contact.vendor_id, customer_key=contact.customer_key, handed_at__gt=scope.at - _REMEMBERED
    )
    elsewhere = others.exclude(contact=contact).filter(outcome="", held_until__gt=scope.at)
    if (until := elsewhere.aggregate(until=Max("held_until"))["until"]) is not None:
        contact.due_at = until
        contact.save(update_fields=["due_at"])
        return False
    # Of an attempt whose time ran out counts the moment at which its number was shown.
    called = others.exclude(outcome__in=["", Outcome.LAPSED], number_shown_at=None)
    rung_at = Case(When(outcome__in=["", Outcome.LAPSED], then="number_shown_at"), default="ended_at")
    past = list(called.values_list(rung_at, flat=True))
    # Who asked for a moment is called at that moment; nobody asks for it all day.
    rules = rules_of(campaign)
    if contact.is_promised:
        rules = Rules(0, max(rules.per_day, PROMISED_PER_DAY))
    moment = earliest_call(windows, rules, past, scope.at)
    if moment is None or moment > scope.at:
        contact.due_at = moment
        contact.save(update_fields=["due_at"])
        return False
    return True


def _lapse(scope: Scope, campaign: Campaign, contact: Contact) -> None:
    """End the attempts of a locked contact whose time ran out; one whose number was shown counts as an attempt."""
    lapsed = Attempt.objects.visible_to(scope).filter(contact=contact, outcome="")
    for former in lapsed:
        former.outcome, former.ended_at = Outcome.LAPSED.value, scope.at
        former.day = local_day(scope.at, campaign.contract.zone)
        former.save(update_fields=["outcome", "ended_at", "day"])
        record(scope=scope, action="attempt.lapsed", target=former, changes={"campaign": str(campaign)})
        if former.number_shown_at is not None:
            contact.attempts_count, contact.is_promised = contact.attempts_count + 1, False
            contact.save(update_fields=["attempts_count", "is_promised"])


def _hand_out(scope: Scope, campaign: Campaign, contact: Contact) -> Attempt:
    contact.held_until = scope.at + timedelta(seconds=campaign.hold_seconds)
    contact.save(update_fields=["held_until"])
    attempts = Attempt.objects.visible_to(scope).filter(contact=contact)
    agent = Agent.objects.visible_to(scope).get(pk=scope.agent_id) if scope.agent_id is not None else None
    attempt = Attempt(
        vendor_id=contact.vendor_id,
        campaign=campaign,
        contact=contact,
        number=(attempts.aggregate(last=Max("number"))["last"] or 0) + 1,
        customer_key=contact.customer_key,
        handed_at=scope.at,
        held_until=contact.held_until,
        handler_id=scope.user_id,
        handler_name=scope.actor[:150],
        handler_side=scope.side,
        agent=agent,
    )
    attempt.save(force_insert=True)
    record(scope=scope, action="attempt.handed_out", target=attempt, changes={"campaign": str(campaign)})
    return selectors.attempt_get(scope=scope, uuid=attempt.uuid)


def _held(scope: Scope, uuid: UUID) -> Attempt:
    rows: QuerySet[Attempt] = selectors.attempt_list(scope=scope)
    attempt = rows.filter(uuid=uuid).select_for_update(of=("self",)).first()
    if attempt is None:
        raise NotFound
    if attempt.outcome == Outcome.LAPSED:
        raise Conflict("lapsed", _("The time for this contact ran out, and somebody else has it now."))
    if attempt.outcome:
        raise Conflict("recorded", _("This attempt has its outcome already."))
    if attempt.handler_id != scope.user_id:
        raise Forbidden(_("Somebody else has this contact."))
    return attempt


def _try_lock(vendor_id: int, customer_key: int) -> bool:
    """Hold a customer until the transaction ends, so that two campaigns do not take the same person at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashint8(%s))", [_CUSTOMER_LOCK, customer_key ^ vendor_id])
        return bool(cursor.fetchone()[0])
