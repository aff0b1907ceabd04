"""Files on their way in: the list, the upload, what was found in one, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.calc.access import fields_readable
from calls import selectors, services
from calls.filters import BatchFilter
from calls.forms import UploadForm, errors_add
from calls.models import Batch, BatchState
from calls.tables import BatchTable, RowErrorTable
from calls.wording import OUTCOMES, STATE_TONES, note_text, problem_words, rule_remedy, rule_text
from core import formats
from core.components import Action, Crumb, Fact, Next, Progress
from core.errors import Conflict, HouseError, Invalid
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui

ERRORS_SHOWN = 10
STALLED_AFTER = timedelta(seconds=60)
RUNNING = (BatchState.RECEIVED, BatchState.CONFIRMED)
HOME = Crumb(gettext_lazy("Imports"), reverse_lazy("calls:imports"))


class BatchList(ListPage):
    """Every file that came in, whichever way."""

    name = "imports"
    title = gettext_lazy("Imports")
    intro = gettext_lazy("Files with calls: received, checked, confirmed, loaded. Every row is accounted for.")
    permission = "imports.view"
    crumbs = (Crumb(gettext_lazy("Imports")),)
    table_class = BatchTable
    filterset_class = BatchFilter
    template_name = "calls/import_list.html"
    action = Action(gettext_lazy("Upload a file"), reverse_lazy("calls:import_new"), "upload", "calls.import")
    menu = (
        Action(gettext_lazy("How a call file looks"), reverse_lazy("calls:format"), "file-text"),
        Action(gettext_lazy("Import profiles"), reverse_lazy("calls:profiles"), "adjustments"),
    )
    empty_text = gettext_lazy("Call files land here: uploaded, sent by a program, or loaded by a command.")
    empty_action = action
    empty_sample = Action(gettext_lazy("Download the template"), reverse_lazy("calls:template"), "file-download")

    def get_rows(self, scope: Scope) -> Any:
        return selectors.batch_list(scope=scope)

    def get_zone(self, scope: Scope) -> str:
        return zone_in_common(scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "batch")
        hidden = [name for name in BatchTable.base_columns if name not in readable]
        return hidden if scope.is_client else [*hidden, "vendor"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        waiting = selectors.batches_open(scope=scope).filter(state=BatchState.CHECKED).count()
        aside = selectors.batches_open(scope=scope).filter(state=BatchState.QUARANTINED).count()
        return {"next": _next_of_list(scope, waiting, aside), "zone": self.get_zone(scope)}


class ErrorList(ListPage):
    """Every rejected cell of one file; the export is the file that goes back to the sender."""

    name = "import-errors"
    title = gettext_lazy("Rejected rows")
    permission = "imports.view"
    table_class = RowErrorTable
    empty_text = gettext_lazy("No row of this file was rejected.")

    def get_rows(self, scope: Scope) -> Any:
        self.batch = selectors.batch_get(scope=scope, uuid=self.kwargs["uuid"])
        return selectors.row_errors(scope=scope, batch=self.batch)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        detail = reverse("calls:import_detail", args=[self.batch.uuid])
        return {
            "title": _("Rejected rows of %(file)s") % {"file": self.batch.file_name},
            "crumbs": (HOME, Crumb(self.batch.file_name, detail), Crumb(_("Rejected rows"))),
        }


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Receive a file; it is checked in the background and loads nothing before somebody confirms."""
    scope = scope_of(request)
    scope.require("calls.import")
    form = UploadForm(request.POST or None, request.FILES or None, scope=scope)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                batch = services.batch_receive(
                    scope=scope,
                    vendor_id=form.cleaned_data["vendor_id"],
                    source="page",
                    file_name=upload.name,
                    chunks=upload.chunks(),
                    profile=form.cleaned_data["profile"],
                )
            except Conflict as error:
                form.add_error("file", _already(scope, error))
            except Invalid as error:
                errors_add(form, error)
            else:
                return redirect("calls:import_detail", uuid=batch.uuid)
    context = {
        "title": _("Upload a call file"),
        "intro": _("The file is checked first. Nothing counts before you have seen the result and confirmed it."),
        "crumbs": [HOME, Crumb(_("Upload"))],
        "form": form,
        "cancel_url": reverse("calls:imports"),
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_megabytes": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
    }
    return render(request, "calls/import_new.html", context, status=status)


@require_safe
def import_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show where a file is on its way, what was found in it, and what became of its rows."""
    scope = scope_of(request)
    scope.require("imports.view")
    batch = selectors.batch_get(scope=scope, uuid=uuid)
    context: dict[str, Any] = {
        "title": batch.file_name,
        "title_badge": ui.badge(STATE_TONES[batch.state], batch.get_state_display()),
        "crumbs": [HOME, Crumb(_("Import no. %(number)d") % {"number": batch.number})],
        "zone": zone_in_common(scope, vendor_id=batch.vendor_id),
        "batch": batch,
        "facts": _facts(scope, batch),
    }
    if batch.state in RUNNING:
        context |= _progress(scope, batch, since=scope.at, done_then=_done(batch))
    else:
        context |= {"next": _next_of_batch(scope, batch)} | _findings(scope, batch)
    return render(request, "calls/import_detail.html", context)


@require_safe
def import_progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer the page that watches a file: how far it is, or that the page is out of date."""
    scope = scope_of(request)
    scope.require("imports.view")
    batch = selectors.batch_get(scope=scope, uuid=uuid)
    if batch.state not in RUNNING:
        return HttpResponseClientRefresh()
    since, done_then = scope.at, _done(batch)
    try:
        since = datetime.fromtimestamp(float(request.GET["since"]), tz=scope.at.tzinfo)
        done_then = int(request.GET["done"])
    except (KeyError, ValueError, OverflowError, OSError):
        pass
    return render(request, "components/progress.html", _progress(scope, batch, since=since, done_then=done_then))


