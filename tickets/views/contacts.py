"""Whom campaigns call, the lists that they came with, and every attempt."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.calc.access import fields_readable
from core.components import Action, Crumb, Fact
from core.forms import FormPage
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from tickets import selectors, services
from tickets.calc.contact_rows import COLUMNS, REQUIRED
from tickets.filters import AttemptFilter, ContactFilter
from tickets.forms import ListForm
from tickets.models import Attempt, Campaign, Contact, ContactImport
from tickets.services.contacts import ENCODINGS, FILE_BYTES_MOST, PROBLEMS_KEPT, ROWS_MOST
from tickets.tables import AttemptTable, ContactTable, ImportTable, ProblemTable, campaign_url
from tickets.views.campaigns import CAMPAIGNS, OwnListPage


class ContactList(ListPage):
    """Whom one campaign calls."""

    name = "contacts"
    title = gettext_lazy("Contacts")
    permission = "campaigns.view"
    table_class = ContactTable
    filterset_class = ContactFilter
    template_name = "tickets/plain_list.html"
    empty_text = gettext_lazy("Contacts come with a list, or are chosen from those who called.")

    def get_rows(self, scope: Scope) -> QuerySet[Contact]:
        self.campaign = selectors.campaign_get(scope=scope, uuid=self.kwargs["uuid"])
        return selectors.contact_list(scope=scope, campaign=self.campaign)

    def get_zone(self, scope: Scope) -> str:
        return self.campaign.contract.zone

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "contact")
        return [name for name in ContactTable.base_columns if name not in readable]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {
            "title": _("Contacts of %(name)s") % {"name": self.campaign.name},
            "crumbs": (CAMPAIGNS, Crumb(self.campaign.name, campaign_url(self.campaign)), Crumb(_("Contacts"))),
        }


class AttemptList(OwnListPage):
    """Every attempt of every campaign."""

    name = "attempts"
    title = gettext_lazy("Attempts")
    intro = gettext_lazy("Each time somebody was to be called, and what came of it. A success is proved by its call.")
    permission = "campaigns.view"
    crumbs = (CAMPAIGNS, Crumb(gettext_lazy("Attempts")))
    table_class = AttemptTable
    filterset_class = AttemptFilter
    template_name = "tickets/plain_list.html"
    empty_text = gettext_lazy("Attempts are listed here once somebody takes the first contact.")

    def get_rows(self, scope: Scope) -> QuerySet[Attempt]:
        return selectors.attempt_list(scope=scope)


class ImportList(OwnListPage):
    """Every list that was added."""

    name = "contact-lists"
    title = gettext_lazy("Lists of contacts")
    intro = gettext_lazy("What was added to which campaign; read = new + known already + not to be called + rejected.")
    permission = "campaigns.view"
    crumbs = (CAMPAIGNS, Crumb(gettext_lazy("Lists of contacts")))
    table_class = ImportTable
    template_name = "tickets/plain_list.html"
    empty_text = gettext_lazy("A list is uploaded on the page of its campaign.")

    def get_rows(self, scope: Scope) -> QuerySet[ContactImport]:
        return selectors.import_list(scope=scope)


class ImportDetail(ListPage):
    """One list: what became of its rows, and what is wrong with those that were rejected."""

    name = "contact-list-errors"
    title = gettext_lazy("Rejected rows")
    permission = "campaigns.view"
    table_class = ProblemTable
    template_name = "tickets/import_detail.html"
    empty_text = gettext_lazy("No row of this list was rejected.")

    def get_rows(self, scope: Scope) -> list[dict[str, Any]]:
        self.account = selectors.import_get(scope=scope, uuid=self.kwargs["uuid"])
        return list(self.account.problems)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        account = self.account
        counted = ("rows_read", "rows_new", "rows_merged", "rows_blocked", "rows_rejected")
        columns: Any = ContactImport._meta
        facts = [Fact(columns.get_field(name).verbose_name, ui.count(getattr(account, name))) for name in counted]
        facts.append(Fact(_("Received by"), scope.called(account.received_by, account.received_side)))
        rest = account.rows_rejected - len(account.problems)
        return {
            "title": str(account),
            "crumbs": (CAMPAIGNS, Crumb(account.campaign.name, campaign_url(account.campaign)), Crumb(str(account))),
            "action": Action(_("To the campaign"), campaign_url(account.campaign), "arrow-right"),
            "facts": facts,
            "rest": rest,
            "most": PROBLEMS_KEPT,
        }


class ListUpload(FormPage):
    """Add a list to a campaign."""

    permission = "campaigns.edit"
    title = gettext_lazy("Upload a list")
    intro = gettext_lazy("Good rows come in at once, bad ones are told with line, column and remedy.")
    submit_label = gettext_lazy("Upload")
    done = gettext_lazy("The list came in.")
    template_name = "tickets/list_upload.html"

    def get_row(self, scope: Scope) -> Campaign:
        return selectors.campaign_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: Campaign, data: Any = None) -> BaseForm:
        form = ListForm(data=data, files=self.request.FILES if data is not None else None)
        too_large = _("The file is larger than %(size)d MB; split it.") % {"size": FILE_BYTES_MOST // 1024 // 1024}
        form.fields["file"].widget.attrs |= {"data-max-bytes": FILE_BYTES_MOST, "data-too-large": too_large}
        return form

    def save(self, scope: Scope, row: Campaign, form: Any) -> ContactImport:
        upload = form.cleaned_data["file"]
        # One byte more than may be, so that a file that is too large is told as such without being read whole.
        content = upload.read(FILE_BYTES_MOST + 1)
        encoding = form.cleaned_data["encoding"] or ENCODINGS[0]
        return services.contacts_upload(
            scope=scope, uuid=row.uuid, file_name=upload.name, content=content, encoding=encoding
        )

    def get_done_url(self, saved: ContactImport) -> str:
        return reverse("tickets:import_detail", args=[saved.uuid])

    def get_context(self, scope: Scope, row: Campaign) -> dict[str, Any]:
        page = Crumb(row.name, campaign_url(row))
        return {
            "crumbs": (CAMPAIGNS, page, Crumb(self.title)),
            "cancel_url": page.url,
            "columns": COLUMNS,
            "required": REQUIRED,
            "most": ROWS_MOST,
        }
