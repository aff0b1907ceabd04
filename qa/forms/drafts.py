"""Beginning a form, and saying at which vendors it is used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.scope import Scope
from qa.models.forms import CODE
from qa.wording import PRESET_NAMES
from vendors import selectors as vendors

SCRATCH = "scratch"
FILE_BYTES_MOST = 1024 * 1024


class DraftNewForm(forms.Form):
    """What a form is called and what it begins with; a file brings its own name."""

    begin = forms.ChoiceField(
        label=_("Begin with"),
        choices=[*PRESET_NAMES.items(), (SCRATCH, _("an empty form")), ("file", _("an exported form"))],
        widget=forms.RadioSelect,
        initial="three_dimensions",
    )
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, validators=[CODE],
        help_text=_("Plans ask for the form by it, such as SERVICE-2026. It stays over all versions."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("A JSON file that “Export” gave; it holds code and name.")
    )

    def clean_code(self) -> str:
        """Return the code in capital letters."""
        return str(self.cleaned_data["code"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen beginning needs."""
        found = super().clean() or {}
        if found.get("begin") == "file":
            needed = ["file"]
            if found.get("file") and found["file"].size > FILE_BYTES_MOST:
                self.add_error("file", _("The file is too large for a form."))
        else:
            needed = ["code", "name"]
        for name in needed:
            if not found.get(name) and name not in self.errors:
                self.add_error(name, _("This field is required."))
        return found

    def full_clean(self) -> None:
        """Read the code as it is meant: nobody has to type capital letters."""
        if self.is_bound and self.data.get("code"):
            self.data = {**self.data.dict(), "code": str(self.data["code"]).strip().upper()}  # type: ignore[attr-defined]
        super().full_clean()


class PublishForm(forms.Form):
    """Where a form comes to use."""

    vendors: Any = forms.ModelMultipleChoiceField(
        queryset=None, to_field_name="uuid", widget=forms.CheckboxSelectMultiple, required=False, label=_("Vendors")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vendors"].queryset = vendors.vendor_list(scope=scope)  # type: ignore[attr-defined]
