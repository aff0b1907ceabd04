"""Rule sets: drafts with their rules, trying them out, putting them to use, and what was published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.components import Action, Crumb, Fact, Next
from core.errors import Conflict, Invalid, NotFound
from core.forms import EXPECTED, FormPage, mark_refused
from core.http import scope_of, zone_of
from core.periods import local_day
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.calc.speech_rules import RuleKind
from qa.calc.transcripts import TranscriptError, transcript_read
from qa.filters.speech import RuleSetFilter
from qa.forms.speech import DraftForm, DraftNewForm, PublishForm, RuleForm, RunForm, TryForm
from qa.models import RuleDraft, RuleSet, SpeechKind
from qa.tables.speech import RuleSetTable, results_url, rule_set_url
from qa.views.checks import CHECKS, OwnListPage
from qa.views.transcripts import reading_context, time_facts
from qa.wording import transcript_problem
from qa.wording.speech import RULE_KINDS, SPEAKERS

RULE_SETS = Crumb(gettext_lazy("Rules and lexicon"), reverse_lazy("qa:rule_sets"))
RUN_DAYS = 27


def draft_url(draft: RuleDraft) -> str:
    """Return the page of a draft."""
    name = "qa:lexicon" if draft.kind == SpeechKind.LEXICON else "qa:rule_draft"
    return reverse(name) if draft.kind == SpeechKind.LEXICON else reverse(name, args=[draft.uuid])


class RuleSetList(OwnListPage):
    """Drafts of one's own, and everything that was published."""

    name = "rule-sets"
    title = gettext_lazy("Rules and lexicon")
    intro = gettext_lazy("By which rules calls are judged at each vendor. A published version never changes.")
    permission = "speech.view"
    crumbs = (CHECKS, Crumb(gettext_lazy("Rules and lexicon")))
    action = Action(gettext_lazy("New rule set"), reverse_lazy("qa:rule_draft_new"), "plus", "speech.edit")
    menu = (Action(gettext_lazy("Lexicon of tempers"), reverse_lazy("qa:lexicon"), "book", "speech.edit"),)
    table_class = RuleSetTable
    filterset_class = RuleSetFilter
    template_name = "qa/rule_sets.html"
    empty_text = gettext_lazy(
        "Write a rule set and put it to use at a vendor; its transcripts are judged from then on."
    )
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[RuleSet]:
        return selectors.rule_set_list(scope=scope)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        drafts = selectors.rule_draft_list(scope=scope) if scope.can("speech.edit") else []
        rows = [
            (draft, draft_url(draft), len(draft.body.get("rules", draft.body.get("weights", ())))) for draft in drafts
        ]
        return {"drafts": rows}


class DraftNew(FormPage):
    """Begin a rule set."""

    permission = "speech.edit"
    form_class = DraftNewForm
    title = gettext_lazy("New rule set")
    intro = gettext_lazy("Nothing is judged by it before it is put to use.")
    submit_label = gettext_lazy("Begin")

    def save(self, scope: Scope, row: Any, form: Any) -> RuleDraft:
        return services.rule_draft_create(scope=scope, **form.cleaned_data)

    def get_done_url(self, saved: RuleDraft) -> str:
        return draft_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (CHECKS, RULE_SETS, Crumb(self.title)), "cancel_url": RULE_SETS.url}


def draft_asked(scope: Scope, uuid: UUID) -> RuleDraft:
    """Return a draft of rules; raises NotFound, and Forbidden for who writes none."""
    scope.require("speech.edit")
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    if draft.kind != SpeechKind.RULES:
        raise NotFound
    return draft


