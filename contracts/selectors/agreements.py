"""Contracts, versions and targets, as people and reports read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.calc.access import version_states_visible
from contracts.calc.definition import Definition, Kpi
from contracts.calc.lifecycle import Phase, Stage, State, phase_on
from contracts.calc.targets import TargetTerms, common_targets
from contracts.models import Contract, Coverage, QueueDefinition, Target, Version
from core.periods import local_day
from core.scope import Scope
from vendors.models import Queue
from vendors.selectors import one

SIGNED = State.SIGNED.value


def versions_on(*, scope: Scope, days: Mapping[int, date]) -> dict[int, Version]:
    """Return, for contracts and a day each, the signed version in force then; none before the first.

    Args:
        scope: Who asks.
        days: Contract to one of its local days.
    """
    signed = Version.objects.visible_to(scope).filter(state=SIGNED, contract_id__in=days)
    found: dict[int, Version] = {}
    for version in signed.order_by("effective_from"):
        if version.effective_from <= days[version.contract_id]:
            found[version.contract_id] = version
    return found


def targets_on(*, scope: Scope, days: Mapping[int, date]) -> dict[int, dict[tuple[int, str], TargetTerms]]:
    """Return, for contracts and a day each, the targets in force: ``(queue, KPI)`` to target."""
    versions = versions_on(scope=scope, days=days)
    contract_of = {version.pk: contract_id for contract_id, version in versions.items()}
    targets: dict[int, dict[tuple[int, str], TargetTerms]] = {contract_id: {} for contract_id in days}
    for target in Target.objects.visible_to(scope).filter(contract_version_id__in=contract_of):
        targets[contract_of[target.contract_version_id]][target.queue_id, target.kpi] = target.terms
    return targets


def targets_in_force(*, scope: Scope, contract_id: int, day: date) -> dict[tuple[int, str], TargetTerms]:
    """Return a contract's targets on one of its local days: ``(queue, KPI)`` to target."""
    return targets_on(scope=scope, days={contract_id: day})[contract_id]


def contract_targets_on(*, scope: Scope, days: Mapping[int, date]) -> dict[int, dict[Kpi, TargetTerms | None]]:
    """Return, for contracts and a day each, the target of the contract as a whole.

    A KPI has one where all queues with terms have the same; None says that it differs per queue, and a KPI that
    no queue has a target for is absent.
    """
    targets = targets_on(scope=scope, days=days)
    versions = {version.pk: contract for contract, version in versions_on(scope=scope, days=days).items()}
    queues: dict[int, set[int]] = {contract_id: set() for contract_id in days}
    terms = QueueDefinition.objects.visible_to(scope).filter(contract_version_id__in=versions)
    for version_id, queue_id in terms.values_list("contract_version_id", "queue_id"):
        queues[versions[version_id]].add(queue_id)
    return {contract_id: common_targets(targets[contract_id], queues[contract_id]) for contract_id in days}


def contract_list(*, scope: Scope) -> QuerySet[Contract]:
    """Return the visible contracts by name, each with what a list says of it.

    For a vendor a contract exists once a version is signed: what is being negotiated is the client's own.

    Annotations: ``queue_count``, ``first_signed_from``, ``open_state`` (of the version in work, None if none) and
    ``newest_number`` (of the signed version that begins last).
    """
    versions = Version.objects.visible_to(scope).filter(
        contract_id=OuterRef("pk"), state__in=version_states_visible(scope.side)
    )
    signed = versions.filter(state=SIGNED)
    covered = Coverage.objects.visible_to(scope).filter(contract_id=OuterRef("pk")).order_by()
    contracts: QuerySet[Contract] = Contract.objects.visible_to(scope).select_related("vendor")
    if not scope.is_client:
        contracts = contracts.filter(Exists(signed))
    return contracts.annotate(
        queue_count=Subquery(covered.values("contract_id").annotate(n=Count("queue_id")).values("n")),
        first_signed_from=Subquery(signed.order_by("effective_from").values("effective_from")[:1]),
        newest_number=Subquery(signed.order_by("-effective_from").values("number")[:1]),
        open_state=Subquery(versions.exclude(state=SIGNED).values("state")[:1]),
    ).order_by("name", "pk")


def contract_get(*, scope: Scope, uuid: UUID) -> Contract:
    """Return one contract, annotated as in the list.

    Raises:
        NotFound: No contract of that id exists for the caller.
    """
    return one(contract_list(scope=scope), uuid=uuid)


def contract_list_read(*, scope: Scope) -> QuerySet[Contract]:
    """Return the visible contracts with what they cover read along."""
    covered = Coverage.objects.visible_to(scope).select_related("queue").order_by("queue__code", "queue_id")
    return contract_list(scope=scope).prefetch_related(Prefetch("coverage", queryset=covered))


def contract_read(*, scope: Scope, uuid: UUID) -> Contract:
    """Return one contract with what it covers and the versions that exist for the caller; raises NotFound."""
    versions = version_list_with_terms(scope=scope)
    rows = contract_list_read(scope=scope).prefetch_related(Prefetch("versions", queryset=versions))
    return one(rows, uuid=uuid)


def contract_phase(*, contract: Contract, at: datetime) -> Phase:
    """Return where a contract of :func:`contract_list` stands at a moment."""
    listed: Any = contract
    stages = []
    if listed.first_signed_from is not None:
        stages.append(Stage(State.SIGNED, listed.first_signed_from))
    if listed.open_state is not None:
        stages.append(Stage(State(listed.open_state), date.max))
    return phase_on(local_day(at, contract.zone), ends_on=contract.ends_on, stages=stages)


def coverage_list(*, scope: Scope, contract: Contract) -> QuerySet[Coverage]:
    """Return which queues a contract covers, by the queues' names."""
    rows = Coverage.objects.visible_to(scope).filter(contract=contract)
    return rows.select_related("queue").order_by("queue__name", "queue_id")


