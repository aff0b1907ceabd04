"""Files on their way: how often a failing one is tried, and what of it lies on the disk."""

from __future__ import annotations

import pytest

from calls import services
from calls.models import Batch, BatchState
from calls.services import batches
from core.scope import activate
from tests.calls.pages import batch_row
from tests.world import World


@pytest.mark.parametrize("state", [BatchState.RECEIVED, BatchState.CONFIRMED])
@pytest.mark.parametrize("most", [1, batches.MAX_ATTEMPTS, 7])
def test_a_failing_file_is_tried_as_often_as_the_constant_says(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int, state: BatchState
) -> None:
    monkeypatch.setattr(batches, "MAX_ATTEMPTS", most)
    batch = batch_row(world, 1, state=state)
    with activate(world.system):
        Batch.objects.visible_to(world.system).update(attempts=most - 1)
    assert services.batches_quarantine(scope=world.system) == 0
    with activate(world.system):
        Batch.objects.visible_to(world.system).update(attempts=most)
    assert services.batch_check(scope=world.system) is None
    assert services.batch_load_next(scope=world.system) is None
    assert services.batches_quarantine(scope=world.system) == 1
    with activate(world.system):
        batch.refresh_from_db()
    assert batch.state == BatchState.QUARANTINED
