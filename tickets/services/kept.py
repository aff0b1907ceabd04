"""Keeping views of the list of tickets under a name."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.rows import refusals
from audit.services import record
from core.errors import Forbidden, Invalid
from core.scope import Scope
from tickets import selectors
from tickets.models import FirstView, TicketView

OWN_MOST = 20


@transaction.atomic
def view_keep(*, scope: Scope, name: str, query: str, is_shared: bool) -> TicketView:
    """Keep what the list shows under a name; a view of one's own by that name is replaced.

    Args:
        scope: Whose it is.
        name: What people call it.
        query: The parameters of the address, which the caller has read and found right.
        is_shared: Whether everybody of the organization has it too.

    Raises:
        Forbidden: Nobody in person acts, or the role may not see tickets.
        Invalid: The name is missing or too long, or there are too many.
    """
    scope.require("tickets.view")
    if scope.user_id is None:
        raise Forbidden
    name = name.strip()
    own = TicketView.objects.visible_to(scope).filter(vendor_id=scope.organization_id, owner_id=scope.user_id)
    view = own.filter(name=name).first()
    if view is None and own.count() >= OWN_MOST:
        raise Invalid("too_many", _("You keep %(count)s views already; remove one.") % {"count": OWN_MOST})
    is_new = view is None
    view = view or TicketView(vendor_id=scope.organization_id, owner_id=scope.user_id, name=name)
    view.query, view.is_shared = query, is_shared
    with refusals(view), transaction.atomic():
        view.clean_fields()
        view.save()
    changes = {"name": [None, name], "is_shared": [None, is_shared]} if is_new else {"is_shared": is_shared}
    record(scope=scope, action="ticket_view.kept", target=view, changes=changes)
    kept: TicketView = view
    return kept


@transaction.atomic
def view_remove(*, scope: Scope, uuid: UUID) -> None:
    """Remove a view: one's own, or, for whoever directs others' work, a shared one.

    Raises:
        NotFound: There is no such view for the caller.
        Forbidden: It is somebody else's.
    """
    view = selectors.view_get(scope=scope, uuid=uuid)
    if view.owner_id != scope.user_id:
        scope.require("tickets.assign")
    record(scope=scope, action="ticket_view.removed", target=view, changes={"name": [view.name, None]})
    FirstView.objects.visible_to(scope).filter(vendor_id=scope.organization_id, view=str(view.uuid)).delete()
    TicketView.objects.visible_to(scope).filter(pk=view.pk).delete()


@transaction.atomic
def view_begin_with(*, scope: Scope, view: str) -> None:
    """Let the list begin with a view for the caller; empty for all open tickets.

    Args:
        scope: Whose list.
        view: The key of a built-in view, which the caller knows to exist, or the uuid of a kept one.

    Raises:
        Forbidden: Nobody in person acts, or the role may not see tickets.
    """
    scope.require("tickets.view")
    if scope.user_id is None:
        raise Forbidden
    chosen = FirstView.objects.visible_to(scope)
    row = FirstView(vendor_id=scope.organization_id, user_id=scope.user_id, view=view)
    chosen.bulk_create([row], update_conflicts=True, unique_fields=["vendor_id", "user_id"], update_fields=["view"])
    record(scope=scope, action="ticket_view.chosen", vendor_id=scope.organization_id, changes={"view": view})
