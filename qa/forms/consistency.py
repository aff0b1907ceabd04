"""The shape of a question of the bank, and of what several vendors answered to it on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import EXPECTED, DayInput
from qa.models import LANGUAGES, AskedBy, BankQuestion, BankReply
from qa.services.consistency import WRONG, Given
from vendors.models import Agent, Vendor

NOTHING = ""


class BankQuestionForm(forms.Form):
    """A question of the bank; for a new revision the code stands.

    Args:
        former: The revision that it replaces; None for a new question.
        today: The day that it begins on, unless another is said.
    """

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Short name, such as refund-days."))
    text = forms.CharField(label=_("Question"), max_length=1000, widget=forms.Textarea({"rows": 2}))
    accepted = forms.CharField(
        label=_("Accepted answers"), widget=forms.Textarea({"rows": 4}),
        help_text=_("One a line. Two right answers that differ are not the same: the customer hears two things."),
    )  # fmt: skip
    topic = forms.CharField(label=_("Reason of calls"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    valid_from = forms.DateField(label=_("Valid from"), widget=DayInput())
    valid_to = forms.DateField(label=_("Valid to"), widget=DayInput(), required=False)

    def __init__(self, data: Any = None, *, today: date, former: BankQuestion | None = None) -> None:
        initial: dict[str, Any] = {"valid_from": today}
        if former is not None:
            initial |= {name: getattr(former, name) for name in ("text", "topic", "language")}
            initial["accepted"] = "\n".join(former.accepted)
        super().__init__(data, initial=initial)
        if former is not None:
            del self.fields["code"]
            self.fields[EXPECTED] = forms.IntegerField(initial=former.version, widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the object ``bank_question``."""
        given = {name: value for name, value in self.cleaned_data.items() if name != EXPECTED}
        return given | {"accepted": given["accepted"].splitlines()}


class AnswersForm(forms.Form):
    """What each vendor answered to one question; a vendor without an answer is left out.

    Args:
        question: The revision that was asked.
        vendors: Who can have been asked.
        agents: All their agents.
        today: The day, unless another is said.
    """

    asked_by = forms.ChoiceField(label=_("Asked by"), choices=AskedBy.choices)
    asked_on = forms.DateField(label=_("Asked on"), widget=DayInput())

    def __init__(
        self,
        data: Any = None,
        *,
        question: BankQuestion,
        vendors: Sequence[Vendor],
        agents: Sequence[Agent],
        today: date,
    ) -> None:
        super().__init__(data, initial={"asked_on": today})
        self.vendors = list(vendors)
        self.agents = {str(agent.uuid): agent for agent in agents}
        for vendor in self.vendors:
            own = [(key, str(agent)) for key, agent in self.agents.items() if agent.vendor_id == vendor.pk]
            name = vendor.name
            self.fields[f"answer_{vendor.code}"] = forms.CharField(
                label=_("%(vendor)s answered") % {"vendor": name}, max_length=2000, required=False,
                widget=forms.Textarea({"rows": 2}),
            )  # fmt: skip
            self.fields[f"judged_{vendor.code}"] = forms.ChoiceField(
                label=_("%(vendor)s: judged") % {"vendor": name}, choices=judgements(question.accepted), required=False
            )
            self.fields[f"agent_{vendor.code}"] = forms.ChoiceField(
                label=_("%(vendor)s: agent") % {"vendor": name}, choices=[("", _("not known")), *own], required=False
            )
            self.fields[f"call_{vendor.code}"] = forms.CharField(
                label=_("%(vendor)s: call") % {"vendor": name}, max_length=100, required=False
            )

    def clean(self) -> dict[str, Any]:
        """See that every answer is judged."""
        cleaned = super().clean() or {}
        for vendor in self.vendors:
            answer, judged = (cleaned.get(f"{name}_{vendor.code}", "") for name in ("answer", "judged"))
            if answer and not judged:
                self.add_error(f"judged_{vendor.code}", _("Say whether it is right."))
            if judged and not answer:
                self.add_error(f"answer_{vendor.code}", _("Write down what was answered."))
        return cleaned

    @property
    def given(self) -> list[Given]:
        """What the service is told of each vendor that answered."""
        found = []
        for vendor in self.vendors:
            answer = self.cleaned_data[f"answer_{vendor.code}"]
            if answer:
                judged = self.cleaned_data[f"judged_{vendor.code}"]
                agent = self.agents.get(self.cleaned_data[f"agent_{vendor.code}"])
                call = self.cleaned_data[f"call_{vendor.code}"]
                found.append(Given(vendor, answer, None if judged == WRONG else int(judged), agent, call))
        return found


class JudgeForm(forms.Form):
    """An answer judged anew, or withdrawn with its reason.

    Args:
        reply: Which.
        accepted: The answers that its question accepted.
    """

    judged = forms.ChoiceField(label=_("Judged"), required=False)
    withdrawn_reason = forms.CharField(
        label=_("Withdraw it, because"), max_length=200, required=False,
        help_text=_("Left empty, it counts as judged above."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, reply: BankReply, accepted: Sequence[str]) -> None:
        judged = str(list(accepted).index(reply.answer_group)) if reply.answer_group in accepted else WRONG
        super().__init__(data, initial={"judged": judged})
        field: Any = self.fields["judged"]
        field.choices = judgements(accepted)[1:]
        self.fields[EXPECTED] = forms.IntegerField(initial=reply.version, widget=forms.HiddenInput)


def judgements(accepted: Sequence[str]) -> list[tuple[str, Any]]:
    """Return what an answer can be judged as."""
    right = [(str(index), _("right: %(answer)s") % {"answer": answer}) for index, answer in enumerate(accepted)]
    return [(NOTHING, "—"), *right, (WRONG, _("wrong"))]
