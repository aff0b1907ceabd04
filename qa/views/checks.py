"""Automatic checks: how often calls fail which rule, what each call fails, and how far a rule is to be believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import selectors as contracts
from core import formats
from core.components import Action, Crumb, Fact, Tab
from core.errors import BadParameter
from core.filters import Chip, address_without, chips_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from qa import selectors
from qa.filters.speech import CheckFilter, FigureFilter, LookForm, PairFilter, QualityFilter
from qa.models import Check
from qa.selectors import Pair, QualityCell, RuleFigure, Share, Slice
from qa.tables.speech import CheckTable, FigureTable, PairTable, QualityTable, parts_text, results_url
from sla.calc.kpi import wilson

CHECKS = Crumb(gettext_lazy("Automatic checks"), reverse_lazy("qa:checks"))
SLICES = {
    Slice.VENDOR: gettext_lazy("By vendor"),
    Slice.QUEUE: gettext_lazy("By queue"),
    Slice.AGENT: gettext_lazy("By agent"),
}
# Below so many calls a share says little.
FEW = 20
DOTS_MOST = 40
CELL_WORDS = {
    QualityCell.TRUE_FAILED: gettext_lazy("both found the error"),
    QualityCell.FALSE_FAILED: gettext_lazy("only the rule found an error"),
    QualityCell.MISSED: gettext_lazy("only people found the error"),
    QualityCell.TRUE_PASSED: gettext_lazy("neither found an error"),
    QualityCell.LEFT_OUT: gettext_lazy("left out: the rule or the question did not apply"),
}
MENU = (
    Action(gettext_lazy("Results by call"), reverse_lazy("qa:check_list"), "list", "speech.view"),
    Action(gettext_lazy("Are the rules right?"), reverse_lazy("qa:rule_quality"), "scale", "speech.view"),
    Action(gettext_lazy("Rules and lexicon"), reverse_lazy("qa:rule_sets"), "adjustments", "speech.view"),
    Action(gettext_lazy("Transcripts"), reverse_lazy("qa:transcript_list"), "message", "transcripts.view"),
)


class OwnListPage(ListPage):
    """A list in which a vendor's people, who have no other, see no column for the vendor."""

    template_name = "qa/speech_list.html"

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


