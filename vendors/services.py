"""Writing vendors, their sites, queues and agents.

Vendors and queues are the client's to name; sites and agents the client or the vendor's own people keep.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services import fields_require
from audit.rows import row_add, row_change
from audit.services import record
from core.errors import Invalid
from core.models import ScopedModel
from core.scope import VENDOR, Scope, activate
from vendors import selectors
from vendors.calc.places import country_names, zone_names
from vendors.models import Agent, Direction, Queue, Site, Vendor

Row = TypeVar("Row", Vendor, Site, Queue, Agent)
Part = TypeVar("Part", bound=ScopedModel)


@transaction.atomic
def vendor_create(
    *,
    scope: Scope,
    code: str,
    name: str,
    country: str = "",
    contact_name: str = "",
    contact_email: str = "",
    note: str = "",
) -> Vendor:
    """Create a vendor together with the organization that its people sign in for.

    The caller's scope was made before the vendor was; the next request's holds it.

    Raises:
        Forbidden: The role may not create vendors.
        Invalid: The code is taken or no code, or the country is none.
    """
    scope.require("vendors.edit")
    values = _checked(
        scope,
        "vendor",
        {
            "code": code.upper(),
            "name": name,
            "country": country,
            "contact_name": contact_name,
            "contact_email": contact_email,
            "note": note,
        },
    )
    handle = values["code"].lower()
    # A code can pass on to another vendor; the ending of the former one's user names does not.
    if Organization.objects.filter(handle=handle).exists():
        handle = f"{handle}-{secrets.token_hex(2)}"
    organization = Organization.objects.create(side=VENDOR, name=values["name"], handle=handle)
    with activate(replace(scope, vendor_ids=(*scope.vendor_ids, organization.pk))) as wider:
        vendor = Vendor(organization=organization, **values)
        row_add(scope=wider, action="vendor.created", row=vendor, entered=values)
    return vendor


@transaction.atomic
def vendor_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Vendor:
    """Change a vendor's own facts; its organization takes the same name, and is shut while the vendor is not active.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: As :func:`site_update`.
    """
    scope.require("vendors.edit")
    vendor = selectors.vendor_get(scope=scope, uuid=uuid)
    if "code" in values:
        values = {**values, "code": str(values["code"]).upper()}
    changes = _change(scope, "vendor", vendor, expected_version, values)
    if changes.keys() & {"name", "is_active"}:
        Organization.objects.filter(pk=vendor.pk).update(name=vendor.name, is_active=vendor.is_active)
    return vendor


def site_create(
    *,
    scope: Scope,
    vendor_id: int,
    code: str,
    name: str,
    city: str = "",
    country: str = "",
    zone: str = "UTC",
) -> Site:
    """Open a site of a vendor.

    Raises:
        NotFound: The vendor does not exist for the caller.
        Forbidden: The role may not keep sites.
        Invalid: The code is taken, or country or zone are none.
    """
    scope.require("sites.edit")
    values = {"code": code, "name": name, "city": city, "country": country, "zone": zone}
    return _add(scope, "site", Site(), vendor_id, values)


def site_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Site:
    """Change a site; ``is_active`` false closes it.

    Args:
        scope: Who acts.
        uuid: The site.
        expected_version: The row's version that the caller saw.
        values: Field to new value; fields left out stay.

    Raises:
        NotFound: The site does not exist for the caller.
        Forbidden: The role may not keep sites.
        Conflict: Somebody saved the site in the meantime.
        Invalid: A value cannot be right, or the role may not set the field.
    """
    scope.require("sites.edit")
    site = selectors.site_get(scope=scope, uuid=uuid)
    _change(scope, "site", site, expected_version, values)
    return site


def queue_create(
    *, scope: Scope, vendor_id: int, code: str, name: str, direction: str = Direction.INBOUND.value
) -> Queue:
    """Give a vendor a queue to answer.

    Raises:
        NotFound, Forbidden, Invalid: As :func:`site_create`.
    """
    scope.require("vendors.edit")
    return _add(scope, "queue", Queue(), vendor_id, {"code": code, "name": name, "direction": direction})


def queue_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Queue:
    """Change a queue; ``is_active`` false closes it, calls of old days still name it.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: As :func:`site_update`.
    """
    scope.require("vendors.edit")
    queue = selectors.queue_get(scope=scope, uuid=uuid)
    _change(scope, "queue", queue, expected_version, values)
    return queue


def agent_create(
    *,
    scope: Scope,
    vendor_id: int,
    code: str,
    name: str,
    site: Site | None = None,
    team: str = "",
    hired_on: date | None = None,
    left_on: date | None = None,
) -> Agent:
    """Register an agent of a vendor.

    Raises:
        NotFound, Forbidden: As :func:`site_create`.
        Invalid: The code is taken, the site is another vendor's, or the last day lies before the first.
    """
    scope.require("agents.edit")
    values = {
        "code": code,
        "name": name,
        "site": site,
        "team": team,
        "hired_on": hired_on,
        "left_on": left_on,
    }
    return _add(scope, "agent", Agent(), vendor_id, values)


def agent_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Agent:
    """Change an agent; ``is_active`` false is for one who left.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: As :func:`site_update`.
    """
    scope.require("agents.edit")
    agent = selectors.agent_get(scope=scope, uuid=uuid)
    _change(scope, "agent", agent, expected_version, values)
    return agent


@transaction.atomic
def agents_register(*, scope: Scope, vendor_id: int, codes: Collection[str]) -> dict[str, int]:
    """Register the agents that a call file names and nobody knew; known ones stay as they are.

    Args:
        scope: Who imports; that right is enough, for the vendor's profile asked for it.
        vendor_id: The vendor of the file.
        codes: The vendor's codes of its agents; each is the name too until somebody gives a better one.

    Returns:
        Every given code with its agent's key.

    Raises:
        Forbidden: The role may not import.
        NotFound: The vendor does not exist for the caller.
        Invalid: A code is empty or longer than the field.
    """
    scope.require("calls.import")
    vendor = selectors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    longest = Agent._meta.get_field("code").max_length or 0
    if any(not code.strip() or len(code) > longest for code in codes):
        raise Invalid("invalid", _("A code has 1 to %(longest)s characters.") % {"longest": longest})
    known = selectors.agent_codes(scope=scope, vendor_id=vendor_id)
    # Sorted, so that two files that name the same people do not wait for each other in a circle.
    unknown = sorted(set(codes) - known.keys())
    if unknown:
        Agent.objects.bulk_create(
            [Agent(vendor=vendor, code=code, name=code) for code in unknown], ignore_conflicts=True
        )
        record(
            scope=scope,
            action="agent.registered",
            target=vendor,
            changes={"count": len(unknown), "codes": unknown[:100]},
        )
        known = selectors.agent_codes(scope=scope, vendor_id=vendor_id)
    return {code: known[code] for code in codes}


def _add(scope: Scope, obj: str, row: Part, vendor_id: int, values: Mapping[str, Any]) -> Part:
    row.vendor = selectors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    values = _checked(scope, obj, values, vendor_id=vendor_id)
    for name, value in values.items():
        setattr(row, name, value)
    row_add(scope=scope, action=f"{obj}.created", row=row, entered=values)
    return row


def _change(scope: Scope, obj: str, row: Row, expected_version: int, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    values = _checked(scope, obj, values, vendor_id=row.vendor_id)
    return row_change(scope=scope, action=f"{obj}.changed", row=row, expected_version=expected_version, values=values)


def _checked(scope: Scope, obj: str, values: Mapping[str, Any], *, vendor_id: int | None = None) -> dict[str, Any]:
    """Return the values as they may be stored: only what the role may set, from the closed lists, trimmed."""
    fields_require(scope=scope, obj=obj, names=values)
    checked = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    fields: dict[str, list[str]] = {}
    if checked.get("zone") is not None and checked["zone"] not in zone_names():
        fields["zone"] = [_("Choose a time zone from the list.")]
    if checked.get("country") and checked["country"] not in country_names():
        fields["country"] = [_("Choose a country from the list.")]
    site = checked.get("site")
    if isinstance(site, Site) and site.vendor_id != vendor_id:
        # The same words as for a site that exists nowhere.
        fields["site"] = [_("Choose a site from the list.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    return checked
