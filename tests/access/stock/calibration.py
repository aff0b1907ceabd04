"""What stands in the house of calibration and scores."""

from __future__ import annotations

from typing import Any

from core.scope import activate
from qa import selectors, services
from qa.models import Form
from tests.world import World

FORM = "CALIB"


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor its things, by a word for each."""
    return {"calibration_form": form_make(world, code)}


def form_make(world: World, code: str) -> Form:
    """Publish the form that both vendors are scored by."""
    client = world.scope("client_qa")
    with activate(client):
        draft = selectors.draft_list(scope=client).filter(code=FORM).first()
        if draft is None:
            draft = services.draft_from_preset(scope=client, preset="three_dimensions", code=FORM, name="Calibration")
        [form] = services.form_publish(
            scope=client, uuid=draft.uuid, expected_version=draft.version, vendors=[world.vendors[code].vendor]
        )
    return form
