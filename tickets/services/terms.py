"""What a policy and its calendars say now, kept word for word for the tickets that get it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import holidays
from django.db import connection
from django.utils.translation import gettext as _

from core import sql
from core.errors import Invalid
from core.scope import Scope
from tickets.calc.clocks import Clock, Level
from tickets.calc.terms import LADDER, is_looser
from tickets.models import Calendar, Policy, Terms

# Holidays are written out for so many years from the one that the terms are made in.
YEARS_BEFORE, YEARS_AFTER = 1, 4
RULES_LOCK = 7013


def rules_share(*, vendor_id: int) -> None:
    """Let nobody change a vendor's rules until the transaction ends: what is promised by them now stays promised.

    Whoever changes them (:func:`rules_take`) waits for those who read them, and then sees their tickets.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [RULES_LOCK, vendor_id])


def rules_take(*, vendor_id: int) -> None:
    """Be alone with a vendor's rules until the transaction ends."""
    sql.lock(RULES_LOCK, vendor_id)


def terms_of_policy(*, scope: Scope, policy: Policy) -> Terms:
    """Return the row with the policy's present terms; one is made where nobody had them yet."""
    body = terms_body(policy=policy, year=scope.at.year)
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).digest()
    terms = Terms(vendor_id=policy.vendor_id, policy=policy, digest=digest, body=body, made_at=scope.at)
    Terms.objects.visible_to(scope).bulk_create([terms], ignore_conflicts=True)
    kept: Terms = Terms.objects.visible_to(scope).get(vendor_id=policy.vendor_id, digest=digest)
    return kept


def terms_body(*, policy: Policy, year: int) -> dict[str, Any]:
    """Return what a policy and its calendars say, in the form in which terms are stored."""
    return {
        "policy": {"uuid": str(policy.uuid), "name": policy.name, "version": policy.version, "tier": policy.tier},
        "calendar": calendar_body(calendar=policy.calendar, year=year),
        "callback_calendar": policy.callback_calendar and calendar_body(calendar=policy.callback_calendar, year=year),
        "targets": _given(
            {
                Clock.FIRST_RESPONSE: policy.first_response_seconds,
                Clock.UPDATE: policy.update_seconds,
                Clock.RESOLUTION: policy.resolution_seconds,
                Clock.CALLBACK: policy.callback_seconds,
            }
        ),
        "hops": _given(
            {
                Level.FIRST_LINE: policy.first_line_seconds,
                Level.SECOND_LINE: policy.second_line_seconds,
                Level.TECHNICAL: policy.technical_seconds,
            }
        ),
        "pausing": sorted(policy.pausing),
        "update_mode": policy.update_mode,
        "warn_lead_seconds": policy.warn_lead_seconds,
        "ladder": policy.ladder or [[percent, list(recipients)] for percent, recipients in LADDER],
    }


def looser_refuse(*, scope: Scope, former: Mapping[str, Any], other: Mapping[str, Any], field: str) -> None:
    """Refuse terms by which a vendor would promise less than it has to: what is promised is the client's to say.

    Raises:
        Invalid: Beside the field.
    """
    if not scope.is_client and is_looser(former, other):
        message = _("This promises the customer less than “%(policy)s”; only the client may.")
        message %= {"policy": former["policy"]["name"]}
        raise Invalid("looser", message, fields={field: [message]})


def calendar_body(*, calendar: Calendar, year: int) -> dict[str, Any]:
    """Return a calendar as terms keep it, its public holidays written out by name (C18)."""
    exceptions: dict[str, Any] = {}
    if calendar.country:
        years = range(year - YEARS_BEFORE, year + YEARS_AFTER)
        for day, name in holidays_of(country=calendar.country, subdivision=calendar.subdivision, years=years).items():
            exceptions[day.isoformat()] = {"name": name, "windows": []}
    exceptions |= calendar.exceptions
    return {
        "name": calendar.name,
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "zone": calendar.zone,
        "hours": calendar.service_hours,
        "exceptions": dict(sorted(exceptions.items())),
    }


@lru_cache(maxsize=128)
def holidays_of(*, country: str, subdivision: str = "", years: range, language: str = "en") -> Mapping[date, str]:
    """Return the public holidays of some years by day.

    Args:
        language: Of the interface; names that the library has not in it are in English.

    Raises:
        NotImplementedError: The library knows no such country or region.
    """
    # Left unsaid, it would be that of the machine.
    spoken = "zh_CN" if language.startswith("zh") else "en_US"
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=spoken)
    return dict(sorted(found.items()))


def day_names(*, calendar: Mapping[str, Any], language: str) -> Mapping[date, str]:
    """Return the names of a calendar's own days as terms keep them, those of public holidays in a language."""
    kept = {date.fromisoformat(day): str(own.get("name", "")) for day, own in calendar["exceptions"].items()}
    if not kept or not calendar.get("country"):
        return kept
    which: Any = {"country": calendar["country"], "subdivision": calendar["subdivision"]}
    which["years"] = range(min(kept).year, max(kept).year + 1)
    plain, spoken = holidays_of(**which), holidays_of(**which, language=language)
    return {day: spoken.get(day, name) if name == plain.get(day) else name for day, name in kept.items()}


def _given(values: Mapping[Any, int | None]) -> dict[str, int]:
    return {str(name): seconds for name, seconds in values.items() if seconds}
