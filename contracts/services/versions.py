"""The life of a version: drafted from the former one, filled in, submitted, signed by a second person, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import EllipsisType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import row_add, row_change
from audit.services import record
from contracts import selectors
from contracts.calc import document as documents
from contracts.calc.lifecycle import PERMISSION, State, Step, effective_from_problem, next_state
from contracts.models import Contract, Version
from contracts.services.agreements import contract_end, contract_lock, end_check
from contracts.services.terms import (
    INCIDENT_LIMITS,
    Definitions,
    Targets,
    checked_terms,
    copied_terms,
    incident_limits_problems,
    terms_changes,
    terms_write,
)
from contracts.wording import EFFECTIVE_PROBLEMS, STATES
from core.errors import Conflict, Invalid
from core.periods import local_day
from core.scope import Scope

ROUND_THE_CLOCK = {str(weekday): [["00:00", "24:00"]] for weekday in range(7)}
DOCUMENT_FORMAT = 2


@transaction.atomic
def version_draft(*, scope: Scope, contract_uuid: UUID, effective_from: date | None = None) -> Version:
    """Begin a contract's next version with the terms of the newest signed one; the first with the usual ones.

    Args:
        scope: Who acts.
        contract_uuid: The contract.
        effective_from: First local day; by default the contract's start, for an amendment the next month's first.

    Raises:
        Forbidden: The role may not write contracts.
        NotFound: The contract does not exist for the caller.
        Conflict: Another version is in work.
        Invalid: A version cannot take effect on that day.
    """
    scope.require(PERMISSION[Step.EDIT])
    contract = contract_lock(scope=scope, uuid=contract_uuid)
    if selectors.version_in_work(scope=scope, contract=contract) is not None:
        raise Conflict("in_work", _("Another version of this contract is in work; finish that one first."))
    signed_from = selectors.newest_signed_from(scope=scope, contract_id=contract.pk)
    source = selectors.version_of_day(scope=scope, contract=contract, day=signed_from) if signed_from else None
    day = effective_from or _usual_day(scope, contract, signed_from)
    _check_day(contract, day, signed_from)
    version = Version(
        vendor_id=contract.vendor_id,
        contract=contract,
        number=selectors.last_number(scope=scope, contract_id=contract.pk) + 1,
        effective_from=day,
        ends_on=contract.ends_on,
        service_hours=source.service_hours if source else ROUND_THE_CLOCK,
        **({name: getattr(source, name) for name in INCIDENT_LIMITS} if source else {}),
        drafted_by_id=scope.user_id,
    )
    row_add(
        scope=scope,
        action="version.drafted",
        row=version,
        entered={"number": version.number, "effective_from": day},
        vendor_id=scope.organization_id,
    )
    queues = [row.queue for row in selectors.queues_from(scope=scope, contract_id=contract.pk, day=day)]
    terms_write(scope=scope, version=version, terms=copied_terms(source=source, queues=queues))
    return selectors.version_get(scope=scope, uuid=version.uuid)


def _usual_day(scope: Scope, contract: Contract, signed_from: date | None) -> date:
    if signed_from is None:
        return contract.starts_on
    today = local_day(scope.at, contract.zone)
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    usual = max(next_month, signed_from + timedelta(days=1))
    return usual if contract.ends_on is None else min(usual, contract.ends_on)


@transaction.atomic
def version_update_terms(
    *,
    scope: Scope,
    uuid: UUID,
    expected_version: int,
    effective_from: date | None = None,
    ends_on: date | EllipsisType | None = ...,
    change_note: str | None = None,
    service_hours: Mapping[str, list[list[str]]] | None = None,
    incident_locate_minutes: int | None = None,
    incident_restore_minutes: int | None = None,
    definitions: Definitions | None = None,
    targets: Targets | None = None,
) -> Version:
    """Change the terms of a draft; what is left out stays.

    Args:
        scope: Who acts.
        uuid: The version.
        expected_version: The row's version that the caller saw.
        effective_from: First local day.
        ends_on: The contract's last day once this version is signed, None if open; of an amendment only.
        change_note: What changes and why, for both sides to read.
        service_hours: Weekday ``"0"`` to ``"6"`` to windows, as ``contracts.calc.hours.parse`` reads them.
        incident_locate_minutes: Within how many minutes an incident is located, 1 to a day's.
        incident_restore_minutes: Within how many the service is restored, at most 30 days'.
        definitions: Queue to recipe, all of them; the key None stands for every queue covered.
        targets: (Queue, KPI) to target, all of them; a queue of None stands for every queue covered.

    Raises:
        Forbidden: The role may not write contracts.
        NotFound: The version does not exist for the caller.
        Conflict: It is no draft any more, or somebody saved it in the meantime.
        Invalid: Named by place: ``effective_from``, ``ends_on``, ``service_hours``, ``definitions``, and for a target
            ``<queue uuid or all>-<kpi>-<line>``.
    """
    version = _take(scope, uuid, Step.EDIT)
    contract = version.contract
    values: dict[str, Any] = {
        name: value
        for name, value in (
            ("effective_from", effective_from),
            ("change_note", None if change_note is None else change_note.strip()),
            ("service_hours", service_hours),
            ("incident_locate_minutes", incident_locate_minutes),
            ("incident_restore_minutes", incident_restore_minutes),
        )
        if value is not None
    }
    if not isinstance(ends_on, EllipsisType):
        values["ends_on"] = ends_on
    fields_require(scope=scope, obj="version", names=values)
    day = effective_from or version.effective_from
    queues = [row.queue for row in selectors.queues_from(scope=scope, contract_id=contract.pk, day=day)]
    fields: dict[str, list[str]] = {}
    fields |= incident_limits_problems(version=version, values=values)
    terms = checked_terms(queues=queues, values=values, definitions=definitions, targets=targets, fields=fields)
    try:
        _check_term(scope, contract, day, values.get("ends_on", version.ends_on))
    except Invalid as error:
        fields |= error.fields
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    row_change(
        scope=scope,
        action="version.terms_changed",
        row=version,
        expected_version=expected_version,
        values=values,
        parts=terms_changes(version=version, terms=terms),
        vendor_id=scope.organization_id,
    )
    terms_write(scope=scope, version=version, terms=terms)
    return selectors.version_get(scope=scope, uuid=uuid)


@transaction.atomic
def version_submit(*, scope: Scope, uuid: UUID, expected_version: int) -> Version:
    """Hand a complete draft to a second person for signing; from here on its terms stand still.

    Raises:
        Forbidden, NotFound: As :func:`version_update_terms`.
        Conflict: It is no draft, somebody saved it in the meantime, or no person acts.
        Invalid: Terms are missing.
    """
    version = _take(scope, uuid, Step.SUBMIT)
    _person(scope)
    _check_complete(scope, version)
    return _step(
        scope,
        version,
        expected_version,
        Step.SUBMIT,
        {"submitted_by_id": scope.user_id, "submitted_at": scope.at, "return_note": ""},
    )


@transaction.atomic
def version_return(*, scope: Scope, uuid: UUID, expected_version: int, reason: str) -> Version:
    """Send a submitted version back to be mended.

    Raises:
        Forbidden: The role may not sign.
        NotFound: The version does not exist for the caller.
        Conflict: It is not in review, or somebody acted on it in the meantime.
        Invalid: No reason is given.
    """
    version = _take(scope, uuid, Step.RETURN)
    if not reason.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"reason": [_("Say what is to be mended.")]})
    return _step(scope, version, expected_version, Step.RETURN, {"return_note": reason.strip()})


@transaction.atomic
def version_sign(*, scope: Scope, uuid: UUID, expected_version: int) -> Version:
    """Sign a submitted version: it is sealed word for word and never changes again.

    A version may begin in the past, after the first day of the last signed one; those days are measured again.

    Raises:
        Forbidden: The role may not sign.
        NotFound: The version does not exist for the caller.
        Conflict: It is not in review, somebody acted on it in the meantime, or the signer submitted it.
        Invalid: Terms are missing, or the day it begins on is not possible any more.
    """
    version = _take(scope, uuid, Step.SIGN)
    _person(scope)
    if version.submitted_by_id == scope.user_id:
        raise Conflict("second_person", _("You submitted this version; a second person must sign it."))
    _check_stale(version, expected_version)
    _check_complete(scope, version)
    version.document = document_of(version=version)
    version.document_hash = documents.digest(version.document)
    version.state, version.signed_by_id, version.signed_at = State.SIGNED.value, scope.user_id, scope.at
    version.version += 1
    version.save(update_fields=["state", "signed_by_id", "signed_at", "document", "document_hash", "version"])
    contract_end(scope=scope, contract=version.contract, ends_on=version.ends_on)
    # The first entry that the vendor may read: from here on the terms are theirs too.
    record(
        scope=scope,
        action="version.signed",
        target=version,
        changes={
            "number": version.number,
            "effective_from": version.effective_from,
            "ends_on": version.ends_on,
            "state": [State.IN_REVIEW.value, State.SIGNED.value],
            "document_hash": version.document_hash.hex(),
        },
    )
    return selectors.version_get(scope=scope, uuid=uuid)


def document_of(*, version: Version) -> dict[str, Any]:
    """Return everything that a version promises, as plain JSON; queues by their codes."""
    contract = version.contract
    targets: dict[str, dict[str, dict[str, str]]] = {}
    for row in version.targets.all():
        targets.setdefault(row.queue.code, {})[row.kpi] = row.terms.as_dict()
    return {
        "format": DOCUMENT_FORMAT,
        "contract": {
            "vendor": contract.vendor.code,
            "code": contract.code,
            "name": contract.name,
            "zone": contract.zone,
            "currency": contract.currency,
            "starts_on": contract.starts_on.isoformat(),
            "ends_on": version.ends_on.isoformat() if version.ends_on else None,
        },
        "version": {
            "number": version.number,
            "effective_from": version.effective_from.isoformat(),
            "change_note": version.change_note,
        },
        "service_hours": version.service_hours,
        "incident_limits": {name: getattr(version, name) for name in INCIDENT_LIMITS},
        "definitions": {row.queue.code: row.definition.as_dict() for row in version.definitions.all()},
        "targets": targets,
    }


def _take(scope: Scope, uuid: UUID, step: Step) -> Version:
    """Return a version for a step, with its contract locked; refuse a step that its state does not have."""
    scope.require(PERMISSION[step])
    contract_lock(scope=scope, versions__uuid=uuid)
    version = selectors.version_get(scope=scope, uuid=uuid)
    if next_state(State(version.state), step) is None:
        words, _tone = STATES[State(version.state)]
        raise Conflict(
            "step",
            _("This cannot be done to a version in the state “%(state)s”.") % {"state": words},
            details={"state": version.state, "step": step.value},
        )
    return version


def _step(scope: Scope, version: Version, expected_version: int, step: Step, values: dict[str, Any]) -> Version:
    target = next_state(State(version.state), step)
    _check_stale(version, expected_version)
    row_change(
        scope=scope,
        action={Step.SUBMIT: "version.submitted", Step.RETURN: "version.returned"}[step],
        row=version,
        expected_version=expected_version,
        values={"state": target.value if target else "", **values},
        untold=("submitted_by_id", "submitted_at"),
        vendor_id=scope.organization_id,
    )
    return selectors.version_get(scope=scope, uuid=version.uuid)


def _check_stale(version: Version, expected_version: int) -> None:
    if version.version != expected_version:
        raise Conflict("stale", _("Somebody saved this in the meantime; look at what is there now."))


def _check_day(contract: Contract, day: date, signed_from: date | None) -> None:
    problem = effective_from_problem(
        day, starts_on=contract.starts_on, ends_on=contract.ends_on, newest_signed_from=signed_from
    )
    if problem is not None:
        raise Invalid(
            "invalid",
            _("Please mend what is marked."),
            fields={"effective_from": [str(EFFECTIVE_PROBLEMS[problem])]},
        )


def _check_term(scope: Scope, contract: Contract, day: date, ends_on: date | None) -> None:
    """Refuse a first day of a version, or a last day of the contract, that cannot be."""
    signed_from = selectors.newest_signed_from(scope=scope, contract_id=contract.pk)
    _check_day(contract, day, signed_from)
    if ends_on == contract.ends_on:
        return
    message = ""
    if signed_from is None:
        message = _("Nothing is signed yet: set the last day on the contract itself.")
    elif ends_on is not None and ends_on < day:
        message = _("The last day lies before the day on which this version takes effect.")
    if message:
        raise Invalid("invalid", _("Please mend what is marked."), fields={"ends_on": [message]})
    end_check(scope=scope, contract=contract, ends_on=ends_on)


def _check_complete(scope: Scope, version: Version) -> None:
    contract = version.contract
    _check_term(scope, contract, version.effective_from, version.ends_on)
    missing = selectors.version_gaps(scope=scope, version=version)
    if missing:
        raise Invalid("incomplete", _("Terms are missing."), fields={"__all__": missing})


def _person(scope: Scope) -> None:
    if scope.user_id is None:
        raise Conflict("person", _("Only a person can do this, not the platform."))
