"""The filters of ideas, of cases of exceptional service, of the question bank and of its answers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from core.filters import DaySpanFilter, SearchFilter, TruthFilter
from core.http import scope_of, zone_of
from core.periods import local_day
from qa.models import (
    LANGUAGES,
    AskedBy,
    BankQuestion,
    BankReply,
    CaseState,
    Idea,
    IdeaState,
    IdeaTopic,
    ServiceCase,
)
from qa.wording.improvement import PROOFS
from vendors import selectors as vendors

IN_USE, ALL = "in_use", "all"


def _vendor() -> Any:
    return ModelChoiceFilter(
        label=_("Vendor"), queryset=lambda request: vendors.vendor_list(scope=scope_of(request)),
        to_field_name="uuid", empty_label=_("all"),
    )  # fmt: skip


class _OwnFilter(FilterSet):  # type: ignore[misc]
    """Filters of which a vendor's people have no choice of vendors."""

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        self.scope = scope_of(request)
        if not self.scope.is_client:
            self.filters.pop("vendor", None)


class IdeaFilter(_OwnFilter):
    """What ideas are found by."""

    q = SearchFilter(fields=("title", "text", "author_name"))
    state = ChoiceFilter(label=_("State"), choices=IdeaState.choices, empty_label=_("all"))
    topic = ChoiceFilter(label=_("About"), choices=IdeaTopic.choices, empty_label=_("all"))
    vendor = _vendor()
    agent = CharFilter(label=_("Agent’s code"), field_name="agent__code", max_length=40)
    adopted_on = DaySpanFilter(label=_("Adopted on"))

    class Meta:
        model = Idea
        fields: list[str] = []


class ServiceCaseFilter(_OwnFilter):
    """What cases are found by."""

    q = SearchFilter(fields=("title", "text", "agent__name", "reference"))
    state = ChoiceFilter(label=_("State"), choices=CaseState.choices, empty_label=_("all"))
    kind = ChoiceFilter(label=_("Proved by"), choices=list(PROOFS.items()), empty_label=_("all"))
    vendor = _vendor()
    agent = CharFilter(label=_("Agent’s code"), field_name="agent__code", max_length=40)
    happened_on = DaySpanFilter(label=_("Day"))

    class Meta:
        model = ServiceCase
        fields: list[str] = []


class BankQuestionFilter(FilterSet):  # type: ignore[misc]
    """What questions of the bank are found by; those in use unless asked otherwise."""

    q = SearchFilter(fields=("code", "text", "topic"))
    use = ChoiceFilter(
        label=_("Use"), choices=[(IN_USE, _("in use")), (ALL, _("all"))], method="filter_use", empty_label=None
    )
    language = ChoiceFilter(label=_("Language"), choices=LANGUAGES, empty_label=_("all"))

    class Meta:
        model = BankQuestion
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        asked = data.copy()
        asked.setdefault("use", IN_USE)
        super().__init__(asked, *args, request=request, **kwargs)
        self.scope = scope_of(request)

    def filter_use(self, rows: QuerySet[BankQuestion], name: str, value: str) -> QuerySet[BankQuestion]:
        """Keep what may be asked today."""
        today = local_day(self.scope.at, zone_of(self.scope))
        in_use = rows.filter(Q(valid_to=None) | Q(valid_to__gte=today))
        return in_use if value == IN_USE else rows


class BankReplyFilter(_OwnFilter):
    """What answers are found by."""

    q = SearchFilter(fields=("question_text", "answer", "question_code"))
    code = CharFilter(label=_("Code of the question"), field_name="question_code", max_length=40)
    is_correct = TruthFilter(label=_("Right"), yes=_("right"), no=_("wrong"))
    language = ChoiceFilter(label=_("Language"), choices=LANGUAGES, empty_label=_("all"))
    asked_by = ChoiceFilter(label=_("Asked by"), choices=AskedBy.choices, empty_label=_("all"))
    vendor = _vendor()
    asked_on = DaySpanFilter(label=_("Asked on"))

    class Meta:
        model = BankReply
        fields: list[str] = []
