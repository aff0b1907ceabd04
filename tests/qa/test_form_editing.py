"""A form is edited part by part in whatever state it is, and two versions of it are compared by key."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from qa.calc.comparing import forms_compared
from qa.calc.editing import DEEDS, form_blank, form_edited, shares_of
from qa.calc.forms import form_read
from qa.calc.presets import PRESETS


def keys(body: dict[str, Any]) -> list[list[str]]:
    """Return the keys of the questions of each section."""
    return [[question["key"] for question in section["questions"]] for section in body["sections"]]


@pytest.fixture
def body() -> dict[str, Any]:
    return PRESETS["three_dimensions"]()


def test_a_question_goes_up_past_the_head_of_its_section_to_the_end_of_the_one_before(body: dict[str, Any]) -> None:
    edited, place = form_edited(body, "up", "sections.1.questions.0")
    assert (keys(edited)[0][-1], place) == ("answer", "sections.0.questions.3")
    back, there = form_edited(edited, "down", place)
    assert (back, there) == (body, "sections.1.questions.0")
    first, there = form_edited(body, "up", "sections.0.questions.0")
    assert (first, there) == (body, "sections.0.questions.0")


def test_what_is_added_or_copied_gets_keys_of_its_own_and_the_form_can_still_be_read(body: dict[str, Any]) -> None:
    edited, place = form_edited(body, "copy", "sections.2")
    assert place == "sections.3"
    edited, place = form_edited(edited, "insert", "sections.0.questions.1")
    assert (place, edited["sections"][0]["questions"][2]["key"]) == ("sections.0.questions.2", "q4")
    asked = [key for section in keys(edited) for key in section]
    assert len(asked) == len(set(asked)) == 13
    edited["sections"][0]["questions"][2]["text"] = "New"
    edited["sections"][3]["weight"] = 0
    assert sum(1 for _question in form_read(edited).questions) == 13


def test_removing_leaves_the_hand_on_what_comes_next(body: dict[str, Any]) -> None:
    edited, place = form_edited(body, "remove", "sections.0.questions.2")
    assert (keys(edited)[0], place) == (["greeting", "consent"], "sections.0.questions.1")
    empty = form_blank()
    edited, place = form_edited(empty, "remove", "sections.0")
    assert (edited["sections"], place) == ([], "sections")


@pytest.mark.parametrize(
    "place", ["", "sections.9", "sections.0.questions.9", "sections.x", "pass_percent", "sections.0.questions.0.text"]
)
@pytest.mark.parametrize("deed", DEEDS)
def test_no_place_that_is_none_is_ever_touched(deed: str, place: str, body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no such deed or place"):
        form_edited(body, deed, place)


def test_shares_of_a_weighted_form_add_up_to_the_whole_and_bonus_comes_on_top() -> None:
    shares = shares_of(form_read(PRESETS["three_dimensions"]()))
    # Compliance is 30 % over three questions of 10 points; accuracy 40 % over three.
    assert (shares["greeting"], shares["answer"]) == (Fraction(1, 10), Fraction(2, 15))
    assert sum(shares.values()) == 1
    stages = form_read(PRESETS["three_stages"]())
    plain = {q.key: share for q, share in zip(stages.questions, shares_of(stages).values(), strict=True)}
    assert sum(share for key, share in plain.items() if key != "beyond") == 1
    assert plain["beyond"] == Fraction(1, 5)


def test_a_moved_question_is_told_once_and_a_changed_one_with_what_changed(body: dict[str, Any]) -> None:
    former = form_read(body)
    edited, _place = form_edited(body, "down", "sections.0.questions.0")
    edited, _place = form_edited(edited, "remove", "sections.2.questions.2")
    edited["sections"][1]["questions"][1]["weight"] = 3
    edited["sections"][1]["title"] = "Right"
    compared = forms_compared(former, form_read(edited))
    told = [(each.what, each.change, each.name, sorted(each.fields)) for each in compared]
    passed = {body["sections"][0]["questions"][n]["text"] for n in (0, 1)}
    assert len([row for row in told if row[1] == "moved" and row[2] in passed]) == 1
    assert ("section", "changed", "Right", ["title"]) in told
    assert ("question", "changed", body["sections"][1]["questions"][1]["text"], ["weight"]) in told
    assert told[-1][1:3] == ("removed", body["sections"][2]["questions"][2]["text"])
    assert len(told) == 4
    assert forms_compared(former, former) == []
