"""Editing the terms of a draft."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import forms, selectors, services
from contracts.calc.lifecycle import PERMISSION, State, Step, next_state
from contracts.models import Version
from contracts.views.steps import retroactive_text
from contracts.views.versions import crumbs, version_title, version_url
from core.components import Crumb
from core.errors import Conflict
from core.forms import EXPECTED, FormPage
from core.scope import Scope


class VersionEdit(FormPage):
    """All terms on one page; one set for all queues, or one for each."""

    permission = PERMISSION[Step.EDIT]
    template_name = "contracts/version_edit.html"
    submit_label = gettext_lazy("Save the draft")

    def get_row(self, scope: Scope) -> Version:
        version = selectors.version_get(scope=scope, uuid=self.kwargs["uuid"])
        if next_state(State(version.state), Step.EDIT) is None:
            raise Conflict("step", _("Only a draft can be edited; a signed version is amended by a new one."))
        return version

    def is_each(self, row: Version) -> bool:
        """Return whether the page asks queue by queue: as the address says, else as the terms stand."""
        asked = self.request.GET.get("each", "")
        return asked == "1" if asked in ("0", "1") else len(selectors.shared_terms(version=row)) > 1

    def get_form(self, scope: Scope, row: Version, data: Any = None) -> BaseForm:
        covered = selectors.queues_from(scope=scope, contract_id=row.contract_id, day=row.effective_from)
        return forms.VersionForm(
            data=data,
            version=row,
            queues=[item.queue for item in covered],
            each=self.is_each(row),
            is_amendment=selectors.signed_bounds(scope=scope, contract_id=row.contract_id) is not None,
        )

    def save(self, scope: Scope, row: Version, form: Any) -> Version:
        data = form.cleaned_data
        try:
            return services.version_update_terms(
                scope=scope,
                uuid=row.uuid,
                expected_version=data[EXPECTED],
                effective_from=data["effective_from"],
                ends_on=data.get("ends_on", ...),
                change_note=data["change_note"],
                service_hours=data["service_hours"],
                incident_locate_minutes=data["incident_locate_minutes"],
                incident_restore_minutes=data["incident_restore_minutes"],
                definitions=data["definitions"],
                targets=data["targets"],
            )
        except Conflict as refusal:
            # So many fields cannot be laid side by side here: whoever was slower looks at the page anew.
            raise Conflict(refusal.code, refusal.message) from refusal

    def get_done_url(self, saved: Version) -> str:
        return version_url(saved)

    def get_context(self, scope: Scope, row: Version) -> dict[str, Any]:
        return {
            "title": _("Terms of %(version)s") % {"version": version_title(row)},
            "crumbs": crumbs(row, Crumb(_("Edit"))),
            "cancel_url": version_url(row),
            "version": row,
            "is_each": self.is_each(row),
            "retroactive": retroactive_text(scope, row),
            "zone": row.contract.zone,
        }
