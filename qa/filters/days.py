"""The days that a question about many conversations is asked of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayInput

DAYS_MOST = 400


class DaysForm(forms.Form):
    """A question about some days in a row.

    Args:
        data: The parameters of an address.
        usual: What the parameters that are left out are taken to be, by name; ``from`` and ``to`` among them.
    """

    def __init__(self, data: QueryDict, *, usual: Mapping[str, str]) -> None:
        asked = data.copy()
        for name, value in usual.items():
            if not asked.get(name):
                asked[name] = value
        super().__init__(asked)
        self.fields["from"] = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
        self.fields["to"] = forms.DateField(label=gettext_lazy("To"), widget=DayInput())

    def clean(self) -> dict[str, Any]:
        """Refuse days that lie the wrong way round, or too many of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and first > last:
            self.add_error("to", _("The last day lies before the first."))
        elif first and last and (last - first).days >= DAYS_MOST:
            self.add_error("from", _("At most %(days)s days at once.") % {"days": DAYS_MOST})
        return cleaned
