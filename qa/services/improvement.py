"""Planning improvement actions: what is measured in whom, who sees to it, and what is said of it (A118–A120)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.calc.notices import News
from accounts.models import Membership
from accounts.services import fields_require, notices_send, rivals_refuse
from audit.rows import row_add, row_change
from audit.services import record
from contracts.calc.definition import BETTER, Better, Kpi
from contracts.models import Contract
from core.errors import Conflict, Invalid, NotFound
from core.periods import local_day
from core.scope import VENDOR, Scope, activate
from qa import selectors
from qa.calc.improvement import State
from qa.models import GroupBy, Improvement, ImprovementEvent, Metric
from sla.calc.kpi import RECIPES

TEXTS = ("title", "problem", "cause", "measure", "origin_reference", "metric_name", "baseline_source")
TEXT_MOST = 3000
# So long somebody has for what has no window: planning, and closing after acting.
CLOSE_DAYS = 14
SLICE = 200


@transaction.atomic
def improvement_plan(
    *, scope: Scope, contract: Contract, values: Mapping[str, Any], owner: Membership | None = None
) -> Improvement:
    """Begin an action; its baseline is counted where the system has the figures.

    Args:
        scope: Who plans it.
        contract: Whose service it is about; decides the vendor.
        values: Fields of the object ``improvement``.
        owner: Who sees to it; the caller, unless somebody is named.

    Raises:
        Forbidden: The role plans no actions.
        Invalid: A value does not fit, a group is not the vendor's, or pilot and control overlap.
    """
    scope.require("improvements.edit")
    fields_require(scope=scope, obj="improvement", names=values)
    texts = {name: str(values.get(name) or "") for name in TEXTS}
    rivals_refuse(scope=scope, vendor_id=contract.vendor_id, texts=texts)
    rows = Improvement.objects.visible_to(scope)
    action = Improvement(
        vendor_id=contract.vendor_id,
        contract=contract,
        number=rows.number_next(vendor_id=contract.vendor_id),
        made_at=scope.at,
        made_by=scope.actor[:150],
        made_side=scope.side,
        **values,
        **_owner(scope, contract.vendor_id, owner),
    )
    for name, value in _checked(scope, action).items():
        setattr(action, name, value)
    row_add(scope=scope, action="improvement.planned", row=action, entered={"title": action.title})
    event_add(scope, action, "planned")
    _tell_owner(scope, action)
    return action


@transaction.atomic
def improvement_change(
    *,
    scope: Scope,
    uuid: UUID,
    expected_version: int,
    values: Mapping[str, Any],
    owner: Membership | None = None,
) -> Improvement:
    """Change what is planned; from the start of the pilot on, what it is measured by stands.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not.
        Conflict: It is closed, the measuring stands already, or somebody saved it meanwhile.
        Invalid: As :func:`improvement_plan`.
    """
    scope.require("improvements.edit")
    action = improvement_lock(scope, uuid)
    fields_require(scope=scope, obj="improvement", names=values)
    changed = {name for name, value in values.items() if getattr(action, name) != value}
    if action.state == State.CLOSED or (action.state != State.PLAN and not changed <= SPOKEN_FIELDS):
        raise Conflict("wrong_state", _("What an action is measured by stands from the start of its pilot on."))
    texts = {name: str(values[name] or "") for name in TEXTS if name in values}
    rivals_refuse(scope=scope, vendor_id=action.vendor_id, texts=texts)
    given = dict(values)
    if owner is not None:
        given |= _owner(scope, action.vendor_id, owner)
    if action.state == State.PLAN:
        wanted = copy_with(action, given)
        given |= _checked(scope, wanted)
    former = action.owner_id
    row_change(
        scope=scope,
        action="improvement.changed",
        row=action,
        expected_version=expected_version,
        values=given,
        untold=("owner_id", "owner_name", "told_at", "baseline_numerator", "baseline_denominator"),
    )
    if action.owner_id != former:
        _tell_owner(scope, action)
    return action


# What may be said anew while a pilot runs.
SPOKEN_FIELDS = frozenset({"title", "problem", "cause", "measure", "owner_id", "owner_name", "owner_side"})


@transaction.atomic
def improvement_comment(*, scope: Scope, uuid: UUID, text: str) -> Improvement:
    """Say something about an action; everybody who sees it reads it.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not.
        Invalid: Nothing is said, or too much.
    """
    scope.require("improvements.edit")
    action = selectors.improvement_get(scope=scope, uuid=uuid)
    if not 1 <= len(text.strip()) <= TEXT_MOST:
        message = _("Write what you want to say.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [message]})
    rivals_refuse(scope=scope, vendor_id=action.vendor_id, texts={"text": text})
    event_add(scope, action, "comment", text.strip())
    record(scope=scope, action="improvement.commented", target=action, changes={})
    return action


def improvements_overdue(*, scope: Scope) -> int:
    """Tell the owners of actions whose next step is overdue, each once a due day.

    Returns:
        Number of actions that were told of; 0 when none waits.
    """
    with activate(scope):
        late = list(
            Improvement.objects.visible_to(scope)
            # A day is over everywhere a day later.
            .filter(due_on__lt=scope.at.date() - timedelta(days=1), told_at=None, closed_at=None)
            .select_related("contract")
            .order_by("due_on", "pk")
            .select_for_update(of=("self",), skip_locked=True)[:SLICE]
        )
        news = [
            _news(action, "improvement_overdue", f"{action.uuid}:due:{action.due_on}", due=str(action.due_on))
            for action in late
            if action.owner_id is not None
        ]
        Improvement.objects.visible_to(scope).filter(pk__in=[row.pk for row in late]).update(told_at=scope.at)
        notices_send(scope=scope, news=news)
    return len(late)


def improvement_lock(scope: Scope, uuid: UUID) -> Improvement:
    """Return an action for changing it, alone until the transaction ends; raises NotFound."""
    found: Improvement | None = (
        selectors.improvement_list(scope=scope).select_for_update(of=("self",)).filter(uuid=uuid).first()
    )
    if found is None:
        raise NotFound
    return found


def _owner(scope: Scope, vendor_id: int, owner: Membership | None) -> dict[str, Any]:
    if owner is None:
        if scope.user_id is None:
            return {}
        return {"owner_id": scope.user_id, "owner_name": scope.actor[:150], "owner_side": scope.side}
    known = selectors.owner_list(scope=scope, vendor_ids=[vendor_id]).filter(pk=owner.pk)
    if not known.exists():
        message = _("Choose somebody who works on improvement actions here.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"owner": [message]})
    name = owner.user.display_name or owner.user.username
    return {"owner_id": owner.user_id, "owner_name": name[:150], "owner_side": owner.organization.side}


def copy_with(action: Improvement, values: Mapping[str, Any]) -> Improvement:
    """Return an action as it would be with other values; nothing is saved."""
    copied = {field.attname: getattr(action, field.attname) for field in action._meta.concrete_fields}
    copy = Improvement(**copied)
    copy.contract = action.contract
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


def _checked(scope: Scope, action: Improvement) -> dict[str, Any]:
    """Return what follows from what is planned, or refuse it."""
    fields: dict[str, list[str]] = {}
    for name in ("title", "problem"):
        if not str(getattr(action, name) or "").strip():
            fields[name] = [_("This is missing.")]
    known = selectors.names_of(scope=scope, vendor_id=action.vendor_id, group_by=action.group_by)
    for name in ("pilot", "control"):
        unknown = [key for key in getattr(action, name) if key not in known]
        if unknown:
            fields[name] = [_("Not found at this vendor: %(names)s") % {"names": ", ".join(map(str, unknown[:5]))}]
    if set(action.pilot) & set(action.control):
        fields["control"] = [_("Nobody is in both groups.")]
    _metric_check(scope, action, fields)
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    follows: dict[str, Any] = {"due_on": action.starts_on or action.due_on}
    if follows["due_on"] is None:
        follows["due_on"] = local_day(scope.at, action.contract.zone) + timedelta(days=CLOSE_DAYS)
    if action.metric in BETTER:
        follows["direction"] = "higher" if BETTER[Kpi(action.metric)] is Better.HIGHER else "lower"
    return follows | baseline_counted(scope, action)


def _metric_check(scope: Scope, action: Improvement, fields: dict[str, list[str]]) -> None:
    target: Decimal | None = action.target
    if target is None:
        fields["target"] = [_("This is missing.")]
        return
    if action.metric == Metric.OTHER:
        if not action.metric_name.strip():
            fields["metric_name"] = [_("Name what is measured.")]
        if action.baseline_numerator is not None and not action.baseline_source.strip():
            fields["baseline_source"] = [_("Say where the figures come from.")]
        shares = action.baseline_numerator, action.baseline_denominator
        if (shares[0] is None) != (shares[1] is None) or (
            shares[0] is not None and shares[1] is not None and not 0 <= shares[0] <= shares[1]
        ):
            fields["baseline_numerator"] = [_("A share has at most as many cases that met as cases.")]
    elif action.metric == Metric.QA_SCORE:
        live = selectors.form_list(scope=scope).filter(vendor_id=action.vendor_id, code=action.form_code)
        if not live.exists():
            fields["form_code"] = [_("Choose a form that this vendor is evaluated by.")]
    elif action.group_by != GroupBy.QUEUE and not RECIPES[Kpi(action.metric)].by_agent:
        fields["group_by"] = [_("This figure exists for queues only: who gave up waiting had no agent yet.")]
    if action.metric != Metric.OTHER and (action.baseline_source or action.metric_name):
        fields["baseline_source"] = [_("The system counts this figure itself; nothing is typed.")]
    if selectors.unit_of(action).value == "ratio" and not 0 <= Decimal(target) <= 1:
        fields["target"] = [_("A share lies between 0 and 100 %.")]


def baseline_counted(scope: Scope, action: Improvement) -> dict[str, Any]:
    """Return what the pilot had in the named days, counted by the system."""
    if not selectors.is_measured(action):
        return {}
    none = {"baseline_numerator": None, "baseline_denominator": None}
    if action.baseline_first is None or action.baseline_last is None:
        return none
    if action.baseline_first > action.baseline_last:
        message = _("The last day lies before the first.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"baseline_last": [message]})
    if (action.baseline_last - action.baseline_first).days > 92:
        message = _("At most a quarter; choose fewer days.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"baseline_last": [message]})
    cells = selectors.cells_of(scope=scope, improvement=action, first=action.baseline_first, last=action.baseline_last)
    pilot = [cells[key] for key in action.pilot if key in cells]
    if not pilot:
        return none
    numerator, denominator = (
        _decimal(sum((getattr(cell, name) for cell in pilot), Fraction(0))) for name in ("numerator", "denominator")
    )
    return {"baseline_numerator": numerator, "baseline_denominator": denominator}


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001"))


def event_add(scope: Scope, action: Improvement, kind: str, text: str = "") -> None:
    """Write a line into the log of an action."""
    event = ImprovementEvent(
        vendor_id=action.vendor_id,
        improvement=action,
        at=scope.at,
        kind=kind,
        actor=scope.actor[:150],
        side=scope.side or VENDOR,
        round=action.round,
        text=text,
    )
    ImprovementEvent.objects.visible_to(scope).bulk_create([event])


def _news(action: Improvement, message: str, key: str, **more: str) -> News:
    told: dict[str, str | int] = {"action": str(action), "title": action.title, **more}
    people = [action.owner_id] if action.owner_id is not None else []
    return News(action.vendor_id, people, "improvement", message, key, told, f"/qa/improvement/{action.uuid}/")


def _tell_owner(scope: Scope, action: Improvement) -> None:
    if action.owner_id is not None and action.owner_id != scope.user_id:
        key = f"{action.uuid}:owner:{action.owner_id}"
        notices_send(scope=scope, news=[_news(action, "improvement_given", key)])
