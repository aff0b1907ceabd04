"""The one form page: shape is the form's, rules are the service's, and a refusal comes back beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from core.errors import Conflict, HouseError, Invalid
from core.formats import plain_text
from core.http import scope_of
from core.scope import Scope

EXPECTED = "expected_version"


class DayInput(forms.DateInput):
    """A day, picked or typed as 2026-06-15 whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """The shape of a row's fields; it validates no rule and saves nothing, both are the service's.

    For a row that exists it carries the version that the person saw.

    Args:
        writable: The fields that the role may set; the others are left out. None keeps all.
    """

    def __init__(self, *args: Any, writable: Iterable[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if writable is not None:
            for name in set(self.fields) - set(writable):
                del self.fields[name]
        if self.instance.pk is not None:
            version = getattr(self.instance, "version", None)
            self.fields[EXPECTED] = forms.IntegerField(initial=version, widget=forms.HiddenInput)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()

    def _post_clean(self) -> None:
        """Leave the instance as it was read: the service compares against it."""

    @property
    def values(self) -> dict[str, Any]:
        """The fields' values without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != EXPECTED}


def mark_refused(form: forms.BaseForm, refusal: HouseError) -> None:
    """Put a refusal beside the fields that it names; what has no field stands on top."""
    if isinstance(refusal, Invalid) and refusal.fields:
        for name, texts in refusal.fields.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        return
    form.add_error(None, refusal.message)
    if isinstance(refusal, Conflict):
        _mark_stale(form, refusal.details)


def _mark_stale(form: forms.BaseForm, details: Mapping[str, Any]) -> None:
    """Show what is saved now beside what was typed, and let the next submission build on it knowingly."""
    for name, (saved, _wanted) in dict(details.get("fields", {})).items():
        if name in form.fields:
            form.add_error(name, _("Saved meanwhile: %(value)s") % {"value": plain_text(saved)})
    if EXPECTED in form.fields and "version" in details:
        form.data = {**form.data.dict(), form.add_prefix(EXPECTED): details["version"]}  # type: ignore[attr-defined]


class FormPage(View):
    """Base of every form page; a subclass names its parts and makes the one service call.

    Answers 422 with the form where input is refused, 409 where somebody else was faster; nothing typed is lost.

    Attributes:
        permission: What the role needs to see the form; the service asks again.
        form_class: The form; gets ``instance`` where there is a row and ``writable`` if :meth:`get_writable` tells.
        done: What is said after it was saved.
    """

    permission = ""
    form_class: type[forms.BaseForm] = RowForm
    template_name = "components/form_page.html"
    title: Any = ""
    intro: Any = ""
    submit_label: Any = gettext_lazy("Save")
    done: Any = gettext_lazy("Saved.")

    def get_row(self, scope: Scope) -> Any:
        """Return the row to change, fetched in scope; None where one is made."""
        return None

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> forms.BaseForm:
        """Return the form, bound where data came."""
        given: dict[str, Any] = {} if row is None else {"instance": row}
        return self.form_class(data=data, **given)

    def save(self, scope: Scope, row: Any, form: Any) -> Any:
        """Call the service and return what :meth:`get_done_url` needs."""
        raise NotImplementedError

    def get_done_url(self, saved: Any) -> str:
        """Return where to go once it is saved."""
        raise NotImplementedError

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        """Return what else the template needs: crumbs, cancel_url, another title."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        scope = self._scope(request)
        row = self.get_row(scope)
        return self._page(request, scope, row, self.get_form(scope, row))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save, or show what stands in the way."""
        scope = self._scope(request)
        row = self.get_row(scope)
        form = self.get_form(scope, row, request.POST)
        status = 422
        if form.is_valid():
            try:
                saved = self.save(scope, row, form)
            except (Invalid, Conflict) as refusal:
                mark_refused(form, refusal)
                status = refusal.status
            else:
                messages.success(request, str(self.done))
                return redirect(self.get_done_url(saved))
        return self._page(request, scope, row, form, status)

    def _scope(self, request: HttpRequest) -> Scope:
        scope = scope_of(request)
        if self.permission:
            scope.require(self.permission)
        return scope

    def _page(
        self, request: HttpRequest, scope: Scope, row: Any, form: forms.BaseForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": self.title,
            "intro": self.intro,
            "submit_label": self.submit_label,
            "form": form,
            **self.get_context(scope, row),
        }
        return render(request, self.template_name, context, status=status)
