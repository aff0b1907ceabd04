"""Do all vendors say the same? The index for the client, the own share for a vendor, and the bank behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core import formats
from core.components import Action, Crumb, Tab
from core.errors import BadParameter
from core.forms import EXPECTED, DayInput, FormPage
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.periods import local_day
from core.scope import Scope
from qa import selectors, services
from qa.filters.ideas import BankQuestionFilter, BankReplyFilter
from qa.forms.consistency import AnswersForm, BankQuestionForm, JudgeForm
from qa.models import LANGUAGES, BankQuestion, BankReply
from qa.services.consistency import WRONG
from qa.tables.ideas import BankQuestionTable, BankReplyTable
from vendors import selectors as vendors

INDEX = Crumb(gettext_lazy("Consistency"), reverse_lazy("qa:consistency"))
BANK = Crumb(gettext_lazy("Question bank"), reverse_lazy("qa:bank_list"))
DAYS_SHOWN = 90
INTRO = gettext_lazy("Whether customers hear the same right answer wherever their call lands.")
INTRO_OWN = gettext_lazy("How many of the client’s questions were answered right, in mystery calls and asked openly.")


class PeriodForm(forms.Form):
    """Which days and which language are looked at."""

    first = forms.DateField(label=gettext_lazy("From"), widget=DayInput({"class": "form-control"}))
    last = forms.DateField(label=gettext_lazy("To"), widget=DayInput({"class": "form-control"}))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=[("", gettext_lazy("all")), *LANGUAGES],
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip


def _tabs(scope: Scope, current: str) -> list[Tab]:
    names = [("consistency", _("Index") if scope.is_client else _("Own share")), ("bank_replies", _("Answers"))]
    if scope.is_client:
        names.append(("bank_list", _("Question bank")))
    return [Tab(label, reverse(f"qa:{name}"), name == current) for name, label in names]


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """Show the index over all vendors and each two of them; to a vendor its own share, made of its own answers only."""
    scope = scope_of(request)
    scope.require("consistency.view")
    today = local_day(scope.at, zone_of(scope))
    asked = {"first": today - timedelta(days=DAYS_SHOWN), "last": today, **request.GET.dict()}
    form = PeriodForm(asked)
    if not form.is_valid():
        raise BadParameter(next(iter(form.errors)), _("Two days, such as 2026-06-15, are needed."))
    period: dict[str, Any] = form.cleaned_data
    context = {
        "title": _("Consistency"),
        "intro": INTRO if scope.is_client else INTRO_OWN,
        "crumbs": (Crumb(_("Consistency")),),
        "tabs": _tabs(scope, "consistency"),
        "form": form,
        "answers": reverse("qa:bank_replies"),
        "days": f"asked_on_after={period['first']}&asked_on_before={period['last']}",
    }
    if not scope.is_client:
        shares = selectors.own_shares(scope=scope, **period)
        return render(request, "qa/consistency_own.html", {**context, "share": shares[0] if shares else None})
    report = selectors.consistency_report(scope=scope, **period)
    context |= {
        "report": report,
        "chart": _chart(report),
        "differing": [key.rpartition("/") for key in report.overall.differing],
        "action": Action(_("Enter answers"), BANK.url, "plus") if scope.can("consistency.edit") else None,
    }
    return render(request, "qa/consistency.html", context)


def _chart(report: selectors.ConsistencyReport) -> dict[str, Any]:
    rows = [(_("all vendors"), report.overall)]
    # Whole names would be cut off.
    rows += [(f"{pair.one.code} · {pair.other.code}", pair.index) for pair in report.pairs]
    return {
        "name": _("same right answer"),
        "row_name": _("vendors"),
        "unit": "ratio",
        "rows": [
            {
                "name": name,
                "value": index.numerator / index.denominator if index.denominator else None,
                "low": index.interval[0] if index.interval else None,
                "high": index.interval[1] if index.interval else None,
                "n": index.denominator,
            }
            for name, index in rows
        ],
    }


class BankReplies(ListPage):
    """What was answered, the newest first; a vendor's own."""

    name = "answers"
    title = gettext_lazy("Answers to the question bank")
    permission = "consistency.view"
    crumbs = (INDEX, Crumb(gettext_lazy("Answers")))
    table_class = BankReplyTable
    filterset_class = BankReplyFilter
    template_name = "qa/improvement_list.html"
    empty_text = gettext_lazy("Answers of mystery calls stand here once the client enters them.")

    def get_rows(self, scope: Scope) -> Any:
        return selectors.bank_reply_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        # What the others say is in the group: the client's alone.
        return [] if scope.is_client else ["vendor", "answer_group"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {"tabs": _tabs(scope, "bank_replies")}


class BankList(ListPage):
    """Questions of the bank, those in use unless asked otherwise."""

    name = "bank"
    title = gettext_lazy("Question bank")
    intro = gettext_lazy("Questions for mystery calls with the right answers. Vendors never see what was not asked.")
    permission = "consistency.view"
    crumbs = (INDEX, Crumb(gettext_lazy("Question bank")))
    table_class = BankQuestionTable
    filterset_class = BankQuestionFilter
    template_name = "qa/improvement_list.html"
    action = Action(gettext_lazy("New question"), reverse_lazy("qa:bank_new"), "plus", "consistency.edit")
    empty_text = gettext_lazy("Write the questions that all vendors must answer alike, each with its accepted answers.")
    empty_action = action

    def get_rows(self, scope: Scope) -> Any:
        return selectors.bank_question_list(scope=scope)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        # Ended questions are found by the filter even where none is in use.
        is_filtered = selectors.bank_question_list(scope=scope).exists()
        return {"tabs": _tabs(scope, "bank_list"), "is_filtered": is_filtered}


class BankNew(FormPage):
    """Write a question."""

    permission = "consistency.edit"
    title = gettext_lazy("New question")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return BankQuestionForm(data, today=_today(scope))

    def save(self, scope: Scope, row: Any, form: Any) -> BankQuestion:
        return services.bank_question_write(scope=scope, values=form.values)

    def get_done_url(self, saved: BankQuestion) -> str:
        return str(BANK.url)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (INDEX, BANK, Crumb(self.title)), "cancel_url": BANK.url}


