"""The shape of what is typed about scripts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls import selectors as calls
from core.forms import DayInput
from core.scope import Scope
from qa.calc.scripts import LINES_MOST, TEXT_MOST, Stage
from qa.models import SCRIPT_KINDS, SCRIPT_LANGUAGES, STAGES, Script
from vendors import selectors as vendors

EMPTY_LINES = 3
# What a new script is begun with: the order of a good conversation (A78).
BEGUN_WITH = (Stage.OPENING, Stage.PURPOSE, Stage.SELLING, Stage.OBJECTION, Stage.CLOSING)


class LineForm(forms.Form):
    """One line of a script; one without text is left out."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=list(STAGES.items()))
    text = forms.CharField(
        label=gettext_lazy("What is said"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea({"rows": 3}),
    )
    triggers = forms.CharField(
        label=gettext_lazy("The customer says"),
        required=False,
        max_length=3000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("When the line fits, one phrase a line; the search of the reading view looks for them."),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Stays the same in every version; made of the stage if empty."),
    )

    @property
    def part(self) -> dict[str, Any]:
        """The line as the service takes it."""
        data = self.cleaned_data
        triggers = [" ".join(row.split()) for row in data["triggers"].splitlines() if row.strip()]
        return {"stage": data["stage"], "text": data["text"], "triggers": triggers, "key": data["key"].strip()}


LineSet = forms.formset_factory(
    LineForm, extra=0, can_delete=True, can_order=True, max_num=LINES_MOST, absolute_max=LINES_MOST + 10
)


class ScriptForm(forms.Form):
    """A version of a script with its lines; the client chooses the vendors that get it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("The same in every version, such as RENEWAL; made of the name if empty."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(SCRIPT_KINDS.items()))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(SCRIPT_LANGUAGES.items()))
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons of calls"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None means: for all calls."),
    )
    live_until = forms.DateField(
        label=gettext_lazy("Last day of use"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Nobody uses it after that day; people are told two weeks before."),
    )
    change_note = forms.CharField(
        label=gettext_lazy("What is new"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Read by the reviewer."),
    )

    def __init__(self, *args: Any, scope: Scope, former: Script | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = calls.reason_list(scope=scope).order_by("code").values_list("code", "name")
        if former is not None:
            reasons = reasons.filter(vendor_id=former.vendor_id)
            self.fields["code"].disabled = True
        names: dict[str, str] = {}
        for code, name in reasons:
            names.setdefault(code, f"{name} ({code})" if name and name != code else code)
        self.fields["reasons"].choices = list(names.items())  # type: ignore[attr-defined]
        if not names:
            del self.fields["reasons"]
        if scope.is_client:
            self.fields["vendors"] = forms.ModelMultipleChoiceField(
                vendors.vendor_list(scope=scope), label=_("Vendors"), to_field_name="uuid",
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Each gets its own copy, reviewed and replaced on its own."),
            )  # fmt: skip
            self.order_fields(["vendors"])
        rows = _lines_of(former)
        self.lines: Any = LineSet(self.data if self.is_bound else None, prefix="lines", initial=rows)

    def is_valid(self) -> bool:
        """Return whether the form and each line can be read."""
        lines_valid = self.lines.is_valid()
        return super().is_valid() and bool(lines_valid)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The lines that are said, in their order; what was emptied or taken away is left out."""
        kept = [line for line in self.lines.ordered_forms if line.cleaned_data.get("text", "").strip()]
        return [line.part for line in kept]


def _lines_of(former: Script | None) -> list[dict[str, Any]]:
    if former is None:
        rows: list[dict[str, Any]] = [{"stage": stage.value} for stage in BEGUN_WITH]
    else:
        rows = [{**line.as_json(), "triggers": "\n".join(line.triggers)} for line in former.lines]
    rows += [{"stage": Stage.OTHER.value}] * EMPTY_LINES
    return [{**row, "ORDER": number * 10} for number, row in enumerate(rows, start=1)]


class ReviewForm(forms.Form):
    """What the second person says of a version."""

    review_note = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Needed where it is sent back."),
    )


class WithdrawScriptForm(forms.Form):
    """Why a version is taken out of use."""

    reason = forms.CharField(
        label=gettext_lazy("Why it must not be said any more"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
