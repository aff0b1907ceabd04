"""``manage.py demo`` from an empty database to the last figure, stopped on the way and started again."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import Membership, Organization
from accounts.selectors import scope_of_user, system_scope
from audit.models import Entry
from audit.services import verify
from calls.calc.canonical import Outcome
from calls.models import Batch, Call, CallReason
from contracts.models import Contract, Version
from core.scope import Scope, activate
from demo import selectors
from demo.people import AGENTS, LOGINS
from demo.plan import Plan
from demo.world import CONTRACTS, ENTERPRISE, VENDORS
from qa.models import (
    Calibration,
    CoachingTask,
    Draw,
    Evaluation,
    Idea,
    Improvement,
    LiveCall,
    Script,
    Transcript,
)
from qa.models import Plan as SamplingPlan
from sla.models import ContractDay, QueueDay, Sweep
from sla.selectors import oldest_mark_age
from tests.conftest import empty_database
from tickets import selectors as tickets
from vendors.models import Agent

PLAN = Plan(seed=5, calls=3_000, months=2, until=datetime(2025, 11, 20, 12, tzinfo=UTC))
STOPPED_AFTER = 4
QUALITY = (
    SamplingPlan, Draw, Evaluation, CoachingTask, Calibration, Improvement, Idea, Transcript, Script, LiveCall,
)  # fmt: skip


class Terminal(io.StringIO):
    """A terminal at which somebody presses Ctrl-C when the given words appear."""

    def __init__(self, *, stop_at: str = "") -> None:
        super().__init__()
        self.stop_at = stop_at

    def write(self, text: str) -> int:
        if self.stop_at and text.startswith(self.stop_at):
            raise KeyboardInterrupt
        return super().write(text)


def run(**options: Any) -> str:
    """Run the command and return what it said."""
    terminal = Terminal(stop_at=options.pop("stop_at", ""))
    call_command("demo", stdout=terminal, **options)
    return terminal.getvalue()


def platform() -> Scope:
    return system_scope(reason="test")


def counts(scope: Scope) -> dict[str, int]:
    """What a run that has nothing to do must leave alone."""
    with activate(scope):
        models: tuple[Any, ...] = (Batch, Call, Entry, QueueDay, ContractDay, Agent, Version, *QUALITY)
        return {model.__name__: model.objects.visible_to(scope).count() for model in models}


@dataclass
class Story:
    """What was seen between the runs."""

    stopped: selectors.Progress | None
    resumed: str


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[Story]:
    """A demo that was stopped in the middle and then finished, for good; taken away after the last test here."""
    with django_db_blocker.unblock():
        try:
            wishes = {"calls": PLAN.calls, "months": PLAN.months, "seed": PLAN.seed, "until": PLAN.until}
            with pytest.raises(KeyboardInterrupt):
                run(**wishes, stop_at=f"{STOPPED_AFTER + 1} of")
            scope = platform()
            with activate(scope):
                stopped = selectors.progress(scope=scope)
            # Other wishes do not change a demo that was begun.
            yield Story(stopped=stopped, resumed=run(calls=9_000, seed=6, if_empty=True))
        finally:
            connection.close()
            empty_database()


def test_a_stopped_demo_keeps_its_plan_and_goes_on(story: Story) -> None:
    assert story.stopped == selectors.Progress(plan=PLAN, files_done=STOPPED_AFTER, files_total=9)
    assert "9 of 9 files" in story.resumed
    log_ins, files = (story.resumed.index(words) for words in ("These log-ins work now", "9 of 9 files"))
    assert log_ins < files
    scope = platform()
    with activate(scope):
        found = selectors.progress(scope=scope)
        sweep = Sweep.objects.visible_to(scope).filter(name="demo")[0]
    assert found == selectors.Progress(plan=PLAN, files_done=9, files_total=9)
    assert sweep.findings.keys() >= {"files_done", "files_total"}


def test_every_vendor_with_callers_asks_some_of_them_by_phone(story: Story) -> None:
    scope = platform()
    with activate(scope):
        campaigns = list(tickets.campaign_list(scope=scope))
        found = tickets.outbound_satisfaction(scope=scope)
    assert {campaign.state for campaign in campaigns} == {"live"}
    assert len({campaign.vendor_id for campaign in campaigns}) == len(campaigns) > 1
    assert 0 < found.satisfied <= found.answers < found.asked


def test_every_call_of_every_file_is_in_once(story: Story) -> None:
    files = list(PLAN.files())
    scope = platform()
    with activate(scope):
        batches = list(Batch.objects.visible_to(scope).order_by("received_at"))
        stored = Call.objects.visible_to(scope).count()
    assert [batch.file_name for batch in batches] == [file.name for file in files]
    assert {batch.state for batch in batches} == {"loaded"}
    assert sum(batch.rows_rejected + batch.rows_duplicate + batch.rows_unchanged for batch in batches) == 0
    monthly = [file for file in files if "_calls_" in file.name]
    assert stored == sum(file.text.count("\n") - 1 for file in monthly)
    assert {batch.received_by for batch in batches} == {f"Demo Supervisor {vendor.code}" for vendor in VENDORS}


def test_the_figures_are_computed_and_a_rebuild_changes_none(story: Story) -> None:
    scope = platform()
    with activate(scope):
        assert oldest_mark_age(scope=scope) is None
        calls = sum(ContractDay.objects.visible_to(scope).values_list("calls", flat=True))
        withdrawn = Call.objects.visible_to(scope).filter(outcome=Outcome.WITHDRAWN).count()
        assert withdrawn == 3 * len(VENDORS)
        assert calls == Call.objects.visible_to(scope).count() - withdrawn
    said = io.StringIO()
    call_command("kpi_rebuild", "--from", "2025-09-01", "--to", "2025-11-30", stdout=said)
    assert "0 changed" in said.getvalue()


def test_another_run_changes_nothing(story: Story) -> None:
    before = counts(platform())
    assert all(before.values()), before
    assert "complete" in run()
    assert counts(platform()) == before


def test_plans_draw_by_themselves_once_the_demo_stands(story: Story) -> None:
    scope = platform()
    with activate(scope):
        plans = list(SamplingPlan.objects.visible_to(scope))
        drawn = set(Draw.objects.visible_to(scope).values_list("plan_id", flat=True))
    assert {plan.state for plan in plans} == {"live"}
    assert drawn < {plan.pk for plan in plans}


def test_the_enterprise_is_the_one_that_was_described(story: Story) -> None:
    scope = platform()
    assert Organization.objects.get(side="client").name == ENTERPRISE.name
    with activate(scope):
        versions = Version.objects.visible_to(scope).select_related("contract")
        signed = {(row.contract.code, row.number): row for row in versions}
        contracts = {row.code: row for row in Contract.objects.visible_to(scope)}
        agents = list(Agent.objects.visible_to(scope))
        reasons = dict(CallReason.objects.visible_to(scope).filter(vendor__code="TARN").values_list("code", "name"))
    assert signed.keys() == {(each.code, version.number) for each in CONTRACTS for version in each.versions}
    assert all(row.state == "signed" and row.signed_by_id != row.submitted_by_id for row in signed.values())
    assert signed["SUNF-CARE", 2].effective_from == date(2025, 9, 1)
    assert contracts["SUNF-CARE"].zone == "America/New_York"
    assert len(agents) == len(AGENTS)
    assert sum(agent.left_on is not None and not agent.is_active for agent in agents) == 6
    assert reasons["repair"] == "Repair or spare part"


def test_the_books_hold_and_were_written_in_the_order_of_the_days(story: Story) -> None:
    scope = platform()
    with activate(scope):
        for vendor_id in scope.vendor_ids:
            assert list(verify(scope=scope, vendor_id=vendor_id)) == []
            book = list(Entry.objects.visible_to(scope).filter(vendor_id=vendor_id).order_by("sequence"))
            # Files are booked when they are loaded; what callers brought up is told after that, from its first day.
            loaded = max((n for n, entry in enumerate(book, 1) if entry.action.startswith("batch.")), default=len(book))
            # Quality follows, each of its stories from its own first day.
            told = next((n for n, entry in enumerate(book) if entry.action.startswith("form")), len(book))
            loaded = min(loaded, told)
            for chapter in (book[:loaded], book[loaded:told]):
                assert chapter == sorted(chapter, key=lambda entry: entry.at)
        actors = Counter(Entry.objects.visible_to(scope).values_list("actor", flat=True))
    # Four contracts, twelve coverages, five versions drafted, written and submitted.
    assert actors["Demo Contract Manager"] == 4 + 12 + 3 * 5
    assert actors["Demo Manager JADE"] > 20


def test_everybody_can_sign_in_with_the_printed_password_and_has_the_role(story: Story) -> None:
    for login in LOGINS:
        assert Client().login(username=login.username, password=login.password), login.username
        membership = Membership.objects.select_related("user").get(user__username=login.username)
        scope = scope_of_user(user=membership.user, at=datetime.now(UTC))
        assert scope is not None
        assert scope.role == login.role
        assert (scope.agent_id is not None) == (login.role == "agent")
