"""A contract's own facts, and which queues it covers when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import refusals, row_add, row_change
from audit.services import record
from contracts import selectors
from contracts.calc.currencies import currency_names
from contracts.calc.lifecycle import State
from contracts.models import Contract, Coverage, Rebooking, Version
from core.errors import Conflict, Invalid
from core.formats import day_text
from core.periods import local_day
from core.scope import Scope
from vendors import selectors as vendors
from vendors.calc.places import zone_names

Term = tuple[date, date | None]
# What money and figures go by: no one person changes it once a version is signed.
FROZEN = ("code", "zone", "currency", "starts_on", "ends_on")


def contract_create(
    *,
    scope: Scope,
    vendor_id: int,
    code: str,
    name: str,
    zone: str,
    starts_on: date,
    ends_on: date | None = None,
    currency: str = "CNY",
    note: str = "",
) -> Contract:
    """Open a contract with a vendor; it has no terms before its first version.

    Raises:
        Forbidden: The role may not write contracts.
        NotFound: The vendor does not exist for the caller.
        Invalid: The code is taken, zone or currency are none, or it ends before it starts.
    """
    scope.require("contracts.edit")
    vendor = vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    values = _checked(
        scope,
        {
            "code": code,
            "name": name,
            "zone": zone,
            "currency": currency,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "note": note,
        },
    )
    contract = Contract(vendor=vendor, **values)
    # Until a version is signed the whole contract is the client's own affair, and so is its history.
    row_add(
        scope=scope,
        action="contract.created",
        row=contract,
        entered=values,
        vendor_id=scope.organization_id,
    )
    return selectors.contract_get(scope=scope, uuid=contract.uuid)


@transaction.atomic
def contract_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Contract:
    """Change a contract's facts; what it covers up to its end goes with the end.

    Once a version is signed one person changes the name and the note only: the last day moves with an amendment.

    Args:
        scope: Who acts.
        uuid: The contract.
        expected_version: The row's version that the caller saw.
        values: Field to new value; fields left out stay.

    Raises:
        NotFound: The contract does not exist for the caller.
        Forbidden: The role may not write contracts.
        Conflict: Somebody saved it meanwhile, a signed version fixed the field, or a version waits for its signature.
        Invalid: A value cannot be right beside what is covered.
    """
    scope.require("contracts.edit")
    contract = contract_lock(scope=scope, uuid=uuid)
    values = _checked(scope, values)
    _check_frozen(scope, contract, values)
    former_end, former_zone = contract.ends_on, contract.zone
    row_change(
        scope=scope,
        action="contract.changed",
        row=contract,
        expected_version=expected_version,
        values=values,
        vendor_id=book_of(scope, contract),
    )
    if contract.zone != former_zone:
        # Its days begin at other moments.
        rebooking_ask(scope=scope, contract=contract, is_whole=True)
    _follow_term(scope, contract, former_end)
    # A first version ends as its contract does; nothing of it is signed yet.
    drafts = Version.objects.visible_to(scope).filter(contract=contract, number=1, state=State.DRAFT)
    drafts.exclude(ends_on=contract.ends_on).update(ends_on=contract.ends_on)
    return contract


def contract_end(*, scope: Scope, contract: Contract, ends_on: date | None) -> None:
    """Move a signed contract's last day, and with it the coverage that ran to it, as a version says that was signed.

    Raises:
        Invalid: As :func:`end_check`.
    """
    former_end = contract.ends_on
    if ends_on == former_end:
        return
    end_check(scope=scope, contract=contract, ends_on=ends_on)
    row_change(
        scope=scope,
        action="contract.changed",
        row=contract,
        expected_version=contract.version,
        values={"ends_on": ends_on},
        vendor_id=contract.vendor_id,
    )
    _follow_term(scope, contract, former_end)


def end_check(*, scope: Scope, contract: Contract, ends_on: date | None) -> None:
    """Refuse a new last day that a signed contract cannot have.

    Raises:
        Invalid: Days that have begun would leave the contract, it covers a queue from a later day on, or another
            contract covers a queue by then.
    """
    # Whoever takes days that have begun out of the contract could book their calls a second time elsewhere.
    today = local_day(scope.at, contract.zone)
    if ends_on is not None and ends_on < min(contract.ends_on or today, today):
        _refuse({"ends_on": [_("Terms are signed for days that have begun: end the contract today or later.")]})
    for row, term in _followed(scope, contract, former_end=contract.ends_on, ends_on=ends_on):
        _check_free(scope, row, term, place="ends_on")


def book_of(scope: Scope, contract: Contract) -> int:
    """Return whose book tells of a contract: the vendor's once a version is signed, before that the client's."""
    signed = selectors.signed_bounds(scope=scope, contract_id=contract.pk)
    return scope.organization_id if signed is None else contract.vendor_id


def contract_lock(*, scope: Scope, **key: UUID) -> Contract:
    """Return a contract that nobody else changes, signs or amends until the caller is done.

    Args:
        scope: Who acts.
        key: ``uuid`` of the contract, or ``versions__uuid`` of one of its versions.

    Raises:
        NotFound: It does not exist for the caller.
    """
    rows: QuerySet[Contract] = Contract.objects.visible_to(scope).select_related("vendor")
    return vendors.one(rows.select_for_update(of=("self",)), **key)


def _checked(scope: Scope, values: Mapping[str, Any]) -> dict[str, Any]:
    fields_require(scope=scope, obj="contract", names=values)
    checked = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    fields = {}
    if checked.get("zone") is not None and checked["zone"] not in zone_names():
        fields["zone"] = [_("Choose a time zone from the list.")]
    if checked.get("currency") is not None and checked["currency"] not in currency_names():
        fields["currency"] = [_("Choose a currency from the list.")]
    if "starts_on" in checked and checked["starts_on"] is None:
        fields["starts_on"] = [_("Enter the first day.")]
    starts_on, ends_on = checked.get("starts_on"), checked.get("ends_on")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        fields["ends_on"] = [_("The last day lies before the first.")]
    _refuse(fields)
    return checked


def _refuse(fields: Mapping[str, list[str]]) -> None:
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)


def _check_frozen(scope: Scope, contract: Contract, values: Mapping[str, Any]) -> None:
    """Refuse to one person what was signed by two, and any change under the eyes of whoever is to sign."""
    changed = [name for name, value in values.items() if value != getattr(contract, name)]
    if selectors.signed_bounds(scope=scope, contract_id=contract.pk) is not None:
        for name in changed:
            if name in FROZEN:
                raise Conflict(
                    "frozen",
                    _(
                        "Code, time zone, currency and term hold once a version is signed; draft an amendment to move "
                        "the last day."
                    ),
                    details={"field": name},
                )
    work = selectors.version_in_work(scope=scope, contract=contract)
    if work is not None and work.state == State.IN_REVIEW and set(changed) - {"note"}:
        raise Conflict("in_review", _("A version waits for its signature; return it before you change the contract."))


def _follow_term(scope: Scope, contract: Contract, former_end: date | None) -> None:
    for row in selectors.coverage_list(scope=scope, contract=contract):
        if row.starts_on < contract.starts_on:
            _refuse({"starts_on": [_("The contract covers “%(queue)s” before that day.") % {"queue": row.queue}]})
    for row, term in _followed(scope, contract, former_end=former_end, ends_on=contract.ends_on):
        _cover(scope, contract, row, term, place="ends_on")


def _followed(
    scope: Scope, contract: Contract, *, former_end: date | None, ends_on: date | None
) -> list[tuple[Coverage, Term]]:
    """Return the coverage that changes with the contract's end: what ran to the former one runs to the new one."""
    found: list[tuple[Coverage, Term]] = []
    for row in selectors.coverage_list(scope=scope, contract=contract):
        too_long = ends_on is not None and (row.ends_on is None or row.ends_on > ends_on)
        if row.ends_on == ends_on or not (row.ends_on == former_end or too_long):
            continue
        if ends_on is not None and row.starts_on > ends_on:
            _refuse({"ends_on": [_("The contract covers “%(queue)s” after that day.") % {"queue": row.queue}]})
        found.append((row, (row.starts_on, ends_on)))
    return found


