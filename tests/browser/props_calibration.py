"""What stands on the stage of calibration: a blind session and a revealed one, by the small form of the stage."""

from __future__ import annotations

from datetime import datetime, timedelta

from calls.models import Call
from core.scope import activate
from qa import selectors, services
from qa.models import Calibration
from qa.services import CalibrationGiven, CaseGiven, Sheet
from tests.world import World


def calibration_set(world: World, code: str, now: datetime) -> dict[str, str]:
    """Give a vendor a calibration that is blind and one that was revealed; return its pages, by whose they are."""
    found: dict[str, str] = {}
    client = world.scope("client_qa", at=now - timedelta(hours=1))
    with activate(client):
        form = selectors.form_live(scope=client, vendor_id=world.vendors[code].vendor.pk, code=f"{code}-EVAL")
    assert form is not None
    for word in ("blind", "revealed"):
        with activate(client):
            calls = Call.objects.visible_to(client).filter(vendor=world.vendors[code].vendor, outcome=1)
            call = calls.order_by("offered_at").values_list("external_id", flat=True).first()
            lead = services.calibration_begin(
                scope=client,
                given=CalibrationGiven(
                    name=f"{code} round",
                    contract=world.vendors[code].contract,
                    form=form,
                    cases=[CaseGiven(str(call), f"{code} good day, what can I do for you?")],
                    deadline_at=now + timedelta(days=20),
                    client_people=[world.users["client_qa"].pk],
                    owner_people=[world.users[f"{code.lower()}_vendor_supervisor"].pk],
                ),
            )
            own = Calibration.objects.visible_to(client).get(lead_id=lead.pk)
        found |= {f"{word}_client": f"/qa/calibration/{lead.uuid}/", f"{word}_vendor": f"/qa/calibration/{own.uuid}/"}
        if word == "blind":
            continue
        for room, name, tone in ((lead, "client_qa", "p4"), (own, f"{code.lower()}_vendor_supervisor", "p5")):
            scope = world.scope(name, at=now - timedelta(minutes=30))
            with activate(scope):
                case = selectors.case_list(scope=scope, calibration=room).get()
                sheet = Sheet({"greets": "yes", "solves": "yes", "tone": tone})
                services.calibration_score(scope=scope, uuid=room.uuid, case=case.uuid, sheet=sheet)
        with activate(client):
            services.calibration_reveal(scope=client, uuid=lead.uuid, expected_version=1)
    return found
