"""Reading calls and imports."""

from calls.selectors.imports import (
    OPEN_STATES,
    batch_get,
    batch_list,
    batches_open,
    error_kinds,
    profile_by_name,
    profile_get,
    profile_list,
    profile_versions,
    row_errors,
    unknown_codes,
)
from calls.selectors.records import (
    ContractRef,
    call_get,
    call_list,
    contract_refs,
    former_calls,
    last_offered_at,
    neighbor_calls,
    reason_list,
    with_names,
    zone_in_common,
)
from calls.selectors.selection import Selection, call_select

__all__ = [
    "OPEN_STATES",
    "ContractRef",
    "Selection",
    "batch_get",
    "batch_list",
    "batches_open",
    "call_get",
    "call_list",
    "call_select",
    "contract_refs",
    "error_kinds",
    "former_calls",
    "last_offered_at",
    "neighbor_calls",
    "profile_by_name",
    "profile_get",
    "profile_list",
    "profile_versions",
    "reason_list",
    "row_errors",
    "unknown_codes",
    "with_names",
    "zone_in_common",
]
