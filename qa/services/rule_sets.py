"""Writing rules and lexicons and publishing them: the same words at every vendor, and never changed once they judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import refusals, row_add, row_change
from audit.services import record
from core.errors import Conflict, Invalid
from core.scope import Scope
from qa import selectors
from qa.calc.emotion import lexicon_read
from qa.calc.reading import Unreadable
from qa.calc.speech_rules import rules_read
from qa.models import CheckRun, RuleDraft, RuleSet, SpeechKind
from qa.services.publishing import digest_of, publishing_enter, version_put
from qa.services.scripts import lines_require
from qa.wording import speech_problem
from vendors.models import Vendor


def speech_checked(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return rules or a lexicon as they are stored.

    Raises:
        Invalid: Beside ``body``, with everything that is wrong and where.
    """
    try:
        if kind == SpeechKind.LEXICON:
            lexicon_read(body)
        elif body.get("rules") != []:
            # A set that somebody begins has no rules yet; it is published with some.
            rules_read(body)
    except Unreadable as error:
        told = [speech_problem(*problem) for problem in error.problems]
        raise Invalid("body", _("Please mend what is marked."), fields={"body": told}) from error
    return dict(body)


@transaction.atomic
def rule_draft_create(
    *, scope: Scope, code: str, name: str, kind: str = SpeechKind.RULES, body: Mapping[str, Any] | None = None
) -> RuleDraft:
    """Begin a rule set or a lexicon; nothing is judged by it before it is published.

    Raises:
        Forbidden: The role writes no rules.
        Invalid: The code is taken or malformed, or something is wrong with the rules.
    """
    scope.require("speech.edit")
    fields_require(scope=scope, obj="rule_draft", names=("code", "name", "body"))
    draft = RuleDraft(
        vendor_id=scope.organization_id,
        kind=kind,
        code=code.strip().upper(),
        name=name.strip(),
        body=speech_checked(kind, {"rules": []} if body is None else body),
        changed_at=scope.at,
        changed_by=scope.actor[:150],
    )
    row_add(scope=scope, action="rule_draft.created", row=draft, entered={"code": draft.code, "name": draft.name})
    return draft


@transaction.atomic
def lexicon_write(*, scope: Scope, expected_version: int, body: Mapping[str, Any]) -> RuleDraft:
    """Keep the house's lexicon as it is being written; nothing hints by it before it is published.

    Args:
        scope: Who acts.
        expected_version: As the caller saw it; 0 where there was none yet.
        body: As ``qa.calc.emotion`` reads it.

    Raises:
        Forbidden: The role writes no lexicon.
        Conflict: Somebody saved it meanwhile.
        Invalid: A word or a weight cannot be right.
    """
    scope.require("speech.edit")
    draft = selectors.lexicon_draft(scope=scope)
    if draft._state.adding:
        return rule_draft_create(scope=scope, code=draft.code, name=draft.name, kind=SpeechKind.LEXICON, body=body)
    return rule_draft_change(scope=scope, uuid=draft.uuid, expected_version=expected_version, values={"body": body})


