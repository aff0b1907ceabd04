"""What stands in the house of calibration and scores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.scope import activate
from qa import selectors, services
from qa.models import Calibration, Form
from qa.services import CalibrationGiven, CaseGiven, Sheet
from tests.access.stock.evaluating import RIGHT as ALL_BUT_TONE
from tests.world import NOW, World

FORM = "CALIB"
# Who scores: whoever may, of each side.
CLIENT_GRADERS = ("client_qa", "programme_manager")
VENDOR_GRADERS = ("vendor_manager", "vendor_supervisor", "vendor_qa")
RIGHT = {**ALL_BUT_TONE, "tone": "p5"}


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor its things, by a word for each: a blind session and one that was revealed, as each side has it."""
    form = form_make(world, code)
    found: dict[str, Any] = {"calibration_form": form}
    for word, number in (("blind", 4), ("revealed", 7)):
        lead, own = _session(world, code, mark, form, number)
        if word == "revealed":
            _score(world, code, mark, lead, own)
        found[f"{word}_client"], found[f"{word}_vendor"] = lead, own
    return found


def form_make(world: World, code: str) -> Form:
    """Publish the form that both vendors are scored by."""
    client = world.scope("client_qa")
    with activate(client):
        draft = selectors.draft_list(scope=client).filter(code=FORM).first()
        if draft is None:
            draft = services.draft_from_preset(
                scope=client, preset="three_dimensions", code=FORM, name="Lumora calibration"
            )
        [form] = services.form_publish(
            scope=client, uuid=draft.uuid, expected_version=draft.version, vendors=[world.vendors[code].vendor]
        )
    return form


def _session(world: World, code: str, mark: str, form: Form, number: int) -> tuple[Calibration, Calibration]:
    client = world.scope("client_qa")
    people = {name: world.users[name].pk for name in CLIENT_GRADERS}
    own = {name: world.users[f"{code.lower()}_{name}"].pk for name in VENDOR_GRADERS}
    given = CalibrationGiven(
        name=f"{mark}-session-{number}",
        contract=world.vendors[code].contract,
        form=form,
        cases=[CaseGiven(f"{mark}-call-{number:03d}", f"{mark}-said-{number}")],
        deadline_at=NOW + timedelta(days=2),
        client_people=list(people.values()),
        owner_people=list(own.values()),
    )
    with activate(client):
        lead = services.calibration_begin(scope=client, given=given)
        room = Calibration.objects.visible_to(client).get(lead_id=lead.pk)
    return lead, room


def _score(world: World, code: str, mark: str, lead: Calibration, own: Calibration) -> None:
    for room, names in ((lead, CLIENT_GRADERS), (own, [f"{code.lower()}_{name}" for name in VENDOR_GRADERS])):
        for name in names:
            scope = world.scope(name)
            with activate(scope):
                case = selectors.case_list(scope=scope, calibration=room).get()
                sheet = Sheet(RIGHT, remarks={"tone": f"{mark}-heard"}, comment=f"{mark}-calibrated")
                services.calibration_score(scope=scope, uuid=room.uuid, case=case.uuid, sheet=sheet)
    client = world.scope("client_qa")
    with activate(client):
        services.calibration_reveal(scope=client, uuid=lead.uuid, expected_version=1)