@transaction.atomic
def coverage_set(
    *,
    scope: Scope,
    contract_uuid: UUID,
    queue_uuid: UUID,
    starts_on: date,
    ends_on: date | None = None,
    former: Term | None = None,
) -> Coverage:
    """Say from when to when a contract covers a queue.

    Once terms are signed, days that have begun stay covered: calls of those days are booked under the contract.

    Args:
        scope: Who acts.
        contract_uuid: The contract.
        queue_uuid: One of the vendor's queues.
        starts_on: First local day.
        ends_on: Last local day; None for as long as the contract lasts.
        former: First and last day that the caller saw; None where the queue was not covered.

    Raises:
        NotFound: The contract does not exist for the caller.
        Forbidden: The role may not write contracts.
        Conflict: Somebody changed the coverage meanwhile, or days that were signed for would lose it.
        Invalid: The queue is no queue of the vendor, the days lie outside the contract, another contract covers the
            queue on some of them, or the version in force on days that have begun has no terms for the queue.
    """
    scope.require("contracts.edit")
    contract = contract_lock(scope=scope, uuid=contract_uuid)
    queue = vendors.queue_list(scope=scope).filter(vendor_id=contract.vendor_id, uuid=queue_uuid).first()
    if queue is None:
        _refuse({"queue": [_("Choose a queue from the list.")]})
    ends_on = contract.ends_on if ends_on is None else ends_on
    rows = selectors.coverage_list(scope=scope, contract=contract)
    row = rows.filter(queue=queue).first()
    if row is None:
        if former is not None:
            raise Conflict("stale", _("This queue is not covered any more."))
        row = Coverage(vendor_id=contract.vendor_id, contract=contract, queue=queue)
    elif former != (row.starts_on, row.ends_on):
        if (row.starts_on, row.ends_on) == (starts_on, ends_on):
            return row
        raise Conflict(
            "stale",
            _("Somebody saved this in the meantime; look at what is there now."),
            details={"fields": {"starts_on": [row.starts_on, starts_on], "ends_on": [row.ends_on, ends_on]}},
        )
    _check_days(scope, contract, row, (starts_on, ends_on))
    _cover(scope, contract, row, (starts_on, ends_on), place="starts_on")
    return row


