"""Nothing that the book or the rights tell is left without words."""

from __future__ import annotations

import re
from pathlib import Path

from accounts import wording
from accounts.calc.access import all_permissions, table

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "audit", "vendors", "contracts", "calls", "sla", "tickets", "reports", "core", "demo")
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


def test_fields_are_called_what_the_pages_call_them() -> None:
    assert wording.field_words("contract", "ends_on") == "in effect until"
    assert wording.field_words("contract", "coverage") == "covered queue"
    assert wording.field_words("", "filters") == "filters"
    assert wording.field_words("nothing", "some_name") == "some name"
    assert wording.object_words("queuedefinition") == "KPI definition"
    assert wording.object_words("nothing") == "nothing"
