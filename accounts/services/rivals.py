"""Keeping the people of one vendor out of what another one reads."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.calc.mentions import names_in
from accounts.selectors import names_elsewhere
from core.errors import Invalid
from core.scope import Scope


def rivals_refuse(*, scope: Scope, vendor_id: int, texts: Mapping[str, str]) -> None:
    """Refuse texts of the client's that would name to one vendor somebody of another's; field to text.

    A vendor's own text is not judged: the refusal would tell it who exists elsewhere.

    Raises:
        Invalid: Beside each field.
    """
    named = {field: names_in(text) for field, text in texts.items()} if scope.is_client else {}
    if not any(named.values()):
        return
    names = set().union(*named.values())
    elsewhere = names_elsewhere(names=names, organization_ids=[vendor_id, scope.organization_id])
    message = _("@%(name)s works for another vendor, of which this vendor must not read; leave the name out.")
    fields = {
        field: [message % {"name": min(found & elsewhere)}] for field, found in named.items() if found & elsewhere
    }
    if fields:
        raise Invalid("names_rival", next(iter(fields.values()))[0], fields=fields)
