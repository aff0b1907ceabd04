"""Moving improvement actions: pilot, check over a complete window, and only then roll out or redo (C14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import rivals_refuse
from audit.rows import row_add, row_change
from core.errors import Conflict, Invalid
from core.formats import day_text
from core.periods import local_day
from core.scope import Scope
from qa import selectors
from qa.calc.improvement import (
    Effect,
    State,
    Step,
    Verdict,
    effect_of_ratios,
    next_state,
    verdict_of,
    window_is_complete,
    window_last_day,
)
from qa.models import Improvement, ImprovementCheck
from qa.services.improvement import (
    CLOSE_DAYS,
    TEXT_MOST,
    baseline_counted,
    copy_with,
    event_add,
    improvement_lock,
)

# So long after the window somebody has to decide.
DECIDE_DAYS = 3
# A pilot may be entered so many days after it began.
BACK_DAYS = 31
# These need a word of why.
SPOKEN = frozenset({Step.ROLL_OUT, Step.SEND_BACK, Step.CLOSE})
# The four groups of figures that somebody types, in the order of the formula.
CELLS = ("pilot_before", "pilot_after", "control_before", "control_after")


@transaction.atomic
def improvement_step(
    *,
    scope: Scope,
    uuid: UUID,
    step: Step,
    expected_version: int,
    text: str = "",
    starts_on: date | None = None,
) -> Improvement:
    """Take a step: start the pilot, begin the check, roll out or send back, plan again, close.

    Args:
        scope: Who acts.
        uuid: Which action.
        step: What is done.
        expected_version: As it was read.
        text: Why, or what came of it; acting and closing need it.
        starts_on: First local day of the new way, with starting the pilot; today, unless it is said.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not.
        Conflict: The step cannot be taken from here, the check of this round did not run, or somebody saved meanwhile.
        Invalid: Something that the step needs is missing.
    """
    scope.require("improvements.edit")
    action = improvement_lock(scope, uuid)
    check = selectors.improvement_check_of(scope=scope, improvement=action)
    after = next_state(State(action.state), step, is_checked=check is not None)
    if after is None:
        if next_state(State(action.state), step, is_checked=True) is not None:
            raise Conflict("not_checked", _("Run the check first: nothing is rolled out or sent back unchecked."))
        raise Conflict("wrong_state", _("This step cannot be taken from here; look where it stands."))
    if step is Step.ROLL_OUT and check is not None and check.verdict == Verdict.NO_FIGURE:
        raise Conflict("no_figure", _("The check has no figures to roll out on; send it back and choose other groups."))
    if step in SPOKEN and not text.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [_("Say why.")]})
    if len(text) > TEXT_MOST:
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [_("This is too long.")]})
    rivals_refuse(scope=scope, vendor_id=action.vendor_id, texts={"text": text})
    today = local_day(scope.at, action.contract.zone)
    values: dict[str, Any] = {"state": after.value, "told_at": None}
    match step:
        case Step.START_PILOT:
            values |= _started(scope, action, starts_on or action.starts_on or today, today)
        case Step.START_CHECK:
            start: Any = action.starts_on
            values["due_on"] = window_last_day(start, action.check_days) + timedelta(days=DECIDE_DAYS)
        case Step.ROLL_OUT | Step.SEND_BACK:
            values["due_on"] = today + timedelta(days=CLOSE_DAYS)
        case Step.PLAN_AGAIN:
            cleared = {"starts_on": None, "baseline_first": None, "baseline_last": None}
            values |= {"round": action.round + 1, "due_on": today + timedelta(days=CLOSE_DAYS), **cleared}
        case Step.CLOSE:
            values |= {"closed_at": scope.at, "due_on": None}
    row_change(
        scope=scope,
        action=f"improvement.{step.value}",
        row=action,
        expected_version=expected_version,
        values=values,
        untold=("told_at", "closed_at", "baseline_numerator", "baseline_denominator"),
    )
    event_add(scope, action, step.value, text.strip())
    return action


@transaction.atomic
def improvement_check(
    *,
    scope: Scope,
    uuid: UUID,
    cells: Mapping[str, tuple[int, int]] | None = None,
    source: str = "",
) -> ImprovementCheck:
    """Run the check of an action over its complete window, and keep what it found with all that went into it.

    Args:
        scope: Who runs it.
        uuid: Which action; it stands at the check.
        cells: Numerator and denominator by :data:`CELLS`, only for a share that the system does not know.
        source: Where they come from; needed with them.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not.
        Conflict: It does not stand at the check, or the window is not complete.
        Invalid: Figures are typed that the system has itself, or those that it does not have are missing.
    """
    scope.require("improvements.edit")
    action = improvement_lock(scope, uuid)
    if action.state != State.CHECK:
        raise Conflict("wrong_state", _("A check runs once the pilot is over and the check has begun."))
    kept = _typed(scope, action, cells or {}, source) if cells or not selectors.is_measured(action) else None
    kept = kept or _counted(scope, action)
    check = ImprovementCheck(
        vendor_id=action.vendor_id,
        improvement=action,
        round=action.round,
        at=scope.at,
        by=scope.actor[:150],
        side=scope.side,
        **kept,
    )
    row_add(
        scope=scope,
        action="improvement.checked",
        row=check,
        entered={"improvement": str(action), "verdict": check.verdict, "effect": check.effect},
    )
    event_add(scope, action, "checked", check.verdict)
    return check


def _counted(scope: Scope, action: Improvement) -> dict[str, Any]:
    figures = selectors.figures_of(scope=scope, improvement=action)
    assert figures is not None
    if not figures.is_complete:
        message = _("The check window ends on %(day)s; figures are final through %(final)s.") % {
            "day": day_text(figures.window_last),
            "final": day_text(figures.final_through) if figures.final_through else _("no day yet"),
        }
        if figures.waiting:
            message += " " + _("Evaluations of its days that are not released yet: %(count)s.") % {
                "count": figures.waiting
            }
        raise Conflict("window_open", message, details={"window_last": figures.window_last.isoformat()})
    units = [
        {
            "key": unit.key,
            "name": unit.name,
            "is_pilot": unit.is_pilot,
            "before": _plain(unit.before),
            "after": _plain(unit.after),
        }
        for unit in figures.units
    ]
    wholes = {
        f"{'pilot' if is_pilot else 'control'}_{'after' if is_after else 'before'}": _plain(
            figures.whole(is_pilot=is_pilot, is_after=is_after)
        )
        for is_pilot in (True, False)
        for is_after in (False, True)
    }
    found = {"method": figures.method, "verdict": figures.verdict.value, "figures": {"cells": wholes, "units": units}}
    return found | _days(figures.before, figures.after) | _told(figures.effect)


def _typed(scope: Scope, action: Improvement, cells: Mapping[str, tuple[int, int]], source: str) -> dict[str, Any]:
    if selectors.is_measured(action):
        message = _("The system counts this figure itself; nothing is typed.")
        raise Invalid("invalid", message, fields={"cells": [message]})
    fields: dict[str, list[str]] = {}
    for name in CELLS:
        numerator, denominator = cells.get(name, (0, 0))
        if not 0 <= numerator <= denominator or not denominator:
            fields[name] = [_("A share has at most as many cases that met as cases.")]
    if not source.strip():
        fields["source"] = [_("Say where the figures come from.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    rivals_refuse(scope=scope, vendor_id=action.vendor_id, texts={"source": source})
    start: Any = action.starts_on
    last = window_last_day(start, action.check_days)
    yesterday = local_day(scope.at, action.contract.zone) - timedelta(days=1)
    if not window_is_complete(start, yesterday, action.check_days):
        message = _("The check window ends on %(day)s; figures are final through %(final)s.")
        raise Conflict("window_open", message % {"day": day_text(last), "final": day_text(yesterday)})
    effect = effect_of_ratios(*(cells[name] for name in CELLS), is_complete=True)
    is_higher = action.direction == "higher"
    verdict = verdict_of(effect, Fraction(*cells["pilot_after"]), Fraction(action.target), is_higher_better=is_higher)
    wholes = {name: {"numerator": cells[name][0], "denominator": cells[name][1], "n": cells[name][1]} for name in CELLS}
    found = {"method": "ratios", "verdict": verdict.value, "source": source.strip(), "figures": {"cells": wholes}}
    return found | _days(selectors.baseline_of(action, start), (start, last)) | _told(effect)


def _days(before: tuple[date, date], after: tuple[date, date]) -> dict[str, date]:
    return {
        "before_first": before[0], "before_last": before[1], "after_first": after[0], "after_last": after[1],
    }  # fmt: skip


def _told(effect: Effect | None) -> dict[str, Any]:
    if effect is None:
        return {}
    low, high = effect.interval or (None, None)
    return {"effect": float(effect.value), "error": effect.error, "low": low, "high": high}


def _plain(cell: selectors.Cell) -> dict[str, float | int]:
    return {"numerator": float(cell.numerator), "denominator": float(cell.denominator), "n": cell.n}


def _started(scope: Scope, action: Improvement, start: date, today: date) -> dict[str, Any]:
    """Return what a start fixes: the day, the days before, and what the pilot had in them."""
    fields: dict[str, list[str]] = {}
    if not today - timedelta(days=BACK_DAYS) <= start <= today:
        fields["starts_on"] = [
            _("A pilot starts today or started within the last %(days)s days.") % {"days": BACK_DAYS}
        ]
    if action.baseline_last is not None and action.baseline_last >= start:
        fields["starts_on"] = [_("The baseline ends before the pilot starts.")]
    if not action.pilot or not action.control:
        fields["starts_on"] = [_("Choose a pilot group and a control group first: a check compares them.")]
    if not action.measure.strip():
        fields["starts_on"] = [_("Say first what is done otherwise.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    first, last = selectors.baseline_of(action, start)
    wanted = copy_with(action, {"starts_on": start, "baseline_first": first, "baseline_last": last})
    return {
        "starts_on": start,
        "baseline_first": first,
        "baseline_last": last,
        "due_on": window_last_day(start, action.check_days) + timedelta(days=1),
        **baseline_counted(scope, wanted),
    }
