"""Two contents under one revision: which counts is a rule, and that there were two is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from calls.calc.profile import CANONICAL
from calls.models import Call
from core.scope import activate
from tests.calls.pages import call_row, csv_of, loaded
from tests.oracle import Row
from tests.sla.feed import load
from tests.world import World

Clients = Callable[[str], Client]
START = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of each test apart."""
    settings.UPLOAD_ROOT = tmp_path / "uploads"


ONE, TWO, THREE = (call_row(1, talk_seconds=seconds) for seconds in (100, 200, 300))


def test_the_same_of_rival_contents_counts_whatever_their_order(world: World) -> None:
    """One after the other in each order, and all in one file: the id is no part of what decides."""
    for number, order in enumerate(permutations([ONE, TWO, THREE])):
        rivals = [row | {"external_id": f"apart-{number}"} for row in order]
        assert [loaded(world, [row]).problem_details["same_revision"] for row in rivals] == [0, 1, 1]
        together = loaded(world, [row | {"external_id": f"together-{number}"} for row in order])
        assert together.problem_details["same_revision"] == 2
    with activate(world.system):
        counting = Call.objects.visible_to(world.system).values_list("talk_seconds", flat=True)
        assert (len(counting), len(set(counting))) == (12, 1)


def test_the_order_in_which_codes_got_their_keys_decides_nothing(world: World) -> None:
    """A rival may bring agents and reasons that nobody knew before."""
    scope, vendor = world.system, world.vendors["ANDES"]
    profile = replace(CANONICAL, unknown_agent="register", unknown_reason="register")

    def winners(order: str) -> dict[str, str]:
        with activate(scope):
            for letter in order:
                rows = [
                    Row(external_id=f"K{n}", queue="ORDERS", offered_at=START, outcome="answered", wait=1, talk=5,
                        agent=f"{letter}{n}", reason=f"{letter}-{n % 7}")
                    for n in range(30)
                ]  # fmt: skip
                load(rows, scope=scope, vendor=vendor, profile=profile)
            found = Call.objects.visible_to(scope).filter(external_id__startswith="K")
            return dict(found.values_list("external_id", "agent__code"))

    seen = []
    for order in ("XY", "YX"):
        with transaction.atomic():
            seen.append(winners(order))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert {code[0] for code in seen[0].values()} == {"X", "Y"}


@pytest.mark.parametrize("numbers", [(1, 1), (1, 2)])
def test_by_receipt_the_later_part_and_the_later_file_win_within_one_second(
    world: World, numbers: tuple[int, int]
) -> None:
    scope, vendor = world.system, world.vendors["ANDES"]
    profile = replace(CANONICAL, revision_from="received")
    for number, talk in zip(numbers, (100, 200), strict=True):
        rows = [
            Row(
                external_id=f"L{n}",
                queue="ORDERS",
                offered_at=START,
                outcome="answered",
                wait=1,
                talk=talk,
                revision=77,
            )
            for n in range(20)
        ]
        load(rows, scope=scope, vendor=vendor, profile=profile, number=number)
    with activate(scope):
        assert set(Call.objects.visible_to(scope).values_list("talk_seconds", flat=True)) == {200}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([ONE], 0),
        ([ONE | {"revision": 2}], 0),
        ([ONE | {"outcome": "withdrawn"}], 0),
        ([TWO], 1),
        ([TWO, ONE | {"revision": 2, "talk_seconds": 7}], 0),
        ([TWO, TWO], 1),
    ],
)
def test_only_a_rival_of_the_same_revision_is_told_of(
    world: World, client_of: Clients, rows: list[dict[str, Any]], told: int
) -> None:
    loaded(world, [ONE])
    batch = loaded(world, [*rows, call_row(2)])
    assert batch.problem_details["same_revision"] == told
    page = client_of("andes_vendor_supervisor").get(f"/calls/imports/{batch.uuid}/").content.decode()
    assert ("send corrections with a higher revision" in page) is bool(told)


def test_program_and_command_are_told_as_well(
    world: World, client_of: Clients, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_of("andes_vendor_manager")
    for number, (row, told) in enumerate(((ONE, 0), (TWO, 1))):
        answer = client.post(
            "/api/v1/calls/batch",
            json.dumps({"rows": [row]}),
            content_type="application/json",
            headers={"Idempotency-Key": f"key-{number}"},
        )
        assert answer.json()["same_revision"] == told
    path = tmp_path / "calls.csv"
    path.write_bytes(csv_of([THREE]))
    call_command("import_calls", str(path), vendor="ANDES")
    assert "send corrections with a higher revision" in capsys.readouterr().err
