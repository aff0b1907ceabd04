"""Contracts in the states that tests start from."""

from __future__ import annotations

from datetime import date
from typing import Any

from contracts import services
from contracts.models import Contract, Version
from core.scope import Scope, activate
from tests.world import World
from vendors.models import Queue, Vendor


def contract_draft_make(
    *, scope: Scope, vendor: Vendor, starts_on: date = date(2026, 7, 1), ends_on: date | None = None, code: str = "D-1"
) -> Contract:
    """Create a contract without a version."""
    return services.contract_create(
        scope=scope,
        vendor_id=vendor.pk,
        code=code,
        name=f"Draft {code}",
        zone="Asia/Shanghai",
        starts_on=starts_on,
        ends_on=ends_on,
    )


def version_draft_make(*, scope: Scope, contract: Contract, queues: list[Queue]) -> Version:
    """Cover queues and draft the contract's first version."""
    for queue in queues:
        services.coverage_set(
            scope=scope, contract_uuid=contract.uuid, queue_uuid=queue.uuid, starts_on=contract.starts_on
        )
    return services.version_draft(scope=scope, contract_uuid=contract.uuid)


def amendment_sign(*, world: World, contract: Contract, **terms: Any) -> Version:
    """Draft an amendment with some terms, submit it as one person and sign it as another."""
    finance, manager = world.scope("contract_finance"), world.scope("programme_manager")
    with activate(manager):
        draft = services.version_draft(scope=finance, contract_uuid=contract.uuid)
        if terms:
            draft = services.version_update_terms(
                scope=finance, uuid=draft.uuid, expected_version=draft.version, **terms
            )
        sent = services.version_submit(scope=finance, uuid=draft.uuid, expected_version=draft.version)
        return services.version_sign(scope=manager, uuid=sent.uuid, expected_version=sent.version)