def version_list(*, scope: Scope) -> QuerySet[Version]:
    """Return the versions that exist for the caller, newest first: to vendors only what was signed."""
    versions = Version.objects.visible_to(scope).filter(state__in=version_states_visible(scope.side))
    return versions.select_related("contract", "contract__vendor").order_by("contract_id", "-number")


def version_list_with_terms(*, scope: Scope) -> QuerySet[Version]:
    """Return the same versions with their definitions and targets read along."""
    definitions = QueueDefinition.objects.visible_to(scope).select_related("queue").order_by("queue__code")
    targets = Target.objects.visible_to(scope).select_related("queue").order_by("queue__code", "kpi")
    return version_list(scope=scope).prefetch_related(
        Prefetch("definitions", queryset=definitions), Prefetch("targets", queryset=targets)
    )


def version_get(*, scope: Scope, uuid: UUID) -> Version:
    """Return one version with its terms.

    Raises:
        NotFound: No version of that id exists for the caller.
    """
    return one(version_list_with_terms(scope=scope), uuid=uuid)


def version_of_day(*, scope: Scope, contract: Contract, day: date) -> Version | None:
    """Return the signed version in force on a local day, with its terms."""
    signed = version_list_with_terms(scope=scope).filter(contract=contract, state=SIGNED)
    return signed.filter(effective_from__lte=day).order_by("-effective_from").first()


def version_in_work(*, scope: Scope, contract: Contract) -> Version | None:
    """Return the version that is drafted or in review; there is at most one, and none for vendors."""
    return version_list_with_terms(scope=scope).filter(contract=contract).exclude(state=SIGNED).first()


def newest_signed(*, scope: Scope, contract: Contract) -> Version | None:
    """Return the signed version that begins last, with its terms."""
    signed = version_list_with_terms(scope=scope).filter(contract=contract, state=SIGNED)
    return signed.order_by("-effective_from").first()


def version_before(*, scope: Scope, version: Version) -> Version | None:
    """Return the version that a version amends: the newest one with a lower number, with its terms."""
    rows = version_list_with_terms(scope=scope).filter(contract=version.contract, number__lt=version.number)
    return rows.order_by("-number").first()


def newest_signed_from(*, scope: Scope, contract_id: int) -> date | None:
    """Return the first day of the signed version that begins last."""
    signed = Version.objects.visible_to(scope).filter(contract_id=contract_id, state=SIGNED)
    newest: date | None = signed.aggregate(newest=Max("effective_from"))["newest"]
    return newest


def signed_bounds(*, scope: Scope, contract_id: int) -> tuple[date, date] | None:
    """Return the first days of the first and of the last signed version; None if nothing is signed."""
    signed = Version.objects.visible_to(scope).filter(contract_id=contract_id, state=SIGNED)
    found = signed.aggregate(first=Min("effective_from"), last=Max("effective_from"))
    return None if found["first"] is None else (found["first"], found["last"])


def queues_from(*, scope: Scope, contract_id: int, day: date) -> list[Coverage]:
    """Return the coverage that is not over on a day: the queues that a version from then on needs terms for."""
    rows = Coverage.objects.visible_to(scope).filter(contract_id=contract_id)
    lasting = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    return list(lasting.select_related("queue").order_by("queue__name", "queue_id"))


def last_number(*, scope: Scope, contract_id: int) -> int:
    """Return the number of a contract's newest version, 0 before the first."""
    versions = Version.objects.visible_to(scope).filter(contract_id=contract_id)
    return versions.aggregate(last=Max("number"))["last"] or 0


@dataclass(frozen=True, slots=True)
class SharedTerms:
    """Terms, and the queues that have just these."""

    queues: tuple[Queue, ...]
    definition: Definition
    targets: tuple[tuple[Kpi, TargetTerms], ...]


def shared_terms(*, version: Version) -> list[SharedTerms]:
    """Return what a version promises, queues with equal terms together, in the order of their names.

    Args:
        version: As :func:`version_get` returns it, its terms read along.
    """
    order = list(Kpi)
    lines: dict[int, list[tuple[Kpi, TargetTerms]]] = {}
    for row in version.targets.all():
        lines.setdefault(row.queue_id, []).append((Kpi(row.kpi), row.terms))
    groups: dict[tuple[Definition, tuple[tuple[Kpi, TargetTerms], ...]], list[Queue]] = {}
    for row in sorted(version.definitions.all(), key=lambda row: row.queue.name):
        targets = tuple(sorted(lines.get(row.queue_id, ()), key=lambda line: order.index(line[0])))
        groups.setdefault((row.definition, targets), []).append(row.queue)
    return [SharedTerms(tuple(queues), *terms) for terms, queues in groups.items()]


def version_gaps(*, scope: Scope, version: Version, day: date | None = None) -> list[str]:
    """Return what a version lacks, in words; empty when it is complete.

    Args:
        scope: Who asks.
        version: The version, its terms read along.
        day: The day from which the covered queues need terms; by default the version's first.
    """
    rows = queues_from(scope=scope, contract_id=version.contract_id, day=day or version.effective_from)
    covered = {row.queue_id: row.queue.name for row in rows}
    defined = {row.queue_id: row.queue.name for row in version.definitions.all()}
    gaps = [] if covered else [_("The contract covers no queue from that day on.")]
    gaps += [_("“%(queue)s” has no terms yet.") % {"queue": covered[pk]} for pk in covered.keys() - defined.keys()]
    gaps += [
        _("“%(queue)s” has terms, but the contract does not cover it.") % {"queue": defined[pk]}
        for pk in defined.keys() - covered.keys()
    ]
    return sorted(gaps)
