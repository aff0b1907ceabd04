"""Which days' scores are to be counted anew."""

from __future__ import annotations

from django.db import models

from contracts.models import Contract
from core.models import TenantModel


class ScoreMark(TenantModel):
    """That evaluations changed which count on a contract's local day; written with the change, drained by a tick."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.contract_id} {self.day}"
