"""A form of questions as it is drawn, and as it is read from what a browser sends."""

from __future__ import annotations

import re

from django.template.loader import render_to_string

from core.errors import Conflict, Invalid
from qa.calc.forms import form_read
from qa.calc.presets import three_dimensions
from qa.forms import SheetForm
from qa.services import Sheet

FORM = form_read(three_dimensions())


def drawn(sheet: SheetForm) -> str:
    """Return the sheet as HTML on one line."""
    return re.sub(r"\s+", " ", render_to_string("qa/_sheet.html", {"sheet": sheet}))


def test_what_a_browser_sends_is_read_question_by_question() -> None:
    sent = {
        "a-answer-greeting": "yes", "a-answer-consent": "no", "a-cause-consent": "Forgot", "a-remark-consent": " Hm ",
        "a-answer-promise": "yes", "a-cause-promise": "Wanted to please", "a-answer-tone": "na",
        "a-comment": " Good ", "answer-record": "yes", "a-answer-nothing": "yes",
    }  # fmt: skip
    sheet = SheetForm.read(FORM, sent, prefix="a-").sheet
    assert sheet.answers == {"greeting": "yes", "consent": "no", "promise": "yes", "tone": "na"}
    # Nothing failed there, so there is nothing that it came from.
    assert sheet.causes == {"consent": "Forgot"}
    assert (sheet.remarks, sheet.comment) == ({"consent": "Hm"}, "Good")


def test_each_answer_has_its_key_and_what_is_chosen_is_shown() -> None:
    page = drawn(SheetForm(FORM, sheet=Sheet({"tone": "p4"}, remarks={"tone": "Calm"})))
    assert 'id="answer-tone-p4" value="p4" data-digit="2" checked' in page
    assert 'id="answer-tone-p2" value="p2" data-digit="4" data-failure' in page
    assert 'id="answer-tone-na" value="na" data-digit="n"' in page
    assert page.count(" checked") == 1
    assert ">Calm</textarea>" in page
    assert "fatal · compliance" in page
    assert "40 %" in page


def test_a_locked_sheet_can_only_be_looked_at() -> None:
    page = drawn(SheetForm(FORM, prefix="preview-", is_locked=True))
    assert page.count("disabled>") == 10
    assert "<kbd>" not in page
    assert 'name="preview-answer-tone"' in page


def test_a_refusal_stands_beside_the_question_that_it_names() -> None:
    sheet = SheetForm(FORM)
    fields = {"consent": ["Say what it came from."], "remark_tone": ["Too long."], "unknown": ["No such question."]}
    sheet.refuse(Invalid("invalid", "Please mend.", fields=fields))
    sheet.refuse(Conflict("not_held", "Somebody else has it."))
    page = drawn(sheet)
    assert 'href="#question-consent"' in page
    assert page.count("Say what it came from.") == 2
    assert page.count("Too long.") == 2
    assert [text for _address, _name, text in sheet.problems][:2] == ["No such question.", "Somebody else has it."]
