"""Reading improvement actions: the board, one action with its log, and what their people are called."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from accounts import selectors as accounts
from accounts.calc.access import ROLES, permissions_of
from accounts.models import Membership
from core.scope import CLIENT, VENDOR, Scope
from qa.calc.improvement import State as ActionState
from qa.calc.improvement import Step, steps_from
from qa.models import Improvement, ImprovementCheck, ImprovementEvent, ImprovementState
from vendors.selectors import one

# Whoever may be given an action: those who may work on one.
OWNER_ROLES = frozenset(
    role for role in ROLES for side in (CLIENT, VENDOR) if "improvements.edit" in permissions_of(role, side)
)
BOARD_MOST = 40


def improvement_list(*, scope: Scope) -> QuerySet[Improvement]:
    """Return the actions that exist for the caller, what is due first; closed ones last.

    Raises:
        Forbidden: The role sees no actions.
    """
    scope.require("improvements.view")
    rows: QuerySet[Improvement] = Improvement.objects.visible_to(scope).select_related("vendor", "contract")
    return rows.order_by("closed_at", "due_on", "-number", "pk")


def improvement_get(*, scope: Scope, uuid: UUID) -> Improvement:
    """Return one action.

    Raises:
        Forbidden: The role sees no actions.
        NotFound: There is none for the caller.
    """
    return one(improvement_list(scope=scope), uuid=uuid)


def improvement_board(
    *, scope: Scope, rows: QuerySet[Improvement]
) -> list[tuple[ImprovementState, int, list[Improvement]]]:
    """Return each state with how many actions are in it and the first of them by their due day.

    Args:
        scope: Who looks.
        rows: Of :func:`improvement_list`, filtered or not.
    """
    found = []
    counts: dict[str, int] = {}
    for state in rows.order_by().values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    shown = list(rows.exclude(state=ImprovementState.CLOSED).order_by("due_on", "number")[: BOARD_MOST * 5])
    shown += list(rows.filter(state=ImprovementState.CLOSED).order_by("-closed_at")[:BOARD_MOST])
    for state in ImprovementState:
        members = [row for row in shown if row.state == state][:BOARD_MOST]
        found.append((state, counts.get(state.value, 0), members))
    return found


def improvement_events(*, scope: Scope, improvement: Improvement) -> QuerySet[ImprovementEvent]:
    """Return what happened to an action and what was said about it, the newest first."""
    rows: QuerySet[ImprovementEvent] = ImprovementEvent.objects.visible_to(scope).filter(improvement=improvement)
    return rows.order_by("-pk")


def improvement_checks(*, scope: Scope, improvement: Improvement) -> QuerySet[ImprovementCheck]:
    """Return every check of an action, the newest first."""
    rows: QuerySet[ImprovementCheck] = ImprovementCheck.objects.visible_to(scope).filter(improvement=improvement)
    return rows.order_by("-pk")


def improvement_check_of(*, scope: Scope, improvement: Improvement) -> ImprovementCheck | None:
    """Return the newest check of the round that runs; None if it was not checked yet."""
    found: ImprovementCheck | None = (
        improvement_checks(scope=scope, improvement=improvement).filter(round=improvement.round).first()
    )
    return found


def improvements_checked(*, scope: Scope, rows: Iterable[Improvement]) -> set[int]:
    """Return the keys of those actions whose running round was checked."""
    found = ImprovementCheck.objects.visible_to(scope).filter(improvement__in=[row.pk for row in rows])
    return set(found.filter(round=F("improvement__round")).values_list("improvement_id", flat=True))


def improvement_steps(*, scope: Scope, improvement: Improvement) -> list[Step]:
    """Return the steps that the caller can take now."""
    if not scope.can("improvements.edit"):
        return []
    is_checked = improvement_check_of(scope=scope, improvement=improvement) is not None
    return steps_from(ActionState(improvement.state), is_checked=is_checked)


def owner_list(*, scope: Scope, vendor_ids: list[int]) -> QuerySet[Membership]:
    """Return the people whom an action can be given, as far as the caller may name them."""
    return accounts.colleague_list(
        scope=scope, organization_ids=[*vendor_ids, scope.organization_id], roles=sorted(OWNER_ROLES)
    )
