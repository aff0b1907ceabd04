"""What the reader is told: notices as that person wants them, and who can be told of a matter."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from accounts.calc.notices import DIGEST, KINDS, MUTED, NOW, kinds_readable
from accounts.models import Membership, Notice, NoticePreference
from core import sql
from core.scope import CLIENT, Scope

UNREAD_SHOWN_MOST = 99


def notices_own(*, scope: Scope) -> QuerySet[Notice]:
    """Return every notice to the caller that its rights still allow it to read, one by one.

    Raises:
        Forbidden: The role or token may not read notices.
    """
    scope.require("notices.view")
    rows: QuerySet[Notice] = Notice.objects.visible_to(scope)
    return rows.filter(recipient_id=scope.user_id, kind__in=kinds_readable(scope.permissions))


def notice_list(*, scope: Scope, kind: str = "") -> QuerySet[Notice]:
    """Return the caller's notices as wished: muted kinds left out, digests collected into their newest notice.

    ``collected`` tells how many notices a row stands for. Naming a ``kind`` shows its notices one by one.

    Raises:
        Forbidden: The role or token may not read notices.
    """
    rows = notices_own(scope=scope)
    if kind:
        return rows.filter(kind=kind).annotate(collected=Value(1)).order_by("-created_at", "-pk")
    modes = preferences_of(scope=scope)
    digests = [name for name, mode in modes.items() if mode == DIGEST]
    rows = rows.exclude(kind__in=[name for name, mode in modes.items() if mode == MUTED])
    if not digests:
        return rows.annotate(collected=Value(1)).order_by("-created_at", "-pk")
    # What is read together was collected together.
    single: Any = Case(When(kind__in=digests, then=Value(0)), default=F("pk"), output_field=BigIntegerField())
    together = [single, F("vendor_id"), F("kind"), F("read_at")]
    return (
        rows.annotate(
            collected=Window(Count("pk"), partition_by=together),
            place=Window(RowNumber(), partition_by=together, order_by=[F("created_at").desc(), F("pk").desc()]),
        )
        .filter(place=1)
        .order_by("-created_at", "-pk")
    )


def notices_unread_count(*, scope: Scope) -> int:
    """Return how many lines of the caller's notices are unread, at most one more than are shown as a number."""
    if scope.user_id is None or not scope.can("notices.view"):
        return 0
    # Every page asks for it, so in one go.
    parameters = {
        "vendor_ids": list(scope.vendor_ids),
        "organization_id": scope.organization_id,
        "user_id": scope.user_id,
        "kinds": sorted(kinds_readable(scope.permissions)),
        "most": UNREAD_SHOWN_MOST + 1,
    }
    ((count,),) = sql.tuples("accounts/notices_unread", parameters)
    return int(count)


def preferences_of(*, scope: Scope) -> dict[str, str]:
    """Return how the caller wants to be told, by kind; every kind that it may read is there."""
    rows = NoticePreference.objects.visible_to(scope).filter(vendor_id=scope.organization_id, user_id=scope.user_id)
    chosen = dict(rows.values_list("kind", "mode"))
    return {kind: chosen.get(kind, NOW) for kind in KINDS if kind in kinds_readable(scope.permissions)}


def recipients_in_roles(*, scope: Scope, vendor_id: int, roles: Collection[str]) -> list[int]:
    """Return the users of a vendor and of the client in some roles, to be told of the vendor's matter."""
    people = _people(scope, vendor_id).filter(role__in=roles).order_by("user_id")
    return list(people.values_list("user_id", flat=True))


def recipients_of_agents(*, scope: Scope, vendor_id: int, agent_ids: Collection[int]) -> dict[int, int]:
    """Return the users that a vendor's agents sign in as, by the agents' keys; who has no log-in is left out."""
    rows = _people(scope, vendor_id).filter(agent_id__in=agent_ids, organization_id=vendor_id)
    return {agent_id: user_id for agent_id, user_id in rows.values_list("agent_id", "user_id") if agent_id is not None}


def recipients_active(*, scope: Scope, user_ids: Collection[int]) -> set[int]:
    """Return which of some users can still sign in, and so hear of anything."""
    people = Membership.objects.filter(user_id__in=user_ids, organization_id__in=scope.vendor_ids)
    return set(people.filter(organization__is_active=True, user__is_active=True).values_list("user_id", flat=True))


def _people(scope: Scope, vendor_id: int) -> QuerySet[Membership]:
    if vendor_id not in scope.vendor_ids:
        return Membership.objects.none()
    concerned = Q(organization_id=vendor_id) | Q(organization__side=CLIENT)
    return Membership.objects.filter(
        concerned, organization__is_active=True, user__is_active=True, user__is_service=False
    )
