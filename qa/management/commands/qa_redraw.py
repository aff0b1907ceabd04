"""``manage.py qa_redraw DRAW [--csv FILE]``: draw again what was drawn, and compare it with what is evaluated."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.selectors import system_scope
from core.errors import NotFound
from core.scope import activate
from qa import selectors


class Command(BaseCommand):
    """Repeats a lot from its list, quotas and seed alone."""

    help = "Draw a sample again from list, quotas and seed; exits 1 if the evaluations are others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draw", type=UUID, metavar="DRAW", help="id of the draw, as its page has it")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write the sample: id, person, stratum, ticket")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = system_scope(reason="manage.py qa_redraw")
        with activate(scope):
            try:
                row = selectors.draw_get(scope=scope, uuid=options["draw"])
            except NotFound as error:
                raise CommandError(f"There is no draw {options['draw']}.") from error
            check = selectors.draw_check(scope=scope, draw_row=row)
        self.stdout.write(f"{row.plan}, {row.day}: seed {row.seed}")
        self.stdout.write(f"seed as the draw before had fixed it: {'yes' if check.is_seed_fixed else 'NO'}")
        self.stdout.write(
            f"list of {row.population_count} as its digest says: {'yes' if check.is_list_whole else 'NO'}"
        )
        self.stdout.write(f"drawn again: {len(check.drawn)} of {row.sampled_count}")
        for what, ids in (("drawn, but not evaluated", check.missing), ("evaluated, but not drawn", check.beyond)):
            for one in ids:
                self.stdout.write(f"{what}: {one}")
        if path := options["csv"]:
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["id", "person", "stratum", "ticket"])
                writer.writerows((one.item.id, one.item.person, one.item.stratum, one.ticket) for one in check.drawn)
        if not check.is_right:
            raise SystemExit(1)
