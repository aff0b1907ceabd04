"""What one demo is made from; whoever has the plan makes the same files again, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from core.periods import local_day
from demo.calls import CallFile, call_files
from demo.world import CONTRACTS, VENDORS

# The contracts were signed this long before the month of the last call.
MONTHS_MAX = min(contract.versions[0].from_months for contract in CONTRACTS)
CALLS_MIN = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The demo's arguments.

    Attributes:
        seed: Another seed, another history of the same enterprise.
        calls: Calls of all months together, less those that were not over at ``until``.
        months: Calendar months, the newest included.
        until: When the newest call ends, aware.
    """

    seed: int
    calls: int
    months: int
    until: datetime

    @property
    def months_end(self) -> date:
        """The last day with calls, in whichever zone it is latest."""
        return max(local_day(self.until, contract.zone) for contract in CONTRACTS)

    @property
    def files_total(self) -> int:
        """How many files there are: one a vendor and month, and each vendor's corrections."""
        return len(VENDORS) * (self.months + 1)

    def files(self) -> Iterator[CallFile]:
        """Make the files, the newest month of every vendor first."""
        return call_files(
            seed=self.seed, months_end=self.months_end, months=self.months, calls=self.calls, until=self.until
        )

    def as_json(self) -> dict[str, Any]:
        """Return what :meth:`from_json` reads."""
        return {"seed": self.seed, "calls": self.calls, "months": self.months, "until": self.until.isoformat()}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the plan of :meth:`as_json`; other keys are left alone."""
        return cls(
            seed=document["seed"],
            calls=document["calls"],
            months=document["months"],
            until=datetime.fromisoformat(document["until"]),
        )
