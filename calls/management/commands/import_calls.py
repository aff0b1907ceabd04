"""``manage.py import_calls FILE --vendor CODE [--profile NAME]``: the same way in as page and API."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.selectors import system_scope
from calls import selectors, services
from calls.models import Batch, BatchState
from calls.wording import note_text, problem_words, rule_remedy, rule_text
from core.errors import HouseError, NotFound
from core.scope import Scope, activate
from vendors import selectors as vendors

# CHECKED: the encoding was guessed, so somebody has to look first.
DONE = {BatchState.CHECKED, BatchState.LOADED, BatchState.REFUSED, BatchState.CANCELED, BatchState.QUARANTINED}
STEP_SECONDS = 0.5
ERRORS_TOLD = 10


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
            where = reverse("calls:import_detail", args=[error.details["batch"]]) if "batch" in error.details else ""
            raise CommandError(f"{error.message} Its page: {where}" if where else error.message) from error
        batch = batch_finish(scope=scope, batch=batch)
        self._report(scope, batch)

    def _receive(self, scope: Scope, options: dict[str, Any]) -> Batch:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with activate(scope):
            try:
                vendor = vendors.vendor_by_code(scope=scope, code=options["vendor"])
            except NotFound as error:
                known = ", ".join(sorted(row.code for row in vendors.vendor_list(scope=scope))) or "none"
                raise CommandError(f"There is no vendor {options['vendor']}; known ones: {known}.") from error
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
        self._errors_tell(scope, batch)
        name = f"Import #{batch.number} of {batch.file_name}"
        if batch.state == BatchState.CHECKED:
            raise CommandError(
                f"{name} waits: its encoding was guessed as {batch.problem_details['encoding']}; look at the texts "
                f"and confirm it on its page, {_page(batch)}, or cancel it there, set the encoding in an import "
                "profile and import the file again with --profile."
            )
        if batch.state == BatchState.CANCELED:
            raise CommandError(f"{name} was canceled; nothing was loaded.")
        if batch.state != BatchState.LOADED:
            details = {"read": batch.rows_read} | batch.problem_details
            raise CommandError(f"{name} was not loaded. {' '.join(problem_words(code=batch.problem, details=details))}")
        counts = services.account_of(batch)
        account = f"{name}: {', '.join(f'{count} {word}' for word, count in counts.items())}."
        if counts["rejected"] and counts["rejected"] == counts["read"]:
            raise CommandError(f"{account} Nothing was loaded.")
        self.stdout.write(account)
        if same := batch.problem_details.get("same_revision"):
            self.stderr.write(note_text(code="revision_same", details={"count": same}))

    def _errors_tell(self, scope: Scope, batch: Batch) -> None:
        with activate(scope):
            errors = selectors.row_errors(scope=scope, batch=batch)
            more, first = errors.count() - ERRORS_TOLD, list(errors[:ERRORS_TOLD])
        for error in first:
            words = rule_text(rule=error.rule, column=error.column, value=error.value)
            self.stderr.write(f"line {error.line}, {error.column}: {words} {rule_remedy(rule=error.rule)}")
        if more > 0:
            self.stderr.write(f"and {more} more; the import's page, {_page(batch)}, has the file of all")


def _page(batch: Batch) -> str:
    return reverse("calls:import_detail", args=[batch.uuid])


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
