"""Nothing that the book or the rights tell is left without words."""

from __future__ import annotations

import re
from pathlib import Path

from accounts import wording
from accounts.calc.access import all_permissions, table
from accounts.views.book import changes_of
from audit.models import Entry
from audit.services import record
from core.scope import activate
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "audit", "vendors", "contracts", "calls", "sla", "qa", "tickets", "reports", "core", "demo")
NO_OBJECTS = {"export", "book", "number"}


def actions_in_the_source() -> set[str]:
    """Return every literal ``object.deed`` of the places that write entries."""
    things = "|".join(sorted(set(table()) | NO_OBJECTS))
    found: set[str] = set()
    for app in APPS:
        for path in [*(ROOT / app).glob("services/*.py"), *(ROOT / app).glob("*.py")]:
            if path.stem in ("services", "receivers", "exports") or path.parent.name == "services":
                found |= set(re.findall(rf'"((?:{things})\.[a-z_]+)"', path.read_text()))
    return found


def test_every_deed_has_words() -> None:
    actions = actions_in_the_source()
    assert {"version.signed", "user.created", "export.made"} <= actions
    raw = {action for action in actions if wording.action_words(action) == action.replace(".", ": ").replace("_", " ")}
    assert raw == set(), "say them in ACTION_WORDS or VERB_WORDS of accounts/wording.py"


def test_every_right_and_object_has_words() -> None:
    assert set(wording.PERMISSION_WORDS) == set(all_permissions())
    assert set(wording.OBJECT_WORDS) == set(table())


def test_values_are_said_as_people_say_them() -> None:
    assert wording.value_words("role", "client_qa") == "quality"
    assert wording.value_words("is_active", False) == "no"
    assert wording.value_words("permissions", ["kpis.view", "odd"]) == "see KPIs, odd"
    assert wording.value_words("expires_at", "2027-02-19T21:39:34.423Z") == "2027-02-19 21:39 UTC"
    assert wording.value_words("document", {"b": 1, "a": "x" * 500}).startswith('{"a": "xxx')
    assert len(wording.value_words("document", {"a": "x" * 500})) == wording.LONGEST_VALUE
    assert wording.value_words("goal", "0.80") == "0.80"
    assert wording.value_words("0", [["09:00", "12:00"], ["14:00", "20:00"]]) == "09:00–12:00, 14:00–20:00"
    assert wording.value_words("6", []) == "closed"


def test_fields_are_called_what_the_pages_call_them() -> None:
    assert wording.field_words("contract", "ends_on") == "in effect until"
    assert wording.field_words("contract", "coverage") == "covered queue"
    assert wording.field_words("", "filters") == "filters"
    assert wording.field_words("nothing", "some_name") == "some name"
    assert wording.object_words("queuedefinition") == "KPI definition"
    assert wording.object_words("nothing") == "nothing"


def test_opening_hours_in_the_book_name_the_weekdays(world: World) -> None:
    contract = world.vendors["ANDES"].contract
    scope = world.scope("programme_manager")
    with activate(scope):
        hours = {"1": [[["09:00", "18:00"]], []]}
        before, after = ({day: sides[n] for day, sides in hours.items()} for n in (0, 1))
        record(scope=scope, action="version.changed", target=contract, changes={"service_hours": [before, after]})
        (change,) = changes_of(scope, Entry.objects.visible_to(scope).latest("sequence"))
    assert (change.label.partition(" · ")[2], change.before, change.after) == ("Tuesday", "09:00–18:00", "closed")
