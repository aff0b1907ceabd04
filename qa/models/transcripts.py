"""Transcripts, the lists that they came with, and what the rules say about each."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models import CallReason
from contracts.models import Contract
from core.models import ScopedModel, TenantModel
from qa.models.speech import RuleSet
from vendors.models import Agent, Queue

IMPORT_STATES = [("reading", _("being read")), ("done", _("read"))]


class TranscriptImport(ScopedModel):
    """What somebody sent at once, and what became of each transcript in it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    source = models.CharField(_("way in"), max_length=8, choices=[("page", _("page")), ("api", _("API"))])
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"))
    received_by = models.CharField(_("received by"), max_length=150)
    received_side = models.CharField(max_length=6)
    state = models.CharField(_("state"), max_length=8, choices=IMPORT_STATES, default="reading")
    rows_sent = models.PositiveIntegerField(_("sent"), default=0)
    rows_read = models.PositiveIntegerField(_("read"), default=0)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rows_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    # The first thousand: name of the row, place in it, rule, what would be right.
    problems = models.JSONField(_("what was rejected"), default=list, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_transcriptimport_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_transcriptimport_key"),
            models.CheckConstraint(
                condition=Q(rows_read=F("rows_new") + F("rows_changed") + F("rows_unchanged") + F("rows_rejected")),
                name="qa_transcriptimport_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "-received_at"], name="qa_transcriptimport_at"),
            models.Index(fields=["id"], name="qa_transcriptimport_open", condition=Q(state="reading")),
        ]

    def __str__(self) -> str:
        return self.file_name or self.get_source_display()


class StagedTranscript(TenantModel):
    """One transcript as it came, sealed, until it is read; a moment later nothing is left of it."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(TranscriptImport, models.CASCADE, related_name="+", db_constraint=False)
    # As the account names it: line 3, or a file in an archive.
    name = models.CharField(max_length=200)
    call = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["vendor", "owner", "id"], name="qa_stagedtranscript_of")]

    def __str__(self) -> str:
        return self.name


class Transcript(ScopedModel):
    """A call in writing; long numbers in it are covered for good."""

    id = models.BigAutoField(primary_key=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    external_id = models.CharField(_("call"), max_length=100)
    # Of the call, as it was when the transcript came.
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_constraint=False)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", db_constraint=False)
    reason = models.ForeignKey(CallReason, models.PROTECT, null=True, related_name="+", db_constraint=False)
    offered_at = models.DateTimeField(_("call of"))
    # The contract's local day of the call.
    day = models.DateField(_("day"))
    # As qa.calc.transcripts reads it.
    body = models.JSONField()
    digest = models.CharField(max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=2, blank=True, choices=[("zh", "中文"), ("en", "English")])
    turns_count = models.PositiveIntegerField(_("turns"))
    owner = models.ForeignKey(TranscriptImport, models.PROTECT, related_name="+", db_constraint=False)
    received_at = models.DateTimeField(_("received"))
    # Nobody judged it yet, or not as it reads now.
    is_waiting = models.BooleanField(_("to be judged"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "contract", "external_id"], name="qa_transcript_call"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_transcript_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_transcript_key"),
        ]
        indexes = [
            models.Index(fields=["vendor", "-day", "-id"], name="qa_transcript_day"),
            models.Index(fields=["vendor", "agent", "-day"], name="qa_transcript_agent"),
            models.Index(fields=["vendor", "id"], name="qa_transcript_waiting", condition=Q(is_waiting=True)),
        ]

    def __str__(self) -> str:
        return self.external_id


class Check(ScopedModel):
    """What one version of the rules says about one transcript; no person's score, and never mixed with one."""

    id = models.BigAutoField(primary_key=True)
    transcript = models.ForeignKey(Transcript, models.PROTECT, related_name="checks", db_constraint=False)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", db_constraint=False)
    # The transcript's, for questions about a period.
    day = models.DateField(_("day"))
    checked_at = models.DateTimeField(_("judged"))
    # Keys of the rules that applied, by what they say; the others could not be judged.
    failed = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("failed rules"))
    passed = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("passed rules"))
    is_risky = models.BooleanField(_("risky"), default=False)
    # The word of the newest version that judged the transcript; figures count no other.
    is_current = models.BooleanField(default=True, editable=False)
    # Each rule's verdict, reason, hits, numerator and denominator.
    results = models.JSONField(_("results"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "transcript", "rule_set"], name="qa_check_once"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_check_uuid"),
        ]
        indexes = [
            models.Index(fields=["vendor", "rule_set", "-day", "-id"], name="qa_check_day"),
            models.Index(fields=["vendor", "-day", "-id"], name="qa_check_all", condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return f"{self.transcript_id}: {self.rule_set_id}"
