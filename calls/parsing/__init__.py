"""From a call file, or rows of a request, to typed rows and row errors.

Nothing here loads the data frame library before it is needed: the child process has to limit itself first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from calls.calc.lookups import Lookups
from calls.calc.profile import CANONICAL, Profile
from calls.parsing.limits import Limits
from calls.parsing.results import FileCheck
from calls.parsing.runner import file_check
from calls.parsing.template import profile_example, profile_names, template_csv

if TYPE_CHECKING:
    from calls.calc.validate import Checked

__all__ = [
    "FileCheck",
    "Limits",
    "file_check",
    "json_rows_check",
    "profile_example",
    "profile_names",
    "template_csv",
]


def json_rows_check(
    rows: Sequence[object], *, lookups: Lookups, now: datetime, profile: Profile = CANONICAL
) -> Checked:
    """Check parsed JSON rows; see calls.parsing.json_rows."""
    from calls.parsing.json_rows import json_rows_check as check  # noqa: PLC0415

    return check(rows, lookups=lookups, now=now, profile=profile)
