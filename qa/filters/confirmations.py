"""What confirmations are found by."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from core.filters import SearchFilter
from core.http import scope_of
from qa.calc.scripts import ScriptState
from qa.filters.scripts import vendors_of
from qa.models import ConfirmationRound


class RoundFilter(FilterSet):  # type: ignore[misc]
    """What rounds are found by."""

    q = SearchFilter(fields=("script__name", "script__code"))
    state = ChoiceFilter(
        label=_("State"),
        choices=[("current", _("in use")), ("former", _("not in use any more"))],
        method="filter_state",
        empty_label=_("all"),
    )
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=vendors_of, to_field_name="uuid", empty_label=_("all"))

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        if not scope_of(request).is_client:
            self.filters.pop("vendor", None)

    def filter_state(self, rounds: QuerySet[ConfirmationRound], name: str, value: str) -> QuerySet[ConfirmationRound]:
        """Keep the rounds of versions in use, or the others."""
        at = scope_of(self.request).at
        current = Q(script__state=ScriptState.APPROVED) & (Q(script__expires_at=None) | Q(script__expires_at__gt=at))
        return rounds.filter(current) if value == "current" else rounds.exclude(current)


class AskedAgentFilter(FilterSet):  # type: ignore[misc]
    """Agents of a round, by whether they confirmed."""

    q = SearchFilter(fields=("name", "code"))
    state = ChoiceFilter(
        label=_("State"),
        choices=[("confirmed", _("confirmed")), ("waits", _("waits"))],
        method="filter_state",
        empty_label=_("all"),
    )
    team = CharFilter(label=_("Team"))

    def filter_state(self, agents: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep those who confirmed, or those who have not."""
        return agents.filter(confirmed_at__isnull=value == "waits")