@require_safe
def rule_draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the rules of a draft, where they are in use, and a place to try them."""
    scope = scope_of(request)
    return render(request, "qa/rule_draft.html", _draft_context(scope, draft_asked(scope, uuid)))


def _draft_context(scope: Scope, draft: RuleDraft, **more: Any) -> dict[str, Any]:
    rules = selectors.rules_of(draft)
    questions = {one.key: one.text for one in selectors.questions_asked(scope=scope, code=draft.form_code)}
    live = selectors.rule_set_list(scope=scope).filter(code=draft.code, is_live=True)
    return {
        "title": draft.name,
        "crumbs": (CHECKS, RULE_SETS, Crumb(draft.name)),
        "draft": draft,
        "rules": [
            {"row": rule, "said": rule_words(rule), "question": questions.get(draft.links.get(rule.key, ""), "")}
            for rule in rules
        ],
        "kinds": RULE_KINDS.items(),
        "live": list(live),
        "settings": DraftForm(instance=draft, scope=scope),
        "publish": PublishForm(scope=scope, draft=draft, auto_id="publish-%s"),
        "trial": TryForm(auto_id="try-%s"),
        "version": draft.version,
    } | more


def rule_words(rule: Any) -> list[tuple[str, str]]:
    """Return what a rule says, line by line."""
    lines = [("", str(RULE_KINDS[rule.kind.value]))]
    for at, saying in enumerate(rule.sayings, start=1):
        label = _("Step %(number)s") % {"number": at} if len(rule.sayings) > 1 else _("Phrases")
        who = SPEAKERS[saying.speaker.value] if saying.speaker else _("anybody")
        near = (
            " · " + _("similar from %(percent)s %%") % {"percent": saying.fuzzy_percent} if saying.fuzzy_percent else ""
        )
        lines.append((label, f"{' / '.join(saying.phrases)} ({who}{near})"))
        if saying.unless:
            lines.append((_("Unless inside"), " / ".join(saying.unless)))
    if rule.within:
        amount = rule.within.turns if rule.within.turns is not None else rule.within.seconds
        words = {
            ("first", True): _("in the first %(count)s turns"),
            ("first", False): _("in the first %(count)s seconds"),
            ("last", True): _("in the last %(count)s turns"),
            ("last", False): _("in the last %(count)s seconds"),
        }[rule.within.edge.value, rule.within.turns is not None]
        lines.append((_("Where"), words % {"count": f"{amount:g}"}))
    if rule.seconds is not None:
        lines.append((_("Seconds"), f"{rule.seconds:g}"))
    if rule.kind is RuleKind.TALK_RATIO:
        lines.append((_("Share of the agent"), f"{rule.from_percent}–{rule.to_percent} %"))
    if rule.times_most:
        lines.append((_("Times forgiven"), str(rule.times_most)))
    if rule.language:
        lines.append((_("Calls in"), {"zh": "中文", "en": "English"}[rule.language.value]))
    return lines


class RulePage(FormPage):
    """Write a rule, or change one."""

    permission = "speech.edit"
    template_name = "qa/rule_form.html"
    done = gettext_lazy("Saved; calls are judged by it once the set is put to use.")

    def get_row(self, scope: Scope) -> RuleDraft:
        draft = draft_asked(scope, self.kwargs["uuid"])
        self.key = self.kwargs.get("key", "")
        self.rule: Mapping[str, Any] | None = None
        if self.key:
            self.rule = next((rule for rule in draft.body["rules"] if rule["key"] == self.key), None)
            if self.rule is None:
                raise NotFound
        kind = self.rule["kind"] if self.rule else self.request.GET.get("kind", "")
        self.kind = RuleKind(kind) if kind in set(RuleKind) else RuleKind.MUST_SAY
        return draft

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return RuleForm(data, kind=self.kind, rule=self.rule, draft=row, scope=scope)

    def save(self, scope: Scope, row: Any, form: Any) -> RuleDraft:
        data = form.cleaned_data
        return services.rule_write(
            scope=scope,
            uuid=row.uuid,
            expected_version=data[EXPECTED],
            rule=form.stored(),
            key=self.key,
            question=data.get("question", ""),
        )

    def get_done_url(self, saved: RuleDraft) -> str:
        return draft_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        title = self.rule["title"] if self.rule else _("New rule")
        kinds = [] if self.rule else [(kind, words, kind == self.kind) for kind, words in RULE_KINDS.items()]
        return {
            "title": title,
            "intro": RULE_KINDS[self.kind.value],
            "crumbs": (CHECKS, RULE_SETS, Crumb(row.name, draft_url(row)), Crumb(title)),
            "cancel_url": draft_url(row),
            "kinds": kinds,
        }


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@require_POST
def rule_act(request: HttpRequest, uuid: UUID, key: str, deed: str) -> HttpResponse:
    """Move a rule up or down, or take it out."""
    scope = scope_of(request)
    draft = draft_asked(scope, uuid)
    given: dict[str, Any] = {"scope": scope, "uuid": uuid, "expected_version": _version(request), "key": key}
    try:
        if deed == "remove":
            services.rule_remove(**given)
            messages.success(request, _("Removed; published versions keep it."))
        else:
            services.rule_move(**given, is_up=deed == "up")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{draft_url(draft)}#rules")


@require_POST
def rule_draft_set(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Save the name of a set, and what follows from its rules."""
    scope = scope_of(request)
    draft = draft_asked(scope, uuid)
    form, status = DraftForm(request.POST, instance=draft, scope=scope), 422
    if form.is_valid():
        try:
            services.rule_draft_change(
                scope=scope, uuid=uuid, expected_version=form.cleaned_data[EXPECTED], values=form.values
            )
        except (Invalid, Conflict) as refusal:
            mark_refused(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("Saved. Put the set to use again, so that it counts at the vendors."))
            return redirect(draft_url(draft))
    context = _draft_context(scope, selectors.rule_draft_get(scope=scope, uuid=uuid), settings=form)
    return render(request, "qa/rule_draft.html", context, status=status)


