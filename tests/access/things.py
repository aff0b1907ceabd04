"""What the access tests of every room are written with: whose things are whose, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.access.house import ANDES, RIVALS, House
from tests.access.principals import Principal

Body = dict[str, Any]
Parameters = dict[str, Any]
NEVER = UUID("00000000-0000-4000-8000-00000000abcd")


@dataclass(frozen=True)
class Things:
    """Parameters of addresses.

    Attributes:
        own: What exists for the caller.
        hidden: What exists, but not for the caller.
        unknown: What exists for nobody.
    """

    own: list[Parameters]
    hidden: list[Parameters]
    unknown: list[Parameters]


Find = Callable[[House, str], Any]


def home_of(who: Principal) -> str:
    """Return the vendor whose things count as the caller's own; the client looks at one of its vendors."""
    return who.organization if who.is_vendor else ANDES


def rivals_of(who: Principal) -> list[str]:
    """Return the vendors whose things do not exist for the caller."""
    return [code for code in RIVALS if code != who.organization] if who.is_vendor else []


def by_uuid(find: Find, **fixed: str) -> Callable[[House, Principal], Things]:
    """Make a kind of things of which every vendor has one."""

    def things(house: House, who: Principal) -> Things:
        return Things(
            own=[{"uuid": find(house, home_of(who)), **fixed}],
            hidden=[{"uuid": find(house, code), **fixed} for code in rivals_of(who)],
            unknown=[{"uuid": NEVER, **fixed}],
        )

    return things


def by_uuid_client_only(find: Find, **fixed: str) -> Callable[[House, Principal], Things]:
    """Make a kind of things about vendors that only the client may know of."""

    def things(house: House, who: Principal) -> Things:
        everyone = [{"uuid": find(house, code), **fixed} for code in RIVALS]
        return Things(
            own=[] if who.is_vendor else everyone[:1],
            hidden=everyone if who.is_vendor else [],
            unknown=[{"uuid": NEVER, **fixed}],
        )

    return things


def fixed(**values: Any) -> Callable[[House, Principal], Body]:
    """Make a form that is the same for everybody."""
    return lambda house, who: dict(values)


def for_vendor(**values: Any) -> Callable[[House, Principal], Body]:
    """Make a form in which the client names the vendor; a vendor's people are not asked."""

    def make(house: House, who: Principal) -> Body:
        vendor = house.holdings[home_of(who)].world.vendor
        return {**values, **({} if who.is_vendor else {"vendor": vendor.uuid})}

    return make
