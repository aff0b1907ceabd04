"""Writing contracts, what they cover, and their versions."""

from contracts.services.agreements import (
    contract_create,
    contract_update,
    coverage_remove,
    coverage_set,
    rebooking_ask,
)
from contracts.services.versions import (
    document_of,
    version_draft,
    version_return,
    version_sign,
    version_submit,
    version_update_terms,
)

__all__ = [
    "contract_create",
    "contract_update",
    "coverage_remove",
    "coverage_set",
    "document_of",
    "rebooking_ask",
    "version_draft",
    "version_return",
    "version_sign",
    "version_submit",
    "version_update_terms",
]
