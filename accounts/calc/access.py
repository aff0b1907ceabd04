"""Roles (to be completed with the object x field x role table)."""

ROLES = (
    "platform_admin", "programme_manager", "contract_finance", "client_qa", "client_wfm", "auditor",
    "vendor_manager", "vendor_supervisor", "vendor_qa", "vendor_wfm", "agent", "api_client",
)


def permissions_of(role: str, *, side: str) -> frozenset[str]:
    """Return the actions of a role."""
    return frozenset()
