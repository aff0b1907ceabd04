"""Run everything once and print it; ``--write`` also keeps it in docs/performance.md.

Sizes come from the environment: BENCH_CALLS (default 1000000) for the first level, BENCH_TIMES (default 10) for how
many times that the second level is; BENCH_TICKETS (default 100000) for open tickets, BENCH_TRANSCRIPTS (default
10000) for transcripts, BENCH_SAMPLED (default 150000) for the calls around a day that is sampled.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.data import calls_frame
from benchmarks.house import VENDORS, House, people_make
from benchmarks.table import markdown

TARGET = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
# What stands above it in the page is written by hand.
HEADING = "## The last run\n"


def main() -> None:
    """Measure both levels."""
    calls, times = int(os.environ.get("BENCH_CALLS", "1000000")), int(os.environ.get("BENCH_TIMES", "10"))
    house = House()
    sections = []
    try:
        vendors = people_make()
        from benchmarks.ingest import file_import, frame_bytes, ingest_rows
        from benchmarks.latency import latency_rows
        from benchmarks.rollups import drain_all, rollup_rows
        from benchmarks.sampling import sampling_rows
        from benchmarks.speech import speech_rows
        from benchmarks.stress import stress_rows
        from benchmarks.tickets import ticket_rows

        def show(title: str, rows: list) -> None:  # type: ignore[type-arg]
            sections.append(markdown(title, rows))
            print(sections[-1], flush=True)

        content = frame_bytes(calls_frame(calls=calls, first=date(2026, 3, 1), days=31, seed=1))
        show("Import", ingest_rows(house, vendor_id=vendors[0], content=content, calls=calls))
        drained, days = drain_all(house)
        house.superuser().execute("VACUUM ANALYZE")
        show(f"Recompute, {calls / 1e6:g} M calls", rollup_rows(house, calls=calls, drained=drained, days=days))
        show(f"Waiting times, {calls / 1e6:g} M calls", latency_rows(house, calls=calls))
        if times > 1:
            share = calls * (times - 1) // (VENDORS - 1)
            for number, vendor_id in enumerate(vendors[1:], start=2):
                content = frame_bytes(calls_frame(calls=share, first=date(2026, 3, 1), days=31, seed=number))
                file_import(house, vendor_id=vendor_id, name=f"v{number}.csv", content=content)
            everything = calls + share * (VENDORS - 1)
            drained, days = drain_all(house)
            house.superuser().execute("VACUUM ANALYZE")
            size = f"{everything / 1e6:g} M"
            show(f"Recompute, {size} calls", rollup_rows(house, calls=everything, drained=drained, days=days))
            show(f"Waiting times, {size} calls", latency_rows(house, calls=everything))
        show("Tickets", ticket_rows(house, vendor_id=vendors[0]))
        show("Automatic checks", speech_rows(house, vendor_id=vendors[0]))
        show("Samples", sampling_rows(house, vendor_id=vendors[0]))
        show("Writers and workers at once", stress_rows(house, vendor_id=vendors[0]))
    finally:
        house.stop()
    if "--write" in sys.argv:
        by_hand = TARGET.read_text(encoding="utf-8").partition(HEADING)[0]
        TARGET.write_text(by_hand + _last_run(sections), encoding="utf-8")


def _last_run(sections: list[str]) -> str:
    head = f"""{HEADING}
{datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {os.cpu_count()} cores ({platform.machine()}, {_cpu()}), Python
{platform.python_version()}, PostgreSQL from the wheel with fsync on.

"""
    return head + "\n".join(sections)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


if __name__ == "__main__":
    main()
