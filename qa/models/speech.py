"""Rules over transcripts and lexicons of tempers: what the client is writing, and what was published to each vendor."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import PartyModel, ScopedModel, TenantModel
from qa.models.forms import CODE
from qa.models.plans import Side


class SpeechKind(models.TextChoices):
    """What a published text says."""

    RULES = "rules", _("rules")
    LEXICON = "lexicon", _("lexicon of tempers")


class SpeechFields(models.Model):
    """What a draft and what was published of it have in common."""

    kind = models.CharField(_("kind"), max_length=8, choices=SpeechKind.choices, default=SpeechKind.RULES)
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    name = models.CharField(_("name"), max_length=120)
    # As qa.calc.speech_rules or qa.calc.emotion reads it.
    body = models.JSONField(_("rules"), default=dict)
    # Whose queue a call with a risky hit enters first, and the form that it is evaluated by there. The rules are
    # measured against the same form: rule to the question that looks for the same error. None of it judges a call.
    side = models.CharField(_("risky calls are evaluated by"), max_length=6, choices=Side.choices, default=Side.CLIENT)
    form_code = models.CharField(_("form of risky calls"), max_length=40, blank=True)
    links = models.JSONField(_("measured against"), default=dict, blank=True)

    class Meta:
        abstract = True


class RuleDraft(PartyModel, SpeechFields):
    """Rules or a lexicon as the client writes them; transcripts are judged by what was published of it."""

    changed_at = models.DateTimeField(_("changed"), editable=False)
    changed_by = models.CharField(_("changed by"), max_length=150, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor_id", "code"],
                name="qa_ruledraft_code",
                violation_error_message=_("Another rule set has this code."),
            ),
            models.UniqueConstraint(fields=["vendor_id", "uuid"], name="qa_ruledraft_uuid"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RuleSet(ScopedModel, SpeechFields):
    """A published version at one vendor; the same digest is the same rules, wherever they are used."""

    number = models.PositiveIntegerField(_("version"))
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    is_live = models.BooleanField(_("in use"), default=True)
    published_at = models.DateTimeField(_("published"), editable=False)
    published_by = models.CharField(_("published by"), max_length=150, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "code", "number"], name="qa_ruleset_number"),
            models.UniqueConstraint(fields=["vendor", "code"], name="qa_ruleset_live", condition=Q(is_live=True)),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_ruleset_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_ruleset_key"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class CheckRun(TenantModel):
    """Former transcripts that are to be judged by a version that came later; worked off in slices."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="runs", db_constraint=False)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.CharField(_("asked for by"), max_length=150)
    total_count = models.PositiveIntegerField(_("transcripts"), default=0)
    done_count = models.PositiveIntegerField(_("judged"), default=0)
    # The key of the last transcript that was judged.
    reached = models.BigIntegerField(default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        constraints = [
            # One at a time; who asks twice asks for the same.
            models.UniqueConstraint(
                fields=["vendor", "rule_set"],
                name="qa_checkrun_open",
                condition=Q(finished_at__isnull=True),
                violation_error_message=_("These rules are being run over former calls already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_set_id}: {self.first_day}–{self.last_day}"
