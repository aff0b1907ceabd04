"""The demo enterprise holds together: every code that one part names exists in another."""

from __future__ import annotations

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from accounts.calc.access import CLIENT_ROLES, VENDOR_ROLES
from contracts.calc.targets import target_problems
from demo.people import AGENTS, LOGINS
from demo.world import CONTRACTS, ENTERPRISE, INBOUND, LINES, REASONS, SLIPPING_VENDOR, VENDORS

VENDOR_CODES = {vendor.code for vendor in VENDORS}
LINE_CODES = {line.code for line in LINES}


def test_the_enterprise_has_three_vendors_six_lines_and_sixty_agents() -> None:
    assert (len(VENDORS), len(LINES), len(AGENTS)) == (3, 6, 60)
    assert len({agent.code for agent in AGENTS}) == 60
    assert SLIPPING_VENDOR in VENDOR_CODES


def test_vendors_sit_in_china_and_elsewhere() -> None:
    zones = {site.zone for vendor in VENDORS for site in vendor.sites}
    assert "Asia/Shanghai" in zones
    assert len(zones) > 1
    assert all(ZoneInfo(zone) for zone in zones | {contract.zone for contract in CONTRACTS})


def test_shares_add_up() -> None:
    assert sum(vendor.calls_share for vendor in VENDORS) == pytest.approx(1)
    for vendor in VENDORS:
        assert set(vendor.line_shares) <= LINE_CODES
        assert sum(vendor.line_shares.values()) == pytest.approx(1)


def test_every_line_of_a_vendor_stands_in_exactly_one_contract() -> None:
    covered = Counter((c.vendor_code, line) for c in CONTRACTS for line in c.hours)
    assert covered == Counter((vendor.code, line) for vendor in VENDORS for line in vendor.line_shares)


def test_contract_versions_follow_each_other_and_cover_the_demo() -> None:
    for contract in CONTRACTS:
        months = [version.from_months for version in contract.versions]
        assert months == sorted(months, reverse=True)
        assert months[0] >= 6
        assert [version.number for version in contract.versions] == list(range(1, len(months) + 1))


def test_targets_are_in_order() -> None:
    for contract in CONTRACTS:
        for version in contract.versions:
            for target in version.targets:
                assert target_problems(target.kpi, target.terms) == {}
                assert target.line_code is None or target.line_code in contract.hours


def test_every_line_has_reasons_and_every_reason_a_line() -> None:
    assert {line for reason in REASONS for line in reason.weights} == LINE_CODES
    assert len({reason.code for reason in REASONS}) == len(REASONS)


def test_agents_sit_at_a_site_of_their_vendor_and_leave_after_they_came() -> None:
    sites = {vendor.code: {site.code for site in vendor.sites} for vendor in VENDORS}
    end = date(2026, 11, 20)
    for agent in AGENTS:
        assert agent.site_code in sites[agent.vendor_code]
        left = agent.left_on(months_end=end)
        assert left is None or left > agent.hired_on(months_end=end)


def test_every_line_that_dials_has_agents_who_dial() -> None:
    needed = {(vendor.code, line.direction) for vendor in VENDORS for line in LINES if line.code in vendor.line_shares}
    assert needed == {(agent.vendor_code, agent.direction) for agent in AGENTS}
    assert (SLIPPING_VENDOR, INBOUND) in needed


def test_log_ins_have_roles_of_their_side_and_agents_of_their_vendor() -> None:
    assert len({login.username for login in LOGINS}) == len(LOGINS)
    agents = {agent.code: agent.vendor_code for agent in AGENTS}
    for login in LOGINS:
        roles = CLIENT_ROLES if login.organization_code == ENTERPRISE.code else VENDOR_ROLES
        assert login.role in roles
        assert login.tip
        assert (login.agent_code is not None) == (login.role == "agent")
        if login.agent_code:
            assert agents[login.agent_code] == login.organization_code
    roles_shown = {login.role for login in LOGINS}
    assert {"programme_manager", "contract_finance", "client_qa", "auditor", "platform_admin"} <= roles_shown
    for code in VENDOR_CODES:
        mine = {login.role for login in LOGINS if login.organization_code == code}
        assert {"vendor_manager", "vendor_supervisor", "agent"} <= mine
