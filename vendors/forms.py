"""The shape of what is typed about vendors, sites, queues and agents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import RowForm
from core.scope import Scope
from vendors import selectors
from vendors.calc.places import country_names, zone_groups
from vendors.models import Agent, Queue, Site, Vendor


def country_choices() -> list[tuple[str, str]]:
    """Return the countries for a select, by their names in the language of the page."""
    return [("", "—"), *country_names(get_language() or "en").items()]


def country_name(code: str) -> str:
    """Return a country's name in the language of the page."""
    return country_names(get_language() or "en").get(code, code)


class ZoneField(forms.ChoiceField):
    """A time zone from the closed list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", "—"), *zone_groups()], **kwargs)


class CountryField(forms.ChoiceField):
    """A country from the closed list, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=country_choices, required=False, **kwargs)


class VendorForm(RowForm):
    """A vendor's own facts."""

    country = CountryField(label=_("Country"))

    class Meta:
        model = Vendor
        fields = ("name", "code", "country", "contact_name", "contact_email", "note", "is_active")
        widgets = {"note": forms.Textarea({"rows": 3})}
        labels = {"is_active": _("We work with this vendor")}
        help_texts = {
            "note": _("Only your own organization reads this."),
            "is_active": _(
                "Without the tick its people cannot sign in and its tokens are refused; nothing is deleted."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields.pop("is_active", None)


class PartForm(RowForm):
    """A part of a vendor.

    Args:
        scope: Who fills it in.
        vendor: Whose part it is; None lets the person choose.
    """

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields.pop("is_active", None)
        if vendor is None:
            self.fields["vendor"] = forms.ModelChoiceField(
                label=_("Vendor"),
                queryset=selectors.vendor_list(scope=scope),
                to_field_name="uuid",
                empty_label=_("Choose a vendor"),
            )
            self.order_fields(["vendor"])


class SiteForm(PartForm):
    """A place where agents sit."""

    country = CountryField(label=_("Country"))
    zone = ZoneField(label=_("Time zone"))

    class Meta:
        model = Site
        fields = ("name", "code", "city", "country", "zone", "is_active")
        labels = {"is_active": _("In use")}


class QueueForm(PartForm):
    """A service line."""

    class Meta:
        model = Queue
        fields = ("name", "code", "direction", "is_active")
        labels = {"is_active": _("In use")}
        help_texts = {"code": _("As the call files name it.")}


class SiteChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A site; where vendors are mixed, its vendor stands before it."""

    with_vendor = False

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.vendor.name} · {obj.name}" if self.with_vendor else obj.name


class AgentForm(PartForm):
    """Somebody who answers calls."""

    class Meta:
        model = Agent
        fields = ("name", "code", "site", "team", "hired_on", "left_on", "is_active")
        labels = {"is_active": _("Works here")}
        help_texts = {"code": _("As the call files name this person."), "left_on": _("Last day at work.")}

    def __init__(self, *args: Any, scope: Scope, vendor: Vendor | None, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, vendor=vendor, **kwargs)
        if "site" not in self.fields:
            return
        sites = selectors.site_list(scope=scope)
        field = SiteChoiceField(
            label=_("Site"),
            queryset=sites if vendor is None else sites.filter(vendor=vendor),
            to_field_name="uuid",
            empty_label=_("none yet"),
            required=False,
        )
        field.with_vendor = vendor is None
        self.fields["site"] = field
        if self.instance.pk is not None and self.instance.site is not None:
            self.initial["site"] = self.instance.site.uuid


class LoginForm(forms.Form):
    """A log-in for an agent.

    Args:
        name_hint: What to know about the user name.
    """

    username = forms.CharField(label=_("User name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("For forgotten passwords."))

    def __init__(self, *args: Any, name_hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = name_hint
