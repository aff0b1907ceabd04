"""The list of contracts, and one contract with its tabs."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import View
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.calc.access import fields_readable, fields_writable
from contracts import forms, selectors, services
from contracts.calc import hours
from contracts.calc.lifecycle import State
from contracts.models import Contract, Version
from contracts.views.badges import contract_url, phase_badge, state_badge, version_words
from contracts.views.steps import allowed, contract_next, draft_action, head_actions
from contracts.wording import PHASES, STATES, definition_lines, hours_lines, incident_lines, target_lines
from core.columns import CountColumn, DayColumn, HouseTable, MomentColumn
from core.components import Action, Crumb, Fact, Next, Tab
from core.filters import SearchFilter
from core.forms import EXPECTED, FormPage, RowForm
from core.http import scope_of
from core.lists import ListPage
from core.periods import local_day
from core.scope import Scope
from core.templatetags import ui
from vendors import selectors as vendors
from vendors.models import Vendor

CONTRACTS = Crumb(gettext_lazy("Contracts"), reverse_lazy("contracts:contract_list"))


class ContractTable(HouseTable):
    """Contracts with where they stand."""

    name = tables.Column(
        linkify=lambda record: reverse("contracts:contract_detail", args=[record.uuid]),
        attrs={"td": {"class": "text-nowrap"}},
    )
    code = tables.Column(attrs={"td": {"class": "text-nowrap"}})
    vendor = tables.Column(
        verbose_name=gettext_lazy("Vendor"),
        linkify=lambda record: reverse("vendors:vendor_detail", args=[record.vendor.uuid]),
    )
    queue_count = CountColumn(verbose_name=gettext_lazy("Queues"))
    newest_number = tables.Column(verbose_name=gettext_lazy("Signed version"), attrs={"td": {"class": "text-nowrap"}})
    starts_on = DayColumn(verbose_name=gettext_lazy("From"))
    ends_on = DayColumn(verbose_name=gettext_lazy("Until"))
    phase = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)
    open_state = tables.Column(verbose_name=gettext_lazy("In work"), orderable=False)
    zone = tables.Column(verbose_name=gettext_lazy("Time zone"), visible=False)
    currency = tables.Column(verbose_name=gettext_lazy("Currency"), visible=False)

    class Meta:
        model = Contract
        fields = (
            "name",
            "code",
            "vendor",
            "queue_count",
            "newest_number",
            "starts_on",
            "ends_on",
            "phase",
            "open_state",
            "zone",
            "currency",
        )

    def render_newest_number(self, value: int) -> str:
        return f"v{value}"

    def render_phase(self, record: Contract) -> Any:
        return phase_badge(scope_of(self.request), record)

    def value_phase(self, record: Contract) -> str:
        return str(PHASES[selectors.contract_phase(contract=record, at=scope_of(self.request).at)][0])

    def render_open_state(self, value: str) -> Any:
        word, tone = STATES[State(value)]
        return ui.badge(tone, word)

    def value_open_state(self, value: str) -> str:
        return str(STATES[State(value)][0])


def vendors_of(request: HttpRequest | None) -> QuerySet[Vendor]:
    """Return the vendors that the filter offers."""
    assert request is not None
    return vendors.vendor_list(scope=scope_of(request))


class ContractFilter(FilterSet):  # type: ignore[misc]
    """What contracts are found by."""

    q = SearchFilter(fields=("name", "code"))
    vendor = ModelChoiceFilter(label=gettext_lazy("Vendor"), queryset=vendors_of, to_field_name="uuid")
    open_state = ChoiceFilter(
        label=gettext_lazy("In work"),
        choices=[(state.value, STATES[state][0]) for state in (State.DRAFT, State.IN_REVIEW)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not scope_of(self.request).is_client:
            self.filters.pop("vendor")
            self.filters.pop("open_state")


class ContractList(ListPage):
    """The contracts that the caller may see."""

    name = "contracts"
    title = gettext_lazy("Contracts")
    intro = gettext_lazy("What each vendor promised, for which queues, and in which version it stands.")
    permission = "contracts.view"
    crumbs = (Crumb(gettext_lazy("Contracts")),)
    table_class = ContractTable
    filterset_class = ContractFilter
    action = Action(gettext_lazy("Add contract"), reverse_lazy("contracts:contract_create"), "plus", "contracts.edit")
    empty_text = gettext_lazy("A contract says which queues a vendor answers, when, and how well.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Contract]:
        return selectors.contract_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor", "open_state"]


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """Show a vendor's contracts on its page."""
    scope = scope_of(request)
    scope.require("contracts.view")
    vendor = vendors.vendor_named(scope=scope, text=request.GET.get("vendor", ""))
    rows = selectors.contract_list(scope=scope).filter(vendor=vendor) if vendor else []
    listed = [(contract, contract_url(contract), phase_badge(scope, contract)) for contract in rows]
    add = Action(
        _("Add contract"),
        f"{reverse('contracts:contract_create')}?vendor={vendor.uuid if vendor else ''}",
        "plus",
        "contracts.edit",
    )
    return render(request, "contracts/_panel.html", {"contracts": listed, "actions": allowed(scope, add)})


