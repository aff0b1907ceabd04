"""Where received files lie: outside the web root, under names that the server chose (S7)."""

from __future__ import annotations

from pathlib import Path

from calls.models import Batch
from core.uploads import vendor_folder


def batch_folder(batch: Batch) -> Path:
    """Return where the file and its checked parts lie; the name is the server's, never the sender's."""
    return vendor_folder(batch.vendor_id) / str(batch.uuid)


def suffix_of(file_name: str) -> str:
    return ".xlsx" if file_name.lower().endswith((".xlsx", ".xlsm")) else ".csv"
