"""The small house that most tests live in: a client, two rival vendors, people in every role.

Everything of a vendor carries marks that must never turn up before the other one (canaries, D2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from accounts.calc.access import ROLES
from accounts.models import Membership, Organization, User
from accounts.selectors import scope_of_user, system_scope
from contracts.calc.definition import Definition, Kpi
from contracts.models import Contract, Coverage, QueueDefinition, Target, Version
from core.scope import CLIENT, VENDOR, Scope, activate
from vendors.models import Agent, Queue, Site, Vendor

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
CLIENT_ROLES = ("platform_admin", "programme_manager", "contract_finance", "client_qa", "client_wfm", "auditor")
VENDOR_ROLES = ("vendor_manager", "vendor_supervisor", "vendor_qa", "vendor_wfm", "agent")


@dataclass
class VendorWorld:
    """What one vendor has."""

    vendor: Vendor
    site: Site
    queues: list[Queue]
    agents: list[Agent]
    contract: Contract
    version: Version


@dataclass
class World:
    """Handles to the test house."""

    client: Organization
    vendors: dict[str, VendorWorld] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def scope(self, username: str, at: datetime = NOW) -> Scope:
        """Return a user's scope at a fixed moment."""
        scope = scope_of_user(user=self.users[username], at=at)
        assert scope is not None
        return scope

    @property
    def system(self) -> Scope:
        """The platform's own scope."""
        return system_scope(reason="test", at=NOW)


def user_make(*, organization: Organization, role: str, username: str, agent_id: int | None = None) -> User:
    """Create a person in one role."""
    user = User.objects.create_user(username=username, password="a plain test pass-phrase", display_name=username)
    Membership.objects.create(user=user, organization=organization, role=role, agent_id=agent_id)
    return user


def vendor_make(*, organization: Organization, code: str, zone: str = "Asia/Shanghai") -> VendorWorld:
    """Create a vendor with a site, two queues, three agents and a contract signed from 2026-01-01."""
    vendor = Vendor.objects.create(
        organization=organization, code=code, name=organization.name, country="CN", note=f"client remark on {code}"
    )
    site = Site.objects.create(vendor=vendor, code=f"{code}-S1", name=f"{code} site", zone=zone)
    queues = [Queue.objects.create(vendor=vendor, code=name, name=f"{code} {name}") for name in ("ORDERS", "SUPPORT")]
    agents = [
        Agent.objects.create(vendor=vendor, site=site, code=f"{code}-A{n}", name=f"{code} Agent {n}", team="T1")
        for n in range(1, 4)
    ]
    contract = Contract.objects.create(
        vendor=vendor,
        code=f"{code}-2026",
        name=f"{code} hotline",
        zone=zone,
        starts_on=date(2026, 1, 1),
        note=f"client remark on contract {code}",
    )
    for queue in queues:
        Coverage.objects.create(vendor=vendor, contract=contract, queue=queue, starts_on=date(2026, 1, 1))
    return VendorWorld(vendor, site, queues, agents, contract, version_make(contract=contract, queues=queues))


def version_make(
    *,
    contract: Contract,
    queues: list[Queue],
    definition: Definition | None = None,
    effective_from: date = date(2026, 1, 1),
    number: int = 1,
    signed: bool = True,
) -> Version:
    """Create a version with one definition and the usual targets for all its queues, signed by default."""
    version = Version.objects.create(
        vendor_id=contract.vendor_id,
        contract=contract,
        number=number,
        effective_from=effective_from,
        ends_on=contract.ends_on,
        service_hours={str(day): [["00:00", "24:00"]] for day in range(7)},
    )
    definition = definition or Definition()
    for queue in queues:
        QueueDefinition.objects.create(
            vendor_id=contract.vendor_id, contract_version=version, queue=queue, **definition.as_dict()
        )
        for kpi, goal, amber, minimum in (
            (Kpi.SERVICE_LEVEL, "0.80", "0.78", "0.75"),
            (Kpi.ASA, "15", "18", "20"),
            (Kpi.ABANDONMENT, "0.05", "0.06", "0.07"),
            (Kpi.FCR, "0.80", "0.78", "0.75"),
            (Kpi.CSAT, "0.90", "0.88", "0.85"),
        ):
            Target.objects.create(
                vendor_id=contract.vendor_id,
                contract_version=version,
                queue=queue,
                kpi=kpi,
                goal=goal,
                amber=amber,
                minimum=minimum,
            )
    if signed:
        version.state, version.submitted_by_id, version.signed_by_id, version.signed_at = "signed", 1, 2, NOW
        version.save()
    return version


def world_make() -> World:
    """Create the house in the current transaction or for good, as the caller's fixture decides."""
    world = World(client=Organization.objects.create(side=CLIENT, name="Lumora Test"))
    organizations = {
        code: Organization.objects.create(side=VENDOR, name=name, handle=code.lower())
        for code, name in (("ANDES", "Andes Voice Q7X"), ("BORAL", "Boral Contact Z9K"))
    }
    with activate(system_scope(reason="test", at=NOW)):
        for code, organization in organizations.items():
            world.vendors[code] = vendor_make(organization=organization, code=code)
            for role in VENDOR_ROLES:
                username = f"{code.lower()}_{role}"
                agent_id = world.vendors[code].agents[0].pk if role == "agent" else None
                world.users[username] = user_make(
                    organization=organization, role=role, username=username, agent_id=agent_id
                )
        for role in CLIENT_ROLES:
            world.users[role] = user_make(organization=world.client, role=role, username=role)
    assert set(CLIENT_ROLES) | set(VENDOR_ROLES) | {"api_client"} == set(ROLES)
    return world
