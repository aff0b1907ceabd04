"""The rules of a draft, one by one: writing, removing and ordering them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from core.errors import NotFound
from core.scope import Scope
from qa import selectors
from qa.models import RuleDraft
from qa.services.rule_sets import rule_draft_change


@transaction.atomic
def rule_write(
    *, scope: Scope, uuid: UUID, expected_version: int, rule: Mapping[str, Any], key: str = "", question: str = ""
) -> RuleDraft:
    """Add a rule to a draft, or change one.

    Args:
        scope: Who acts.
        uuid: The draft.
        expected_version: As the caller saw it.
        rule: As ``qa.calc.speech_rules`` reads one; its key is given here.
        key: Of the rule to change; a new one is added if empty.
        question: Of the set's form: where people look for the same error.

    Raises:
        NotFound: There is no such draft for the caller, or no such rule in it.
        Forbidden: The role writes no rules.
        Conflict: Somebody saved the draft meanwhile.
        Invalid: Something is wrong with the rule.
    """
    scope.require("speech.edit")
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    rules = list(draft.body.get("rules", ()))
    if key:
        at = _place(rules, key)
        rules[at] = {**rule, "key": key}
    else:
        key = _key_new(draft, str(rule["kind"]))
        rules.append({**rule, "key": key})
    links = {**draft.links, key: question}
    return _changed(scope, draft, expected_version, rules, links)


@transaction.atomic
def rule_remove(*, scope: Scope, uuid: UUID, expected_version: int, key: str) -> RuleDraft:
    """Take a rule out of a draft; published versions keep it.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`rule_write`.
    """
    scope.require("speech.edit")
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    rules = list(draft.body.get("rules", ()))
    del rules[_place(rules, key)]
    return _changed(scope, draft, expected_version, rules, draft.links)


@transaction.atomic
def rule_move(*, scope: Scope, uuid: UUID, expected_version: int, key: str, is_up: bool) -> RuleDraft:
    """Move a rule one place up or down; at the end it stays.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`rule_write`.
    """
    scope.require("speech.edit")
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    rules = list(draft.body.get("rules", ()))
    at = _place(rules, key)
    to = min(max(at + (-1 if is_up else 1), 0), len(rules) - 1)
    rules.insert(to, rules.pop(at))
    return _changed(scope, draft, expected_version, rules, draft.links)


def _place(rules: list[dict[str, Any]], key: str) -> int:
    for at, rule in enumerate(rules):
        if rule["key"] == key:
            return at
    raise NotFound


def _key_new(draft: RuleDraft, kind: str) -> str:
    """A key that no rule of the draft has; the draft's version keeps it from one that was removed."""
    taken = {rule["key"] for rule in draft.body.get("rules", ())}
    number = draft.version
    while f"{kind}_{number}" in taken:
        number += 1
    return f"{kind}_{number}"


def _changed(
    scope: Scope, draft: RuleDraft, expected_version: int, rules: list[dict[str, Any]], links: Mapping[str, str]
) -> RuleDraft:
    values = {"body": {**draft.body, "rules": rules}, "links": dict(links)}
    return rule_draft_change(scope=scope, uuid=draft.uuid, expected_version=expected_version, values=values)
