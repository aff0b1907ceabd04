"""Sealing secrets that the house must be able to read again: keys of one purpose open nothing of another."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@cache
def seal_of(purpose: str) -> MultiFernet:
    """Return what seals with the newest key and opens with all, by keys of the purpose's own."""
    digests = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in settings.FIELD_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
