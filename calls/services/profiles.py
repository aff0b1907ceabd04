"""Import profiles: how one kind of file maps to the canonical columns; every change is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from audit.services import record
from calls.calc.profile import ProfileError, profile_parse
from calls.models import ImportProfile
from core.errors import Conflict, Invalid, NotFound
from core.scope import Scope, activate


def profile_save(
    *, scope: Scope, vendor_id: int, name: str, document: Mapping[str, Any], expected_number: int | None = None
) -> ImportProfile:
    """Store a mapping as the current version of its name; files already received keep the version they came with.

    Args:
        expected_number: The version that the change was made from, 0 for a new profile; None for whichever there is.

    Raises:
        Conflict: Somebody saved another version meanwhile, or the name is taken.
        NotFound: The vendor is not in scope.
        Forbidden: The role may not edit profiles.
        Invalid: The mapping cannot work; ``fields`` names the place.
    """
    scope.require("profiles.edit")
    if vendor_id not in scope.vendor_ids:
        raise NotFound
    name = name.strip()
    if not name:
        raise Invalid("name_missing", "Give the profile a name.", fields={"name": ["Give the profile a name."]})
    try:
        profile_parse(document)
    except ProfileError as error:
        raise Invalid(
            "profile_invalid", str(error), fields={"document": [f"{error.field}: {error.message}"]}
        ) from error
    with activate(scope):
        former: ImportProfile | None = (
            ImportProfile.objects.visible_to(scope)
            .select_for_update()
            .filter(vendor_id=vendor_id, name=name, is_current=True)
            .first()
        )
        if expected_number is not None and expected_number != (former.number if former else 0):
            message = _("Version %(number)d of this profile was saved meanwhile. Open it and change that one.")
            raise Conflict("profile_changed", message % {"number": former.number if former else 0})
        if former is not None:
            if former.document == dict(document):
                return former
            former.is_current = False
            former.save(update_fields=["is_current"])
        profile = ImportProfile(
            vendor_id=vendor_id,
            name=name,
            number=former.number + 1 if former else 1,
            document=dict(document),
            created_at=scope.at,
        )
        profile.save(force_insert=True)
        record(
            scope=scope,
            action="profile.saved",
            target=profile,
            changes={"document": [former.document if former else None, dict(document)]},
        )
        return profile
