"""``manage.py import_calls FILE --vendor CODE [--profile NAME]``: the same way in as page and API."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.selectors import system_scope
from calls import selectors, services
from calls.models import Batch, BatchState
from core.errors import HouseError
from core.scope import Scope, activate
from vendors import selectors as vendors

# CHECKED: the encoding was guessed, so somebody has to look first.
DONE = {BatchState.CHECKED, BatchState.LOADED, BatchState.REFUSED, BatchState.CANCELED, BatchState.QUARANTINED}
STEP_SECONDS = 0.5


class Command(BaseCommand):
    """Receives, checks and loads one file, and prints the account of its rows."""

    help = "Import a call file for one vendor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--vendor", required=True, help="code of the vendor whose calls these are")
        parser.add_argument("--profile", help="name of a stored import profile; canonical columns without it")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = system_scope(reason="manage.py import_calls")
        try:
            batch = self._receive(scope, options)
        except HouseError as error:
            raise CommandError(error.message) from error
        batch = batch_finish(scope=scope, batch=batch)
        self._report(scope, batch)

    def _receive(self, scope: Scope, options: dict[str, Any]) -> Batch:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with activate(scope):
            vendor = vendors.vendor_by_code(scope=scope, code=options["vendor"])
            profile = None
            if options["profile"]:
                profile = selectors.profile_by_name(
                    scope=scope, vendor_id=vendor.organization_id, name=options["profile"]
                )
        with path.open("rb") as file:
            return services.batch_receive(
                scope=scope,
                vendor_id=vendor.organization_id,
                source="command",
                file_name=path.name,
                chunks=iter(lambda: file.read(1 << 20), b""),
                profile=profile,
                confirmed=True,
                max_bytes=path.stat().st_size + 1,
            )

    def _report(self, scope: Scope, batch: Batch) -> None:
        with activate(scope):
            errors = list(selectors.row_errors(scope=scope, batch=batch)[:10])
        for error in errors:
            self.stderr.write(f"line {error.line}, {error.column}: {error.rule} ({error.value})")
        if batch.state != BatchState.LOADED:
            raise CommandError(
                f"Import #{batch.number} ended as {batch.state}: {batch.problem} {batch.problem_details}"
            )
        account = ", ".join(f"{count} {name}" for name, count in services.account_of(batch).items())
        self.stdout.write(f"Import #{batch.number} of {batch.file_name}: {account}.")


def batch_finish(*, scope: Scope, batch: Batch) -> Batch:
    """Take a confirmed file to its end, sharing the work with a running worker."""
    while batch.state not in DONE:
        moving = scope.now()
        worked = services.batch_check(scope=moving, batch_id=batch.pk) or services.batch_load_next(
            scope=moving, batch_id=batch.pk
        )
        if worked is None:
            # A worker holds it, or its attempts are used up and it waits to be set aside.
            services.batches_quarantine(scope=moving)
            time.sleep(STEP_SECONDS)
        with activate(moving):
            batch = Batch.objects.visible_to(moving).select_related("profile").get(pk=batch.pk)
    return batch
