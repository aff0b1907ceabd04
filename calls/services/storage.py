"""Where received files lie: outside the web root, under names that the server chose (S7), sealed until they are read.

A file holds customers' numbers in clear, so on the disk it is encrypted in frames of a megabyte, each bound to its
place, the last one to being the last: a frame that is changed, moved, missing or another vendor's does not open.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from calls.models import Batch
from core.uploads import private_open, vendor_folder

_MARK = b"callsteward sealed 1\n"
_SALT_BYTES, _TAG_BYTES, _FRAME_BYTES = 16, 16, 1 << 20


def batch_folder(batch: Batch) -> Path:
    """Return where the file and its checked parts lie; the name is the server's, never the sender's."""
    return vendor_folder(batch.vendor_id) / str(batch.uuid)


def original_path(batch: Batch) -> Path | None:
    """Return where the file lies as it came, sealed; rows of a request have none."""
    return next(batch_folder(batch).glob("original*"), None)


def parts_folder(batch: Batch) -> Path:
    """Return where the checked rows wait for their load; gone once they are loaded or dropped."""
    return batch_folder(batch) / "parts"


def part_paths(batch: Batch) -> list[Path]:
    """Return the checked rows in the order of the file, sealed."""
    return sorted(parts_folder(batch).glob("part-*.arrow"))


def rejected_path(batch: Batch) -> Path:
    """Return where the rejected rows lie as they came, sealed; files from before they were kept have none."""
    return batch_folder(batch) / "rejected.jsonl"


def suffix_of(file_name: str) -> str:
    return ".xlsx" if file_name.lower().endswith((".xlsx", ".xlsm")) else ".csv"


def sealed(chunks: Iterable[bytes], *, vendor_id: int) -> Iterator[bytes]:
    """Encrypt under the newest of FIELD_KEYS what comes in chunks of any size."""
    salt = os.urandom(_SALT_BYTES)
    cipher, bound = _cipher(settings.FIELD_KEYS[0], salt), str(vendor_id).encode()
    yield _MARK + salt
    number, pending = 0, bytearray()
    for chunk in chunks:
        pending += chunk
        # One byte more than a frame: only then it is not the last.
        while len(pending) > _FRAME_BYTES:
            yield cipher.encrypt(_nonce(number, is_last=False), bytes(pending[:_FRAME_BYTES]), bound)
            number += 1
            del pending[:_FRAME_BYTES]
    yield cipher.encrypt(_nonce(number, is_last=True), bytes(pending), bound)


def opened(path: Path, *, vendor_id: int) -> Iterator[bytes]:
    """Return the clear content in chunks; a file from before files were sealed comes as it lies there.

    Raises:
        ValueError: No key of FIELD_KEYS opens it: it was changed, cut, or is another vendor's.
    """
    with path.open("rb") as file:
        if file.read(len(_MARK)) != _MARK:
            file.seek(0)
            yield from iter(lambda: file.read(_FRAME_BYTES), b"")
            return
        salt, bound = file.read(_SALT_BYTES), str(vendor_id).encode()
        ciphers = [_cipher(key, salt) for key in settings.FIELD_KEYS]
        number, frame = 0, file.read(_FRAME_BYTES + _TAG_BYTES)
        while True:
            following = file.read(_FRAME_BYTES + _TAG_BYTES)
            clear = _frame_open(ciphers, _nonce(number, is_last=not following), frame, bound)
            yield clear
            if not following:
                return
            number, frame = number + 1, following


def file_seal(path: Path, *, vendor_id: int) -> None:
    """Put the sealed content in the place of a clear file."""
    beside = path.with_suffix(".sealing")
    with path.open("rb") as clear, private_open(beside) as file:
        for chunk in sealed(iter(lambda: clear.read(_FRAME_BYTES), b""), vendor_id=vendor_id):
            file.write(chunk)
    beside.replace(path)


def file_open(path: Path, *, vendor_id: int, target: Path) -> None:
    """Write the clear content to a new file, for a reader that has no key."""
    with private_open(target) as file:
        for chunk in opened(path, vendor_id=vendor_id):
            file.write(chunk)


def _cipher(key: str, salt: bytes) -> AESGCM:
    # Keys of their own for each file, so that frames may simply be counted.
    master = hashlib.sha256(b"calls.file:" + key.encode()).digest()
    return AESGCM(hashlib.blake2b(salt, key=master, digest_size=32).digest())


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _frame_open(ciphers: list[AESGCM], nonce: bytes, frame: bytes, bound: bytes) -> bytes:
    while ciphers:
        try:
            return ciphers[0].decrypt(nonce, frame, bound)
        except InvalidTag:
            # Another key may fit; the one that opened the first frame opens all.
            del ciphers[0]
    raise ValueError("no key of FIELD_KEYS opens this file")
