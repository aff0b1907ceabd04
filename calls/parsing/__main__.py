"""The child process: gives up its rights, then reads the file that standard input names.

``python -m calls.parsing`` is started by calls.parsing.runner and by nobody else.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from calls.parsing.limits import Limits
from calls.parsing.sandbox import memory_peak_bytes, sandbox_enter


def main() -> None:
    """Read one request, write the result file."""
    started = time.monotonic()
    request = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    sandbox_enter(
        memory_bytes=limits.memory_bytes,
        cpu_seconds=2 * limits.wall_seconds,
        parent_pid=request["parent_pid"],
    )
    # Only now: these start threads, and they are what may go wrong.
    from calls.calc.profile import profile_parse  # noqa: PLC0415
    from calls.parsing.child import FileReader  # noqa: PLC0415
    from calls.parsing.results import RESULT_FILE, check_dump, lookups_load  # noqa: PLC0415

    out_dir = Path(request["out_dir"])
    check = FileReader(
        Path(request["path"]),
        suffix=request["suffix"],
        profile=profile_parse(request["profile"]),
        lookups=lookups_load(request["lookups"]),
        now=datetime.fromisoformat(request["now"]),
        out_dir=out_dir,
        limits=limits,
        progress=lambda rows: print(rows, flush=True),  # noqa: T201
    ).run()
    check = replace(
        check,
        seconds=round(time.monotonic() - started, 3),
        cpu_seconds=round(time.process_time(), 3),
        memory_bytes=memory_peak_bytes(),
    )
    (out_dir / RESULT_FILE).write_text(json.dumps(check_dump(check)), encoding="utf-8")


if __name__ == "__main__":
    main()
