"""Transcripts: the list, one with its hits marked, and how they come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from calls import selectors as calls
from core import formats
from core.components import Action, Crumb, Fact, Progress
from core.forms import FormPage
from core.http import scope_of
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.calc.transcripts import Speaker
from qa.filters.speech import TranscriptFilter, TranscriptImportFilter
from qa.forms.speech import TranscriptForm
from qa.models import Transcript, TranscriptImport
from qa.selectors import TEMPER, LineFound, Reading, Said
from qa.services.transcripts import PROBLEMS_KEPT
from qa.tables.speech import (
    TranscriptImportTable,
    TranscriptProblemTable,
    TranscriptTable,
    received_by,
)
from qa.views.checks import OwnListPage
from qa.wording.speech import REASONS, RULE_KINDS, SPEAKERS, VERDICT_TONES, VERDICTS

TRANSCRIPTS = Crumb(gettext_lazy("Transcripts"), reverse_lazy("qa:transcript_list"))
IMPORTS = Crumb(gettext_lazy("Lists of transcripts"), reverse_lazy("qa:transcript_imports"))
# So much of what a customer said is compared with the scripts.
SAID_MOST = 6000


class TranscriptList(OwnListPage):
    """Every call in writing; an agent's own."""

    name = "transcripts"
    title = gettext_lazy("Transcripts")
    intro = gettext_lazy("Calls in writing. Long numbers in them are covered for good, before anything is kept.")
    permission = "transcripts.view"
    crumbs = (Crumb(gettext_lazy("Transcripts")),)
    table_class = TranscriptTable
    filterset_class = TranscriptFilter
    action = Action(
        gettext_lazy("Import transcripts"), reverse_lazy("qa:transcript_new"), "upload", "transcripts.import"
    )
    menu = (
        Action(
            gettext_lazy("Lists of transcripts"), reverse_lazy("qa:transcript_imports"), "list", "transcripts.import"
        ),
        Action(gettext_lazy("Automatic checks"), reverse_lazy("qa:checks"), "sparkles", "speech.view"),
    )
    empty_text = gettext_lazy(
        "Transcripts come as text or JSON with turns, by file or over the interface. Import the calls first."
    )
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Transcript]:
        return selectors.transcript_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        hidden = super().forbidden_columns(scope)
        return hidden if scope.can("speech.view") else [*hidden, "is_waiting"]


