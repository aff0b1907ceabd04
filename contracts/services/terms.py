"""The terms of a version: checked against what the contract covers, told to the book, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from contracts import selectors
from contracts.calc import hours
from contracts.calc.definition import Definition, Kpi
from contracts.calc.targets import DEFAULT_TARGETS, TargetTerms, target_problems
from contracts.models import QueueDefinition, Target, Version
from contracts.wording import hours_problem, target_problem
from core.scope import Scope
from vendors.models import Queue

# None stands for every queue that the contract covers.
Definitions = Mapping[UUID | None, Definition]
Targets = Mapping[tuple[UUID | None, Kpi], TargetTerms]
ALL = "all"
# Fields of a version: the most minutes that each may say.
INCIDENT_LIMITS = {"incident_locate_minutes": 24 * 60, "incident_restore_minutes": 30 * 24 * 60}


@dataclass(frozen=True, slots=True)
class Terms:
    """What each queue gets; None leaves what is there."""

    definitions: dict[Queue, Definition] | None
    targets: dict[tuple[Queue, Kpi], TargetTerms] | None


def checked_terms(
    *,
    queues: Sequence[Queue],
    values: dict[str, Any],
    definitions: Definitions | None,
    targets: Targets | None,
    fields: dict[str, list[str]],
) -> Terms:
    """Return the terms queue by queue, and put into ``fields`` what is wrong with them, by place.

    ``values["service_hours"]`` is replaced by its one spelling, so that equal hours compare equal.
    """
    if "service_hours" in values:
        try:
            values["service_hours"] = hours.parse(values["service_hours"]).as_json()
        except hours.HoursError as error:
            fields["service_hours"] = [hours_problem(error)]
    by_uuid = {queue.uuid: queue for queue in queues}
    named = {*(definitions or ()), *(queue for queue, _kpi in targets or ())}
    if named - {None} - by_uuid.keys():
        fields["definitions"] = [_("Choose queues that the contract covers.")]
        return Terms(None, None)
    for (uuid, kpi), terms in (targets or {}).items():
        for line, code in target_problems(kpi, terms).items():
            fields[f"{uuid or ALL}-{kpi.value}-{line}"] = [target_problem(kpi, line, code)]
    return Terms(
        None if definitions is None else _spread_definitions(by_uuid, definitions),
        None if targets is None else _spread_targets(by_uuid, targets),
    )


def incident_limits_problems(*, version: Version, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with the limits of incidents that a draft would have with new values, by field."""
    limits = {name: values.get(name, getattr(version, name)) for name in INCIDENT_LIMITS}
    fields = {
        name: [_("Between 1 and %(most)s minutes.") % {"most": f"{most:,}"}]
        for name, most in INCIDENT_LIMITS.items()
        if not 1 <= limits[name] <= most
    }
    if not fields and limits["incident_restore_minutes"] < limits["incident_locate_minutes"]:
        fields["incident_restore_minutes"] = [_("What is not located is not restored: give at least as long.")]
    return fields


def _spread_definitions(queues: Mapping[UUID, Queue], given: Definitions) -> dict[Queue, Definition]:
    return {
        queue: given.get(uuid, given.get(None, Definition()))
        for uuid, queue in queues.items()
        if uuid in given or None in given
    }


def _spread_targets(queues: Mapping[UUID, Queue], given: Targets) -> dict[tuple[Queue, Kpi], TargetTerms]:
    spread = {(queue, kpi): t for (uuid, kpi), t in given.items() if uuid is None for queue in queues.values()}
    return spread | {(queues[uuid], kpi): t for (uuid, kpi), t in given.items() if uuid is not None}


def copied_terms(*, source: Version | None, queues: Sequence[Queue]) -> Terms:
    """Return the terms that a new version starts from.

    Args:
        source: The version to amend; None for a contract's first, which starts from the usual terms.
        queues: The queues that the contract covers; one that the source says nothing of gets what the others
            share, or the usual terms.
    """
    usual = Definition(), tuple(DEFAULT_TARGETS.items())
    groups = selectors.shared_terms(version=source) if source else []
    known = {queue.pk: (group.definition, group.targets) for group in groups for queue in group.queues}
    shared = usual if len(groups) != 1 else known[groups[0].queues[0].pk]
    definitions: dict[Queue, Definition] = {}
    targets: dict[tuple[Queue, Kpi], TargetTerms] = {}
    for queue in queues:
        definitions[queue], lines = known.get(queue.pk, shared)
        targets |= {(queue, kpi): terms for kpi, terms in lines}
    return Terms(definitions, targets)


def terms_changes(*, version: Version, terms: Terms) -> dict[str, list[Any]]:
    """Return what the book tells of changed terms: ``[before, after]`` by queue code, equal ones left out."""
    changes = {}
    if terms.definitions is not None:
        before = {row.queue.code: row.definition.as_dict() for row in version.definitions.all()}
        after = {queue.code: definition.as_dict() for queue, definition in terms.definitions.items()}
        changes["definitions"] = _differing(before, after)
    if terms.targets is not None:
        old = {f"{row.queue.code} {row.kpi}": row.terms.as_dict() for row in version.targets.all()}
        new = {f"{queue.code} {kpi.value}": t.as_dict() for (queue, kpi), t in terms.targets.items()}
        changes["targets"] = _differing(old, new)
    return {name: change for name, change in changes.items() if change[0] != change[1]}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in one.items() if other.get(key) != value}
        for one, other in ((before, after), (after, before))
    ]


def terms_write(*, scope: Scope, version: Version, terms: Terms) -> None:
    """Replace a draft's terms; the caller told the book."""
    keys = {"vendor_id": version.vendor_id, "contract_version": version}
    if terms.definitions is not None:
        QueueDefinition.objects.visible_to(scope).filter(contract_version=version).delete()
        QueueDefinition.objects.bulk_create(
            QueueDefinition(queue=queue, **keys, **definition.as_dict())
            for queue, definition in terms.definitions.items()
        )
    if terms.targets is not None:
        Target.objects.visible_to(scope).filter(contract_version=version).delete()
        Target.objects.bulk_create(
            Target(queue=queue, kpi=kpi.value, **keys, **t.lines()) for (queue, kpi), t in terms.targets.items()
        )