def terms_context(version: Version) -> dict[str, Any]:
    """Return a version's terms as people read them."""
    return {
        "hours": hours_lines(hours.parse(version.service_hours)) if version.service_hours else [],
        "incident_limits": incident_lines(version),
        "terms": [
            {
                "queues": [queue.name for queue in group.queues],
                "definition": definition_lines(group.definition),
                "targets": target_lines(group.targets),
            }
            for group in selectors.shared_terms(version=version)
        ],
    }


class ContractPage(View):
    """Base of a contract's tabs: the head, the facts, what happens now."""

    tab = ""
    template_name = ""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the tab."""
        scope = scope_of(request)
        scope.require("contracts.view")
        contract = selectors.contract_get(scope=scope, uuid=uuid)
        today = local_day(scope.at, contract.zone)
        work = selectors.version_in_work(scope=scope, contract=contract)
        current = selectors.version_of_day(scope=scope, contract=contract, day=today)
        context = {
            **self.page_head(scope, contract, current),
            **self.buttons(scope, contract, contract_next(scope, contract, work, current)),
            **self.get_context(scope, contract, work, current),
        }
        return render(request, self.template_name, context)

    def get_context(
        self, scope: Scope, contract: Contract, work: Version | None, current: Version | None
    ) -> dict[str, Any]:
        """Return what the tab shows."""
        return {}

    def buttons(self, scope: Scope, contract: Contract, panel: Next | None) -> dict[str, Any]:
        """Return what happens now and what else can be done."""
        listed: Any = contract
        key = [contract.uuid]
        kpis = Action(_("Show its KPIs"), reverse("reports:contract", args=key), "chart-bar", "kpis.view")
        edit = Action(_("Edit contract"), reverse("contracts:contract_edit", args=key), "edit", "contracts.edit")
        amend = draft_action(contract) if listed.open_state is None and listed.newest_number else None
        main = next(iter(allowed(scope, kpis)), None)
        others = [a for a in allowed(scope, amend, edit) if panel is None or a not in panel.actions]
        return {"next": panel, **head_actions(panel, main, *others)}

    def page_head(self, scope: Scope, contract: Contract, current: Version | None) -> dict[str, Any]:
        """Return the frame of all tabs."""
        listed: Any = contract
        readable = fields_readable(scope.role, scope.side, "contract")
        uuid = contract.uuid
        tabs = [
            ("contract_detail", _("Terms")),
            ("contract_versions", _("Versions")),
            ("contract_coverage", _("Coverage")),
            ("contract_history", _("History")),
        ]
        vendor = format_html(
            '<a href="{}">{}</a>', reverse("vendors:vendor_detail", args=[contract.vendor.uuid]), contract.vendor
        )
        until = ui.missing(_("open-ended")) if contract.ends_on is None else ui.day(contract.ends_on)
        return {
            "contract": contract,
            "title": contract.name,
            "title_badge": phase_badge(scope, contract),
            "crumbs": (CONTRACTS, Crumb(contract.name)),
            "zone": contract.zone,
            "facts": [
                Fact(_("Vendor"), vendor),
                Fact(_("Code"), contract.code),
                Fact(_("Term"), format_html("{} – {}", ui.day(contract.starts_on), until)),
                Fact(_("Time zone"), contract.zone),
                Fact(_("Currency"), contract.currency),
                Fact(_("Queues"), listed.queue_count or 0),
                Fact(_("In force"), version_words(current)),
            ],
            "tabs": [Tab(label, reverse(f"contracts:{name}", args=[uuid]), name == self.tab) for name, label in tabs],
            "note": contract.note if "note" in readable else "",
        }


class ContractTerms(ContractPage):
    """The terms in force; before any are, those that will be or are being drafted."""

    tab = "contract_detail"
    template_name = "contracts/contract_terms.html"

    def get_context(
        self, scope: Scope, contract: Contract, work: Version | None, current: Version | None
    ) -> dict[str, Any]:
        newest = selectors.newest_signed(scope=scope, contract=contract)
        shown = current or newest or work
        if shown is None:
            return {}
        today = local_day(scope.at, contract.zone)
        # What else there is stands beside it, each under its own name: a draft is never shown as what holds.
        others = [row for row in (newest, work) if row is not None and row.pk != shown.pk]
        return {
            "version": shown,
            "badge": state_badge(shown, current, today),
            "others": [(row, state_badge(row, current, today)) for row in others],
            "is_draft": shown == work,
            "is_in_force": shown == current,
            **terms_context(shown),
        }


class VersionTable(HouseTable):
    """A contract's versions; ``current`` is the one in force ``today``."""

    current: Version | None
    today: date

    number = tables.Column(
        verbose_name=gettext_lazy("Version"),
        linkify=lambda record: reverse("contracts:version_detail", args=[record.uuid]),
    )
    effective_from = DayColumn(verbose_name=gettext_lazy("Takes effect"))
    change_note = tables.Column(orderable=False)
    signed_at = MomentColumn(verbose_name=gettext_lazy("Signed"))
    state = tables.Column(verbose_name=gettext_lazy("State"))

    class Meta:
        model = Version
        fields = ("number", "effective_from", "change_note", "signed_at", "state")

    def render_number(self, value: int) -> str:
        return f"v{value}"

    def render_state(self, record: Version) -> Any:
        return state_badge(record, self.current, self.today)


