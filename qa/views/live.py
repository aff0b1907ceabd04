"""Calls in progress: the board that follows by itself, flagging, helping, and every flag with its figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.calc.access import fields_readable
from core import formats
from core.components import Action, Crumb, Fact, Next
from core.errors import Conflict, Invalid
from core.forms import FormPage, mark_refused
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.calc.live import Intervention, LiveFigures, LiveOutcome, LiveReason, LiveState
from qa.filters.live import LiveFilter
from qa.forms.live import CloseForm, FlagForm, vendor_of_agent
from qa.models import LiveCall
from qa.services import Flag
from qa.tables.live import LIVE_TONES, LiveTable, live_url
from qa.views.scripts import version_seen

LIVE = Crumb(gettext_lazy("Live calls"), reverse_lazy("qa:live_board"))
FLAG = Action(gettext_lazy("Flag a call"), reverse_lazy("qa:live_flag"), "alert-triangle", "live.flag")


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what waits and who helps, the newest first; htmx asks for it again every few seconds."""
    scope = scope_of(request)
    scope.require("live.view")
    rows = [_row(scope, live) for live in selectors.live_now(scope=scope)]
    context = {
        "title": _("Live calls"),
        "intro": _("Calls in progress on which somebody wants help; the page follows by itself."),
        "crumbs": (Crumb(_("Live calls")),),
        "action": FLAG if scope.can("live.flag") else None,
        "menu": [Action(_("All flags and figures"), reverse("qa:live_list"), "list")],
        "rows": rows,
        "waiting": sum(row["live"].state == LiveState.OPEN for row in rows),
        "zone": zone_of(scope),
        "may_take": scope.can("live.take"),
    }
    return render(request, "qa/_live_board.html" if _is_part(request) else "qa/live_board.html", context)


def _is_part(request: Any) -> bool:
    return bool(request.htmx and request.htmx.target == "board")


def _row(scope: Scope, live: LiveCall) -> dict[str, Any]:
    return {
        "live": live,
        "badge": ui.badge(LIVE_TONES[LiveState(live.state)], live.get_state_display()),
        "elapsed": _elapsed(scope, live),
        "taken_by": scope.called(live.taken_by, live.taken_side) if live.taken_by else "",
    }


def _elapsed(scope: Scope, live: LiveCall) -> str:
    """Return how long ago it was flagged as m:ss, which the page lets tick on."""
    seconds = max(int((scope.at - live.flagged_at).total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02}"


class LiveList(ListPage):
    """Every flagged call, with the figures of what is filtered."""

    name = "live-calls"
    title = gettext_lazy("Flagged calls")
    intro = gettext_lazy("Every call on which somebody wanted help, how soon help came, and what came of it.")
    permission = "live.view"
    crumbs = (LIVE, Crumb(gettext_lazy("All")))
    table_class = LiveTable
    filterset_class = LiveFilter
    template_name = "qa/live_list.html"
    is_whole = True
    action = FLAG
    empty_text = gettext_lazy("The phone system flags calls over the interface; agents and leads flag them by hand.")
    empty_action = FLAG

    def get_rows(self, scope: Scope) -> QuerySet[LiveCall]:
        return selectors.live_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "live_call")
        hidden = {name for name in LiveTable.base_columns if name not in readable}
        return sorted(hidden if scope.is_client else hidden | {"vendor"})

    def get_context(self, scope: Scope) -> dict[str, Any]:
        filterset = LiveFilter(self.request.GET, queryset=self.get_rows(scope), request=self.request)
        if not filterset.form.is_valid():
            return {"figures": []}
        figures = selectors.live_totals(scope=scope, flags=filterset.qs)
        return {"figures": figures_shown(figures, self.request)}


def figures_shown(figures: LiveFigures, request: HttpRequest) -> list[Fact]:
    """Return the figures, each with numerator and denominator, linked to the flags that it counts."""

    def linked(text: str, name: str, value: str) -> Any:
        query = request.GET.copy()
        for gone in ("page", "state", "waited"):
            query.pop(gone, None)
        query[name] = value
        return format_html('<a href="?{}">{}</a>', query.urlencode(), text)

    def share(part: int, ratio: float | None) -> str:
        counts = _("%(part)s of %(whole)s") % {
            "part": formats.count_text(part),
            "whole": formats.count_text(figures.flagged),
        }
        return f"{formats.ratio_text(ratio)} · {counts}"

    wait = _("%(mean)s on average over %(count)s") % {
        "mean": formats.seconds_text(figures.mean_wait_seconds, 0),
        "count": formats.count_text(figures.taken),
    }
    return [
        Fact(_("Help came"), linked(share(figures.taken, figures.taken_ratio), "waited", "some")),
        Fact(_("Within a minute"), linked(share(figures.quick, figures.quick_ratio), "waited", "quick")),
        Fact(_("Until help came"), linked(wait, "waited", "some")),
        Fact(_("Nobody came"), linked(formats.count_text(figures.lapsed), "state", "lapsed")),
    ]


