"""Whom campaigns call: lists that people and programs bring, and those who called in the last two days (A99)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.rows import refusals
from audit.services import record
from calls.calc.canonical import CallDirection, Outcome
from calls.models import Call, Customer
from calls.services import customers_remember, number_decrypt
from core.errors import Conflict, Invalid
from core.periods import Period, local_day
from core.scope import Scope
from core.uploads import plain_name
from tickets import selectors
from tickets.calc.contact_rows import COLUMNS, EXTRA, REQUIRED, SHORT_DIGITS, ContactRow, RowProblem, rows_read, zone_of
from tickets.calc.outbound import REACHED, CampaignState, Purpose
from tickets.models import Attempt, Campaign, Contact, ContactImport
from tickets.services.do_not_call import numbers_blocked

FILE_BYTES_MOST = 10 * 1024 * 1024
ROWS_MOST = 50_000
PROBLEMS_KEPT = 1000
CALLED_WITHIN_DAYS = 2
# What programs of tables write.
ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "cp1251", "shift_jis", "euc_kr")
_AT_ONCE = 500

Cells = Mapping[str, str]


def contacts_upload(
    *, scope: Scope, uuid: UUID, file_name: str, content: bytes, encoding: str = "utf-8"
) -> ContactImport:
    """Add the contacts of a CSV file to a campaign; good rows come in, bad ones are told with their reason.

    Args:
        scope: Who acts.
        uuid: The campaign.
        file_name: As the sender calls it.
        content: The file: a heading with canonical columns, then one line a contact.
        encoding: Of its characters, of :data:`ENCODINGS`; nothing is guessed, a wrong guess would go unseen.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`contacts_add`.
        Invalid: The file cannot be read, is too large, or its heading is wrong.
    """
    scope.require("campaigns.edit")
    return contacts_add(
        scope=scope, uuid=uuid, source="page", file_name=plain_name(file_name), rows=list(_file_rows(content, encoding))
    )


@transaction.atomic
def contacts_add(
    *, scope: Scope, uuid: UUID, source: str, rows: Sequence[tuple[int, Cells]], file_name: str = ""
) -> ContactImport:
    """Add contacts to a campaign; those it knows are merged, those who asked not to be called stay out.

    Args:
        scope: Who acts.
        uuid: The campaign.
        source: ``page`` or ``api``.
        rows: Line and cells by canonical column.
        file_name: Where they came from.

    Returns:
        The account of the list; read = new + known + not to be called + rejected.

    Raises:
        NotFound: The campaign does not exist for the caller.
        Forbidden: The role may not edit campaigns.
        Conflict: The campaign has ended.
        Invalid: There are no rows, or too many.
    """
    scope.require("campaigns.edit")
    campaign = _campaign_open(scope, uuid)
    if not 1 <= len(rows) <= ROWS_MOST:
        message = _("A list has 1 to %(most)s rows.") % {"most": f"{ROWS_MOST:,}"}
        raise Invalid("rows", message, fields={"file": [message]})
    good, bad = rows_read(rows, campaign.vendor.country or None, campaign.contract.zone)
    return _contacts_store(scope, campaign, source, file_name, good, bad, {})


@transaction.atomic
def contacts_from_callers(*, scope: Scope, uuid: UUID) -> ContactImport:
    """Choose customers whose calls were answered on the last two whole days of the contract's zone (A99).

    The choice is drawn by lot, the same lot for the same day and campaign, up to the campaign's limit. Left out are
    those who asked not to be called, and who was reached by a satisfaction call within the campaign's days.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`contacts_add`.
        Invalid: The campaign does not ask for satisfaction.
    """
    scope.require("campaigns.edit")
    campaign = _campaign_open(scope, uuid)
    if campaign.purpose != Purpose.SATISFACTION:
        message = _("Only a campaign that asks for satisfaction calls back those who called.")
        raise Invalid("purpose", message, fields={"purpose": [message]})
    callers = _callers(scope, campaign)
    lot = f"{campaign.uuid}:{local_day(scope.at, campaign.contract.zone)}".encode()
    drawn = sorted(callers, key=lambda key: hashlib.sha256(lot + str(key).encode()).digest())
    good: list[ContactRow] = []
    calls: dict[str, str] = {}
    considered = blocked = 0
    for start in range(0, len(drawn), _AT_ONCE):
        numbers = _numbers(scope, campaign.vendor_id, drawn[start : start + _AT_ONCE])
        refused = numbers_blocked(scope=scope, vendor_id=campaign.vendor_id, numbers=list(numbers.values()))
        for key, number in numbers.items():
            if len(good) == campaign.sample_limit:
                break
            considered += 1
            zone = zone_of(number, campaign.contract.zone)
            if number in refused or zone is None:
                # Nobody knows at which hour of this customer's day it would ring.
                blocked += 1
                continue
            good.append(ContactRow(considered, number, zone="" if zone == campaign.contract.zone else zone))
            calls[number] = callers[key]
    return _contacts_store(scope, campaign, "callers", "", good, [], calls, blocked)


def _campaign_open(scope: Scope, uuid: UUID) -> Campaign:
    campaign = selectors.campaign_get(scope=scope, uuid=uuid)
    if campaign.state == CampaignState.ENDED:
        raise Conflict("wrong_state", _("This campaign has ended; nobody is added to it."))
    return campaign


def _callers(scope: Scope, campaign: Campaign) -> dict[int, str]:
    """Return the customers to choose from, each with the newest of their calls."""
    zone = campaign.contract.zone
    today = local_day(scope.at, zone)
    days = Period(today - timedelta(days=CALLED_WITHIN_DAYS), today - timedelta(days=1), zone)
    calls = Call.objects.visible_to(scope).filter(
        contract_id=campaign.contract_id,
        direction=CallDirection.INBOUND,
        outcome=Outcome.ANSWERED,
        customer_key__isnull=False,
        offered_at__gte=days.start,
        offered_at__lt=days.end,
    )
    if campaign.queue_id is not None:
        calls = calls.filter(queue_id=campaign.queue_id)
    asked = Attempt.objects.visible_to(scope).filter(
        vendor_id=campaign.vendor_id,
        campaign__purpose=Purpose.SATISFACTION,
        outcome__in=[outcome.value for outcome in REACHED],
        ended_at__gt=scope.at - timedelta(days=campaign.resurvey_days),
    )
    waiting = Contact.objects.visible_to(scope).filter(campaign=campaign)
    left_out = {*asked.values_list("customer_key", flat=True), *waiting.values_list("customer_key", flat=True)}
    pairs = calls.order_by("offered_at", "external_id").values_list("customer_key", "external_id")
    return {key: external_id for key, external_id in pairs.iterator(chunk_size=5000) if key not in left_out}


def _numbers(scope: Scope, vendor_id: int, keys: Sequence[int]) -> dict[int, str]:
    """Return clear numbers in the order of their keys; those that were sent masked, and short ones, have none."""
    customers = Customer.objects.visible_to(scope).filter(vendor_id=vendor_id, customer_key__in=keys)
    sealed = dict(customers.filter(number_encrypted__isnull=False).values_list("customer_key", "number_encrypted"))
    found = {}
    for key in keys:
        if key in sealed:
            number = number_decrypt(encrypted=bytes(sealed[key]), vendor_id=vendor_id)
            if number.startswith("+") and len(number) > SHORT_DIGITS:
                found[key] = number
    return found


def _contacts_store(
    scope: Scope,
    campaign: Campaign,
    source: str,
    file_name: str,
    good: Sequence[ContactRow],
    bad: Sequence[RowProblem],
    calls: Mapping[str, str],
    blocked_before: int = 0,
) -> ContactImport:
    blocked = numbers_blocked(scope=scope, vendor_id=campaign.vendor_id, numbers={row.number for row in good})
    wanted: dict[str, ContactRow] = {}
    for row in good:
        if row.number not in blocked:
            wanted.setdefault(row.number, row)
    keys = customers_remember(scope=scope, vendor_id=campaign.vendor_id, numbers=list(wanted))
    # Alone with the campaign's contacts, so that two lists at once do not both count somebody as new.
    Campaign.objects.visible_to(scope).select_for_update().get(pk=campaign.pk)
    known = Contact.objects.visible_to(scope).filter(campaign=campaign, customer_key__in=list(keys.values()))
    taken = set(known.values_list("customer_key", flat=True))
    fresh = [row for number, row in wanted.items() if keys[number] not in taken]
    rows_blocked = blocked_before + sum(row.number in blocked for row in good)
    account = ContactImport(
        vendor_id=campaign.vendor_id,
        campaign=campaign,
        source=source,
        file_name=file_name,
        received_at=scope.at,
        received_by=scope.actor[:150],
        received_side=scope.side,
        rows_read=len(good) + len(bad) + blocked_before,
        rows_new=len(fresh),
        rows_merged=len(good) + blocked_before - rows_blocked - len(fresh),
        rows_blocked=rows_blocked,
        rows_rejected=len(bad),
        problems=[asdict(problem) for problem in bad[:PROBLEMS_KEPT]],
    )
    counted = ("rows_read", "rows_new", "rows_merged", "rows_blocked", "rows_rejected")
    told = {"campaign": str(campaign), **{name: getattr(account, name) for name in counted}}
    with refusals(account):
        account.clean_fields(exclude=["vendor", "campaign"])
        account.save(force_insert=True)
    contacts = [
        Contact(
            vendor_id=campaign.vendor_id,
            campaign=campaign,
            added_by=account,
            customer_key=keys[row.number],
            name=row.name,
            reference=row.reference,
            note=row.note,
            zone=row.zone,
            call_external_id=calls.get(row.number, "")[:64],
            due_at=scope.at,
        )
        for row in fresh
    ]
    Contact.objects.visible_to(scope).bulk_create(contacts, batch_size=2000)
    # The book has one writer at a time, who would otherwise wait for fifty thousand rows.
    record(
        scope=scope,
        action="contact_import.received",
        target=account,
        changes={name: [None, value] for name, value in told.items()},
    )
    return account


def _file_rows(content: bytes, encoding: str) -> Iterator[tuple[int, Cells]]:
    text = _decoded(content, encoding)
    head, _newline, _rest = text.partition("\n")
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_heading(names)
        for count, cells in enumerate(reader, start=1):
            if count > ROWS_MOST:
                raise _refused(_("A list has 1 to %(most)s rows.") % {"most": f"{ROWS_MOST:,}"})
            if any(cell.strip() for cell in cells):
                extra = delimiter.join(cells[len(names) :]).strip(delimiter + " ")
                yield reader.line_num, {**dict(zip(names, cells, strict=False)), EXTRA: extra}
    except csv.Error as error:
        message = _("Line %(line)s cannot be read as CSV; look at its quotes.")
        raise _refused(message % {"line": reader.line_num}) from error


def _decoded(content: bytes, encoding: str) -> str:
    if len(content) > FILE_BYTES_MOST:
        raise _refused(_("The file is larger than %(size)d MB; split it.") % {"size": FILE_BYTES_MOST // 1024 // 1024})
    if b"\x00" in content:
        raise _refused(_("This is no text file; save it as CSV UTF-8."))
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        message = _("The characters are not those of %(encoding)s; choose another encoding, or save it as CSV UTF-8.")
        raise _refused(message % {"encoding": encoding.upper()}) from error


def _check_heading(names: Iterable[str]) -> None:
    given = list(names)
    unknown = sorted(set(given) - set(COLUMNS))
    known = ", ".join(COLUMNS)
    if REQUIRED not in given:
        message = _("The first line names the columns; “phone” is missing. Known: %(known)s.")
        raise _refused(message % {"known": known})
    if unknown or len(set(given)) != len(given):
        message = _("These columns are unknown or named twice: %(names)s. Known: %(known)s.")
        twice = sorted({name for name in given if given.count(name) > 1})
        raise _refused(message % {"names": ", ".join(unknown or twice) or "–", "known": known})


def _refused(message: str) -> Invalid:
    return Invalid("file", message, fields={"file": [message]})
