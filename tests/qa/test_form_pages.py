"""The builder keeps what is typed whatever button is pressed, says what is wrong where it is, and publishes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.scope import activate
from qa import selectors, services
from qa.models import Form, FormDraft
from tests.qa.house import House, house_make
from tests.qa.page_forms import Page
from tests.world import World

ClientOf = Callable[[str], Client]


@pytest.fixture
def house(world: World) -> House:
    return house_make(world)


def draft_of(house: House) -> FormDraft:
    """Return the draft that the house's forms were published of."""
    scope = house.scope("client_qa")
    with activate(scope):
        return selectors.draft_list(scope=scope).get(code="SERVICE")


def typed(page: bytes) -> dict[str, Any]:
    """Return what the builder's form on a page would send."""
    return dict(Page(page).sent)


def editor(house: House) -> str:
    return reverse("qa:draft_edit", args=[draft_of(house).uuid])


def test_what_the_builder_shows_is_what_it_saves(house: House, client_of: ClientOf) -> None:
    client, before = client_of("client_qa"), draft_of(house)
    sent = typed(client.get(editor(house)).content)
    assert client.post(editor(house), {**sent, "do": "save"}).status_code == 302
    after = draft_of(house)
    assert (after.body, after.version) == (before.body, before.version + 1)
    # So nothing is published anew where nothing was changed.
    publish = reverse("qa:draft_publish", args=[after.uuid])
    chosen = [str(form.vendor.uuid) for form in house.forms.values()]
    assert client.post(publish, {"version": after.version, "vendors": chosen}).status_code == 302
    scope = house.scope("client_qa")
    with activate(scope):
        assert set(selectors.form_list(scope=scope).values_list("number", flat=True)) == {1}


def test_a_button_keeps_what_is_typed_and_saves_nothing(house: House, client_of: ClientOf) -> None:
    client, before = client_of("client_qa"), draft_of(house)
    sent = typed(client.get(editor(house)).content)
    sent["sections.1.questions.0.text"] = "Half a sent"
    sent["sections.0.questions.0.choices.0.points"] = ""
    answer = client.post(editor(house), {**sent, "do": "insert:sections.1.questions.0"}, headers={"HX-Request": "true"})
    page = Page(answer.content)
    assert page.tags[0][1]["id"] == "builder"
    now = typed(answer.content)
    assert now["sections.1.questions.0.text"] == "Half a sent"
    assert (now["sections.1.questions.1.text"], now["sections.1.questions.1.choices.0.label"]) == ("", "Yes")
    assert [given["id"] for given in page.having("autofocus")] == ["sections.1.questions.1.text"]
    moved = client.post(editor(house), {**now, "do": "down:sections.1.questions.0"})
    assert typed(moved.content)["sections.1.questions.1.text"] == "Half a sent"
    assert [given["value"] for given in Page(moved.content).having("autofocus")] == ["down:sections.1.questions.1"]
    assert draft_of(house).version == before.version


def test_what_was_removed_is_brought_back(house: House, client_of: ClientOf) -> None:
    client = client_of("client_qa")
    sent = typed(client.get(editor(house)).content)
    gone = client.post(editor(house), {**sent, "do": "remove:sections.2"})
    now = typed(gone.content)
    assert "sections.2.title" not in now
    back = typed(client.post(editor(house), {**now, "do": "undo"}).content)
    assert back["sections.2.title"] == sent["sections.2.title"]
    # Whatever a page sends back as what it was is only taken if it is a form.
    for junk in ("[]", '{"sections": [{"questions": 3}]}', '{"sections": 3}', "{", '{"sections": [3]}'):
        kept = typed(client.post(editor(house), {**now, "former": junk, "do": "undo"}).content)
        assert kept["sections.1.title"] == sent["sections.1.title"]


