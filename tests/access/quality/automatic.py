"""Who may do what with transcripts and automatic checks."""

from __future__ import annotations

from collections.abc import Callable

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import Body, Things

TABLE = """
"""
KINDS: dict[str, Callable[[House, Principal], Things]] = {}
BODIES: dict[str, Callable[[House, Principal], Body]] = {}
