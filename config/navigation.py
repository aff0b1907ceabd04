"""The left rail: every page that has an entry, in the order people meet them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_LABELS
from accounts.selectors import notices_unread_count
from core.scope import Scope


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the rail.

    Attributes:
        label: Its name.
        url_name: Where it leads.
        icon: Name in embedded/icons.txt.
        permission: What a role needs to see it; empty for everybody.
    """

    label: Any
    url_name: str
    icon: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; a group without visible entries is not shown."""

    label: Any
    entries: tuple[Entry, ...]


GROUPS = (
    Group("", (Entry(_("Overview"), "home", "layout-dashboard", "kpis.view"),)),
    Group(
        _("Contracts"),
        (
            Entry(_("Vendors"), "vendors:vendor_list", "building-community", "vendors.view"),
            Entry(_("Sites"), "vendors:site_list", "map-pin", "vendors.view"),
            Entry(_("Queues"), "vendors:queue_list", "phone-incoming", "vendors.view"),
            Entry(_("Agents"), "vendors:agent_list", "headset", "vendors.view"),
            Entry(_("Contracts"), "contracts:contract_list", "contract", "contracts.view"),
        ),
    ),
    Group(
        _("Service"),
        (
            Entry(_("KPI explorer"), "reports:explorer", "chart-bar", "kpis.view"),
            Entry(_("Calls"), "calls:list", "phone-call", "calls.view"),
            Entry(_("Imports"), "calls:imports", "database-import", "imports.view"),
            Entry(_("Import profiles"), "calls:profiles", "adjustments", "imports.view"),
            Entry(_("Incidents"), "sla:incident_list", "alert-triangle", "incidents.view"),
            Entry(_("Contingency plans"), "sla:plan_list", "clipboard-list", "plans.view"),
            Entry(_("Drills"), "sla:drill_list", "target", "inspections.view"),
            Entry(_("Inspections"), "sla:inspection_list", "square-check", "inspections.view"),
        ),
    ),
    Group(
        _("Tickets"),
        (
            Entry(_("Tickets"), "tickets:ticket_list", "ticket", "tickets.view"),
            Entry(_("Feedback"), "tickets:feedback_list", "mood-smile", "complaints.view"),
            Entry(_("Voice of the customer"), "tickets:voice", "trending-up", "complaints.view"),
            Entry(_("Policies and calendars"), "tickets:rules", "clock", "tickets.view"),
            Entry(_("Quick replies"), "tickets:reply_list", "message", "tickets.view"),
            Entry(_("Outbound campaigns"), "tickets:campaign_list", "phone-outgoing", "campaigns.view"),
            Entry(_("Call customers"), "tickets:work_list", "phone-call", "campaigns.call"),
            Entry(_("Do-not-call list"), "tickets:do_not_call_list", "phone-off", "dnc.view"),
        ),
    ),
    Group(
        _("Quality"),
        (
            Entry(_("Evaluations"), "qa:evaluation_list", "list-check", "qa.view"),
            Entry(_("Coaching"), "qa:coaching_list", "target", "qa.view"),
            Entry(_("Scores"), "qa:score_list", "chart-dots", "qa.view"),
            Entry(_("Calibration"), "qa:calibration_list", "users-group", "qa.compare"),
            Entry(_("Improvement"), "qa:improvement_board", "target", "improvements.view"),
            Entry(_("Consistency"), "qa:consistency", "arrows-exchange", "consistency.view"),
            Entry(_("Ideas"), "qa:idea_list", "bulb", "ideas.view"),
            Entry(_("Scripts"), "qa:script_list", "file-text", "scripts.view"),
            Entry(_("Live calls"), "qa:live_board", "headset", "live.view"),
            Entry(_("Evaluation forms"), "qa:form_list", "clipboard-list", "qa.view"),
            Entry(_("Sampling plans"), "qa:plan_list", "scale", "agents.view"),
            Entry(_("Automatic checks"), "qa:checks", "sparkles", "speech.view"),
            Entry(_("Transcripts"), "qa:transcript_list", "message", "transcripts.view"),
        ),
    ),
    Group(
        _("Administration"),
        (
            Entry(_("People"), "accounts:user_list", "users", "users.view"),
            Entry(_("Service accounts"), "accounts:service_list", "api", "tokens.manage"),
            Entry(_("Webhooks"), "accounts:webhook_list", "send", "webhooks.view"),
            Entry(_("Audit book"), "audit:book", "book", "audit.view"),
            Entry(_("API"), "api_docs", "code"),
        ),
    ),
)


@cache
def address(url_name: str) -> str:
    """Return the address of a page, empty if this installation has none."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def rail_pages(scope: Scope | None, path: str) -> str:
    """Return the groups of pages that a scope may see, drawn, with the page that the path lies under marked."""
    if scope is None:
        return ""
    shown = frozenset(entry.url_name for group in GROUPS for entry in group.entries if _is_shown(entry, scope))
    under = [address(name) for name in shown]
    here = max((a for a in under if path == a or (a != "/" and path.startswith(a))), key=len, default="")
    return _drawn(shown, here, get_language() or "")


# Everybody of a role sees the same rail on every page of a kind.
@lru_cache(maxsize=2000)
def _drawn(shown: frozenset[str], here: str, language: str) -> str:
    groups = [(group, [entry for entry in group.entries if entry.url_name in shown]) for group in GROUPS]
    navigation = [
        {
            "label": group.label,
            "entries": [
                {"label": entry.label, "icon": entry.icon, "url": address(entry.url_name)} for entry in entries
            ],
        }
        for group, entries in groups
        if entries
    ]
    return render_to_string("components/rail_pages.html", {"navigation": navigation, "here": here})


def _is_shown(entry: Entry, scope: Scope) -> bool:
    return bool(address(entry.url_name)) and (not entry.permission or scope.can(entry.permission))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates what the frame shows; the rail and the bell are computed only where drawn."""
    scope = getattr(request, "scope", None)
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme") or getattr(user, "theme", "")
    return {
        "rail_pages": lambda: rail_pages(scope, request.path),
        "notices_unread": lambda: notices_unread_count(scope=scope) if scope else 0,
        "organization_name": scope.organization_name if scope else "",
        "role_name": ROLE_LABELS.get(scope.role, "") if scope else "",
        "theme_choice": theme if theme in ("light", "dark") else "",
        "rail_is_narrow": request.COOKIES.get("rail") == "narrow",
    }
