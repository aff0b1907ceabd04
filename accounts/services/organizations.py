"""What an organization asks of its people."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.selectors import has_mfa, organization_list, user_acting
from accounts.services.rights import fields_require
from audit.services import record
from core.errors import Conflict, NotFound
from core.scope import Scope


@transaction.atomic
def organization_require_mfa(*, scope: Scope, organization_id: int, required: bool) -> Organization:
    """Ask a second step at every sign-in of an organization's people, or ask it no longer.

    It holds from the next request: who has none is led to setting one up. Tokens are keys of their own.

    Raises:
        Forbidden: The role may not manage people.
        Conflict: The caller asks the own organization for what the caller does not have.
        NotFound: The organization does not exist for the caller.
    """
    scope.require("users.manage")
    fields_require(scope=scope, obj="organization", names=["mfa_required"])
    organization = organization_list(scope=scope).select_for_update().filter(pk=organization_id).first()
    if organization is None:
        raise NotFound
    if required and organization.pk == scope.organization_id and not has_mfa(user=user_acting(scope=scope)):
        raise Conflict("own_first", _("Set up your own second step first: the rule would hold for you at once."))
    if organization.mfa_required != required:
        organization.mfa_required = required
        organization.save(update_fields=["mfa_required"])
        record(
            scope=scope,
            action="organization.changed",
            target=organization,
            vendor_id=organization.pk,
            changes={"mfa_required": [not required, required]},
        )
    return organization
