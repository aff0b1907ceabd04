"""Callers' numbers: a keyed hash to match repeats, the number encrypted, a masked text to show (P1)."""

from __future__ import annotations

import hashlib
import hmac
import io
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

from core import sql

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
    return nonce + _ciphers()[0].encrypt(nonce, number.encode(), str(vendor_id).encode())


def number_decrypt(*, encrypted: bytes, vendor_id: int) -> str:
    """Return the clear number.

    Raises:
        ValueError: No key of FIELD_KEYS opens it.
    """
    for cipher in _ciphers():
        try:
            clear = cipher.decrypt(encrypted[:_NONCE_BYTES], encrypted[_NONCE_BYTES:], str(vendor_id).encode())
        except Exception:  # noqa: S112 - cryptography's InvalidTag: another key may fit
            continue
        return clear.decode()
    raise ValueError("no key of FIELD_KEYS opens this number")


def customer_keys(*, vendor_id: int, numbers: Iterable[str]) -> dict[str, int]:
    """Return the key of every number."""
    secret = _matching_secret()
    return {number: customer_key(vendor_id=vendor_id, number=number, secret=secret) for number in numbers}


def customers_store(*, vendor_id: int, keys: Mapping[str, int]) -> int:
    """Store callers whom the vendor has not had before; runs inside the load, whose lock makes it alone.

    Returns:
        How many were new.
    """
    if not keys:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql.text("calls/customers_staging"))
        cursor.execute("TRUNCATE calls_customer_key, calls_customer_fresh")
        lines = "".join(f"{key}\n" for key in keys.values())
        cursor.cursor.copy_expert("COPY calls_customer_key FROM STDIN", io.StringIO(lines))
        cursor.execute(sql.text("calls/customers_unknown"), {"vendor_id": vendor_id})
        unknown = {key for (key,) in cursor.fetchall()}
        rows = "".join(_copy_line(vendor_id, key, number) for number, key in keys.items() if key in unknown)
        cursor.cursor.copy_expert("COPY calls_customer_fresh FROM STDIN", io.StringIO(rows))
        cursor.execute(sql.text("calls/customers_add"), {"vendor_id": vendor_id})
    return len(unknown)


def _copy_line(vendor_id: int, key: int, number: str) -> str:
    encrypted = number_encrypt(number=number, vendor_id=vendor_id).hex()
    masked = number_mask(number).replace("\\", "\\\\")
    return f"{key}\t\\\\x{encrypted}\t{masked}\n"


@lru_cache(maxsize=1)
def _ciphers_of(keys: tuple[str, ...]) -> list[AESGCM]:
    return [AESGCM(hashlib.sha256(b"encrypt:" + key.encode()).digest()) for key in keys]


def _ciphers() -> list[AESGCM]:
    return _ciphers_of(tuple(settings.FIELD_KEYS))


def _matching_secret() -> bytes:
    # The oldest key: matching must survive a rotation of the encryption keys.
    return hmac.digest(settings.FIELD_KEYS[-1].encode(), b"customer match", "sha256")
