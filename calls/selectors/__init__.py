"""Reading calls and imports."""

from calls.selectors.imports import (
    batch_get,
    batch_list,
    batches_open,
    profile_by_name,
    profile_list,
    row_errors,
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
)
from calls.selectors.selection import ALWAYS, Selection, call_select

__all__ = [
    "ALWAYS",
    "ContractRef",
    "Selection",
    "batch_get",
    "batch_list",
    "batches_open",
    "call_get",
    "call_list",
    "call_select",
    "contract_refs",
    "former_calls",
    "last_offered_at",
    "neighbor_calls",
    "profile_by_name",
    "profile_list",
    "reason_list",
    "row_errors",
    "with_names",
]
