"""Editing a form as it is stored: adding, moving and removing parts of it, whatever state the rest is in."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from qa.calc.forms import Form, Kind

# What can be done with a part; ``insert`` puts a new one behind it.
DEEDS = ("add", "insert", "copy", "remove", "up", "down")
PLACE = re.compile(r"sections(\.\d{1,3}(\.questions(\.\d{1,3}(\.choices(\.\d{1,3})?)?)?)?)?")
# Labels of the answers of a new question: yes and no, five steps of a scale, two to choose from.
Words = Mapping[Kind, tuple[str, ...]]
PLAIN_WORDS: Words = {
    Kind.YES_NO: ("Yes", "No"),
    Kind.SCALE: ("Excellent", "Good", "Fair", "Poor", "Very poor"),
    Kind.CHOICE: ("First answer", "Second answer"),
}


def form_edited(
    body: Mapping[str, Any], deed: str, place: str, words: Words = PLAIN_WORDS
) -> tuple[dict[str, Any], str]:
    """Return a form after one deed, and the place of the part that the deed was about.

    Args:
        body: As stored; its parts may be wrong, its lists are lists.
        deed: One of :data:`DEEDS`; ``add`` takes the place of a list, the others that of a part.
        place: Such as ``sections.0.questions.2``.
        words: Labels of new answers.

    Returns:
        A copy; as it was, with the same place, where nothing is left to do: the first part does not go up.

    Raises:
        ValueError: There is no such deed or place.

    >>> body = {"sections": [{"key": "s1", "questions": [{"key": "q1"}, {"key": "q2"}]}]}
    >>> edited, place = form_edited(body, "down", "sections.0.questions.0")
    >>> [question["key"] for question in edited["sections"][0]["questions"]], place
    (['q2', 'q1'], 'sections.0.questions.1')
    """
    if deed not in DEEDS or not PLACE.fullmatch(place):
        raise ValueError("there is no such deed or place")
    edited = copy.deepcopy(dict(body))
    parent, last = _reached(edited, place)
    if deed == "add":
        rows = parent.setdefault(last, []) if isinstance(parent, dict) else None
        if not isinstance(rows, list):
            raise ValueError("there is no such deed or place")
        rows.append(_new(edited, last, words))
        return edited, f"{place}.{len(rows) - 1}"
    if not isinstance(parent, list):
        raise ValueError("there is no such deed or place")
    above, at = place.rpartition(".")[0], int(last)
    name = above.rpartition(".")[2]
    if deed in ("insert", "copy"):
        parent.insert(at + 1, _new(edited, name, words) if deed == "insert" else _copied(edited, name, parent[at]))
        return edited, f"{above}.{at + 1}"
    if deed == "remove":
        parent.pop(at)
        return edited, f"{above}.{min(at, len(parent) - 1)}" if parent else above
    return edited, _moved(edited, above, at, -1 if deed == "up" else 1)


def _moved(body: dict[str, Any], above: str, at: int, step: int) -> str:
    rows, to = _list(body, above), at + step
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
        return f"{above}.{to}"
    parts = above.split(".")
    if parts[-1] != "questions":
        return f"{above}.{at}"
    # Beyond the edge of its section a question goes on into the next one.
    section = int(parts[1]) + step
    if not 0 <= section < len(body["sections"]):
        return f"{above}.{at}"
    others = body["sections"][section].setdefault("questions", [])
    there = len(others) if step < 0 else 0
    others.insert(there, rows.pop(at))
    return f"sections.{section}.questions.{there}"


def _reached(body: dict[str, Any], place: str) -> tuple[Any, str]:
    *way, last = place.split(".")
    found: Any = body
    for name in way:
        try:
            found = found[int(name)] if isinstance(found, list) else found[name]
        except (KeyError, IndexError) as error:
            raise ValueError("there is no such deed or place") from error
    if isinstance(found, list) and int(last) >= len(found):
        raise ValueError("there is no such deed or place")
    return found, last


def _list(body: dict[str, Any], place: str) -> list[Any]:
    parent, last = _reached(body, place)
    rows: list[Any] = parent[last]
    return rows


def _new(body: Mapping[str, Any], name: str, words: Words) -> dict[str, Any]:
    if name == "sections":
        section: dict[str, Any] = {"key": _key(_keys(body, "sections"), "s"), "title": ""}
        if any(row.get("weight") is not None for row in body.get("sections", [])):
            section["weight"] = 0
        return section | {"questions": [_new(body, "questions", words)]}
    if name == "questions":
        key = _key(_keys(body, "questions"), "q")
        return {"key": key, "text": "", "kind": Kind.YES_NO.value, "choices": answers_of(Kind.YES_NO, words)}
    return {"key": "", "label": "", "points": 0}


def _copied(body: Mapping[str, Any], name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part with keys of its own: two questions of one key would share an answer."""
    made = copy.deepcopy(dict(part))
    taken = {name: set(_keys(body, name)) for name in ("sections", "questions")}
    if name == "choices":
        return made | {"key": ""}
    for row in made.get("questions", []) if name == "sections" else [made]:
        row["key"] = _key(taken["questions"], "q")
        taken["questions"].add(row["key"])
    if name == "sections":
        made["key"] = _key(taken["sections"], "s")
    return made


