"""What was said and done about a ticket, as its page tells it to one reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.components import Fact
from core.scope import Scope
from tickets import selectors
from tickets.calc.clocks import Kind
from tickets.models import Attachment, Ticket, TicketEvent
from tickets.selectors import events_told
from tickets.wording import event_sentence


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the conversation.

    Attributes:
        kind: ``public``, ``internal``, ``client`` (only the client reads it) or ``step``: how it is drawn.
        is_told: Whether it told the customer something.
        facts: What else belongs to it: handler, deadline, requirement.
        files: What was sent with it.
    """

    at: datetime
    actor: str
    sentence: str
    text: str
    kind: str
    is_told: bool = False
    facts: list[Fact] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as the page lists it."""

    file: Attachment
    size: str
    sender: str
    is_client_only: bool
    may_delete: bool


def conversation(scope: Scope, ticket: Ticket, files: list[Paper]) -> list[Said]:
    """Return everything that was said and done, in its order; the client's own remarks to the client."""
    by_sequence: dict[int | None, list[Attachment]] = {}
    for paper in files:
        by_sequence.setdefault(paper.file.sequence, []).append(paper.file)
    found = [
        _said(event, by_sequence.get(event.sequence, []))
        for event in events_told(scope, selectors.event_list(scope=scope, ticket=ticket))
    ]
    remarks = selectors.remark_list(scope=scope, ticket=ticket)
    found += [Said(row.at, row.actor, _("noted for the client only"), row.text, "client") for row in remarks]
    return sorted(found, key=lambda said: said.at)


def papers(scope: Scope, ticket: Ticket) -> list[Paper]:
    """Return the files of a ticket that exist for its reader."""
    may_delete, leads = scope.can("tickets.edit"), scope.can("tickets.assign")
    return [
        Paper(
            file,
            filesizeformat(file.size_bytes),
            scope.called(file.received_by, file.side),
            file.vendor_id != ticket.vendor_id,
            may_delete
            and (leads or file.received_by_id == scope.user_id)
            and (scope.is_client or file.side != "client"),
        )
        for file in selectors.attachment_list(scope=scope, ticket=ticket)
    ]


def _said(event: TicketEvent, files: list[Attachment]) -> Said:
    facts = []
    text: Any = event.text
    if event.kind == Kind.HOP:
        facts.append(Fact(_("Handler"), event.facts.get("handler") or _("nobody in particular")))
        facts.append(Fact(_("Deadline"), event.deadline))
        facts.append(Fact(_("Requirement"), event.facts.get("requirement", "")))
        text = ""
    private = "internal" if event.kind == "noted" else "step"
    kind = "public" if event.is_public else private
    is_told = event.is_public and event.kind != Kind.ASKED
    return Said(event.at, event.actor, event_sentence(event), text, kind, is_told, facts, files)
