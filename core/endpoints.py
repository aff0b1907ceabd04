"""Base of the reading endpoints: rows of a scope, narrowed by a closed list of parameters, paged by a token."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError

from core.api import Pages
from core.errors import BadParameter
from core.http import scope_of
from core.scope import Scope

# What every deed over the interface must carry, so that sending it twice does it once.
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 characters, a new one for each deed. Sent again with the same body and parameters it gets "
    "the first answer and does nothing; with others it is refused. Kept for 7 days.",
)


def unknown(parameter: str, value: str) -> BadParameter:
    """Return the refusal of a value that names nothing the caller may see."""
    return BadParameter(parameter, _("%(name)s names nothing: “%(value)s”.") % {"name": parameter, "value": value})


class MomentField(serializers.DateTimeField):
    """A moment with its offset: nine o'clock alone is another moment in every zone."""

    default_error_messages = {
        "no_offset": gettext_lazy("Give the moment with its offset, such as 2026-06-15T09:00:00+08:00."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("no_offset")
        return super().enforce_timezone(value)


class PagesByCode(Pages):
    """Pages in the order of the codes; the token tells nothing of how many rows others have."""

    ordering: Any = ("code", "uuid")


class Query(serializers.Serializer[dict[str, Any]]):
    """The parameters of an endpoint; whatever it does not declare is refused."""

    search = serializers.CharField(
        required=False, max_length=100, help_text="Words that name or code must contain, all of them."
    )

    @classmethod
    def read(cls, parameters: Any) -> dict[str, Any]:
        """Return the typed values of an address.

        Raises:
            BadParameter: A name is unknown or given twice, or a value is none of the closed list.
        """
        query = cls(data=parameters.dict())
        known = {*query.fields, Pages.page_size_query_param, Pages.cursor_query_param}
        for name, values in parameters.lists():
            if name not in known:
                message = _("There is no parameter %(name)s. Known: %(known)s.")
                raise BadParameter(
                    name, message % {"name": name, "known": ", ".join(sorted(known))}, "unknown_parameter"
                )
            if len(values) > 1:
                raise BadParameter(name, _("%(name)s can be given once only.") % {"name": name})
        try:
            query.is_valid(raise_exception=True)
        except ValidationError as error:
            detail: Any = error.detail
            name = next(iter(detail))
            raise BadParameter(name, str(detail[name][0])) from None
        return dict(query.validated_data)


class ListEndpoint(generics.ListAPIView[Any]):
    """A list; a subclass names its serializer and its query and returns the rows.

    Attributes:
        permission: Action that the caller needs.
        query_class: The parameters.
        search_fields: Columns that ``search`` looks into.
    """

    permission = ""
    query_class: type[Query] = Query
    search_fields: tuple[str, ...] = ("name", "code")
    pagination_class: type[Pages] = PagesByCode
    # Parameters are read by the query class; no other backend may look at the address.
    filter_backends = ()

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Any]:
        """Return the rows of the scope that the parameters ask for, ``search`` aside."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        query = self.query_class.read(self.request.query_params)
        rows = self.get_rows(scope_of(self.request._request), query)
        for word in query.get("search", "").split()[:5]:
            found = Q()
            for name in self.search_fields:
                found |= Q((f"{name}__icontains", word))
            rows = rows.filter(found)
        return rows


class DetailEndpoint(generics.RetrieveAPIView[Any]):
    """One row by its uuid; a foreign one is answered like one that never was."""

    permission = ""

    def get_row(self, scope: Scope, uuid: Any) -> Any:
        """Return the row, fetched in scope."""
        raise NotImplementedError

    def get_object(self) -> Any:
        if self.request.query_params:
            name = next(iter(self.request.query_params))
            raise BadParameter(name, _("There are no parameters here."), "unknown_parameter")
        return self.get_row(scope_of(self.request._request), self.kwargs["uuid"])
