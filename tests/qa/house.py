"""A vendor whose calls are sampled and evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.scope import Scope, activate
from qa import selectors, services
from qa.models import Draw, Evaluation, Form, Plan
from qa.services import Sheet
from tests.oracle import Row
from tests.sla.feed import load
from tests.world import World

DAY = date(2026, 6, 10)
# Six in the morning after, in Shanghai.
READY = datetime(2026, 6, 10, 22, 1, tzinfo=UTC)
# Everything right.
ALL_YES = {
    "greeting": "yes", "consent": "yes", "promise": "yes", "answer": "yes", "confirm": "yes", "record": "yes",
    "tone": "p5", "listening": "p5", "closing": "yes",
}  # fmt: skip


@dataclass
class House:
    """Handles to what is evaluated at one vendor."""

    world: World
    forms: dict[str, Form]

    def scope(self, name: str, at: datetime = READY) -> Scope:
        """Return somebody's scope."""
        return self.world.scope(name, at=at)

    def calls(self, count: int = 300, *, code: str = "ANDES", day: date = DAY, mark: str = "C") -> None:
        """Load calls of one day, spread over hours, agents and reasons."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
        agents = [agent.code for agent in self.world.vendors[code].agents]
        rows = [
            Row(
                external_id=f"{mark}{n:05}",
                queue=("ORDERS", "SUPPORT")[n % 2],
                offered_at=midnight + timedelta(hours=8, seconds=n * 120),
                answered_at=midnight + timedelta(hours=8, seconds=n * 120 + 5) if n % 10 else None,
                outcome="answered" if n % 10 else "abandoned",
                wait=5,
                talk=(10 if n % 15 == 1 else 120) if n % 10 else None,
                agent=agents[n % 3] if n % 10 else None,
                reason=("BILL", "FAULT", None)[n % 7 % 3],
            )
            for n in range(count)
        ]
        load(rows, scope=self.world.system, vendor=self.world.vendors[code])

    def plan(self, code: str = "ANDES", **values: Any) -> Plan:
        """Begin a plan of the client."""
        client = self.scope("client_qa")
        given: dict[str, Any] = {"name": "Daily", "form_code": "SERVICE", "starts_on": DAY, "rate_percent": 10} | values
        with activate(client):
            return services.plan_create(scope=client, contract=self.world.vendors[code].contract, values=given)

    def drawn(self, plan: Plan, day: date = DAY) -> Draw:
        """Draw a day and hand it out."""
        system = self.world.system
        draw = services.plan_draw(scope=system, uuid=plan.uuid, day=day)
        assert draw is not None
        self.placed()
        with activate(system):
            return selectors.draw_get(scope=system, uuid=draw.uuid)

    def placed(self) -> None:
        """Hand out whatever was drawn."""
        while services.draws_place(scope=self.world.system):
            pass

    def submitted(
        self, name: str, answers: dict[str, str] | None = None, at: datetime = READY, **more: Any
    ) -> Evaluation:
        """Take the next evaluation as somebody, fill it in and submit it."""
        scope = self.scope(name, at)
        with activate(scope):
            taken = services.evaluation_take(scope=scope)
            assert taken is not None
            sheet = Sheet({**ALL_YES, **(answers or {})}, **more)
            return services.evaluation_submit(scope=scope, uuid=taken.uuid, sheet=sheet)

    def released(self, name: str = "client_qa", answers: dict[str, str] | None = None, **more: Any) -> Evaluation:
        """Submit an evaluation and release it."""
        done, scope = self.submitted(name, answers, **more), self.scope(name)
        with activate(scope):
            return services.evaluation_release(scope=scope, uuid=done.uuid)


def house_make(world: World) -> House:
    """Publish a form to both vendors."""
    client = world.scope("client_qa", at=READY)
    with activate(client):
        draft = services.draft_from_preset(
            scope=client, preset="three_dimensions", code="SERVICE", name="Service calls"
        )
        vendors = [small.vendor for small in world.vendors.values()]
        forms = services.form_publish(scope=client, uuid=draft.uuid, expected_version=1, vendors=vendors)
    return House(world, {form.vendor.code: form for form in forms})


def own_view(house: House, call: str) -> None:
    """Let the vendor evaluate a call, so that it may read the client's view."""
    scope = house.scope("andes_vendor_qa")
    with activate(scope):
        own = selectors.queue_list(scope=scope).get(reference=call)
        services.evaluation_take(scope=scope, uuid=own.uuid)
        services.evaluation_submit(scope=scope, uuid=own.uuid, sheet=Sheet(ALL_YES))
