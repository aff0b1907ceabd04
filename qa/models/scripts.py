"""Scripts: what is said on the line, version by version, each reviewed by a second person (A78, A80, A81)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedModel
from qa.calc.scripts import Line, ScriptKind, ScriptState, Stage, parts_read
from qa.models.forms import CODE

SCRIPT_STATES = {
    ScriptState.WAITING: _("waits for review"),
    ScriptState.APPROVED: _("approved"),
    ScriptState.RETURNED: _("sent back"),
    ScriptState.SUPERSEDED: _("replaced by a later version"),
    ScriptState.WITHDRAWN: _("withdrawn"),
}
SCRIPT_KINDS = {
    ScriptKind.CALL: _("call script"),
    ScriptKind.TEMPLATE: _("template"),
    ScriptKind.QUICK: _("quick wording"),
}
STAGES = {
    Stage.OPENING: _("Opening"),
    Stage.PURPOSE: _("Purpose and consent"),
    Stage.PROBLEM: _("Listen and confirm the problem"),
    Stage.SOLUTION: _("Offer a solution and confirm again"),
    Stage.SELLING: _("Selling points"),
    Stage.OBJECTION: _("Objections"),
    Stage.CLOSING: _("Closing"),
    Stage.OTHER: _("Other"),
}
SCRIPT_LANGUAGES = {"en": _("English"), "zh": _("Chinese"), "other": _("another language")}


class Script(ScopedModel):
    """One version of what is said on the line; another text is another version, and is reviewed again (A80)."""

    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[CODE],
        help_text=_("The same in every version, such as RENEWAL; forms and automatic checks point at it."),
    )
    number = models.PositiveIntegerField(_("version"), editable=False)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=SCRIPT_KINDS, default=ScriptKind.CALL)
    language = models.CharField(_("language"), max_length=8, choices=SCRIPT_LANGUAGES, default="en")
    # Codes of the vendor's call reasons; none means all.
    reasons = models.JSONField(_("reasons of calls"), default=list, blank=True)
    # As qa.calc.scripts stores lines, and what they say, to be searched.
    parts = models.JSONField(_("lines"))
    text = models.TextField(_("text"), editable=False)
    live_until = models.DateField(
        _("last day of use"), null=True, blank=True, help_text=_("Nobody uses it after that day; empty for no end.")
    )
    # The midnight after, on the clock of the vendor's contract.
    expires_at = models.DateTimeField(_("expires"), null=True, editable=False)
    change_note = models.CharField(_("what is new"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SCRIPT_STATES, default=ScriptState.WAITING)
    written_at = models.DateTimeField(_("written"), editable=False)
    written_by_id = models.IntegerField(null=True, editable=False)
    written_by = models.CharField(_("written by"), max_length=150, editable=False)
    written_side = models.CharField(max_length=6, editable=False)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, editable=False)
    reviewed_by_id = models.IntegerField(null=True, editable=False)
    reviewed_by = models.CharField(_("reviewed by"), max_length=150, blank=True, editable=False)
    review_note = models.TextField(_("remark of the review"), max_length=1000, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "code", "number"], name="qa_script_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_script_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_script_key"),
            models.UniqueConstraint(
                fields=["vendor", "code"], condition=Q(state=ScriptState.APPROVED), name="qa_script_one_live"
            ),
            # Two people, whatever a program says.
            models.CheckConstraint(
                condition=~Q(state=ScriptState.APPROVED)
                | Q(reviewed_by_id__isnull=False, written_by_id__isnull=True)
                | (Q(reviewed_by_id__isnull=False) & ~Q(reviewed_by_id=F("written_by_id"))),
                name="qa_script_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines, in the order in which they are said."""
        return parts_read(self.parts)

    def is_usable(self, at: datetime) -> bool:
        """Return whether it may be said at a moment: approved, the newest such, and not expired."""
        return self.state == ScriptState.APPROVED and (self.expires_at is None or at < self.expires_at)
