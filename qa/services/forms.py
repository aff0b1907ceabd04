"""Writing forms and publishing them: the same words at every vendor, and never changed once they are used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.services import fields_require
from audit.rows import row_add, row_change
from audit.services import record
from core.errors import Invalid
from core.scope import Scope
from qa import selectors
from qa.calc.forms import Form as Questions
from qa.calc.forms import FormError, form_read
from qa.calc.presets import PRESETS
from qa.models import Form, FormDraft
from qa.services.publishing import digest_of, publishing_enter, version_put
from qa.services.scripts import lines_require
from qa.wording import form_problem
from vendors.models import Vendor

# What stands on top of an exported form.
FORMAT = "callsteward.form.v1"


@transaction.atomic
def draft_create(*, scope: Scope, code: str, name: str, body: Mapping[str, Any]) -> FormDraft:
    """Begin a form; nothing uses it before it is published.

    Raises:
        Forbidden: The role writes no forms.
        Invalid: The code is taken or malformed, or something is wrong with the questions.
    """
    scope.require("qa.forms")
    fields_require(scope=scope, obj="form_draft", names=("code", "name", "body"))
    draft = FormDraft(
        vendor_id=scope.organization_id,
        code=code.strip().upper(),
        name=name.strip(),
        body=body_checked(body),
        changed_at=scope.at,
        changed_by=scope.actor[:150],
    )
    row_add(scope=scope, action="form_draft.created", row=draft, entered={"code": draft.code, "name": draft.name})
    return draft


def draft_from_preset(*, scope: Scope, preset: str, code: str, name: str) -> FormDraft:
    """Begin a form with what others begin with.

    Raises:
        Forbidden, Invalid: As :func:`draft_create`; or there is no such preset.
    """
    if preset not in PRESETS:
        raise Invalid("preset", _("Choose from the list."), fields={"preset": [_("Choose from the list.")]})
    return draft_create(scope=scope, code=code, name=name, body=PRESETS[preset]())


def draft_from_file(*, scope: Scope, content: bytes) -> FormDraft:
    """Begin a form from an exported one.

    Raises:
        Forbidden, Invalid: As :func:`draft_create`; or the file is no exported form.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = _("This is no JSON file: %(problem)s") % {"problem": str(error)[:200]}
        raise Invalid("file", message, fields={"file": [message]}) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT or not isinstance(document.get("body"), dict):
        message = _("This is no exported form; its “format” must be %(format)s.") % {"format": FORMAT}
        raise Invalid("file", message, fields={"file": [message]})
    code, name = (str(document.get(part) or "") for part in ("code", "name"))
    try:
        return draft_create(scope=scope, code=code, name=name, body=document["body"])
    except Invalid as refusal:
        told = [f"{field}: {text}" for field, texts in refusal.fields.items() for text in texts]
        raise Invalid("file", refusal.message, fields={"file": told or [refusal.message]}) from refusal


def form_document(*, code: str, name: str, body: Mapping[str, Any]) -> str:
    """Return a form as a file that another house can begin with."""
    return json.dumps({"format": FORMAT, "code": code, "name": name, "body": body}, ensure_ascii=False, indent=2)


