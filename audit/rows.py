"""A row and its entry in the book, written together: what the services of every register do alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from audit import services
from core.errors import Conflict, Invalid, NotFound
from core.scope import Scope


def row_add(
    *, scope: Scope, action: str, row: models.Model, vendor_id: int | None = None, entered: Mapping[str, Any]
) -> None:
    """Insert a row and enter its first values.

    Args:
        scope: Who acts.
        action: Name of the entry, such as ``site.created``.
        row: The new row, its values already set.
        vendor_id: The book, if not the row's own vendor's.
        entered: The values that the entry tells.

    Raises:
        Invalid: A value does not fit its field, or the database refuses the row by a named constraint.
    """
    with refusals(row), transaction.atomic():
        row.clean_fields(exclude=_relations(row))
        row.save(force_insert=True)
        services.record(
            scope=scope,
            action=action,
            target=row,
            vendor_id=vendor_id,
            changes={name: [None, _plain(value)] for name, value in entered.items() if value not in (None, "")},
        )


def row_change(
    *,
    scope: Scope,
    action: str,
    row: models.Model,
    expected_version: int,
    values: Mapping[str, Any],
    parts: Mapping[str, list[Any]] | None = None,
    untold: Collection[str] = (),
    vendor_id: int | None = None,
) -> dict[str, list[Any]]:
    """Change a row that carries a ``version``, and enter what was replaced by what.

    Two people at once: the second waits for the first, and is then told what the first saved. Sending what is
    saved already (a double click) changes nothing and is no conflict.

    Args:
        scope: Who acts.
        action: Name of the entry, such as ``site.changed``.
        row: The row as the caller read it.
        expected_version: Its version then.
        values: Field to new value.
        parts: ``[before, after]`` of what hangs on the row and the caller writes itself once this returns.
        untold: Fields that the entry need not name, for it has its own actor and moment.
        vendor_id: The book, if not the row's own vendor's.

    Returns:
        Field to ``[before, after]`` of what differed.

    Raises:
        Conflict: The row was saved since the caller read it; ``details["fields"]`` has ``[saved, wanted]``.
        Invalid: As :func:`row_add`.
    """
    manager: Any = type(row)._default_manager
    with refusals(row), transaction.atomic():
        saved = manager.visible_to(scope).select_for_update(of=("self",)).filter(pk=row.pk).first()
        if saved is None:
            raise NotFound
        former = {name: getattr(saved, name) for name in values}
        changes = {
            name: [_plain(former[name]), _plain(value)] for name, value in values.items() if value != former[name]
        }
        changed = list(changes)
        changes |= parts or {}
        if not changes:
            return {}
        if saved.version != expected_version:
            raise Conflict(
                "stale",
                _("Somebody saved this in the meantime; look at what is there now."),
                details={"fields": changes, "version": saved.version},
            )
        for name, value in values.items():
            setattr(row, name, value)
        row.clean_fields(exclude=_relations(row))
        row.version = expected_version + 1  # type: ignore[attr-defined]
        row.save(update_fields=[*changed, "version"])
        told = {name: change for name, change in changes.items() if name not in untold}
        services.record(scope=scope, action=action, target=row, vendor_id=vendor_id, changes=told)
    return changes


@contextmanager
def refusals(row: models.Model) -> Iterator[None]:
    """Turn what a field or a named constraint of the row's table refuses into a message beside the field.

    Raises:
        Invalid: With the field's own message, or the constraint's ``violation_error_message``.
    """
    try:
        yield
    except ValidationError as error:
        raise Invalid("invalid", _("Please mend what is marked."), fields=error.message_dict) from error
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = diagnosis.constraint_name if diagnosis is not None else None
        for constraint in row._meta.constraints:
            if constraint.name == name:
                fields = getattr(constraint, "fields", ()) or ("__all__",)
                message = str(constraint.get_violation_error_message())
                raise Invalid("invalid", _("Please mend what is marked."), fields={fields[-1]: [message]}) from error
        raise


def _relations(row: models.Model) -> list[str]:
    # A related row was fetched in scope, so it exists; the composite keys see to the rest.
    return [field.name for field in row._meta.fields if field.is_relation]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value
