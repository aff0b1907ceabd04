"""What stands in the house of improvement actions, the question bank and ideas."""

from __future__ import annotations

from typing import Any

from tests.world import World


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor its things, by a word for each."""
    return {}