class Checks(ListPage):
    """How often calls fail each rule, week by week and by vendor, queue and agent."""

    name = "checks"
    title = gettext_lazy("Automatic checks")
    intro = gettext_lazy(
        "Every call with a transcript is judged by rules. What they say stands apart from people’s scores and counts "
        "in none of them; a call with a risk is evaluated first."
    )
    permission = "speech.view"
    crumbs = (Crumb(gettext_lazy("Automatic checks")),)
    menu = MENU
    table_class = FigureTable
    template_name = "qa/checks.html"
    is_whole = True
    parameters = frozenset({"by", "rule"})
    empty_text = gettext_lazy(
        "Figures appear once rules are in use at a vendor and transcripts of its calls are imported."
    )
    empty_action = Action(
        gettext_lazy("Import transcripts"), reverse_lazy("qa:transcript_new"), "upload", "transcripts.import"
    )

    def filterset_class(self, data: QueryDict, **given: Any) -> FigureFilter:  # type: ignore[override]
        """Return the filters; the page asks them again for its charts."""
        self.filters = FigureFilter(data, **given)
        return self.filters

    def get_rows(self, scope: Scope) -> Sequence[RuleFigure]:
        return []

    @property
    def slice(self) -> Slice:
        """By what the share of failed calls is told."""
        asked = self.request.GET.get("by", "")
        return Slice(asked) if asked in set(Slice) else Slice.QUEUE

    def get_context(self, scope: Scope) -> dict[str, Any]:
        form = self.filters.form
        if not form.is_valid() or not form.cleaned_data["rules"]:
            return {"is_filtered": False, "chips": []}
        looked, rules = form.looked, selectors.rules_known(scope=scope, code=form.cleaned_data["rules"])
        rule = self.request.GET.get("rule", "")
        rule = rule if rule in rules else ""
        rest = address_without(self.request.GET, "by").removeprefix("?")
        shares = selectors.rule_shares(scope=scope, looked=looked, by=self.slice, rule=rule)
        asked = {"rule": rule, "verdict": "failed"} if rule else {"verdict": "failed"}
        return {
            "facts": self._facts(scope, form),
            "rule": rules[rule].title if rule else "",
            "rules": [(key, one.title) for key, one in rules.items()],
            "rule_asked": rule,
            "kept_for_rule": [(n, v) for n, v in self.request.GET.items() if n not in ("rule", "page", "export")],
            "tabs": [
                Tab(label, f"?{rest}&by={one.value}".replace("?&", "?"), one is self.slice)
                for one, label in SLICES.items()
                if scope.is_client or one is not Slice.VENDOR
            ],
            "dots": self._dots(scope, form, shares, asked),
            "trend": self._trend(form, selectors.rule_weeks(scope=scope, looked=looked, rule=rule), asked),
            "chips": chips_asked(form, self.request.GET),
            "is_filtered": bool(self.request.GET),
        }

    def _facts(self, scope: Scope, form: LookForm) -> list[Fact]:
        zones = [(pk, zone) for pk, zone in contracts.contract_zones(scope=scope).items()]
        found = selectors.rule_coverage(scope=scope, looked=form.looked, zones=zones)
        shown = [
            (_("Answered calls that are judged"), found.judged, found.answered, ""),
            (_("Transcripts that are judged"), found.judged, found.transcripts, ""),
            (_("Calls that fail a rule"), found.failed, found.judged, results_url(form.address, verdict="failed")),
            (_("Calls with a risk"), found.risky, found.judged, results_url(form.address, is_risky="true")),
        ]
        return [Fact(label, _linked(upper, lower, url)) for label, upper, lower, url in shown]

    def _dots(
        self, scope: Scope, form: LookForm, shares: Sequence[Share], asked: dict[str, str]
    ) -> dict[str, Any] | None:
        if not 0 < len(shares) <= DOTS_MOST:
            return None
        is_mixed, rows = scope.is_client and self.slice is not Slice.VENDOR, []
        for one in shares:
            name = one.name or _("(none)")
            low, high = wilson(one.failed, one.applied)
            url = results_url({**form.address, self.slice.value: str(one.key or "")}, **asked)
            rows.append(
                {
                    "name": f"{one.vendor} · {name}" if is_mixed else name,
                    "value": one.failed / one.applied,
                    "low": low,
                    "high": high,
                    "n": one.applied,
                    "url": url if one.failed else "",
                    "is_small": one.applied < FEW,
                }
            )
        return {"name": _("Calls that fail"), "row_name": _("Name"), "unit": "ratio", "rows": rows}

    def _trend(self, form: LookForm, weeks: Sequence[Share], asked: dict[str, str]) -> dict[str, Any] | None:
        if len(weeks) < 2:
            return None
        urls = []
        for one in weeks:
            last = one.key.toordinal() + 6
            days = {"day_after": one.key.isoformat(), "day_before": one.key.fromordinal(last).isoformat()}
            urls.append(results_url({**form.address, **days}, **asked))
        values = [one.failed / one.applied for one in weeks]
        series = {"name": _("Calls that fail"), "values": values, "n": [one.applied for one in weeks], "urls": urls}
        return {
            "labels": [formats.day_text(one.key) for one in weeks],
            "x_name": _("Week from"),
            "y_name": _("Calls that fail"),
            "unit": "ratio",
            "series": [series],
        }

    def _table(self, request: Any, scope: Scope, rows: Any) -> Any:
        table = super()._table(request, scope, rows)
        if self.filters.form.is_valid():
            table.address = self.filters.form.address
        return table


def _linked(upper: int, lower: int, url: str) -> Any:
    if not lower:
        return None
    text = format_html("{} ({})", ui.ratio(upper / lower), parts_text(upper, lower))
    return format_html('<a href="{}">{}</a>', url, text) if url and upper else text