class BankReword(FormPage):
    """Write a question anew as its next revision."""

    permission = "consistency.edit"
    title = gettext_lazy("New revision")
    intro = gettext_lazy("The former revision ends the day before; what was answered to it keeps its text.")

    def get_row(self, scope: Scope) -> BankQuestion:
        return selectors.bank_question_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: BankQuestion, data: Any = None) -> BaseForm:
        return BankQuestionForm(data, today=_today(scope), former=row)

    def save(self, scope: Scope, row: BankQuestion, form: Any) -> BankQuestion:
        return services.bank_question_reword(
            scope=scope, uuid=row.uuid, expected_version=form.cleaned_data[EXPECTED], values=form.values
        )

    def get_done_url(self, saved: BankQuestion) -> str:
        return str(BANK.url)

    def get_context(self, scope: Scope, row: BankQuestion) -> dict[str, Any]:
        return {"crumbs": (INDEX, BANK, Crumb(str(row)), Crumb(self.title)), "cancel_url": BANK.url}


class BankAnswers(FormPage):
    """Enter what all vendors answered to one question, then go on with the next."""

    permission = "consistency.edit"
    title = gettext_lazy("Enter answers")
    submit_label = gettext_lazy("Enter and go on")
    done = gettext_lazy("Entered.")
    template_name = "qa/bank_answers.html"

    def get_row(self, scope: Scope) -> BankQuestion:
        return selectors.bank_question_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: BankQuestion, data: Any = None) -> BaseForm:
        return AnswersForm(
            data,
            question=row,
            vendors=list(vendors.vendor_list(scope=scope).filter(is_active=True)),
            agents=list(vendors.agent_list(scope=scope).filter(is_active=True)),
            today=_today(scope),
        )

    def save(self, scope: Scope, row: BankQuestion, form: Any) -> BankQuestion | None:
        services.bank_replies_enter(
            scope=scope,
            question=row.uuid,
            asked_by=form.cleaned_data["asked_by"],
            asked_on=form.cleaned_data["asked_on"],
            given=form.given,
        )
        rest = selectors.bank_questions_on(scope=scope, day=_today(scope)).filter(code__gt=row.code)
        return rest.first()

    def get_done_url(self, saved: BankQuestion | None) -> str:
        return str(BANK.url) if saved is None else reverse("qa:bank_answers", args=[saved.uuid])

    def get_context(self, scope: Scope, row: BankQuestion) -> dict[str, Any]:
        return {"crumbs": (INDEX, BANK, Crumb(str(row))), "cancel_url": BANK.url, "question": row}


class BankJudge(FormPage):
    """Judge an answer anew, or withdraw it."""

    permission = "consistency.edit"
    title = gettext_lazy("Judge the answer")

    def get_row(self, scope: Scope) -> BankReply:
        return selectors.bank_reply_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: BankReply, data: Any = None) -> BaseForm:
        accepted = selectors.bank_question_get(scope=scope, uuid=row.question_uuid).accepted
        return JudgeForm(data, reply=row, accepted=accepted)

    def save(self, scope: Scope, row: BankReply, form: Any) -> BankReply:
        asked = {"scope": scope, "uuid": row.uuid, "expected_version": form.cleaned_data[EXPECTED]}
        if form.cleaned_data["withdrawn_reason"]:
            return services.bank_reply_withdraw(**asked, reason=form.cleaned_data["withdrawn_reason"])
        judged = form.cleaned_data["judged"]
        return services.bank_reply_judge(**asked, judged=None if judged in ("", WRONG) else int(judged))

    def get_done_url(self, saved: BankReply) -> str:
        return reverse("qa:bank_replies")

    def get_context(self, scope: Scope, row: BankReply) -> dict[str, Any]:
        said = _("%(question)s — “%(answer)s”") % {"question": row.question_text, "answer": row.answer}
        page = Crumb(_("Answers"), reverse("qa:bank_replies"))
        return {"crumbs": (INDEX, page, Crumb(str(row))), "cancel_url": page.url, "intro": said}


@require_POST
def bank_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a question out of use after today."""
    scope = scope_of(request)
    try:
        version = int(request.GET.get("version", ""))
    except ValueError:
        raise BadParameter("version", _("This must be a whole number.")) from None
    last = _today(scope)
    services.bank_question_end(scope=scope, uuid=uuid, expected_version=version, last=last)
    messages.success(request, _("Out of use after %(day)s.") % {"day": formats.day_text(last)})
    return redirect("qa:bank_list")


def _today(scope: Scope) -> date:
    return local_day(scope.at, zone_of(scope))
