"""Writing plans, drills, inspections and the monthly evidence, with the files that prove them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import row_add, row_change
from audit.services import record
from core.errors import Invalid
from core.scope import Scope
from core.uploads import is_what_it_says, original_store, plain_name, vendor_folder
from sla import selectors
from sla.calc.readiness import CHECKLISTS, System
from sla.models import ContingencyPlan, Drill, EvidenceFile, Inspection, MonthlyEvidence
from vendors import selectors as vendors

FILE_MAX_BYTES = 5 * 1024 * 1024
HEAD_BYTES = 512
# Somebody east of here may have begun the next day.
ONE_DAY = timedelta(days=1)


def plan_create(*, scope: Scope, vendor_id: int, **values: Any) -> ContingencyPlan:
    """Write down a contingency plan.

    Args:
        scope: Who acts.
        vendor_id: Whose plan it is.
        values: The plan's fields: kind, title, steps, offline_script, standby_server, owner, in_force_from, review_on.

    Raises:
        Forbidden: The role may not keep plans.
        NotFound: The vendor does not exist for the caller.
        Invalid: A value cannot be right, or the title is taken.
    """
    scope.require("plans.edit")
    plan = ContingencyPlan(vendor=vendors.vendor_of_id(scope=scope, vendor_id=vendor_id))
    _add(scope, "plan", "plan.created", plan, values)
    return plan


def plan_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> ContingencyPlan:
    """Change a plan; its version counts up and the history keeps what it said before.

    Raises:
        NotFound: The plan does not exist for the caller.
        Forbidden: The role may not keep plans.
        Conflict: Somebody saved it in the meantime.
        Invalid: A value cannot be right.
    """
    scope.require("plans.edit")
    plan = selectors.plan_get(scope=scope, uuid=uuid)
    values = _trimmed(scope, "plan", values)
    row_change(scope=scope, action="plan.changed", row=plan, expected_version=expected_version, values=values)
    return plan


def drill_plan(*, scope: Scope, plan_uuid: UUID, planned_on: date) -> Drill:
    """Plan a drill of a plan.

    Raises:
        NotFound: The plan does not exist for the caller.
        Forbidden: The role may not keep plans.
    """
    scope.require("plans.edit")
    plan = selectors.plan_get(scope=scope, uuid=plan_uuid)
    drill = Drill(vendor_id=plan.vendor_id, plan=plan)
    _add(scope, "drill", "drill.planned", drill, {"planned_on": planned_on})
    return drill


@transaction.atomic
def drill_record(
    *,
    scope: Scope,
    uuid: UUID,
    expected_version: int,
    values: Mapping[str, Any],
    upload: UploadedFile[Any] | None = None,
) -> Drill:
    """Record that a drill was held, by whom, how it went, and what proves it; may be mended later.

    Args:
        scope: Who acts.
        uuid: The drill.
        expected_version: The version that the caller saw.
        values: held_on, participants, result, findings, link; planned_on to move it.
        upload: A file that proves it.

    Raises:
        NotFound: The drill does not exist for the caller.
        Forbidden: The role may not keep plans.
        Conflict: Somebody saved it in the meantime.
        Invalid: It would be held in the future, without a result, or the file is none of the allowed kinds.
    """
    scope.require("plans.edit")
    drill = selectors.drill_get(scope=scope, uuid=uuid)
    values = _trimmed(scope, "drill", values)
    fields: dict[str, list[str]] = {}
    held_on = values.get("held_on", drill.held_on)
    if held_on is not None and held_on > scope.at.date() + ONE_DAY:
        fields["held_on"] = [_("That day lies ahead.")]
    if held_on is not None and not values.get("result", drill.result):
        fields["result"] = [_("Say how the drill went.")]
    _refuse(fields)
    if upload is not None:
        values["file"] = evidence_file_keep(scope=scope, vendor_id=drill.vendor_id, upload=upload)
    row_change(scope=scope, action="drill.recorded", row=drill, expected_version=expected_version, values=values)
    return drill


def inspection_record(
    *, scope: Scope, vendor_id: int, system: str, day: date, items: Mapping[str, bool], **values: Any
) -> Inspection:
    """Record the day's look at one system.

    Args:
        scope: Who acts; the name stands beside it.
        vendor_id: Whose system.
        system: One that has a checklist.
        day: The local day.
        items: Every item of that checklist to whether it was in order.
        values: load_ratio, bandwidth_ratio, warn_ratio (0 to 1) and note.

    Raises:
        Forbidden: The role may not record inspections.
        NotFound: The vendor does not exist for the caller.
        Invalid: The day lies ahead or was recorded, or the items are not those of the checklist.
    """
    scope.require("inspections.edit")
    vendor = vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    fields: dict[str, list[str]] = {}
    checklist = CHECKLISTS.get(System(system)) if system in CHECKLISTS else None
    if checklist is None:
        fields["system"] = [_("Choose from the list.")]
    elif set(items) != set(checklist):
        fields["items"] = [_("Answer every item of the checklist.")]
    if day > scope.at.date() + ONE_DAY:
        fields["day"] = [_("That day lies ahead.")]
    _refuse(fields)
    inspection = Inspection(vendor=vendor, checked_at=scope.at, checked_by=_name(scope))
    entered = {"system": system, "day": day, "items": dict(items), **values}
    _add(scope, "inspection", "inspection.recorded", inspection, entered)
    return inspection


@transaction.atomic
def evidence_record(
    *,
    scope: Scope,
    vendor_id: int,
    kind: str,
    month: date,
    finding_count: int = 0,
    note: str = "",
    link: str = "",
    upload: UploadedFile[Any] | None = None,
) -> MonthlyEvidence:
    """Record the proof of a month's backup or vulnerability scan.

    Args:
        scope: Who acts.
        vendor_id: Whose systems.
        kind: ``backup`` or ``scan``.
        month: Any day of the month.
        finding_count: Weaknesses found, or files that could not be restored.
        note: A remark.
        link: Where the proof lies, if not in the file.
        upload: The file that proves it.

    Raises:
        Forbidden: The role may not record it.
        NotFound: The vendor does not exist for the caller.
        Invalid: The month lies ahead or is there already, nothing proves it, or the file is not of an allowed kind.
    """
    scope.require("inspections.edit")
    vendor = vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    month = month.replace(day=1)
    fields: dict[str, list[str]] = {}
    if month > scope.at.date() + ONE_DAY:
        fields["month"] = [_("That month lies ahead.")]
    if upload is None and not link.strip():
        fields["link"] = [_("Add a file or a link that proves it.")]
    _refuse(fields)
    evidence = MonthlyEvidence(vendor=vendor, recorded_at=scope.at, recorded_by=_name(scope))
    file = None if upload is None else evidence_file_keep(scope=scope, vendor_id=vendor_id, upload=upload)
    values = {"kind": kind, "month": month, "finding_count": finding_count, "note": note, "link": link, "file": file}
    _add(scope, "evidence", "evidence.recorded", evidence, values)
    return evidence


def evidence_file_keep(*, scope: Scope, vendor_id: int, upload: UploadedFile[Any]) -> EvidenceFile:
    """Keep a file that proves something; the caller has asked for the right to.

    Raises:
        NotFound: The vendor does not exist for the caller.
        Invalid: It is empty, larger than 5 MB, of no allowed kind, or begins unlike its name says.
    """
    vendor = vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    name = plain_name(upload.name or "")
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    if not is_what_it_says(name, head):
        _refuse({"upload": [_("Attach a PDF, PNG, JPEG, DOCX, XLSX, ZIP, TXT, CSV or LOG file.")]})
    folder = vendor_folder(vendor_id) / "evidence"
    try:
        digest, size, path = original_store(folder, upload.chunks(), FILE_MAX_BYTES)
    except Invalid as refusal:
        _refuse({"upload": [refusal.message]})
        raise
    file = EvidenceFile(
        vendor=vendor, file_name=name, size_bytes=size, sha256=digest, received_at=scope.at,
        received_by=_name(scope),
    )  # fmt: skip
    try:
        with transaction.atomic():
            file.save(force_insert=True)
            record(
                scope=scope,
                action="evidence_file.kept",
                target=file,
                changes={"sha256": digest.hex(), "size_bytes": size},
            )
        path.rename(selectors.evidence_file_path(file))
    finally:
        path.unlink(missing_ok=True)
    return file


def _name(scope: Scope) -> str:
    """Return who did it, as both sides may read it: to a vendor, the client's people are the client."""
    return (scope.organization_name if scope.is_client else scope.actor)[:150]


def _add(scope: Scope, obj: str, action: str, row: Any, values: Mapping[str, Any]) -> None:
    values = _trimmed(scope, obj, values)
    for name, value in values.items():
        setattr(row, name, value)
    row_add(scope=scope, action=action, row=row, entered=values)


def _trimmed(scope: Scope, obj: str, values: Mapping[str, Any]) -> dict[str, Any]:
    fields_require(scope=scope, obj=obj, names=values)
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _refuse(fields: Mapping[str, list[str]]) -> None:
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
