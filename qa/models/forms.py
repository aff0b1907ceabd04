"""Forms: what the client is writing, and what was published to each vendor and never changes again."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import PartyModel, ScopedModel

CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{0,39}\Z", _("Capital letters, digits and hyphens."))


class FormDraft(PartyModel):
    """A form as its owner writes it; evaluations use what was published of it."""

    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    name = models.CharField(_("name"), max_length=120)
    # As qa.calc.forms reads it.
    body = models.JSONField(_("questions"), default=dict)
    changed_at = models.DateTimeField(_("changed"), editable=False)
    changed_by = models.CharField(_("changed by"), max_length=150, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor_id", "code"],
                name="qa_formdraft_code",
                violation_error_message=_("Another form has this code."),
            ),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="qa_formdraft_uuid"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Form(ScopedModel):
    """A published version of a form at one vendor; the same digest is the same form, wherever it is used."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    number = models.PositiveIntegerField(_("version"))
    body = models.JSONField(_("questions"))
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    is_live = models.BooleanField(_("in use"), default=True)
    published_at = models.DateTimeField(_("published"), editable=False)
    published_by = models.CharField(_("published by"), max_length=150, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "code", "number"], name="qa_form_number"),
            models.UniqueConstraint(fields=["vendor", "code"], name="qa_form_live", condition=Q(is_live=True)),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_form_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_form_key"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"