@require_POST
def rule_draft_publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a draft to use at vendors; rules and lexicons alike."""
    scope = scope_of(request)
    scope.require("speech.edit")
    draft = selectors.rule_draft_get(scope=scope, uuid=uuid)
    form, status = PublishForm(request.POST, scope=scope, draft=draft, auto_id="publish-%s"), 422
    if form.is_valid():
        try:
            services.rule_set_publish(
                scope=scope,
                uuid=uuid,
                expected_version=form.cleaned_data[EXPECTED],
                vendors=list(form.cleaned_data["vendors"]),
            )
        except (Invalid, Conflict) as refusal:
            mark_refused(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("In use. Transcripts that come from now on are judged by it."))
            return redirect(draft_url(draft))
    if draft.kind == SpeechKind.LEXICON:
        for error in form.non_field_errors() or [_("Choose at least one vendor.")]:
            messages.error(request, str(error))
        return redirect(draft_url(draft))
    return render(request, "qa/rule_draft.html", _draft_context(scope, draft, publish=form), status=status)


@require_POST
def rule_draft_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away."""
    scope = scope_of(request)
    services.rule_draft_delete(scope=scope, uuid=uuid)
    messages.success(request, _("The draft is gone; what was published of it stays."))
    return redirect("qa:rule_sets")