@transaction.atomic
def coverage_remove(*, scope: Scope, contract_uuid: UUID, queue_uuid: UUID) -> None:
    """Take a queue out of a contract that has no signed terms yet; later a coverage is ended, not removed.

    Raises:
        NotFound: The contract does not exist for the caller, or does not cover the queue.
        Forbidden: The role may not write contracts.
        Conflict: A version is signed.
    """
    scope.require("contracts.edit")
    contract = contract_lock(scope=scope, uuid=contract_uuid)
    row = vendors.one(selectors.coverage_list(scope=scope, contract=contract), queue__uuid=queue_uuid)
    if selectors.signed_bounds(scope=scope, contract_id=contract.pk) is not None:
        raise Conflict("frozen", _("Terms are signed for this contract; give the coverage a last day instead."))
    _record(scope, contract, [_words(row), None])
    rebooking_ask(scope=scope, contract=contract, is_whole=True)
    Coverage.objects.visible_to(scope).filter(pk=row.pk).delete()


def _check_days(scope: Scope, contract: Contract, row: Coverage, term: Term) -> None:
    starts_on, ends_on = term
    fields = {}
    if starts_on < contract.starts_on:
        fields["starts_on"] = [_("The contract starts on %(day)s.") % {"day": day_text(contract.starts_on)}]
    if ends_on is not None and ends_on < starts_on:
        fields["ends_on"] = [_("The last day lies before the first.")]
    elif contract.ends_on is not None and (ends_on is None or ends_on > contract.ends_on):
        fields["ends_on"] = [_("The contract ends on %(day)s.") % {"day": day_text(contract.ends_on)}]
    _refuse(fields)
    today = local_day(scope.at, contract.zone)
    loses_begin = row.pk and starts_on > row.starts_on and row.starts_on <= today
    last_kept = min(row.ends_on or today, today)
    loses_end = row.pk and ends_on is not None and ends_on < last_kept and row.starts_on <= last_kept
    if (loses_begin or loses_end) and selectors.signed_bounds(scope=scope, contract_id=contract.pk):
        raise Conflict("frozen", _("Terms are signed for these days; days that have begun stay covered."))
    _check_terms(scope, contract, row, term, today)


