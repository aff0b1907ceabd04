"""What keeps a serializer inside the one table of rights."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.calc.access import fields_readable, fields_writable, table
from core.errors import ScopeMissing
from core.scope import Scope, active


class FieldRightsMixin(serializers.BaseSerializer[Any]):
    """Leaves the fields that exist for the caller's role; those that it may not set are read-only (L8, W1).

    Mix it in first and name the table's object in ``access_object``. A field counts under the first part of
    its source: ``id = UUIDField(source="uuid")`` is ``uuid``, ``CharField(source="queue.code")`` is
    ``queue``.
    """

    access_object: ClassVar[str]

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields: dict[str, Any] = super().get_fields()  # type: ignore[misc]
        known = table()[self.access_object]
        # A field of the whole row ("*") counts under its own name.
        names = {
            name: name if field.source in (None, "*") else field.source.partition(".")[0]
            for name, field in fields.items()
        }
        if unknown := {name for name in names.values() if name not in known}:
            raise LookupError(f"no row for {sorted(unknown)} under [{self.access_object}] in accounts.calc.access")
        scope = self._scope()
        if scope is None:
            return fields
        readable = fields_readable(scope.role, scope.side, self.access_object)
        writable = fields_writable(scope.role, scope.side, self.access_object)
        for name, source in names.items():
            if source not in readable:
                del fields[name]
            elif source not in writable:
                fields[name].read_only = True
                fields[name].required = False
        return fields

    def _scope(self) -> Scope | None:
        """Return whose rights count; None only for the command that prints the whole API document."""
        if "scope" in self.context:
            scope: Scope | None = self.context["scope"]
        else:
            request = self.context.get("request")
            scope = getattr(getattr(request, "_request", request), "scope", None)
        # Without a row and without a body nothing is told or taken: the document describes what a deed answers, to
        # whoever reads the document.
        root: Any = self.root
        is_described = root.instance is None and not hasattr(root, "initial_data")
        if scope is None and is_described:
            return active()
        if scope is None and not getattr(self.context.get("view"), "swagger_fake_view", False):
            raise ScopeMissing(f"{type(self).__name__} needs a request or a scope in its context")
        return scope
