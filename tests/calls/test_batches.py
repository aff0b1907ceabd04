"""Files on their way: how often a failing one is tried, and what of it lies on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from calls import services
from calls.models import Batch, BatchState
from calls.services import batches, storage
from core.checks import uploads_closed
from core.scope import activate
from tests.calls.pages import batch_row, call_row, csv_of, upload, work
from tests.world import World

Clients = Callable[[str], Client]
ROWS = [call_row(1), call_row(2), call_row(3, queue="NOWHERE")]
NUMBERS = [row["customer"].removeprefix("+").encode() for row in ROWS]


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    root = tmp_path / "deep" / "uploads"
    settings.UPLOAD_ROOT = root
    return root


def lying(root: Path) -> list[Path]:
    return [root, *root.rglob("*")]


def open_to_others(root: Path) -> list[str]:
    return [f"{path}: {path.stat().st_mode:o}" for path in lying(root) if path.stat().st_mode & 0o077]


def told(root: Path) -> list[str]:
    """Return the files in which a number stands in clear."""
    return [str(p) for p in lying(root) if p.is_file() and any(number in p.read_bytes() for number in NUMBERS)]


@pytest.mark.parametrize("name", ["june.csv", "june.txt"])
def test_no_file_on_the_disk_is_open_or_clear(world: World, client_of: Clients, uploads: Path, name: str) -> None:
    former = os.umask(0)
    try:
        client = client_of("andes_vendor_supervisor")
        page = upload(client, csv_of(ROWS), name=name)["Location"]
        assert len(lying(uploads)) > 3
        assert (open_to_others(uploads), told(uploads)) == ([], [])
        work(world.system)
        assert any(path.name.startswith("part-") for path in lying(uploads))
        assert (open_to_others(uploads), told(uploads)) == ([], [])
        assert "call-1" in client.get(page).content.decode()
        client.post(f"{page}confirm/")
        work(world.system)
        assert {path.name for path in lying(uploads) if path.is_file()} == {"rejected.jsonl", "original.csv"}
        assert (open_to_others(uploads), told(uploads)) == ([], [])
    finally:
        os.umask(former)
    with activate(world.system):
        batch = Batch.objects.visible_to(world.system).get()
    assert not storage.parts_folder(batch).exists()
    original = storage.original_path(batch)
    assert original is not None
    clear = b"".join(storage.opened(original, vendor_id=batch.vendor_id))
    assert clear == csv_of(ROWS)


@pytest.mark.parametrize("action", ["cancel", "refuse"])
def test_of_a_dropped_file_only_the_original_stays(
    world: World, client_of: Clients, uploads: Path, action: str
) -> None:
    client = client_of("andes_vendor_supervisor")
    content = csv_of(ROWS) if action == "cancel" else csv_of(ROWS).replace(b"external_id", b"other_id")
    page = upload(client, content)["Location"]
    work(world.system)
    if action == "cancel":
        client.post(f"{page}cancel/")
    assert {path.name for path in lying(uploads) if path.is_file()} - {"rejected.jsonl"} == {"original.csv"}


def test_a_file_opens_only_whole_unchanged_and_for_its_vendor(settings: Settings, tmp_path: Path) -> None:
    settings.FIELD_KEYS = ["old"]
    frame = storage._FRAME_BYTES
    for size in (0, 1, frame - 1, frame, frame + 1, 3 * frame, 3 * frame + 5):
        clear = os.urandom(size)
        path = tmp_path / str(size)
        settings.FIELD_KEYS = ["old"]
        path.write_bytes(
            b"".join(storage.sealed([clear[at : at + 70_000] for at in range(0, size, 70_000)], vendor_id=3))
        )
        settings.FIELD_KEYS = ["new", "old"]
        assert b"".join(storage.opened(path, vendor_id=3)) == clear
        stored = path.read_bytes()
        start = len(storage._MARK) + storage._SALT_BYTES
        cuts = [stored[:-1], stored[:start], stored[: start + frame + 16], stored[:-20] + b"x" * 20]
        for changed in cuts:
            path.write_bytes(changed)
            if changed != stored:
                with pytest.raises(ValueError, match="no key"):
                    list(storage.opened(path, vendor_id=3))
        path.write_bytes(stored)
        with pytest.raises(ValueError, match="no key"):
            list(storage.opened(path, vendor_id=4))
        settings.FIELD_KEYS = ["new"]
        with pytest.raises(ValueError, match="no key"):
            list(storage.opened(path, vendor_id=3))


def test_a_file_from_before_files_were_sealed_is_read_as_it_lies(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_supervisor")
    upload(client, csv_of(ROWS))
    with activate(world.system):
        batch = Batch.objects.visible_to(world.system).get()
    original = storage.original_path(batch)
    assert original is not None
    original.write_bytes(csv_of(ROWS))
    work(world.system)
    with activate(world.system):
        batch.refresh_from_db()
    assert (batch.state, batch.rows_read, batch.rows_rejected) == (BatchState.CHECKED, 3, 1)


def test_an_open_upload_folder_is_told_of(uploads: Path) -> None:
    assert uploads_closed(None) == []
    uploads.mkdir(parents=True)
    uploads.chmod(0o755)
    assert [warning.id for warning in uploads_closed(None)] == ["core.W001"]
    uploads.chmod(0o700)
    assert uploads_closed(None) == []


@pytest.mark.parametrize("state", [BatchState.RECEIVED, BatchState.CONFIRMED])
@pytest.mark.parametrize("most", [1, batches.MAX_ATTEMPTS, 7])
def test_a_failing_file_is_tried_as_often_as_the_constant_says(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int, state: BatchState
) -> None:
    monkeypatch.setattr(batches, "MAX_ATTEMPTS", most)
    batch = batch_row(world, 1, state=state)
    with activate(world.system):
        Batch.objects.visible_to(world.system).update(attempts=most - 1)
    assert services.batches_quarantine(scope=world.system) == 0
    with activate(world.system):
        Batch.objects.visible_to(world.system).update(attempts=most)
    assert services.batch_check(scope=world.system) is None
    assert services.batch_load_next(scope=world.system) is None
    assert services.batches_quarantine(scope=world.system) == 1
    with activate(world.system):
        batch.refresh_from_db()
    assert batch.state == BatchState.QUARANTINED
