"""``manage.py import_original NUMBER --vendor CODE --to FILE``: a received file as it came, out of its seal."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.selectors import system_scope
from calls import selectors, services
from core.errors import NotFound
from core.scope import activate
from core.uploads import private_open
from vendors import selectors as vendors


class Command(BaseCommand):
    """Writes the bytes of an import's file, numbers in clear, to a new file that only this user may read."""

    help = "Take a received call file out of its seal, as evidence. Who runs this stands in the audit book."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="number of the import")
        parser.add_argument("--vendor", required=True, help="code of the vendor whose import it is")
        parser.add_argument("--to", type=Path, required=True, help="file to write; must not exist")

    def handle(self, *args: Any, **options: Any) -> None:
        scope, target = system_scope(reason="manage.py import_original"), options["to"]
        try:
            with activate(scope):
                vendor = vendors.vendor_by_code(scope=scope, code=options["vendor"])
                found = selectors.batch_list(scope=scope).filter(vendor=vendor, number=options["number"])
                batch = found.first()
                if batch is None:
                    raise NotFound
                # A file that cannot be opened leaves no entry that says it was.
                with private_open(target) as file:
                    file.writelines(services.original_open(scope=scope, batch=batch))
        except NotFound as error:
            raise CommandError(f"{options['vendor']} has no import no. {options['number']} with a file.") from error
        except FileExistsError as error:
            raise CommandError(f"{target} is there already.") from error
        except ValueError as error:
            target.unlink(missing_ok=True)
            raise CommandError(f"{error}; is the FIELD_KEYS of that time among today's?") from error
        self.stdout.write(f"{batch.file_name}, {batch.size_bytes} bytes, SHA-256 {bytes(batch.sha256).hex()}: {target}")