@require_safe
def transcript_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a transcript with its hits marked, what each rule says, and how time was spent."""
    scope = scope_of(request)
    scope.require("transcripts.view")
    transcript = selectors.transcript_get(scope=scope, uuid=uuid)
    reading, zone = selectors.reading_of(scope=scope, transcript=transcript), transcript.contract.zone
    facts = [
        Fact(_("Call of"), formats.moment_text(transcript.offered_at, zone), zone),
        Fact(_("Agent"), transcript.agent.name if transcript.agent else None),
        Fact(_("Queue"), transcript.queue.name),
        Fact(_("Language"), transcript.get_language_display()),
        *time_facts(reading),
    ]
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), transcript.vendor.name))
    call_url = reverse("calls:detail", args=[transcript.contract.uuid, transcript.external_id])
    context = {
        "title": transcript.external_id,
        "crumbs": (TRANSCRIPTS, Crumb(transcript.external_id)),
        "menu": [Action(_("The call"), call_url, "phone-call")] if scope.can("calls.view") else [],
        "facts": facts,
        "transcript": transcript,
        "is_waiting": transcript.is_waiting and scope.can("speech.view"),
        **reading_context(reading),
    }
    return render(request, "qa/transcript_detail.html", context)


@require_safe
def transcript_panel(request: HttpRequest, contract: UUID, external_id: str) -> HttpResponse:
    """Answer with the transcript of a call, for the page of the call or of its evaluation."""
    scope = scope_of(request)
    scope.require("calls.view")
    may = scope.can("transcripts.view")
    found = selectors.transcript_of(scope=scope, contract=contract, external_id=external_id) if may else None
    if found is None:
        # What is no call of the caller's is nothing at all.
        calls.call_get(scope=scope, contract_uuid=contract, external_id=external_id)
        return render(request, "qa/_transcript_panel.html", {"may": may})
    reading = selectors.reading_of(scope=scope, transcript=found)
    context = {"may": may, "transcript": found, "facts": time_facts(reading), **reading_context(reading)}
    context["fitting"] = lines_fitting(scope, found, reading)
    return render(request, "qa/_transcript_panel.html", context)


def lines_fitting(scope: Scope, transcript: Transcript, reading: Reading) -> list[tuple[LineFound, str]]:
    """Return the lines of scripts in use that fit what the customer said, each with how well."""
    if not scope.can("scripts.view"):
        return []
    turns = (line for line in reading.lines if line.speaker == Speaker.CUSTOMER)
    said = "\n".join("".join(piece.text for piece in line.pieces) for line in turns)[:SAID_MOST]
    reason = transcript.reason.code if transcript.reason is not None else ""
    found = selectors.lines_suggest(scope=scope, said=said, reason=reason, vendor_id=transcript.vendor_id)
    return [(each, formats.ratio_text(each.similarity, 0)) for each in found]


def time_facts(reading: Reading) -> list[Fact]:
    """Return how time was spent, each share with what it is made of."""
    spent = reading.spent
    if spent is None:
        return []
    talked = spent.agent + spent.customer
    facts = []
    if talked:
        share = f"{formats.ratio_text(spent.agent / talked)} ({_seconds(spent.agent)} / {_seconds(talked)})"
        facts.append(Fact(_("Agent’s share of the talk"), share))
    if spent.whole:
        share = f"{formats.ratio_text(spent.silent / spent.whole)} ({_seconds(spent.silent)} / {_seconds(spent.whole)})"
        facts.append(Fact(_("Silence"), share, _("Nobody speaks, from the first turn to the last.")))
    facts.append(Fact(_("Longest silence"), _seconds(spent.longest_gap)))
    return facts


def _seconds(milliseconds: int) -> str:
    return formats.seconds_text(round(milliseconds / 1000, 1))


def reading_context(reading: Reading) -> dict[str, Any]:
    """Return what the parts of a transcript are drawn from."""
    escalation = next((line.at for line in reading.lines if line.is_escalation), None)
    return {
        "lines": [
            {
                "at": line.at,
                "anchor": f"turn-{line.at + 1}",
                "speaker": line.speaker,
                "who": SPEAKERS[line.speaker],
                "time": None if line.start_seconds is None else _clock(line.start_seconds),
                "pieces": [_piece(piece.text, piece.names, reading) for piece in line.pieces],
                "notes": [(rule.title, formats.seconds_text(seconds)) for rule, seconds in line.notes],
                "is_escalation": line.is_escalation,
            }
            for line in reading.lines
        ],
        "judged": [(rule_set, _judged(said)) for rule_set, said in reading.said],
        "escalation": None if escalation is None else escalation + 1,
    }


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _piece(text: str, names: Sequence[str], reading: Reading) -> dict[str, Any]:
    rules = [name for name in names if name != TEMPER]
    return {
        "text": text,
        "titles": "; ".join(reading.titles[name] for name in rules),
        "is_failed": any(name in _failed(reading) for name in rules),
        "is_hit": bool(rules),
        "is_temper": TEMPER in names,
    }


def _failed(reading: Reading) -> set[str]:
    return {said.rule.key for _set, results in reading.said for said in results if said.verdict == "failed"}


def _judged(said: Sequence[Said]) -> list[dict[str, Any]]:
    """Return what the rules say, failed ones first, those with a risk before others."""
    order = {"failed": 0, "passed": 1, "not_applicable": 2}
    return [
        {
            "title": one.rule.title,
            "kind": RULE_KINDS[one.rule.kind.value],
            "badge": ui.badge(VERDICT_TONES[one.verdict], VERDICTS[one.verdict]),
            "reason": REASONS.get(one.reason, ""),
            "is_risky": one.rule.is_risky,
            "script": one.rule.script,
            "parts": parts_text_ms(one),
            "hits": [
                {"anchor": f"turn-{hit.turn + 1}", "turn": hit.turn + 1, "phrase": hit.phrase, "seconds": hit.seconds}
                for hit in one.hits[:5]
            ],
        }
        for one in sorted(said, key=lambda one: (order[one.verdict], not one.rule.is_risky))
    ]


def parts_text_ms(one: Said) -> str:
    """Return what a talk ratio is made of; empty for other rules."""
    if one.numerator is None or not one.denominator:
        return ""
    share = formats.ratio_text(one.numerator / one.denominator)
    return f"{share} ({_seconds(one.numerator)} / {_seconds(one.denominator)})"


class TranscriptNew(FormPage):
    """Import transcripts."""

    permission = "transcripts.import"
    title = gettext_lazy("Import transcripts")
    intro = gettext_lazy(
        "The calls must be here already. What was sent before and reads the same is left as it is; what reads "
        "otherwise replaces it."
    )
    template_name = "qa/transcript_new.html"
    submit_label = gettext_lazy("Import")
    done = gettext_lazy("Received; what became of each row stands below.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return TranscriptForm(data, self.request.FILES if data is not None else None, scope=scope)

    def save(self, scope: Scope, row: Any, form: Any) -> TranscriptImport:
        data = form.cleaned_data
        return services.transcripts_upload(
            scope=scope,
            contract=data["contract"],
            file_name=data["file"].name,
            content=data["file"].read(),
            call=data["call"],
        )

    def get_done_url(self, saved: TranscriptImport) -> str:
        return reverse("qa:transcript_import", args=[saved.uuid])

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (TRANSCRIPTS, Crumb(self.title)), "cancel_url": TRANSCRIPTS.url}


class TranscriptImports(OwnListPage):
    """Everything that was sent."""

    name = "transcript-lists"
    title = gettext_lazy("Lists of transcripts")
    intro = gettext_lazy("What was sent at once; read = new + changed + unchanged + rejected.")
    permission = "transcripts.import"
    crumbs = (TRANSCRIPTS, Crumb(gettext_lazy("Lists of transcripts")))
    table_class = TranscriptImportTable
    filterset_class = TranscriptImportFilter
    action = TranscriptList.action
    empty_text = gettext_lazy("Nothing was sent yet.")

    def get_rows(self, scope: Scope) -> QuerySet[TranscriptImport]:
        return selectors.transcript_import_list(scope=scope)


class TranscriptImportDetail(OwnListPage):
    """What became of the rows that were sent at once, and what is wrong with those that were rejected."""

    name = "transcript-list-errors"
    title = gettext_lazy("Rejected rows")
    permission = "transcripts.import"
    table_class = TranscriptProblemTable
    template_name = "qa/transcript_import.html"
    empty_text = gettext_lazy("No row was rejected.")

    def get_rows(self, scope: Scope) -> list[dict[str, Any]]:
        self.account = selectors.transcript_import_get(scope=scope, uuid=self.kwargs["uuid"])
        return list(self.account.problems)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return []

    def get_context(self, scope: Scope) -> dict[str, Any]:
        account = self.account
        counted = ("rows_read", "rows_new", "rows_changed", "rows_unchanged", "rows_rejected")
        columns: Any = TranscriptImport._meta
        facts = [Fact(columns.get_field(name).verbose_name, ui.count(getattr(account, name))) for name in counted]
        facts.append(Fact(_("Received by"), received_by(account, is_client=scope.is_client)))
        facts.append(Fact(_("Contract"), account.contract.name))
        progress = None
        if account.state == "reading":
            progress = Progress(account.rows_read, account.rows_sent, _("Reading transcripts"))
        return {
            "title": str(account),
            "crumbs": (TRANSCRIPTS, IMPORTS, Crumb(str(account))),
            "facts": facts,
            "progress": progress,
            "progress_url": reverse("qa:transcript_progress", args=[account.uuid]),
            "most": PROBLEMS_KEPT if len(account.problems) >= PROBLEMS_KEPT else 0,
            "list_title": _("Rejected rows"),
        }


@require_safe
def transcript_progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer how far a list is read; once it is, let the page come again."""
    scope = scope_of(request)
    scope.require("transcripts.import")
    account = selectors.transcript_import_get(scope=scope, uuid=uuid)
    if account.state != "reading":
        return HttpResponse(headers={"HX-Refresh": "true"})
    progress = Progress(account.rows_read, account.rows_sent, _("Reading transcripts"))
    context = {"progress": progress, "progress_url": request.path}
    return render(request, "components/progress.html", context)
