"""What the reading process gives up before it looks at a file; standard library only."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_OPEN_FILES = 256
_OUTPUT_BYTES = 4 << 30


def sandbox_enter(*, memory_bytes: int, cpu_seconds: int, parent_pid: int) -> bool:
    """Limit this process for good: memory, processor time, files, network; it dies with its parent.

    What it writes is its own user's alone.

    The data segment is limited and not the address space: the readers map far more than they use.
    Must run before threads start, or the kernel keeps the network.

    Args:
        memory_bytes: private writable memory.
        cpu_seconds: of all threads together.
        parent_pid: the process that waits for the answer.

    Returns:
        whether the network is cut off; some kernels and containers do not allow it.
    """
    # Whatever this writes holds what the file holds.
    os.umask(0o077)
    is_cut_off = False
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        is_cut_off = any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))
    if os.getppid() != parent_pid:
        os._exit(1)
    for kind, limit in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, _OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))
    return is_cut_off


def memory_peak_bytes() -> int:
    """The most resident memory that this program had; the kernel's rusage would count the parent's as well."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
