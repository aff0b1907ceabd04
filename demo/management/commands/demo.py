"""``manage.py demo``: a believable enterprise with three vendors and months of calls, made like anybody's.

May be stopped at any moment and started again: it goes on with the plan that it kept in the database.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.selectors import organization_ids, system_scope
from calls.management.commands.import_calls import batch_finish
from calls.models import Batch, BatchState
from core.errors import HouseError
from core.scope import Scope, activate
from demo import selectors, services
from demo.people import LOGINS
from demo.plan import CALLS_MIN, MONTHS_MAX, Plan
from demo.selectors import Progress
from sla import selectors as sla_selectors
from sla import services as sla
from tickets import services as tickets

DRAIN_SECONDS = 0.3


class Command(BaseCommand):
    """Founds the enterprise, hands its files in, loads them and computes what no worker computes."""

    help = "Fill an empty database with a demo enterprise, or go on with one that was cut short."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calls", type=int, default=300_000, help="about so many calls (default 300000)")
        parser.add_argument(
            "--months", type=int, default=6, help=f"calendar months of calls, up to {MONTHS_MAX} (default 6)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed, another history")
        parser.add_argument(
            "--until", type=datetime.fromisoformat, metavar="ISO", help="moment of the newest calls (default now)"
        )
        parser.add_argument("--if-empty", action="store_true", help="leave a database alone that has other data")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("The demo's passwords are public; these settings do not allow it (DEMO_ALLOWED).")
        began = time.monotonic()
        try:
            progress = self._begun(options)
            if progress is None:
                self.stdout.write("There is data already; no demo.")
                return
            self._log_ins()
            if not progress.is_loaded:
                self._load(progress.plan)
            self._compute()
            services.matters_create(scope=_platform(), plan=progress.plan)
            services.quality_create(scope=_platform(), plan=progress.plan)
            self._count()
        except HouseError as error:
            raise CommandError(error.message) from error
        self._report(seconds=time.monotonic() - began)

    def _begun(self, options: dict[str, Any]) -> Progress | None:
        """Return the demo that is there, founded now if nothing is; None if the database is somebody else's."""
        scope = _platform()
        with activate(scope):
            progress = selectors.progress(scope=scope)
        if progress is not None:
            return progress
        if organization_ids() and options["if_empty"]:
            return None
        plan = _plan(options)
        services.enterprise_create(scope=scope, plan=plan)
        scope = _platform()
        # Before the first call, or every day would be computed a second time for its version.
        sla.versions_apply(scope=scope)
        self.stdout.write("The enterprise, its vendors, people and contracts are there.")
        return Progress(plan=plan, files_done=0, files_total=plan.files_total)

    def _log_ins(self) -> None:
        for password, group in groupby(LOGINS, key=lambda each: each.password):
            self.stdout.write(f"These log-ins work now, password {password}")
            for each in group:
                self.stdout.write(f"  {each.username:<20} {each.role.replace('_', ' ')}")

    def _load(self, plan: Plan) -> None:
        """Hand all files in, so that a worker can begin, and see each of them to its end in turn."""
        batches = [services.file_receive(scope=_platform(), file=file) for file in plan.files()]
        for files_done, batch in enumerate(batches, start=1):
            # What an earlier run loaded is neither told nor counted again.
            if batch is not None and batch.state != BatchState.LOADED:
                self._finish(batch, files_done, plan)
                services.progress_record(scope=_platform(), plan=plan, files_done=files_done)
        services.progress_record(scope=_platform(), plan=plan, files_done=plan.files_total)

    def _finish(self, batch: Batch, files_done: int, plan: Plan) -> None:
        batch = batch_finish(scope=_platform(), batch=batch)
        if batch.state != BatchState.LOADED:
            raise CommandError(f"{batch} ended as {batch.state}: {batch.problem} {batch.problem_details}")
        good = f"{batch.rows_read - batch.rows_rejected:,} of {batch.rows_read:,} rows"
        self.stdout.write(f"{files_done} of {plan.files_total} files: {batch.file_name}, {good}")

    def _compute(self) -> None:
        """Compute the days that wait, beside a worker that does so, until none is left."""
        while True:
            scope = _platform()
            if sla.marks_drain(scope=scope):
                continue
            with activate(scope):
                if sla_selectors.oldest_mark_age(scope=scope) is None:
                    return
            time.sleep(DRAIN_SECONDS)

    def _count(self) -> None:
        """Do what the ticks of tickets do, beside a worker that does so."""
        for tick in (tickets.alerts_sweep, tickets.feedback_sweep, tickets.ticket_days_count):
            while tick(scope=_platform()):
                pass
        tickets.voice_look(scope=_platform())

    def _report(self, *, seconds: float) -> None:
        self.stdout.write(f"The demo is complete ({seconds:.0f} s).")
        self.stdout.write(
            f"For the API, sign in and make a token at {reverse('accounts:token_create')}; it is shown once."
        )


def _platform() -> Scope:
    return system_scope(reason="manage.py demo")


def _plan(options: dict[str, Any]) -> Plan:
    now = datetime.now(UTC)
    until: datetime = options["until"] or now
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    if until > now:
        raise CommandError("--until lies in the future; nobody has calls from there.")
    if not 1 <= options["months"] <= MONTHS_MAX:
        raise CommandError(f"--months must be 1 to {MONTHS_MAX}: before that no contract was signed.")
    if options["calls"] < CALLS_MIN:
        raise CommandError(f"--calls must be {CALLS_MIN} or more.")
    # Whole seconds, as calls have.
    return Plan(options["seed"], options["calls"], options["months"], until.replace(microsecond=0))
