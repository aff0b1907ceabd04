"""What the board's cards and the page of an improvement action are made of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from contracts.calc.definition import Kpi
from core import formats
from core.components import Action, Fact, Next
from core.scope import Scope
from core.templatetags import ui
from qa import selectors
from qa.calc.improvement import State, Verdict, steps_from
from qa.models import GroupBy, Improvement, ImprovementCheck, ImprovementState
from qa.wording.improvement import (
    IMPROVEMENT_EVENTS,
    IMPROVEMENT_NOW,
    IMPROVEMENT_STEPS,
    IMPROVEMENT_TONES,
    METHOD_WORDS,
    VERDICT_TONES,
    VERDICTS,
)
from sla.calc.kpi import RECIPES

WHOLES = ("pilot_before", "pilot_after", "control_before", "control_after")


def board_columns(scope: Scope, rows: Any) -> list[dict[str, Any]]:
    """Return the columns of the board with their cards."""
    today = scope.at.date()
    board = selectors.improvement_board(scope=scope, rows=rows)
    checked = selectors.improvements_checked(
        scope=scope, rows=[row for _state, _count, members in board for row in members]
    )
    return [
        {
            "state": state.value,
            "label": state.label,
            "badge": ui.badge(IMPROVEMENT_TONES[state], state.label),
            "count": count,
            "hidden": count - len(members),
            "cards": [_card(scope, row, is_checked=row.pk in checked, today=today) for row in members],
        }
        for state, count, members in board
    ]


def _card(scope: Scope, row: Improvement, *, is_checked: bool, today: Any) -> dict[str, Any]:
    unit = selectors.unit_of(row).value
    target = formats.value_text(row.target, unit)
    is_late = row.closed_at is None and row.due_on is not None and row.due_on < today
    return {
        "row": row,
        "owner": scope.called(row.owner_name, row.owner_side),
        "target": f"{row.metric_name or row.get_metric_display()} {'≥' if row.direction == 'higher' else '≤'} {target}",
        "is_late": is_late,
        "vendor": row.vendor.name if scope.is_client else "",
        "actions": _actions(scope, row, is_checked=is_checked, is_short=True),
    }


def _actions(scope: Scope, row: Improvement, *, is_checked: bool, is_short: bool = False) -> list[Action]:
    if not scope.can("improvements.edit"):
        return []
    found = []
    if row.state == State.CHECK and (not is_checked or not is_short):
        if selectors.is_measured(row):
            found.append(Action(_("Run the check"), reverse("qa:improvement_check", args=[row.uuid]), post=True))
        else:
            found.append(Action(_("Run the check"), reverse("qa:improvement_figures", args=[row.uuid])))
    steps = [
        Action(IMPROVEMENT_STEPS[step][0], reverse("qa:improvement_step", args=[row.uuid, step.value]))
        for step in steps_from(State(row.state), is_checked=is_checked)
    ]
    # Once it ran, deciding comes first.
    return steps + found if is_checked else found + steps


def detail_context(scope: Scope, action: Improvement) -> dict[str, Any]:
    """Return what the page of an action shows."""
    unit = selectors.unit_of(action).value
    state = ImprovementState(action.state)
    check = selectors.improvement_check_of(scope=scope, improvement=action)
    figures = selectors.figures_of(scope=scope, improvement=action)
    course = selectors.course_of(scope=scope, improvement=action)
    checks = selectors.improvement_checks(scope=scope, improvement=action)
    events = selectors.improvement_events(scope=scope, improvement=action)
    return {
        "title": action.title,
        "title_badge": ui.badge(IMPROVEMENT_TONES[state], state.label),
        "menu": _menu(scope, action),
        "improvement": action,
        "zone": action.contract.zone,
        "unit": unit,
        "next": _next(scope, action, figures, is_checked=check is not None),
        "facts": _facts(scope, action, unit),
        "so_far": _so_far(action, figures, unit) if figures is not None and check is None else None,
        "checks": [_told(scope, action, one, unit) for one in checks],
        "chart": _chart(action, course, unit),
        "events": [
            {
                "at": event.at,
                "actor": scope.called(event.actor, event.side),
                "words": IMPROVEMENT_EVENTS.get(event.kind, event.kind),
                "text": VERDICTS[Verdict(event.text)] if event.kind == "checked" else event.text,
                "round": event.round,
            }
            for event in events
        ],
        "may_write": scope.can("improvements.edit"),
    }


def _menu(scope: Scope, action: Improvement) -> list[Action]:
    if not scope.can("improvements.edit") or action.closed_at is not None:
        return []
    return [Action(_("Edit"), reverse("qa:improvement_edit", args=[action.uuid]), "edit")]


def _next(scope: Scope, action: Improvement, figures: Any, *, is_checked: bool) -> Next:
    state = ImprovementState(action.state)
    step, text = IMPROVEMENT_NOW[state]
    if state is ImprovementState.CHECK and is_checked:
        text = _("The check ran; now decide whether it is rolled out or done anew.")
    elif state in (ImprovementState.DO, ImprovementState.CHECK) and figures is not None:
        final = formats.day_text(figures.final_through) if figures.final_through else _("no day yet")
        text = format_html(
            "{} {}", text,
            _("The window ends on %(day)s; figures are final through %(final)s.")
            % {"day": formats.day_text(figures.window_last), "final": final},
        )  # fmt: skip
    actions = _actions(scope, action, is_checked=is_checked)
    if action.due_on is not None:
        text = format_html("{} {}", text, _("Due %(day)s.") % {"day": formats.day_text(action.due_on)})
    who = "" if actions or state is ImprovementState.CLOSED else _("somebody of QA, a supervisor or a manager")
    return Next(
        step=step, text=text, who=who, actions=actions, tone=IMPROVEMENT_TONES[state],
        zone=action.contract.zone,
    )  # fmt: skip


def _facts(scope: Scope, action: Improvement, unit: str) -> list[Fact]:
    sign = "≥" if action.direction == "higher" else "≤"
    facts = [
        Fact(_("Contract"), action.contract.name),
        Fact(_("Owner"), scope.called(action.owner_name, action.owner_side) or ui.missing(_("nobody"))),
        Fact(_("Measured by"), _metric_words(action)),
        Fact(_("Target"), f"{sign} {formats.value_text(action.target, unit)}"),
        Fact(_("Baseline"), _baseline(action, unit)),
        Fact(_("Pilot group"), ", ".join(action.pilot) or ui.missing(_("none yet"))),
        Fact(_("Control group"), ", ".join(action.control) or ui.missing(_("none yet"))),
        Fact(_("Start"), formats.day_text(action.starts_on) if action.starts_on else ui.missing(_("not yet"))),
        Fact(_("Check window"), _("%(days)s days") % {"days": action.check_days}),
        Fact(_("Round"), formats.count_text(action.round)),
        Fact(_("Begins from"), _origin(action)),
        Fact(_("Begun by"), scope.called(action.made_by, action.made_side) or _("nobody")),
    ]
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), action.vendor.name))
    return facts


def _metric_words(action: Improvement) -> str:
    name = action.metric_name or str(action.get_metric_display())
    if action.form_code:
        return _("%(metric)s by form %(form)s, evaluated by %(side)s") % {
            "metric": name, "form": action.form_code, "side": action.get_evaluated_by_display(),
        }  # fmt: skip
    return name


def _origin(action: Improvement) -> str:
    words = str(action.get_origin_display())
    return f"{words}: {action.origin_reference}" if action.origin_reference else words


def _baseline(action: Improvement, unit: str) -> Any:
    if not action.baseline_denominator or action.baseline_numerator is None:
        return ui.missing(_("not counted yet"))
    value = formats.value_text(action.baseline_numerator / action.baseline_denominator, unit)
    parts = _("%(numerator)s of %(denominator)s") % {
        "numerator": formats.count_text(action.baseline_numerator),
        "denominator": formats.count_text(action.baseline_denominator),
    }
    source = action.baseline_source
    if not source and action.baseline_first and action.baseline_last:
        source = f"{formats.day_text(action.baseline_first)} – {formats.day_text(action.baseline_last)}"
    return f"{value} ({parts}; {source})" if source else f"{value} ({parts})"


def _told(scope: Scope, action: Improvement, check: ImprovementCheck, unit: str) -> dict[str, Any]:
    cells = check.figures.get("cells", {})
    periods = [(check.before_first, check.before_last), (check.after_first, check.after_last)]
    units = [
        _unit_row(one["name"], one["is_pilot"], one["before"], one["after"])
        | {"urls": [_calls_url(action, one["key"], *days) for days in periods]}
        for one in check.figures.get("units", [])
    ]
    verdict = Verdict(check.verdict)
    return {
        "check": check,
        "by": scope.called(check.by, check.side),
        "verdict": VERDICTS[verdict],
        "badge": ui.badge(VERDICT_TONES[verdict], VERDICTS[verdict]),
        "effect": _effect_words(check.effect, check.low, check.high, unit),
        "method": METHOD_WORDS[check.method],
        "rows": _rows({name: cells.get(name) for name in WHOLES}, units),
    }


def _so_far(action: Improvement, figures: Any, unit: str) -> dict[str, Any]:
    effect = figures.effect
    low, high = effect.interval if effect is not None and effect.interval else (None, None)
    cells = {
        f"{'pilot' if is_pilot else 'control'}_{'after' if is_after else 'before'}": _plain(
            figures.whole(is_pilot=is_pilot, is_after=is_after)
        )
        for is_pilot in (True, False)
        for is_after in (False, True)
    }
    units = [
        _unit_row(one.name, one.is_pilot, _plain(one.before), _plain(one.after))
        | {"urls": [_calls_url(action, one.key, *days) for days in (figures.before, figures.after)]}
        for one in figures.units
    ]
    return {
        "figures": figures,
        "effect": _effect_words(effect.value if effect is not None else None, low, high, unit),
        "method": METHOD_WORDS[figures.method],
        "rows": _rows(cells, units),
        "is_complete": figures.is_complete,
    }


def _calls_url(action: Improvement, key: str, first: date, last: date) -> str:
    """Return where the calls behind a unit's figure are listed; empty for scores and teams."""
    if action.metric not in set(Kpi) or action.group_by == GroupBy.TEAM:
        return ""
    asked = {
        "contract": action.contract.uuid,
        action.group_by: key,
        "from": first,
        "to": last + timedelta(days=1),
        "part": RECIPES[Kpi(action.metric)].denominator,
    }
    return f"{reverse('calls:list')}?{urlencode(asked)}"


