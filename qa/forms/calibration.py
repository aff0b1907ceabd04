"""The shape of a new calibration session: first which calls, then what each party reads and who scores."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import selectors as contracts
from contracts.models import Contract
from core.http import zone_of
from core.scope import Scope
from qa import selectors
from qa.models import Form
from qa.services import CalibrationGiven, CaseGiven
from qa.services.calibration import CASES_MOST, TEXT_MOST

MOMENT = "%Y-%m-%dT%H:%M"
FILE_BYTES_MOST = 200_000
BLIND_FOR = timedelta(days=3)


class LocalMomentField(forms.DateTimeField):
    """A moment by the clocks of a zone, to the minute."""

    def __init__(self, *, zone: str, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
        super().__init__(widget=widget, input_formats=[MOMENT], **kwargs)
        self.zone = ZoneInfo(zone)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.replace(tzinfo=self.zone) if isinstance(found, datetime) else found

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone).strftime(MOMENT) if isinstance(value, datetime) else value


class CallsForm(forms.Form):
    """Which calls of which contract, by which form, and whether a peer takes part; nothing is kept yet."""

    contract = forms.ChoiceField(label=gettext_lazy("Contract of the calls"))
    calls = forms.CharField(
        label=gettext_lazy("Calls"), max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Their ids, one a line, ten at most."),
    )  # fmt: skip
    form = forms.ChoiceField(label=gettext_lazy("Form"))
    peer = forms.ChoiceField(
        label=gettext_lazy("Anonymous peer"),
        required=False,
        help_text=gettext_lazy(
            "Another vendor that uses the same form. It reads what you write of the call and never learns whose it "
            "is; the calls’ vendor never learns who the peer is."
        ),
    )

    def __init__(self, data: QueryDict | None, *, scope: Scope) -> None:
        super().__init__(data)
        self.scope = scope
        rows = contracts.contract_list(scope=scope)
        self.contracts = {str(row.uuid): row for row in rows}
        self.live = list(selectors.form_list(scope=scope).filter(is_live=True))
        houses = {row.vendor_id: (str(row.vendor.uuid), row.vendor.name) for row in self.live}
        self._choose("contract", [(key, f"{row.vendor.name} · {row.name}") for key, row in self.contracts.items()])
        self._choose("form", list(dict.fromkeys((row.code, row.name) for row in self.live)))
        self._choose("peer", [("", _("none")), *sorted(houses.values(), key=lambda pair: pair[1])])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_calls(self) -> list[str]:
        """Return the ids, each once."""
        found = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["calls"].strip())))
        if not 1 <= len(found) <= CASES_MOST:
            raise forms.ValidationError(_("Name one to %(most)s different calls.") % {"most": CASES_MOST})
        return found

    def clean(self) -> dict[str, Any]:
        """Find the form at both vendors."""
        cleaned: dict[str, Any] = super().clean() or {}
        contract = self.contracts.get(cleaned.get("contract", ""))
        code = cleaned.get("form")
        if contract is None or code is None:
            return cleaned
        self.own = next((row for row in self.live if (row.code, row.vendor_id) == (code, contract.vendor_id)), None)
        if self.own is None:
            self.add_error("form", _("Choose a form that is in use at this vendor."))
            return cleaned
        self.peer_form = None
        if cleaned.get("peer"):
            found = selectors.peers_of(scope=self.scope, form=self.own).filter(vendor__uuid=cleaned["peer"]).first()
            if found is None:
                self.add_error("peer", _("The peer must use the same form."))
            self.peer_form = found
        return cleaned

    @property
    def chosen(self) -> tuple[Contract, Form, Form | None, list[str]]:
        """Contract, form, the peer's form and the calls, once all is valid."""
        assert self.own is not None
        return self.contracts[self.cleaned_data["contract"]], self.own, self.peer_form, self.cleaned_data["calls"]


