"""Outbound campaigns: the list, one with its progress, its form and its steps."""

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
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from contracts.calc.hours import parse
from contracts.wording import hours_lines
from core import formats
from core.components import Action, Crumb, Fact, Next
from core.errors import NotFound
from core.forms import EXPECTED, FormPage
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from qa.selectors import script_now
from tickets import selectors, services
from tickets.calc.outbound import CampaignState, CampaignStep, Purpose, state_after
from tickets.filters import CampaignFilter
from tickets.forms import CampaignForm
from tickets.models import CONTACT_STATES, Campaign
from tickets.selectors import OutboundDay
from tickets.tables import CAMPAIGN_TONES, CONTACT_TONES, CampaignTable, campaign_url
from tickets.wording import duration_text

CAMPAIGNS = Crumb(gettext_lazy("Outbound campaigns"), reverse_lazy("tickets:campaign_list"))
DAYS_SHOWN = 60
IMPORTS_SHOWN = 5


class OwnListPage(ListPage):
    """A list in which only the client is told the vendor."""

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


class CampaignList(OwnListPage):
    """Every campaign, the newest first."""

    name = "campaigns"
    title = gettext_lazy("Outbound campaigns")
    intro = gettext_lazy("Whom vendors call for which purpose, how many they reach, and what comes of it.")
    permission = "campaigns.view"
    crumbs = (Crumb(gettext_lazy("Outbound campaigns")),)
    table_class = CampaignTable
    filterset_class = CampaignFilter
    template_name = "tickets/plain_list.html"
    action = Action(gettext_lazy("New campaign"), reverse_lazy("tickets:campaign_create"), "plus", "campaigns.edit")
    menu = (
        Action(gettext_lazy("Attempts"), reverse_lazy("tickets:attempt_list"), "phone-outgoing"),
        Action(gettext_lazy("Scripts"), reverse_lazy("qa:script_list"), "file-text", "scripts.view"),
        Action(gettext_lazy("Do-not-call list"), reverse_lazy("tickets:do_not_call_list"), "phone-off", "dnc.view"),
        Action(gettext_lazy("Lists of contacts"), reverse_lazy("tickets:import_list"), "file-import"),
    )
    empty_text = gettext_lazy("Write a script, have it reviewed, then add a campaign with a list of contacts.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Campaign]:
        return selectors.with_progress(scope=scope, campaigns=selectors.campaign_list(scope=scope))


@require_safe
def campaign_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one campaign: how far it is, by day, by state, and what it is made of."""
    scope = scope_of(request)
    scope.require("campaigns.view")
    campaign: Any = selectors.campaign_get(scope=scope, uuid=uuid)
    listed = selectors.with_progress(scope=scope, campaigns=selectors.campaign_list(scope=scope))
    campaign = listed.get(pk=campaign.pk)
    days = selectors.outbound_days(scope=scope, campaign_ids=[campaign.pk])
    page = campaign_url(campaign)
    query = f"?campaign={campaign.uuid}"
    menu = [
        Action(_("Edit campaign"), reverse("tickets:campaign_edit", args=[uuid]), "edit", "campaigns.edit"),
        Action(_("Contacts"), reverse("tickets:contact_list", args=[uuid]), "users"),
        Action(_("Attempts"), reverse("tickets:attempt_list") + query, "phone-outgoing"),
    ]
    if state_after(CampaignState(campaign.state), CampaignStep.END):
        confirm = _("End “%(name)s”? Nobody is called any more.") % {"name": campaign.name}
        end = Action(_("End the campaign"), _step_url(campaign, CampaignStep.END), "x", "campaigns.edit", True, confirm)
        menu.append(end)
    else:
        menu = menu[1:]
    context = {
        "title": campaign.name,
        "title_badge": ui.badge(CAMPAIGN_TONES[campaign.state], campaign.get_state_display()),
        "crumbs": (CAMPAIGNS, Crumb(campaign.name)),
        "menu": [action for action in menu if not action.permission or scope.can(action.permission)],
        "campaign": campaign,
        "page_url": page,
        "next": _next(scope, campaign),
        "progress": _progress(campaign),
        "states": [
            (ui.badge(CONTACT_TONES[state], CONTACT_STATES[state]), count)
            for state, count in selectors.contacts_by_state(scope=scope, campaign=campaign).items()
        ],
        "days": _chart(days[-DAYS_SHOWN:]) if days else None,
        "satisfaction": _satisfaction(scope, campaign),
        "facts": _facts(scope, campaign),
        "imports": list(selectors.import_list(scope=scope).filter(campaign=campaign)[:IMPORTS_SHOWN]),
        "hours": hours_lines(parse(campaign.service_hours)),
        "zone": campaign.contract.zone,
    }
    return render(request, "tickets/campaign_detail.html", context)


def _step_url(campaign: Campaign, step: CampaignStep) -> str:
    address = reverse("tickets:campaign_step", args=[campaign.uuid, step.value])
    return f"{address}?version={campaign.version}"


def _next(scope: Scope, campaign: Any) -> Next | None:
    """Return what has to happen now with a campaign."""
    work = Action(_("Call customers"), reverse("tickets:work", args=[campaign.uuid]), "phone-call", "campaigns.call")
    start = Action(_("Go live"), _step_url(campaign, CampaignStep.START), "player-play", "campaigns.edit", True)
    pause = Action(_("Pause"), _step_url(campaign, CampaignStep.PAUSE), "player-pause", "campaigns.edit", True)
    upload = Action(
        _("Upload a list"), reverse("tickets:list_upload", args=[campaign.uuid]), "upload", "campaigns.edit"
    )
    fill = Action(
        _("Choose callers of the last two days"), reverse("tickets:campaign_fill", args=[campaign.uuid]), "users",
        "campaigns.edit", True,
    )  # fmt: skip
    add = fill if campaign.purpose == Purpose.SATISFACTION else upload
    match CampaignState(campaign.state):
        case CampaignState.ENDED:
            return None
        case CampaignState.LIVE:
            step = ngettext(
                "%(count)s contact is to be called", "%(count)s contacts are to be called", campaign.open_count
            )
            found = Next(step % {"count": formats.count_text(campaign.open_count)}, actions=[work, add, pause])
        case _ if script_now(scope=scope, script=campaign.script) is None:
            choose = Action(_("Choose a script"), reverse("tickets:campaign_edit", args=[campaign.uuid]), "file-text",
                            "campaigns.edit")  # fmt: skip
            text = _("A campaign goes live with a script that a second person of the client approved.")
            found = Next(_("No approved script yet"), text=text, actions=[choose, add], tone="warning")
        case CampaignState.PAUSED:
            found = Next(_("Paused: nobody is called"), actions=[start, add], tone="warning")
        case _:
            text = _("Nobody is called before the campaign goes live.")
            actions = [start, add] if campaign.contact_count else [add, start]
            found = Next(_("Not live yet"), text=text, actions=actions)
    allowed = [action for action in found.actions if scope.can(action.permission)]
    return Next(found.step, text=found.text, actions=allowed, tone=found.tone)


def _progress(campaign: Any) -> list[Fact]:
    made, reached, successes = (
        formats.count_text(count) for count in (campaign.attempt_count, campaign.reached_count, campaign.success_count)
    )
    of_made = _("%(count)s of %(whole)s attempts") % {"count": reached, "whole": made}
    of_reached = _("%(count)s of %(whole)s reached") % {"count": successes, "whole": reached}
    goal = ""
    if campaign.goal_count:
        goal = _("of %(goal)s wanted") % {"goal": formats.count_text(campaign.goal_count)}
    return [
        Fact(_("Contacts"), ui.count(campaign.contact_count)),
        Fact(_("To be called"), ui.count(campaign.open_count)),
        Fact(_("Attempts"), ui.count(campaign.attempt_count)),
        Fact(_("Reached"), _with_base(ui.ratio(campaign.reached_ratio), of_made)),
        Fact(_("Success of reached"), _with_base(ui.ratio(campaign.success_ratio), of_reached)),
        Fact(_("Successes"), _with_base(ui.count(campaign.success_count), goal)),
    ]


def _with_base(value: Any, base: str) -> Any:
    return format_html('{}<br><span class="text-secondary small">{}</span>', value, base) if base else value


def _chart(days: list[OutboundDay]) -> dict[str, Any]:
    return {
        "labels": [f"{day.day:%m-%d}" for day in days],
        "x_name": _("Day"),
        "volume": {
            "name": _("Attempts"),
            "parts": [
                {"name": _("success"), "values": [day.successes for day in days]},
                {"name": _("reached, no success"), "values": [day.reached - day.successes for day in days]},
                {"name": _("not reached"), "values": [day.attempts - day.reached for day in days]},
            ],
        },
        "rate": {
            "name": _("Success of reached"),
            "unit": "ratio",
            "values": [day.success_ratio for day in days],
            "n": [day.reached for day in days],
            "levels": ["none"] * len(days),
        },
        "targets": [],
    }


def _satisfaction(scope: Scope, campaign: Campaign) -> list[Fact]:
    if campaign.purpose != Purpose.SATISFACTION:
        return []
    found = selectors.outbound_satisfaction(scope=scope, campaign_ids=[campaign.pk])
    base = _("%(satisfied)s of %(answers)s answers are 4 or 5") % {
        "satisfied": formats.count_text(found.satisfied),
        "answers": formats.count_text(found.answers),
    }
    mean = ui.missing() if found.mean is None else formats.count_text(found.mean)
    return [
        Fact(_("Satisfied"), _with_base(ui.ratio(found.satisfied_ratio), base)),
        Fact(_("Mean answer, 1 to 5"), mean),
        Fact(_("Answers given"), _("%(answers)s of %(asked)s attempts") % {
            "answers": formats.count_text(found.answers), "asked": formats.count_text(found.asked),
        }),
    ]  # fmt: skip


def _facts(scope: Scope, campaign: Campaign) -> list[Fact]:
    script: Any = ui.missing(_("not chosen yet"))
    if campaign.script is not None:
        used = script_now(scope=scope, script=campaign.script) or campaign.script
        script = format_html('<a href="{}">{}</a>', reverse("qa:script_detail", args=[used.uuid]), used)
    days = _("%(first)s to %(last)s")
    facts = [
        Fact(_("Purpose"), campaign.get_purpose_display()),
        Fact(_("Goal"), campaign.goal),
        Fact(_("Contract"), campaign.contract.name),
        Fact(_("Queue"), campaign.queue.name if campaign.queue else ui.missing(_("none in particular"))),
        Fact(_("Script"), script),
        Fact(_("Period"), days % {
            "first": formats.day_text(campaign.starts_on), "last": formats.day_text(campaign.ends_on),
        }),
        Fact(_("Most attempts"), ui.count(campaign.max_attempts)),
        Fact(_("Most attempts a day"), ui.count(campaign.per_day)),
        Fact(_("Between two attempts"), duration_text(campaign.gap_seconds)),
        Fact(_("Time for one contact"), duration_text(campaign.hold_seconds)),
        Fact(_("Public holidays of"), campaign.country or ui.missing(_("none"))),
    ]  # fmt: skip
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), campaign.vendor.name))
    return facts


class CampaignPage(FormPage):
    """Add or edit a campaign."""

    permission = "campaigns.edit"
    title = gettext_lazy("New campaign")
    intro = gettext_lazy("It starts as a draft; nobody is called before it goes live.")
    template_name = "tickets/campaign_form.html"

    def get_row(self, scope: Scope) -> Campaign | None:
        return selectors.campaign_get(scope=scope, uuid=self.kwargs["uuid"]) if "uuid" in self.kwargs else None

    def get_form(self, scope: Scope, row: Campaign | None, data: Any = None) -> BaseForm:
        given: dict[str, Any] = {} if row is None else {"instance": row}
        return CampaignForm(data=data, scope=scope, **given)

    def save(self, scope: Scope, row: Campaign | None, form: Any) -> Campaign:
        if row is None:
            return services.campaign_create(scope=scope, contract=form.cleaned_data["contract"], values=form.values)
        version = form.cleaned_data[EXPECTED]
        return services.campaign_update(scope=scope, uuid=row.uuid, expected_version=version, values=form.values)

    def get_done_url(self, saved: Campaign) -> str:
        return campaign_url(saved)

    def get_context(self, scope: Scope, row: Campaign | None) -> dict[str, Any]:
        if row is None:
            return {"crumbs": (CAMPAIGNS, Crumb(self.title)), "cancel_url": CAMPAIGNS.url}
        page = Crumb(row.name, campaign_url(row))
        title = _("Edit %(name)s") % {"name": row.name}
        return {"title": title, "intro": "", "crumbs": (CAMPAIGNS, page, Crumb(_("Edit"))), "cancel_url": page.url}


@require_POST
def campaign_step(request: HttpRequest, uuid: UUID, step: str) -> HttpResponse:
    """Let a campaign go live, pause it or end it."""
    scope = scope_of(request)
    scope.require("campaigns.edit")
    campaign = selectors.campaign_get(scope=scope, uuid=uuid)
    if step not in set(CampaignStep):
        raise NotFound
    text = request.GET.get("version", "")
    seen = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else campaign.version
    services.campaign_step(scope=scope, uuid=uuid, expected_version=seen, step=CampaignStep(step))
    done = {
        CampaignStep.START: _("The campaign is live."),
        CampaignStep.PAUSE: _("The campaign is paused."),
        CampaignStep.END: _("The campaign has ended."),
    }
    messages.success(request, done[CampaignStep(step)])
    return redirect(campaign_url(campaign))


@require_POST
def campaign_fill(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose callers of the last two days for a satisfaction campaign."""
    scope = scope_of(request)
    account = services.contacts_from_callers(scope=scope, uuid=uuid)
    text = ngettext("%(count)s caller was added.", "%(count)s callers were added.", account.rows_new)
    messages.success(request, text % {"count": formats.count_text(account.rows_new)})
    return redirect("tickets:campaign_detail", uuid=uuid)
