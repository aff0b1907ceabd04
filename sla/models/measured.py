"""KPIs that are measured above this room and brought down to it as numerator and denominator."""

from __future__ import annotations

from django.db import models

from core.models import TenantModel


class MeasuredDay(TenantModel):
    """One KPI of one contract on one of its local days; a day without anything to divide by has no row."""

    contract_id = models.IntegerField()
    day = models.DateField()
    kpi = models.CharField(max_length=40)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "contract_id", "kpi", "day"], name="sla_measuredday_day"),
            models.CheckConstraint(condition=models.Q(denominator__gt=0), name="sla_measuredday_base"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.day} {self.kpi}"
