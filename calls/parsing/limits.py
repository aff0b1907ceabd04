"""How large a file may be, outside and inside; the defaults are the house rules for uploads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file. A command for trusted files may raise them; a page does not."""

    file_bytes: int = 50_000_000
    wall_seconds: int = 120
    memory_bytes: int = 512 * 1024 * 1024
    zip_entries: int = 100
    unpacked_bytes: int = 300_000_000
    zip_ratio: int = 200
    cells: int = 5_000_000
    rows: int = 1_000_000
    columns: int = 100
    line_bytes: int = 65_536
    # Findings that are kept, and with them the rows that they are about.
    errors: int = 100_000
    # How much is in memory at once.
    block_bytes: int = 8 * 1024 * 1024
    block_rows: int = 100_000
