"""Reading rules and lexicons: drafts of one's own organization, what was published, and runs over former calls."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import NotFound
from core.scope import Scope
from qa.calc.emotion import LEVEL_DEFAULT, LEXICON_DEFAULT, Lexicon, lexicon_read
from qa.calc.forms import Question
from qa.calc.speech_rules import Rule, rules_read
from qa.models import CheckRun, RuleDraft, RuleSet, SpeechKind, Transcript
from qa.selectors.forms import form_list, questions_of


def rule_draft_list(*, scope: Scope) -> QuerySet[RuleDraft]:
    """Return the drafts of the caller's own organization."""
    rows: QuerySet[RuleDraft] = RuleDraft.objects.visible_to(scope)
    return rows.filter(vendor_id=scope.organization_id).order_by("code")


def rule_draft_get(*, scope: Scope, uuid: UUID) -> RuleDraft:
    """Return a draft.

    Raises:
        NotFound: There is none for the caller.
    """
    found = rule_draft_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def rule_set_list(*, scope: Scope) -> QuerySet[RuleSet]:
    """Return every published version, the newest of each rule set first."""
    rows: QuerySet[RuleSet] = RuleSet.objects.visible_to(scope).select_related("vendor")
    return rows.order_by("code", "vendor__name", "-number")


def rule_set_get(*, scope: Scope, uuid: UUID) -> RuleSet:
    """Return a published version.

    Raises:
        NotFound: There is none for the caller.
    """
    found = rule_set_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def rules_of(rule_set: RuleSet | RuleDraft) -> tuple[Rule, ...]:
    """Return the rules of a stored set; none of one that was only begun."""
    return rules_read(rule_set.body) if rule_set.body.get("rules") else ()


def run_list(*, scope: Scope, rule_set: RuleSet) -> QuerySet[CheckRun]:
    """Return the runs of a version over former calls, the newest first."""
    rows: QuerySet[CheckRun] = CheckRun.objects.visible_to(scope)
    return rows.filter(rule_set=rule_set).order_by("-pk")


def run_transcripts(
    *, scope: Scope, rule_set: RuleSet, first: date, last: date, after: int = 0
) -> QuerySet[Transcript]:
    """Return the transcripts of some days that a run judges; those that wait are judged without one."""
    rows: QuerySet[Transcript] = Transcript.objects.visible_to(scope)
    return rows.filter(vendor_id=rule_set.vendor_id, day__gte=first, day__lte=last, is_waiting=False, pk__gt=after)


def questions_asked(*, scope: Scope, code: str) -> tuple[Question, ...]:
    """Return what the newest version of a form asks that is in use anywhere; nothing if none is."""
    form = form_list(scope=scope).filter(code=code, is_live=True).order_by("-published_at", "-pk").first()
    return tuple(questions_of(form).questions) if form is not None else ()


def lexicon_draft(*, scope: Scope) -> RuleDraft:
    """Return the house's lexicon as it is being written; before anybody did, what the product begins with, unsaved."""
    found = rule_draft_list(scope=scope).filter(kind=SpeechKind.LEXICON).first()
    return found or RuleDraft(
        vendor_id=scope.organization_id,
        kind=SpeechKind.LEXICON,
        code="LEXICON",
        name=_("Lexicon of tempers"),
        body={"weights": dict(LEXICON_DEFAULT), "level": LEVEL_DEFAULT},
        version=0,
    )


def lexicon_live(*, scope: Scope, vendor_id: int) -> Lexicon:
    """Return the lexicon in use at a vendor; what the product begins with, where none was published."""
    found: RuleSet | None = (
        rule_set_list(scope=scope)
        .filter(vendor_id=vendor_id, kind=SpeechKind.LEXICON, is_live=True)
        .order_by("-published_at")
        .first()
    )
    return lexicon_read(found.body) if found is not None else Lexicon(LEXICON_DEFAULT)
