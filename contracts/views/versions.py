"""One version: to read, to submit, to return, to sign, and to compare with another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import View

from accounts import selectors as accounts
from accounts.calc.access import fields_readable
from contracts import forms, selectors, services
from contracts.calc.document import canonical, digest
from contracts.calc.lifecycle import PERMISSION, State, Step
from contracts.models import Version
from contracts.views.badges import contract_url, state_badge
from contracts.views.comparing import differences
from contracts.views.contracts import CONTRACTS, terms_context
from contracts.views.steps import head_actions, version_next
from core.components import Action, Crumb, Fact
from core.errors import Conflict, NotFound
from core.forms import FormPage
from core.http import scope_of
from core.periods import local_day
from core.scope import Scope
from core.templatetags import ui


def version_url(version: Version) -> str:
    """Return a version's page."""
    return reverse("contracts:version_detail", args=[version.uuid])


def version_title(version: Version) -> str:
    """Return what a version is called on its own page."""
    return _("%(contract)s, version %(number)s") % {"contract": version.contract, "number": version.number}


def seen_version(request: HttpRequest) -> int:
    """Return the version of the row that the person saw when the button was drawn.

    Without one it is -1, which no row has: the service looks at the rights first and refuses it as stale then.
    """
    text = request.GET.get("version", "")
    return int(text) if text.isdecimal() and len(text) <= 9 else -1


def crumbs(version: Version, *more: Crumb) -> tuple[Crumb, ...]:
    """Return the way to a version."""
    contract = version.contract
    label = _("Version %(number)s") % {"number": version.number}
    here = Crumb(label, version_url(version)) if more else Crumb(label)
    return (CONTRACTS, Crumb(contract.name, contract_url(contract)), here, *more)


class VersionDetail(View):
    """All terms of a version, and the proof of what was signed."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the version."""
        scope = scope_of(request)
        scope.require("contracts.view")
        version = selectors.version_get(scope=scope, uuid=uuid)
        former = selectors.version_before(scope=scope, version=version)
        compare = Action(
            _("Compare with version %(number)s") % {"number": former.number if former else ""},
            reverse("contracts:version_compare", args=[uuid]),
            "git-compare",
        )
        panel = version_next(scope, version)
        today = local_day(scope.at, version.contract.zone)
        current = selectors.version_of_day(scope=scope, contract=version.contract, day=today)
        context = {
            "version": version,
            "title": version_title(version),
            "title_badge": state_badge(version, current, today),
            "crumbs": crumbs(version),
            "zone": version.contract.zone,
            "facts": self._facts(scope, version),
            "next": panel,
            **head_actions(panel, compare if former else None),
            "seal": bytes(version.document_hash).hex() if version.document_hash else "",
            "is_intact": version.document is not None
            and version.document_hash is not None
            and digest(version.document) == bytes(version.document_hash),
            **terms_context(version),
        }
        return render(request, "contracts/version_detail.html", context)

    def _facts(self, scope: Scope, version: Version) -> list[Fact]:
        readable = fields_readable(scope.role, scope.side, "version")
        until = ui.missing(_("open-ended")) if version.ends_on is None else ui.day(version.ends_on)
        facts = [
            Fact(_("Takes effect on"), ui.day(version.effective_from)),
            Fact(_("Contract's last day"), until),
        ]
        wanted = {
            "drafted_by": (_("Drafted by"), version.drafted_by_id),
            "submitted_by": (_("Submitted by"), version.submitted_by_id),
            "signed_by": (_("Signed by"), version.signed_by_id),
        }
        shown = {name: pair for name, pair in wanted.items() if name in readable and pair[1] is not None}
        names = accounts.user_names(scope=scope, ids=[pk for _label, pk in shown.values() if pk is not None])
        facts += [Fact(label, names.get(pk)) for label, pk in shown.values() if pk is not None]
        if version.signed_at is not None and "signed_at" in readable:
            moment = ui.moment(Context({"scope": scope}), version.signed_at, version.contract.zone)
            facts.append(Fact(_("Signed"), moment))
        return facts


@require_safe
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out what was signed, word for word: its SHA-256 is the seal."""
    scope = scope_of(request)
    scope.require("contracts.view")
    version = selectors.version_get(scope=scope, uuid=uuid)
    if version.document is None:
        raise NotFound
    name = f"{version.contract.vendor.code}-v{version.number}.json"
    return HttpResponse(
        canonical(version.document),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@require_POST
def draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin the next version of a contract."""
    version = services.version_draft(scope=scope_of(request), contract_uuid=uuid)
    messages.success(request, _("The draft is made; change what differs."))
    return redirect("contracts:version_edit", version.uuid)


@require_POST
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand a draft to a second person."""
    services.version_submit(scope=scope_of(request), uuid=uuid, expected_version=seen_version(request))
    messages.success(request, _("Submitted; a second person signs."))
    return redirect("contracts:version_detail", uuid)


@require_POST
def sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Sign a submitted version."""
    version = services.version_sign(scope=scope_of(request), uuid=uuid, expected_version=seen_version(request))
    messages.success(request, _("Signed and sealed. The vendor sees it now."))
    return redirect(version_url(version))


class VersionReturn(FormPage):
    """Send a version back with a reason."""

    permission = PERMISSION[Step.RETURN]
    title = gettext_lazy("Return the version")
    submit_label = gettext_lazy("Return it")
    done = gettext_lazy("Returned to its drafters.")

    def get_row(self, scope: Scope) -> Version:
        version = selectors.version_get(scope=scope, uuid=self.kwargs["uuid"])
        if version.state != State.IN_REVIEW:
            raise Conflict("step", _("Only a version in review can be returned."))
        return version

    def get_form(self, scope: Scope, row: Version, data: Any = None) -> BaseForm:
        return forms.ReturnForm(data=data)

    def save(self, scope: Scope, row: Version, form: Any) -> Version:
        return services.version_return(
            scope=scope,
            uuid=row.uuid,
            expected_version=seen_version(self.request),
            reason=form.cleaned_data["reason"],
        )

    def get_done_url(self, saved: Version) -> str:
        return version_url(saved)

    def get_context(self, scope: Scope, row: Version) -> dict[str, Any]:
        return {"crumbs": crumbs(row, Crumb(_("Return"))), "cancel_url": version_url(row)}


class VersionCompare(View):
    """What changes from one version to another."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the differences; ``with`` names the other version, by default the one before."""
        scope = scope_of(request)
        scope.require("contracts.view")
        version = selectors.version_get(scope=scope, uuid=uuid)
        others = selectors.version_list_with_terms(scope=scope).filter(contract=version.contract).exclude(pk=version.pk)
        asked = request.GET.get("with", "")
        other = next((row for row in others if str(row.uuid) == asked), None)
        if other is None:
            if asked:
                raise NotFound
            other = selectors.version_before(scope=scope, version=version)
        if other is None:
            raise NotFound
        old, new = sorted((other, version), key=lambda row: row.number)
        context = {
            "title": _("Version %(old)s and version %(new)s") % {"old": old.number, "new": new.number},
            "intro": _("Only what differs is shown."),
            "crumbs": crumbs(version, Crumb(_("Compare"))),
            "zone": version.contract.zone,
            "old": old,
            "new": new,
            "others": [row for row in others if row.pk != other.pk],
            "version": version,
            "sections": differences(old, new),
        }
        return render(request, "contracts/version_compare.html", context)
