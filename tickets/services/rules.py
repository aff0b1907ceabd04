"""Keeping calendars and policies; open tickets follow a change by a job that anybody may run any number of times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import holidays
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import row_add, row_change
from audit.services import record
from calls.services import customers_remember, number_mask
from contracts.calc.business_time import BusinessCalendar, NeverOpen
from contracts.calc.hours import HoursError, parse
from contracts.wording import hours_problem
from core.errors import Conflict, Invalid
from core.scope import Scope
from tickets import selectors
from tickets.calc.clocks import UpdateMode
from tickets.calc.states import PAUSABLE
from tickets.calc.terms import RECIPIENTS, windows_parse
from tickets.models import Calendar, Channel, Policy, Ticket, Tier
from tickets.services.opening import number_read
from tickets.services.terms import rules_take
from vendors.calc.places import zone_names
from vendors.models import Vendor

HOUR = 3600
# So many tickets follow a changed rule in one transaction.
SECONDS = (
    *("first_response_seconds", "update_seconds", "resolution_seconds", "callback_seconds"),
    *("first_line_seconds", "second_line_seconds", "technical_seconds"),
)
CUSTOMERS_MOST = 200
LONGEST_SECONDS = 366 * 24 * HOUR
# What A85 and A86 say: urgent 2 h around the clock, normal 24 h, consultation 48 h; the first line records within
# 1 h, the second answers within 24 h; a callback within 24 h of the solution (A90).
PRESETS: tuple[tuple[Tier, bool, dict[str, Any]], ...] = (
    (
        Tier.URGENT,
        True,
        {"first_response_seconds": 2 * HOUR, "resolution_seconds": 8 * HOUR, "words": ["urgent", "紧急"]},
    ),
    (Tier.CONSULTATION, False, {"first_response_seconds": 48 * HOUR, "words": ["question", "咨询"]}),
    (Tier.NORMAL, False, {"first_response_seconds": 24 * HOUR, "resolution_seconds": 72 * HOUR}),
)
LONGEST_DAYS = 5 * 365
# Whose promises follow the order of the policies.
RULED = Q(policy_pinned=False) | Q(pinned_by_vendor=True)
EVERY_TIER = {
    "callback_seconds": 24 * HOUR,
    "first_line_seconds": HOUR,
    "second_line_seconds": 24 * HOUR,
    "technical_seconds": 24 * HOUR,
    "update_seconds": 24 * HOUR,
    "pausing": ["pending_customer", "pending_third_party"],
}


def calendar_create(*, scope: Scope, vendor: Vendor, values: Mapping[str, Any]) -> Calendar:
    """Add a calendar.

    Raises:
        Forbidden: The role may not change rules.
        Invalid: The name is taken, a window cannot be right, no day is open, or zone or country are none.
    """
    scope.require("tickets.rules")
    fields_require(scope=scope, obj="calendar", names=values)
    calendar = Calendar(vendor=vendor, **values)
    _check_calendar(calendar, scope.at)
    row_add(scope=scope, action="calendar.created", row=calendar, entered=values)
    return calendar


@transaction.atomic
def calendar_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Calendar:
    """Change a calendar; open tickets are measured by it from their start (E14).

    Raises:
        NotFound, Conflict: There is none for the caller, or somebody saved it meanwhile.
        Forbidden, Invalid: As :func:`calendar_create`.
    """
    scope.require("tickets.rules")
    fields_require(scope=scope, obj="calendar", names=values)
    calendar = selectors.calendar_get(scope=scope, uuid=uuid)
    wanted = Calendar(**{name: values.get(name, getattr(calendar, name)) for name in _names(calendar)})
    _check_calendar(wanted, scope.at)
    changes = row_change(
        scope=scope, action="calendar.changed", row=calendar, expected_version=expected_version, values=values
    )
    if changes:
        _stale(
            scope,
            calendar.vendor_id,
            Q(terms__policy__calendar=calendar) | Q(terms__policy__callback_calendar=calendar),
        )
    return calendar


@transaction.atomic
def calendar_delete(*, scope: Scope, uuid: UUID) -> None:
    """Remove a calendar that no policy uses.

    Raises:
        NotFound, Forbidden: As :func:`calendar_update`.
        Conflict: A policy counts by it; ``details`` names them.
    """
    scope.require("tickets.rules")
    calendar = selectors.calendar_get(scope=scope, uuid=uuid)
    used = selectors.policy_list(scope=scope).filter(Q(calendar=calendar) | Q(callback_calendar=calendar))
    names = list(used.values_list("name", flat=True))
    if names:
        message = _("Policies count by this calendar: %(names)s. Give them another one first.")
        raise Conflict("calendar_in_use", message % {"names": ", ".join(names)}, details={"policies": names})
    record(scope=scope, action="calendar.deleted", target=calendar)
    Calendar.objects.visible_to(scope).filter(pk=calendar.pk).delete()


@transaction.atomic
def policy_create(*, scope: Scope, vendor: Vendor, values: Mapping[str, Any]) -> Policy:
    """Add a policy as the last in the order.

    Args:
        scope: Who acts.
        vendor: Whose tickets.
        values: Fields of the object ``policy``; ``customers`` lists clear numbers, which are kept encrypted.

    Raises:
        Forbidden: The role may not change rules.
        Invalid: The name is taken, nothing is promised, or a field cannot be right.
    """
    scope.require("tickets.rules")
    fields_require(scope=scope, obj="policy", names=values)
    last = Policy.objects.visible_to(scope).filter(vendor=vendor).aggregate(last=Max("position"))["last"]
    values = _with_customers(scope, vendor.pk, values, {})
    policy = Policy(vendor=vendor, position=(last or 0) + 1, **values)
    _check_policy(policy)
    told = {name: value for name, value in values.items() if not isinstance(value, Calendar)}
    told["customers"] = _shown(policy.customers) or None
    row_add(scope=scope, action="policy.created", row=policy, entered=told)
    _stale(scope, vendor.pk, RULED)
    return policy


@transaction.atomic
def policy_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Policy:
    """Change a policy; open tickets are judged anew. ``customers`` may also list keys that the policy has already.

    Raises:
        NotFound, Conflict: As :func:`calendar_update`.
        Forbidden, Invalid: As :func:`policy_create`.
    """
    scope.require("tickets.rules")
    fields_require(scope=scope, obj="policy", names=values)
    policy = selectors.policy_get(scope=scope, uuid=uuid)
    former = policy.customers
    values = _with_customers(scope, policy.vendor_id, values, former)
    wanted = Policy(**{name: values.get(name, getattr(policy, name)) for name in _names(policy)})
    _check_policy(wanted)
    # The book tells the masked numbers, not the keys by which customers are matched.
    told = [_shown(former), _shown(wanted.customers)]
    row_change(
        scope=scope,
        action="policy.changed",
        row=policy,
        expected_version=expected_version,
        values=values,
        parts={"customers": told} if former != wanted.customers else None,
    )
    _stale(scope, policy.vendor_id, Q())
    return policy


@transaction.atomic
def policies_order(*, scope: Scope, vendor: Vendor, uuids: Sequence[UUID]) -> None:
    """Put a vendor's policies into another order; the first that matches wins.

    Raises:
        Forbidden: The role may not change rules.
        Invalid: The list does not name every policy once.
    """
    scope.require("tickets.rules")
    policies = {
        p.uuid: p for p in selectors.policy_list(scope=scope).filter(vendor=vendor).select_for_update(of=("self",))
    }
    if sorted(uuids) != sorted(policies):
        raise Invalid("invalid", _("Name every policy of the vendor once."))
    former = [p.name for p in sorted(policies.values(), key=lambda p: p.position)]
    for position, uuid in enumerate(uuids, start=1):
        policies[uuid].position = position
    Policy.objects.visible_to(scope).bulk_update(policies.values(), ["position"])
    record(
        scope=scope,
        action="policy.ordered",
        vendor_id=vendor.pk,
        label=vendor.name,
        changes={"order": [former, [policies[uuid].name for uuid in uuids]]},
    )
    _stale(scope, vendor.pk, RULED)


@transaction.atomic
def presets_create(*, scope: Scope, vendor: Vendor, zone: str, country: str = "") -> list[Policy]:
    """Give a vendor the usual calendars and policies: urgent, consultation, and normal for all others.

    Raises:
        Forbidden: The role may not change rules.
        Conflict: The vendor has policies.
        Invalid: As :func:`calendar_create`.
    """
    scope.require("tickets.rules")
    if selectors.policy_list(scope=scope).filter(vendor=vendor).exists():
        raise Conflict("policies_exist", _("This vendor has policies already."))
    week = {str(day): [["09:00", "18:00"]] for day in range(5)}
    always = {str(day): [["00:00", "24:00"]] for day in range(7)}
    office, around = (
        calendar_create(scope=scope, vendor=vendor, values=values)
        for values in (
            {"name": _("Office hours"), "zone": zone, "service_hours": week, "country": country},
            {"name": _("Around the clock"), "zone": zone, "service_hours": always},
        )
    )
    return [
        policy_create(
            scope=scope,
            vendor=vendor,
            values={
                "name": str(tier.label).capitalize(),
                "tier": tier.value,
                "calendar": around if is_always else office,
                **EVERY_TIER,
                **values,
            },
        )
        for tier, is_always, values in PRESETS
    ]


def _stale(scope: Scope, vendor_id: int, which: Q) -> None:
    # Whoever opens a ticket by the former rules right now is done first, so that its ticket is among these.
    rules_take(vendor_id=vendor_id)
    tickets = Ticket.objects.visible_to(scope).filter(which, vendor_id=vendor_id, ended_at__isnull=True)
    tickets.update(is_stale=True)


def _names(row: Calendar | Policy) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if field.name != "id"]


def _check_calendar(calendar: Calendar, at: datetime) -> None:
    fields: dict[str, list[str]] = {}
    if calendar.zone not in zone_names():
        fields["zone"] = [_("Choose a time zone such as Asia/Shanghai.")]
    if calendar.country:
        known = holidays.list_supported_countries().get(calendar.country)
        if known is None:
            fields["country"] = [_("No public holidays are known of this country; enter them as own days.")]
        elif calendar.subdivision and calendar.subdivision not in known:
            fields["subdivision"] = [_("Known regions: %(regions)s.") % {"regions": ", ".join(known) or "–"}]
    hours = None
    try:
        hours = parse(calendar.service_hours)
    except HoursError as error:
        fields["service_hours"] = [hours_problem(error)]
    exceptions = {}
    for day, own in calendar.exceptions.items():
        try:
            exceptions[date.fromisoformat(day)] = windows_parse(own["windows"])
        except HoursError as error:
            fields.setdefault("exceptions", []).append(f"{day}: {hours_problem(error)}")
        except (ValueError, TypeError, KeyError):
            message = _("%(day)s: write a date such as 2026-10-01, a name and windows.")
            fields.setdefault("exceptions", []).append(message % {"day": day})
    if not fields and hours is not None:
        try:
            BusinessCalendar(hours, calendar.zone, exceptions).add(at.astimezone(UTC), 1)
        except NeverOpen:
            fields["exceptions"] = [_("With these days the calendar never opens.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)


def _with_customers(
    scope: Scope, vendor_id: int, values: Mapping[str, Any], former: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return the values with customers as they are stored: key to masked number."""
    if "customers" not in values:
        return values
    asked = list(dict.fromkeys(values["customers"]))
    if len(asked) > CUSTOMERS_MOST:
        message = _("At most %(count)s customers.") % {"count": CUSTOMERS_MOST}
        raise Invalid("invalid", _("Please mend what is marked."), fields={"customers": [message]})
    kept = {key: former[key] for key in asked if key in former}
    numbers = [number_read(text=text, field="customers") for text in asked if text not in former]
    keys = customers_remember(scope=scope, vendor_id=vendor_id, numbers=numbers)
    return {**values, "customers": kept | {str(key): number_mask(number) for number, key in keys.items()}}


