"""The filters of the list of tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from core.filters import DaySpanFilter, SearchFilter
from core.http import scope_of, zone_of
from core.periods import day_start, local_day
from core.scope import Scope
from tickets import selectors
from tickets.calc.states import ENDED, OPEN, PENDING, SOLVED
from tickets.models import LEVELS, Ticket, Tier
from vendors import selectors as vendors

ME, NOBODY = "me", "nobody"
OPEN_GROUP, ALL = "open", "all"
GROUPS = {
    OPEN_GROUP: OPEN,
    "pending": PENDING,
    "solved": SOLVED - ENDED,
    "ended": ENDED,
}
GROUP_CHOICES = [
    (OPEN_GROUP, _("open")),
    ("pending", _("waiting")),
    ("solved", _("solved, not archived")),
    ("ended", _("archived or ended")),
    (ALL, _("all")),
]
TODAY = "today"
DUE_CHOICES = [
    ("overdue", _("overdue")),
    ("hour", _("within an hour")),
    (TODAY, _("today")),
    ("day", _("within 24 hours")),
]
DUE_WITHIN = {"overdue": timedelta(), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class WordsFilter(SearchFilter):
    """Looks into words; ``#12`` is the row of that number."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        number = (value or "").strip().removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            return qs.filter(Q(number=int(number)) | Q((f"{self.fields[0]}__icontains", number)))
        return super().filter(qs, value)


Choices = list[tuple[str, Any]]


def _known(request: HttpRequest, name: str, make: Callable[[Scope], Choices]) -> Choices:
    """Return the choices of a filter, asked for once in a request however many views of the list it counts."""
    kept: dict[str, Choices] = request.__dict__.setdefault("ticket_choices", {})
    if name not in kept:
        kept[name] = make(scope_of(request))
    return kept[name]


def _vendors(scope: Scope) -> Choices:
    return [(str(vendor.uuid), str(vendor)) for vendor in vendors.vendor_list(scope=scope)]


def _queues(scope: Scope) -> Choices:
    return [(str(queue.uuid), str(queue)) for queue in vendors.queue_list(scope=scope)]


def _handlers(scope: Scope) -> Choices:
    me: Choices = [(ME, _("me")), (NOBODY, _("nobody"))]
    if scope.agent_id is not None:
        return me
    people = selectors.handler_list(scope=scope, vendor_ids=scope.vendor_ids)
    return [*me, *((str(row.user.uuid), str(row.user)) for row in people if row.user_id != scope.user_id)]


class TicketFilter(FilterSet):  # type: ignore[misc]
    """What tickets are found by; the open ones unless asked otherwise."""

    more = ("level", "queue", "opened")

    q = WordsFilter(fields=("subject", "text"))
    state = ChoiceFilter(label=_("State"), choices=GROUP_CHOICES, method="filter_state", empty_label=None)
    due = ChoiceFilter(label=_("Due"), choices=DUE_CHOICES, method="filter_due", empty_label=_("at any time"))
    tier = ChoiceFilter(label=_("Tier"), choices=Tier.choices, empty_label=_("all"))
    handler = ChoiceFilter(label=_("Handler"), method="filter_handler", empty_label=_("anybody"))
    vendor = ChoiceFilter(label=_("Vendor"), field_name="vendor__uuid", empty_label=_("all"))
    level = ChoiceFilter(label=_("Held by"), choices=list(LEVELS.items()), empty_label=_("all"))
    queue = ChoiceFilter(label=_("Queue"), field_name="queue__uuid", empty_label=_("all"))
    opened = DaySpanFilter(label=_("Opened"), method="filter_opened")

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        asked = data.copy()
        asked.setdefault("state", OPEN_GROUP)
        super().__init__(asked, *args, request=request, **kwargs)
        self.scope = scope_of(request)
        if not self.scope.is_client:
            del self.filters["vendor"]
        if not self.scope.can("vendors.view"):
            del self.filters["queue"]
        for name, make in (("vendor", _vendors), ("queue", _queues), ("handler", _handlers)):
            if name in self.filters:
                self.filters[name].extra["choices"] = _known(request, name, make)

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        return any(self.data.get(name) for name in ("level", "queue", "opened_after", "opened_before"))

    def filter_state(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Keep the tickets of a group of states."""
        if value not in GROUPS:
            return tickets
        if value == OPEN_GROUP:
            # As the index of what is due has it.
            tickets = tickets.filter(ended_at__isnull=True)
        return tickets.filter(state__in=[state.value for state in GROUPS[value]])

    def filter_due(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Keep the tickets whose next promise falls due so soon, or on the day that the page's zone has now."""
        if value == TODAY:
            zone = zone_of(self.scope)
            today = local_day(self.scope.at, zone)
            bounds = (day_start(today, zone), day_start(today + timedelta(days=1), zone))
            return tickets.filter(next_due_at__gte=bounds[0], next_due_at__lt=bounds[1])
        return tickets.filter(next_due_at__lt=self.scope.at + DUE_WITHIN[value])

    def filter_handler(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Keep somebody's tickets, or nobody's."""
        if value == NOBODY:
            return tickets.filter(handler_id__isnull=True)
        if value == ME:
            return tickets.filter(handler_id=self.scope.user_id)
        people = selectors.handler_list(scope=self.scope, vendor_ids=self.scope.vendor_ids)
        return tickets.filter(handler_id__in=people.filter(user__uuid=value).values("user_id"))

    def filter_opened(self, tickets: QuerySet[Ticket], name: str, value: slice) -> QuerySet[Ticket]:
        """Keep the tickets opened from a day to a day, as the page's zone has its days."""
        return days_within(tickets, "opened_at", value, zone_of(self.scope))


def days_within(rows: QuerySet[Any], name: str, value: slice, zone: str) -> QuerySet[Any]:
    """Keep the rows whose moment lies on the days from one to another, both included, as a zone has its days."""
    if value.start is not None:
        rows = rows.filter(**{f"{name}__gte": day_start(value.start.date(), zone)})
    if value.stop is not None:
        day = local_day(value.stop, "UTC") + timedelta(days=1)
        rows = rows.filter(**{f"{name}__lt": day_start(day, zone)})
    return rows
