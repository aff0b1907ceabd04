"""What the page of one import says: facts, progress, the next step, findings and the account of rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.calc.access import fields_readable
from calls import selectors, services
from calls.models import Batch, BatchState
from calls.wording import OUTCOMES, note_text, problem_words, rule_remedy, rule_text
from core import formats
from core.components import Action, Fact, Next, Progress
from core.periods import local_day
from core.scope import Scope

ERRORS_SHOWN = 10
STALLED_AFTER = timedelta(seconds=60)


def facts_of(scope: Scope, batch: Batch) -> list[Fact]:
    readable = fields_readable(scope.role, scope.side, "batch")
    zone = selectors.zone_in_common(scope=scope, vendor_id=batch.vendor_id)
    size = _("%(size)s kB") % {"size": formats.count_text(max(batch.size_bytes // 1000, 1))}
    shown: list[tuple[str, Any, Any]] = [
        ("number", _("No."), batch.number),
        ("vendor", _("Vendor"), batch.vendor.name),
        ("profile", _("Read as"), batch.profile or _("template")),
        ("size_bytes", _("Size"), size),
        ("received_at", _("Received"), f"{formats.moment_text(batch.received_at, zone)} ({zone})"),
        ("received_by", _("By"), batch.received_by or None),
        ("source", _("Way in"), batch.get_source_display()),
    ]
    hidden = () if scope.is_client else ("vendor",)
    facts = [Fact(label, value) for name, label, value in shown if name in readable - set(hidden) and value is not None]
    if batch.first_offered_at and batch.last_offered_at:
        ends = (formats.moment_text(moment, zone) for moment in (batch.first_offered_at, batch.last_offered_at))
        facts.append(Fact(_("Calls of"), " – ".join(ends), hint=zone))
    return facts


def rows_done(batch: Batch) -> int:
    if batch.state == BatchState.RECEIVED:
        return batch.rows_seen
    return batch.rows_new + batch.rows_updated + batch.rows_unchanged + batch.rows_superseded + batch.rows_duplicate


def progress_of(scope: Scope, batch: Batch, *, since: datetime, done_then: int) -> dict[str, Any]:
    """Return the progress panel; ``since`` and ``done_then`` are what the page saw last before the work moved."""
    done, now = rows_done(batch), scope.at
    is_loading = batch.state == BatchState.CONFIRMED
    total = batch.rows_read - batch.rows_rejected if is_loading else None
    facts = []
    if done > done_then:
        seconds = (now - since).total_seconds()
        if total and seconds > 0:
            left = (total - done) * seconds / (done - done_then)
            facts.append(Fact(_("about"), _("%(time)s left") % {"time": formats.seconds_text(round(left))}))
    held = batch.lease_until is not None and batch.lease_until > now
    last_move = batch.received_at if not is_loading and not batch.attempts else since
    if not held and now - last_move > STALLED_AFTER and done <= done_then:
        text = _("Waiting for the worker. The file is safe; work goes on as soon as one is free.")
    elif is_loading:
        text = _("Loading the good rows")
    else:
        text = _("Checking every row") if batch.rows_seen or held else _("In line to be checked")
    cancel = None
    if not is_loading and scope.can("calls.import"):
        cancel = Action(
            _("Cancel the import"),
            reverse("calls:import_cancel", args=[batch.uuid]),
            "x",
            post=True,
            confirm=_("Cancel the import of %(file)s?") % {"file": batch.file_name},
        )
    address = reverse("calls:import_progress", args=[batch.uuid])
    return {
        "progress": Progress(done=done, total=total, text=text, facts=facts, cancel=cancel),
        "progress_url": f"{address}?since={since.timestamp():.0f}&done={done_then}",
    }


def next_of(scope: Scope, batch: Batch) -> Next | None:
    may = scope.can("calls.import")
    who = "" if may else _("whoever may import")
    again = Action(_("Upload another file"), reverse("calls:import_new"), "upload")
    names = {"file": batch.file_name, "vendor": batch.vendor.name}
    if batch.state == BatchState.CHECKED:
        good = batch.rows_read - batch.rows_rejected
        words = names | {"good": formats.count_text(good), "bad": formats.count_text(batch.rows_rejected)}
        cancel = Action(
            _("Cancel the import"),
            reverse("calls:import_cancel", args=[batch.uuid]),
            "x",
            post=True,
            confirm=_("Cancel the import of %(file)s? Nothing of it was loaded.") % names,
        )
        if not good:
            text = _("No row of this file can be loaded. Mend it and upload it again.")
            return Next(_("Nothing to load"), who, text=text, actions=[cancel] if may else [], tone="bad")
        load = Action(
            ngettext("Load %(good)s good row", "Load %(good)s good rows", good) % words,
            reverse("calls:import_confirm", args=[batch.uuid]),
            "check",
            post=True,
            confirm=_("Load %(good)s calls of %(file)s for %(vendor)s? They count in the figures from then on.")
            % words,
        )
        if batch.rows_rejected:
            text = _(
                "%(bad)s rows are rejected and stay out. You can load the others now and send the mended rows later."
            )
        else:
            text = _("Every row is good.")
        if batch.problem_details.get("is_encoding_guessed"):
            text += " " + _("The encoding was guessed: make sure that names and texts below read well.")
        step = _("Waiting for a confirmation")
        return Next(step, who, text=text % words, actions=[load, cancel] if may else [], tone="warning")
    if batch.state in (BatchState.REFUSED, BatchState.QUARANTINED):
        details = {"read": batch.rows_read} | batch.problem_details
        message, remedy = problem_words(code=batch.problem, details=details)
        retry = Action(_("Try again"), reverse("calls:import_retry", args=[batch.uuid]), "refresh", post=True)
        is_aside = batch.state == BatchState.QUARANTINED
        step = _("Set aside") if is_aside else _("Nothing was loaded")
        actions = [retry if is_aside else again] if may else []
        return Next(step, who, text=f"{message} {remedy}", actions=actions, tone="bad")
    if batch.state == BatchState.CANCELED:
        text = _("Nothing of this file was loaded. The same file may be sent again.")
        return Next(_("Canceled"), text=text, actions=[again] if may else [], tone="neutral")
    return None


def findings_of(scope: Scope, batch: Batch) -> dict[str, Any]:
    """Return what was found in a checked file: notes, readings, first errors, unknown codes, account."""
    details: Mapping[str, Any] = batch.problem_details
    errors = [
        {
            "line": error.line,
            "column": error.column,
            "text": rule_text(rule=error.rule, column=error.column, value=error.value),
            "remedy": rule_remedy(rule=error.rule),
            "value": error.value,
        }
        for error in selectors.row_errors(scope=scope, batch=batch)[:ERRORS_SHOWN]
    ]
    return {
        "notes": notes_of(batch),
        "readings": _readings(details),
        "errors": errors,
        "rejected_url": (
            reverse("calls:import_rejected", args=[batch.uuid]) if services.rejected_kept(batch=batch) else ""
        ),
        "numbers_clear": services.numbers_clear(scope=scope),
        "errors_url": reverse("calls:import_errors", args=[batch.uuid]),
        "unknown": selectors.unknown_codes(scope=scope, batch=batch) if errors else [],
        "kinds": [
            (rule_text(rule=row["rule"], column="…", value="…"), row["count"])
            for row in (selectors.error_kinds(scope=scope, batch=batch) if errors else [])
        ],
        "preview": preview_rows(services.batch_preview(batch=batch)) if batch.state == BatchState.CHECKED else [],
        "account": services.account_of(batch) if batch.state == BatchState.LOADED else None,
        "is_unsigned": batch.state == BatchState.LOADED and selectors.batch_has_unsigned(scope=scope, batch=batch),
        "good": batch.rows_read - batch.rows_rejected,
        "calls_url": f"{reverse('calls:list')}?import={batch.uuid}",
        "kpis_url": _kpis_url(scope, batch),
    }


def notes_of(batch: Batch) -> list[str]:
    """Return the remarks about a file: the reader's, and the loader's on rows that rival each other."""
    details: Mapping[str, Any] = batch.problem_details
    notes = list(details.get("notes", []))
    if same := details.get("same_revision"):
        notes.append(["revision_same", {"count": same}])
    return [note_text(code=code, details=values) for code, values in notes]


def _kpis_url(scope: Scope, batch: Batch) -> str:
    """Return where the figures of the file's days are, if this installation shows figures."""
    if not (batch.first_offered_at and batch.last_offered_at and scope.can("kpis.view")):
        return ""
    try:
        explorer = reverse("reports:explorer")
    except NoReverseMatch:
        return ""
    zone = selectors.zone_in_common(scope=scope, vendor_id=batch.vendor_id)
    first, last = (local_day(moment, zone) for moment in (batch.first_offered_at, batch.last_offered_at))
    asked = [("metrics", "service_level"), ("metrics", "volume"), ("interval", "day"), ("group_by", "queue")]
    asked += [("vendor", batch.vendor.code), ("from", first.isoformat())]
    asked += [("to", (last + timedelta(days=1)).isoformat())]
    return f"{explorer}?{urlencode(asked)}"


def preview_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return checked rows with their codes in words."""
    return [row | {"outcome_word": OUTCOMES[row["outcome"]]} for row in rows]


def _readings(details: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the file's first lines in each encoding that fits, numbers masked."""
    found = dict(details.get("readings") or {})
    found |= {key.removeprefix("reading_"): value for key, value in details.items() if key.startswith("reading_")}
    return list(found.items())
