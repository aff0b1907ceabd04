"""Input of the pages about people and tokens; the services know the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.calc.access import API_CLIENT, roles_grantable
from accounts.calc.outbox import EVENTS
from accounts.models import ROLE_LABELS, Organization, Webhook
from accounts.selectors import name_ending, organization_list
from accounts.wording import EVENT_WORDS, MODE_WORDS, NOTICE_KIND_WORDS, PERMISSION_WORDS, name_hint
from core.errors import Invalid
from core.forms import RowForm
from core.scope import CLIENT, VENDOR, Scope

THEMES = [("", _("as the system")), ("light", _("light")), ("dark", _("dark"))]
LIVES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("one year"))]


class PreferencesForm(forms.Form):
    """What everybody sets for themselves."""

    display_name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What others see."))
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("as the browser")), *settings.LANGUAGES]
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=THEMES)


class TokenForm(forms.Form):
    """A new token; its owner's role bounds the choice of rights."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    permissions = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple, help_text=_("As little as it needs.")
    )
    days = forms.TypedChoiceField(label=_("Ends after"), choices=LIVES, coerce=int, initial=90)

    def __init__(self, *args: Any, permissions: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["permissions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, words) for name, words in PERMISSION_WORDS.items() if name in permissions]
        field.initial = ["kpis.view"]


class NoticePreferencesForm(forms.Form):
    """How somebody wants to be told, a choice for each kind."""

    def __init__(self, *args: Any, modes: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, mode in modes.items():
            self.fields[kind] = forms.ChoiceField(
                label=NOTICE_KIND_WORDS[kind], choices=list(MODE_WORDS.items()), initial=mode
            )


class WebhookForm(RowForm):
    """A receiver; a new one is active."""

    events = forms.MultipleChoiceField(
        label=_("What it is told of"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, EVENT_WORDS[name]) for name in EVENTS],
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "events", "is_active")
        labels = {"name": _("What it is for"), "is_active": _("Tell it of what happens")}
        help_texts = {"url": _("A public address that begins with https://. It is called with POST.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["is_active"]


class _OrganizationMixin(forms.Form):
    """Asks for the organization where the caller has more than one."""

    organization = forms.ModelChoiceField(
        label=_("Organization"), queryset=Organization.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        if scope.side == VENDOR:
            del self.fields["organization"]
            self.fields["username"].help_text = name_hint(name_ending(scope=scope))
        else:
            field = self.fields["organization"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = organization_list(scope=scope)

    @property
    def organization_id(self) -> int:
        """The chosen organization, or the caller's own."""
        chosen = self.cleaned_data.get("organization")
        return chosen.pk if chosen is not None else self.scope.organization_id


class UserForm(_OrganizationMixin):
    """A new person."""

    username = forms.CharField(label=_("User name"), max_length=150, help_text=_("To sign in with."))
    display_name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("For forgotten passwords."))
    role = forms.ChoiceField(
        label=_("Role"), help_text=_("Agents get their log-in on the agent's page, where the agent is known.")
    )

    field_order = ("organization", "username", "display_name", "email", "role")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
        set_role_choices(self, scope)


class ServiceForm(_OrganizationMixin):
    """A new service account."""

    username = forms.CharField(label=_("User name"), max_length=150)
    display_name = forms.CharField(label=_("What it is"), max_length=120)

    field_order = ("organization", "username", "display_name")


class UserChangeForm(forms.Form):
    """Somebody's name and address."""

    display_name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)


class RoleForm(forms.Form):
    """Another role for somebody."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, scope: Scope, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_role_choices(self, scope, side)


def set_role_choices(form: forms.Form, scope: Scope, side: str = "") -> None:
    """Offer the roles that the caller may give to people, grouped by side where both are possible."""
    sides = [side] if side else ([CLIENT, VENDOR] if scope.side == CLIENT else [VENDOR])
    groups = []
    for one in sides:
        roles = [r for r in roles_grantable(scope.role, scope.side, one) if r not in ("agent", API_CLIENT)]
        title = _("The client's people") if one == CLIENT else _("A vendor's people")
        groups.append((title, [(role, ROLE_LABELS[role]) for role in roles]))
    field = form.fields["role"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = groups if len(groups) > 1 else groups[0][1]


def mark_refused(form: forms.BaseForm, refusal: Invalid) -> None:
    """Put a service's refusal beside the fields that it names."""
    for name, messages in refusal.fields.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
    if not refusal.fields:
        form.add_error(None, refusal.message)
