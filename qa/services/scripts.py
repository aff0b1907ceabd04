"""Scripts go live only after a second person of the client found them in order (A80)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require, rivals_refuse
from audit.rows import row_add, row_change
from calls.models import CallReason
from contracts.models import Contract
from core.errors import Conflict, Forbidden, Invalid
from core.periods import day_start
from core.scope import Scope
from qa import selectors
from qa.calc.scripts import PartsError, ScriptKind, ScriptState, parts_read, text_of
from qa.models import Script
from qa.services.confirmations import round_carry
from qa.wording import parts_problem
from vendors.models import Vendor

_TOLD = ("name", "kind", "language", "reasons", "live_until", "change_note", "text")
_SAID = ("name", "kind", "language", "reasons", "parts", "live_until")


@transaction.atomic
def script_write(
    *,
    scope: Scope,
    vendors: Sequence[Vendor],
    name: str,
    parts: Sequence[Mapping[str, Any]],
    code: str = "",
    kind: str = ScriptKind.CALL.value,
    language: str = "en",
    reasons: Sequence[str] = (),
    live_until: date | None = None,
    change_note: str = "",
) -> list[Script]:
    """Write a script at some vendors, or another version where a vendor has the code; each waits for its review.

    Args:
        scope: Who writes.
        vendors: Where; fetched in scope. Each gets its own copy, reviewed and replaced on its own.
        name: What people call it.
        parts: The lines in the order in which they are said.
        code: Names it in every version; made of the name if empty.
        kind: What it is for.
        language: Of the text.
        reasons: Codes of call reasons that every one of the vendors has; none for all calls.
        live_until: The last day of use on the clock of the vendor's contract.
        change_note: What is new in this version.

    Returns:
        The new versions; a vendor whose newest version says the same already gets none.

    Raises:
        Forbidden: The role may not write scripts.
        Invalid: Something is missing or too long, a reason is unknown at a vendor, or every vendor has this already.
    """
    scope.require("scripts.edit")
    fields_require(scope=scope, obj="script", names=("code", "name", "parts"))
    lines = _lines(parts)
    if not vendors:
        raise _refused("vendors", _("Choose at least one vendor."))
    name = " ".join(name.split())
    values: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "language": language,
        "reasons": sorted(set(reasons)),
        "parts": [line.as_json() for line in lines],
        "live_until": live_until,
    }
    code = code.strip().upper() or code_from(name)
    more = {"text": text_of(lines), "change_note": change_note.strip()}
    chosen = sorted(vendors, key=lambda one: one.pk)
    written = [row for vendor in chosen if (row := _write(scope, vendor, code, values, more)) is not None]
    if not written:
        raise _refused("parts", _("This is what the newest version says already."))
    return written


def _write(
    scope: Scope, vendor: Vendor, code: str, values: Mapping[str, Any], more: Mapping[str, str]
) -> Script | None:
    _reasons_check(scope, vendor, values["reasons"])
    versions = Script.objects.visible_to(scope).filter(vendor=vendor, code=code)
    number = versions.number_next(vendor_id=vendor.pk)
    newest = versions.order_by("-number").first()
    if newest is not None and all(getattr(newest, name) == values[name] for name in _SAID):
        return None
    texts = {"name": values["name"], "parts": _all_text(values["parts"]), "change_note": more["change_note"]}
    rivals_refuse(scope=scope, vendor_id=vendor.pk, texts=texts)
    script = Script(
        vendor=vendor,
        code=code,
        number=number,
        expires_at=_expiry(scope, vendor, values["live_until"]),
        written_at=scope.at,
        written_by_id=scope.user_id,
        written_by=scope.actor[:150],
        written_side=scope.side,
        **values,
        **more,
    )
    told = {"code": code, **{name: getattr(script, name) for name in _TOLD}}
    told["live_until"] = values["live_until"].isoformat() if values["live_until"] else ""
    told["reasons"] = ", ".join(script.reasons)
    row_add(scope=scope, action="script.written", row=script, entered=told)
    return script


@transaction.atomic
def script_review(
    *, scope: Scope, uuid: UUID, expected_version: int, is_approved: bool, review_note: str = ""
) -> Script:
    """Approve a version, which then takes the place of all before it, or send it back; its writer cannot.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not review, or the caller wrote it.
        Conflict: It was reviewed already, its last day has passed, or somebody saved it meanwhile.
        Invalid: It is sent back without a remark.
    """
    scope.require("scripts.review")
    script = selectors.script_get(scope=scope, uuid=uuid)
    if scope.user_id is None or script.written_by_id == scope.user_id:
        raise Forbidden(_("A second person reviews what somebody wrote."))
    if script.state != ScriptState.WAITING:
        raise Conflict("reviewed", _("This version was reviewed already; another text is another version."))
    if is_approved and script.expires_at is not None and script.expires_at <= scope.at:
        raise Conflict("expired", _("Its last day of use has passed; another version needs a later one."))
    if not is_approved and not review_note.strip():
        raise _refused("review_note", _("Say what has to change."))
    rivals_refuse(scope=scope, vendor_id=script.vendor_id, texts={"review_note": review_note})
    former = _replace_former(scope, script) if is_approved else None
    values = {
        "state": (ScriptState.APPROVED if is_approved else ScriptState.RETURNED).value,
        "reviewed_at": scope.at,
        "reviewed_by_id": scope.user_id,
        "reviewed_by": scope.actor[:150],
        "review_note": review_note.strip(),
    }
    row_change(
        scope=scope,
        action="script.approved" if is_approved else "script.returned",
        row=script,
        expected_version=expected_version,
        values=values,
        untold=("reviewed_at", "reviewed_by_id", "reviewed_by"),
    )
    if is_approved:
        round_carry(scope=scope, script=script, former=former)
    return script


def _replace_former(scope: Scope, script: Script) -> Script | None:
    """Put every earlier version out of use; return the one that was in use."""
    open_states = (ScriptState.APPROVED.value, ScriptState.WAITING.value)
    versions = Script.objects.visible_to(scope).filter(vendor_id=script.vendor_id, code=script.code)
    in_use = versions.filter(number__lt=script.number, state=ScriptState.APPROVED).first()
    for former in versions.filter(number__lt=script.number, state__in=open_states).order_by("number"):
        row_change(
            scope=scope,
            action="script.superseded",
            row=former,
            expected_version=former.version,
            values={"state": ScriptState.SUPERSEDED.value},
        )
    return in_use


@transaction.atomic
def script_withdraw(*, scope: Scope, uuid: UUID, expected_version: int, reason: str) -> Script:
    """Take a version out of use at once; no earlier one comes back.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not write scripts.
        Conflict: It is not in use or waiting, or somebody saved it meanwhile.
        Invalid: No reason is given.
    """
    scope.require("scripts.edit")
    script = selectors.script_get(scope=scope, uuid=uuid)
    if script.state not in (ScriptState.WAITING, ScriptState.APPROVED):
        raise Conflict("wrong_state", _("Only a version that is in use or waits for its review can be withdrawn."))
    if not reason.strip():
        raise _refused("reason", _("Say why."))
    rivals_refuse(scope=scope, vendor_id=script.vendor_id, texts={"reason": reason})
    row_change(
        scope=scope,
        action="script.withdrawn",
        row=script,
        expected_version=expected_version,
        values={"state": ScriptState.WITHDRAWN.value, "withdrawn_reason": reason.strip()},
    )
    return script


def lines_require(*, scope: Scope, vendors: Sequence[Vendor], references: Sequence[str]) -> None:
    """Refuse references to lines of scripts that are not in use at one of the vendors.

    Raises:
        Invalid: Beside ``body``, with what is missing where.
    """
    wanted = sorted({reference for reference in references if reference})
    missing = [
        _("%(vendor)s has no line “%(line)s” in a script that is in use.") % {"vendor": vendor.name, "line": reference}
        for vendor in vendors
        for reference in wanted
        if selectors.script_line(scope=scope, vendor_id=vendor.pk, reference=reference) is None
    ]
    if missing:
        raise Invalid("invalid", _("Please mend what is marked."), fields={"body": missing, "__all__": missing})


def code_from(name: str) -> str:
    """Return a code made of a name; names without Latin letters and digits have none.

    Raises:
        Invalid: Nothing can be made of it.
    """
    code = re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:40].strip("-")
    if not code:
        raise _refused("code", _("Give a code of capital letters, digits and hyphens."))
    return code


def _lines(parts: Sequence[Mapping[str, Any]]) -> Any:
    try:
        return parts_read(parts)
    except PartsError as error:
        told = [parts_problem(*problem) for problem in error.problems]
        raise Invalid("invalid", _("Please mend what is marked."), fields={"parts": told}) from error


def _reasons_check(scope: Scope, vendor: Vendor, codes: Sequence[str]) -> None:
    known = CallReason.objects.visible_to(scope).filter(vendor=vendor, code__in=codes)
    missing = sorted(set(codes) - set(known.values_list("code", flat=True)))
    if missing:
        message = _("%(vendor)s has no such reason of calls: %(codes)s.")
        raise _refused("reasons", message % {"vendor": vendor.name, "codes": ", ".join(missing)})


def _expiry(scope: Scope, vendor: Vendor, last: date | None) -> Any:
    if last is None:
        return None
    contract = Contract.objects.visible_to(scope).filter(vendor=vendor).order_by("-starts_on", "pk").first()
    return day_start(last + timedelta(days=1), contract.zone if contract else "UTC")


def _all_text(parts: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join("\n".join([part["text"], *part["triggers"]]) for part in parts)


def _refused(field: str, message: str) -> Invalid:
    return Invalid("invalid", _("Please mend what is marked."), fields={field: [message]})
