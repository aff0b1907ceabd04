"""What automatic checks and transcripts are asked for by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from core.filters import DaySpanFilter, SearchFilter, TruthFilter
from core.http import scope_of, zone_of
from core.periods import local_day
from core.scope import CLIENT, Scope
from qa import selectors
from qa.filters.days import DaysForm
from qa.models import Check, Transcript
from qa.models.evaluations import SIDES
from qa.models.transcripts import IMPORT_STATES
from qa.wording.speech import VERDICTS
from vendors import selectors as vendors

DAYS_SHOWN = 56


class LookForm(DaysForm):
    """Which rule set, which days, whose calls; what is left out has a sensible value.

    Attributes:
        has_side: Whether it is asked whose evaluations are meant, and which.
    """

    rules = forms.ChoiceField(label=gettext_lazy("Rule set"), required=False)

    def __init__(self, data: QueryDict, *, scope: Scope, has_side: bool = False) -> None:
        codes = selectors.rule_codes(scope=scope)
        last = local_day(scope.at, zone_of(scope))
        usual = {
            "rules": codes[0][0] if codes else "",
            "from": (last - timedelta(days=DAYS_SHOWN - 1)).isoformat(),
            "to": last.isoformat(),
            "side": CLIENT,
            "which": "drawn",
        }
        super().__init__(data, usual=usual)
        self.fields["rules"].choices = codes  # type: ignore[attr-defined]
        if has_side:
            self.fields["side"] = forms.ChoiceField(label=gettext_lazy("Evaluated by"), choices=SIDES)
            self.fields["which"] = forms.ChoiceField(
                label=gettext_lazy("Evaluations"),
                choices=[("drawn", gettext_lazy("drawn by lot")), ("all", gettext_lazy("all"))],
            )
        else:
            given: dict[str, Any] = {"required": False, "to_field_name": "uuid", "empty_label": gettext_lazy("all")}
            if scope.is_client:
                rows = vendors.vendor_list(scope=scope)
                self.fields["vendor"] = forms.ModelChoiceField(rows, label=gettext_lazy("Vendor"), **given)
            queues = vendors.queue_list(scope=scope)
            self.fields["queue"] = forms.ModelChoiceField(queues, label=gettext_lazy("Queue"), **given)
            if data.get("agent"):
                agents = vendors.agent_list(scope=scope)
                self.fields["agent"] = forms.ModelChoiceField(agents, label=gettext_lazy("Agent"), **given)
        # The days stand last.
        self.order_fields([*(name for name in self.fields if name not in ("from", "to")), "from", "to"])

    @property
    def looked(self) -> selectors.Looked:
        """Which calls are meant, once it is valid."""
        read = self.cleaned_data
        keys = {f"{name}_id": row.pk for name in ("vendor", "queue", "agent") if (row := read.get(name)) is not None}
        return selectors.Looked(code=read["rules"], first=read["from"], last=read["to"], **keys)

    @property
    def address(self) -> Mapping[str, str]:
        """The parameters that ask the list of results for the same calls."""
        read = self.cleaned_data
        found = {name: str(row.uuid) for name in ("vendor", "queue", "agent") if (row := read.get(name)) is not None}
        days = {"day_after": read["from"].isoformat(), "day_before": read["to"].isoformat()}
        return {"rules": read["rules"], **found, **days}


class LookFilter:
    """The part of a filter set that lists use, over figures instead of rows."""

    has_side = False

    def __init__(self, data: QueryDict, *, queryset: Any, request: HttpRequest) -> None:
        self.scope = scope_of(request)
        self.form = LookForm(data, scope=self.scope, has_side=self.has_side)

    def rows(self) -> Sequence[Any]:
        """Return the rows that the form asks for."""
        raise NotImplementedError

    @cached_property
    def qs(self) -> Sequence[Any]:
        """The rows that are asked for; none while there is no rule set."""
        return self.rows() if self.form.cleaned_data["rules"] else []


class FigureFilter(LookFilter):
    """How often each rule fails."""

    def rows(self) -> Sequence[selectors.RuleFigure]:
        return selectors.rule_figures(scope=self.scope, looked=self.form.looked)


class QualityFilter(LookFilter):
    """How far each rule is to be believed."""

    has_side = True

    def rows(self) -> Sequence[selectors.Believed]:
        return selectors.quality_list(scope=self.scope, **quality_asked(self.form))


def quality_asked(form: LookForm) -> dict[str, Any]:
    """Return what the quality of rules is asked by."""
    read = form.cleaned_data
    return {
        "code": read["rules"],
        "side": read["side"],
        "first": read["from"],
        "last": read["to"],
        "only_drawn": read["which"] == "drawn",
    }


class PairFilter(LookFilter):
    """The calls behind the four counts of a rule; rule and cell are the page's own."""

    has_side = True
    rule, cell = "", ""

    def rows(self) -> Sequence[selectors.Pair]:
        pairs = selectors.quality_pairs(scope=self.scope, rule=self.rule, **quality_asked(self.form))
        return [pair for pair in pairs if not self.cell or pair.cell.value == self.cell]


