"""What stands in the house of evaluations, disputes and coaching."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from calls.models import Call
from core.scope import Scope, activate
from qa import services
from qa.models import Evaluation, Form
from qa.services import Sheet
from tests.world import NOW, World

# Calls by number: even ones are the agent's that can sign in, odd ones a colleague's.
COACHED, TOLD, PEER, DISPUTED, DISPUTED_OWN = 0, 2, 1, 8, 10
WAITING, WAITING_OWN, SUBMITTED, SUBMITTED_OWN = 12, 3, 6, 5
# Who evaluates, and the call that is in that person's hands.
HELD = {"programme_manager": 11, "client_qa": 16, "vendor_manager": 13, "vendor_supervisor": 15, "vendor_qa": 18}
FREE, LATER = 17, 20
RIGHT = {
    "greeting": "yes", "consent": "yes", "promise": "yes", "answer": "yes", "confirm": "yes", "record": "yes",
    "listening": "p5", "closing": "yes",
}  # fmt: skip


class _Room:
    """Makes evaluations of a vendor's calls."""

    def __init__(self, world: World, code: str, mark: str) -> None:
        self.world, self.code, self.mark = world, code, mark
        client = world.scope("client_qa")
        with activate(client):
            draft = services.draft_from_preset(
                scope=client, preset="three_dimensions", code=f"{mark}-EVAL", name=f"{mark}-form"
            )
            vendors = [world.vendors[code].vendor]
            [form] = services.form_publish(scope=client, uuid=draft.uuid, expected_version=1, vendors=vendors)
        self.form: Form = form

    def scope(self, name: str, days_ago: int = 0) -> Scope:
        """Return the scope of one of the client's people, or of the vendor's."""
        username = name if name in self.world.users else f"{self.code.lower()}_{name}"
        return self.world.scope(username, at=NOW - timedelta(days=days_ago))

    def chosen(self, name: str, number: int, days_ago: int = 0) -> Evaluation:
        scope = self.scope(name, days_ago)
        with activate(scope):
            call = Call.objects.visible_to(scope).get(external_id=f"{self.mark}-call-{number:03d}")
            return services.evaluation_choose(scope=scope, call=call, form=self.form)

    def taken(self, name: str, number: int, days_ago: int = 0, user_id: int | None = None) -> Evaluation:
        row = self.chosen(name, number, days_ago)
        scope = self.scope(name, days_ago)
        # Whoever has it in hands may be somebody who is none of those that knock.
        scope = replace(scope, user_id=user_id or scope.user_id)
        with activate(scope):
            services.evaluation_take(scope=scope, uuid=row.uuid)
        return row

    def submitted(self, name: str, number: int, days_ago: int = 0) -> Evaluation:
        row = self.taken(name, number, days_ago, user_id=900_001)
        scope = replace(self.scope(name, days_ago), user_id=900_001)
        remarks = {"tone": f"{self.mark}-remark-{number}"}
        sheet = Sheet({**RIGHT, "tone": "p4"}, remarks=remarks, comment=f"{self.mark}-comment-{number}")
        with activate(scope):
            return services.evaluation_submit(scope=scope, uuid=row.uuid, sheet=sheet)

    def released(self, name: str, number: int, days_ago: int = 0) -> Evaluation:
        row, scope = self.submitted(name, number, days_ago), self.scope("programme_manager", days_ago)
        scope = scope if name == "client_qa" else self.scope("vendor_manager", days_ago)
        with activate(scope):
            return services.evaluation_release(scope=scope, uuid=row.uuid)

    def disputed(self, name: str, number: int) -> Evaluation:
        row, scope = self.released(name, number), self.scope("vendor_supervisor")
        with activate(scope):
            services.evaluation_dispute(scope=scope, uuid=row.uuid, lines={"tone": f"{self.mark}-dispute-{number}"})
        return row


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor its things, by a word for each."""
    room = _Room(world, code, mark)
    coached, peer = room.released("client_qa", COACHED, 6), room.released("client_qa", PEER, 6)
    lead = room.scope("vendor_supervisor", 5)
    with activate(lead):
        tasks = [
            services.coaching_give(
                scope=lead, evaluation=row.uuid, text=f"{mark}-practice-{row.number}", due_on=date(2026, 6, 20)
            )
            for row in (coached, peer)
        ]
    return {
        "evaluation_form": room.form,
        "told": room.released("client_qa", TOLD),
        "peer_told": peer,
        "coaching": tasks[0],
        "peer_coaching": tasks[1],
        "disputed_client": room.disputed("client_qa", DISPUTED),
        "disputed_vendor": room.disputed("vendor_supervisor", DISPUTED_OWN),
        "waiting_client": room.chosen("client_qa", WAITING),
        "waiting_vendor": room.chosen("vendor_qa", WAITING_OWN),
        "submitted_client": room.submitted("client_qa", SUBMITTED),
        "submitted_vendor": room.submitted("vendor_qa", SUBMITTED_OWN),
        "held": {name: room.taken(name, number) for name, number in HELD.items()},
    }
