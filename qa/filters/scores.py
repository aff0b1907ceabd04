"""What scores, roll-ups and the watch over graders are asked for by: a form, a side, some days and a vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.http import scope_of, zone_of
from core.periods import local_day
from core.scope import CLIENT, Scope
from qa import selectors
from qa.filters.days import DaysForm
from qa.models.evaluations import SIDES
from vendors import selectors as vendors

DAYS_SHOWN = 28


class PeriodForm(DaysForm):
    """Fields that every question about many evaluations has; what is left out has a sensible value.

    Attributes:
        has_side: Whether the two sides are told apart.
    """

    form = forms.ChoiceField(label=gettext_lazy("Form"))
    side = forms.ChoiceField(label=gettext_lazy("Evaluated by"), choices=SIDES)
    vendor = forms.ChoiceField(label=gettext_lazy("Vendor"), required=False)

    def __init__(self, data: QueryDict, *, scope: Scope, usual: tuple[date, date], has_side: bool = True) -> None:
        self.scope = scope
        codes = selectors.form_codes(scope=scope)
        given = {
            "form": selectors.form_code_usual(scope=scope) or "",
            "side": CLIENT,
            "from": usual[0].isoformat(),
            "to": usual[1].isoformat(),
        }
        super().__init__(data, usual=given)
        self.fields["form"].choices = [(code, name) for code, name in codes.items()]  # type: ignore[attr-defined]
        self.fields["form"].required = bool(codes)
        if not has_side:
            del self.fields["side"]
        self.vendors = {str(row.uuid): row for row in vendors.vendor_list(scope=scope)} if scope.is_client else {}
        if scope.is_client:
            choices = [("", _("all")), *((uuid, row.name) for uuid, row in self.vendors.items())]
            self.fields["vendor"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["vendor"]

    @property
    def has_forms(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.fields["form"].choices)  # type: ignore[attr-defined]

    @property
    def vendor_id(self) -> int | None:
        """The vendor that is asked for; None for all."""
        row = self.vendors.get(self.cleaned_data.get("vendor") or "")
        return row.pk if row else None

    @property
    def asked(self) -> selectors.Asked:
        """What is asked for, once it is valid."""
        read = self.cleaned_data
        return selectors.Asked(
            side=read.get("side", CLIENT),
            form_code=read["form"],
            first=read["from"],
            last=read["to"],
            vendor_id=self.vendor_id,
        )

    @property
    def address(self) -> Mapping[str, str]:
        """The parameters that say the same to the list of evaluations."""
        read = self.cleaned_data
        found = {name: str(read[name]) for name in ("form", "side", "vendor") if read.get(name)}
        days: dict[str, date] = {"day_after": read["from"], "day_before": read["to"]}
        return found | {"state": "counted"} | {name: day.isoformat() for name, day in days.items()}


class PeriodFilter:
    """The part of a filter set that lists use, over figures instead of rows; the page computes them of ``form``."""

    has_side = True
    days = DAYS_SHOWN

    def __init__(self, data: QueryDict, *, queryset: Any, request: HttpRequest) -> None:
        self.scope = scope_of(request)
        self.form = PeriodForm(data, scope=self.scope, usual=self.usual_days(), has_side=self.has_side)

    def usual_days(self) -> tuple[date, date]:
        """Return the first and the last day that are shown when none are asked for."""
        last = local_day(self.scope.at, zone_of(self.scope))
        return last - timedelta(days=self.days - 1), last

    def rows(self, asked: selectors.Asked) -> Sequence[Any]:
        """Return the rows that are asked for."""
        raise NotImplementedError

    @cached_property
    def qs(self) -> Sequence[Any]:
        """The rows that are asked for; none while there is no form."""
        return self.rows(self.form.asked) if self.form.cleaned_data["form"] else []
