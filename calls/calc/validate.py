"""Check the rows of a call file and turn them into typed ones; pure and vectorized.

Every row either ends in ``Checked.good`` or has at least one entry in ``Checked.errors`` with the file's line
and column, a rule of ``calls.calc.rules`` and the masked value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from calls.calc import mapping, phones, values
from calls.calc.canonical import (
    BOOLEAN_FIELDS,
    FIELDS,
    LINE,
    MOMENT_FIELDS,
    AbandonPlace,
    CallDirection,
    Outcome,
)
from calls.calc.findings import ERROR_SCHEMA, Findings
from calls.calc.lookups import Lookups
from calls.calc.masking import COVER
from calls.calc.profile import VENDOR, Profile
from calls.calc.timing import UTC_MOMENT, times_check

GOOD_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "line": pl.Int64,
    "external_id": pl.String,
    "revision": pl.Int32,
    "queue": pl.String,
    "contract_id": pl.Int32,
    "direction": pl.Int8,
    "customer": pl.String,
    "reason": pl.String,
    "agent": pl.String,
    "offered_at": UTC_MOMENT,
    "answered_at": UTC_MOMENT,
    "ended_at": UTC_MOMENT,
    "ring_seconds": pl.Int32,
    "wait_seconds": pl.Int32,
    "talk_seconds": pl.Int32,
    "hold_seconds": pl.Int32,
    "wrap_seconds": pl.Int32,
    "outcome": pl.Int8,
    "abandon_place": pl.Int8,
    "transferred_from": pl.String,
    "resolved": pl.Boolean,
    "success": pl.Boolean,
    "csat": pl.Int16,
    "recording": pl.String,
    "ivr_path": pl.String,
    "offered_text": pl.String,
}
__all__ = ["ERROR_SCHEMA", "GOOD_SCHEMA", "Checked", "rows_check"]

# A withdrawn call says only which record is taken back; what else the row holds is not looked at.
TOMBSTONE_FIELDS = frozenset(("external_id", "revision", "queue", "offered_at", "outcome"))
CELL_BYTES = 32_768
_LENGTHS = {"external_id": 100, "transferred_from": 100, "customer": 100, "agent": 40, "reason": 60}
_UNSEEN = r"[\p{Cc}\p{Cf}\x{2028}\x{2029}\x{FFFD}]"
_FORBIDDEN = "[\x00\ufffd]"
_ID_SCIENTIFIC = r"^[+-]?[0-9][.,][0-9]+[eE]\+?[0-9]+$"
_REVISIONS_SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check: typed good rows (GOOD_SCHEMA) and the errors of the others (ERROR_SCHEMA)."""

    good: pl.DataFrame
    errors: pl.DataFrame


def rows_check(
    frame: pl.DataFrame,
    *,
    profile: Profile,
    lookups: Lookups,
    now: datetime,
    is_trimmed: bool = False,
    is_own: bool = False,
) -> Checked:
    """Check one block of rows.

    Args:
        frame: text columns named as in the file, and LINE (Int64).
        profile: how the file maps to the canonical fields.
        lookups: the vendor's codes and coverage.
        now: aware moment of receipt.
        is_trimmed: the reader knows that no value has outer spaces and that blank values are null.
        is_own: the errors go to the sender alone, so that only the customer's values are masked.

    Returns:
        good rows and errors; every row is in exactly one of them.

    Raises:
        FileRefusedError: columns are missing, or a row names another vendor.
    """
    mapped = mapping.fields_map(frame, profile=profile, is_trimmed=is_trimmed)
    text = mapped.texts
    lines = frame[LINE].cast(pl.Int64)
    mapping.vendor_check(text[VENDOR], lines, vendor_code=lookups.vendor_code)
    found = Findings(lines, labels=mapped.labels, customer_field="customer", times=MOMENT_FIELDS, is_own=is_own)

    outcome = _outcomes_read(text["outcome"], found, {field: mask for field, mask, _ in mapped.unmapped})
    withdrawn = (outcome == Outcome.WITHDRAWN).fill_null(False)
    if withdrawn.any():
        for field in (*FIELDS,):
            if field not in TOMBSTONE_FIELDS:
                text[field] = text[field].set(withdrawn, None)
    for field, mask, value in mapped.unmapped:
        found.add(field, "value_unmapped", mask if field in TOMBSTONE_FIELDS else mask & ~withdrawn, value)

    good = {"line": lines, "outcome": outcome, "offered_text": text["offered_at"]}
    good |= _identity_check(text, found, profile=profile, now=now)
    good |= times_check(text, found, outcome=outcome, profile=profile, now=now)
    good["queue"] = text["queue"]
    good["contract_id"] = _queues_check(text, good["offered_at"], found, lookups=lookups)
    good |= _people_check(text, found, profile=profile, lookups=lookups)
    good |= _answers_check(text, found, outcome=outcome)
    rows = pl.DataFrame(good).select(pl.col(name).cast(dtype) for name, dtype in GOOD_SCHEMA.items())
    return Checked(rows.filter(~found.bad), found.errors())


