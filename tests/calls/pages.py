"""What the tests of calls' pages and API share: a call file, and the way to its end without Celery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from calls import services
from calls.calc.canonical import FIELDS
from calls.models import Batch, BatchState
from core.scope import Scope, activate
from tests.world import NOW, World

DAY = "2026-06-12"


def call_row(number: int, **fields: Any) -> dict[str, Any]:
    """Return a good answered call in canonical columns, five minutes after the one before."""
    hour, minute = divmod(number * 5, 60)
    offered = f"{DAY}T{8 + hour:02}:{minute:02}:00+08:00"
    row: dict[str, Any] = {
        "external_id": f"call-{number}",
        "queue": "ORDERS",
        "customer": f"+86138001{number:05}",
        "offered_at": offered,
        "wait_seconds": 12,
        "talk_seconds": 200,
        "wrap_seconds": 20,
        "outcome": "answered",
    }
    return row | fields


def csv_of(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return rows as a canonical file."""
    lines = [",".join(FIELDS)]
    lines += [",".join(str(row.get(name, "")) for name in FIELDS) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def upload(client: Client, content: bytes, *, name: str = "june.csv", **data: str) -> Any:
    """Send a file as the page does."""
    return client.post("/calls/imports/new/", {"file": SimpleUploadedFile(name, content)} | data)


def work(scope: Scope) -> None:
    """Do what the worker's ticks do, until nothing waits."""
    while services.batch_load_next(scope=scope.now()) or services.batch_check(scope=scope.now()):
        pass


def batch_row(world: World, number: int, *, state: str = BatchState.LOADED, vendor: str = "ANDES") -> Batch:
    """Store an import that nobody works on."""
    with activate(world.system):
        batch: Batch = Batch.objects.create(
            vendor=world.vendors[vendor].vendor,
            number=number,
            source="page",
            state=state,
            file_name=f"file-{number}.csv",
            size_bytes=1,
            sha256=number.to_bytes(32, "big"),
            received_at=NOW,
            received_by="somebody",
        )
    return batch


def loaded(world: World, rows: Sequence[dict[str, Any]], *, vendor: str = "ANDES", name: str = "calls.csv") -> Batch:
    """Load rows as a file of a vendor."""
    scope = world.system.now()
    batch = services.batch_receive(
        scope=scope,
        vendor_id=world.vendors[vendor].vendor.pk,
        source="command",
        file_name=name,
        chunks=[csv_of(rows)],
        confirmed=True,
    )
    work(scope)
    with activate(scope):
        batch.refresh_from_db()
    return batch