def _of(name: str) -> Any:
    def rows(request: HttpRequest | None) -> QuerySet[Any]:
        assert request is not None
        found: QuerySet[Any] = getattr(vendors, f"{name}_list")(scope=scope_of(request))
        return found

    return rows


def _choice(label: Any, name: str, field_name: str) -> ModelChoiceFilter:
    return ModelChoiceFilter(
        label=label, queryset=_of(name), to_field_name="uuid", empty_label=gettext_lazy("all"), field_name=field_name
    )


class _OfVendorFilter(FilterSet):  # type: ignore[misc]
    """Only the client is asked for the vendor, and agents for nobody else."""

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        scope = scope_of(request)
        if not scope.is_client:
            self.filters.pop("vendor", None)
        if scope.agent_id is not None:
            for name in ("agent", "queue"):
                self.filters.pop(name, None)

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        return any(self.data.get(name) for name in getattr(self, "more", ()))

    def filter_day(self, rows: QuerySet[Any], name: str, value: slice) -> QuerySet[Any]:
        """Keep the rows of some local days."""
        for end, lookup in ((value.start, "day__gte"), (value.stop, "day__lte")):
            if end is not None:
                rows = rows.filter(**{lookup: local_day(end, "UTC")})
        return rows


class CheckFilter(_OfVendorFilter):
    """What results are found by."""

    more = ("vendor", "queue", "agent")

    q = SearchFilter(fields=("transcript__external_id",), label=gettext_lazy("Call"))
    rules = ChoiceFilter(label=gettext_lazy("Rule set"), field_name="rule_set__code", empty_label=gettext_lazy("all"))
    rule = ChoiceFilter(label=gettext_lazy("Rule"), method="filter_rule", empty_label=gettext_lazy("any"))
    verdict = ChoiceFilter(
        label=gettext_lazy("Says"),
        choices=list(VERDICTS.items()),
        method="filter_verdict",
        empty_label=gettext_lazy("whatever"),
    )
    is_risky = TruthFilter(label=gettext_lazy("Risk"), yes=gettext_lazy("with a risk"), no=gettext_lazy("without"))
    day = DaySpanFilter(label=gettext_lazy("Day"), method="filter_day")
    vendor = _choice(gettext_lazy("Vendor"), "vendor", "vendor")
    queue = _choice(gettext_lazy("Queue"), "queue", "transcript__queue")
    agent = _choice(gettext_lazy("Agent"), "agent", "transcript__agent")

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        scope = scope_of(request)
        self.filters["rules"].extra["choices"] = selectors.rule_codes(scope=scope)
        rules = selectors.rules_known(scope=scope, code=data.get("rules", ""))
        self.filters["rule"].extra["choices"] = [(key, rule.title) for key, rule in rules.items()]

    def filter_rule(self, rows: QuerySet[Check], name: str, value: str) -> QuerySet[Check]:
        """Keep the calls of which a rule says what is asked for; that it failed, if nothing is."""
        failed, passed = Q(failed__contains=[value]), Q(passed__contains=[value])
        asked = {"passed": passed, "not_applicable": ~failed & ~passed}
        return rows.filter(asked.get(self.data.get("verdict", ""), failed))

    def filter_verdict(self, rows: QuerySet[Check], name: str, value: str) -> QuerySet[Check]:
        """Without a rule: keep the calls that failed any, or none."""
        if self.data.get("rule"):
            return rows
        if value == "not_applicable":
            return rows.filter(failed=[], passed=[])
        return rows.exclude(failed=[]) if value == "failed" else rows.filter(failed=[])


class TranscriptFilter(_OfVendorFilter):
    """What transcripts are found by."""

    more = ("vendor", "queue", "agent")

    q = SearchFilter(fields=("external_id",), label=gettext_lazy("Call"))
    language = ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=Transcript._meta.get_field("language").choices,
        empty_label=gettext_lazy("all"),
    )
    day = DaySpanFilter(label=gettext_lazy("Day"), method="filter_day")
    vendor = _choice(gettext_lazy("Vendor"), "vendor", "vendor")
    queue = _choice(gettext_lazy("Queue"), "queue", "queue")
    agent = _choice(gettext_lazy("Agent"), "agent", "agent")


class TranscriptImportFilter(_OfVendorFilter):
    """What lists of transcripts are found by."""

    q = SearchFilter(fields=("file_name",), label=gettext_lazy("File"))
    state = ChoiceFilter(label=gettext_lazy("State"), choices=IMPORT_STATES, empty_label=gettext_lazy("all"))
    vendor = _choice(gettext_lazy("Vendor"), "vendor", "vendor")


class RuleSetFilter(_OfVendorFilter):
    """What published rules are found by."""

    q = SearchFilter(fields=("name", "code"))
    is_live = TruthFilter(label=gettext_lazy("State"), yes=gettext_lazy("in use"), no=gettext_lazy("out of use"))
    vendor = _choice(gettext_lazy("Vendor"), "vendor", "vendor")