class CalibrationForm(forms.Form):
    """What each party reads of the calls, who scores, and until when.

    Args:
        contract: Of the calls.
        form: What is asked.
        peer_form: The same form at the peer; None without one.
        references: The calls.
    """

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("Only you read it; vendors see a number.")
    )
    reveals_early = forms.BooleanField(
        label=gettext_lazy("Show the results as soon as everybody has scored"), required=False, initial=True
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        scope: Scope,
        chosen: tuple[Contract, Form, Form | None, list[str]],
    ) -> None:
        super().__init__(data, files)
        self.contract, self.form, self.peer_form, self.references = chosen
        zone = zone_of(scope)
        self.fields["deadline_at"] = LocalMomentField(
            zone=zone, label=_("Blind until (%(zone)s)") % {"zone": zone}, initial=scope.at + BLIND_FOR
        )
        self._people(scope, "client_people", _("Your graders"), scope.organization_id)
        self._people(scope, "owner_people", _("Graders of the calls’ vendor"), self.contract.vendor_id)
        if self.peer_form is not None:
            label = _("Graders of the anonymous peer, %(vendor)s") % {"vendor": self.peer_form.vendor.name}
            self._people(scope, "peer_people", label, self.peer_form.vendor_id)
        for position, reference in enumerate(self.references, start=1):
            self._case(position, reference)

    def _people(self, scope: Scope, name: str, label: str, organization_id: int) -> None:
        people = selectors.graders_of(scope=scope, organization_id=organization_id)
        self.fields[name] = forms.TypedMultipleChoiceField(
            label=label,
            required=False,
            coerce=int,
            choices=[(row.user_id, row.user.display_name or row.user.username) for row in people],
            widget=forms.CheckboxSelectMultiple,
        )

    def _case(self, position: int, reference: str) -> None:
        is_needed = self.peer_form is not None
        help_text = (
            _("The peer reads this instead of hearing the call: no names, codes, numbers or addresses.")
            if is_needed
            else _("If there is no recording, or to make reading easier.")
        )
        self.fields[f"text_{position}"] = forms.CharField(
            label=_("What was said in %(call)s") % {"call": reference}, required=False, max_length=TEXT_MOST,
            widget=forms.Textarea({"rows": 8}), help_text=help_text,
        )  # fmt: skip
        self.fields[f"file_{position}"] = forms.FileField(
            label=_("or a text file"), required=False, widget=forms.ClearableFileInput({"accept": ".txt,text/plain"})
        )

    def clean(self) -> dict[str, Any]:
        """Take the text of a file where nothing is typed."""
        cleaned: dict[str, Any] = super().clean() or {}
        for position in range(1, len(self.references) + 1):
            file = cleaned.get(f"file_{position}")
            if not file or cleaned.get(f"text_{position}"):
                continue
            if file.size > FILE_BYTES_MOST:
                self.add_error(f"file_{position}", _("The file is too large."))
                continue
            try:
                cleaned[f"text_{position}"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error(f"file_{position}", _("The file must be plain text in UTF-8."))
        return cleaned

    @property
    def given(self) -> CalibrationGiven:
        """What the service takes."""
        read = self.cleaned_data
        return CalibrationGiven(
            name=read["name"],
            contract=self.contract,
            form=self.form,
            cases=[
                CaseGiven(reference, read.get(f"text_{position}", ""))
                for position, reference in enumerate(self.references, start=1)
            ],
            deadline_at=read["deadline_at"],
            client_people=read["client_people"],
            owner_people=read["owner_people"],
            peer_form=self.peer_form,
            peer_people=read.get("peer_people", []),
            reveals_early=read["reveals_early"],
        )


class DeadlineForm(forms.Form):
    """A new deadline."""

    def __init__(self, data: Any = None, *, zone: str, initial: datetime | None = None) -> None:
        super().__init__(data)
        self.fields["deadline_at"] = LocalMomentField(
            zone=zone, label=_("Blind until (%(zone)s)") % {"zone": zone}, initial=initial
        )
