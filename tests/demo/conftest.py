"""The whole default demo, made once: about two seconds."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from demo.calls import CallFile, call_files
from demo.summary import calls_table

# The clocks of two contracts change inside these months, and the promotion of November falls in.
END = date(2026, 11, 20)


@pytest.fixture(scope="session")
def demo_files() -> list[CallFile]:
    """Files of the default demo."""
    return list(call_files(seed=1, months_end=END))


@pytest.fixture(scope="session")
def demo_calls(demo_files: list[CallFile]) -> pl.DataFrame:
    """The calls that hold in the end, corrections applied."""
    return calls_table(texts=[file.text for file in demo_files])
