"""Named places where the suite kills a process, to prove that a fault there loses and doubles nothing (R14)."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from django.conf import settings


def crash_point(name: str) -> None:
    """Die on the spot, as by ``kill -9``, when the suite asked for this place; otherwise do nothing.

    The suite writes the name into the file that CRASH_FILE names; it is removed first, so that one death is enough.
    """
    path = os.environ.get("CRASH_FILE")
    if not path or not getattr(settings, "CRASH_POINTS", False):
        return
    order = Path(path)
    if order.exists() and order.read_text() == name:
        order.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
