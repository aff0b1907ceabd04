"""What people are told about, and how each of them wants to be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

NOW, DIGEST, MUTED = "now", "digest", "muted"
MODES = (NOW, DIGEST, MUTED)

# Kind to the action that its reader needs; empty for whoever was meant. The words are in accounts.wording.
KINDS = {
    "ticket": "",
    "ticket_alert": "",
    "incident": "",
    "feedback": "complaints.view",
    "voice": "complaints.view",
    "improvement": "improvements.view",
    "idea": "ideas.view",
    "script": "",
    "live": "live.view",
    "evaluation": "qa.view",
    "coaching": "qa.view",
    "calibration": "qa.compare",
    "webhook": "webhooks.view",
}


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell to some people, once each.

    Attributes:
        vendor_id: The organization whose matter it is; people of other vendors are never told.
        recipients: Users' keys.
        kind: One of :data:`KINDS`.
        message: Key of the text in ``accounts.wording.NOTICE_WORDS``.
        key: What makes it the same news; a second one with the key is not written.
        parameters: What the text holds: short texts and numbers; names ending in ``_at`` are ISO moments.
        path: The page of the thing, from the root of the product.
    """

    vendor_id: int
    recipients: Collection[int]
    kind: str
    message: str
    key: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    path: str = ""


def kinds_readable(permissions: Collection[str]) -> list[str]:
    """Return the kinds that somebody with these actions may read.

    >>> "webhook" in kinds_readable({"notices.view"})
    False
    """
    return [kind for kind, needed in KINDS.items() if not needed or needed in permissions]
