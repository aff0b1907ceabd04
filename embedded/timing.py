"""``make time-run``: how long a person waits for the first page, on a fresh clone and on the second start."""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from embedded.processes import processes_of

ROOT = Path(__file__).resolve().parent.parent
GIVE_UP_SECONDS = 300
ADDRESS = re.compile(r"Callsteward runs at (http\S+)")
# What a machine that never saw the project does not have: package caches, an active environment, servers.
FORGOTTEN = re.compile(
    r"^(DATABASE_|REDIS_|CACHE_URL|VIRTUAL_ENV|XDG_|UV_CACHE|PIP_CACHE|npm_config_cache|MAKE|MFLAGS)"
)


def _fresh_environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not FORGOTTEN.match(name)}
    return kept | {"HOME": str(home)}


def _first_page_seconds(checkout: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Run ``make run`` until its page is there, then press Ctrl-C.

    Returns:
        The seconds from the command to the whole log-in page, and from Ctrl-C to the end of the process.

    Raises:
        SystemExit: no page, or a process was left behind.
    """
    began = time.monotonic()
    run = subprocess.Popen(
        ["make", "run"],
        cwd=checkout,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert run.stdout
    url = None
    for line in run.stdout:
        print(f"    {line.rstrip()}")
        if found := ADDRESS.search(line):
            url = found[1]
            break
        if time.monotonic() - began > GIVE_UP_SECONDS:
            break
    if url is None:
        os.killpg(run.pid, signal.SIGKILL)
        raise SystemExit("`make run` showed no address.")
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own address
        if b"</html>" not in answer.read():
            raise SystemExit(f"{url} shows no page.")
    page_seconds = time.monotonic() - began
    stopped = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    run.stdout.read()
    run.wait(timeout=60)
    stop_seconds = time.monotonic() - stopped
    if left := processes_of(checkout.parent):
        raise SystemExit("Left behind:\n" + "\n".join(left))
    return page_seconds, stop_seconds


def main() -> None:
    """Print the figures that the README quotes."""
    with tempfile.TemporaryDirectory(prefix="callsteward-timing-") as folder:
        checkout, home = Path(folder) / "callsteward", Path(folder) / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
        environment = _fresh_environment(home)
        print("First start, nothing installed:")
        cold, cold_stop = _first_page_seconds(checkout, environment)
        print("Second start:")
        warm, warm_stop = _first_page_seconds(checkout, environment)
        # The embedded servers' files belong to another user when root runs this.
        shutil.rmtree(checkout, ignore_errors=True)
    print(f"\nmake run, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print(f"  first page on a fresh clone  {cold:5.1f} s   (Ctrl-C to the end {cold_stop:.1f} s)")
    print(f"  first page on second start   {warm:5.1f} s   (Ctrl-C to the end {warm_stop:.1f} s)")
    if cold > 60 or warm > 10:
        sys.exit("Slower than promised: 60 s and 10 s.")


if __name__ == "__main__":
    main()
