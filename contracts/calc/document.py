"""What is signed: the terms of a version as one canonical document, and the digest that seals it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a document: keys in order, no spaces, UTF-8.

    >>> canonical({"b": 1, "a": "接通率"}).decode()
    '{"a":"接通率","b":1}'
    """
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest(document: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of the canonical spelling, 32 bytes; whoever has the document can check it."""
    return hashlib.sha256(canonical(document)).digest()
