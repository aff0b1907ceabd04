"""Reading vendors, their sites, queues and agents."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.errors import NotFound
from core.scope import Scope
from vendors.models import Agent, Queue, Site, Vendor

Row = TypeVar("Row", bound=Model)
Part = TypeVar("Part", Site, Queue, Agent)


def vendor_list(*, scope: Scope) -> QuerySet[Vendor]:
    """Return the visible vendors by name."""
    return Vendor.objects.visible_to(scope).order_by("name", "pk")


def vendor_list_counted(*, scope: Scope) -> QuerySet[Vendor]:
    """Return the visible vendors with their numbers of living sites, queues and agents."""
    return vendor_list(scope=scope).annotate(
        site_count=_living(site_list(scope=scope)),
        queue_count=_living(queue_list(scope=scope)),
        agent_count=_living(agent_list(scope=scope)),
    )


def _living(parts: QuerySet[Part]) -> Coalesce:
    counted = parts.filter(vendor_id=OuterRef("pk"), is_active=True).order_by().values("vendor_id")
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0)


def vendor_get(*, scope: Scope, uuid: UUID) -> Vendor:
    """Return one vendor.

    Raises:
        NotFound: No vendor of that id exists for the caller.
    """
    return one(vendor_list(scope=scope), uuid=uuid)


def vendor_of_id(*, scope: Scope, vendor_id: int) -> Vendor:
    """Return the vendor of a tenant key.

    Raises:
        NotFound: The caller may not see it, or it is the client.
    """
    return one(vendor_list(scope=scope), pk=vendor_id)


def vendor_by_code(*, scope: Scope, code: str) -> Vendor:
    """Return the vendor that files and commands name by its code, in capitals or not.

    Raises:
        NotFound: No such vendor exists for the caller.
    """
    return one(vendor_list(scope=scope), code=code.upper())


def vendor_named(*, scope: Scope, text: str) -> Vendor | None:
    """Return the vendor that an address names by uuid, if it does and there is one."""
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    return vendor_list(scope=scope).filter(uuid=uuid).first()


def vendor_asked(*, scope: Scope, text: str) -> Vendor | None:
    """Return the vendor that a program names by code or uuid, if there is one."""
    by_code = vendor_list(scope=scope).filter(code=text.upper()).first()
    return by_code or vendor_named(scope=scope, text=text)


def site_list(*, scope: Scope) -> QuerySet[Site]:
    """Return the visible sites by vendor and name."""
    return Site.objects.visible_to(scope).select_related("vendor").order_by("vendor__name", "name", "pk")


def site_get(*, scope: Scope, uuid: UUID) -> Site:
    """Return one site; raises NotFound."""
    return one(site_list(scope=scope), uuid=uuid)


def queue_list(*, scope: Scope) -> QuerySet[Queue]:
    """Return the visible queues by vendor and name."""
    return Queue.objects.visible_to(scope).select_related("vendor").order_by("vendor__name", "name", "pk")


def queue_get(*, scope: Scope, uuid: UUID) -> Queue:
    """Return one queue; raises NotFound."""
    return one(queue_list(scope=scope), uuid=uuid)


def queue_codes(*, scope: Scope, vendor_id: int) -> dict[str, int]:
    """Return a vendor's queues as code to key, closed ones too: old calls still name them."""
    return dict(Queue.objects.visible_to(scope).filter(vendor_id=vendor_id).values_list("code", "pk"))


def agent_list(*, scope: Scope) -> QuerySet[Agent]:
    """Return the visible agents by name; somebody in the role of an agent sees itself only."""
    agents = Agent.objects.visible_to(scope).select_related("vendor", "site")
    if scope.agent_id is not None:
        agents = agents.filter(pk=scope.agent_id)
    return agents.order_by("name", "pk")


def agent_get(*, scope: Scope, uuid: UUID) -> Agent:
    """Return one agent; raises NotFound."""
    return one(agent_list(scope=scope), uuid=uuid)


def agent_codes(*, scope: Scope, vendor_id: int) -> dict[str, int]:
    """Return a vendor's agents as code to key, those who left too."""
    return dict(Agent.objects.visible_to(scope).filter(vendor_id=vendor_id).values_list("code", "pk"))


def one(rows: QuerySet[Row], **named: Any) -> Row:
    """Return the one row of a scoped queryset that has the given key; a foreign row is no row.

    Raises:
        NotFound: There is none.
    """
    row = rows.filter(**named).first()
    if row is None:
        raise NotFound
    return row
