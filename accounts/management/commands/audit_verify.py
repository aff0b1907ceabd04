"""Proves that nobody rewrote the audit books, and prints their heads to be kept elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization
from accounts.selectors import organization_scope
from audit import selectors, services
from core.scope import activate


class Command(BaseCommand):
    """Checks every hash chain; the exit code is 1 when one is broken."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", metavar="CODE", help="only this vendor's book")
        parser.add_argument(
            "--head", action="store_true", help="print each book's newest entry as JSON lines, to be exported"
        )
        parser.add_argument(
            "--against", metavar="FILE", type=Path, help="heads printed earlier; a cut-off tail shows against them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        books = Organization.objects.order_by("pk")
        if options["vendor"]:
            books = books.filter(pk=self._vendor_id(options["vendor"]))
        exported = _exported(options["against"]) if options["against"] else {}
        broken = 0
        for book in books:
            scope = organization_scope(organization_id=book.pk, reason="audit_verify")
            with activate(scope):
                breaks = list(services.verify(scope=scope, vendor_id=book.pk))
                newest = selectors.head(scope=scope, vendor_id=book.pk)
                for sequence, digest in exported.get(book.pk, []):
                    if not selectors.holds(scope=scope, vendor_id=book.pk, sequence=sequence, digest=digest):
                        breaks.append(f"entry {sequence} of the exported head is gone or was changed")
            broken += len(breaks)
            for text in breaks:
                self.stderr.write(f"{book.name}: {text}")
            count = newest.sequence if newest else 0
            if options["head"]:
                if newest:
                    line = {"book": book.pk, "name": book.name, "sequence": count, "hash": bytes(newest.hash).hex()}
                    self.stdout.write(json.dumps(line | {"at": newest.at.isoformat()}, ensure_ascii=False))
            elif not breaks:
                self.stdout.write(f"{book.name}: {count} entries, unbroken")
        if broken:
            raise CommandError(f"{broken} breaks", returncode=1)

    def _vendor_id(self, code: str) -> int:
        """Return the organization whose vendor has this code, through the policies of each organization."""
        for book in Organization.objects.order_by("pk"):
            with activate(organization_scope(organization_id=book.pk, reason="audit_verify")):
                if Organization.objects.filter(pk=book.pk, vendor__code=code).exists():
                    return book.pk
        raise CommandError(f"There is no vendor {code}.")


def _exported(path: Path) -> dict[int, list[tuple[int, bytes]]]:
    heads: dict[int, list[tuple[int, bytes]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        head = json.loads(line)
        heads.setdefault(head["book"], []).append((head["sequence"], bytes.fromhex(head["hash"])))
    return heads
