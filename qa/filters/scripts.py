"""What scripts are found by."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from calls import selectors as calls
from core.filters import SearchFilter
from core.http import scope_of
from qa.calc.scripts import ScriptState
from qa.models import SCRIPT_KINDS, SCRIPT_LANGUAGES, SCRIPT_STATES, STAGES, Script
from vendors import selectors as vendors
from vendors.models import Vendor

IN_USE, EXPIRED = "in_use", "expired"


def vendors_of(request: HttpRequest | None) -> QuerySet[Vendor]:
    """Return the vendors that somebody may choose from."""
    assert request is not None
    return vendors.vendor_list(scope=scope_of(request))


class ScriptFilter(FilterSet):  # type: ignore[misc]
    """What scripts are found by; the client is asked for the vendor too, agents see what is in use only."""

    more = ("vendor", "language", "code")

    q = SearchFilter(fields=("name", "code", "text"))
    state = ChoiceFilter(
        label=_("State"),
        choices=[(IN_USE, _("in use")), (EXPIRED, _("expired")), *SCRIPT_STATES.items()],
        method="filter_state",
        empty_label=_("all"),
    )
    kind = ChoiceFilter(label=_("Kind"), choices=list(SCRIPT_KINDS.items()), empty_label=_("all"))
    stage = ChoiceFilter(
        label=_("Has lines for"), choices=list(STAGES.items()), method="filter_stage", empty_label=_("all")
    )
    reason = ChoiceFilter(label=_("Reason of calls"), method="filter_reason", empty_label=_("all"))
    language = ChoiceFilter(label=_("Language"), choices=list(SCRIPT_LANGUAGES.items()), empty_label=_("all"))
    vendor = ModelChoiceFilter(label=_("Vendor"), queryset=vendors_of, to_field_name="uuid", empty_label=_("all"))
    code = CharFilter(label=_("Code"), lookup_expr="iexact")

    def __init__(self, data: QueryDict, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, request=request, **kwargs)
        scope = scope_of(request)
        if not scope.is_client:
            self.filters.pop("vendor", None)
        if scope.role == "agent":
            self.filters.pop("state", None)
        reasons = calls.reason_list(scope=scope).order_by("code").values_list("code", "name")
        self.filters["reason"].extra["choices"] = list({code: name or code for code, name in reasons}.items())

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is on."""
        return any(self.data.get(name) for name in self.more)

    def filter_state(self, scripts: QuerySet[Script], name: str, value: str) -> QuerySet[Script]:
        """Keep the versions in a state; the approved ones by whether they may still be used."""
        at = scope_of(self.request).at
        if value == IN_USE:
            return scripts.filter(Q(expires_at=None) | Q(expires_at__gt=at), state=ScriptState.APPROVED)
        if value == EXPIRED:
            return scripts.filter(state=ScriptState.APPROVED, expires_at__lte=at)
        return scripts.filter(state=value)

    def filter_stage(self, scripts: QuerySet[Script], name: str, value: str) -> QuerySet[Script]:
        """Keep the versions with a line of a stage."""
        return scripts.filter(parts__contains=[{"stage": value}])

    def filter_reason(self, scripts: QuerySet[Script], name: str, value: str) -> QuerySet[Script]:
        """Keep the versions for a reason of calls, and those for all."""
        return scripts.filter(Q(reasons__contains=[value]) | Q(reasons=[]))