def test_what_is_wrong_stands_beside_the_very_question(house: House, client_of: ClientOf) -> None:
    client = client_of("client_qa")
    sent = typed(client.get(editor(house)).content)
    sent["sections.0.questions.1.text"] = ""
    sent["sections.0.questions.2.family"] = ""
    sent["sections.1.weight"] = "50"
    refused = client.post(editor(house), {**sent, "do": "save"})
    assert refused.status_code == 422
    page = Page(refused.content)
    wrong = [given["id"] for given in page.having("class", "builder-question is-wrong")]
    assert wrong == ["sections.0.questions.1", "sections.0.questions.2"]
    for place in ("#sections.0.questions.1.text", "#sections.0.questions.2.family", "#sections"):
        assert page.having("href", place)
    assert "110 %" in refused.content.decode()
    assert typed(refused.content)["sections.1.weight"] == "50"
    looked = client.post(editor(house), {**sent, "do": "look"}, headers={"HX-Request": "true"})
    assert Page(looked.content).tags[0][1]["id"] == "builder-summary"


def test_whoever_turns_to_percent_begins_with_equal_parts_and_a_kind_brings_its_answers(
    house: House, client_of: ClientOf
) -> None:
    client = client_of("client_qa")
    sent = typed(client.get(editor(house)).content)
    points = typed(client.post(editor(house), {**sent, "by": "points", "do": "kind:by"}).content)
    assert "sections.0.weight" not in points
    again = typed(client.post(editor(house), {**points, "by": "percent", "do": "kind:by"}).content)
    assert [again[f"sections.{n}.weight"] for n in range(3)] == ["34", "33", "33"]
    place = "sections.0.questions.0"
    scale = client.post(editor(house), {**sent, f"{place}.kind": "scale", "do": f"kind:{place}.kind"})
    now = typed(scale.content)
    assert [now[f"{place}.choices.{n}.points"] for n in range(5)] == ["5", "4", "3", "2", "1"]
    assert [given["id"] for given in Page(scale.content).having("autofocus")] == [f"{place}.kind"]


def test_somebody_else_s_changes_are_not_overwritten_unknowingly(house: House, client_of: ClientOf) -> None:
    client = client_of("client_qa")
    sent = typed(client.get(editor(house)).content)
    other = house.scope("programme_manager")
    draft = draft_of(house)
    with activate(other):
        services.draft_change(scope=other, uuid=draft.uuid, expected_version=draft.version, values={"name": "Theirs"})
    late = client.post(editor(house), {**sent, "name": "Mine", "do": "save"})
    assert late.status_code == 409
    assert "saved this draft meanwhile" in late.content.decode()
    assert client.post(editor(house), {**typed(late.content), "do": "save"}).status_code == 302
    assert draft_of(house).name == "Mine"


def test_a_form_begins_from_a_preset_from_nothing_or_from_a_file(house: House, client_of: ClientOf) -> None:
    client, new = client_of("client_qa"), reverse("qa:draft_new")
    assert client.post(new, {"begin": "three_stages", "code": "stages", "name": "Stages"}).status_code == 302
    made = client.post(new, {"begin": "scratch", "code": "EMPTY", "name": "Empty"})
    assert client.get(made.headers["Location"]).status_code == 200
    draft = draft_of(house)
    given = client.get(reverse("qa:draft_export", args=[draft.uuid]))
    assert given.headers["Content-Disposition"] == 'attachment; filename="SERVICE.json"'
    document = json.loads(given.content)
    file = SimpleUploadedFile("form.json", json.dumps({**document, "code": "COPY"}).encode())
    assert client.post(new, {"begin": "file", "file": file}).status_code == 302
    scope = house.scope("client_qa")
    with activate(scope):
        rows = {row.code: row for row in selectors.draft_list(scope=scope)}
    assert set(rows) == {"SERVICE", "STAGES", "EMPTY", "COPY"}
    assert rows["COPY"].body == draft.body
    for wrong in ({"begin": "file"}, {"begin": "scratch", "code": "", "name": "X"}, {"begin": "scratch", "code": "Ä!"},
                  {"begin": "file", "file": SimpleUploadedFile("x.json", b"{}")}):  # fmt: skip
        assert client.post(new, wrong).status_code == 422


