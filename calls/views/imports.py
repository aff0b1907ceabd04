"""Files on their way in: the list, the upload, what was found in one, and what became of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.calc.access import fields_readable
from calls import selectors, services
from calls.calc.returned import REPORT_COLUMNS
from calls.filters import BatchFilter
from calls.forms import UploadForm, errors_add
from calls.models import BatchState
from calls.tables import BatchTable, RowErrorTable
from calls.views.batch_page import facts_of, findings_of, next_of, progress_of, rows_done
from calls.wording import STATE_TONES
from core import formats
from core.components import Action, Crumb, Next
from core.errors import Conflict, HouseError, Invalid, NotFound
from core.exports import Column, export_response
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui

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

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "batch")
        hidden = [name for name in BatchTable.base_columns if name not in readable]
        return hidden if scope.is_client else [*hidden, "vendor"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        waiting = selectors.batches_open(scope=scope).filter(state=BatchState.CHECKED).count()
        aside = selectors.batches_open(scope=scope).filter(state=BatchState.QUARANTINED).count()
        return {"next": _next_of_list(scope, waiting, aside), "zone": self.get_zone(scope)}


class ErrorList(ListPage):
    """Every rejected cell of one file, values masked; the rows themselves are another download."""

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


@require_safe
def import_rejected(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Answer with the rejected rows as they came and what is wrong with each, to be mended and uploaded again."""
    scope = scope_of(request)
    scope.require("imports.view")
    batch = selectors.batch_get(scope=scope, uuid=uuid)
    if not services.rejected_kept(batch=batch):
        raise NotFound
    profile = services.profile_of(batch)
    declared = "," if profile.delimiter == "auto" else profile.delimiter
    return export_response(
        scope=scope,
        file_format="csv",
        name=f"rejected-rows-{batch.number}",
        columns=[Column(name) for name in (*services.rejected_header(batch=batch), *REPORT_COLUMNS)],
        rows=partial(services.rejected_rows, scope=scope, batch=batch),
        count=batch.rows_rejected,
        filters={"import": batch.number, "numbers": "clear" if services.numbers_clear(scope=scope) else "masked"},
        # As the file had them, so that the same profile reads the mended one.
        delimiter=batch.problem_details.get("delimiter") or declared,
        head_line=profile.header_row,
    )


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
        "submit_label": _("Upload and check"),
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
        "zone": selectors.zone_in_common(scope=scope, vendor_id=batch.vendor_id),
        "batch": batch,
        "facts": facts_of(scope, batch),
    }
    if batch.state in RUNNING:
        context |= progress_of(scope, batch, since=scope.at, done_then=rows_done(batch))
    else:
        context |= {"next": next_of(scope, batch)} | findings_of(scope, batch)
    return render(request, "calls/import_detail.html", context)


@require_safe
def import_progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer the page that watches a file: how far it is, or that the page is out of date."""
    scope = scope_of(request)
    scope.require("imports.view")
    batch = selectors.batch_get(scope=scope, uuid=uuid)
    if batch.state not in RUNNING:
        return HttpResponseClientRefresh()
    since, done_then = scope.at, rows_done(batch)
    try:
        since = datetime.fromtimestamp(float(request.GET["since"]), tz=scope.at.tzinfo)
        done_then = int(request.GET["done"])
    except (KeyError, ValueError, OverflowError, OSError):
        pass
    return render(request, "components/progress.html", progress_of(scope, batch, since=since, done_then=done_then))


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


def _already(scope: Scope, error: HouseError) -> str:
    twin = selectors.batch_get(scope=scope, uuid=UUID(str(error.details["batch"])))
    words = _("This file was received already on {day} as {link} ({state}).")
    if twin.state == BatchState.CHECKED:
        words = _("This file was received on {day} as {link}, which waits for a confirmation: confirm or discard it.")
    link = format_html(
        '<a href="{}">{}</a>',
        reverse("calls:import_detail", args=[twin.uuid]),
        _("import no. %(number)d") % {"number": twin.number},
    )
    received = formats.moment_text(twin.received_at, selectors.zone_in_common(scope=scope, vendor_id=twin.vendor_id))
    return format_html(words, day=received, link=link, state=twin.get_state_display())


def _next_of_list(scope: Scope, waiting: int, aside: int) -> Next | None:
    who = "" if scope.can("calls.import") else _("whoever may import")

    def look(state: BatchState, count: int) -> str:
        if count > 1:
            return f"{reverse('calls:imports')}?state={state}"
        only = selectors.batches_open(scope=scope).filter(state=state).first()
        return reverse("calls:import_detail", args=[only.uuid]) if only else ""

    if aside:
        step = ngettext("%(count)d file was set aside", "%(count)d files were set aside", aside) % {"count": aside}
        action = Action(_("Have a look"), look(BatchState.QUARANTINED, aside), "file-alert")
        return Next(step, who, text=_("It failed three times. Look why, then try again."), actions=[action], tone="bad")
    if waiting:
        words = ngettext("%(count)d file waits for a confirmation", "%(count)d files wait for a confirmation", waiting)
        action = Action(_("Have a look"), look(BatchState.CHECKED, waiting), "eye")
        text = _("Its rows are checked; none of them counts yet.")
        return Next(words % {"count": waiting}, who, text=text, actions=[action], tone="warning")
    return None
