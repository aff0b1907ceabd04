"""Telling people, and what they do with what they are told."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.calc.notices import DIGEST, KINDS, MODES, News
from accounts.models import Notice, NoticePreference
from accounts.wording import NOTICE_WORDS, notice_words
from audit.services import record
from core import sql
from core.errors import Invalid
from core.scope import Scope


def notice_send(
    *,
    scope: Scope,
    vendor_id: int,
    recipients: Collection[int],
    kind: str,
    message: str,
    key: str,
    parameters: Mapping[str, str | int] | None = None,
    path: str = "",
) -> int:
    """Tell some people one thing, once each; see :func:`notices_send`."""
    news = News(vendor_id, recipients, kind, message, key, parameters or {}, path)
    return notices_send(scope=scope, news=[news])


def notices_send(*, scope: Scope, news: Sequence[News]) -> int:
    """Tell people several things in one statement, in the caller's transaction.

    Whatever was told to somebody under the same key is not told again, however many senders there are. People who
    may not know of the vendor's matter (another vendor's, the shut out) are left out.

    Args:
        scope: Who tells; ``scope.at`` is when.
        news: What is told to whom.

    Returns:
        How many notices are new.

    Raises:
        ValueError: A kind or message is unknown, a parameter of the message is missing, or the matter is of a vendor
            outside the scope: mistakes of the program, not of its users.
    """
    if not news:
        return 0
    for one in news:
        if one.kind not in KINDS or one.vendor_id not in scope.vendor_ids:
            raise ValueError(f"nobody can be told of {one}")
        try:
            notice_words(one.message, one.parameters, "UTC")
            NOTICE_WORDS[one.message]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"no text for {one}") from error
    rows = [
        {
            "vendor_id": one.vendor_id,
            "recipients": sorted(set(one.recipients)),
            "kind": one.kind,
            "message": one.message,
            "parameters": dict(one.parameters),
            "path": one.path,
            "key": one.key,
        }
        for one in news
    ]
    return sql.execute("accounts/notices_add", {"news": json.dumps(rows), "at": scope.at})


@transaction.atomic
def notices_read(*, scope: Scope, uuids: Collection[UUID] | None = None) -> int:
    """Mark notices to the caller as read, all of them by default; of a digest all that is collected in it.

    Returns:
        How many notices were unread.

    Raises:
        Forbidden: The role or token may not read notices.
    """
    unread = selectors.notices_own(scope=scope).filter(read_at=None)
    if uuids is not None:
        digests = {kind for kind, mode in selectors.preferences_of(scope=scope).items() if mode == DIGEST}
        chosen = list(unread.filter(uuid__in=uuids).values_list("pk", "vendor_id", "kind"))
        keys = [pk for pk, _vendor_id, _kind in chosen]
        # The one statement below marks them all, so that they stay together.
        for vendor_id, kind in {(vendor_id, kind) for _pk, vendor_id, kind in chosen if kind in digests}:
            keys += unread.filter(vendor_id=vendor_id, kind=kind).values_list("pk", flat=True)
        unread = Notice.objects.visible_to(scope).filter(recipient_id=scope.user_id, read_at=None, pk__in=keys)
    return unread.update(read_at=scope.at)


@transaction.atomic
def notice_preferences_set(*, scope: Scope, modes: Mapping[str, str]) -> None:
    """Set how the caller wants to be told; it holds at once, for what is unread as well.

    Raises:
        NotFound: Nobody in person acts.
        Forbidden: The role may not read notices.
        Invalid: There is no such kind for the caller, or no such way of telling.
    """
    scope.require("notices.view")
    user = selectors.user_acting(scope=scope)
    former = selectors.preferences_of(scope=scope)
    wrong = {kind for kind, mode in modes.items() if kind not in former or mode not in MODES}
    if wrong:
        message = _("Choose one of the list.")
        raise Invalid("notice_mode_unknown", message, fields={kind: [message] for kind in sorted(wrong)})
    changes = {kind: [former[kind], mode] for kind, mode in modes.items() if former[kind] != mode}
    if not changes:
        return
    NoticePreference.objects.bulk_create(
        [
            NoticePreference(vendor_id=scope.organization_id, user=user, kind=kind, mode=mode)
            for kind, (_former, mode) in sorted(changes.items())
        ],
        update_conflicts=True,
        unique_fields=["vendor_id", "user", "kind"],
        update_fields=["mode"],
    )
    record(
        scope=scope,
        action="user.preferences_changed",
        target=user,
        vendor_id=scope.organization_id,
        changes={f"notices_{kind}": change for kind, change in changes.items()},
    )
