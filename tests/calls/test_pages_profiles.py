"""Import profiles: described in a form or as text, tried with a sample, kept in versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from calls import services
from calls.calc.canonical import FIELDS
from calls.calc.profile import profile_parse
from calls.calc.rules import NOTES, REFUSALS, RULES
from calls.forms.profiles import MappingForm, columns_suggest
from calls.models import ImportProfile
from calls.parsing import profile_example, profile_names
from calls.wording import COLUMNS, note_text, problem_words, rule_remedy, rule_text
from core.scope import activate
from tests.world import World

Clients = Callable[[str], Client]

SAMPLE = b"""Call Id,Skill,Date,Time,Result,Talk,Wait
c1,1001,2026-06-12,09:00:00,Y,0:02:00,9
c2,1001,2026-06-12,09:05:00,N,,30
c3,7777,2026-06-12,09:06:00,Y,0:01:00,2
"""
MAPPING = {
    "name": "Nightly",
    "zone": "Asia/Shanghai",
    "encoding": "auto",
    "delimiter": "auto",
    "header_row": "1",
    "customer_kind": "phone",
    "unknown_agent": "reject",
    "unknown_reason": "register",
    "revision_from": "column",
    "on_error": "skip",
    "external_id-column": "Call Id",
    "queue-column": "Skill",
    "queue-words": "1001 = ORDERS",
    "offered_at-column": "Date + Time",
    "offered_at-format": "%Y-%m-%d %H:%M:%S",
    "wait_seconds-column": "Wait",
    "talk_seconds-column": "Talk",
    "talk_seconds-format": "H:MM:SS",
    "outcome-column": "Result",
    "outcome-words": "Y = answered\r\nN = abandoned\r\n",
    "answered_at-column": "",
} | {f"{name}_seconds-format": "seconds" for name in ("ring", "wait", "hold", "wrap")}
DOCUMENT = {
    "zone": "Asia/Shanghai",
    "unknown_reason": "register",
    "fields": {
        "external_id": "Call Id",
        "queue": {"column": "Skill", "map": {"1001": "ORDERS"}},
        "offered_at": {"columns": ["Date", "Time"], "format": "%Y-%m-%d %H:%M:%S"},
        "wait_seconds": "Wait",
        "talk_seconds": {"column": "Talk", "format": "H:MM:SS"},
        "outcome": {"column": "Result", "map": {"Y": "answered", "N": "abandoned"}},
    },
}


def current(world: World) -> ImportProfile:
    with activate(world.system):
        profile: ImportProfile = ImportProfile.objects.visible_to(world.system).get(is_current=True)
    return profile


def test_the_form_makes_the_document_and_a_change_a_new_version(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    saved = client.post("/calls/profiles/new/", MAPPING)
    assert saved.status_code == 302
    profile = current(world)
    assert (profile.name, profile.number, profile.document) == ("Nightly", 1, DOCUMENT)
    assert b"Nightly" in client.get("/calls/profiles/").content
    assert client.get(saved["Location"]).status_code == 200
    edit = f"/calls/profiles/{profile.uuid}/edit/"
    assert b"Date + Time" in client.get(edit).content
    changed = MAPPING | {"number": "1", "talk_seconds-column": ""}
    assert client.post(edit, changed).status_code == 302
    second = current(world)
    assert second.number == 2
    assert "talk_seconds" not in second.document["fields"]
    # Whoever still has the first version open is told.
    assert "saved meanwhile" in client.post(edit, changed).content.decode()
    assert client.post("/calls/profiles/new/", MAPPING).status_code == 422


def test_what_the_form_does_not_show_stays(world: World, client_of: Clients) -> None:
    document: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    document["fields"]["external_id"] = {"column": "Call Id", "prefix": "s1-"}
    document["fields"]["outcome"]["default"] = "flowed_out"
    document["fields"]["resolved"] = {"column": "Solved", "map": {"Y": True, "N": None}}
    document["duration_tolerance_seconds"] = 5
    form = MappingForm({}, former=document)
    unchanged = {form.add_prefix(name): form.initial.get(name) or "" for name in form.fields}
    form = MappingForm(unchanged, former=document)
    assert form.is_valid(), form.errors
    assert form.document() == document
    moved = MappingForm(unchanged | {"external_id-column": "Id"}, former=document)
    assert moved.is_valid()
    assert moved.document()["fields"]["external_id"] == {"column": "Id", "prefix": "s1-"}


@pytest.mark.parametrize("name", profile_names())
def test_every_example_passes_through_the_form(name: str) -> None:
    example = profile_example(name)
    form = MappingForm({}, former=example)
    form = MappingForm({key: form.initial.get(key) or "" for key in form.fields}, former=example)
    assert form.is_valid(), form.errors
    assert profile_parse(form.document()) == profile_parse(example)


def test_mistakes_are_named_beside_their_field(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    for change, field, words in (
        ({"queue-column": ""}, "queue-column", "is required"),
        ({"offered_at-format": "%Q"}, "offered_at-column", "format may use"),
        ({"outcome-words": "yes it was"}, "outcome-words", "theirs = ours"),
        ({"zone": "Moon/Sea"}, "zone", "valid choice"),
    ):
        answer = client.post("/calls/profiles/new/", MAPPING | change)
        assert answer.status_code == 422
        assert words in str(answer.context["mapping"].errors[field]), field
    text = client.post("/calls/profiles/new/", {"as": "text", "name": "X", "document": '{"fields": {}}'})
    assert "external_id: is required" in str(text.context["mapping"].errors["document"])
    text = client.post("/calls/profiles/new/", {"as": "text", "name": "X", "document": "{"})
    assert "not valid JSON" in str(text.context["mapping"].errors["document"])
    good = client.post("/calls/profiles/new/", {"as": "text", "name": "X", "document": json.dumps(DOCUMENT)})
    assert good.status_code == 302


def test_a_sample_is_tried_and_nothing_of_it_stored(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    sample = {"sample": SimpleUploadedFile("s.csv", SAMPLE)}
    tried = client.post("/calls/profiles/try/", MAPPING | sample)
    words = tried.content.decode()
    assert tried.status_code == 200
    assert "3 rows read (utf-8): 2 good, 1 rejected." in words
    assert "does not say what “7777” in Skill means" in words
    assert '<option value="Call Id">' in words
    blank = MAPPING | {"external_id-column": "", "sample": SimpleUploadedFile("s.csv", SAMPLE)}
    words = client.post("/calls/profiles/try/", blank).content.decode()
    assert 'data-fill="id_external_id-column" data-value="Call Id"' in words
    assert "external_id: is required" in words
    assert "Choose a sample" in client.post("/calls/profiles/try/", MAPPING).content.decode()
    with activate(world.system):
        assert not ImportProfile.objects.visible_to(world.system).exists()


def test_profiles_are_their_vendors_own(world: World, client_of: Clients) -> None:
    with activate(world.system):
        profile = services.profile_save(
            scope=world.system, vendor_id=world.vendors["ANDES"].vendor.pk, name="Secret", document=DOCUMENT
        )
    rival = client_of("boral_vendor_manager")
    assert b"Secret" not in rival.get("/calls/profiles/").content
    for tail in ("", "edit/"):
        foreign = rival.get(f"/calls/profiles/{profile.uuid}/{tail}")
        unknown = rival.get(f"/calls/profiles/00000000-0000-4000-8000-000000000000/{tail}")
        assert foreign.status_code == unknown.status_code == 404
    assert rival.post(f"/calls/profiles/{profile.uuid}/try/", MAPPING).status_code == 404
    supervisor = client_of("andes_vendor_supervisor")
    assert supervisor.get(f"/calls/profiles/{profile.uuid}/").status_code == 200
    assert supervisor.get(f"/calls/profiles/{profile.uuid}/edit/").status_code == 403
    assert supervisor.get("/calls/profiles/new/").status_code == 403
    assert client_of("andes_agent").get("/calls/profiles/").status_code == 403


def test_columns_are_suggested_by_their_usual_names() -> None:
    assert columns_suggest(["UCID", "技能组", "ACW time", "Anything"]) == {
        "external_id": "UCID",
        "queue": "技能组",
        "wrap_seconds": "ACW time",
    }


def test_every_column_rule_and_note_has_its_words() -> None:
    assert tuple(COLUMNS) == FIELDS
    for code in RULES:
        assert "{" not in rule_text(rule=code, column="c", value="v") + rule_remedy(rule=code)
    for code in REFUSALS:
        assert "{" not in "".join(problem_words(code=code, details={}))
    for code in NOTES:
        assert "{" not in note_text(code=code, details={"columns": ["a", "b"], "count": 1})
