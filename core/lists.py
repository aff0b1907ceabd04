"""The one list page: filters, chips, sorting, columns, pages and exports of exactly what is filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import View
from django_filters import FilterSet
from django_tables2.rows import BoundRow

from core.columns import HouseTable, MomentColumn, SelectColumn
from core.components import Action, Crumb
from core.errors import BadParameter, Invalid
from core.exports import Column, export_response
from core.filters import Chip, address_without, chips_of, names_unknown, parameters_of, style
from core.http import scope_of, zone_of
from core.scope import Scope

PAGE_SIZES = (25, 50, 100, 200)
ROWS_A_FETCH = 2000
COUNTED_MOST = 10_000
# What the address of every list may hold beside its filters.
LIST_PARAMETERS = frozenset({"sort", "page", "per_page", "columns", "export"})


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done with the selected rows: the form posts their ``selected`` uuids to ``url``."""

    label: Any
    url: Any
    permission: str = ""
    confirm: Any = ""


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than anybody leafs, so that a question about months answers like one about a day."""

    @cached_property
    def count(self) -> int:
        """Number of rows, at most COUNTED_MOST."""
        return min(len(self._some), COUNTED_MOST)

    @cached_property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return len(self._some) > COUNTED_MOST

    @cached_property
    def _some(self) -> range:
        rows: Any = self.object_list
        data = getattr(getattr(rows, "data", None), "data", rows)
        return range(data.order_by()[: COUNTED_MOST + 1].count())


# Charts and sums beside a list must not go on showing what was asked before.
WHOLE = {"HX-Retarget": "#content", "HX-Reselect": "#content > *", "HX-Reswap": "innerHTML"}


class ListPage(View):
    """Base of every list; a subclass names its parts and returns the rows of a scope.

    Everything that decides what is shown stands in the address: filters, ``sort``, ``page``, ``per_page``
    and ``columns``. Names outside the closed lists (filters of the filter set, columns of the table, page
    sizes) are ignored, so that no request can order or filter by anything else; the page names parameters
    that it does not know, and an export, which cannot, refuses them. The page size and the columns are also
    remembered for the session.

    Attributes:
        name: Short English name: file name of exports, key of remembered choices.
        permission: Action that the role needs to open the list.
        export_permission: Action for exports, where it is another one.
        filterset_class: Choices from rows: ``queryset=`` a callable, which gets the request and its scope.
        action: The one primary action.
        menu: Secondary actions.
        bulk_actions: Where there are any, rows get a check box; the rows' uuids are posted.
        empty_*: What will be here, the button that fills it and a sample to look at.
        parameters: Names in the address that the page reads itself.
        is_whole: The page shows more than the list of what is filtered, so a filter changes all of it.
        private_filters: Filters whose value an audit entry must not hold (a customer's number).
    """

    name = ""
    title: Any = ""
    intro: Any = ""
    permission = ""
    export_permission = ""
    crumbs: Sequence[Crumb] = ()
    table_class: type[HouseTable]
    select_class: type[SelectColumn] = SelectColumn
    filterset_class: type[FilterSet] | None = None
    paginator_class: type[Paginator[Any]] = Paginator
    template_name = "components/list.html"
    is_whole = False
    action: Action | None = None
    menu: Sequence[Action] = ()
    bulk_actions: Sequence[BulkAction] = ()
    empty_text: Any = ""
    empty_action: Action | None = None
    empty_sample: Action | None = None
    parameters: frozenset[str] = frozenset()
    private_filters: frozenset[str] = frozenset()

    def get_rows(self, scope: Scope) -> QuerySet[Any] | Sequence[Any]:
        """Return the rows that the scope may see, unfiltered, with all that the cells need joined."""
        raise NotImplementedError

    def get_zone(self, scope: Scope) -> str:
        """Return the IANA name that the table's moments are shown in."""
        return zone_of(scope)

    def forbidden_columns(self, scope: Scope) -> Iterable[str]:
        """Return columns that do not exist for this role: not shown, sorted by, chosen or exported."""
        return ()

    def get_context(self, scope: Scope) -> dict[str, Any]:
        """Return what else the template needs; may override the title and the actions."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the page, the part that htmx asks for, or a file."""
        scope = scope_of(request)
        if self.permission:
            scope.require(self.permission)
        rows, filterset, chips = self._filtered(request, scope)
        table = self._table(request, scope, rows)
        ignored = names_unknown(request.GET, LIST_PARAMETERS.union(self.parameters, _filter_names(filterset)))
        if request.GET.get("export"):
            if ignored:
                message = _("There is no parameter %(name)s.") % {"name": ignored[0]}
                raise BadParameter(ignored[0], message, "unknown_parameter")
            return self._export(request, scope, table, filterset, chips)
        page_size = self._page_size(request)
        _paginate(table, self.paginator_class, request.GET.get("page"), page_size)
        context = {
            "page": self,
            "title": self.title,
            "intro": self.intro,
            "crumbs": self.crumbs,
            "action": _allowed(self.action, scope),
            "menu": [action for action in self.menu if _allowed(action, scope)],
            "empty_action": _allowed(self.empty_action, scope),
            "table": table,
            "filterset": filterset,
            "chips": chips,
            "clear_url": address_without(request.GET, *_filter_names(filterset)),
            "kept": _kept(request.GET, {*_filter_names(filterset), "page", "export"}),
            "column_kept": _kept(request.GET, {"columns", "page", "export"}),
            "columns": self._column_choices(request, table),
            "page_size": page_size,
            "page_sizes": PAGE_SIZES if table.page.paginator.count > PAGE_SIZES[0] else (),
            "exports": self._may_export(scope),
            "bulk_actions": self._bulk_actions(scope),
            "ignored": ignored,
            "is_filtered": bool(chips) or (filterset is not None and not filterset.form.is_valid()),
            "zone": table.zone if any(isinstance(c.column, MomentColumn) for c in table.columns) else "",
            **self.get_context(scope),
        }
        response = render(request, self._template(request), context)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        if self.is_whole:
            # What htmx asks for is a part; it is told to take the whole page instead.
            for name, value in WHOLE.items():
                response[name] = value
        return response

    def _template(self, request: Any) -> str:
        if self.is_whole:
            return self.template_name
        target = request.htmx.target if request.htmx and not request.htmx.history_restore_request else None
        return {"list": "components/list_body.html", "results": "components/list_results.html"}.get(
            target or "", self.template_name
        )

    def _filtered(self, request: HttpRequest, scope: Scope) -> tuple[Any, Any, list[Chip]]:
        rows = self.get_rows(scope)
        if self.filterset_class is None:
            return rows, None, []
        filterset = self.filterset_class(request.GET, queryset=rows, request=request)
        style(filterset.form)
        if not filterset.form.is_valid():
            # A filter that cannot be read must not show everything as if it had been applied.
            return rows.none() if isinstance(rows, QuerySet) else [], filterset, []
        return filterset.qs, filterset, chips_of(filterset.form, request.GET)

    def _table(self, request: HttpRequest, scope: Scope, rows: Any) -> Any:
        forbidden = set(self.forbidden_columns(scope))
        select = [("selected", self.select_class())] if self._bulk_actions(scope) else []
        table = self.table_class(
            rows,
            exclude=tuple(forbidden),
            extra_columns=select,
            sequence=("selected", "...") if select else None,
            request=request,
        )
        table.zone = table.zone or self.get_zone(scope)
        asked = request.GET.getlist("sort")
        if asked:
            table.order_by = [alias for alias in asked if alias.removeprefix("-") in table.columns][:3]
        if isinstance(table.data.data, QuerySet):
            # Rows that compare equal keep their place from page to page.
            ordering = table.data.data.query.order_by or table.data.data.model._meta.ordering
            table.data.data = table.data.data.order_by(*ordering, "pk")
        self._choose_columns(request, table)
        return table

    def _choose_columns(self, request: HttpRequest, table: Any) -> None:
        key = f"columns:{self.name}"
        chosen = request.GET.getlist("columns") or request.session.get(key, [])
        names = [column.name for column in table.columns.iterall() if column.name != "selected"]
        shown = [name for name in names if name in chosen]
        if not shown:
            return
        if request.session.get(key) != shown:
            request.session[key] = shown
        for name in names[1:]:  # the first column is the row's name and stays
            if name in shown:
                table.columns.show(name)
            else:
                table.columns.hide(name)

    def _column_choices(self, request: HttpRequest, table: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": column.name,
                "header": column.header,
                "shown": column.visible,
                "fixed": index == 0,
            }
            for index, column in enumerate(c for c in table.columns.iterall() if c.name != "selected")
        ]

    def _page_size(self, request: HttpRequest) -> int:
        asked = request.GET.get("per_page", "")
        for size in PAGE_SIZES:
            if asked == str(size):
                if request.session.get("page_size") != size:
                    request.session["page_size"] = size
                return size
        kept = request.session.get("page_size")
        return kept if kept in PAGE_SIZES else PAGE_SIZES[0]

    def _bulk_actions(self, scope: Scope) -> list[BulkAction]:
        return [a for a in self.bulk_actions if not a.permission or scope.can(a.permission)]

    def _may_export(self, scope: Scope) -> bool:
        return bool(self.name) and (not self.export_permission or scope.can(self.export_permission))

    def _export(
        self, request: HttpRequest, scope: Scope, table: Any, filterset: Any, chips: list[Chip]
    ) -> HttpResponseBase:
        if not self.name:
            raise Invalid("export_format", _("This list has no export."))
        if self.export_permission:
            scope.require(self.export_permission)
        if filterset is not None and not filterset.form.is_valid():
            raise Invalid("filter", _("A filter cannot be read; mend it first."), fields=filterset.form.errors)
        columns = [c for c in table.columns if not c.column.exclude_from_export]
        return export_response(
            scope=scope,
            file_format=request.GET["export"],
            name=self.name,
            columns=[
                Column(
                    title=str(column.header),
                    zone=column.column.zone_in(table) if isinstance(column.column, MomentColumn) else "",
                    number_format=getattr(column.column, "number_format", ""),
                )
                for column in columns
            ],
            rows=_cells(table, [column.name for column in columns]),
            count=len(table.data.data) if not isinstance(table.data.data, QuerySet) else table.data.data.count(),
            about={_("List"): str(self.title)} | {chip.label: chip.text for chip in chips},
            filters={chip.name: "…" if chip.name in self.private_filters else chip.text for chip in chips},
        )


def _cells(table: Any, names: list[str]) -> Callable[[], Iterator[list[Any]]]:
    def make() -> Iterator[list[Any]]:
        data = table.data.data
        records = data.iterator(chunk_size=ROWS_A_FETCH) if isinstance(data, QuerySet) else iter(data)
        for record in records:
            row = BoundRow(record, table=table)
            yield [row.get_cell_value(name) for name in names]

    return make


def _paginate(table: Any, paginator_class: Any, page: str | None, size: int) -> None:
    try:
        table.paginate(paginator_class=paginator_class, page=page or 1, per_page=size)
    except PageNotAnInteger:
        table.paginate(paginator_class=paginator_class, page=1, per_page=size)
    except EmptyPage:
        table.paginate(paginator_class=paginator_class, page=table.paginator.num_pages, per_page=size)


def _kept(query: QueryDict, left_out: set[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in query.lists() if name not in left_out for value in values]


def _filter_names(filterset: Any) -> list[str]:
    if filterset is None:
        return []
    return [name for field in filterset.form for name in parameters_of(field)]


def _allowed(action: Action | None, scope: Scope) -> Action | None:
    return action if action and (not action.permission or scope.can(action.permission)) else None