@transaction.atomic
def draft_change(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> FormDraft:
    """Change name, code or questions of a draft; what was published of it stays as it is.

    Raises:
        NotFound: There is no such draft for the caller.
        Forbidden: The role writes no forms.
        Conflict: Somebody saved it meanwhile.
        Invalid: As :func:`draft_create`.
    """
    scope.require("qa.forms")
    fields_require(scope=scope, obj="form_draft", names=values)
    draft = selectors.draft_get(scope=scope, uuid=uuid)
    wanted = dict(values)
    if "body" in wanted:
        wanted["body"] = body_checked(wanted["body"])
    changed = {"changed_at": scope.at, "changed_by": scope.actor[:150]}
    row_change(
        scope=scope,
        action="form_draft.changed",
        row=draft,
        expected_version=expected_version,
        values={**wanted, **changed},
        untold=tuple(changed),
    )
    return draft


@transaction.atomic
def draft_delete(*, scope: Scope, uuid: UUID) -> None:
    """Throw a draft away; what was published of it stays.

    Raises:
        NotFound, Forbidden: As :func:`draft_change`.
    """
    scope.require("qa.forms")
    draft = selectors.draft_get(scope=scope, uuid=uuid)
    record(scope=scope, action="form_draft.deleted", target=draft, changes={"code": [draft.code, None]})
    FormDraft.objects.visible_to(scope).filter(pk=draft.pk).delete()


@transaction.atomic
def form_publish(*, scope: Scope, uuid: UUID, expected_version: int, vendors: Sequence[Vendor]) -> list[Form]:
    """Put what a draft says to use at some vendors; new evaluations are made with it, begun ones keep theirs.

    The same words get the same digest everywhere, so that scores can be compared. Where a vendor has them already
    nothing is published again.

    Args:
        scope: Who acts.
        uuid: The draft.
        expected_version: As the caller saw it: nobody publishes what somebody else just changed.
        vendors: Where; fetched in scope.

    Returns:
        The forms in use at these vendors.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`draft_change`.
        Invalid: No vendor was chosen, or a question is about a line that no script in use has.
    """
    scope.require("qa.forms")
    draft = selectors.draft_get(scope=scope, uuid=uuid)
    publishing_enter(
        scope=scope, draft=draft, expected_version=expected_version, vendors=vendors, action="form_draft.published"
    )
    body = body_checked(draft.body)
    _sections_require(selectors.questions_of(draft))
    references = [question.script for question in selectors.questions_of(draft).questions]
    lines_require(scope=scope, vendors=vendors, references=references)
    digest = digest_of(draft.name, body)
    return [_published(scope, draft, vendor, body, digest) for vendor in sorted(vendors, key=lambda one: one.pk)]


def _sections_require(questions: Questions) -> None:
    """Refuse what nobody could earn, or lose, in the end; what was published with it is read as ever."""
    told = []
    for at, section in enumerate(questions.sections):
        if questions.is_weighted and not section.is_worth:
            told.append(form_problem(f"sections.{at}", "worthless", ""))
        for number, question in enumerate(section.questions):
            # A section's percent goes where nothing else of it applies, and with it whatever this would take.
            takes = questions.is_weighted and any(choice.points < 0 for choice in question.choices)
            if not question.is_bonus and (question.points_most < 0 or (takes and question.points_most == 0)):
                told.append(form_problem(f"sections.{at}.questions.{number}", "penalty", ""))
    if told:
        raise Invalid("form", _("Please mend what is marked."), fields={"body": told})


def _published(scope: Scope, draft: FormDraft, vendor: Vendor, body: Mapping[str, Any], digest: str) -> Form:
    forms: QuerySet[Form] = Form.objects.visible_to(scope).filter(vendor=vendor, code=draft.code)
    live: Form | None = forms.filter(is_live=True).select_for_update().first()
    if live is not None and live.digest == digest:
        return live
    values = {"body": body, "digest": digest}
    return version_put(scope=scope, versions=forms, draft=draft, vendor=vendor, action="form.published", values=values)


@transaction.atomic
def form_retire(*, scope: Scope, uuid: UUID) -> Form:
    """Take a form out of use at a vendor; its evaluations stay, plans that ask for it draw nothing.

    Raises:
        NotFound: There is no such form for the caller.
        Forbidden: The role writes no forms.
    """
    scope.require("qa.forms")
    form = selectors.form_get(scope=scope, uuid=uuid)
    if Form.objects.visible_to(scope).filter(pk=form.pk, is_live=True).update(is_live=False):
        record(scope=scope, action="form.retired", target=form, changes={"is_live": [True, False]})
    form.is_live = False
    return form


def body_checked(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's questions as they are stored.

    Raises:
        Invalid: Beside ``body``, with everything that is wrong and where.
    """
    try:
        form_read(body)
    except FormError as error:
        told = [form_problem(*problem) for problem in error.problems]
        raise Invalid("form", _("Please mend what is marked."), fields={"body": told}) from error
    return dict(body)