def _check_terms(scope: Scope, contract: Contract, row: Coverage, term: Term, today: date) -> None:
    """Refuse new coverage of days that have begun under a version without terms for the queue: nobody signed those."""
    starts_on, last = term[0], min(term[1] or today, today)
    added = [(starts_on, last)]
    if row.pk:
        added = [(starts_on, min(row.starts_on - selectors.ONE_DAY, last))]
        if row.ends_on is not None:
            added.append((max(row.ends_on + selectors.ONE_DAY, starts_on), last))
    for span in selectors.version_spans(scope=scope, contract_id=contract.pk, queue_id=row.queue_id):
        if span.has_terms:
            continue
        if any(max(first, span.first) <= min(until, span.last or until) for first, until in added):
            message = _("Sign terms for this queue first, or start the coverage with the version that has them.")
            _refuse({"starts_on": [message]})


def _check_free(scope: Scope, row: Coverage, term: Term, *, place: str) -> None:
    """Refuse days on which another contract covers the queue."""
    others = Coverage.objects.visible_to(scope).filter(queue_id=row.queue_id).exclude(pk=row.pk)
    for other in others.select_related("contract"):
        begins_before_end = term[1] is None or other.starts_on <= term[1]
        if begins_before_end and (other.ends_on is None or other.ends_on >= term[0]):
            message = _("“%(contract)s” covers “%(queue)s” from %(first)s to %(last)s; end that first.") % {
                "contract": other.contract,
                "queue": row.queue,
                "first": day_text(other.starts_on),
                "last": _("its end") if other.ends_on is None else day_text(other.ends_on),
            }
            _refuse({place: [message]})


def _cover(scope: Scope, contract: Contract, row: Coverage, term: Term, *, place: str) -> None:
    _check_free(scope, row, term, place=place)
    before = _words(row) if row.pk else None
    is_less = before is not None and (
        term[0] > row.starts_on or (term[1] is not None and (row.ends_on is None or term[1] < row.ends_on))
    )
    row.starts_on, row.ends_on = term
    if before == _words(row):
        return
    with refusals(row), transaction.atomic():
        row.save()
        _record(scope, contract, [before, _words(row)])
        rebooking_ask(scope=scope, contract=contract, is_whole=is_less)


def rebooking_ask(*, scope: Scope, contract: Contract, is_whole: bool = False) -> None:
    """Have a vendor's calls booked where they belong now; with ``is_whole`` all days of the contract counted anew."""
    asked = Rebooking(vendor_id=contract.vendor_id, contract=contract, at=scope.at, is_whole=is_whole)
    Rebooking.objects.visible_to(scope).bulk_create([asked])


def _record(scope: Scope, contract: Contract, change: list[str | None]) -> None:
    record(
        scope=scope,
        action="contract.coverage_set",
        target=contract,
        vendor_id=book_of(scope, contract),
        changes={"coverage": change},
    )


def _words(row: Coverage) -> str:
    """Return a coverage as the book tells it, in no language."""
    return f"{row.queue.code}: {row.starts_on.isoformat()} – {row.ends_on.isoformat() if row.ends_on else '…'}"
