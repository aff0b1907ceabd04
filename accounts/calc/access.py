"""What the tables of rights say of a role: which actions, which fields, which objects."""

from __future__ import annotations

from functools import cache

from accounts.calc.objects import INTERNAL_MODELS, MODELS, VIEW_PERMISSIONS
from accounts.calc.rights import (
    API_CLIENT,
    CLIENT_ROLES,
    COLUMNS,
    FIELDS,
    PERMISSIONS,
    ROLES,
    VENDOR_ROLES,
)

__all__ = [
    "API_CLIENT",
    "CLIENT_ROLES",
    "COLUMNS",
    "INTERNAL_MODELS",
    "MODELS",
    "ROLES",
    "VENDOR_ROLES",
    "VIEW_PERMISSIONS",
]

# Objects of a contract's draft: to vendors, their history begins with the signature.
DRAFTED = frozenset({"version", "definition", "target"})
SIGNING = "signed"
# To vendors, what the client did with an evaluation begins with its release: two views of one call must not know each
# other before both are told.
BLIND = "evaluation"
UNBLINDED = ("evaluation.released", "evaluation.revised", "evaluation.declined", "evaluation.closed")

# The platform's own work (commands, tasks) sees with these roles' eyes.
PLATFORM = "platform"
_PLATFORM_AS = {"client": "programme_manager", "vendor": "vendor_manager"}


@cache
def permissions_of(role: str, side: str) -> frozenset[str]:
    """Return the actions of a role; none for a role that the side does not have."""
    column = _column(role, side)
    if column is None:
        return frozenset()
    return frozenset(names[0] for marks, names in _rows(PERMISSIONS) if marks[column] == "y")


@cache
def token_permissions_of(role: str, side: str) -> frozenset[str]:
    """Return the actions that a role's API token may carry: none that make people, tokens or clear numbers."""
    return frozenset(
        name
        for name in permissions_of(role, side)
        if name != "customers.unmask" and not name.startswith(("users.", "tokens."))
    )


@cache
def all_permissions() -> tuple[str, ...]:
    """Return every action there is, in the table's order."""
    return tuple(names[0] for _, names in _rows(PERMISSIONS))


@cache
def fields_readable(role: str, side: str, obj: str) -> frozenset[str]:
    """Return the fields of an object that exist for a role.

    Raises:
        KeyError: The table has no such object.
    """
    return _fields(role, side, obj, "rw")


@cache
def fields_writable(role: str, side: str, obj: str) -> frozenset[str]:
    """Return the fields of an object that a role may set.

    Raises:
        KeyError: The table has no such object.
    """
    return _fields(role, side, obj, "w")


def version_states_visible(side: str) -> frozenset[str]:
    """Return the states in which a contract's version exists for a side: to vendors, only what was signed.

    >>> sorted(version_states_visible("vendor"))
    ['signed']
    """
    return frozenset({"signed"} if side == "vendor" else {"draft", "in_review", "signed"})


def roles_grantable(role: str, side: str, organization_side: str) -> tuple[str, ...]:
    """Return the roles that somebody may give, take away or deactivate in an organization of the given side.

    A vendor's manager manages the people below; managers themselves are the platform admin's.
    """
    if role != PLATFORM and "users.manage" not in permissions_of(role, side):
        return ()
    if side == "client":
        return (*(CLIENT_ROLES if organization_side == "client" else VENDOR_ROLES), API_CLIENT)
    if organization_side == "vendor":
        return (*(name for name in VENDOR_ROLES if name != "vendor_manager"), API_CLIENT)
    return ()


def object_of(model_name: str) -> str | None:
    """Return the table's object for a model's name, as audit entries carry it.

    >>> object_of("queuedefinition")
    'definition'
    """
    return next((obj for label, obj in MODELS.items() if label.partition(".")[2] == model_name), None)


@cache
def table() -> dict[str, dict[str, str]]:
    """Return object to field to its marks, one for each of :data:`COLUMNS`."""
    result: dict[str, dict[str, str]] = {}
    for marks, names in _rows(FIELDS):
        if not marks:
            result[names[0]] = fields = {}
            continue
        for name in names:
            if name.lstrip("+") in fields:
                raise ValueError(f"{name} stands in the table twice")
            fields[name.lstrip("+")] = marks
    return result


@cache
def derived_fields(obj: str) -> frozenset[str]:
    """Return the fields of an object that are no column of its model."""
    current, result = "", set()
    for marks, names in _rows(FIELDS):
        current = current if marks else names[0]
        if current == obj and marks:
            result |= {name[1:] for name in names if name.startswith("+")}
    return frozenset(result)


def _fields(role: str, side: str, obj: str, marks: str) -> frozenset[str]:
    fields = table()[obj]
    column = _column(role, side)
    if column is None:
        return frozenset()
    return frozenset(name for name, row in fields.items() if row[column] in marks)


def _column(role: str, side: str) -> int | None:
    key = (_PLATFORM_AS.get(side, "") if role == PLATFORM else role, side)
    return COLUMNS.index(key) if key in COLUMNS else None


def _rows(text: str) -> list[tuple[str, list[str]]]:
    """Split a table into marks and names; a heading such as ``[vendor]`` has no marks."""
    rows: list[tuple[str, list[str]]] = []
    for line in text.strip().splitlines()[2:]:
        if line.startswith("["):
            rows.append(("", [line.strip("[]")]))
            continue
        client, vendor, api, *names = line.split()
        marks = client + vendor + api
        if len(marks) != len(COLUMNS):
            raise ValueError(f"{len(COLUMNS)} marks expected: {line}")
        rows.append((marks, names))
    return rows
