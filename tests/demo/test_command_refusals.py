"""When ``manage.py demo`` makes nothing."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.selectors import organization_ids
from tests.world import World


def run(**options: Any) -> str:
    """Run the command and return what it said."""
    said = io.StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


def test_the_demo_leaves_other_peoples_data_alone(committed_world: World) -> None:
    before = organization_ids()
    said = run(if_empty=True)
    assert "no demo" in said
    assert "log-ins" not in said
    with pytest.raises(CommandError, match="already"):
        run()
    assert organization_ids() == before


def test_a_deployment_has_to_want_the_public_passwords(real_commits: None, settings: Any) -> None:
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="DEMO_ALLOWED"):
        run()
    assert organization_ids() == ()


@pytest.mark.parametrize(
    "options",
    [{"months": 0}, {"months": 11}, {"calls": 10}, {"until": datetime(2999, 1, 1, tzinfo=UTC)}],
)
def test_impossible_wishes_are_refused_before_anything_is_made(real_commits: None, options: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        run(**options)
    assert organization_ids() == ()
