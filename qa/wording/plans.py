"""What sampling plans and draws say, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.models import METHODS, Kind, Plan, Side

STANDING_WORDS = {
    "high": gettext_lazy("high"),
    "middle": gettext_lazy("in the middle"),
    "low": gettext_lazy("low"),
}
LEFT_OUT_WORDS = {
    "no_agent": gettext_lazy("nobody is named as having taken it"),
    "short": gettext_lazy("too short to be judged"),
}
RULE_WORDS = {
    "kind": gettext_lazy("Drawn from"),
    "filters": gettext_lazy("What belongs to the list"),
    "queue": gettext_lazy("Queue"),
    "method": gettext_lazy("How many"),
    "rate_percent": gettext_lazy("Share (%)"),
    "least": gettext_lazy("Least an agent"),
    "most": gettext_lazy("Most an agent"),
    "base": gettext_lazy("Usual number an agent"),
    "high": gettext_lazy("Of high performers"),
    "high_percent": gettext_lazy("High from a score of (%)"),
    "low_percent": gettext_lazy("Low below a score of (%)"),
    "new_days": gettext_lazy("All conversations in the first days"),
    "talk_seconds_least": gettext_lazy("Talk of at least (s)"),
    "side": gettext_lazy("Evaluated by"),
    "form_code": gettext_lazy("Form"),
    "strata": gettext_lazy("Strata"),
    "standing_days": gettext_lazy("Days whose scores say where somebody stands"),
    "standing_least": gettext_lazy("Evaluations that it takes"),
}
RATE_ONLY, ADAPTIVE_ONLY = ("rate_percent", "least", "most"), ("base", "high", "high_percent", "low_percent")


# Words that a draw records of its rules, as people say them.
VALUE_WORDS: Mapping[str, Mapping[str, Any]] = {
    "kind": dict(Kind.choices),
    "method": dict(METHODS),
    "side": dict(Side.choices),
    "filters": {
        "answered calls": gettext_lazy("answered calls"),
        "tickets solved on the day and not reopened since": gettext_lazy(
            "tickets solved on the day and not reopened since"
        ),
    },
    "strata": {
        "reason|part of the day (0-6, 6-12, 12-18, 18-24)": gettext_lazy(
            "reason and part of the day (0–6, 6–12, 12–18, 18–24)"
        ),
        "reason|channel": gettext_lazy("reason and channel"),
    },
}


def plan_words(plan: Plan) -> str:
    """Return in one line what a plan draws a day."""
    if plan.method == "adaptive":
        told = _("%(base)s of each agent a day, %(high)s of high performers, more of low ones")
        return told % {"base": plan.base, "high": plan.high}
    told = _("%(rate)s %% of the day’s calls") if plan.kind == Kind.CALL else _("%(rate)s %% of the day’s tickets")
    return ", ".join([told % {"rate": plan.rate_percent}, *_bounds(plan)])


def _bounds(plan: Plan) -> list[str]:
    least = _("at least %(count)s of each agent") % {"count": plan.least} if plan.least else ""
    most = _("at most %(count)s of each agent") % {"count": plan.most} if plan.most is not None else ""
    return [text for text in (least, most) if text]


def plan_sentences(plan: Plan) -> list[str]:
    """Return what a plan draws, sentence by sentence."""
    numbers = {name: getattr(plan, name) for name in ("base", "high", "high_percent", "low_percent", "new_days")}
    found = []
    if plan.kind == Kind.CALL:
        found.append(_("It draws from the answered calls of each day of the contract."))
    else:
        found.append(_("It draws from the tickets that were solved on each day of the contract and not reopened."))
    if plan.queue is not None:
        found.append(_("Only those of the queue %(name)s.") % {"name": plan.queue.name})
    if plan.method == "adaptive":
        found.append(
            _(
                "%(base)s of each agent. Whoever scores %(high_percent)s %% or more is high: only %(high)s of theirs, "
                "and what they leave is shared out among those below %(low_percent)s %%. The sum stays %(base)s "
                "an agent."
            )
            % numbers
        )
    else:
        found.append(
            _("%(rate)s %% of them, shared out over the agents by how many each had.") % {"rate": plan.rate_percent}
        )
        bounds = _bounds(plan)
        if bounds:
            text = "; ".join(bounds)
            found.append(f"{text[:1].upper()}{text[1:]}.")
    found.append(_("Of each agent in proportion to its strata: reason and part of the day.") if plan.kind == Kind.CALL
                 else _("Of each agent in proportion to its strata: reason and channel."))  # fmt: skip
    if plan.new_days:
        found.append(
            _("Of agents in their first %(new_days)s days everything is evaluated, beside the others.") % numbers
        )
    else:
        found.append(_("New agents are drawn like all others."))
    if plan.kind == Kind.CALL and plan.talk_seconds_least:
        found.append(_("Calls with less than %(count)s s of talk are left out.") % {"count": plan.talk_seconds_least})
    sides = {
        "client": _("The client evaluates them."),
        "vendor": _("The vendor evaluates them."),
        "both": _("Client and vendor both evaluate them, each for itself."),
    }
    return [*found, sides[plan.side]]


def rules_told(rules: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rules of a draw's day as they were recorded, by name."""
    unused = RATE_ONLY if rules.get("method") == "adaptive" else ADAPTIVE_ONLY
    return [
        (str(label), "–" if rules[name] in (None, "") else str(VALUE_WORDS.get(name, {}).get(rules[name], rules[name])))
        for name, label in RULE_WORDS.items()
        if name in rules and name not in unused
    ]
