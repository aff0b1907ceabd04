"""Named places where the suite kills a process, to prove that a fault there loses and doubles nothing (R14)."""

from __future__ import annotations

import os
import signal

from django.conf import settings


def crash_point(name: str) -> None:
    """Die on the spot, as ``kill -9`` would, when the suite asked for this place; otherwise do nothing."""
    if getattr(settings, "CRASH_POINTS", False) and os.environ.get("CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