class ContractVersions(ContractPage):
    """All versions, newest first."""

    tab = "contract_versions"
    template_name = "contracts/contract_versions.html"

    def get_context(
        self, scope: Scope, contract: Contract, work: Version | None, current: Version | None
    ) -> dict[str, Any]:
        rows = selectors.version_list(scope=scope).filter(contract=contract)
        table = VersionTable(rows, orderable=False, request=self.request)
        table.current, table.today = current, local_day(scope.at, contract.zone)
        table.zone = contract.zone
        return {"table": table}


class ContractHistory(ContractPage):
    """What happened to the contract; its versions have histories of their own."""

    tab = "contract_history"
    template_name = "contracts/contract_history.html"


class ContractFormPage(FormPage):
    """Add or edit a contract."""

    permission = "contracts.edit"
    title = gettext_lazy("Add contract")
    intro = gettext_lazy("Next you say which queues it covers, then you draft its terms.")

    def get_row(self, scope: Scope) -> Contract | None:
        return selectors.contract_get(scope=scope, uuid=self.kwargs["uuid"]) if "uuid" in self.kwargs else None

    def get_form(self, scope: Scope, row: Contract | None, data: Any = None) -> BaseForm:
        given: dict[str, Any] = {} if row is None else {"instance": row}
        named = vendors.vendor_named(scope=scope, text=self.request.GET.get("vendor", ""))
        return forms.ContractForm(
            data=data,
            scope=scope,
            vendor=named if row is None else row.vendor,
            is_signed=row is not None and selectors.signed_bounds(scope=scope, contract_id=row.pk) is not None,
            writable=fields_writable(scope.role, scope.side, "contract"),
            **given,
        )

    def save(self, scope: Scope, row: Contract | None, form: RowForm) -> Contract:
        values = form.values
        if row is not None:
            version = form.cleaned_data[EXPECTED]
            return services.contract_update(scope=scope, uuid=row.uuid, expected_version=version, values=values)
        named = vendors.vendor_named(scope=scope, text=self.request.GET.get("vendor", ""))
        vendor: Any = values.pop("vendor", None) or named
        return services.contract_create(scope=scope, vendor_id=vendor.pk, **values)

    def get_done_url(self, saved: Contract) -> str:
        return contract_url(saved)

    def get_context(self, scope: Scope, row: Contract | None) -> dict[str, Any]:
        if row is None:
            return {"crumbs": (CONTRACTS, Crumb(self.title)), "cancel_url": CONTRACTS.url}
        page = Crumb(row.name, contract_url(row))
        return {
            "title": _("Edit %(name)s") % {"name": row.name},
            "intro": "",
            "crumbs": (CONTRACTS, page, Crumb(_("Edit"))),
            "cancel_url": page.url,
        }
