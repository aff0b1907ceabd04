"""Callers' numbers: a keyed hash to match repeats, the number encrypted, a masked text to show (P1)."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from calls.models import Customer
from core import sql
from core.scope import Scope

_NONCE_BYTES = 12


def customer_key(*, vendor_id: int, number: str, secret: bytes) -> int:
    """Return 64 bits of a keyed hash, signed; another vendor's key gives another number for the same caller.

    >>> customer_key(vendor_id=2, number="+100", secret=b"k") == customer_key(vendor_id=3, number="+100", secret=b"k")
    False
    """
    digest = hashlib.blake2b(number.encode(), key=secret, salt=vendor_id.to_bytes(16, "big"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def number_mask(number: str) -> str:
    """Return what may be shown of a number.

    >>> number_mask("+8613812348000")
    '+8613••••8000'
    """
    if len(number) <= 6:
        return "•" * len(number)
    head = max(len(number) - 8, 0) if len(number) < 13 else len(number) - 9
    return number[: max(head, 1)] + "••••" + number[-4:] if len(number) > 8 else "••••" + number[-2:]


def number_encrypt(*, number: str, vendor_id: int) -> bytes:
    """Encrypt a number under the newest key; bound to its vendor, so that a moved row does not decrypt."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_field_keys()[0]).encrypt(nonce, number.encode(), str(vendor_id).encode())


def number_decrypt(*, encrypted: bytes, vendor_id: int) -> str:
    """Return the clear number.

    Raises:
        ValueError: No key of FIELD_KEYS opens it.
    """
    for key in _field_keys():
        try:
            clear = AESGCM(key).decrypt(encrypted[:_NONCE_BYTES], encrypted[_NONCE_BYTES:], str(vendor_id).encode())
        except Exception:  # noqa: S112 - cryptography's InvalidTag: another key may fit
            continue
        return clear.decode()
    raise ValueError("no key of FIELD_KEYS opens this number")


def customers_store(*, scope: Scope, vendor_id: int, numbers: Iterable[str]) -> dict[str, int]:
    """Store callers not seen before and return the key of every number."""
    secret = _matching_secret()
    keys = {number: customer_key(vendor_id=vendor_id, number=number, secret=secret) for number in numbers}
    if not keys:
        return {}
    known = set(
        Customer.objects.visible_to(scope)
        .filter(vendor_id=vendor_id, customer_key__in=list(keys.values()))
        .values_list("customer_key", flat=True)
    )
    fresh = sorted((key, number) for number, key in keys.items() if key not in known)
    if fresh:
        parameters = {
            "vendor_id": vendor_id,
            "keys": [key for key, _ in fresh],
            "encrypted": [number_encrypt(number=number, vendor_id=vendor_id) for _, number in fresh],
            "masked": [number_mask(number) for _, number in fresh],
        }
        sql.execute("calls/customers_add", parameters)
    return keys


def _field_keys() -> list[bytes]:
    return [hashlib.sha256(b"encrypt:" + key.encode()).digest() for key in settings.FIELD_KEYS]


def _matching_secret() -> bytes:
    # The oldest key: matching must survive a rotation of the encryption keys.
    return hmac.digest(settings.FIELD_KEYS[-1].encode(), b"customer match", "sha256")
