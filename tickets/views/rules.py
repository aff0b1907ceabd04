"""Policies and calendars of a vendor: what is promised of which tickets, in which order, counted by what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts import selectors as contracts
from contracts.calc import hours
from contracts.wording import hours_lines
from core.components import Action, Crumb, Tab
from core.errors import Conflict, Invalid, NotFound
from core.forms import EXPECTED, FormPage
from core.http import scope_of
from core.scope import Scope
from core.templatetags import ui
from tickets import selectors, services
from tickets.calc.rules import shadowed
from tickets.calc.terms import LADDER, windows_parse
from tickets.forms import CalendarForm, PolicyForm, PresetsForm
from tickets.forms.rules import PROMISES
from tickets.models import STATES, Calendar, Channel, Policy
from tickets.services.terms import holidays_of
from tickets.views.lists import TICKETS
from tickets.wording import RECIPIENT_NAMES, TIER_TONES, duration_text
from vendors import selectors as vendors
from vendors.models import Vendor

HOLIDAYS_SHOWN = 6


def rules_url(vendor: Vendor) -> str:
    """Return the page of a vendor's rules."""
    return f"{reverse('tickets:rules')}?vendor={vendor.uuid}"


def vendor_asked(scope: Scope, request: HttpRequest) -> Vendor:
    """Return the vendor that the address names, else the first one in view.

    Raises:
        NotFound: There is none.
    """
    if request.GET.get("vendor"):
        named = vendors.vendor_named(scope=scope, text=request.GET["vendor"])
    else:
        named = vendors.vendor_list(scope=scope).first()
    if named is None:
        raise NotFound
    return named


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show a vendor's policies in order, and its calendars."""
    scope = scope_of(request)
    scope.require("tickets.view")
    if not vendors.vendor_list(scope=scope).exists():
        context = {"title": _("Policies and calendars"), "crumbs": (TICKETS, Crumb(_("Policies and calendars")))}
        return render(request, "tickets/rules.html", context)
    vendor = vendor_asked(scope, request)
    zone = contracts.contract_list(scope=scope).filter(vendor=vendor).values_list("zone", flat=True).first()
    form = PresetsForm(initial={"zone": zone, "country": vendor.country})
    return render(request, "tickets/rules.html", _rules_context(scope, vendor, form))


def _rules_context(scope: Scope, vendor: Vendor, presets: PresetsForm) -> dict[str, Any]:
    may = scope.can("tickets.rules")
    policies = list(selectors.policy_list(scope=scope).filter(vendor=vendor))
    # A name may tell more than one row; the rows themselves compare by key.
    hidden = dict(shadowed([(p, selectors.conditions_of(policy=p)) for p in policies if p.is_active]))
    calendars = list(selectors.calendar_list(scope=scope).filter(vendor=vendor))
    action = Action(_("Add policy"), f"{reverse('tickets:policy_create')}?vendor={vendor.uuid}", "plus")
    add = Action(_("Add calendar"), f"{reverse('tickets:calendar_create')}?vendor={vendor.uuid}", "calendar")
    tabs = []
    if scope.is_client:
        tabs = [Tab(row.name, rules_url(row), row == vendor) for row in vendors.vendor_list(scope=scope)]
    return {
        "title": _("Policies and calendars"),
        "intro": _("The first active policy that matches a ticket decides its tier and what is promised."),
        "crumbs": (TICKETS, Crumb(_("Policies and calendars"))),
        "vendor": vendor,
        "tabs": tabs if len(tabs) > 1 else [],
        "action": action if may and policies else None,
        "menu": [add] if may and policies else [],
        "may": may,
        "presets": presets,
        "policies": [
            {
                "row": policy,
                "tier": ui.badge(TIER_TONES[policy.tier], policy.get_tier_display()),  # type: ignore[index]
                "when": _conditions(policy),
                "promises": _promises(policy),
                "ladder": _ladder(policy),
                "shadow": hidden.get(policy),
                "is_first": policy is policies[0],
                "is_last": policy is policies[-1],
            }
            for policy in policies
        ],
        "has_rest": any(
            p.is_active and not any((p.reasons, p.queues, p.channels, p.words, p.customers, p.only_incidents))
            for p in policies
        ),
        "calendars": [
            {
                "row": calendar,
                "hours": hours_lines(hours.parse(calendar.service_hours)),
                "holidays": _next_days(scope, calendar),
            }
            for calendar in calendars
        ],
    }


