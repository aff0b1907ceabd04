"""The filters of the list of feedback."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from calls import selectors as calls
from calls.models import CallReason
from contracts import selectors as contracts
from contracts.models import Contract
from core.filters import DaySpanFilter, TruthFilter
from core.http import scope_of, zone_of
from tickets import selectors
from tickets.calc.feedback import OPEN, State
from tickets.filters.work import ALL, OPEN_GROUP, WordsFilter, days_within
from tickets.models import Feedback, FeedbackKind, FeedbackSource, FeedbackState
from vendors import selectors as vendors
from vendors.models import Queue

NO_CLASS = "none"
STATE_CHOICES = [(OPEN_GROUP, _("not closed yet")), *FeedbackState.choices, (ALL, _("all"))]
ROUTING_CHOICES = [
    ("overdue", _("overdue")),
    ("waiting", _("waiting, in time")),
    ("late", _("passed on late, or never")),
    ("kept", _("passed on in time")),
]
LATE = Q(routed_at__gt=F("route_due_at")) | Q(routed_at=None, late_at__isnull=False)


def _queues(request: HttpRequest | None) -> QuerySet[Queue]:
    assert request is not None
    return vendors.queue_list(scope=scope_of(request))


def _contracts(request: HttpRequest | None) -> QuerySet[Contract]:
    assert request is not None
    return contracts.contract_list(scope=scope_of(request))


def _reasons(request: HttpRequest | None) -> QuerySet[CallReason]:
    assert request is not None
    return calls.reason_list(scope=scope_of(request))


class FeedbackFilter(FilterSet):  # type: ignore[misc]
    """What feedback is found by; the open ones unless asked otherwise."""

    more = ("source", "department", "queue", "reason", "contract", "received")

    q = WordsFilter(fields=("text", "answer", "outcome"))
    state = ChoiceFilter(label=_("State"), choices=STATE_CHOICES, method="filter_state", empty_label=None)
    routing = ChoiceFilter(
        label=_("To the department"), choices=ROUTING_CHOICES, method="filter_routing", empty_label=_("all")
    )
    kind = ChoiceFilter(
        label=_("Class"),
        choices=[*FeedbackKind.choices, (NO_CLASS, _("not classed yet"))],
        method="filter_kind",
        empty_label=_("all"),
    )
    is_complaint = TruthFilter(label=_("Complaints"), yes=_("complaints only"), no=_("without complaints"))
    vendor = ModelChoiceFilter(
        label=_("Vendor"),
        queryset=lambda request: vendors.vendor_list(scope=scope_of(request)),
        to_field_name="uuid",
        empty_label=_("all"),
    )
    source = ChoiceFilter(label=_("Came by"), choices=FeedbackSource.choices, empty_label=_("all"))
    department = ChoiceFilter(label=_("Owning department"), empty_label=_("all"))
    queue = ModelChoiceFilter(label=_("Queue"), queryset=_queues, to_field_name="uuid", empty_label=_("all"))
    reason = ModelChoiceFilter(label=_("Reason"), queryset=_reasons, to_field_name="uuid", empty_label=_("all"))
    contract = ModelChoiceFilter(label=_("Contract"), queryset=_contracts, to_field_name="uuid", empty_label=_("all"))
    received = DaySpanFilter(label=_("Received"), method="filter_received")

    class Meta:
        model = Feedback
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        asked = data.copy()
        asked.setdefault("state", OPEN_GROUP)
        super().__init__(asked, *args, request=request, **kwargs)
        self.scope = scope_of(request)
        if not self.scope.is_client:
            del self.filters["vendor"]
        self.filters["department"].extra["choices"] = [(name, name) for name in selectors.departments(scope=self.scope)]

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        names = ("source", "department", "queue", "reason", "contract", "received_after", "received_before")
        return any(self.data.get(name) for name in names)

    def filter_state(self, rows: QuerySet[Feedback], name: str, value: str) -> QuerySet[Feedback]:
        """Keep a state, or the open ones."""
        if value == OPEN_GROUP:
            return rows.filter(state__in=[state.value for state in OPEN])
        return rows if value == ALL else rows.filter(state=State(value).value)

    def filter_routing(self, rows: QuerySet[Feedback], name: str, value: str) -> QuerySet[Feedback]:
        """Keep what stands so on its way to the department."""
        waiting = Q(routed_at=None, closed_at=None)
        return {
            "overdue": rows.filter(waiting, route_due_at__lt=self.scope.at),
            "waiting": rows.filter(waiting, route_due_at__gte=self.scope.at),
            "late": rows.filter(LATE),
            "kept": rows.filter(routed_at__lte=F("route_due_at")),
        }[value]

    def filter_kind(self, rows: QuerySet[Feedback], name: str, value: str) -> QuerySet[Feedback]:
        """Keep a class, or what has none yet."""
        return rows.filter(kind="" if value == NO_CLASS else value)

    def filter_received(self, rows: QuerySet[Feedback], name: str, value: slice) -> QuerySet[Feedback]:
        """Keep what came in from a day to a day."""
        return days_within(rows, "received_at", value, zone_of(self.scope))
