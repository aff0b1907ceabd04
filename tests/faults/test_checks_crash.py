"""A worker that dies between slices of transcripts leaves whole slices; nothing is judged twice or queued twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from core.scope import activate
from qa import selectors, services
from qa.calc.transcript_rows import row_sent
from qa.models import Check, Evaluation, StagedTranscript, Transcript
from qa.tasks import transcripts_work
from tests.faults.test_crash_points import RECOVERY_SECONDS, Worker, worker
from tests.qa.house import DAY, House, house_make
from tests.qa.test_checks import FINE, RISKY, draft_make, published
from tests.world import World

__all__ = ["worker"]
# More than two slices, the last one not whole.
CALLS, RISKY_EACH = 450, 10


def _ticked(house: House, is_done: Callable[[], bool]) -> None:
    """Send ticks as beat would until something is done."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        transcripts_work.apply_async(expires=5)
        time.sleep(0.5)
        with activate(house.world.system):
            if is_done():
                return
    raise AssertionError("still at work")


@pytest.mark.faults
def test_a_worker_killed_between_slices_judges_each_transcript_once(committed_world: World, worker: Worker) -> None:
    house = house_make(committed_world)
    house.calls(CALLS)
    first = published(house, draft_make(house))
    system, person = house.world.system, house.scope("andes_vendor_qa")
    texts = [RISKY if n % RISKY_EACH == 1 else FINE for n in range(CALLS)]
    rows = [row_sent(f"rows.{n}", {"call": f"C{n:05}", "text": text}) for n, text in enumerate(texts)]

    def count(model: type) -> int:
        found: int = model.objects.visible_to(system).count()  # type: ignore[attr-defined]
        return found

    def is_judged() -> bool:
        waiting = Transcript.objects.visible_to(system).filter(is_waiting=True).exists()
        return not waiting and not count(StagedTranscript) and count(Check) == CALLS

    worker.order.write_text("after_transcripts_read")
    with activate(person):
        contract = house.world.vendors["ANDES"].contract
        account = services.transcripts_receive(scope=person, contract=contract, source="api", rows=rows)
    _ticked(house, lambda: not worker.order.exists())
    worker.order.write_text("after_transcripts_judged")
    _ticked(house, lambda: not worker.order.exists() and is_judged())
    with activate(system):
        done = selectors.transcript_import_get(scope=system, uuid=account.uuid)
        assert (done.rows_read, done.rows_new, done.rows_rejected) == (CALLS, CALLS, 0)
        assert count(Transcript) == CALLS
        assert Evaluation.objects.visible_to(system).filter(origin="risk").count() == CALLS // RISKY_EACH

    client = house.scope("client_qa")
    with activate(client):
        run = services.rule_set_run(scope=client, uuid=first.uuid, first=DAY, last=DAY)
    worker.order.write_text("after_run_slice")

    def is_run() -> bool:
        found = selectors.run_list(scope=system, rule_set=first).get(pk=run.pk)
        return found.finished_at is not None and found.done_count == CALLS

    _ticked(house, lambda: not worker.order.exists() and is_run())
    with activate(system):
        assert count(Check) == CALLS
        assert Evaluation.objects.visible_to(system).filter(origin="risk").count() == CALLS // RISKY_EACH