def _outcomes_read(text: pl.Series, found: Findings, unmapped: dict[str, pl.Series]) -> pl.Series:
    outcome = values.codes_read(text, {o.name.lower(): o.value for o in Outcome})
    missing = text.is_null()
    found.add("outcome", "outcome_missing", missing & ~unmapped["outcome"] if "outcome" in unmapped else missing)
    found.add("outcome", "outcome_invalid", outcome.is_null() & ~missing, text)
    return outcome


def _identity_check(
    text: dict[str, pl.Series], found: Findings, *, profile: Profile, now: datetime
) -> dict[str, pl.Series]:
    ids = text["external_id"]
    found.add("external_id", "id_missing", ids.is_null())
    found.add("external_id", "id_too_long", ids.str.len_chars() > _LENGTHS["external_id"], ids)
    found.add("external_id", "id_scientific", ids.str.contains(_ID_SCIENTIFIC), ids)
    _characters_check("external_id", ids, found)
    if profile.revision_from == "received":
        # Seconds fit 32 bits until 2088; a file that comes later has the higher revision.
        stamp = int((now - _REVISIONS_SINCE).total_seconds())
        return {
            "external_id": ids,
            "revision": pl.Series([stamp], dtype=pl.Int32).new_from_index(0, ids.len()),
        }
    revision = values.integers_read(text["revision"], decimal=profile.decimal)
    wrong = text["revision"].is_not_null() & (revision.is_null() | (revision < 1))
    found.add("revision", "revision_invalid", wrong, text["revision"])
    return {"external_id": ids, "revision": revision.fill_null(1)}


def _characters_check(field: str, text: pl.Series, found: Findings) -> None:
    """Refuse what is too long, damaged or not printable in a short text."""
    if text.null_count() == text.len():
        return
    if field != "external_id":
        found.add(field, "text_too_long", text.str.len_chars() > _LENGTHS[field], text)
    unseen = text.str.contains(_UNSEEN)
    if unseen.any():
        forbidden = text.str.contains(_FORBIDDEN)
        found.add(field, "text_forbidden", forbidden, text)
        found.add(field, "text_control", unseen & ~forbidden, text)


def _queues_check(text: dict[str, pl.Series], offered_at: pl.Series, found: Findings, *, lookups: Lookups) -> pl.Series:
    """The contract that covers each row's queue at the time it was offered."""
    queue = text["queue"]
    places = {code: place for place, code in enumerate(lookups.queues)}
    place = mapping.distinct_map(queue, places.get, pl.UInt32)
    found.add("queue", "queue_missing", queue.is_null() & ~found.bad_in("queue"))
    found.add("queue", "queue_unknown", queue.is_not_null() & place.is_null(), queue)
    contract = pl.Series([None], dtype=pl.Int32).new_from_index(0, queue.len())
    for number in range(max((len(spans) for spans in lookups.queues.values()), default=0)):
        spans = [s[number] if number < len(s) else None for s in lookups.queues.values()]
        since = pl.Series([s.covers_from if s else None for s in spans], dtype=UTC_MOMENT).gather(place)
        until = pl.Series([s.covers_until if s else None for s in spans], dtype=UTC_MOMENT).gather(place)
        ids = pl.Series([s.contract_id if s else None for s in spans], dtype=pl.Int32).gather(place)
        covered = (offered_at >= since) & (until.is_null() | (offered_at < until))
        contract = ids.zip_with(covered.fill_null(False), contract)
    lacking = place.is_not_null() & offered_at.is_not_null() & contract.is_null()
    found.add("queue", "queue_not_covered", lacking, queue, times=(text["offered_at"],))
    return contract


