"""The workplace: the next contact, the script, the number to dial, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.calc.access import fields_readable
from core import formats
from core.components import Crumb, Fact
from core.errors import Conflict, Invalid
from core.forms import mark_refused
from core.http import scope_of
from core.periods import local_day
from core.scope import Scope
from core.templatetags import ui
from qa.selectors import script_now
from tickets import selectors, services
from tickets.calc.outbound import CampaignState, Outcome, window_now
from tickets.forms import OutcomeForm
from tickets.models import Attempt, Campaign
from tickets.services import Result
from tickets.tables import CAMPAIGN_TONES
from tickets.wording import duration_text

WORK = Crumb(gettext_lazy("Call customers"), reverse_lazy("tickets:work_list"))
FORMER_SHOWN = 5


@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """Show the campaigns that somebody can work on now."""
    scope = scope_of(request)
    scope.require("campaigns.call")
    live = [
        campaign
        for campaign in selectors.campaign_list(scope=scope).filter(state=CampaignState.LIVE)
        if campaign.starts_on <= local_day(scope.at, campaign.contract.zone) <= campaign.ends_on
    ]
    context = {
        "title": _("Call customers"),
        "intro": _("Campaigns that run today. Each contact is yours until you enter what came of it."),
        "crumbs": (Crumb(_("Call customers")),),
        "campaigns": [(campaign, _window(campaign, "", scope)) for campaign in live],
    }
    return render(request, "tickets/work_list.html", context)


@require_safe
def work(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the contact in hands, or the way to the next one."""
    scope = scope_of(request)
    scope.require("campaigns.call")
    campaign = selectors.campaign_get(scope=scope, uuid=uuid)
    attempt = selectors.attempt_held(scope=scope, campaign=campaign)
    return render(request, "tickets/work.html", _context(scope, campaign, attempt))


@require_POST
def work_next(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the next contact."""
    scope = scope_of(request)
    turn = services.contact_next(scope=scope, uuid=uuid)
    if turn.attempt is not None:
        return redirect("tickets:work", uuid=uuid)
    campaign = selectors.campaign_get(scope=scope, uuid=uuid)
    zone = campaign.contract.zone
    if turn.again_at is None:
        text = _("Nobody is left to be called now.")
    else:
        moment = formats.moment_text(turn.again_at, zone)
        text = _("Nobody can be called now; the next from %(moment)s (%(zone)s) on.") % {"moment": moment, "zone": zone}
    messages.info(request, text)
    return redirect("tickets:work", uuid=uuid)


@require_POST
def attempt_number(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the number to dial to whoever holds the contact."""
    scope = scope_of(request)
    number = services.attempt_number(scope=scope, uuid=uuid)
    attempt = selectors.attempt_get(scope=scope, uuid=uuid)
    context = _context(scope, attempt.campaign, attempt) | {"number": number}
    return render(request, "tickets/work.html", context)


@require_POST
def attempt_outcome(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter what came of an attempt."""
    scope = scope_of(request)
    scope.require("campaigns.call")
    attempt = selectors.attempt_get(scope=scope, uuid=uuid)
    zone = attempt.contact.zone or attempt.campaign.contract.zone
    form = OutcomeForm(request.POST, attempt=attempt, zone=zone)
    status = 422
    if form.is_valid():
        values = {**form.cleaned_data, "outcome": Outcome(form.cleaned_data["outcome"])}
        if values["outcome"] is not Outcome.SUCCESS:
            # What only a success has may have been filled in before the outcome was changed.
            values |= {name: None if name == "satisfaction" else "" for name in ("satisfaction", "success_reference")}
        values.setdefault("success_reference", "")
        try:
            services.attempt_record(scope=scope, uuid=uuid, result=Result(**values))
        except (Invalid, Conflict) as refusal:
            mark_refused(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("Entered."))
            return redirect("tickets:work", uuid=attempt.campaign.uuid)
    return render(request, "tickets/work.html", _context(scope, attempt.campaign, attempt, form), status=status)


def _window(campaign: Campaign, zone: str, scope: Scope) -> Any:
    windows = services.windows_of(campaign, zone, scope.at)
    state = window_now(windows, scope.at)
    if state.changes_at is None:
        return ui.badge("bad", _("nobody is called any more"))
    moment = formats.moment_text(state.changes_at, windows.zone)
    if state.is_open:
        return ui.badge("good", _("calls until %(moment)s") % {"moment": moment}, "phone-call")
    return ui.badge("warning", _("no calls before %(moment)s") % {"moment": moment}, "clock")


def _context(
    scope: Scope, campaign: Campaign, attempt: Attempt | None, form: OutcomeForm | None = None
) -> dict[str, Any]:
    own_zone = attempt.contact.zone if attempt else ""
    zone = own_zone or campaign.contract.zone
    context: dict[str, Any] = {
        "title": campaign.name,
        "title_badge": ui.badge(CAMPAIGN_TONES[CampaignState(campaign.state)], campaign.get_state_display()),
        "crumbs": (WORK, Crumb(campaign.name)),
        "campaign": campaign,
        "script": script_now(scope=scope, script=campaign.script),
        "window": _window(campaign, own_zone, scope),
        "is_open": window_now(services.windows_of(campaign, own_zone, scope.at), scope.at).is_open,
        "attempt": attempt,
        "zone": zone,
    }
    if attempt is None:
        return context
    former = selectors.attempts_made(scope=scope).filter(contact=attempt.contact)
    return context | {
        "facts": _facts(scope, attempt),
        "form": form or OutcomeForm(attempt=attempt, zone=zone),
        "former": list(former[:FORMER_SHOWN]),
        "minutes": duration_text(max((attempt.held_until - scope.at).total_seconds(), 0)),
    }


def _facts(scope: Scope, attempt: Attempt) -> list[Fact]:
    readable = fields_readable(scope.role, scope.side, "contact")
    contact, listed = attempt.contact, attempt
    facts = [Fact(_("Customer"), listed.customer_masked)]  # type: ignore[attr-defined]
    words = {
        "name": (_("Name"), contact.name),
        "reference": (_("Reference"), contact.reference),
        "note": (_("Note"), contact.note),
        "zone": (_("Time zone"), contact.zone),
        "call_external_id": (_("The call that it is about"), contact.call_external_id),
    }
    facts += [Fact(*words[name]) for name in words if name in readable and words[name][1]]
    facts.append(Fact(_("Attempt"), _("%(number)s of %(most)s") % {
        "number": contact.attempts_count + 1, "most": attempt.campaign.max_attempts,
    }))  # fmt: skip
    return facts
