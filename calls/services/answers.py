"""One effect for one Idempotency-Key, however often a program sends its request (I9)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from calls.models import StoredAnswer
from core import sql
from core.errors import Invalid
from core.scope import Scope, activate

ANSWERS_KEPT = timedelta(days=7)
KEY_LOCK = 7010

Answer = tuple[int, dict[str, Any]]


def answer_once(*, scope: Scope, vendor_id: int, key: str, body_hash: bytes, make: Callable[[], Answer]) -> Answer:
    """Do something and keep the answer, or replay the answer that the same client got for the same key.

    A refusal is not kept, so that a mended request may use the same key. A request that is sent twice at once waits
    for its twin.

    Args:
        scope: Whose program asks; a key is that program's own.
        vendor_id: Whose matter it is, and under whose wall the answer is kept.
        key: The client's Idempotency-Key, 1 to 255 characters.
        body_hash: SHA-256 over all that the request asks for; another one under the same key is refused.
        make: Does it, inside the transaction that keeps the answer; returns HTTP status and body.

    Raises:
        Invalid: There is no key, or it was used with another request.
    """
    key_require(key=key)
    client_id = scope.user_id or 0
    with activate(scope):
        _lock(f"{vendor_id}:{client_id}:{key}")
        answers = StoredAnswer.objects.visible_to(scope).filter(vendor_id=vendor_id, client_id=client_id, key=key)
        stored = answers.filter(at__gt=scope.at - ANSWERS_KEPT).first()
        if stored is not None:
            if bytes(stored.body_hash) != body_hash:
                raise Invalid("idempotency_key_reused", "This Idempotency-Key was used with another request.")
            return stored.status, stored.body
        status, body = make()
        answers.delete()
        StoredAnswer.objects.create(
            vendor_id=vendor_id,
            client_id=client_id,
            key=key,
            body_hash=body_hash,
            status=status,
            body=body,
            at=scope.at,
        )
    return status, body


def key_require(*, key: str) -> None:
    """Refuse a request whose key is missing or too long.

    Raises:
        Invalid: It is.
    """
    if not 1 <= len(key) <= 255:
        raise Invalid("idempotency_key_missing", "Send an Idempotency-Key header of 1 to 255 characters.")


def answers_forget(*, scope: Scope) -> int:
    """Delete stored answers that nobody may ask for any more."""
    with activate(scope):
        old = StoredAnswer.objects.visible_to(scope).filter(at__lte=scope.at - ANSWERS_KEPT)
        return old.delete()[0]


def _lock(name: str) -> None:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)
    sql.lock(KEY_LOCK, number)
