"""Rollups: counts and sums that may be added over queues, days and vendors; ratios are made when read.

Where a KPI's recipe is the contract's choice, both parts of the ratio are stored as that day's version defines them
(``service_met`` / ``service_base``), so that adding rows of different versions stays right.
"""

from __future__ import annotations

from django.db import models

from core.models import TenantModel


class RollupModel(TenantModel):
    """A row written from calls, many at a time; ``(vendor_id, contract_id)`` is a key to contract and vendor.

    A second key to the vendor would check each row twice and promise nothing more.
    """

    vendor = models.ForeignKey(
        "vendors.Vendor", models.PROTECT, related_name="+", editable=False, db_index=False, db_constraint=False
    )

    class Meta:
        abstract = True


class Measures(models.Model):
    """What every rollup row holds; all are counts or seconds of calls that were not withdrawn."""

    # Inbound calls that entered the queue = answered + abandoned + flowed out.
    offered = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    abandoned = models.IntegerField(default=0)
    flowed_out = models.IntegerField(default=0)
    abandoned_short = models.IntegerField(default=0)
    # Parts of the KPIs whose recipe the contract fixes.
    service_met = models.IntegerField(default=0)
    service_base = models.IntegerField(default=0)
    connect_base = models.IntegerField(default=0)
    abandonment_met = models.IntegerField(default=0)
    abandonment_base = models.IntegerField(default=0)
    csat_met = models.IntegerField(default=0)
    csat_base = models.IntegerField(default=0)
    csat_sum = models.IntegerField(default=0)
    fcr_met = models.IntegerField(default=0)
    fcr_base = models.IntegerField(default=0)
    # Waits of answered inbound calls.
    wait_seconds = models.BigIntegerField(default=0)
    wait_max_seconds = models.IntegerField(default=0)
    # Handled = answered, inbound and outbound.
    handled = models.IntegerField(default=0)
    talk_seconds = models.BigIntegerField(default=0)
    hold_seconds = models.BigIntegerField(default=0)
    wrap_seconds = models.BigIntegerField(default=0)
    # Answered legs that came by transfer.
    transferred = models.IntegerField(default=0)
    dialed = models.IntegerField(default=0)
    success = models.IntegerField(default=0)
    resolved = models.IntegerField(default=0)

    class Meta:
        abstract = True


class QueueHalfHour(Measures, RollupModel):
    """One queue in one half-hour, counted from the first moment of the contract's local day."""

    pk = models.CompositePrimaryKey("contract_id", "queue_id", "bucket")
    contract_id = models.IntegerField()
    queue = models.ForeignKey("vendors.Queue", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    bucket = models.DateTimeField()
    # Version of the contract whose definitions were applied; none before the first signed one.
    definition_version_id = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "bucket"], name="sla_queuehalfhour_bucket")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.bucket}"


class QueueDay(Measures, RollupModel):
    """One queue on one local day of its contract: the sum of its half-hours."""

    pk = models.CompositePrimaryKey("contract_id", "queue_id", "day")
    contract_id = models.IntegerField()
    queue = models.ForeignKey("vendors.Queue", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()
    definition_version_id = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "day"], name="sla_queueday_day")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}"


class AgentDay(Measures, RollupModel):
    """One agent in one queue on one day; without offered, abandoned and flowed out, which have no agent yet."""

    pk = models.CompositePrimaryKey("contract_id", "agent_id", "queue_id", "day")
    contract_id = models.IntegerField()
    queue = models.ForeignKey("vendors.Queue", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    agent = models.ForeignKey("vendors.Agent", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()
    definition_version_id = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "day"], name="sla_agentday_day")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.day}"


class ReasonDay(Measures, RollupModel):
    """One call reason in one queue on one day; reason 0 stands for calls without one."""

    pk = models.CompositePrimaryKey("contract_id", "queue_id", "reason_id", "day")
    contract_id = models.IntegerField()
    queue = models.ForeignKey("vendors.Queue", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    reason_id = models.IntegerField()
    day = models.DateField()
    definition_version_id = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "day"], name="sla_reasonday_day")]

    def __str__(self) -> str:
        return f"{self.reason_id} {self.day}"


class ContractDay(RollupModel):
    """That a contract's day was computed, when, under which version, and from how many calls."""

    pk = models.CompositePrimaryKey("contract_id", "day")
    contract_id = models.IntegerField()
    day = models.DateField()
    definition_version_id = models.IntegerField(null=True)
    calls = models.IntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["vendor", "day"], name="sla_contractday_day")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.day}"


class AppliedVersion(TenantModel):
    """That the days of a signed version were marked for recomputing."""

    contract_version = models.OneToOneField(
        "contracts.Version", models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contract_version_id}"


class Sweep(TenantModel):
    """The last time a kind of background work looked at everything of a vendor; its age is the health (R9)."""

    name = models.CharField(max_length=40)
    looked_at = models.DateTimeField()
    findings = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "name"], name="sla_sweep_name")]

    def __str__(self) -> str:
        return self.name
