"""How far the demo is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from core.scope import Scope
from demo.plan import Plan
from sla.models import Sweep

SWEEP_NAME, TALES_NAME = "demo", "demo_tales"


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the demo is loaded, and what the rest is made from."""

    plan: Plan
    files_done: int
    files_total: int

    @property
    def is_loaded(self) -> bool:
        """Whether every file is in; the last figures may still be computed."""
        return self.files_done >= self.files_total


def progress(*, scope: Scope) -> Progress | None:
    """Return how far the demo is; None where no demo was begun."""
    sweep = Sweep.objects.visible_to(scope).filter(name=SWEEP_NAME).first()
    if sweep is None:
        return None
    return Progress(
        plan=Plan.from_json(sweep.findings),
        files_done=sweep.findings["files_done"],
        files_total=sweep.findings["files_total"],
    )


@dataclass
class Telling:
    """How far the tales of a vendor's customers are told.

    Attributes:
        contract_code: The contract that they are about.
        deeds: How many deeds of theirs are done; the same ones come first whenever they are told.
        brought: The number of a deed, and the UUID of what it made.
        is_over: Whether they are told to the end.
    """

    contract_code: str
    deeds: int = 0
    brought: dict[str, str] = field(default_factory=dict)
    is_over: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what :meth:`from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the telling of :meth:`as_json`."""
        return cls(**document)


def telling(*, scope: Scope, vendor_id: int) -> Telling | None:
    """Return how far a vendor's tales are told; None where none was begun."""
    sweep = Sweep.objects.visible_to(scope).filter(name=TALES_NAME, vendor_id=vendor_id).first()
    return None if sweep is None else Telling.from_json(sweep.findings)
