"""Draws: all that is needed to repeat one, the sample with its lots, and drawing it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.components import Action, Crumb, Fact, Progress
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from qa import selectors
from qa.filters.plans import DrawFilter
from qa.models import Draw
from qa.tables.plans import DrawnTable, DrawTable, draw_url, plan_url
from qa.views.plans import PLANS, plans_scope
from qa.wording.plans import LEFT_OUT_WORDS, STANDING_WORDS, rules_told
from vendors import selectors as vendors

DRAWS = Crumb(gettext_lazy("Draws"), reverse_lazy("qa:draw_list"))
DRAWN_SHOWN, IDS_SHOWN = 20, 20


class DrawList(ListPage):
    """Every draw, the newest day first."""

    name = "draws"
    title = gettext_lazy("Draws")
    intro = gettext_lazy("One line a day of a plan: what could be drawn, what was, and how far it is handed out.")
    permission = "qa.view"
    crumbs = (PLANS, Crumb(gettext_lazy("Draws")))
    table_class = DrawTable
    filterset_class = DrawFilter
    template_name = "qa/plan_list.html"
    empty_text = gettext_lazy("A live plan draws each day some hours after it ended, once its calls are there.")

    def get_rows(self, scope: Scope) -> QuerySet[Draw]:
        plans_scope(self.request)
        return selectors.draw_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


@require_safe
def draw_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a draw with all that is needed to repeat it."""
    scope = plans_scope(request)
    row = selectors.draw_get(scope=scope, uuid=uuid)
    drawn = selectors.drawn_again(row)
    menu = [
        Action(_("Population (CSV)"), reverse("qa:draw_population", args=[uuid]), "download"),
        Action(_("Sample (CSV)"), reverse("qa:draw_sample", args=[uuid]), "download"),
    ]
    left_out = sum(row.excluded.values())
    context = {
        "title": _("Draw of %(day)s") % {"day": row.day.isoformat()},
        "crumbs": (PLANS, Crumb(row.plan.name, plan_url(row.plan)), Crumb(row.day.isoformat())),
        "menu": menu,
        "draw": row,
        "facts": [
            *([Fact(_("Vendor"), row.vendor.name)] if scope.is_client else []),
            Fact(_("Plan"), row.plan.name),
            Fact(_("Form"), str(row.form)),
            Fact(_("Could be drawn"), ui.count(row.population_count)),
            Fact(_("Left out"), ui.count(left_out)),
            Fact(_("Drawn"), ui.count(row.sampled_count)),
        ],
        "left_out": [(LEFT_OUT_WORDS.get(name, name), count) for name, count in row.excluded.items()],
        "rules": rules_told(row.rules),
        "people": _people(scope, row, Counter(one.item.person for one in drawn)),
        "drawn": drawn[:DRAWN_SHOWN],
        "drawn_count": len(drawn),
        "zone": row.plan.contract.zone,
        **progress_context(row),
    }
    return render(request, "qa/draw_detail.html", context)


def _people(scope: Scope, row: Draw, drawn: Counter[str]) -> list[dict[str, Any]]:
    names = dict(vendors.agent_list(scope=scope).filter(vendor_id=row.vendor_id).values_list("code", "name"))
    return [
        {
            "code": code,
            "name": names.get(code, ""),
            "standing": STANDING_WORDS.get(own["standing"], own["standing"]),
            "is_new": own["is_new"],
            "population": own["population"],
            "quota": own["quota"],
            "drawn": drawn[code],
            "ratio": drawn[code] / own["population"] if own["population"] else None,
        }
        for code, own in sorted(row.quotas.items())
    ]


def progress_context(row: Draw) -> dict[str, Any]:
    """Return how far a draw is handed out; nothing once it is done."""
    if row.placed_count >= row.sampled_count:
        return {}
    progress = Progress(done=row.placed_count, total=row.sampled_count, text=_("The sample is being handed out"))
    return {"progress": progress, "progress_url": reverse("qa:draw_progress", args=[row.uuid])}


@require_safe
def draw_progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how far a draw is handed out."""
    row = selectors.draw_get(scope=plans_scope(request), uuid=uuid)
    context = progress_context(row)
    if context:
        return render(request, "components/progress.html", context)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@require_safe
def draw_check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Draw again, and say what agrees."""
    scope = plans_scope(request)
    row = selectors.draw_get(scope=scope, uuid=uuid)
    check = selectors.draw_check(scope=scope, draw_row=row)
    context = {
        "title": _("Drawn again"),
        "crumbs": (PLANS, Crumb(_("Draw of %(day)s") % {"day": row.day.isoformat()}, draw_url(row)), Crumb(_("Again"))),
        "draw": row,
        "check": check,
        "is_placed": row.placed_count >= row.sampled_count,
        "missing": check.missing[:IDS_SHOWN],
        "beyond": check.beyond[:IDS_SHOWN],
    }
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return render(request, "qa/_draw_check.html" if htmx else "qa/draw_check.html", context)


class DrawnList(ListPage):
    """The sample of a draw with its lots, in the order in which it was drawn."""

    name = "sample"
    title = gettext_lazy("Sample")
    permission = "qa.view"
    table_class = DrawnTable
    template_name = "qa/plan_list.html"
    empty_text = gettext_lazy("Nothing was drawn of this day.")

    def get_rows(self, scope: Scope) -> Sequence[Any]:
        row = selectors.draw_get(scope=plans_scope(self.request), uuid=self.kwargs["uuid"])
        self.crumbs = (PLANS, Crumb(_("Draw of %(day)s") % {"day": row.day.isoformat()}, draw_url(row)),
                       Crumb(self.title))  # fmt: skip
        return [
            {
                "id": one.item.id,
                "person": one.item.person,
                "stratum": one.item.stratum,
                "ticket": one.ticket,
                "stratum_count": one.stratum_count,
                "stratum_population": one.stratum_population,
            }
            for one in selectors.drawn_again(row)
        ]


@require_safe
def draw_population(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the list that was drawn from, byte for byte as its digest was made."""
    row = selectors.draw_get(scope=plans_scope(request), uuid=uuid)
    return csv_answer(selectors.population_of(row), f"population-{row.day}-{row.number}.txt")


@require_safe
def draw_sample(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the sample with its lots."""
    row = selectors.draw_get(scope=plans_scope(request), uuid=uuid)
    return csv_answer(selectors.drawn_text(selectors.drawn_again(row)), f"sample-{row.day}-{row.number}.txt")


def csv_answer(text: str, file_name: str) -> HttpResponse:
    """Return a list as a file to be saved."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    return response
