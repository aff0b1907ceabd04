"""Transcripts on their way in: taken as they come, read in slices, told row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import refusals, row_add
from audit.services import record
from calls.calc.canonical import Outcome
from calls.models import Call, CallIdentity
from contracts.models import Contract
from core.errors import Invalid
from core.faults import crash_point
from core.periods import local_day
from core.scope import Scope, activate
from core.seals import seal_of
from core.uploads import plain_name
from qa.calc.rule_book import language_of
from qa.calc.spoken_numbers import transcript_cover
from qa.calc.transcript_rows import CALL_MOST, ROWS_MOST, Sent, SentError, sent_read
from qa.calc.transcripts import TranscriptError, transcript_read, transcript_stored
from qa.models import Check, StagedTranscript, Transcript, TranscriptImport
from qa.wording import transcript_problem

SEAL = "qa.transcript"
SLICE = 200
PROBLEMS_KEPT = 1000
_COUNTED = ("rows_read", "rows_new", "rows_changed", "rows_unchanged", "rows_rejected")


@dataclass(frozen=True, slots=True)
class _Read:
    """A transcript that can be kept."""

    call: str
    body: dict[str, Any]
    digest: str
    language: str


def transcripts_upload(
    *, scope: Scope, contract: Contract, file_name: str, content: bytes, call: str = ""
) -> TranscriptImport:
    """Take a file with transcripts of one contract; few are read at once, many by the next ticks.

    Args:
        scope: Who acts.
        contract: Whose calls they are; decides the vendor.
        file_name: As the sender calls it.
        content: Text or JSON of one call, JSON lines, a JSON list, or a ZIP with one file a call.
        call: The call's id, for a file with one transcript that is not named after it.

    Raises:
        Forbidden: The role brings no transcripts.
        Invalid: The file cannot be taken apart.
    """
    name = plain_name(file_name)
    try:
        rows = sent_read(name, content, call)
    except SentError as error:
        told = [transcript_problem(*problem) for problem in error.problems]
        raise Invalid("file", told[0], fields={"file": told}) from error
    return transcripts_receive(scope=scope, contract=contract, source="page", file_name=name, rows=rows)


@transaction.atomic
def transcripts_receive(
    *, scope: Scope, contract: Contract, source: str, rows: Sequence[Sent], file_name: str = ""
) -> TranscriptImport:
    """Take transcripts of one contract, and read them at once if they are few.

    What was sent before and reads the same is left as it is; what reads otherwise replaces it and is judged again.

    Returns:
        The account; once it is done, read = new + changed + unchanged + rejected.

    Raises:
        Forbidden: The role brings no transcripts.
        Invalid: There are none, or too many.
    """
    scope.require("transcripts.import")
    fields_require(scope=scope, obj="transcript_import", names=("contract",))
    if not 1 <= len(rows) <= ROWS_MOST:
        message = _("Send 1 to %(most)s transcripts at once.") % {"most": f"{ROWS_MOST:,}"}
        raise Invalid("rows", message, fields={"file": [message]})
    account = TranscriptImport(
        vendor_id=contract.vendor_id,
        contract=contract,
        source=source,
        file_name=file_name,
        received_at=scope.at,
        received_by=scope.actor[:150],
        received_side=scope.side,
        rows_sent=len(rows),
    )
    told = {"contract": contract.code, "rows_sent": len(rows), "file_name": file_name}
    row_add(scope=scope, action="transcript_import.received", row=account, entered=told)
    if len(rows) <= SLICE:
        _read_slice(scope, account, rows)
        return account
    seal = seal_of(SEAL)
    staged = (
        StagedTranscript(
            vendor_id=account.vendor_id,
            owner=account,
            name=row.name[:200],
            call=row.call[:200],
            content=seal.encrypt(json.dumps([row.content.decode("latin-1"), row.problem]).encode()),
        )
        for row in rows
    )
    StagedTranscript.objects.visible_to(scope).bulk_create(staged, batch_size=1000)
    return account


def transcripts_read(*, scope: Scope) -> int:
    """Read the next slice of the oldest list that is not read to its end; a worker that dies leaves whole slices.

    Returns:
        Number of rows read; 0 when none waits.
    """
    with activate(scope):
        account: TranscriptImport | None = (
            TranscriptImport.objects.visible_to(scope)
            .filter(state="reading")
            .select_related("contract")
            .order_by("pk")
            .select_for_update(of=("self",), skip_locked=True)
            .first()
        )
        if account is None:
            return 0
        waiting = StagedTranscript.objects.visible_to(scope).filter(vendor_id=account.vendor_id, owner=account)
        staged = list(waiting.order_by("pk")[:SLICE])
        _read_slice(scope, account, [_unsealed(row) for row in staged])
        waiting.filter(pk__in=[row.pk for row in staged]).delete()
        crash_point("after_transcripts_read")
    return len(staged)


def _unsealed(row: StagedTranscript) -> Sent:
    content, problem = json.loads(seal_of(SEAL).decrypt(bytes(row.content)))
    return Sent(row.name, row.call, content.encode("latin-1"), None if problem is None else tuple(problem))


def _read_slice(scope: Scope, account: TranscriptImport, rows: Sequence[Sent]) -> None:
    good, bad = _rows_read(rows)
    calls = _calls(scope, account, [row.call for _name, row in good])
    known = Transcript.objects.visible_to(scope).filter(contract=account.contract_id, external_id__in=list(calls))
    stored = {one.external_id: one for one in known.defer("body").select_for_update()}
    fresh, changed, taken = [], [], set[str]()
    unchanged = 0
    for name, row in good:
        call, former = calls.get(row.call), stored.get(row.call)
        if call is None or row.call in taken:
            bad.append((name, "call", "twice" if call else "call_unknown", row.call[:CALL_MOST]))
            continue
        taken.add(row.call)
        if former is not None and former.digest == row.digest:
            unchanged += 1
        elif former is not None:
            changed.append(_filled(scope, account, former, row, call))
        else:
            fresh.append(_filled(scope, account, Transcript(vendor_id=account.vendor_id), row, call))
    transcripts = Transcript.objects.visible_to(scope)
    transcripts.bulk_create(fresh, batch_size=SLICE)
    fields = ("queue", "agent", "reason", "offered_at", "day", "body", "digest", "language", "turns_count")
    transcripts.bulk_update(changed, [*fields, "owner", "received_at", "is_waiting"], batch_size=SLICE)
    # What was said of the former words says nothing of these.
    Check.objects.visible_to(scope).filter(transcript__in=changed).delete()
    _account(scope, account, len(rows), len(fresh), len(changed), unchanged, bad)


def _account(
    scope: Scope,
    account: TranscriptImport,
    read: int,
    fresh: int,
    changed: int,
    unchanged: int,
    bad: Sequence[tuple[str, str, str, str]],
) -> None:
    account.rows_read += read
    account.rows_new += fresh
    account.rows_changed += changed
    account.rows_unchanged += unchanged
    account.rows_rejected += len({name for name, *_rest in bad})
    keys = ("name", "place", "rule", "allowed")
    problems = account.problems + [dict(zip(keys, each, strict=True)) for each in bad]
    account.problems = problems[:PROBLEMS_KEPT]
    if account.rows_read >= account.rows_sent or not read:
        account.state, account.finished_at = "done", scope.at
        changes = {name: [None, getattr(account, name)] for name in _COUNTED}
        record(scope=scope, action="transcript_import.read", target=account, changes=changes)
    with refusals(account):
        account.save()


def _rows_read(rows: Sequence[Sent]) -> tuple[list[tuple[str, _Read]], list[tuple[str, str, str, str]]]:
    good, bad = [], list[tuple[str, str, str, str]]()
    for sent in rows:
        if sent.problem is not None:
            bad.append((sent.name, "", *sent.problem))
            continue
        if not 1 <= len(sent.call) <= CALL_MOST:
            bad.append((sent.name, "call", "call_missing", f"1–{CALL_MOST}"))
            continue
        try:
            transcript = transcript_cover(transcript_read(sent.content))
        except TranscriptError as error:
            # The first few say how a file is mended; five thousand bad turns would say no more.
            bad += [(sent.name, *problem) for problem in error.problems[:5]]
            continue
        body = transcript_stored(transcript)
        text = json.dumps(body, sort_keys=True, ensure_ascii=False)
        language = language_of(transcript)
        digest = hashlib.sha256(text.encode()).hexdigest()
        good.append((sent.name, _Read(sent.call, body, digest, language.value if language else "")))
    return good, bad


def _calls(scope: Scope, account: TranscriptImport, ids: Sequence[str]) -> dict[str, Call]:
    """Return the contract's calls of some ids; the ledger of ids knows their months."""
    places = CallIdentity.objects.visible_to(scope).filter(
        vendor_id=account.vendor_id, contract_id=account.contract_id, external_id__in=ids
    )
    keys = list(places.values_list("contract_id", "external_id", "offered_at"))
    calls = Call.objects.visible_to(scope).filter(pk__in=keys).exclude(outcome=Outcome.WITHDRAWN)
    return {call.external_id: call for call in calls}


def _filled(scope: Scope, account: TranscriptImport, transcript: Transcript, row: _Read, call: Call) -> Transcript:
    transcript.contract_id, transcript.external_id = account.contract_id, row.call
    transcript.queue_id, transcript.agent_id, transcript.reason_id = call.queue_id, call.agent_id, call.reason_id
    transcript.offered_at = call.offered_at
    transcript.day = local_day(call.offered_at, account.contract.zone)
    transcript.body, transcript.digest, transcript.language = row.body, row.digest, row.language
    transcript.turns_count = len(row.body["turns"])
    transcript.owner, transcript.received_at, transcript.is_waiting = account, scope.at, True
    return transcript