@require_POST
def rule_draft_try(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Judge some words by the rules of a draft, and keep nothing."""
    scope = scope_of(request)
    draft = draft_asked(scope, uuid)
    form, status, tried = TryForm(request.POST, auto_id="try-%s"), 422, {}
    if form.is_valid():
        try:
            words = transcript_read(form.cleaned_data["text"])
        except TranscriptError as error:
            for problem in error.problems[:20]:
                form.add_error("text", transcript_problem(*problem))
        else:
            status = 200
            book = services.book_of(draft.body) if draft.body.get("rules") else None
            results = services.results_stored(book.check(words, form.cleaned_data["number"])) if book else []
            said = selectors.said_of(book.rules if book else (), results)
            # A draft is no vendor's: the words are looked at with the lexicon that the product begins with.
            shown = RuleSet(name=draft.name, number=0, vendor_id=draft.vendor_id)
            reading = selectors.reading_made(scope=scope, vendor_id=draft.vendor_id, words=words, said=[(shown, said)])
            tried = {"tried": True, "try_facts": time_facts(reading), **reading_context(reading)}
    return render(request, "qa/rule_draft.html", _draft_context(scope, draft, trial=form, **tried), status=status)


@require_safe
def rule_set(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a published version, and its runs over former calls."""
    scope = scope_of(request)
    scope.require("speech.view")
    found = selectors.rule_set_get(scope=scope, uuid=uuid)
    return render(request, "qa/rule_set.html", _set_context(scope, found))


def _set_context(scope: Scope, found: RuleSet, run: RunForm | None = None) -> dict[str, Any]:
    may = scope.can("speech.edit") and found.is_live
    last = local_day(scope.at, zone_of(scope))
    runs = list(selectors.run_list(scope=scope, rule_set=found)[:10])
    facts = [
        Fact(_("Vendor"), found.vendor.name),
        Fact(_("Version"), found.number),
        Fact(_("Published"), ui.day(found.published_at)),
    ]
    is_rules = found.kind == SpeechKind.RULES
    if is_rules:
        facts += [
            Fact(_("Risky calls are evaluated by"), found.get_side_display()),
            Fact(_("by the form"), found.form_code or _("none")),
        ]
    following = None
    if is_rules and found.is_live and not found.form_code:
        text = _("Calls with a risk are marked, and enter no queue: name a form in the draft, and put it to use again.")
        following = Next(_("Nobody is asked to look at risky calls"), text=text, tone="warning")
    retire = Action(
        _("Take out of use"), reverse("qa:rule_set_retire", args=[found.uuid]), "ban", post=True,
        confirm=_("Take “%(name)s” out of use at %(vendor)s?") % {"name": found.name, "vendor": found.vendor.name},
    )  # fmt: skip
    badge = ui.badge("good", _("in use")) if found.is_live else ui.badge("neutral", _("out of use"))
    first = last - timedelta(days=RUN_DAYS)
    return {
        "title": str(found),
        "title_badge": badge,
        "crumbs": (CHECKS, RULE_SETS, Crumb(str(found))),
        "menu": [retire] if may else [],
        "next": following,
        "facts": facts,
        "rule_set": found,
        "rules": [{"row": rule, "said": rule_words(rule)} for rule in selectors.rules_of(found)] if is_rules else [],
        "words": sorted(found.body.get("weights", {}).items(), key=lambda pair: (-pair[1], pair[0])),
        "level": found.body.get("level"),
        "results_url": results_url({"rules": found.code}) if is_rules else "",
        "runs": runs,
        "is_running": any(one.finished_at is None for one in runs),
        "zone": zone_of(scope),
        "run_form": (run or RunForm(initial={"first_day": first, "last_day": last})) if may and is_rules else None,
    }


@require_POST
def rule_set_run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have former calls judged by this version."""
    scope = scope_of(request)
    scope.require("speech.edit")
    found = selectors.rule_set_get(scope=scope, uuid=uuid)
    form, status = RunForm(request.POST), 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.rule_set_run(scope=scope, uuid=uuid, first=data["first_day"], last=data["last_day"])
        except (Invalid, Conflict) as refusal:
            mark_refused(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("Former calls are being judged; this page tells how far it is."))
            return redirect(rule_set_url(found))
    return render(request, "qa/rule_set.html", _set_context(scope, found, form), status=status)


@require_POST
def rule_set_retire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a version out of use."""
    scope = scope_of(request)
    found = services.rule_set_retire(scope=scope, uuid=uuid)
    messages.success(request, _("Out of use; what it said stays."))
    return redirect(rule_set_url(found))
