"""The people of the demo: sixty agents and the users who may log in. Nobody here is a real person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from demo.world import ENTERPRISE, INBOUND, OUTBOUND, VENDORS, Vendor

DEMO_PASSWORD = "quillmora-demo-2026"  # noqa: S105 - printed at every start of the demo, secret to nobody


@dataclass(frozen=True, slots=True)
class Agent:
    """A person on the phones; `hired_days` and `left_days` count back from the last day of calls."""

    code: str
    name: str
    vendor_code: str
    site_code: str
    team: str
    direction: str
    hired_days: int
    left_days: int | None = None

    def hired_on(self, *, months_end: date) -> date:
        """First working day."""
        return months_end - timedelta(days=self.hired_days)

    def left_on(self, *, months_end: date) -> date | None:
        """First day not employed any more."""
        return None if self.left_days is None else months_end - timedelta(days=self.left_days)


@dataclass(frozen=True, slots=True)
class Login:
    """A demo user. The password is public on purpose; the seed command refuses to run in production."""

    username: str
    display_name: str
    role: str
    organization_code: str
    tip: str
    password: str = DEMO_PASSWORD
    agent_code: str | None = None


def _team(
    *,
    vendor_code: str,
    numbers: range,
    names: tuple[str, ...],
    direction: str = INBOUND,
    hired_days: int | None = None,
    left_days: tuple[int, ...] = (),
) -> tuple[Agent, ...]:
    """One row an agent: names are a word and the running number, so nobody is a real person.

    Without `hired_days` people joined long before the demo's first call, each at another time.
    """
    sites = next(vendor.sites for vendor in VENDORS if vendor.code == vendor_code)
    return tuple(
        Agent(
            code=f"{vendor_code}-{number:02d}",
            name=f"{names[place % len(names)]} {number:02d}",
            vendor_code=vendor_code,
            site_code=sites[place % len(sites)].code,
            team=("Outbound" if direction == OUTBOUND else f"Team {sites[place % len(sites)].city}"),
            direction=direction,
            hired_days=240 + 37 * place % 600 if hired_days is None else hired_days - 6 * place,
            left_days=left_days[place] if place < len(left_days) else None,
        )
        for place, number in enumerate(numbers)
    )


_CHINESE = ("Agent Lin", "坐席小陈", "Agent Zhou", "坐席小何", "Agent Wu", "坐席小马")
_SEA = ("Agent Coral", "Agent Mango", "Agent Pearl", "Agent Palm")
_NORTH = ("Agent Maple", "Agent Cedar", "Agent Birch", "Agent Rowan")

AGENTS = (
    *_team(vendor_code="JADE", numbers=range(1, 17), names=_CHINESE),
    *_team(vendor_code="JADE", numbers=range(17, 20), names=_CHINESE, hired_days=95),
    *_team(vendor_code="JADE", numbers=range(20, 23), names=_CHINESE, direction=OUTBOUND),
    *_team(vendor_code="SUNF", numbers=range(23, 38), names=_SEA),
    *_team(vendor_code="SUNF", numbers=range(38, 41), names=_SEA, hired_days=70),
    *_team(vendor_code="TARN", numbers=range(41, 56), names=_NORTH, left_days=(45, 43, 40, 38, 33, 26)),
    *_team(vendor_code="TARN", numbers=range(56, 59), names=_NORTH, hired_days=36),
    *_team(vendor_code="TARN", numbers=range(59, 61), names=_NORTH, direction=OUTBOUND),
)


@dataclass(frozen=True, slots=True)
class Pilot:
    """Something done otherwise that really helps: every other agent tries it, then everybody settled has it.

    Attributes:
        started_days, rolled_out_days: Counted back from the last day of calls.
        talk_ratio: Talk time with it, against without.
    """

    vendor_code: str
    started_days: int
    rolled_out_days: int
    talk_ratio: float


ORDER_SHOWN = Pilot("JADE", started_days=45, rolled_out_days=20, talk_ratio=0.7)


def inbound_people(vendor_code: str) -> tuple[list[Agent], list[Agent]]:
    """Return the last three to come, who get quicker by themselves, and the others; of those who stay."""
    people = [
        agent
        for agent in AGENTS
        if agent.vendor_code == vendor_code and agent.direction == INBOUND and agent.left_days is None
    ]
    people.sort(key=lambda agent: agent.hired_days)
    return people[:3], people[3:]


def _vendor_logins(vendor: Vendor) -> tuple[Login, ...]:
    first = next(agent for agent in AGENTS if agent.vendor_code == vendor.code)
    name = vendor.code.lower()
    return (
        Login(
            f"{name}.manager",
            f"Demo Manager {vendor.code}",
            "vendor_manager",
            vendor.code,
            "See your own KPIs against the contract, and nobody else's.",
        ),
        Login(
            f"{name}.supervisor",
            f"Demo Supervisor {vendor.code}",
            "vendor_supervisor",
            vendor.code,
            "Upload a call file with a few bad rows, repair them, watch the KPI move.",
        ),
        Login(
            # Given by the vendor itself, whose user names end with its code.
            f"agent@{name}",
            first.name,
            "agent",
            vendor.code,
            "See your own calls and nothing more.",
            agent_code=first.code,
        ),
    )


LOGINS = (
    Login(
        "programme",
        "Demo Programme Manager",
        "programme_manager",
        ENTERPRISE.code,
        "Open the dashboard: one vendor turned red in the last weeks. Drill down to the calls.",
    ),
    Login(
        "contracts",
        "Demo Contract Manager",
        "contract_finance",
        ENTERPRISE.code,
        "Open SUNF-CARE: its second version measures in 20 seconds, older months keep 30.",
    ),
    Login(
        "quality",
        "Demo Quality Lead",
        "client_qa",
        ENTERPRISE.code,
        "Find the calls behind a bad satisfaction score.",
    ),
    Login(
        "planning",
        "Demo Planner",
        "client_wfm",
        ENTERPRISE.code,
        "Read the half-hour heat map; the eleventh of November shows.",
    ),
    Login(
        "auditor",
        "Demo Auditor",
        "auditor",
        ENTERPRISE.code,
        "Follow who changed what in the audit book; change nothing.",
    ),
    Login(
        "admin",
        "Demo Platform Admin",
        "platform_admin",
        ENTERPRISE.code,
        "Manage users, tokens and roles.",
    ),
    *(login for vendor in VENDORS for login in _vendor_logins(vendor)),
)
