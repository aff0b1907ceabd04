"""What people type in about files and numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from calls import selectors
from core.errors import Invalid
from core.scope import Scope
from vendors import selectors as vendors


class NumberForm(forms.Form):
    """Why somebody needs a caller's number."""

    reason = forms.CharField(
        label=_("Why do you need the number?"),
        help_text=_("Your reason stands in the audit book; 50 numbers an hour."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        max_length=200,
    )


class UploadForm(forms.Form):
    """A file, whose it is and how it is to be read; a vendor's people are not asked whose."""

    vendor = forms.ChoiceField(label=_("Vendor"), help_text=_("Whose calls these are."))
    profile = forms.ChoiceField(
        label=_("How to read it"),
        required=False,
        help_text=_("Files of your own make need an import profile; files made from the template do not."),
    )
    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX, one line a call. Choose it, or drop it on the field.")
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.houses = {str(vendor.uuid): vendor for vendor in vendors.vendor_list(scope=scope)}
        self.profiles = {str(profile.uuid): profile for profile in selectors.profile_list(scope=scope)}
        self.fields["file"].widget.attrs |= {
            "accept": ".csv,.tsv,.txt,.xlsx",
            "data-max-bytes": settings.UPLOAD_MAX_BYTES,
            "data-too-large": _("The file is larger than %(size)d MB; split it.")
            % {"size": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        }
        self._choices_fill()
        self._defaults_fill()

    def _choices_fill(self) -> None:
        vendor, profile = self.fields["vendor"], self.fields["profile"]
        assert isinstance(vendor, forms.ChoiceField)
        assert isinstance(profile, forms.ChoiceField)
        if self.scope.is_client:
            vendor.choices = [("", "—"), *((key, house.name) for key, house in self.houses.items())]
        else:
            del self.fields["vendor"]
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, row in self.profiles.items():
            groups.setdefault(row.vendor.name, []).append((key, row.name))
        rest: list[Any] = [*groups.items()] if self.scope.is_client else [*next(iter(groups.values()), [])]
        profile.choices = [("", _("Columns as in the template")), *rest]

    def _defaults_fill(self) -> None:
        """Begin with what was chosen last time."""
        last = selectors.batch_list(scope=self.scope).filter(source="page").first()
        if last is None:
            return
        self.initial["vendor"] = str(last.vendor.uuid)
        current = {(row.vendor_id, row.name): key for key, row in self.profiles.items()}
        if last.profile is not None:
            self.initial["profile"] = current.get((last.vendor_id, last.profile.name), "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        house = self.houses.get(cleaned.get("vendor", "")) if self.scope.is_client else None
        cleaned["vendor_id"] = house.pk if house else self.scope.organization_id
        profile = cleaned["profile"] = self.profiles.get(cleaned.get("profile", ""))
        if profile is not None and house is not None and profile.vendor_id != house.pk:
            self.add_error("profile", _("This profile belongs to another vendor."))
        return cleaned


def errors_add(form: forms.Form, error: Invalid) -> None:
    """Show what a service refused beside the fields, or above them."""
    placed = False
    for name, found in error.fields.items():
        if name in form.fields:
            form.add_error(name, list(found))
            placed = True
    if not placed:
        form.add_error(None, str(error.message))
