"""The filters of the lists of evaluations and of coaching."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from contracts import selectors as contracts
from contracts.models import Contract
from core.filters import DaySpanFilter, SearchFilter, TruthFilter
from core.http import scope_of
from core.periods import local_day
from qa import selectors
from qa.calc.states import SCORED
from qa.models import EVALUATION_STATES, ORIGINS, CoachingTask, Evaluation, Kind
from qa.models.evaluations import SIDES
from vendors import selectors as vendors
from vendors.models import Agent, Queue, Vendor

WAITING, ALL, COUNTED = "waiting", "all", "counted"
STATE_CHOICES = [
    (WAITING, _("what waits for me")),
    *((s.value, word) for s, word in EVALUATION_STATES.items()),
    (COUNTED, _("counts in the scores")),
]
# Named range to the ratio from which on and below which it lies.
SCORES: dict[str, Q] = {
    "failed": Q(is_failed=True),
    "low": Q(ratio__lt=0.8),
    "middle": Q(ratio__gte=0.8, ratio__lt=0.95),
    "high": Q(ratio__gte=0.95),
}
SCORE_CHOICES = [
    ("failed", _("failed by a fatal error")),
    ("low", _("below 80 %")),
    ("middle", _("80 % to 95 %")),
    ("high", _("95 % and more")),
]


class _NumberFilter(SearchFilter):
    """Looks into words; ``#12`` is the row of that number."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        number = (value or "").strip()
        if number.startswith("#") and number[1:].isascii() and number[1:].isdigit() and len(number) < 10:
            return qs.filter(number=int(number[1:]))
        return super().filter(qs, value)


def _vendors(request: HttpRequest | None) -> QuerySet[Vendor]:
    assert request is not None
    return vendors.vendor_list(scope=scope_of(request))


def _queues(request: HttpRequest | None) -> QuerySet[Queue]:
    assert request is not None
    return vendors.queue_list(scope=scope_of(request))


def _contracts(request: HttpRequest | None) -> QuerySet[Contract]:
    assert request is not None
    return contracts.contract_list(scope=scope_of(request))


def _agents(request: HttpRequest | None) -> QuerySet[Agent]:
    assert request is not None
    return vendors.agent_list(scope=scope_of(request))


class EvaluationFilter(FilterSet):  # type: ignore[misc]
    """What evaluations are found by; what waits for the caller unless asked otherwise."""

    more = ("queue", "form", "origin", "kind", "is_risky", "day", "contract", "team", "agent", "question")

    q = _NumberFilter(fields=("reference", "agent__name", "agent__code"))
    state = ChoiceFilter(label=_("State"), choices=[*STATE_CHOICES, (ALL, _("all"))], method="filter_state",
                         empty_label=None)  # fmt: skip
    side = ChoiceFilter(label=_("Evaluated by"), choices=SIDES, empty_label=_("all"))
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=_vendors, to_field_name="uuid", empty_label=_("all"))
    score = ChoiceFilter(label=_("Score"), choices=SCORE_CHOICES, method="filter_score", empty_label=_("all"))
    queue = ModelChoiceFilter(label=_("Queue"), queryset=_queues, to_field_name="uuid", empty_label=_("all"))
    form = ChoiceFilter(label=_("Form"), field_name="form__code", empty_label=_("all"))
    origin = ChoiceFilter(label=_("Why"), choices=ORIGINS, empty_label=_("all"))
    kind = ChoiceFilter(label=_("Kind"), choices=Kind.choices, empty_label=_("all"))
    is_risky = TruthFilter(label=_("Risky"), yes=_("risky only"), no=_("without risky ones"))
    day = DaySpanFilter(label=_("Day of the conversation"))
    contract = ModelChoiceFilter(label=_("Contract"), queryset=_contracts, to_field_name="uuid", empty_label=_("all"))
    team = CharFilter(label=_("Team"), field_name="agent__team", max_length=80)
    agent = ModelChoiceFilter(label=_("Agent"), queryset=_agents, to_field_name="uuid", empty_label=_("all"))
    question = CharFilter(label=_("Failed question"), max_length=40, method="filter_question")

    class Meta:
        model = Evaluation
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.scope = scope_of(request)
        asked = data.copy()
        asked.setdefault("state", self.begins_with(self.scope))
        super().__init__(asked, *args, request=request, **kwargs)
        if not self.scope.is_client:
            del self.filters["vendor"]
        if not self.scope.can("vendors.view"):
            del self.filters["queue"]
        if self.scope.agent_id is not None:
            for name in ("is_risky", "team", "agent", "contract"):
                del self.filters[name]
        codes = selectors.form_list(scope=self.scope).order_by().values_list("code", flat=True).distinct()
        self.filters["form"].extra["choices"] = [(code, code) for code in sorted(codes)]

    @staticmethod
    def begins_with(scope: Any) -> str:
        """Return the state that the bare list shows: what waits, to whoever something can wait for."""
        return WAITING if selectors.turns_of(scope=scope) else ALL

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        names = (*self.more, "day_after", "day_before")
        return any(self.data.get(name) for name in names)

    def filter_state(self, rows: QuerySet[Evaluation], name: str, value: str) -> QuerySet[Evaluation]:
        """Keep a state, or what waits for the caller, in the order in which it is done."""
        if value == WAITING:
            return selectors.waiting_list(scope=self.scope, rows=rows)
        if value == COUNTED:
            return rows.filter(state__in=sorted(SCORED), draw__isnull=False, possible__gt=0)
        return rows if value == ALL else rows.filter(state=value)

    def filter_question(self, rows: QuerySet[Evaluation], name: str, value: str) -> QuerySet[Evaluation]:
        """Keep what failed a question, by the versions of the form in which each was filled in."""
        return rows.filter(selectors.question_failed(scope=self.scope, key=value))

    def filter_score(self, rows: QuerySet[Evaluation], name: str, value: str) -> QuerySet[Evaluation]:
        """Keep scores of a range."""
        return rows.filter(SCORES[value])


COACHING_CHOICES = [
    ("open", _("to be done")),
    ("overdue", _("overdue")),
    ("done", _("ended")),
    (ALL, _("all")),
]


class CoachingFilter(FilterSet):  # type: ignore[misc]
    """What coaching tasks are found by; the open ones unless asked otherwise."""

    q = SearchFilter(fields=("text", "agent__name", "agent__code"))
    state = ChoiceFilter(label=_("State"), choices=COACHING_CHOICES, method="filter_state", empty_label=None)
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=_vendors, to_field_name="uuid", empty_label=_("all"))

    class Meta:
        model = CoachingTask
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.scope = scope_of(request)
        asked = data.copy()
        asked.setdefault("state", "open")
        super().__init__(asked, *args, request=request, **kwargs)
        if not self.scope.is_client:
            del self.filters["vendor"]

    def filter_state(self, rows: QuerySet[CoachingTask], name: str, value: str) -> QuerySet[CoachingTask]:
        """Keep open, overdue or ended tasks."""
        if value == ALL:
            return rows
        if value == "done":
            return rows.filter(done_at__isnull=False)
        rows = rows.filter(done_at=None)
        return rows.filter(due_on__lt=local_day(self.scope.at, "UTC")) if value == "overdue" else rows
