"""Founding the demo enterprise: every step by somebody who may take it, on the day it would have happened.

So the book, the lists and the signatures tell a story from the first look on, and nothing of the demo could not
have been done on a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TypeAlias

from django.db import transaction

from accounts import selectors as accounts
from accounts import services as accounts_services
from calls import services as calls_services
from contracts import selectors as contracts
from contracts import services as contracts_services
from contracts.calc.hours import ServiceHours, Window
from core.errors import Conflict
from core.scope import CLIENT, Scope, activate
from demo.people import AGENTS, LOGINS, Agent, Login
from demo.plan import Plan
from demo.services.acting import acting, manager_of
from demo.services.files import progress_record
from demo.services.incidents import readiness_steps
from demo.world import CONTRACTS, ENTERPRISE, LINES, REASONS, VENDORS, Contract, ContractVersion, Vendor
from vendors import selectors as vendors
from vendors import services as vendors_services

Step: TypeAlias = Callable[[datetime], object]

_ADMIN, _PROGRAMME, _CONTRACTS = "admin", "programme", "contracts"
# Days before a contract's first month, and before a version takes effect.
_OPENED, _CONTRACTED, _SUBMITTED, _SIGNED = (timedelta(days=days) for days in (75, 40, 30, 21))
_MORNING = time(9)


@transaction.atomic
def enterprise_create(*, scope: Scope, plan: Plan) -> None:
    """Found the enterprise with its vendors, people and signed contracts, all of it or nothing.

    Args:
        scope: The platform's.
        plan: Says when the last calls end, from which every other day is counted back.

    Raises:
        Conflict: There is an organization already; the demo mixes with nobody's data.
    """
    if accounts.organization_ids():
        raise Conflict("not_empty", "There is an organization already; the demo wants an empty database.")
    for number, (day, step) in enumerate(sorted(_steps(plan), key=lambda dated: dated[0])):
        step(datetime.combine(day, _MORNING, UTC) + timedelta(minutes=number))
    progress_record(scope=_platform(scope.at), plan=plan, files_done=0)


def _steps(plan: Plan) -> Iterator[tuple[date, Step]]:
    """Yield what happened on which day; steps of one day follow each other as given."""
    end = plan.months_end
    opened = min(_effective_from(version, end) for each in CONTRACTS for version in each.versions) - _OPENED
    yield opened, _open
    for login in LOGINS:
        if login.organization_code == ENTERPRISE.code and login.username != _ADMIN:
            yield opened, partial(_user_create, login)
    for vendor in VENDORS:
        yield opened, partial(_vendor_create, vendor)
        for login in LOGINS:
            if login.organization_code == vendor.code and login.agent_code is None:
                yield opened, partial(_user_create, login)
        yield opened, partial(_vendor_fill, vendor)
    for agent in AGENTS:
        yield max(opened, agent.hired_on(months_end=end)), partial(_agent_create, agent, end)
        left_on = agent.left_on(months_end=end)
        if left_on is not None:
            yield left_on, partial(_agent_leave, agent, left_on)
    for contract in CONTRACTS:
        starts_on = _effective_from(contract.versions[0], end)
        yield starts_on - _CONTRACTED, partial(_contract_create, contract, starts_on)
        for version in contract.versions:
            effective_from = _effective_from(version, end)
            yield effective_from - _SUBMITTED, partial(_version_submit, contract, version, effective_from)
            yield effective_from - _SIGNED, partial(_version_sign, contract)
    yield from readiness_steps(end)


def _effective_from(version: ContractVersion, months_end: date) -> date:
    month = months_end.year * 12 + months_end.month - 1 - version.from_months
    return date(month // 12, month % 12 + 1, 1)


def _platform(at: datetime) -> Scope:
    return accounts.system_scope(reason="manage.py demo", at=at)


def _open(at: datetime) -> None:
    platform = _platform(at)
    accounts_services.organization_create(scope=platform, side=CLIENT, name=ENTERPRISE.name)
    admin = next(login for login in LOGINS if login.username == _ADMIN)
    platform = _platform(at)
    with activate(platform):
        _login_create(platform, platform.organization_id, admin)


def _user_create(login: Login, at: datetime) -> None:
    with acting(_ADMIN, at) as scope:
        if login.organization_code == ENTERPRISE.code:
            organization_id = scope.organization_id
        else:
            organization_id = vendors.vendor_by_code(scope=scope, code=login.organization_code).vendor_id
        _login_create(scope, organization_id, login)


def _login_create(scope: Scope, organization_id: int, login: Login, *, agent_id: int | None = None) -> None:
    accounts_services.user_create(
        scope=scope,
        organization_id=organization_id,
        username=login.username,
        role=login.role,
        display_name=login.display_name,
        agent_id=agent_id,
        password=login.password,
    )


def _vendor_create(vendor: Vendor, at: datetime) -> None:
    with acting(_PROGRAMME, at) as scope:
        vendors_services.vendor_create(
            scope=scope,
            code=vendor.code,
            name=vendor.name,
            country=vendor.country,
            contact_name=vendor.contact_name,
            contact_email=vendor.contact_email,
        )
    with acting(_PROGRAMME, at) as scope:
        vendor_id = vendors.vendor_by_code(scope=scope, code=vendor.code).vendor_id
        for line in LINES:
            if line.code in vendor.line_shares:
                vendors_services.queue_create(
                    scope=scope, vendor_id=vendor_id, code=line.code, name=line.name, direction=line.direction
                )


def _vendor_fill(vendor: Vendor, at: datetime) -> None:
    """Register what a vendor's manager keeps: its sites, and why people call on its lines."""
    with acting(manager_of(vendor.code), at) as scope:
        for site in vendor.sites:
            vendors_services.site_create(
                scope=scope,
                vendor_id=scope.organization_id,
                code=site.code,
                name=site.name,
                city=site.city,
                country=site.country,
                zone=site.zone,
            )
        for reason in REASONS:
            if reason.weights.keys() & vendor.line_shares.keys():
                calls_services.reason_create(
                    scope=scope, vendor_id=scope.organization_id, code=reason.code, name=reason.name
                )


