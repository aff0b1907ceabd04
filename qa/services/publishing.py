"""What publishing is for forms and rules alike: the same words, the same digest; one version in use, all kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.rows import row_add, row_change
from core.errors import Invalid
from core.scope import Scope
from qa.models import Form, FormDraft, RuleDraft, RuleSet
from vendors.models import Vendor

VersionT = TypeVar("VersionT", Form, RuleSet)


def digest_of(name: str, body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what is said, by which the same words are known at every vendor."""
    return hashlib.sha256(json.dumps([name, body], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def publishing_enter(
    *, scope: Scope, draft: FormDraft | RuleDraft, expected_version: int, vendors: Sequence[Vendor], action: str
) -> None:
    """Enter in the book where a draft is published.

    Raises:
        Conflict: Somebody changed it meanwhile.
        Invalid: No vendor was chosen.
    """
    if not vendors:
        message = _("Choose at least one vendor.")
        raise Invalid("vendors", message, fields={"vendors": [message]})
    row_change(
        scope=scope,
        action=action,
        row=draft,
        expected_version=expected_version,
        values={"changed_at": scope.at},
        parts={"vendors": [None, ", ".join(sorted(vendor.code for vendor in vendors))]},
        untold=("changed_at",),
    )


def version_put(
    *,
    scope: Scope,
    versions: QuerySet[VersionT],
    draft: FormDraft | RuleDraft,
    vendor: Vendor,
    action: str,
    values: Mapping[str, Any],
) -> VersionT:
    """Put what a draft says to use at a vendor, in place of the version that is.

    Args:
        scope: Who publishes.
        versions: All of this code at this vendor, locked by the caller where one is in use.
        draft: Gives code and name.
        vendor: Where.
        action: What the book calls it.
        values: The other fields, ``body`` and ``digest`` among them.
    """
    versions.filter(is_live=True).update(is_live=False)
    fresh = versions.model(
        vendor=vendor,
        code=draft.code,
        name=draft.name,
        number=(versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        published_at=scope.at,
        published_by=scope.actor[:150],
        **values,
    )
    entered = {"code": fresh.code, "number": fresh.number, "digest": fresh.digest}
    row_add(scope=scope, action=action, row=fresh, entered=entered)
    return fresh
