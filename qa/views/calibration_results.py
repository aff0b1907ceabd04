"""What the page of a calibration session shows: the next step, and once it is revealed who agreed on what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import formats
from core.components import Action, Fact, Next
from core.http import zone_of
from core.scope import Scope
from qa import selectors
from qa.calc.forms import NA, Form
from qa.models import Calibration, CalibrationState
from qa.models.calibration import Part

# The trade's line for agreement (D12).
ALIGNMENT_TARGET = 0.85


def detail_context(scope: Scope, calibration: Calibration) -> dict[str, Any]:
    """Return what the template of a session needs."""
    zone = zone_of(scope)
    is_lead = calibration.part == Part.CLIENT
    cases = list(selectors.case_list(scope=scope, calibration=calibration))
    own = {
        sheet.case_id: sheet
        for sheet in selectors.sheet_list(scope=scope, calibration=calibration).filter(seat__user_id=scope.user_id or 0)
    }
    form = selectors.calibration_questions(calibration)
    found: dict[str, Any] = {
        "title": str(calibration) if is_lead else _("Calibration %(number)s") % {"number": calibration.number},
        "calibration": calibration,
        "next": _next(scope, calibration, zone),
        "facts": _facts(calibration, len(cases)),
        "zone": zone,
        "cases": [(case, own.get(case.pk)) for case in cases],
        "is_grader": bool(calibration.own_due),  # type: ignore[attr-defined]
        "progress": selectors.progress_of(scope=scope, calibration=calibration) if is_lead else [],
        "parts": dict(Part.choices),
        "menu": _menu(scope, calibration),
    }
    if calibration.revealed_at is not None and calibration.results:
        found |= _results(calibration, form, cases)
    return found


def _next(scope: Scope, calibration: Calibration, zone: str) -> Next:
    words = dict(CalibrationState.choices)
    step = words[CalibrationState(calibration.state)]
    leads = calibration.part == Part.CLIENT and scope.can("qa.calibrate")
    match calibration.state:
        case CalibrationState.OPEN:
            due, done = calibration.own_due, calibration.own_done  # type: ignore[attr-defined]
            is_mine = due > done and scope.at < calibration.deadline_at
            action = Action(_("Score"), reverse("qa:calibration_case", args=[calibration.uuid, 1]))
            text = (
                _("Score every case before the deadline; nobody reads it until then.")
                if is_mine
                else _("The results come once everybody has scored, or at the deadline.")
            )
            due_at = calibration.deadline_at
            return Next(step=step, text=text, due_at=due_at, zone=zone, actions=[action] if is_mine else [])
        case CalibrationState.CANCELED:
            return Next(step=step, text=_("Nobody reads what was scored."), tone="neutral", zone=zone)
    text = (
        _("Everybody has scored.")
        if calibration.state == CalibrationState.COMPLETE
        else _("Somebody did not score in time: the results are shown, and count for nobody’s severity.")
    )
    actions = []
    if leads:
        label = _("Record the consensus") if calibration.agreed_at is None else _("Change the consensus")
        actions = [Action(label, reverse("qa:calibration_consensus", args=[calibration.uuid]))]
    if calibration.agreed_at is None:
        text = f"{text} {_('Until a consensus is recorded, the most frequent answer is the benchmark.')}"
    tone = "good" if calibration.state == CalibrationState.COMPLETE else "warning"
    return Next(step=step, text=text, tone=tone, zone=zone, actions=actions)


def _menu(scope: Scope, calibration: Calibration) -> list[Action]:
    if calibration.part != Part.CLIENT or calibration.state != CalibrationState.OPEN or not scope.can("qa.calibrate"):
        return []
    version, uuid = f"?version={calibration.version}", calibration.uuid
    return [
        Action(_("Move the deadline"), reverse("qa:calibration_extend", args=[uuid])),
        Action(_("Reveal now"), reverse("qa:calibration_reveal", args=[uuid]) + version, post=True),
        Action(
            _("Call it off"), reverse("qa:calibration_cancel", args=[uuid]) + version, post=True,
            confirm=_("Call this session off? Nobody reads what was scored."),
        ),
    ]  # fmt: skip


def _facts(calibration: Calibration, cases: int) -> list[Fact]:
    return [
        Fact(_("Form"), f"{calibration.form_name} v{calibration.form_number}"),
        Fact(_("Cases"), formats.count_text(cases)),
    ]


def grader_label(grader: Mapping[str, Any], *, is_lead: bool) -> str:
    """Return what a reader calls a grader: own people by name, the client's to the client, a rival never."""
    if grader["name"]:
        return f"{grader['name']} · {Part(grader['part']).label}" if is_lead else str(grader["name"])
    if grader["part"] == Part.CLIENT:
        return _("the client, grader %(number)s") % {"number": grader["number"]}
    return _("another vendor, grader %(number)s") % {"number": grader["number"]}


def _results(calibration: Calibration, form: Form, cases: list[Any]) -> dict[str, Any]:
    results, is_lead = calibration.results, calibration.part == Part.CLIENT
    labels = [grader_label(grader, is_lead=is_lead) for grader in results["graders"]]
    questions = {question.key: question for question in form.questions}
    criteria = [
        {
            "text": questions[line["key"]].text,
            "agreed": line["agreed"],
            "compared": line["compared"],
            "ratio": _share(line["aligned"], line["possible"]),
            "kappa": line["kappa"],
            "by": [_share(*parts) for parts in line["by"]],
        }
        for line in results["criteria"]
    ]
    graders = [
        {
            "label": label,
            "ratio": _share(grader["aligned"], grader["possible"]),
            "within": grader["within"],
            "severity": grader["severity"],
            "scores": grader["scores"],
            "is_own": grader["is_own"],
        }
        for label, grader in zip(labels, results["graders"], strict=True)
    ]
    return {
        "results": results,
        "labels": labels,
        "criteria": criteria,
        "graders": graders,
        "answers": [_answers(form, results, at, case) for at, case in enumerate(cases)],
        "dots": {
            "name": _("Alignment"),
            "row_name": _("Question"),
            "unit": "ratio",
            "targets": [{"name": _("target"), "value": ALIGNMENT_TARGET}],
            "rows": [
                {"name": line["text"], "value": line["ratio"], "n": line["compared"]}
                for line in criteria
                if line["ratio"] is not None
            ],
        },
    }


def _answers(form: Form, results: Mapping[str, Any], at: int, case: Any) -> dict[str, Any]:
    """Return who answered what about one case."""
    benchmark = results["benchmark_answers"][at]
    rows = []
    for question in form.questions:
        target = benchmark.get(question.key, NA)
        given = [grader["answers"][at].get(question.key) for grader in results["graders"]]
        rows.append(
            {
                "text": question.text,
                "benchmark": _label(question, target),
                "given": [{"label": _label(question, key), "is_same": key == target} for key in given],
                "remark": case.consensus_remarks.get(question.key, ""),
            }
        )
    return {"case": case, "rows": rows, "score": results["benchmark"][at]}


def _label(question: Any, key: str | None) -> str:
    if key is None:
        return "—"
    choice = question.choice(key)
    if choice is None:
        return _("N/A")
    return str(choice.label or {"yes": _("Yes"), "no": _("No")}.get(choice.key, choice.key))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
