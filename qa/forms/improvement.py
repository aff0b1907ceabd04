"""The shape of what is typed about improvement actions: the plan, a step, figures of a share, a comment."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from core.forms import EXPECTED, DayInput
from core.scope import Scope
from qa import selectors
from qa.calc.improvement import Step
from qa.models import GroupBy, Improvement, ImprovementOrigin, ImprovementState, Metric
from qa.models.evaluations import SIDES
from qa.models.improvement import DIRECTIONS
from qa.services.pilots import CELLS, SPOKEN
from sla.calc.kpi import Unit

LONG = {"rows": 3}
GROUP_LABELS = {GroupBy.TEAM: _("Teams"), GroupBy.QUEUE: _("Queues"), GroupBy.AGENT: _("Agents")}
NOT_MEASURED = ("metric_name", "direction", "baseline_numerator", "baseline_denominator", "baseline_source")
CELL_LABELS = {
    "pilot_before": _("Pilot before: met / all"),
    "pilot_after": _("Pilot after: met / all"),
    "control_before": _("Control before: met / all"),
    "control_after": _("Control after: met / all"),
}


class GroupField(forms.MultipleChoiceField):
    """Teams, queues or agents of a vendor; what is chosen is all of one kind."""

    widget = forms.SelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.SelectMultiple({"size": 8}), **kwargs)


class ImprovementForm(forms.Form):
    """What an action is about, in whom it is tried and what it is measured by.

    Args:
        scope: Who plans.
        contract: Whose service; its vendor's teams, queues and agents are offered.
        action: What there is already; None for a new one.
    """

    title = forms.CharField(label=_("Title"), max_length=120)
    problem = forms.CharField(label=_("Problem"), max_length=3000, widget=forms.Textarea(LONG))
    cause = forms.CharField(label=_("Root cause"), max_length=3000, required=False, widget=forms.Textarea(LONG))
    measure = forms.CharField(
        label=_("Measure"), max_length=3000, required=False, widget=forms.Textarea(LONG),
        help_text=_("What the pilot does otherwise."),
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    origin = forms.ChoiceField(label=_("Begins from"), choices=ImprovementOrigin.choices)
    origin_reference = forms.CharField(
        label=_("Which one"), max_length=100, required=False,
        help_text=_("Number of the evaluation or incident, the question, the KPI and month."),
    )  # fmt: skip
    metric = forms.ChoiceField(
        label=_("Measured by"), choices=Metric.choices,
        help_text=_("The system counts all but the last itself, so that nobody types them."),
    )  # fmt: skip
    form_code = forms.ChoiceField(label=_("Evaluation form, for the QA score"), required=False)
    evaluated_by = forms.ChoiceField(label=_("Evaluated by, for the QA score"), choices=SIDES, required=False)
    target = forms.DecimalField(
        label=_("Target"), max_digits=9, decimal_places=3, min_value=0,
        help_text=_("In percent; in seconds for ASA and AHT."),
    )  # fmt: skip
    pilot = GroupField(label=_("Pilot group"), help_text=_("Who tries it: teams, queues or agents, all of one kind."))
    control = GroupField(
        label=_("Control group"), help_text=_("Who goes on as before, and is as much like the pilot as can be.")
    )
    starts_on = forms.DateField(label=_("Planned start"), required=False, widget=DayInput())
    check_days = forms.IntegerField(label=_("Check window (days)"), min_value=7, max_value=92, initial=14)
    baseline_first = forms.DateField(
        label=_("Baseline from"), required=False, widget=DayInput(),
        help_text=_("Left empty: as many days before the start as the check window has."),
    )  # fmt: skip
    baseline_last = forms.DateField(label=_("Baseline to"), required=False, widget=DayInput())
    metric_name = forms.CharField(label=_("Name of another share"), max_length=80, required=False)
    direction = forms.ChoiceField(label=_("Direction of another share"), choices=DIRECTIONS, required=False)
    baseline_numerator = forms.DecimalField(label=_("Baseline of another share: met"), required=False, min_value=0)
    baseline_denominator = forms.DecimalField(label=_("Baseline of another share: all"), required=False, min_value=0)
    baseline_source = forms.CharField(label=_("Source of another share"), max_length=200, required=False)

    WHILE_RUNNING = ("title", "problem", "cause", "measure", "owner")

    def __init__(
        self, data: Any = None, *, scope: Scope, contract: Contract, action: Improvement | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.action = action
        super().__init__(data, initial={**(initial or {}), **(_initial(action) if action else {})})
        people = list(selectors.owner_list(scope=scope, vendor_ids=[contract.vendor_id]))
        self.owners = {str(person.user.uuid): person for person in people}
        named = [(uuid, str(person.user)) for uuid, person in self.owners.items()]
        self._choose("owner", [("", _("me") if action is None else _("as it is")), *named])
        groups = [
            (
                str(label),
                [(f"{kind.value}:{key}", name) for key, name in _names(scope, contract, kind).items()],
            )
            for kind, label in GROUP_LABELS.items()
        ]
        self._choose("pilot", groups)
        self._choose("control", groups)
        codes = sorted(
            {
                (form.code, form.name)
                for form in selectors.form_list(scope=scope).filter(vendor_id=contract.vendor_id, is_live=True)
            }
        )
        self._choose("form_code", [("", _("none")), *codes])
        if action is not None:
            self.fields[EXPECTED] = forms.IntegerField(initial=action.version, widget=forms.HiddenInput)
            if action.state != ImprovementState.PLAN:
                for name in set(self.fields) - {*self.WHILE_RUNNING, EXPECTED}:
                    del self.fields[name]

    def _choose(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """See that pilot and control are made of one kind of unit."""
        cleaned = super().clean() or {}
        kinds = {value.partition(":")[0] for name in ("pilot", "control") for value in cleaned.get(name) or []}
        if len(kinds) > 1:
            self.add_error("control", _("Choose teams, queues or agents; not some of each."))
        self.kind = kinds.pop() if len(kinds) == 1 else ""
        return cleaned

    @property
    def owner_chosen(self) -> Any:
        """The membership that was chosen; None leaves it."""
        return self.owners.get(self.cleaned_data.get("owner", ""))

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the object ``improvement``."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in (EXPECTED, "owner")}
        if "metric" not in given:
            return given
        for name in ("pilot", "control"):
            given[name] = [value.partition(":")[2] for value in given[name]]
        given["group_by"] = self.kind or (self.action.group_by if self.action else GroupBy.AGENT.value)
        if given["metric"] != Metric.OTHER:
            for name in NOT_MEASURED:
                given.pop(name)
        if given["metric"] != Metric.QA_SCORE:
            given.pop("form_code")
            given.pop("evaluated_by")
        shown = selectors.unit_of(Improvement(metric=given["metric"]))
        if shown is Unit.RATIO:
            given["target"] = given["target"] / Decimal(100)
        return given


def _names(scope: Scope, contract: Contract, kind: GroupBy) -> dict[str, str]:
    return selectors.names_of(scope=scope, vendor_id=contract.vendor_id, group_by=kind.value)


def _initial(action: Improvement) -> dict[str, Any]:
    names = [
        *("title", "problem", "cause", "measure", "origin", "origin_reference", "metric", "form_code", "evaluated_by"),
        *("starts_on", "check_days", "baseline_first", "baseline_last", "metric_name", "direction", "baseline_source"),
    ]
    found = {name: getattr(action, name) for name in names}
    if not selectors.is_measured(action):
        found |= {name: getattr(action, name) for name in ("baseline_numerator", "baseline_denominator")}
    for name in ("pilot", "control"):
        found[name] = [f"{action.group_by}:{key}" for key in getattr(action, name)]
    scale = Decimal(100) if selectors.unit_of(action) is Unit.RATIO else Decimal(1)
    return found | {"target": (Decimal(action.target) * scale).normalize()}


class ImprovementStepForm(forms.Form):
    """One step with an action; only what the step asks for is shown.

    Args:
        action: Which.
        step: What is done.
        today: The contract's local day.
    """

    starts_on = forms.DateField(
        label=_("First day of the new way"), widget=DayInput(),
        help_text=_("Today, or a day of the last month; from here on nothing that is measured changes."),
    )  # fmt: skip
    text = forms.CharField(label=_("Why"), max_length=3000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, data: Any = None, *, action: Improvement, step: Step, today: Any) -> None:
        super().__init__(data, initial={"starts_on": action.starts_on or today})
        if step is not Step.START_PILOT:
            del self.fields["starts_on"]
        self.fields["text"].required = step in SPOKEN
        if step not in SPOKEN:
            self.fields["text"].label = _("Remark")
        self.fields[EXPECTED] = forms.IntegerField(initial=action.version, widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        """What the service is told, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != EXPECTED}


class FiguresForm(forms.Form):
    """The four groups of figures of a share that the system does not have, as ``met / all``."""

    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Which list, system or report the figures come from.")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in CELLS:
            self.fields[name] = forms.RegexField(
                r"^\s*\d{1,9}\s*/\s*\d{1,9}\s*$", label=CELL_LABELS[name],
                widget=forms.TextInput({"placeholder": "180 / 200", "inputmode": "numeric"}),
                error_messages={"invalid": _("Two whole numbers, such as 180 / 200.")},
            )  # fmt: skip
        self.order_fields([*CELLS, "source"])

    @property
    def cells(self) -> dict[str, tuple[int, int]]:
        """Numerator and denominator by name."""
        found = {}
        for name in CELLS:
            met, _slash, every = self.cleaned_data[name].partition("/")
            found[name] = (int(met), int(every))
        return found
