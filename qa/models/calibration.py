"""Calibration: each party of a session has its own rows, so that rivals share a case without sharing a row.

The client's row leads; the vendor of the calls and a peer have rows of their own, with their own copy of what they may
read. No row of one names the other.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import PartyModel


class Part(models.TextChoices):
    """Whose room it is."""

    CLIENT = "client", _("the client")
    OWNER = "owner", _("the vendor of the calls")
    PEER = "peer", _("an anonymous peer")


class CalibrationState(models.TextChoices):
    """Where a session stands."""

    OPEN = "open", _("blind scoring")
    COMPLETE = "complete", _("complete")
    INCOMPLETE = "incomplete", _("incomplete")
    CANCELED = "canceled", _("canceled")


class Calibration(PartyModel):
    """A session as one party has it."""

    part = models.CharField(_("part"), max_length=6, choices=Part.choices)
    number = models.PositiveIntegerField(_("number"))
    # The client's row, for those of the vendors; a key alone, which tells nothing.
    lead_id = models.IntegerField(null=True, editable=False)
    # Only in the client's row.
    name = models.CharField(_("name"), max_length=120, blank=True)
    owner_id = models.IntegerField(null=True, editable=False)
    peer_id = models.IntegerField(null=True, editable=False)
    made_by = models.CharField(_("begun by"), max_length=150, blank=True, editable=False)
    agreed_by = models.CharField(_("consensus by"), max_length=150, blank=True, editable=False)
    # What everybody is asked, as it was when the session began.
    form_code = models.CharField(_("form"), max_length=40)
    form_name = models.CharField(_("name of the form"), max_length=120)
    form_number = models.PositiveIntegerField(_("version of the form"))
    body = models.JSONField(_("questions"))
    deadline_at = models.DateTimeField(_("blind until"))
    reveals_early = models.BooleanField(_("results as soon as everybody has scored"), default=True)
    made_at = models.DateTimeField(_("begun"), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=CalibrationState.choices, default=CalibrationState.OPEN)
    revealed_at = models.DateTimeField(_("revealed"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("consensus"), null=True, blank=True)
    # As the party may read them.
    results = models.JSONField(_("results"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "number"], name="qa_calibration_number"),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="qa_calibration_uuid"),
            models.UniqueConstraint(fields=["vendor_id", "id"], name="qa_calibration_key"),
            # What tells who else takes part stands in the client's row only.
            models.CheckConstraint(
                condition=Q(part=Part.CLIENT, lead_id__isnull=True, owner_id__isnull=False)
                | Q(
                    part__in=[Part.OWNER, Part.PEER], lead_id__isnull=False, owner_id__isnull=True,
                    peer_id__isnull=True, name="", made_by="", agreed_by="",
                ),
                name="qa_calibration_apart",
            ),
            models.CheckConstraint(
                condition=Q(peer_id__isnull=True) | ~Q(peer_id=F("owner_id")), name="qa_calibration_peer"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["vendor_id", "-id"], name="qa_calibration_newest"),
            models.Index(fields=["lead_id"], name="qa_calibration_lead"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.number}"


class CalibrationCase(PartyModel):
    """One conversation of a session as one party may read it."""

    calibration = models.ForeignKey(Calibration, models.PROTECT, related_name="cases", db_constraint=False)
    position = models.PositiveSmallIntegerField(_("case"))
    # Typed or stripped by the client; nothing in it tells whose it is where a peer reads it.
    text = models.TextField(_("what was said"), blank=True)
    # Never in a peer's row.
    contract_id = models.IntegerField(null=True, editable=False)
    reference = models.CharField(_("conversation"), max_length=100, blank=True)
    # What was agreed, question by question; a copy for each party.
    consensus = models.JSONField(_("consensus"), default=dict, blank=True)
    consensus_remarks = models.JSONField(_("why"), default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor_id", "calibration", "position"], name="qa_calibrationcase_position"
            ),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="qa_calibrationcase_uuid"),
            models.UniqueConstraint(fields=["vendor_id", "id"], name="qa_calibrationcase_key"),
        ]

    def __str__(self) -> str:
        return f"{self.calibration_id}/{self.position}"


class CalibrationSeat(PartyModel):
    """Somebody who scores in a session."""

    calibration = models.ForeignKey(Calibration, models.PROTECT, related_name="seats", db_constraint=False)
    user_id = models.IntegerField(editable=False)
    name = models.CharField(_("grader"), max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "calibration", "user_id"], name="qa_calibrationseat_once"),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="qa_calibrationseat_uuid"),
            models.UniqueConstraint(fields=["vendor_id", "id"], name="qa_calibrationseat_key"),
        ]

    def __str__(self) -> str:
        return self.name


class CalibrationSheet(PartyModel):
    """What one grader answered about one case; nobody else reads it before the session is revealed."""

    seat = models.ForeignKey(CalibrationSeat, models.PROTECT, related_name="sheets", db_constraint=False)
    case = models.ForeignKey(CalibrationCase, models.PROTECT, related_name="sheets", db_constraint=False)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    causes = models.JSONField(default=dict, blank=True)
    remarks = models.JSONField(_("remarks"), default=dict, blank=True)
    comment = models.TextField(_("comment"), max_length=3072, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "seat", "case"], name="qa_calibrationsheet_once"),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="qa_calibrationsheet_uuid"),
            models.UniqueConstraint(fields=["vendor_id", "id"], name="qa_calibrationsheet_key"),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}/{self.case_id}"
