"""News that higher rooms may hear: ids only, sent once the transaction is committed."""

from __future__ import annotations

from django.dispatch import Signal

# A clock of an incident reached a threshold: vendor_id, incident_id, clock ("locate" or "restore"), percent (75, 100).
incident_alert = Signal()
