"""The list of evaluations, the next one in it, and releasing several at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.calc.access import fields_readable
from core.components import Action, Crumb
from core.errors import Conflict, NotFound
from core.filters import Chip
from core.http import scope_of
from core.lists import PAGE_SIZES, BulkAction, CappedPaginator, ListPage
from core.scope import Scope
from qa import selectors, services
from qa.filters.evaluations import EvaluationFilter
from qa.tables.evaluations import EvaluationTable, evaluation_url

EVALUATIONS = Crumb(gettext_lazy("Evaluations"), reverse_lazy("qa:evaluation_list"))
NEXT = Action(
    gettext_lazy("Evaluate the next one"), reverse_lazy("qa:evaluation_next"), "player-play", "qa.evaluate",
    post=True,
)  # fmt: skip
# The columns that are no field of their own.
DERIVED = frozenset({"ratio"})


class EvaluationList(ListPage):
    """Evaluations; what waits for the reader unless asked otherwise."""

    name = "evaluations"
    title = gettext_lazy("Evaluations")
    intro = gettext_lazy(
        "Conversations that were drawn or chosen: filled in question by question, released to whom they are about, "
        "acknowledged or disputed, and then final."
    )
    permission = "qa.view"
    crumbs = (Crumb(gettext_lazy("Evaluations")),)
    table_class = EvaluationTable
    filterset_class = EvaluationFilter
    paginator_class = CappedPaginator
    template_name = "qa/evaluation_list.html"
    action = NEXT
    menu = (Action(gettext_lazy("Coaching"), reverse_lazy("qa:coaching_list"), "target", "qa.view"),)
    bulk_actions = (BulkAction(gettext_lazy("Release"), reverse_lazy("qa:evaluations_release"), "qa.release"),)
    empty_text = gettext_lazy(
        "Conversations come in here as sampling plans draw them, every morning, or by hand from a call’s page. Publish "
        "an evaluation form and begin a plan first."
    )

    def get_rows(self, scope: Scope) -> Any:
        return selectors.evaluation_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "evaluation")
        hidden = set(EvaluationTable.base_columns) - readable - DERIVED
        return sorted(hidden | ({"vendor"} if not scope.is_client else set()))

    def get_context(self, scope: Scope) -> dict[str, Any]:
        context: dict[str, Any] = {"is_filtered": selectors.evaluation_list(scope=scope).exists()}
        if scope.can("qa.evaluate"):
            context["counts"] = selectors.waiting_counts(scope=scope)
            context["action"] = replace(NEXT, url=f"{NEXT.url}{kept_query(self.request)}")
        return context

    def _filtered(self, request: HttpRequest, scope: Scope) -> tuple[Any, Any, list[Chip]]:
        rows, filterset, chips = super()._filtered(request, scope)
        begun = EvaluationFilter.begins_with(scope)
        if request.GET.get("state", begun) == begun:
            chips = [chip for chip in chips if chip.name != "state"]
        return rows, filterset, chips


@require_POST
def evaluation_next(request: HttpRequest) -> HttpResponse:
    """Take what the caller has in hands, or the next that waits."""
    scope = scope_of(request)
    return next_of(request, scope)


def next_of(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Lead to the next evaluation of the vendor and queue in the address, or back to the list when none waits."""
    found = services.evaluation_take(scope=scope, **_kept(request))
    if found is not None:
        return redirect(f"{evaluation_url(found)}{kept_query(request)}")
    messages.info(request, _("Nothing waits to be evaluated any more."))
    return redirect(f"{EVALUATIONS.url}{kept_query(request)}")


def kept_query(request: HttpRequest) -> str:
    """Return what the list was narrowed down to, to go on with: ``?vendor=…&queue=…`` or nothing."""
    kept = _kept(request)
    return f"?{urlencode(kept)}" if kept else ""


def _kept(request: HttpRequest) -> dict[str, UUID]:
    named = {name: _chosen([request.GET.get(name, "")]) for name in ("vendor", "queue")}
    return {name: found[0] for name, found in named.items() if found}


@require_POST
def evaluations_release(request: HttpRequest) -> HttpResponse:
    """Release the chosen evaluations; what cannot be released is left as it is, and told."""
    scope = scope_of(request)
    scope.require("qa.release")
    done, left = 0, 0
    for uuid in _chosen(request.POST.getlist("selected")):
        try:
            services.evaluation_release(scope=scope, uuid=uuid)
        except (Conflict, NotFound):
            left += 1
        else:
            done += 1
    if done:
        messages.success(request, _("Released: %(count)s.") % {"count": done})
    if left:
        words = _("Left as they are, for only what your side submitted is released: %(count)s.")
        messages.warning(request, words % {"count": left})
    if not done and not left:
        messages.info(request, _("Choose evaluations first."))
    return redirect("qa:evaluation_list")


def _chosen(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[: PAGE_SIZES[-1]]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