def chips_asked(form: LookForm, query: QueryDict) -> list[Chip]:
    """Return the chips of what somebody asked for; what is usual is no filter."""
    return [chip for chip in chips_of(form, query) if chip.name in query] if form.is_valid() else []


class CheckList(OwnListPage):
    """What the rules say of each call."""

    name = "check-results"
    title = gettext_lazy("Results by call")
    intro = gettext_lazy("What the newest version of each rule set says of each call. It is no person’s score.")
    permission = "speech.view"
    crumbs = (CHECKS, Crumb(gettext_lazy("Results by call")))
    table_class = CheckTable
    filterset_class = CheckFilter
    empty_text = gettext_lazy("Results appear once transcripts are imported and judged.")
    empty_action = Checks.empty_action

    def get_rows(self, scope: Scope) -> QuerySet[Check]:
        return selectors.check_list(scope=scope)


class RuleQualityPage(ListPage):
    """How far each rule is to be believed, against people's evaluations of the same calls."""

    name = "rule-quality"
    title = gettext_lazy("Are the rules right?")
    intro = gettext_lazy("What each rule says beside what people found in the same calls.")
    permission = "speech.view"
    crumbs = (CHECKS, Crumb(gettext_lazy("Are the rules right?")))
    table_class = QualityTable
    template_name = "qa/rule_quality.html"
    empty_text = gettext_lazy("Put rules to use, and say for each against which question it is measured.")

    def filterset_class(self, data: QueryDict, **given: Any) -> QualityFilter:  # type: ignore[override]
        """Return the filters."""
        self.filters = QualityFilter(data, **given)
        return self.filters

    def get_rows(self, scope: Scope) -> Sequence[Any]:
        return []

    def get_context(self, scope: Scope) -> dict[str, Any]:
        chips = chips_asked(self.filters.form, self.request.GET)
        return {"is_filtered": bool(chips), "chips": chips}

    def _table(self, request: Any, scope: Scope, rows: Any) -> Any:
        table = super()._table(request, scope, rows)
        if self.filters.form.is_valid():
            table.address = quality_address(self.filters.form)
        return table


def quality_address(form: LookForm) -> dict[str, str]:
    """Return the parameters that ask for the calls behind the counts."""
    read = form.cleaned_data
    days = {"from": read["from"].isoformat(), "to": read["to"].isoformat()}
    return {"rules": read["rules"], "side": read["side"], "which": read["which"], **days}


class QualityCalls(OwnListPage):
    """The calls behind one count of one rule."""

    name = "rule-quality-calls"
    title = gettext_lazy("Rule and people")
    permission = "speech.view"
    table_class = PairTable
    parameters = frozenset({"rule", "cell"})
    empty_text = gettext_lazy("No call of these days was judged by both.")

    def filterset_class(self, data: QueryDict, **given: Any) -> PairFilter:  # type: ignore[override]
        """Return the filters, with the rule and the count that the address names."""
        self.filters = PairFilter(data, **given)
        self.filters.rule, self.filters.cell = data.get("rule", ""), data.get("cell", "")
        if self.filters.cell and self.filters.cell not in set(QualityCell):
            raise BadParameter("cell", _("There is no such count."))
        return self.filters

    def get_rows(self, scope: Scope) -> Sequence[Pair]:
        return []

    def get_context(self, scope: Scope) -> dict[str, Any]:
        form, title = self.filters.form, str(self.title)
        kept = quality_address(form) if form.is_valid() else {}
        rules = selectors.rules_known(scope=scope, code=kept.get("rules", ""))
        if self.filters.rule in rules:
            title = rules[self.filters.rule].title
        if self.filters.cell:
            title = f"{title}: {CELL_WORDS[QualityCell(self.filters.cell)]}"
        quality = Crumb(_("Are the rules right?"), reverse("qa:rule_quality"))
        return {"title": title, "crumbs": (CHECKS, quality, Crumb(title)), "chips": chips_asked(form, self.request.GET)}