def _shown(customers: Mapping[str, str]) -> list[str]:
    return sorted(customers.values())


def _check_policy(policy: Policy) -> None:
    fields: dict[str, list[str]] = {}
    given = [name for name in SECONDS if getattr(policy, name)]
    if not given:
        fields["resolution_seconds"] = [_("Promise at least one thing.")]
    for name in given:
        if not 60 <= getattr(policy, name) <= LONGEST_SECONDS:
            fields[name] = [_("Between one minute and a year.")]
    closed: dict[str, tuple[set[Any], Any]] = {
        "tier": (set(Tier.values), [policy.tier]),
        "channels": (set(Channel.values), policy.channels),
        "pausing": ({state.value for state in PAUSABLE}, policy.pausing),
        "update_mode": (set(UpdateMode), [policy.update_mode]),
    }
    for name, (known, values) in closed.items():
        if not isinstance(values, list) or not set(values) <= known:
            fields[name] = [_("Choose from: %(known)s.") % {"known": ", ".join(sorted(known))}]
    for name in ("reasons", "queues", "words"):
        values = getattr(policy, name)
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            fields[name] = [_("Give a list of texts.")]
    for calendar_name in ("calendar", "callback_calendar"):
        calendar = getattr(policy, calendar_name)
        if calendar is not None and calendar.vendor_id != policy.vendor_id:
            fields[calendar_name] = [_("This calendar is another vendor's.")]
    if not fields:
        fields = _endless(policy, given)
    if not _is_ladder(policy.ladder):
        message = _("Steps of the ladder go from 1 to 1000 percent, each once, and tell some of: %(known)s.")
        fields["ladder"] = [message % {"known": ", ".join(RECIPIENTS)}]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)


def _endless(policy: Policy, given: Sequence[str]) -> dict[str, list[str]]:
    """Refuse promises whose end lies years ahead, because the calendar is hardly ever open."""
    fields = {}
    for name in given:
        calendar = policy.callback_calendar if name == "callback_seconds" else policy.calendar
        if calendar is None:
            continue
        week = sum(w.end_minute - w.start_minute for day in parse(calendar.service_hours).days for w in day) * 60
        if getattr(policy, name) / max(week, 1) * 7 > LONGEST_DAYS:
            fields[name] = [_("By this calendar the promise would end in more than five years.")]
    return fields


def _is_ladder(ladder: Any) -> bool:
    if not isinstance(ladder, list) or not all(isinstance(step, list | tuple) and len(step) == 2 for step in ladder):
        return False
    percents = [percent for percent, _recipients in ladder]
    return (
        all(isinstance(percent, int) and 1 <= percent <= 1000 for percent in percents)
        and len(set(percents)) == len(percents)
        and all(isinstance(to, list | tuple) and to and set(to) <= set(RECIPIENTS) for _percent, to in ladder)
    )
