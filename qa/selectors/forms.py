"""Reading forms: drafts of one's own organization, and what was published."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from core.errors import NotFound
from core.scope import CLIENT, Scope
from qa.calc.forms import Form as Questions
from qa.calc.forms import form_read
from qa.calc.states import TOLD
from qa.models import Draw, Evaluation, Form, FormDraft


def draft_list(*, scope: Scope) -> QuerySet[FormDraft]:
    """Return the drafts of the caller's own organization."""
    rows: QuerySet[FormDraft] = FormDraft.objects.visible_to(scope)
    return rows.filter(vendor_id=scope.organization_id).order_by("code")


def draft_get(*, scope: Scope, uuid: UUID) -> FormDraft:
    """Return a draft.

    Raises:
        NotFound: There is none for the caller.
    """
    found = draft_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def form_list(*, scope: Scope) -> QuerySet[Form]:
    """Return every published version, the newest of each form first."""
    rows: QuerySet[Form] = Form.objects.visible_to(scope).select_related("vendor")
    return rows.order_by("code", "vendor__name", "-number")


def form_get(*, scope: Scope, uuid: UUID) -> Form:
    """Return a published version.

    Raises:
        NotFound: There is none for the caller.
    """
    found = form_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def form_live(*, scope: Scope, vendor_id: int, code: str) -> Form | None:
    """Return the version of a form that is in use at a vendor; None if it has none."""
    return form_list(scope=scope).filter(vendor_id=vendor_id, code=code, is_live=True).first()


def questions_of(form: Form | FormDraft) -> Questions:
    """Return what a stored form asks."""
    return form_read(form.body)


def form_codes(*, scope: Scope) -> dict[str, str]:
    """Return the codes of all published forms with the name that each has now, in order of the names."""
    rows = Form.objects.visible_to(scope).order_by("published_at", "pk").values_list("code", "name")
    return dict(sorted(dict(rows).items(), key=lambda pair: (pair[1], pair[0])))


def form_code_usual(*, scope: Scope) -> str | None:
    """Return the code of the form of the newest conversation that was drawn and told, so that there is a score to see.

    Before anything is told it is the newest draw's, or any; None if there is no form.
    """
    told = Evaluation.objects.visible_to(scope).filter(draw__isnull=False, side=CLIENT, state__in=sorted(TOLD))
    newest: str | None = told.order_by("-day", "-pk").values_list("form__code", flat=True).first()
    if newest is not None:
        return newest
    drawn: str | None = (
        Draw.objects.visible_to(scope).order_by("-day", "-pk").values_list("form__code", flat=True).first()
    )
    return drawn or next(iter(form_codes(scope=scope)), None)


def question_failed(*, scope: Scope, key: str) -> Q:
    """Return the condition of evaluations that failed a question, by the version of the form of each."""
    found = Q(pk__in=[])
    for form in form_list(scope=scope):
        question = next((one for one in questions_of(form).questions if one.key == key), None)
        if question is not None:
            failures = [choice.key for choice in question.choices if choice.is_failure]
            found |= Q((f"answers__{key}__in", failures), form=form)
    return found
