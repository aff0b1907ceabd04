"""Finds what somebody was told and should not have been (D2).

Everything that stands in the database is harvested; the one table of rights says which of it a principal may read.
Words that carry the mark of a rival, or of the client's own affairs, may not turn up at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps

from accounts.calc.access import (
    CLIENT_ROLES,
    INTERNAL_MODELS,
    MODELS,
    VENDOR_ROLES,
    fields_readable,
    object_of,
    table,
    version_states_visible,
)
from core.formats import seconds_text
from sla.calc.incidents import OPEN_STATES
from tests.access.house import ANDES, BORAL, CLIENT, MARKS, RIVALS, House
from tests.access.principals import Principal
from tests.conftest import superuser
from tickets.selectors import HANDLER_ROLES, VIEWER_ROLES

MARK = re.compile(r"andes|boral|(?<![a-z0-9])(?:q7x|z9k|k0c)(?![a-z0-9])")
WORDS = re.compile(r"[\w.+-]+")
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DIGESTS = re.compile(r"\b[0-9a-f]{64}\b")
# Whole numbers from a thousand on, plain, with separators, or as hours, minutes and seconds.
NUMBERS = re.compile(r"(?<![\w.,:-])(?:\d{1,3}(?:,\d{3})+|\d{4,}|\d+:\d\d:\d\d)(?![\w:-]|[.,]\d)")
PHONES = re.compile(r"\+?8613[\d•]+")
PATTERNS = (UUIDS, DIGESTS, NUMBERS, PHONES)
LEAST_NUMBER = 1000
# What an agent's calls and figures name: their contract, and the version whose definition counted.
NAMED_TO_AGENTS = {("contract", name) for name in ("uuid", "code", "name", "zone")} | {("version", "uuid")}
# Figures; what is told of them is harvested with the calls.
ROLLUPS = {label for label in INTERNAL_MODELS if label.startswith("sla.")}
# What of outbound tasks an agent sees, by which of its fields.
_HELD = {
    "tickets.attempt": "handler_id",
    "tickets.contact": "id",
    "tickets.campaign": "state",
    "qa.script": "state",
}
TOKENS = {ANDES: ("ANDES", "Q7X"), BORAL: ("BORAL", "Z9K"), CLIENT: ("K0C",)}


@dataclass(frozen=True)
class Value:
    """One stored value: whose row, which object and field of the table of rights, and its words."""

    owner: int
    obj: str
    field: str
    words: frozenset[str]
    row: int


@dataclass
class Harvest:
    """All that the database holds."""

    values: list[Value]
    rows: list[dict[str, Any]]


def words_in(text: str) -> set[str]:
    """Return what could be a mark in a text, in one spelling."""
    text = text.lower()
    found = {match for pattern in PATTERNS for match in pattern.findall(text)}
    if MARK.search(text):
        found |= {word for word in WORDS.findall(text) if MARK.search(word)}
    return found


def words_of(value: Any) -> set[str]:
    """Return how a stored value may be written."""
    if isinstance(value, dict | list):
        parts = [part for pair in value.items() for part in pair] if isinstance(value, dict) else value
        return set().union(*(words_of(part) for part in parts))
    if isinstance(value, bytes | memoryview):
        return {bytes(value).hex()} if len(value) >= 16 else set()
    if isinstance(value, int) and value >= LEAST_NUMBER:
        return {str(value), f"{value:,}", seconds_text(value)}
    return words_in(str(value)) if isinstance(value, str | UUID) else set()


def harvest(house: House) -> Harvest:
    """Read every table of tenant data, and the people, past the walls."""
    found = Harvest([], [])
    with closing(superuser()) as opened, opened.cursor() as cursor:
        for model in apps.get_models():
            label = model._meta.label_lower
            names = {field.column: field.name for field in model._meta.concrete_fields if field.column}
            owner = _OWNERS.get(label, "vendor_id" if "vendor_id" in names else "")
            if not owner or label in ROLLUPS:
                continue
            columns = ", ".join(f"t.{column}" for column in names)
            cursor.execute(f"SELECT {owner}, {columns} FROM {model._meta.db_table} t")
            for owner_id, *values in cursor.fetchall():
                row = dict(zip(names.values(), values, strict=True)) | {"_label": label, "_owner": owner_id}
                found.rows.append(row)
                _keep(found, label, owner_id, row)
    return found


_MEMBER = "(SELECT organization_id FROM accounts_membership m WHERE m.user_id = {})"
_OWNERS = {
    "accounts.user": _MEMBER.format("t.id"),
    "accounts.apitoken": _MEMBER.format("t.user_id"),
    "accounts.organization": "t.id",
}


def _keep(found: Harvest, label: str, owner: int, row: dict[str, Any]) -> None:
    obj, number = MODELS.get(label, ""), len(found.rows) - 1
    for name, value in row.items():
        if name.startswith("_") or (isinstance(value, int) and (name == "id" or name.endswith("_id"))):
            continue
        if label == "audit.entry" and name == "changes":
            about = object_of(row["object_type"]) or ""
            for field, change in value.items():
                known = about in table() and field in table()[about]
                # A name that is no field of the object is for the client's readers only, one's own deeds apart.
                theirs = "" if row["object_type"] or row["side"] == "client" else "vendor"
                key = f"{about}.{field}" if known else theirs
                found.values.append(Value(owner, "change", key, frozenset(words_of(change)), number))
            continue
        found.values.append(Value(owner, obj, name, frozenset(words_of(value)), number))


class Scanner:
    """Knows which words may reach a principal, and names the others."""

    def __init__(self, house: House, stored: Harvest, who: Principal) -> None:
        self.who = who
        own = house.vendor_id(who.organization) if who.organization else None
        everyone = {house.vendor_id(code) for code in (*RIVALS, CLIENT)}
        owners = (everyone if who.side == "client" else {own}) if who.has_scope else set()
        agent = house.holdings[who.organization].world.agents[0].pk if who.role == "agent" else None
        versions = [row for row in stored.rows if row["_label"] == "contracts.version"]
        self.signed = {row["contract"] for row in versions if row["state"] == "signed"}
        own_tickets = [row for row in stored.rows if row["_label"] == "tickets.ticket" and row["agent"] == agent]
        self.tickets = {row[name] for row in own_tickets for name in ("id", "uuid")}
        self.held = self._held(stored, house.world.users[who.username].pk if agent is not None else 0)
        allowed: set[str] = set()
        everything: set[str] = set()
        for value in stored.values:
            everything |= value.words
            row = stored.rows[value.row]
            if value.owner in owners and self._readable(value) and self._exists(row, agent):
                allowed |= value.words
        # One's own name stands on every page.
        person = house.world.users.get(who.username)
        if person is not None:
            allowed |= words_in(f"{person.username} {person.display_name} {person.uuid}")
        if who.token and who.has_scope:
            allowed |= words_in(f"{house.tokens[who.token].name} {house.tokens[who.token].user.display_name}")
        if "signed_by" in fields_readable(who.role, who.side, "version"):
            people = [user for user in house.world.users.values() if user.pk in self.signers(versions)]
            allowed |= words_in(" ".join(f"{user.username} {user.display_name}" for user in people))
        if "tickets.view" in who.permissions:
            # Whoever sees tickets sees who could take them, and whoever works on them whom a note can mention.
            for name in self._handlers(who, VIEWER_ROLES if "tickets.edit" in who.permissions else HANDLER_ROLES):
                allowed |= words_in(f"{name} {house.world.users[name].display_name} {house.world.users[name].uuid}")
        self.allowed, self.everything = allowed, everything
        self.forbidden = everything - allowed
        self.rivals = [
            token.lower()
            for code, tokens in TOKENS.items()
            for token in tokens
            if who.has_scope is False or (who.is_vendor and code != who.organization)
        ]

    @staticmethod
    def _held(stored: Harvest, user_id: int) -> dict[str, set[Any]]:
        """Return what an agent sees of outbound tasks: its attempts, their contacts, and campaigns that run."""
        rows = {label: [row for row in stored.rows if row["_label"] == label] for label in _HELD}
        own = [row["contact"] for row in rows["tickets.attempt"] if row["handler_id"] == user_id]
        return {
            "tickets.attempt": {user_id},
            "tickets.contact": set(own),
            "tickets.campaign": {"live"},
            "qa.script": {"approved"},
        }

    @staticmethod
    def _handlers(who: Principal, roles: frozenset[str]) -> list[str]:
        """Return the user names of those in some roles who have to do with the tickets that somebody sees."""
        codes = RIVALS if who.side == "client" else (who.organization,)
        names = [f"{code.lower()}_{role}" for code in codes for role in VENDOR_ROLES if role in roles]
        return [*names, *(role for role in CLIENT_ROLES if role in roles and who.side == "client")]

    @staticmethod
    def signers(versions: list[dict[str, Any]]) -> set[int]:
        """Return who drafted, submitted or signed."""
        return {row[name] for row in versions for name in ("drafted_by_id", "submitted_by_id", "signed_by_id")}

    def _readable(self, value: Value) -> bool:
        role, side = self.who.role, self.who.side
        if value.obj == "change":
            obj, _, name = value.field.rpartition(".")
            return name in fields_readable(role, side, obj) if obj else side in ("client", name)
        if role == "agent" and (value.obj, value.field) in NAMED_TO_AGENTS:
            return True
        # What has no place in the table is nobody's to read.
        return bool(value.obj) and value.field in fields_readable(role, side, value.obj)

    def _exists(self, row: dict[str, Any], agent: int | None) -> bool:
        """Whether the row exists for the role, beyond whose it is: drafts, and what is not the agent's own."""
        label = row["_label"]
        if self.who.is_vendor and label == "contracts.version":
            return row["state"] in version_states_visible("vendor")
        if self.who.is_vendor and label == "contracts.contract":
            return row["id"] in self.signed
        if agent is None:
            return True
        ticket = row["id"] if label == "tickets.ticket" else row.get("ticket") or row.get("ticket_uuid")
        if label.startswith("tickets.") and ticket:
            return ticket in self.tickets
        if label in ("calls.call", "calls.formercall", "vendors.agent", "qa.idea", "qa.servicecase"):
            return bool(row["id" if label == "vendors.agent" else "agent"] == agent)
        held = label not in _HELD or row[_HELD[label]] in self.held[label]
        is_over = label == "sla.incident" and row["state"] not in OPEN_STATES
        return held and not is_over and label not in ("calls.batch", "calls.rowerror", "calls.importprofile")

    def leaks(self, text: str, own_words: Iterable[str] = ()) -> set[str]:
        """Return the words of an answer that the principal may not know, except those that it said itself."""
        said = set().union(*(words_in(word) for word in own_words)) if own_words else set()
        found = words_in(text) - self.allowed - said
        return {word for word in found if word in self.forbidden or any(token in word for token in self.rivals)}


def tell_tale(code: str) -> tuple[str, ...]:
    """Return the tokens of a vendor's words."""
    return (code, MARKS[code])
