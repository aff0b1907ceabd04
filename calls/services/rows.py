"""Rows that a program sends: checked and stored at once, one effect for one key however often it is sent (I9)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.db.models import Max

from audit.services import record
from calls.calc.profile import CANONICAL
from calls.calc.rules import FileRefusedError
from calls.models import Batch, BatchState
from calls.parsing import json_rows_check
from calls.services.answers import Answer, answer_once, key_require
from calls.services.batches import account_of, lookups_of
from calls.services.load import part_load, vendor_lock
from calls.wording import rule_remedy, rule_text
from core import sql
from core.errors import Conflict, Invalid, NotFound
from core.faults import crash_point
from core.scope import Scope, activate

ROWS_MAX = 1000
# What calls/rows_became tells of a row.
RESULTS = {None: "new", 0: "unchanged", 1: "updated", 2: "superseded"}


def rows_load(
    *,
    scope: Scope,
    vendor_id: int,
    key: str,
    body: bytes,
    rows: Sequence[Mapping[str, Any]],
    is_partial: bool = False,
) -> Answer:
    """Store rows, or replay the answer that the same client got for the same key.

    Args:
        key: The client's Idempotency-Key, 1 to 255 characters.
        body: The request as sent; the same key with another body, vendor or ``is_partial`` is refused.
        is_partial: Store the good rows although others are rejected; by default all or none.

    Returns:
        HTTP status and answer: account, and per row what became of it.

    Raises:
        NotFound: The vendor is not in scope.
        Forbidden: The role may not import.
        Invalid: Too many rows, no key, the key was used with another body, or a row names another vendor.
        Conflict: A row was rejected and nothing was stored (``details.rows``); not kept, so the mended request may
            use the same key.
    """
    scope.require("calls.import")
    if vendor_id not in scope.vendor_ids:
        raise NotFound
    key_require(key=key)
    if not 1 <= len(rows) <= ROWS_MAX:
        raise Invalid("rows_count", f"Send 1 to {ROWS_MAX} rows; split larger sets.")
    body_hash = hashlib.sha256(f"{vendor_id}:{is_partial}:".encode() + body).digest()
    with activate(scope):
        # Loads of a vendor follow each other; a request sent twice at once waits here for its twin.
        vendor_lock(vendor_id=vendor_id)
        answer = answer_once(
            scope=scope,
            vendor_id=vendor_id,
            key=key,
            body_hash=body_hash,
            make=lambda: _store(scope, vendor_id, key, body, body_hash, rows, is_partial),
        )
        crash_point("before_commit")
    crash_point("after_commit")
    return answer


def _store(
    scope: Scope,
    vendor_id: int,
    key: str,
    body: bytes,
    body_hash: bytes,
    rows: Sequence[Mapping[str, Any]],
    is_partial: bool,
) -> Answer:
    lookups = lookups_of(scope=scope, vendor_id=vendor_id)
    try:
        checked = json_rows_check(rows, profile=CANONICAL, lookups=lookups, now=scope.at)
    except FileRefusedError as error:
        message = "A row names another vendor; whose calls they are follows from the token."
        raise Invalid(error.notice.code, message) from error
    is_stored = is_partial or not checked.errors.height
    answers = _answers(rows, checked.errors.to_dicts(), good="accepted" if is_stored else "valid")
    if not is_stored:
        raise Conflict("rows_rejected", "Nothing was stored: some rows were rejected.", details={"rows": answers})
    batch = _batch_create(scope, vendor_id, key, body_hash, rows, len(body), checked.good)
    account = part_load(
        scope=scope,
        vendor_id=vendor_id,
        batch_id=batch.pk,
        frame=checked.good,
        profile=CANONICAL,
    )
    became = _became(checked.good)
    for told in answers:
        told["result"] = became.get(told["index"], "rejected")
    batch.rows_new, batch.rows_updated = account.new, account.updated
    batch.rows_unchanged, batch.rows_superseded = account.unchanged, account.superseded
    batch.rows_duplicate = account.duplicate
    batch.problem_details = {"same_revision": account.same_revision}
    batch.rows_rejected = len(rows) - checked.good.height
    batch.state = BatchState.LOADED
    batch.save()
    record(scope=scope, action="batch.loaded", target=batch, changes=account_of(batch))
    answer = {
        "batch": str(batch.uuid),
        "number": batch.number,
        "account": account_of(batch),
        "same_revision": account.same_revision,
        "rows": answers,
    }
    return 201, answer


def _answers(
    rows: Sequence[Mapping[str, Any]], errors: Sequence[Mapping[str, Any]], *, good: str
) -> list[dict[str, Any]]:
    by_line: dict[int, list[dict[str, Any]]] = {}
    for error in errors:
        asked = {"rule": error["rule"], "column": error["column"], "value": error["value"] or ""}
        by_line.setdefault(error["line"], []).append(
            {
                "row": error["line"],
                "field": asked["column"],
                "code": asked["rule"],
                "message": rule_text(**asked),
                "remedy": rule_remedy(rule=asked["rule"]),
                "value": asked["value"],
            }
        )
    return [
        {
            "index": index,
            "external_id": str(row.get("external_id", "")) if isinstance(row, Mapping) else "",
            "status": "rejected" if index in by_line else good,
            "errors": by_line.get(index, []),
        }
        for index, row in enumerate(rows)
    ]


def _became(good: pl.DataFrame) -> dict[int, str]:
    """Return line to what became of the row, in the transaction that stored it."""
    if good.is_empty():
        return {}
    became = {row["line"]: RESULTS[row["verdict"]] for row in sql.rows("calls/rows_became")}
    # Rows that lost against another of the same request left the staging: as its double, or as a former revision.
    is_staged = pl.col("line").is_in(list(became))
    content = [name for name in good.columns if name not in ("line", "offered_text")]
    doubles = good.filter(~is_staged).join(good.filter(is_staged), on=content, how="semi", nulls_equal=True)
    lost = dict.fromkeys(good.filter(~is_staged)["line"], "superseded") | dict.fromkeys(doubles["line"], "duplicate")
    return became | lost


def _batch_create(
    scope: Scope, vendor_id: int, key: str, body_hash: bytes, rows: Sequence[Any], size: int, good: Any
) -> Batch:
    last = Batch.objects.visible_to(scope).filter(vendor_id=vendor_id).aggregate(last=Max("number"))["last"] or 0
    batch = Batch(
        vendor_id=vendor_id,
        number=last + 1,
        source="api",
        state=BatchState.CONFIRMED,
        file_name="API",
        size_bytes=size,
        # The key belongs to the identity: the same rows under another key are another request.
        sha256=hashlib.sha256(body_hash + f"{scope.user_id}:{key}".encode()).digest(),
        received_at=scope.at,
        received_by_id=scope.user_id,
        received_by=scope.actor[:150],
        finished_at=scope.at,
        is_confirmed=True,
        rows_read=len(rows),
        rows_expected=len(rows),
        rows_seen=len(rows),
        first_offered_at=good["offered_at"].min() if good.height else None,
        last_offered_at=good["offered_at"].max() if good.height else None,
    )
    batch.save(force_insert=True)
    return batch
