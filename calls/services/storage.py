"""Where received files lie: outside the web root, under names that the server chose (S7)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from calls.models import Batch
from core.errors import Invalid


def batch_folder(batch: Batch) -> Path:
    """Return where the file and its checked parts lie; the name is the server's, never the sender's."""
    return vendor_folder(batch.vendor_id) / str(batch.uuid)


def vendor_folder(vendor_id: int) -> Path:
    return Path(settings.UPLOAD_ROOT) / str(vendor_id)


def suffix_of(file_name: str) -> str:
    return ".xlsx" if file_name.lower().endswith((".xlsx", ".xlsm")) else ".csv"


def plain_name(file_name: str) -> str:
    name = os.path.basename(file_name.replace("\\", "/"))
    return "".join(char for char in name if char.isprintable())[-200:] or "file"


def original_store(folder: Path, chunks: Iterable[bytes], max_bytes: int) -> tuple[bytes, int, Path]:
    digest, size = hashlib.sha256(), 0
    path = folder / f"incoming-{os.urandom(16).hex()}"
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise Invalid(
                        "file_too_large", f"The file is larger than {max_bytes // 1024 // 1024} MB; split it."
                    )
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if size == 0:
            raise Invalid("file_empty", "The file is empty.")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return digest.digest(), size, path
