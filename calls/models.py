"""The calls as the vendors reported them, how they came in, and which days they changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.calc.canonical import AbandonPlace, CallDirection, Outcome
from core.models import ScopedModel, TenantModel


class CallReason(ScopedModel):
    """Why people call, in the vendor's coding."""

    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "code"], name="calls_reason_code"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="calls_reason_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="calls_reason_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Customer(TenantModel):
    """A caller of one vendor: the number encrypted, a keyed hash to match repeats, a masked text to show (P1)."""

    pk = models.CompositePrimaryKey("vendor_id", "customer_key")
    # No constraint: the policy checks the vendor of every row already, and callers come by the hundred thousand.
    vendor = models.ForeignKey(
        "vendors.Vendor", models.PROTECT, related_name="+", editable=False, db_index=False, db_constraint=False
    )
    # 64 bits of a keyed hash; every vendor has another key, so rivals' callers cannot be matched.
    customer_key = models.BigIntegerField()
    number_encrypted = models.BinaryField(null=True)
    number_masked = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.number_masked


class CallFields(models.Model):
    """The columns of a call, shared by the newest revision and the former ones; fixed width first."""

    offered_at = models.DateTimeField(_("offered"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    customer_key = models.BigIntegerField(null=True)
    contract_id = models.IntegerField()
    vendor = models.ForeignKey(
        "vendors.Vendor", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    queue = models.ForeignKey("vendors.Queue", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    agent = models.ForeignKey(
        "vendors.Agent", models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    reason = models.ForeignKey(
        CallReason, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    batch_id = models.IntegerField()
    revision = models.IntegerField(_("revision"))
    ring_seconds = models.IntegerField(_("ring (s)"), null=True)
    wait_seconds = models.IntegerField(_("wait (s)"), null=True)
    talk_seconds = models.IntegerField(_("talk (s)"), null=True)
    hold_seconds = models.IntegerField(_("hold (s)"), null=True)
    wrap_seconds = models.IntegerField(_("wrap-up (s)"), null=True)
    direction = models.SmallIntegerField(_("direction"), choices=[(d.value, d.name.lower()) for d in CallDirection])
    outcome = models.SmallIntegerField(_("outcome"), choices=[(o.value, o.name.lower()) for o in Outcome])
    abandon_place = models.SmallIntegerField(
        _("place of abandon"), null=True, choices=[(p.value, p.name.lower()) for p in AbandonPlace]
    )
    csat = models.SmallIntegerField(_("survey answer"), null=True)
    resolved = models.BooleanField(_("resolved"), null=True)
    success = models.BooleanField(_("success"), null=True)
    external_id = models.TextField(_("call"))
    transferred_from = models.TextField(_("transferred from"), null=True)
    recording = models.TextField(_("recording"), null=True)
    ivr_path = models.TextField(_("IVR path"), null=True)
    # The time as the file wrote it, for arguments about zones and clocks.
    offered_text = models.TextField()

    class Meta:
        abstract = True


class Call(CallFields, TenantModel):
    """The newest revision of a call; a withdrawn one stays as a tombstone and counts nowhere.

    Partitioned by month of ``offered_at``. No foreign key leaves it but the vendor's policy: the importer checks
    queue, agent and reason against the vendor's own.
    """

    pk = models.CompositePrimaryKey("contract_id", "external_id", "offered_at")

    def __str__(self) -> str:
        return self.external_id


class CallIdentity(TenantModel):
    """Where a vendor's call lies: its id is one call's, whatever month or contract a correction moves it to (I3).

    The fact is partitioned by month, so its own key holds the time and cannot promise this.
    """

    pk = models.CompositePrimaryKey("vendor_id", "external_id")
    vendor = models.ForeignKey(
        "vendors.Vendor", models.PROTECT, related_name="+", editable=False, db_index=False, db_constraint=False
    )
    external_id = models.TextField()
    contract_id = models.IntegerField()
    offered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.external_id


class FormerCall(CallFields, TenantModel):
    """A revision that a newer one replaced, or that came after a newer one; never changed, never counted."""

    id = models.BigAutoField(primary_key=True)
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contract_id", "external_id"], name="calls_formercall_call")]

    def __str__(self) -> str:
        return f"{self.external_id} r{self.revision}"


class ImportProfile(ScopedModel):
    """How one kind of file maps to the canonical columns; a change makes a new version."""

    name = models.CharField(_("name"), max_length=60)
    number = models.PositiveIntegerField(_("version"), default=1)
    document = models.JSONField(_("mapping"))
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "name", "number"], name="calls_profile_version"),
            models.UniqueConstraint(
                fields=["vendor", "name"], condition=Q(is_current=True), name="calls_profile_current"
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="calls_profile_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="calls_profile_key"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class BatchSource(models.TextChoices):
    """How rows came in."""

    PAGE = "page", _("page")
    COMMAND = "command", _("command")
    API = "api", _("API")


class BatchState(models.TextChoices):
    """The life of a file."""

    RECEIVED = "received", _("received")
    CHECKED = "checked", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("loading")
    LOADED = "loaded", _("loaded")
    REFUSED = "refused", _("refused")
    CANCELED = "canceled", _("canceled")
    QUARANTINED = "quarantined", _("set aside after three failures")


class Batch(ScopedModel):
    """One file or one request of rows, and the account of every row in it (I4)."""

    number = models.PositiveIntegerField(_("number"))
    source = models.CharField(_("way in"), max_length=8, choices=BatchSource.choices)
    state = models.CharField(_("state"), max_length=12, choices=BatchState.choices, default=BatchState.RECEIVED)
    profile = models.ForeignKey(ImportProfile, models.PROTECT, null=True, related_name="+", db_constraint=False)
    file_name = models.CharField(_("file"), max_length=200)
    size_bytes = models.BigIntegerField(_("size"))
    sha256 = models.BinaryField(max_length=32)
    # Set once nothing more is wanted of the file; a loaded or waiting file of the same bytes is refused.
    is_open_or_loaded = models.BooleanField(default=True, editable=False)
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)
    received_by = models.CharField(max_length=150, blank=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Who checks the file holds it until this moment and keeps moving it; a dead worker's lease runs out.
    lease_until = models.DateTimeField(null=True, editable=False)
    # Load without waiting for anybody's confirmation.
    is_confirmed = models.BooleanField(default=False, editable=False)
    problem = models.CharField(max_length=60, blank=True)
    problem_details = models.JSONField(default=dict)
    # Progress of checking and loading, in rows and parts.
    rows_expected = models.BigIntegerField(default=0)
    rows_seen = models.BigIntegerField(default=0)
    parts_total = models.PositiveIntegerField(default=0)
    parts_done = models.PositiveIntegerField(default=0)
    # rows_read = new + updated + unchanged + superseded + duplicate + rejected
    rows_read = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)
    rows_updated = models.BigIntegerField(default=0)
    rows_unchanged = models.BigIntegerField(default=0)
    rows_superseded = models.BigIntegerField(default=0)
    rows_duplicate = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    first_offered_at = models.DateTimeField(null=True)
    last_offered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="calls_batch_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="calls_batch_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="calls_batch_key"),
            models.UniqueConstraint(
                fields=["vendor", "sha256"], condition=Q(is_open_or_loaded=True), name="calls_batch_file_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="loaded")
                | Q(
                    rows_read=models.F("rows_new")
                    + models.F("rows_updated")
                    + models.F("rows_unchanged")
                    + models.F("rows_superseded")
                    + models.F("rows_duplicate")
                    + models.F("rows_rejected")
                ),
                name="calls_batch_rows_add_up",
            ),
        ]
        indexes = [models.Index(fields=["vendor", "state"], name="calls_batch_state")]

    def __str__(self) -> str:
        return f"{self.file_name} (#{self.number})"


class RowError(TenantModel):
    """Why one row of a file was rejected; the value is masked before it gets here."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="errors", db_constraint=False, db_index=False)
    line = models.BigIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=100)
    rule = models.CharField(_("rule"), max_length=60)
    value = models.CharField(_("value"), max_length=200)

    class Meta:
        indexes = [models.Index(fields=["vendor", "batch", "line"], name="calls_rowerror_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.rule}"


class Mark(TenantModel):
    """A day of a contract whose calls changed; append-only, deleted by whoever recomputes the day (R2)."""

    id = models.BigAutoField(primary_key=True)
    contract_id = models.IntegerField()
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contract_id", "day"], name="calls_mark_day")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.day}"


class StoredAnswer(TenantModel):
    """The answer to a bulk request, replayed for the same Idempotency-Key of the same client (I9)."""

    # No constraint: what the client did to its own list is an answer too, and the client is no vendor.
    vendor = models.ForeignKey(
        "vendors.Vendor", models.PROTECT, related_name="+", editable=False, db_index=False, db_constraint=False
    )
    client_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "client_id", "key"], name="calls_storedanswer_key")]

    def __str__(self) -> str:
        return self.key