def _conditions(policy: Policy) -> str:
    channels = [str(label) for value, label in Channel.choices if value in policy.channels]
    parts = [
        _("came in by %(list)s") % {"list": ", ".join(channels)} if channels else "",
        _("reason %(list)s") % {"list": ", ".join(policy.reasons)} if policy.reasons else "",
        _("queue %(list)s") % {"list": ", ".join(policy.queues)} if policy.queues else "",
        _("says %(list)s") % {"list": ", ".join(f"“{w}”" for w in policy.words)} if policy.words else "",
        _("comes from %(list)s") % {"list": ", ".join(sorted(policy.customers.values()))} if policy.customers else "",
        _("belongs to an incident") if policy.only_incidents else "",
    ]
    return " · ".join(filter(None, parts)) or _("every ticket that no earlier policy took")


def _promises(policy: Policy) -> list[tuple[Any, str]]:
    found: list[tuple[Any, str]] = [
        (label, duration_text(seconds)) for name, label in PROMISES if (seconds := getattr(policy, name))
    ]
    if policy.pausing:
        states = ", ".join(str(STATES[state]) for state in policy.pausing)
        found.append((_("Paused while it"), states))
    return found


def _ladder(policy: Policy) -> str:
    steps = policy.ladder or LADDER
    return " · ".join(
        _("%(percent)s %%: %(who)s") % {"percent": percent, "who": ", ".join(str(RECIPIENT_NAMES[name]) for name in to)}
        for percent, to in steps
    )


def _next_days(scope: Scope, calendar: Calendar) -> list[tuple[str, str]]:
    """Return the next days that have windows of their own, with names; closed ones are said to be."""
    today = scope.at.date()
    found: dict[str, Any] = {}
    if calendar.country:
        days = holidays_of(
            country=calendar.country,
            subdivision=calendar.subdivision,
            years=range(today.year, today.year + 2),
            language=get_language() or "en",
        )
        found = {day.isoformat(): {"name": name, "windows": []} for day, name in days.items()}
    found |= calendar.exceptions
    ahead = sorted(day for day in found if day >= today.isoformat())[:HOLIDAYS_SHOWN]
    return [
        (day, " ".join(filter(None, (found[day]["name"], hours.text_of(windows_parse(found[day]["windows"]))))))
        for day in ahead
    ]


@require_POST
def presets(request: HttpRequest) -> HttpResponse:
    """Give a vendor the usual policies and calendars."""
    scope = scope_of(request)
    scope.require("tickets.rules")
    vendor = vendor_asked(scope, request)
    form = PresetsForm(request.POST)
    if form.is_valid():
        try:
            services.presets_create(scope=scope, vendor=vendor, **form.cleaned_data)
        except Invalid as refusal:
            for name, texts in refusal.fields.items():
                form.add_error(name if name in form.fields else None, "; ".join(texts))
        else:
            messages.success(request, _("The usual policies are in force; change what differs."))
            return redirect(rules_url(vendor))
    return render(request, "tickets/rules.html", _rules_context(scope, vendor, form), status=422)