@require_safe
def live_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one flagged call."""
    scope = scope_of(request)
    scope.require("live.view")
    live = selectors.live_get(scope=scope, uuid=uuid)
    return render(request, "qa/live_detail.html", _context(scope, live, CloseForm(live=live)))


@require_POST
def live_take(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Go and help."""
    scope = scope_of(request)
    live = selectors.live_get(scope=scope, uuid=uuid)
    services.live_take(scope=scope, uuid=uuid, expected_version=version_seen(request, live.version))
    messages.success(request, _("It is yours; note what you did when the call is over."))
    return redirect(live_url(live))


@require_POST
def live_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Note what was done."""
    scope = scope_of(request)
    scope.require("live.take")
    live = selectors.live_get(scope=scope, uuid=uuid)
    form, status = CloseForm(request.POST, live=live), 422
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.live_close(
                scope=scope,
                uuid=uuid,
                expected_version=version_seen(request, live.version),
                intervention=Intervention(values["intervention"]),
                outcome=LiveOutcome(values["outcome"]),
                note=values["note"],
                external_id=values.get("external_id", ""),
            )
        except (Invalid, Conflict) as refusal:
            mark_refused(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("Noted."))
            return redirect(live_url(live))
    return render(request, "qa/live_detail.html", _context(scope, live, form), status=status)


def _context(scope: Scope, live: LiveCall, form: CloseForm) -> dict[str, Any]:
    is_own = live.taken_by_id is not None and live.taken_by_id == scope.user_id
    is_open = live.state == LiveState.OPEN and live.lapses_at > scope.at
    following = None
    if is_open:
        text = _("Flagged %(elapsed)s ago.") % {"elapsed": _elapsed(scope, live)}
        following = Next(_("Waits for help"), _("a lead"), live.lapses_at, text, tone="warning", zone=zone_of(scope))
    elif live.state == LiveState.TAKEN:
        who = scope.called(live.taken_by, live.taken_side)
        text = _("What was done is noted when the call is over.")
        following = Next(_("Somebody helps"), "" if scope.agent_id is not None else who, text=text)
    elif live.state in (LiveState.LAPSED, LiveState.OPEN):
        following = Next(_("Nobody came in time"), text=_("Flag the call again if it still goes on."), tone="bad")
    return {
        "title": f"{live}: {live.get_reason_display()}",
        "title_badge": ui.badge(LIVE_TONES[LiveState(live.state)], live.get_state_display()),
        "crumbs": (LIVE, Crumb(str(live))),
        "live": live,
        "next": following,
        "facts": _facts(scope, live),
        "form": form,
        "may_take": is_open and scope.can("live.take"),
        "may_close": live.state == LiveState.TAKEN and is_own and scope.can("live.take"),
        "readable": fields_readable(scope.role, scope.side, "live_call"),
    }


def _facts(scope: Scope, live: LiveCall) -> list[Fact]:
    zone = zone_of(scope)
    facts = [Fact(_("Vendor"), live.vendor.name)] if scope.is_client else []
    facts += [
        Fact(_("Agent"), live.agent.name if live.agent else ""),
        Fact(_("What is going on"), live.detail),
        Fact(_("Flagged"), formats.moment_text(live.flagged_at, zone, seconds=True)),
        Fact(_("Flagged by"), live.get_source_display()),
    ]
    readable = fields_readable(scope.role, scope.side, "live_call")
    if live.began_at is not None:
        facts.append(Fact(_("Call began"), formats.moment_text(live.began_at, zone, seconds=True)))
    if live.queue is not None:
        facts.append(Fact(_("Queue"), live.queue.name))
    contract = selectors.live_contract(scope=scope, live=live)
    if contract is not None:
        address = reverse("calls:detail", args=[contract.uuid, live.external_id])
        facts.append(Fact(_("Call"), format_html('<a href="{}">{}</a>', address, live.external_id)))
    elif live.external_id:
        facts.append(Fact(_("Call"), live.external_id, _("Its record is not imported yet.")))
    if live.taken_at is not None:
        facts.append(Fact(_("Until help came"), formats.seconds_text(live.wait_seconds, 0)))
        if "taken_by" in readable:
            facts.append(Fact(_("Taken by"), scope.called(live.taken_by, live.taken_side)))
    if live.outcome:
        facts += [
            Fact(_("What was done"), live.get_intervention_display()),
            Fact(_("What came of it"), live.get_outcome_display()),
        ]
    if live.note and "note" in readable:
        facts.append(Fact(_("What was said"), live.note))
    return facts


class FlagPage(FormPage):
    """Ask for help on a call in progress, or flag one that somebody should look at."""

    permission = "live.flag"
    title = gettext_lazy("Flag a call")
    intro = gettext_lazy("The leads are told at once; one of them comes.")
    submit_label = gettext_lazy("Ask for help")
    done = gettext_lazy("Help is on its way: the leads are told.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return FlagForm(data=data, scope=scope, initial={"external_id": self.request.GET.get("call", "")[:100]})

    def save(self, scope: Scope, row: Any, form: Any) -> LiveCall:
        values = form.cleaned_data
        agent = values.get("agent")
        flag = Flag(
            reason=LiveReason(values["reason"]),
            detail=values["detail"],
            external_id=values["external_id"],
            agent=agent,
        )
        return services.live_flag(scope=scope, vendor=vendor_of_agent(scope, agent), flag=flag)

    def get_done_url(self, saved: LiveCall) -> str:
        return live_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (LIVE, Crumb(self.title)), "cancel_url": LIVE.url}
