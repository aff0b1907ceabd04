"""A vendor's own view holds nothing up for ever, and nobody's time to dispute runs while it may not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import Conflict, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.models import Evaluation
from qa.services import Sheet
from tests.qa.house import ALL_YES, DAY, READY, House, house_make, own_view
from tests.world import World

LOST = {"tone": "p4"}
WEEK = timedelta(days=7)


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(60)
    found.drawn(found.plan(side="both"))
    return found


def stored(house: House, row: Evaluation) -> Evaluation:
    """Return an evaluation as it is now."""
    with activate(house.world.system):
        found: Evaluation = Evaluation.objects.visible_to(house.world.system).get(pk=row.pk)
    return found


def closed(house: House, at: datetime) -> None:
    """Let the tick run at a moment."""
    while services.evaluations_close(scope=replace(house.world.system, at=at)):
        pass


def test_the_time_to_dispute_begins_when_the_vendor_may_know(house: House) -> None:
    done = house.released("client_qa", LOST)
    later = READY + timedelta(days=6)
    lead = house.scope("andes_vendor_qa", later)
    with activate(lead):
        with pytest.raises(NotFound):
            selectors.evaluation_get(scope=lead, uuid=done.uuid)
        own = selectors.queue_list(scope=lead).get(reference=done.reference)
        services.evaluation_take(scope=lead, uuid=own.uuid)
        services.evaluation_submit(scope=lead, uuid=own.uuid, sheet=Sheet(ALL_YES))
    assert stored(house, done).dispute_until == later + WEEK
    closed(house, READY + timedelta(days=10))
    assert stored(house, done).state == "released"
    late = house.scope("andes_vendor_supervisor", later + timedelta(days=5))
    with activate(late):
        services.evaluation_dispute(scope=late, uuid=done.uuid, lines={"tone": "Too strict"})


def test_a_view_that_never_comes_lapses_and_the_vendor_hears_then(house: House) -> None:
    done = house.released("client_qa", LOST)
    closed(house, READY + WEEK)
    assert stored(house, done).state == "released"
    lapsed = READY + WEEK + timedelta(minutes=1)
    closed(house, lapsed)
    with activate(house.world.system):
        own = Evaluation.objects.visible_to(house.world.system).get(reference=done.reference, side="vendor")
    assert own.state == "dropped"
    assert (stored(house, done).state, stored(house, done).dispute_until) == ("released", lapsed + WEEK)
    lead = house.scope("andes_vendor_supervisor", lapsed)
    with activate(lead):
        assert selectors.evaluation_get(scope=lead, uuid=done.uuid).state == "released"
    with activate(house.world.system):
        figures = selectors.day_figures(scope=house.world.system, keys=[(done.contract_id, DAY)])
    assert (done.contract_id, DAY, "client") in figures
    closed(house, lapsed + WEEK + timedelta(minutes=1))
    assert stored(house, done).state == "final"


def test_nobody_drops_what_another_has_in_hands(house: House) -> None:
    first, second = house.scope("client_qa"), house.scope("programme_manager")
    with activate(first):
        taken = services.evaluation_take(scope=first)
    assert taken is not None
    with activate(second), pytest.raises(Conflict, match="client_qa has this"):
        services.evaluation_drop(scope=second, uuid=taken.uuid, text="No sound")
    late = replace(second, at=READY + timedelta(minutes=31))
    with activate(late):
        assert services.evaluation_drop(scope=late, uuid=taken.uuid, text="No sound").state == "dropped"


def test_a_dispute_costs_nothing(house: House) -> None:
    done = house.released("client_qa", LOST)
    own_view(house, done.reference)
    lead, second = house.scope("andes_vendor_supervisor"), house.scope("programme_manager")
    with activate(lead):
        services.evaluation_dispute(scope=lead, uuid=done.uuid, lines={"tone": "Too strict"})
    with activate(second):
        with pytest.raises(Invalid) as refused:
            services.evaluation_decide(scope=second, uuid=done.uuid, text="Listened again", answers={"tone": "p1"})
        assert "worth as much or more" in refused.value.fields["tone"][0]
    assert stored(house, done).state == "disputed"
    with activate(second):
        decided = services.evaluation_decide(scope=second, uuid=done.uuid, text="Right", answers={"tone": "p5"})
    assert decided.state == "final"
    assert decided.earned == Decimal(100)
