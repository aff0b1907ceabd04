"""Reading transcripts, the lists that they came with, and what the rules say; an agent has its own calls' only."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from core.errors import NotFound
from core.scope import Scope
from qa.models import Check, Transcript, TranscriptImport


def transcript_list(*, scope: Scope) -> QuerySet[Transcript]:
    """Return the transcripts without their words, the newest call first; an agent's own calls."""
    rows: QuerySet[Transcript] = Transcript.objects.visible_to(scope).select_related(
        "vendor", "contract", "queue", "agent", "reason"
    )
    if scope.agent_id is not None:
        rows = rows.filter(agent_id=scope.agent_id)
    return rows.defer("body").order_by("-day", "-pk")


def transcript_get(*, scope: Scope, uuid: UUID) -> Transcript:
    """Return a transcript with its words.

    Raises:
        NotFound: There is none for the caller.
    """
    found: Transcript | None = transcript_list(scope=scope).defer(None).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def transcript_of(*, scope: Scope, contract: UUID, external_id: str) -> Transcript | None:
    """Return the transcript of a call with its words; None if there is none for the caller."""
    rows = transcript_list(scope=scope).defer(None)
    return rows.filter(contract__uuid=contract, external_id=external_id).first()


def transcript_import_list(*, scope: Scope) -> QuerySet[TranscriptImport]:
    """Return what was sent, the newest first."""
    rows: QuerySet[TranscriptImport] = TranscriptImport.objects.visible_to(scope).select_related("vendor", "contract")
    return rows.order_by("-received_at", "-pk")


def transcript_import_get(*, scope: Scope, uuid: UUID) -> TranscriptImport:
    """Return the account of what was sent at once.

    Raises:
        NotFound: There is none for the caller.
    """
    found = transcript_import_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def check_list(*, scope: Scope) -> QuerySet[Check]:
    """Return what the newest version of each rule set says of each transcript, the newest call first."""
    rows: QuerySet[Check] = Check.objects.visible_to(scope).filter(is_current=True)
    if scope.agent_id is not None:
        rows = rows.filter(transcript__agent_id=scope.agent_id)
    names = ("vendor", "rule_set", *(f"transcript__{name}" for name in ("contract", "queue", "agent", "reason")))
    return rows.select_related(*names).defer("transcript__body", "rule_set__body").order_by("-day", "-pk")


def checks_of(*, scope: Scope, transcript: Transcript) -> list[Check]:
    """Return what each rule set says of a transcript by its newest version.

    Args:
        scope: Who asks.
        transcript: Fetched in scope.
    """
    rows: QuerySet[Check] = Check.objects.visible_to(scope).filter(transcript=transcript, is_current=True)
    return list(rows.select_related("rule_set").order_by("rule_set__code"))
