"""Scripts on the phone: big and calm, with a box for what the customer said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import formats
from core.components import Action, Crumb
from core.errors import BadParameter, NotFound
from core.http import scope_of
from core.scope import Scope
from qa import selectors
from qa.models import STAGES, Script
from qa.tables.scripts import script_url, state_badge
from qa.views.scripts import SCRIPTS
from vendors import selectors as vendors

SAID_MOST = 300


@require_safe
def read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one version as somebody reads it on the phone."""
    scope = scope_of(request)
    scope.require("scripts.view")
    script = selectors.script_get(scope=scope, uuid=uuid)
    stages: list[tuple[str, str, list[Any]]] = []
    for line in script.lines:
        if not stages or stages[-1][0] != line.stage:
            stages.append((line.stage.value, str(STAGES[line.stage]), []))
        stages[-1][2].append(line)
    own = next((row for row in selectors.rounds_own(scope=scope) if row.script_id == script.pk), None)
    confirmed = selectors.confirmation_of(scope=scope, script=script)
    context = {
        "title": script.name,
        "title_badge": state_badge(script, scope.at),
        "crumbs": (SCRIPTS, Crumb(script.name)),
        "menu": [Action(_("About this version"), script_url(script), "info-circle")],
        "script": script,
        "stages": [(number, *stage) for number, stage in enumerate(stages, start=1)],
        "may_confirm": scope.can("scripts.confirm") and script.is_usable(scope.at) and confirmed is None,
        "asked": own,
        "confirmed": confirmed,
        **_found(scope, request, script),
    }
    return render(request, "qa/script_read.html", context)


@require_safe
def line(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to the line that a form or a rule points at, in the version that is in use at a vendor."""
    scope = scope_of(request)
    scope.require("scripts.view")
    chosen = vendors.vendor_list(scope=scope)
    if request.GET.get("vendor"):
        try:
            chosen = chosen.filter(uuid=UUID(request.GET["vendor"]))
        except ValueError:
            raise NotFound from None
    for vendor in chosen:
        found = selectors.script_line(scope=scope, vendor_id=vendor.pk, reference=reference)
        if found is not None:
            address = reverse("qa:script_read", args=[found[0].uuid])
            return redirect(f"{address}#line-{found[1].key}")
    raise NotFound


@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Find the lines of all scripts in use that answer what a customer said; htmx gets the lines only."""
    scope = scope_of(request)
    scope.require("scripts.view")
    script = None
    if request.GET.get("script"):
        try:
            script = selectors.script_get(scope=scope, uuid=UUID(request.GET["script"]))
        except ValueError:
            raise NotFound from None
    part: dict[str, Any] = _found(scope, request, script)
    if request.headers.get("HX-Request"):
        return render(request, "qa/_lines_found.html", part)
    title = _("What did the customer say?")
    context = {
        "title": title,
        "intro": _("Type a few of the customer’s words; the lines of all scripts in use that fit are shown."),
        "crumbs": (SCRIPTS, Crumb(title)),
        "asked": selectors.rounds_waiting(scope=scope),
        **part,
    }
    return render(request, "qa/script_lookup.html", context)


def _found(scope: Scope, request: HttpRequest, script: Script | None) -> dict[str, Any]:
    said = request.GET.get("said", "").strip()
    if len(said) > SAID_MOST:
        raise BadParameter("said", _("At most %(count)s characters.") % {"count": SAID_MOST})
    found = selectors.lines_suggest(scope=scope, said=said, script=script) if said else []
    return {
        "said": said,
        "found": [(each, STAGES[each.line.stage], formats.ratio_text(each.similarity, 0)) for each in found],
        "lookup_url": reverse("qa:script_lookup"),
    }