def _keys(body: Mapping[str, Any], name: str) -> Iterator[str]:
    for section in body.get("sections", []):
        if name == "sections":
            yield str(section.get("key"))
        else:
            yield from (str(question.get("key")) for question in section.get("questions", []))


def _key(taken: Any, letter: str) -> str:
    known, number = set(taken), 1
    while f"{letter}{number}" in known:
        number += 1
    return f"{letter}{number}"


def keys_given(choices: list[dict[str, Any]]) -> None:
    """Give a key to the answers of a question that have none yet.

    >>> rows = [{"key": "a1"}, {"key": ""}]
    >>> keys_given(rows)
    >>> [row["key"] for row in rows]
    ['a1', 'a2']
    """
    for row in choices:
        if not row.get("key"):
            row["key"] = _key((other.get("key") for other in choices), "a")


def answers_of(kind: Kind, words: Words = PLAIN_WORDS) -> list[dict[str, Any]]:
    """Return the answers that a new question of a kind begins with.

    >>> [(row["label"], row["points"], row.get("is_failure", False)) for row in answers_of(Kind.YES_NO)]
    [('Yes', 10, False), ('No', 0, True)]
    """
    labels = words[kind]
    if kind is Kind.YES_NO:
        found = [{"key": "yes", "points": 10}, {"key": "no", "points": 0, "is_failure": True}]
    elif kind is Kind.SCALE:
        found = [{"key": f"p{5 - at}", "points": 5 - at, **({"is_failure": True} if at > 2 else {})} for at in range(5)]
    else:
        found = [{"key": "a1", "points": 10}, {"key": "a2", "points": 0, "is_failure": True}]
    return [{**row, "label": label} for row, label in zip(found, labels, strict=True)]


def form_blank(words: Words = PLAIN_WORDS, title: str = "", text: str = "") -> dict[str, Any]:
    """Return a form with one section and one question."""
    question = {"key": "q1", "text": text, "kind": Kind.YES_NO.value, "choices": answers_of(Kind.YES_NO, words)}
    section = {"key": "s1", "title": title, "questions": [question]}
    return {"pass_percent": 80, "fatal_rule": "zero", "sections": [section]}


def shares_of(form: Form) -> dict[str, Fraction]:
    """Return what each question is worth of the whole when all of them apply, 0..1; bonus questions come on top.

    Source: docs/formulas.md, "QA score".

    >>> from qa.calc.forms import form_read
    >>> form = form_read(form_blank(title="All", text="Greets"))
    >>> shares_of(form)
    {'q1': Fraction(1, 1)}
    """
    points = {question.key: max(question.points_most, 0) * question.weight for question in form.questions}
    sums = [sum(points[q.key] for q in section.questions if not q.is_bonus) for section in form.sections]
    weights = [section.weight or 0 for section in form.sections] if form.is_weighted else sums
    # A section in which nothing can be earned leaves its percent to the others.
    whole = sum(weight for weight, total in zip(weights, sums, strict=True) if total)
    return {
        question.key: Fraction(points[question.key] * weight, total * whole) if total and whole else Fraction(0)
        for section, weight, total in zip(form.sections, weights, sums, strict=True)
        for question in section.questions
    }
