"""``manage.py kpi_rebuild --from DAY --to DAY``: recompute from raw calls; must change nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.selectors import system_scope
from calls.services import rebooking_next, rebooking_work
from sla import services


class Command(BaseCommand):
    """Recomputes every contract-day of a stretch and tells which ones came out different."""

    help = "Recompute the KPIs of some days from raw calls; prints the days that changed and exits 1 if any did."

    def add_arguments(self, parser: ArgumentParser) -> None:
        day: Any = {"type": date.fromisoformat, "required": True, "metavar": "YYYY-MM-DD"}
        parser.add_argument("--from", dest="first", help="first local day of each contract", **day)
        parser.add_argument("--to", dest="last", help="last local day, included", **day)

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["first"], options["last"]
        if last < first:
            raise CommandError("--to lies before --from.")
        scope = system_scope(reason="manage.py kpi_rebuild")
        # What waits to be booked anew, or for its first computation, is no difference.
        while (vendor_id := rebooking_next(scope=scope)) is not None:
            rebooking_work(scope=scope.now(), vendor_id=vendor_id)
        while services.marks_drain(scope=scope.now()):
            pass
        keys = services.days_known(scope=scope, first=first, last=last)
        changed = []
        for at in range(0, len(keys), services.SLICE_KEYS // 4):
            changed += services.days_rebuild(scope=scope.now(), keys=keys[at : at + services.SLICE_KEYS // 4])
        for key in changed:
            self.stdout.write(f"contract {key.contract_id}, {key.day}: changed")
        self.stdout.write(f"{len(keys)} contract-days recomputed from raw calls, {len(changed)} changed.")
        if changed:
            raise SystemExit(1)