def _plain(cell: Any) -> dict[str, Any]:
    return {"numerator": float(cell.numerator), "denominator": float(cell.denominator), "n": cell.n}


def _effect_words(effect: Any, low: float | None, high: float | None, unit: str) -> str:
    if effect is None:
        return ""
    words = formats.difference_text(effect, unit)
    if low is None or high is None:
        return words
    bounds = {"low": formats.difference_text(low, unit), "high": formats.difference_text(high, unit)}
    return words + " " + _("(95 %% interval %(low)s to %(high)s)") % bounds


def _ratio(cell: Any) -> float | None:
    return cell["numerator"] / cell["denominator"] if cell and cell["denominator"] else None


def _unit_row(name: str, is_pilot: bool, before: Any, after: Any) -> dict[str, Any]:
    one, other = _ratio(before), _ratio(after)
    return {
        "name": name,
        "group": _("pilot") if is_pilot else _("control"),
        "before": one,
        "before_n": before["n"] if before else 0,
        "after": other,
        "after_n": after["n"] if after else 0,
        "parts": [(cell or {"numerator": 0, "denominator": 0}) for cell in (before, after)],
        "change": None if one is None or other is None else other - one,
    }


def _rows(cells: dict[str, Any], units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wholes = [
        _unit_row(_("Pilot, all together"), True, cells["pilot_before"], cells["pilot_after"]),
        _unit_row(_("Control, all together"), False, cells["control_before"], cells["control_after"]),
    ]
    return [*units, *({**row, "is_whole": True} for row in wholes)]


def _chart(action: Improvement, course: list[selectors.Stretch], unit: str) -> dict[str, Any] | None:
    if not course:
        return None
    labels = []
    for stretch in course:
        label = formats.day_text(stretch.first)
        labels.append(_("%(day)s ▸ start") % {"day": label} if stretch.first == action.starts_on else label)
    series = [
        {
            "name": name,
            "values": [None if cell.value is None else float(cell.value) for cell in cells],
            "n": [cell.n for cell in cells],
        }
        for name, cells in (
            (_("pilot"), [stretch.pilot for stretch in course]),
            (_("control"), [stretch.control for stretch in course]),
        )
    ]
    return {
        "labels": labels,
        "x_name": _("Week from"),
        "unit": unit,
        "series": series,
        "targets": [{"name": _("target"), "value": float(action.target)}],
        "start": next((at for at, stretch in enumerate(course) if stretch.is_after), None),
        "start_name": _("start"),
    }
