"""A calibration of three graders: the client's, the calls' vendor's and an anonymous peer's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.scope import activate
from qa import selectors, services
from qa.models import Calibration
from qa.services import CalibrationGiven, CaseGiven, Sheet
from tests.qa.house import ALL_YES, READY, House

DEADLINE = READY + timedelta(days=2)
TEXT = "Agent: Good morning, thank you for calling.\nCaller: My bill is wrong.\nAgent: I will mend it today."


def user_id(house: House, name: str) -> int:
    """Return somebody's key."""
    return int(house.world.users[name].pk)


def given_make(house: House, **changes: Any) -> CalibrationGiven:
    """Return a session about one call, with a peer."""
    values: dict[str, Any] = {
        "name": "June, first call",
        "contract": house.world.vendors["ANDES"].contract,
        "form": house.forms["ANDES"],
        "cases": [CaseGiven("C00002", TEXT)],
        "deadline_at": DEADLINE,
        "client_people": [user_id(house, "client_qa")],
        "owner_people": [user_id(house, "andes_vendor_qa")],
        "peer_form": house.forms["BORAL"],
        "peer_people": [user_id(house, "boral_vendor_qa")],
    } | changes
    return CalibrationGiven(**values)


def begun(house: House, **changes: Any) -> Calibration:
    """Begin a session as the client."""
    client = house.scope("client_qa")
    with activate(client):
        return services.calibration_begin(scope=client, given=given_make(house, **changes))


def room_of(house: House, name: str, at: datetime = READY) -> Calibration:
    """Return the newest session as somebody's organization has it."""
    scope = house.scope(name, at)
    with activate(scope):
        found = selectors.calibration_list(scope=scope).first()
        assert found is not None
        return found


def score(house: House, name: str, answers: dict[str, str] | None = None, at: datetime = READY, **more: Any) -> None:
    """Score every case of the newest session as somebody."""
    scope, room = house.scope(name, at), room_of(house, name, at)
    with activate(scope):
        for case in selectors.case_list(scope=scope, calibration=room):
            sheet = Sheet({**ALL_YES, **(answers or {})}, **more)
            services.calibration_score(scope=scope, uuid=room.uuid, case=case.uuid, sheet=sheet)


def revealed(house: House, at: datetime = READY) -> int:
    """Look what is to be revealed, as the tick does."""
    from accounts.selectors import system_scope

    return services.calibrations_reveal(scope=system_scope(reason="test", at=at))
