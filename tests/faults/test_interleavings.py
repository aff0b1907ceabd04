"""Every interleaving of a writer and recompute workers ends with right figures once nothing waits (D12).

The steps of each actor are held at gates, on connections of their own, in real transactions: stress alone rarely meets
the order that loses an update.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from calls.models import Mark
from core import sql
from core.scope import Scope, activate
from sla.services import days
from tests.oracle import Row, figures
from tests.sla.feed import drain, load, stored_figures
from tests.world import VendorWorld, World

BASE = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WAIT_SECONDS = 20


class Actor:
    """A thread that runs one function and stops at every gate until it is told to go on."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self.error: BaseException | None = None
        self.is_done = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        GATES.actor = self
        self._go.acquire()
        try:
            self._work()
        except BaseException as error:
            self.error = error
        finally:
            connection.close()
            self.is_done = True
            self._stopped.release()

    def gate(self) -> None:
        """Stop here until the next step."""
        self._stopped.release()
        self._go.acquire()

    def step(self) -> None:
        """Let it run to its next gate or its end; an actor that ended already has nothing left to do."""
        if self.is_done:
            return
        self._go.release()
        assert self._stopped.acquire(timeout=WAIT_SECONDS), "an actor waits for another one"
        if self.error:
            raise self.error


GATES = threading.local()


def at_gate(name: str) -> None:
    """Stand in for the crash points: stop the actor that comes by, let everybody else pass."""
    actor = getattr(GATES, "actor", None)
    if actor is not None:
        actor.gate()


@pytest.fixture
def gates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold workers after they deleted the marks and after they wrote the figures, before the commit."""
    monkeypatch.setattr(days, "crash_point", at_gate)
    # One slice takes every day that waits, the one that the writer is changing among them.
    monkeypatch.setattr(days, "SLICE_DAYS", 60)


def writer(scope: Scope, vendor: VendorWorld, rows: list[Row]) -> Callable[[], object]:
    """Store rows; the gate lies between the writing and the commit."""

    def work() -> None:
        with activate(scope):
            load(rows, scope=scope, vendor=vendor)
            at_gate("before_commit")

    return work


def rows_of(number: int, start: datetime) -> list[Row]:
    """Two calls of one half-hour; the second is a repeat of a caller of the first part."""
    return [
        Row(
            external_id=f"{number}-{index}",
            queue="ORDERS",
            offered_at=start + timedelta(seconds=60 * index),
            outcome="answered",
            answered_at=start + timedelta(seconds=60 * index + 10),
            wait=10,
            talk=30,
            customer=f"+1{number}",
            agent="ANDES-A1",
        )
        for index in range(2)
    ]


def schedules(*lengths: int) -> list[tuple[int, ...]]:
    """Return every order of the actors' steps."""
    steps = [actor for actor, length in enumerate(lengths) for _ in range(length)]
    return sorted(set(itertools.permutations(steps)))


def play(world: World, orders: list[tuple[int, ...]], workers: int) -> None:
    vendor, scope = world.vendors["ANDES"], world.system
    stored: list[Row] = []
    for number, order in enumerate(orders):
        start = BASE + timedelta(days=number % 20, minutes=30 * (number // 20))
        # Something waits already, so that a worker has a mark to delete before the writer commits.
        before = rows_of(2 * number, start)
        load(before, scope=scope, vendor=vendor)
        fresh = rows_of(2 * number + 1, start + timedelta(seconds=300))
        stored += [*before, *fresh]
        actors = [Actor(writer(scope, vendor, fresh))]
        actors += [Actor(lambda: days.marks_drain(scope=scope)) for _ in range(workers)]
        for turn in order:
            actors[turn].step()
        for actor in actors:
            while not actor.is_done:
                actor.step()
        drain(scope)
        expected = figures(stored, definition=_definition(vendor, scope), zone="Asia/Shanghai")
        assert stored_figures(scope=scope, vendor=vendor) == expected, f"order {order}"
        with activate(scope):
            assert not Mark.objects.visible_to(scope).exists()


def _definition(vendor: VendorWorld, scope: Scope) -> dict[str, object]:
    with activate(scope):
        first = vendor.version.definitions.first()
        assert first is not None
        return first.definition.as_dict()


@pytest.mark.faults
def test_every_order_of_a_writer_and_a_worker(committed_world: World, gates: None) -> None:
    play(committed_world, schedules(2, 3), workers=1)


@pytest.mark.faults
def test_every_order_of_a_writer_and_two_workers(committed_world: World, gates: None) -> None:
    play(committed_world, schedules(2, 2, 2), workers=2)


@pytest.mark.faults
def test_the_orders_would_find_marks_that_are_deleted_too_late(
    committed_world: World, gates: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: computing first and deleting the marks afterwards loses a writer's row in some order."""

    def compute_first(*, scope: Scope, keys: Iterable[days.DayKey]) -> int:
        claimed = sorted(set(keys))
        arrays = days._arrays(claimed)
        sql.rows("sla/keys_lock", arrays)
        days._compute(scope, claimed)
        at_gate("after_compute")
        sql.execute("sla/marks_take", arrays)
        days._write(scope, claimed, arrays)
        return len(claimed)

    monkeypatch.setattr(days, "days_recompute", compute_first)
    with pytest.raises(AssertionError, match="order"):
        play(committed_world, schedules(2, 2), workers=1)