def _people_check(
    text: dict[str, pl.Series], found: Findings, *, profile: Profile, lookups: Lookups
) -> dict[str, pl.Series]:
    """Customer, agent and reason."""
    for field, known, unknown in (
        ("agent", lookups.agents, profile.unknown_agent),
        ("reason", lookups.reasons, profile.unknown_reason),
    ):
        if unknown == "register":
            _characters_check(field, text[field], found)
        elif text[field].null_count() < text[field].len():
            ok = mapping.distinct_map(text[field], known.__contains__, pl.Boolean)
            found.add(field, f"{field}_unknown", ~ok, text[field])
    customer = text["customer"]
    # A list of this house that covers numbers came back: a token would be stored as covered, a number be lost.
    found.add("customer", "customer_masked", customer.str.contains(COVER, literal=True))
    if profile.customer_kind == "phone":
        read = phones.phones_read(customer, region=profile.phone_region)
        for rule, mask in read.problems.items():
            found.add("customer", rule, mask, customer)
        customer = read.keys
    else:
        _characters_check("customer", customer, found)
    return {"customer": customer, "agent": text["agent"], "reason": text["reason"]}


def _answers_check(text: dict[str, pl.Series], found: Findings, *, outcome: pl.Series) -> dict[str, pl.Series]:
    """Direction, place of abandon, yes/no fields, survey and free texts."""
    good: dict[str, pl.Series] = {}
    direction = values.codes_read(text["direction"], {d.name.lower(): d.value for d in CallDirection})
    found.add(
        "direction",
        "direction_invalid",
        direction.is_null() & text["direction"].is_not_null(),
        text["direction"],
    )
    good["direction"] = direction.fill_null(CallDirection.INBOUND)
    place = values.codes_read(text["abandon_place"], {p.name.lower(): p.value for p in AbandonPlace})
    given = text["abandon_place"].is_not_null()
    abandoned = (outcome == Outcome.ABANDONED).fill_null(False)
    found.add("abandon_place", "abandon_place_invalid", given & place.is_null(), text["abandon_place"])
    found.add("abandon_place", "abandon_place_unexpected", given & ~abandoned, text["abandon_place"])
    good["abandon_place"] = place.fill_null(AbandonPlace.QUEUE).set(~abandoned, None)
    for field in BOOLEAN_FIELDS:
        good[field] = values.booleans_read(text[field])
        found.add(field, "boolean_invalid", good[field].is_null() & text[field].is_not_null(), text[field])
    csat = values.integers_read(text["csat"], decimal=".")
    wrong = text["csat"].is_not_null() & (csat.is_null() | ~csat.is_between(0, 10))
    found.add("csat", "csat_invalid", wrong, text["csat"])
    good["csat"] = csat.set(wrong, None)
    _characters_check("transferred_from", text["transferred_from"], found)
    loop = text["transferred_from"] == text["external_id"]
    found.add("transferred_from", "transfer_self", loop, text["transferred_from"])
    good["transferred_from"] = text["transferred_from"]
    for field in ("recording", "ivr_path"):
        good[field] = text[field]
        if text[field].null_count() < text[field].len():
            found.add(field, "cell_too_long", text[field].str.len_bytes() > CELL_BYTES, text[field])
            found.add(field, "text_forbidden", text[field].str.contains(_FORBIDDEN), text[field])
    return good
