"""Becomes another program that cannot outlive its parent.

Run by path in a fresh interpreter (``python -I -S child.py OPTIONS -- PROGRAM …``), never imported by the
programs it starts: between fork and exec it drops root, ties itself to its parent and then disappears.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import signal
import sys

# <linux/prctl.h>, <linux/securebits.h>, <linux/capability.h>
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def drop_root(*, uid: int, gid: int, program: str, folder: str) -> None:
    """Become ``uid`` for good, keeping only what is needed to reach the program and its folder."""
    libc = ctypes.CDLL(None, use_errno=True)
    # With this bit setuid leaves the privileges to us, and access(2), which initdb asks before it runs
    # anything, counts the one we may have to keep.
    ours = sys.platform == "linux" and libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) == 0

    def keep(effective: int, permitted: int) -> bool:
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(effective, permitted, permitted)  # the last is what exec may pass on
        return bool(libc.capset(header, sets) == 0)

    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if not ours:
        return
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        # A checkout below /root or another closed directory: a user without privileges cannot walk there.
        # Passing through directories is kept as the one privilege; which of the two exists differs.
        bit = 1 << capability
        if keep(0, bit):
            if os.access(program, os.X_OK) and os.access(folder, os.W_OK):
                break
            if keep(bit, bit) and libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0:
                return
    keep(0, 0)


def die_with_parent(number: int) -> None:
    """Ask the kernel to send this process a signal when the thread that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def main() -> None:
    """Take the lock, drop root, ask for the death signal and become the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True, help="the process whose end ends this one")
    parser.add_argument("--signal", type=int, required=True, help="what the kernel sends then")
    parser.add_argument("--lock", help="file that stays locked for as long as the program or a child of it lives")
    parser.add_argument("--user", type=int, nargs=2, metavar=("UID", "GID"))
    parser.add_argument("--folder", default="/", help="directory the program writes to")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()

    die_with_parent(signal.SIGKILL)  # while it waits for the lock
    # A shell that starts us in the background hands us SIGINT ignored, and exec would pass that on.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    if options.lock:
        lock = os.open(options.lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock, True)
    if options.user:
        drop_root(uid=options.user[0], gid=options.user[1], program=options.program[0], folder=options.folder)
    # After setuid, which clears it; before the look at the parent, which closes the race with its end.
    die_with_parent(options.signal)
    if os.getppid() != options.parent:
        sys.exit("the parent is gone")
    os.execv(options.program[0], options.program)  # noqa: S606 - this is its purpose


if __name__ == "__main__":
    main()
