"""Callers' numbers: a keyed hash to match repeats, the number encrypted, a masked text to show (P1)."""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

from calls.models import Customer
from core import sql
from core.scope import Scope

_NONCE_BYTES = 12
_FORMULA_LIKE = re.compile(r"^[^\w•]+")


def customer_keys(*, vendor_id: int, numbers: Iterable[str], secret: bytes | None = None) -> dict[str, int]:
    """Return for every number 64 bits of a keyed hash, signed; another vendor has another key for the same caller.

    >>> asked = {"numbers": ["+100"], "secret": b"k"}
    >>> customer_keys(vendor_id=2, **asked) == customer_keys(vendor_id=3, **asked)
    False
    """
    # One hash that has taken in the key already is copied: files bring numbers by the hundred thousand.
    keyed = hashlib.blake2b(key=secret or _matching_secret(), salt=vendor_id.to_bytes(16, "big"), digest_size=8)
    keys = {}
    for number in numbers:
        digest = keyed.copy()
        digest.update(number.encode())
        keys[number] = int.from_bytes(digest.digest(), "big", signed=True)
    return keys


def number_mask(number: str) -> str:
    """Return what may be shown of a number; never a text that a spreadsheet takes for a formula, so without its plus.

    >>> number_mask("+8613812348000")
    '8613••••8000'
    """
    if len(number) <= 6:
        return "•" * len(number)
    head = max(len(number) - 8, 0) if len(number) < 13 else len(number) - 9
    mask = number[: max(head, 1)] + "••••" + number[-4:] if len(number) > 8 else "••••" + number[-2:]
    return _FORMULA_LIKE.sub("", mask)


def numbers_encrypt(*, numbers: Sequence[str], vendor_id: int) -> Iterator[bytes]:
    """Encrypt numbers under the newest key; bound to their vendor, so that a moved row does not decrypt."""
    cipher, bound = _ciphers()[0], str(vendor_id).encode()
    nonces = os.urandom(_NONCE_BYTES * len(numbers))
    for at, number in enumerate(numbers):
        nonce = nonces[at * _NONCE_BYTES : (at + 1) * _NONCE_BYTES]
        yield nonce + cipher.encrypt(nonce, number.encode(), bound)


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
        fresh = {number: key for number, key in keys.items() if key in unknown}
        sealed = numbers_encrypt(numbers=list(fresh), vendor_id=vendor_id)
        rows = "".join(
            f"{key}\t\\\\x{encrypted.hex()}\t{_copy_text(number_mask(number))}\n"
            for (number, key), encrypted in zip(fresh.items(), sealed, strict=True)
        )
        cursor.cursor.copy_expert("COPY calls_customer_fresh FROM STDIN", io.StringIO(rows))
        cursor.execute(sql.text("calls/customers_add"), {"vendor_id": vendor_id})
    return len(unknown)


def customer_remember(*, scope: Scope, vendor_id: int, number: str) -> int:
    """Store one caller, outside of any load, and return the key.

    Args:
        scope: Who acts.
        vendor_id: Whose caller.
        number: As ``phone_normalize`` gives it.
    """
    return customers_remember(scope=scope, vendor_id=vendor_id, numbers=[number])[number]


def customers_remember(*, scope: Scope, vendor_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """Store some callers, outside of any load, and return their keys by number; see :func:`customer_remember`."""
    keys = customer_keys(vendor_id=vendor_id, numbers=numbers)
    sealed = numbers_encrypt(numbers=list(keys), vendor_id=vendor_id)
    callers = [
        Customer(vendor_id=vendor_id, customer_key=key, number_encrypted=encrypted, number_masked=number_mask(number))
        for (number, key), encrypted in zip(keys.items(), sealed, strict=True)
    ]
    Customer.objects.visible_to(scope).bulk_create(callers, batch_size=1000, ignore_conflicts=True)
    return keys


def customer_carry(*, scope: Scope, vendor_id: int, customer_key: int, to_vendor_id: int) -> int | None:
    """Store a vendor's caller for another vendor as well, and return the key there; None if there is no such caller.

    Each vendor has its own key of the same caller, so neither can tell that the other knows it.
    """
    found = Customer.objects.visible_to(scope).filter(vendor_id=vendor_id, customer_key=customer_key).first()
    if found is None:
        return None
    number = number_decrypt(encrypted=bytes(found.number_encrypted), vendor_id=vendor_id)
    return customer_remember(scope=scope, vendor_id=to_vendor_id, number=number)


def _copy_text(text: str) -> str:
    return text.replace("\\", "\\\\")


@lru_cache(maxsize=1)
def _ciphers_of(keys: tuple[str, ...]) -> list[AESGCM]:
    return [AESGCM(hashlib.sha256(b"encrypt:" + key.encode()).digest()) for key in keys]


def _ciphers() -> list[AESGCM]:
    return _ciphers_of(tuple(settings.FIELD_KEYS))


def _matching_secret() -> bytes:
    # The oldest key: matching must survive a rotation of the encryption keys.
    return hmac.digest(settings.FIELD_KEYS[-1].encode(), b"customer match", "sha256")
