"""The table that a run prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measure import Cost


@dataclass
class Row:
    """One measured thing, beside the one that it is compared with."""

    name: str
    cost: Cost | None = None
    reference: Cost | None = None
    goal: str = ""
    note: str = ""

    def cells(self) -> list[str]:
        """Return the row's texts: seconds of the clock, of processor if they were counted, ratios to the reference."""
        if self.cost is None:
            return [self.name, "", "", "", self.goal, self.note]
        ratio = ""
        is_counted = self.cost.cpu_seconds > 0
        if self.reference is not None:
            ratio = f"{_short(self.cost.wall_seconds / max(self.reference.wall_seconds, 1e-9))}×"
            if is_counted:
                ratio += f" / {_short(self.cost.cpu_seconds / max(self.reference.cpu_seconds, 1e-9))}×"
        return [
            self.name,
            f"{self.cost.wall_seconds:.3f}",
            f"{self.cost.cpu_seconds:.2f}" if is_counted else "",
            ratio,
            self.goal,
            self.note,
        ]


HEAD = ["what", "wall s", "processor s", "ratio (wall / processor)", "goal", "note"]


def markdown(title: str, rows: Sequence[Row]) -> str:
    """Return a section with its table."""
    lines = [f"### {title}", "", "| " + " | ".join(HEAD) + " |", "|---|---:|---:|---:|---|---|"]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _short(number: float) -> str:
    return f"{number:.2f}" if number >= 0.01 else f"1/{1 / number:,.0f}" if number else "0"
