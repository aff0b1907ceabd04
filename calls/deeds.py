"""What programs do: read from a body, checked for shape, done once for one key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.queries import contracts_named, vendor_named
from calls.services import answer_once
from contracts.models import Contract
from core.errors import BadParameter, Invalid
from core.http import scope_of
from core.scope import Scope


class Deed(APIView):
    """Something that a program does: checked for shape, done once for one key, answered with the row as it is then."""

    body_class: type[serializers.Serializer[Any]]
    status = 200

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        """Return what the caller is told of the row that it changed."""
        raise NotImplementedError

    def done_once(self, request: Request, vendor_id: int, do: Callable[[dict[str, Any]], Any]) -> Response:
        """Do it, or replay the first answer."""
        scope, body = scope_of(request._request), self.body_read(request)
        told = f"{request.path}\n".encode() + request._request.body

        def make() -> tuple[int, dict[str, Any]]:
            return self.status, self.told(scope, do(body), request)

        status, answer = answer_once(
            scope=scope,
            vendor_id=vendor_id,
            key=request.headers.get("Idempotency-Key", ""),
            body_hash=hashlib.sha256(told).digest(),
            make=make,
        )
        return Response(answer, status=status)

    def body_read(self, request: Request) -> dict[str, Any]:
        """Return the typed values of the body.

        Raises:
            Invalid: It is no object, holds what nobody knows, or a value cannot be right.
        """
        if request.query_params:
            raise BadParameter(
                next(iter(request.query_params)), _("There are no parameters here."), "unknown_parameter"
            )
        try:
            # The bytes as sent, before anything reads them: the key stands for them.
            request._request.body  # noqa: B018
        except RequestDataTooBig as error:
            raise Invalid("body_too_large", _("The body is too large.")) from error
        body = self.body_class(data=request.data)
        more = set(request.data) - set(body.fields) if isinstance(request.data, dict) else set()
        if more or not body.is_valid():
            fields = {name: [_("There is no such field.")] for name in sorted(more)}
            fields |= {} if more else {str(name): _messages(str(name), found) for name, found in body.errors.items()}
            raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
        return dict(body.validated_data)


def _messages(name: str, found: Any) -> list[str]:
    """Return what is wrong with a field; what lies inside it begins with its path, such as ``rows.0.phone: …``."""
    return [message if path == name else f"{path}: {message}" for path, message in _problems(name, found)]


def _problems(path: str, found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, list) and any(isinstance(part, dict | list) for part in found):
        found = dict(enumerate(found))
    if isinstance(found, dict):
        for name, inner in found.items():
            yield from _problems(f"{path}.{name}", inner)
    else:
        for message in found if isinstance(found, list) else [found]:
            yield path, str(message)


def refused(field: str, message: str) -> Invalid:
    """Return the refusal of one field of a body."""
    return Invalid("invalid", _("Please mend what is marked."), fields={field: [message]})


def contract_named(scope: Scope, body: dict[str, Any]) -> Contract:
    """Return the contract that a body names; raises Invalid if it names none, or several."""
    try:
        vendor = vendor_named(scope=scope, text=body["vendor"]) if "vendor" in body else None
        found = list(contracts_named(scope=scope, text=body["contract"], vendor=vendor)[:2])
    except BadParameter as error:
        raise refused(str(error.details["parameter"]), error.message) from error
    if len(found) > 1:
        raise refused("vendor", _("Two vendors have a contract of this code; name the vendor."))
    return found[0]
