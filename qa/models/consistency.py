"""The question bank, and what vendors answered to it in mystery calls and when asked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from core.models import ScopedModel
from vendors.models import Agent

LANGUAGES = [("zh", _("Chinese")), ("en", _("English"))]


class AskedBy(models.TextChoices):
    """How a question was put."""

    MYSTERY = "mystery", _("mystery call")
    ASKED = "asked", _("asked openly")


class BankQuestion(ScopedModel):
    """A question with the answers that are right, as one revision; it belongs to the client and vendors never read it.

    What it asks does not change once it stands: another wording is another revision, and old replies keep theirs.
    """

    # The client is no vendor: its rows carry its organization's key.
    vendor = models.ForeignKey(
        "vendors.Vendor", models.PROTECT, related_name="+", editable=False, db_index=False, db_constraint=False
    )
    code = models.SlugField(_("code"), max_length=40, help_text=_("Short name, such as refund-days."))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    text = models.TextField(_("question"), max_length=1000)
    # Each is an answer group of its own: two right answers that differ are not the same.
    accepted = models.JSONField(_("accepted answers"), default=list)
    topic = models.CharField(_("reason"), max_length=80, blank=True, help_text=_("What customers call about."))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="zh")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    made_at = models.DateTimeField(_("written"), editable=False)
    made_by = models.CharField(_("written by"), max_length=150, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "code", "revision"],
                name="qa_bankquestion_revision",
                violation_error_message=_("Another question has this code."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_bankquestion_uuid"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="qa_bankquestion_valid_to",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}/{self.revision}"


class BankReply(ScopedModel):
    """What somebody at a vendor answered, with the question as it was then, judged right or wrong."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    asked_by = models.CharField(_("asked by"), max_length=7, choices=AskedBy.choices, default=AskedBy.MYSTERY)
    asked_on = models.DateField(_("asked on"))
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("agent")
    )
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
        verbose_name=_("contract"),
    )  # fmt: skip
    call_external_id = models.CharField(_("call"), max_length=100, blank=True)
    # The question belongs to another organization: no key reaches there, and what was asked stays as it was.
    question_uuid = models.UUIDField(editable=False)
    question_code = models.CharField(_("code of the question"), max_length=40)
    question_revision = models.PositiveSmallIntegerField(_("revision"))
    question_text = models.TextField(_("question"))
    topic = models.CharField(_("reason"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    answer = models.TextField(_("answer given"), max_length=2000)
    is_correct = models.BooleanField(_("right"))
    # Which of the accepted answers, or how the wrong one is classed: it would tell a vendor what others say.
    answer_group = models.CharField(_("answer group"), max_length=200)
    made_at = models.DateTimeField(_("entered"), editable=False)
    made_by = models.CharField(_("entered by"), max_length=150, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="qa_bankreply_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_bankreply_uuid"),
        ]
        indexes = [models.Index(fields=["vendor", "-asked_on", "-id"], name="qa_bankreply_day")]

    def __str__(self) -> str:
        return f"#{self.number}"
