"""Forms that others begin with: compliance, accuracy and attitude (A106), and the three stages of quality (A110)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def _yes_no(key: str, text: str, points: int = 10, **more: Any) -> dict[str, Any]:
    choices = [
        {"key": "yes", "label": "Yes", "points": points},
        {"key": "no", "label": "No", "points": 0, "is_failure": True},
    ]
    return {"key": key, "text": text, "kind": "yes_no", "choices": choices, **more}


def _scale(key: str, text: str, **more: Any) -> dict[str, Any]:
    words = ("Excellent", "Good", "Fair", "Poor", "Very poor")
    choices = [
        {"key": f"p{5 - at}", "label": word, "points": 5 - at, **({"is_failure": True} if at >= 3 else {})}
        for at, word in enumerate(words)
    ]
    return {"key": key, "text": text, "kind": "scale", "choices": choices, **more}


def _section(key: str, title: str, weight: int, *questions: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "title": title, "weight": weight, "questions": list(questions)}


def three_dimensions() -> dict[str, Any]:
    """Return the form of the three dimensions of A106: compliance, accuracy, service attitude."""
    return {
        "pass_percent": 80,
        "fatal_rule": "zero",
        "sections": [
            _section(
                "compliance",
                "Compliance",
                30,
                _yes_no("greeting", "Greets with name and agent number within three seconds"),
                _yes_no(
                    "consent",
                    "States the purpose and gets consent before customer data are taken",
                    severity="critical",
                    family="compliance",
                    causes=["Forgot", "Did not know the rule", "The customer hurried"],
                ),
                _yes_no(
                    "promise",
                    "Makes no promise that is not the agent’s to make",
                    severity="fatal",
                    family="compliance",
                    causes=["Wanted to please", "Did not know the rule"],
                ),
            ),
            _section(
                "accuracy",
                "Accuracy",
                40,
                _yes_no(
                    "answer",
                    "The answer is right and complete",
                    severity="critical",
                    family="customer",
                    causes=["Knowledge missing", "Knowledge base wrong", "Did not listen"],
                ),
                _yes_no("confirm", "Confirms the problem before and the solution after it"),
                _yes_no(
                    "record",
                    "Reason, ticket and hand-over are recorded as the process says",
                    severity="critical",
                    family="business",
                    causes=["Forgot", "System slow", "Process unclear"],
                ),
            ),
            _section(
                "attitude",
                "Service attitude",
                30,
                _scale("tone", "Tone and patience"),
                _scale("listening", "Lets the customer finish and takes up what was said"),
                _yes_no("closing", "Asks whether anything is left, and says goodbye by the script", 5),
            ),
        ],
    }


def three_stages() -> dict[str, Any]:
    """Return the form of the three stages of A110: standardized, right and satisfied, excellent."""
    return {
        "pass_percent": 80,
        "fatal_rule": "keep",
        "sections": [
            _section(
                "standard",
                "Standardized and consistent",
                40,
                _yes_no("script", "Keeps to opening, flow and closing of the script"),
                _yes_no("words", "Uses the standard words for product and process"),
                _yes_no(
                    "rules", "Keeps to the rules of data and consent", severity="critical", family="compliance"
                ),
            ),
            _section(
                "correct",
                "Right answer, satisfied customer",
                40,
                _yes_no("solved", "The matter is solved, or the next step is agreed", 10, severity="critical",
                        family="customer"),
                _yes_no("right", "Nothing that was said is wrong"),
                _scale("satisfied", "How content the customer leaves"),
            ),
            _section(
                "excellent",
                "Excellent service",
                20,
                _scale("care", "Takes care of what the customer did not ask for yet"),
                _yes_no("beyond", "Goes beyond the rule book in the customer’s favor", 5, is_bonus=True),
            ),
        ],
    }  # fmt: skip


PRESETS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "three_dimensions": three_dimensions,
    "three_stages": three_stages,
}