def _agent_create(agent: Agent, months_end: date, at: datetime) -> None:
    with acting(manager_of(agent.vendor_code), at) as scope:
        row = vendors_services.agent_create(
            scope=scope,
            vendor_id=scope.organization_id,
            code=agent.code,
            name=agent.name,
            site=vendors.site_list(scope=scope).get(code=agent.site_code),
            team=agent.team,
            hired_on=agent.hired_on(months_end=months_end),
        )
        for login in LOGINS:
            if login.agent_code == agent.code:
                _login_create(scope, scope.organization_id, login, agent_id=row.pk)


def _agent_leave(agent: Agent, left_on: date, at: datetime) -> None:
    with acting(manager_of(agent.vendor_code), at) as scope:
        row = vendors.agent_list(scope=scope).get(code=agent.code)
        vendors_services.agent_update(
            scope=scope,
            uuid=row.uuid,
            expected_version=row.version,
            values={"left_on": left_on, "is_active": False},
        )


def _contract_create(contract: Contract, starts_on: date, at: datetime) -> None:
    with acting(_CONTRACTS, at) as scope:
        row = contracts_services.contract_create(
            scope=scope,
            vendor_id=vendors.vendor_by_code(scope=scope, code=contract.vendor_code).vendor_id,
            code=contract.code,
            name=contract.name,
            zone=contract.zone,
            starts_on=starts_on,
            currency=contract.currency,
        )
        for queue in vendors.queue_list(scope=scope).filter(vendor_id=row.vendor_id, code__in=contract.hours):
            contracts_services.coverage_set(
                scope=scope, contract_uuid=row.uuid, queue_uuid=queue.uuid, starts_on=starts_on
            )


def _version_submit(contract: Contract, version: ContractVersion, effective_from: date, at: datetime) -> None:
    with acting(_CONTRACTS, at) as scope:
        row = contracts.contract_list(scope=scope).get(code=contract.code)
        queues = vendors.queue_list(scope=scope).filter(vendor_id=row.vendor_id)
        uuids = {queue.code: queue.uuid for queue in queues}
        draft = contracts_services.version_draft(scope=scope, contract_uuid=row.uuid, effective_from=effective_from)
        draft = contracts_services.version_update_terms(
            scope=scope,
            uuid=draft.uuid,
            expected_version=draft.version,
            change_note=version.note,
            service_hours=_hours(contract).as_json(),
            definitions={None: version.definition},
            targets={
                (None if target.line_code is None else uuids[target.line_code], target.kpi): target.terms
                for target in version.targets
            },
        )
        contracts_services.version_submit(scope=scope, uuid=draft.uuid, expected_version=draft.version)


def _version_sign(contract: Contract, at: datetime) -> None:
    with acting(_PROGRAMME, at) as scope:
        row = contracts.contract_list(scope=scope).get(code=contract.code)
        version = contracts.version_in_work(scope=scope, contract=row)
        if version is None:
            raise Conflict("gone", f"No version of {contract.code} waits for a signature.")
        contracts_services.version_sign(scope=scope, uuid=version.uuid, expected_version=version.version)


def _hours(contract: Contract) -> ServiceHours:
    """Return when some line of a contract is open; a version has one week for all its queues."""
    weeks = [hours.days for hours in contract.hours.values()]
    windows = [[window for week in weeks for window in week[weekday]] for weekday in range(7)]
    return ServiceHours(
        tuple(
            (Window(min(w.start_minute for w in day), max(w.end_minute for w in day)),) if day else ()
            for day in windows
        )
    )
