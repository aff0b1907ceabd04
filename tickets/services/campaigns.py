"""Keeping campaigns: what they are for, when they may call, and whether they run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import holidays
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require, rivals_refuse
from audit.rows import row_add, row_change
from contracts.calc.business_time import BusinessCalendar
from contracts.calc.hours import HoursError, Window, parse
from contracts.models import Contract
from contracts.wording import hours_problem
from core.errors import Conflict, Invalid
from core.scope import Scope
from qa.selectors import script_now
from tickets import selectors
from tickets.calc.outbound import (
    WINDOWS,
    CampaignState,
    CampaignStep,
    Purpose,
    Rules,
    disturbs_rest,
    state_after,
)
from tickets.models import CAMPAIGN_STATES, PURPOSES, Campaign
from tickets.services.terms import holidays_of

MINUTE, DAY = 60, 24 * 3600
LONGEST_GAP_SECONDS = 60 * DAY
_DEEDS = {
    CampaignStep.START: "campaign.started",
    CampaignStep.PAUSE: "campaign.paused",
    CampaignStep.END: "campaign.ended",
}


def campaign_create(*, scope: Scope, contract: Contract, values: Mapping[str, Any]) -> Campaign:
    """Draft a campaign under a contract, which decides the vendor and the zone.

    Args:
        scope: Who acts.
        contract: Under which contract it is settled and billed.
        values: Fields of the object ``campaign``; what is left out is as usual.

    Raises:
        Forbidden: The role may not edit campaigns.
        Invalid: The name is taken, a window or a limit cannot be right, or a row is another vendor's.
    """
    scope.require("campaigns.edit")
    fields_require(scope=scope, obj="campaign", names=values)
    campaign = Campaign(
        vendor_id=contract.vendor_id, contract=contract, made_at=scope.at, **{"service_hours": WINDOWS, **values}
    )
    _check(scope, campaign, values)
    told = {name: value for name, value in values.items() if name not in ("queue", "script")}
    row_add(scope=scope, action="campaign.created", row=campaign, entered=told)
    return campaign


def campaign_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Campaign:
    """Change a campaign; one that runs keeps a script that was approved.

    Raises:
        NotFound: It does not exist for the caller.
        Conflict: It has ended, or somebody saved it meanwhile.
        Forbidden, Invalid: As :func:`campaign_create`.
    """
    scope.require("campaigns.edit")
    fields_require(scope=scope, obj="campaign", names=values)
    campaign = selectors.campaign_get(scope=scope, uuid=uuid)
    if campaign.state == CampaignState.ENDED:
        raise _not_from(campaign)
    wanted = Campaign(**{f.attname: getattr(campaign, f.attname) for f in campaign._meta.concrete_fields})
    for name, value in values.items():
        setattr(wanted, name, value)
    _check(scope, wanted, {name: value for name, value in values.items() if value != getattr(campaign, name)})
    row_change(scope=scope, action="campaign.changed", row=campaign, expected_version=expected_version, values=values)
    return campaign


@transaction.atomic
def campaign_step(*, scope: Scope, uuid: UUID, expected_version: int, step: CampaignStep) -> Campaign:
    """Let a campaign go live, pause it or end it.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not edit campaigns.
        Conflict: The step cannot be taken, or its script was not approved.
    """
    scope.require("campaigns.edit")
    campaign = selectors.campaign_get(scope=scope, uuid=uuid)
    to = state_after(CampaignState(campaign.state), step)
    if to is None:
        raise _not_from(campaign)
    if to is CampaignState.LIVE and script_now(scope=scope, script=campaign.script) is None:
        message = _("A campaign goes live with a script that passed its review; choose one, or have it reviewed.")
        raise Conflict("script_not_approved", message)
    row_change(
        scope=scope, action=_DEEDS[step], row=campaign, expected_version=expected_version, values={"state": to.value}
    )
    return campaign


def rules_of(campaign: Campaign) -> Rules:
    """Return how often a campaign's customers may be called."""
    return Rules(campaign.gap_seconds, campaign.per_day)


def windows_of(campaign: Campaign, zone: str, at: datetime) -> BusinessCalendar:
    """Return when a campaign may call somebody in a zone; holidays are those of the year and the next two.

    Args:
        campaign: With its contract.
        zone: The customer's; empty for the contract's.
        at: Now.
    """
    free = _holidays(campaign.country, at.year) if campaign.country else {}
    return BusinessCalendar(parse(campaign.service_hours), zone or campaign.contract.zone, free)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> dict[date, tuple[Window, ...]]:
    return dict.fromkeys(holidays_of(country=country, years=range(year, year + 3)), ())


def _not_from(campaign: Campaign) -> Conflict:
    message = _("This cannot be done with a campaign that is: %(state)s.")
    return Conflict("wrong_state", message % {"state": CAMPAIGN_STATES[CampaignState(campaign.state)]})


def _check(scope: Scope, campaign: Campaign, values: Mapping[str, Any]) -> None:
    fields: dict[str, list[str]] = {}
    if campaign.purpose not in PURPOSES:
        fields["purpose"] = [_("Choose from: %(known)s.") % {"known": ", ".join(purpose.value for purpose in Purpose)}]
    for name in ("queue", "script"):
        row = getattr(campaign, name)
        if row is not None and row.vendor_id != campaign.vendor_id:
            fields[name] = [_("This belongs to another vendor than the contract.")]
    try:
        hours = parse(campaign.service_hours)
    except HoursError as error:
        fields["service_hours"] = [hours_problem(error)]
    else:
        # Who calls does not decide when customers rest; the client may, for those who wake at other hours.
        if "service_hours" in values and not scope.is_client and disturbs_rest(hours):
            fields["service_hours"] = [
                _("Customers rest before 08:00 and after 21:00; only the client opens those hours.")
            ]
    if campaign.country and campaign.country not in holidays.list_supported_countries():
        fields["country"] = [_("No public holidays are known of this country.")]
    for name, least, most in (
        ("gap_seconds", 10 * MINUTE, LONGEST_GAP_SECONDS),
        ("hold_seconds", MINUTE, 8 * 3600),
    ):
        if not least <= getattr(campaign, name) <= most:
            message = _("Between %(least)s and %(most)s minutes.")
            fields[name] = [message % {"least": least // MINUTE, "most": most // MINUTE}]
    if campaign.state == CampaignState.LIVE and script_now(scope=scope, script=campaign.script) is None:
        fields["script"] = [_("A campaign that runs needs a script that passed its review.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    texts = {name: str(values[name]) for name in ("name", "goal") if values.get(name)}
    rivals_refuse(scope=scope, vendor_id=campaign.vendor_id, texts=texts)
