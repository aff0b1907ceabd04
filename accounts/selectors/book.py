"""The audit book with the eyes of a role: which entries exist for it, and which of their fields (L8).

The book itself (``audit``) stands below the rights; so the pages and selectors that need both live here.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.calc.access import (
    BLIND,
    DRAFTED,
    MODELS,
    SIGNING,
    UNBLINDED,
    VIEW_PERMISSIONS,
    fields_readable,
    object_of,
    table,
    version_states_visible,
)
from accounts.models import Organization
from accounts.selectors.people import token_list, user_list
from audit import selectors as audit
from audit.models import Entry
from core.errors import NotFound
from core.models import ScopedQuerySet
from core.scope import CLIENT, VENDOR, Scope


def entry_list(*, scope: Scope) -> models.QuerySet[Entry]:
    """Return the entries that exist for the caller, newest first.

    A vendor does not even see that the client changed what the vendor may not read, nor anything of a version
    before its signature.

    Raises:
        Forbidden: The role may not read the book.
    """
    scope.require("audit.view")
    return _for_role(scope, audit.entry_list(scope=scope))


def history_of(*, scope: Scope, object_type: str, uuid: UUID) -> models.QuerySet[Entry]:
    """Return the entries about one object, newest first; whoever may open the object may read them.

    Args:
        scope: Who asks.
        object_type: Name of the object's model, as entries carry it.
        uuid: The object.

    Raises:
        NotFound: There is no such object for the caller.
        Forbidden: The role may not open such objects.
    """
    obj = object_of(object_type)
    if obj is None:
        raise NotFound
    scope.require(VIEW_PERMISSIONS[obj])
    if not _exists(scope, obj, object_type, uuid):
        raise NotFound
    entries = audit.entry_list(scope=scope).filter(object_type=object_type, object_id=str(uuid))
    return _for_role(scope, entries)


def changes_readable(*, scope: Scope, entry: Entry) -> dict[str, Any]:
    """Return what an entry tells the caller's role about the fields it is about.

    Names that are no field of the object (the parameters of an export, say) are for the side that acted, and for
    the client.
    """
    own = scope.side in (CLIENT, entry.side)
    obj = object_of(entry.object_type)
    if obj is None:
        return dict(entry.changes) if own else {}
    readable, known = fields_readable(scope.role, scope.side, obj), table()[obj]
    return {name: value for name, value in entry.changes.items() if name in readable or (own and name not in known)}


def organization_names() -> dict[int, str]:
    """Return the name of every organization by its id; for pages of the client."""
    return dict(Organization.objects.values_list("pk", "name"))


def _for_role(scope: Scope, entries: models.QuerySet[Entry]) -> models.QuerySet[Entry]:
    if scope.side == CLIENT:
        return entries
    # What its own people did, a vendor sees; what the client did, as far as it is about readable fields.
    shown = Q(side=VENDOR)
    for label, obj in MODELS.items():
        readable = sorted(fields_readable(scope.role, scope.side, obj))
        about = Q(object_type=label.partition(".")[2])
        about &= Q(changes={}) | Q(changes__has_any_keys=readable)
        if obj in DRAFTED:
            about &= Q(action__endswith=SIGNING)
        if obj == BLIND:
            about &= Q(action__in=UNBLINDED)
        shown |= about
    return entries.filter(shown)


def _exists(scope: Scope, obj: str, object_type: str, uuid: UUID) -> bool:
    if obj == "user":
        return user_list(scope=scope).filter(user__uuid=uuid).exists()
    if obj == "token":
        return token_list(scope=scope).filter(uuid=uuid).exists()
    model = apps.get_model(next(label for label in MODELS if label.partition(".")[2] == object_type))
    rows = model._default_manager.all()
    if not isinstance(rows, ScopedQuerySet) or not any(field.name == "uuid" for field in model._meta.fields):
        return False
    rows = rows.visible_to(scope).filter(uuid=uuid)
    if obj in ("attachment", "client_remark", "ticket_view", "evaluation", "dispute"):
        # Their deeds stand in the book; they have no page that would show a history. What happened to an evaluation
        # stands on its own page, as far as its reader may know it.
        return False
    if obj in ("ticket", "coaching_task", "idea", "service_case") and scope.agent_id is not None:
        # Which are an agent's own, only a higher room knows; their page tells what happened.
        return False
    if obj == "version":
        rows = rows.filter(state__in=version_states_visible(scope.side))
    if obj == "webhook":
        rows = rows.filter(vendor_id=scope.organization_id)
    return rows.exists()
