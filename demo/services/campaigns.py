"""Each vendor of the demo calls back some of those who called in the last two days, and asks how satisfied they are."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.periods import day_start, local_day
from core.scope import Scope
from demo.people import LOGINS
from demo.plan import Plan
from qa import services as quality
from qa.selectors import script_get
from tickets import services
from tickets.calc.outbound import CampaignStep, Outcome
from tickets.services import Result
from vendors import selectors as vendors

if TYPE_CHECKING:
    from demo.services.matters import Desk

SAMPLE, CALLED = 40, 26
SCRIPT = (
    ("opening", "Good morning, this is {agent} of the service line. You called us in the last days."),
    (
        "purpose",
        "May I ask you one question about that call? It takes a minute, and your answer is used for our service only.",
    ),
    ("other", "How satisfied were you, from 1 (not at all) to 5 (very)?"),
    ("other", "(3 or less) What should we have done better?"),
    ("closing", "Thank you. If you do not want to be called again, tell me now and I note it."),
)
OUTCOMES = {
    Outcome.SUCCESS: 50,
    Outcome.NO_ANSWER: 25,
    Outcome.BUSY: 8,
    Outcome.REFUSED: 10,
    Outcome.WRONG_NUMBER: 4,
    Outcome.DO_NOT_CALL: 3,
}
ANSWERS = {5: 45, 4: 30, 3: 13, 2: 7, 1: 5}


def campaign_begins(plan: Plan, zone: str) -> datetime:
    """Return the moment at which the tale of a vendor's campaign begins."""
    return day_start(local_day(plan.until, zone) - timedelta(days=12), zone) + timedelta(hours=9, minutes=5)


def campaign_tale(desk: Desk) -> Generator[timedelta, None, None]:
    """Tell how a vendor asks some of its callers: a script, its review, a campaign, and two mornings of calls."""
    author = desk.manager

    def write(scope: Scope) -> UUID:
        vendor = vendors.vendor_by_code(scope=scope, code=desk.vendor_code)
        name = "Satisfaction after a call"
        parts = [{"stage": stage, "text": text} for stage, text in SCRIPT]
        return quality.script_write(scope=scope, vendors=[vendor], name=name, parts=parts)[0].uuid

    script_uuid: UUID = desk.once(author, partial(write, author))
    yield timedelta(days=1)
    second = desk.scope("quality")
    note = "Purpose and way out are said; fine."
    desk.once(
        second,
        lambda: quality.script_review(
            scope=second, uuid=script_uuid, expected_version=1, is_approved=True, review_note=note
        ),
    )
    yield timedelta(days=1)
    author = desk.manager
    campaign_uuid: UUID = desk.once(author, partial(_campaign_start, author, desk, script_uuid))
    began = desk.at
    for days in (9, 10):
        yield began + timedelta(days=days) - desk.at
        author = desk.manager
        desk.once(author, partial(services.contacts_from_callers, scope=author, uuid=campaign_uuid))
        for _call in range(CALLED):
            yield timedelta(minutes=2)
            caller = _caller(desk)
            attempt_uuid: UUID | None = desk.once(caller, partial(_contact_take, caller, campaign_uuid))
            if attempt_uuid is None:
                break
            yield timedelta(minutes=3)
            caller, result = _caller(desk), _result(desk)
            desk.once(caller, partial(services.attempt_record, scope=caller, uuid=attempt_uuid, result=result))


def _campaign_start(author: Scope, desk: Desk, script_uuid: UUID) -> UUID:
    today = local_day(desk.plan.until, desk.contract.zone)
    values: dict[str, Any] = {
        "name": "How was your call?",
        "purpose": "satisfaction",
        "goal": "The customer says how satisfied they are with their last call.",
        "starts_on": today - timedelta(days=9),
        "ends_on": today + timedelta(days=50),
        "script": script_get(scope=author, uuid=script_uuid),
        "service_hours": {str(day): [["09:00", "12:00"], ["14:00", "20:00"]] for day in range(7)},
        "sample_limit": SAMPLE,
    }
    campaign = services.campaign_create(scope=author, contract=desk.contract, values=values)
    services.campaign_step(scope=author, uuid=campaign.uuid, expected_version=1, step=CampaignStep.START)
    return campaign.uuid


def _contact_take(caller: Scope, campaign_uuid: UUID) -> UUID | None:
    attempt = services.contact_next(scope=caller, uuid=campaign_uuid).attempt
    if attempt is None:
        return None
    services.attempt_number(scope=caller, uuid=attempt.uuid)
    return attempt.uuid


def _result(desk: Desk) -> Result:
    [outcome] = desk.pick.choices(list(OUTCOMES), list(OUTCOMES.values()))
    if outcome is not Outcome.SUCCESS:
        return Result(outcome)
    [answer] = desk.pick.choices(list(ANSWERS), list(ANSWERS.values()))
    return Result(outcome, satisfaction=answer)


def _caller(desk: Desk) -> Scope:
    return desk.scope(
        next(
            login.username
            for login in LOGINS
            if (login.organization_code, login.role) == (desk.vendor_code, "vendor_supervisor")
        )
    )