@require_POST
def import_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let the good rows be loaded."""
    scope = scope_of(request)
    services.batch_confirm(scope=scope, batch=selectors.batch_get(scope=scope, uuid=uuid))
    return redirect("calls:import_detail", uuid=uuid)


@require_POST
def import_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Drop a file of which nothing was loaded."""
    scope = scope_of(request)
    services.batch_cancel(scope=scope, batch=selectors.batch_get(scope=scope, uuid=uuid))
    return redirect("calls:import_detail", uuid=uuid)


@require_POST
def import_retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a file that was set aside back in line."""
    scope = scope_of(request)
    services.batch_retry(scope=scope, batch=selectors.batch_get(scope=scope, uuid=uuid))
    return redirect("calls:import_detail", uuid=uuid)


def zone_in_common(scope: Scope, *, vendor_id: int | None = None) -> str:
    """Return the zone that all contracts in view share, else UTC."""
    refs = selectors.contract_refs(scope=scope).values()
    zones = {ref.zone for ref in refs if vendor_id in (None, ref.vendor_id)}
    return zones.pop() if len(zones) == 1 else "UTC"


def _already(scope: Scope, error: HouseError) -> str:
    twin = selectors.batch_get(scope=scope, uuid=UUID(str(error.details["batch"])))
    words = _("This file was received already on {day} as {link} ({state}).")
    link = format_html(
        '<a href="{}">{}</a>',
        reverse("calls:import_detail", args=[twin.uuid]),
        _("import no. %(number)d") % {"number": twin.number},
    )
    received = formats.moment_text(twin.received_at, zone_in_common(scope, vendor_id=twin.vendor_id))
    return format_html(words, day=received, link=link, state=twin.get_state_display())


def _next_of_list(scope: Scope, waiting: int, aside: int) -> Next | None:
    address = reverse("calls:imports")
    who = "" if scope.can("calls.import") else _("whoever may import")
    if aside:
        step = ngettext("%(count)d file was set aside", "%(count)d files were set aside", aside) % {"count": aside}
        action = Action(_("Look at it"), f"{address}?state=quarantined", "file-alert")
        return Next(step, who, text=_("It failed three times. Look why, then try again."), actions=[action], tone="bad")
    if waiting:
        words = ngettext("%(count)d file waits for a confirmation", "%(count)d files wait for a confirmation", waiting)
        action = Action(_("Look at it"), f"{address}?state=checked", "eye")
        text = _("Its rows are checked; none of them counts yet.")
        return Next(words % {"count": waiting}, who, text=text, actions=[action], tone="warning")
    return None


def _facts(scope: Scope, batch: Batch) -> list[Fact]:
    readable = fields_readable(scope.role, scope.side, "batch")
    zone = zone_in_common(scope, vendor_id=batch.vendor_id)
    size = _("%(size)s kB") % {"size": formats.count_text(max(batch.size_bytes // 1000, 1))}
    shown: list[tuple[str, Any, Any]] = [
        ("number", _("No."), batch.number),
        ("vendor", _("Vendor"), batch.vendor.name),
        ("profile", _("Read as"), batch.profile or _("template")),
        ("size_bytes", _("Size"), size),
        ("received_at", _("Received"), formats.moment_text(batch.received_at, zone)),
        ("received_by", _("By"), batch.received_by or None),
        ("source", _("Way in"), batch.get_source_display()),
    ]
    facts = [Fact(label, value) for name, label, value in shown if name in readable and value is not None]
    if batch.first_offered_at and batch.last_offered_at:
        ends = (formats.moment_text(moment, zone) for moment in (batch.first_offered_at, batch.last_offered_at))
        facts.append(Fact(_("Calls of"), " – ".join(ends), hint=zone))
    return facts


def _done(batch: Batch) -> int:
    if batch.state == BatchState.RECEIVED:
        return batch.rows_seen
    return batch.rows_new + batch.rows_updated + batch.rows_unchanged + batch.rows_superseded + batch.rows_duplicate


def _progress(scope: Scope, batch: Batch, *, since: datetime, done_then: int) -> dict[str, Any]:
    """Return the progress panel; ``since`` and ``done_then`` are what the page saw last before the work moved."""
    done, now = _done(batch), scope.at
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


def _next_of_batch(scope: Scope, batch: Batch) -> Next | None:
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


def _findings(scope: Scope, batch: Batch) -> dict[str, Any]:
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
        "notes": [note_text(code=code, details=values) for code, values in details.get("notes", [])],
        "readings": _readings(details),
        "errors": errors,
        "errors_url": reverse("calls:import_errors", args=[batch.uuid]),
        "unknown": selectors.unknown_codes(scope=scope, batch=batch) if errors else [],
        "kinds": [
            (rule_text(rule=row["rule"], column="…", value="…"), row["count"])
            for row in (selectors.error_kinds(scope=scope, batch=batch) if errors else [])
        ],
        "preview": preview_rows(services.batch_preview(batch=batch)) if batch.state == BatchState.CHECKED else [],
        "account": services.account_of(batch) if batch.state == BatchState.LOADED else None,
        "good": batch.rows_read - batch.rows_rejected,
        "calls_url": f"{reverse('calls:list')}?import={batch.uuid}",
    }


def preview_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return checked rows with their codes in words."""
    return [row | {"outcome_word": OUTCOMES[row["outcome"]]} for row in rows]


def _readings(details: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the file's first lines in each encoding that fits, numbers masked."""
    found = dict(details.get("readings") or {})
    found |= {key.removeprefix("reading_"): value for key, value in details.items() if key.startswith("reading_")}
    return list(found.items())
