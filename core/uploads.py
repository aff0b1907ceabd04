"""Files on their way in: refused when too large before any of it is stored, kept under names that the server chose."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from core.errors import Invalid

# What the other fields of a form and its boundaries may take besides the file.
FORM_BYTES = 1024 * 1024


class SizeGuard(FileUploadHandler):
    """The first upload handler: looks at the announced length, then leaves the files to the others."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django's name)
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse by the announced length; a request that announces none has no body for Django.

        Raises:
            RequestDataTooBig: Answered with 400 before a file is written.
        """
        if content_length > settings.UPLOAD_MAX_BYTES + FORM_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes announced, {settings.UPLOAD_MAX_BYTES} allowed for a file")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def vendor_folder(vendor_id: int) -> Path:
    """Return where a vendor's files lie: outside the web root (S7)."""
    return Path(settings.UPLOAD_ROOT) / str(vendor_id)


def folder_make(folder: Path) -> None:
    """Make a folder, with those above it, that nobody but the service's own user may enter."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def private_open(path: Path) -> BinaryIO:
    """Open a new file that nobody but the service's own user may read."""
    return open(path, "xb", opener=partial(os.open, mode=0o600))


def plain_name(file_name: str) -> str:
    """Return the name that a sender gave a file, without its folders and anything that cannot be shown."""
    name = os.path.basename(file_name.replace("\\", "/"))
    return "".join(char for char in name if char.isprintable())[-200:] or "file"


def original_store(
    folder: Path,
    chunks: Iterable[bytes],
    max_bytes: int,
    *,
    seal: Callable[[Iterable[bytes]], Iterable[bytes]] = iter,
) -> tuple[bytes, int, Path]:
    """Write what comes in to a new file of a folder, and return its SHA-256, its length and where it lies.

    Args:
        folder: Made if it is missing.
        chunks: The content, in order.
        max_bytes: The longest content that is taken.
        seal: Turns the content into what is written, as by encryption; hash and length are the content's own.

    Raises:
        Invalid: It is empty or longer than allowed; nothing is left behind.
    """
    digest, size = hashlib.sha256(), 0
    folder_make(folder)
    path = folder / f"incoming-{os.urandom(16).hex()}"

    def measured() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise Invalid("file_too_large", f"The file is larger than {max_bytes // 1024 // 1024} MB; split it.")
            digest.update(chunk)
            yield chunk

    try:
        with private_open(path) as file:
            file.writelines(seal(measured()))
            file.flush()
            os.fsync(file.fileno())
        if size == 0:
            raise Invalid("file_empty", "The file is empty.")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return digest.digest(), size, path


# What an attachment may be, by the end of its name, and how such a file begins; plain text has no mark of its own.
ZIP, TEXT = b"PK\x03\x04", b""
KINDS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".docx": ZIP,
    ".xlsx": ZIP,
    ".zip": ZIP,
    ".txt": TEXT,
    ".csv": TEXT,
    ".log": TEXT,
}


def is_what_it_says(file_name: str, head: bytes) -> bool:
    """Return whether a file is of a kind that may be attached, and begins as its name says.

    Args:
        file_name: As the sender calls it.
        head: Its first bytes, some hundred are enough.

    >>> is_what_it_says("a.pdf", b"%PDF-1.7"), is_what_it_says("a.pdf", b"MZ"), is_what_it_says("a.exe", b"MZ")
    (True, False, False)
    """
    mark = KINDS.get(Path(file_name).suffix.lower())
    if mark is None:
        return False
    return head.startswith(mark) if mark else b"\x00" not in head