@require_POST
def policy_move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Move a policy up or down in the order."""
    scope = scope_of(request)
    scope.require("tickets.rules")
    policy = selectors.policy_get(scope=scope, uuid=uuid)
    uuids = list(selectors.policy_list(scope=scope).filter(vendor_id=policy.vendor_id).values_list("uuid", flat=True))
    at = uuids.index(policy.uuid)
    other = at - 1 if request.POST.get("direction") == "up" else at + 1
    if 0 <= other < len(uuids):
        uuids[at], uuids[other] = uuids[other], uuids[at]
        services.policies_order(scope=scope, vendor=policy.vendor, uuids=uuids)
    return redirect(f"{rules_url(policy.vendor)}#policy-{policy.uuid}")


@require_POST
def calendar_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Remove a calendar that no policy uses."""
    scope = scope_of(request)
    scope.require("tickets.rules")
    calendar = selectors.calendar_get(scope=scope, uuid=uuid)
    try:
        services.calendar_delete(scope=scope, uuid=uuid)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The calendar is gone."))
    return redirect(rules_url(calendar.vendor))


@require_safe
def holidays_preview(request: HttpRequest) -> HttpResponse:
    """Show the next public holidays of a country, for the form of a calendar."""
    scope = scope_of(request)
    scope.require("tickets.rules")
    country, subdivision = request.GET.get("country", ""), request.GET.get("subdivision", "")
    today, found, problem = scope.at.date(), [], ""
    if country:
        try:
            days = holidays_of(
                country=country,
                subdivision=subdivision,
                years=range(today.year, today.year + 2),
                language=get_language() or "en",
            )
        except NotImplementedError:
            problem = _("No public holidays are known of this country or region.")
        else:
            found = [(day, name) for day, name in days.items() if day >= today][:HOLIDAYS_SHOWN]
    return render(request, "tickets/_holidays.html", {"holidays": found, "problem": problem})


class RulePage(FormPage):
    """The form of a rule; a new one is given to the vendor that the address names."""

    permission = "tickets.rules"
    template_name = "tickets/rule_form.html"
    object_type = ""
    rule_form: Any
    fetch: Any
    create: Any
    update: Any

    def get_row(self, scope: Scope) -> Any:
        row = self.fetch(scope=scope, uuid=self.kwargs["uuid"]) if "uuid" in self.kwargs else None
        self.vendor = row.vendor if row else vendor_asked(scope, self.request)
        return row

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        given: dict[str, Any] = {} if row is None else {"instance": row}
        form: BaseForm = self.rule_form(data=data, scope=scope, vendor=self.vendor, **given)
        return form

    def save(self, scope: Scope, row: Any, form: Any) -> Any:
        if row is None:
            return self.create(scope=scope, vendor=self.vendor, values=form.values)
        version = form.cleaned_data[EXPECTED]
        return self.update(scope=scope, uuid=row.uuid, expected_version=version, values=form.values)

    def get_done_url(self, saved: Any) -> str:
        return rules_url(self.vendor)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        page = Crumb(_("Policies and calendars"), rules_url(self.vendor))
        title = _("Edit %(name)s") % {"name": row.name} if row else self.title
        return {
            "title": title,
            "crumbs": (TICKETS, page, Crumb(title)),
            "cancel_url": page.url,
            "row": row,
            "object_type": self.object_type,
            "vendor": self.vendor,
        }


class CalendarPage(RulePage):
    """Add or edit a calendar."""

    title = gettext_lazy("Add calendar")
    intro = gettext_lazy("When promises are counted. Open tickets follow a change, from their start on.")
    template_name = "tickets/calendar_form.html"
    object_type = "calendar"
    rule_form = CalendarForm
    fetch = staticmethod(selectors.calendar_get)
    create = staticmethod(services.calendar_create)
    update = staticmethod(services.calendar_update)


class PolicyPage(RulePage):
    """Add or edit a policy."""

    title = gettext_lazy("Add policy")
    intro = gettext_lazy("Which tickets it takes, and what they are promised. Open tickets are judged anew.")
    template_name = "tickets/policy_form.html"
    object_type = "policy"
    rule_form = PolicyForm
    fetch = staticmethod(selectors.policy_get)
    create = staticmethod(services.policy_create)
    update = staticmethod(services.policy_update)