@transaction.atomic
def rule_draft_change(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> RuleDraft:
    """Change a draft: name, rules, whose queue risky calls enter, what rules are measured against.

    Raises:
        NotFound: There is no such draft for the caller.
        Forbidden: The role writes no rules.
        Conflict: Somebody saved it meanwhile.
        Invalid: As :func:`rule_draft_create`.
    """
    scope.require("speech.edit")
    fields_require(scope=scope, obj="rule_draft", names=values)
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    wanted = dict(values)
    if "body" in wanted:
        wanted["body"] = speech_checked(draft.kind, wanted["body"])
        keys = {rule["key"] for rule in wanted["body"].get("rules", [])}
        links = wanted.get("links", draft.links)
        wanted["links"] = {key: question for key, question in links.items() if key in keys and question}
    changed = {"changed_at": scope.at, "changed_by": scope.actor[:150]}
    row_change(
        scope=scope,
        action="rule_draft.changed",
        row=draft,
        expected_version=expected_version,
        values={**wanted, **changed},
        untold=tuple(changed),
    )
    return draft


@transaction.atomic
def rule_draft_delete(*, scope: Scope, uuid: UUID) -> None:
    """Throw a draft away; what was published of it stays.

    Raises:
        NotFound: There is no such draft for the caller.
        Forbidden: The role writes no rules.
    """
    scope.require("speech.edit")
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    record(scope=scope, action="rule_draft.deleted", target=draft)
    RuleDraft.objects.visible_to(scope).filter(pk=draft.pk).delete()


@transaction.atomic
def rule_set_publish(*, scope: Scope, uuid: UUID, expected_version: int, vendors: Sequence[Vendor]) -> list[RuleSet]:
    """Put what a draft says to use at some vendors: transcripts that come from now on are judged by it.

    Transcripts that were judged by a former version keep its word until somebody asks for them to be judged again.
    Where a vendor has the same rules already nothing is published again; whose queue risky calls enter and what rules
    are measured against are set all the same.

    Returns:
        The rule sets in use at these vendors.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`rule_draft_change`.
        Invalid: No vendor was chosen, there are no rules yet, or one is about a line that no script in use has.
    """
    scope.require("speech.edit")
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    if draft.kind == SpeechKind.RULES and not draft.body.get("rules"):
        message = _("Add a rule first.")
        raise Invalid("body", message, fields={"body": [message], "__all__": [message]})
    publishing_enter(
        scope=scope, draft=draft, expected_version=expected_version, vendors=vendors, action="rule_draft.published"
    )
    body = speech_checked(draft.kind, draft.body)
    references = [str(rule.get("script") or "") for rule in body.get("rules", ())]
    lines_require(scope=scope, vendors=vendors, references=references)
    digest = digest_of(draft.name, body)
    return [_published(scope, draft, vendor, body, digest) for vendor in sorted(vendors, key=lambda one: one.pk)]


def _published(scope: Scope, draft: RuleDraft, vendor: Vendor, body: Mapping[str, Any], digest: str) -> RuleSet:
    sets: QuerySet[RuleSet] = RuleSet.objects.visible_to(scope).filter(vendor=vendor, code=draft.code)
    live: RuleSet | None = sets.filter(is_live=True).select_for_update().first()
    beside = {"side": draft.side, "form_code": draft.form_code, "links": draft.links}
    if live is not None and live.digest == digest:
        changes = {name: [getattr(live, name), value] for name, value in beside.items() if getattr(live, name) != value}
        if changes:
            sets.filter(pk=live.pk).update(**beside)
            record(scope=scope, action="rule_set.set", target=live, changes=changes)
            live.refresh_from_db()
        return live
    values = {"kind": draft.kind, "body": body, "digest": digest, **beside}
    return version_put(
        scope=scope, versions=sets, draft=draft, vendor=vendor, action="rule_set.published", values=values
    )


@transaction.atomic
def rule_set_retire(*, scope: Scope, uuid: UUID) -> RuleSet:
    """Take rules out of use at a vendor; what they said stays.

    Raises:
        NotFound: There is no such rule set for the caller.
        Forbidden: The role writes no rules.
    """
    scope.require("speech.edit")
    found = selectors.rule_set_get(scope=scope, uuid=uuid)
    if RuleSet.objects.visible_to(scope).filter(pk=found.pk, is_live=True).update(is_live=False):
        record(scope=scope, action="rule_set.retired", target=found, changes={"is_live": [True, False]})
    found.is_live = False
    return found


@transaction.atomic
def rule_set_run(*, scope: Scope, uuid: UUID, first: date, last: date) -> CheckRun:
    """Have former transcripts judged by the version that is in use now; ticks work it off.

    Raises:
        NotFound: There is no such rule set for the caller.
        Forbidden: The role writes no rules.
        Conflict: The version is out of use, or such a run is under way.
        Invalid: The days lie the wrong way round, or there is no transcript of them.
    """
    scope.require("speech.edit")
    found = selectors.rule_set_get(scope=scope, uuid=uuid)
    if not found.is_live or found.kind != SpeechKind.RULES:
        raise Conflict("wrong_state", _("These rules are out of use; run the version that is in use."))
    runs = CheckRun.objects.visible_to(scope).filter(rule_set=found)
    if runs.filter(finished_at__isnull=True).exists():
        raise Conflict("running", _("These rules are being run over former calls already."))
    total = selectors.run_transcripts(scope=scope, rule_set=found, first=first, last=last).count()
    if not total:
        message = _("There is no transcript of these days.")
        raise Invalid("invalid", message, fields={"last_day": [message]})
    run = CheckRun(
        vendor_id=found.vendor_id,
        rule_set=found,
        first_day=first,
        last_day=last,
        asked_at=scope.at,
        asked_by=scope.actor[:150],
        total_count=total,
    )
    with refusals(run):
        run.save(force_insert=True)
    entered = {"first_day": first.isoformat(), "last_day": last.isoformat(), "total_count": total}
    changes = {name: [None, value] for name, value in entered.items()}
    record(scope=scope, action="rule_set.run_asked", target=found, changes=changes)
    return run
