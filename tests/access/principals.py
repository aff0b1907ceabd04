"""Who knocks: nobody, people of both sides in every role, programs, and those who were shut out."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.calc.access import CLIENT_ROLES, VENDOR_ROLES, permissions_of, token_permissions_of
from tests.access.house import ANDES, BORAL, CLIENT, RIVALS


@dataclass(frozen=True)
class Principal:
    """One kind of caller.

    Attributes:
        username: Whose browser it is; empty for programs and for nobody.
        token: Which key it brings; empty for browsers.
        organization: ANDES, BORAL or CLIENT; empty without a membership.
        permissions: What it may do; empty for whoever has no scope.
        is_shut_out: Deactivated: the session or the token exists, but opens nothing.
    """

    name: str
    username: str = ""
    token: str = ""
    organization: str = ""
    role: str = ""
    permissions: frozenset[str] = frozenset()
    is_shut_out: bool = False

    @property
    def is_vendor(self) -> bool:
        """Whether it works for one of the rivals."""
        return self.organization in RIVALS

    @property
    def side(self) -> str:
        """The side of its organization."""
        return "vendor" if self.is_vendor else "client"

    @property
    def has_scope(self) -> bool:
        """Whether any door opens at all."""
        return bool(self.role) and not self.is_shut_out

    @property
    def is_person(self) -> bool:
        """Whether a living session stands behind it."""
        return bool(self.username) and not self.is_shut_out


def _person(username: str, organization: str, role: str) -> Principal:
    side = "vendor" if organization in RIVALS else "client"
    return Principal(username, username, "", organization, role, permissions_of(role, side))


def _program(token: str, organization: str, role: str, only: frozenset[str] | None = None) -> Principal:
    side = "vendor" if organization in RIVALS else "client"
    granted = token_permissions_of(role, side)
    return Principal(f"token {token}", "", token, organization, role, granted if only is None else granted & only)


# Agents, supervisors and managers knock at both rivals' doors; the other roles at one of them.
ONCE = {ANDES: {"vendor_wfm"}, BORAL: {"vendor_qa"}}
PRINCIPALS = (
    Principal("nobody"),
    Principal("stranger", "stranger"),
    Principal("client_gone", "client_gone", "", CLIENT, "client_qa", is_shut_out=True),
    Principal("andes_gone", "andes_gone", "", ANDES, "vendor_qa", is_shut_out=True),
    *(_person(role, CLIENT, role) for role in CLIENT_ROLES),
    *(
        _person(f"{code.lower()}_{role}", code, role)
        for code in RIVALS
        for role in VENDOR_ROLES
        if role not in ONCE[code]
    ),
    _program("client_api", CLIENT, "api_client"),
    _program("andes_api", ANDES, "api_client"),
    _program("boral_api", BORAL, "api_client"),
    _program("andes_narrow", ANDES, "api_client", frozenset({"kpis.view"})),
    _program("boral_person", BORAL, "vendor_qa", frozenset({"kpis.view", "calls.view"})),
    Principal("token andes_gone", "", "andes_gone", ANDES, "vendor_qa", is_shut_out=True),
)
# One of each kind: these try every method, the others one forbidden method a route, another on every route.
THOROUGH = frozenset({"nobody", "programme_manager", "andes_vendor_manager", "boral_agent", "token andes_api"})


def principal(name: str) -> Principal:
    """Return a principal by its name."""
    return next(one for one in PRINCIPALS if one.name == name)