def test_a_changed_draft_is_compared_previewed_and_published_where_it_is_chosen(
    house: House, client_of: ClientOf
) -> None:
    client = client_of("client_qa")
    sent = typed(client.get(editor(house)).content) | {"sections.0.questions.0.text": "Greets at once"}
    preview = client.post(editor(house), {**sent, "do": "preview"})
    assert "Greets at once" in preview.content.decode()
    assert Page(preview.content).having("type", "radio")
    done = client.post(editor(house), {**sent, "do": "publish"})
    publish = done.headers["Location"]
    assert publish == reverse("qa:draft_publish", args=[draft_of(house).uuid])
    assert "Greets at once" in client.get(publish).content.decode()
    compare = client.get(reverse("qa:draft_compare", args=[draft_of(house).uuid])).content.decode()
    assert "Greets at once" in compare
    version = draft_of(house).version
    assert client.post(publish, {"version": version}).status_code == 422
    andes = house.forms["ANDES"]
    assert client.post(publish, {"version": version, "vendors": [str(andes.vendor.uuid)]}).status_code == 302
    scope = house.scope("client_qa")
    with activate(scope):
        live = {(row.vendor.code, row.number) for row in selectors.form_list(scope=scope).filter(is_live=True)}
        newest = selectors.form_list(scope=scope).get(vendor=andes.vendor, number=2)
    assert live == {("ANDES", 2), ("BORAL", 1)}
    page = client.get(reverse("qa:form_detail", args=[newest.uuid])).content.decode()
    assert "Greets at once" in page
    assert "What changed since version 1" in page


def test_vendors_read_their_versions_and_write_nothing(house: House, client_of: ClientOf) -> None:
    vendor, draft = client_of("andes_vendor_qa"), draft_of(house)
    own, rival = house.forms["ANDES"], house.forms["BORAL"]
    page = vendor.get("/qa/forms/").content.decode()
    assert own.name in page
    assert reverse("qa:draft_edit", args=[draft.uuid]) not in page
    detail = vendor.get(reverse("qa:form_detail", args=[own.uuid])).content.decode()
    assert "client_qa" not in detail
    assert "What counts how much" in detail
    assert vendor.get(reverse("qa:form_detail", args=[rival.uuid])).status_code == 404
    assert vendor.get(reverse("qa:form_export", args=[own.uuid])).json()["code"] == "SERVICE"
    for name in ("draft_edit", "draft_preview", "draft_compare", "draft_publish", "draft_export"):
        assert vendor.get(reverse(f"qa:{name}", args=[draft.uuid])).status_code == 403
    assert vendor.post(reverse("qa:form_retire", args=[own.uuid])).status_code == 403
    assert vendor.get(reverse("qa:draft_new")).status_code == 403


def test_a_form_is_retired_and_a_draft_thrown_away(house: House, client_of: ClientOf) -> None:
    client, own = client_of("client_qa"), house.forms["ANDES"]
    assert client.post(reverse("qa:form_retire", args=[own.uuid])).status_code == 302
    assert client.post(reverse("qa:draft_delete", args=[draft_of(house).uuid])).status_code == 302
    scope = house.scope("client_qa")
    with activate(scope):
        assert list(Form.objects.visible_to(scope).filter(is_live=True).values_list("vendor__code", flat=True)) == [
            "BORAL"
        ]
        assert not selectors.draft_list(scope=scope).exists()


def test_the_largest_form_is_written_on_one_page(house: House, client_of: ClientOf) -> None:
    client, scope = client_of("client_qa"), house.scope("client_qa")
    answers = [
        {"key": f"a{n}", "label": f"{n}", "points": n, **({"is_failure": True} if n == 0 else {})} for n in range(11)
    ]
    lines = [{"key": f"q{n}", "text": f"Question {n}", "kind": "choice", "choices": answers} for n in range(100)]
    with activate(scope):
        draft = services.draft_create(
            scope=scope,
            code="LARGE",
            name="Large",
            body={"sections": [{"key": "s", "title": "All", "questions": lines}]},
        )
    address = reverse("qa:draft_edit", args=[draft.uuid])
    sent = typed(client.get(address).content)
    assert len(sent) > 4000
    assert client.post(address, {**sent, "do": "save"}).status_code == 302
