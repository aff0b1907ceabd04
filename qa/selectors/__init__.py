"""Reading quality assurance."""

from qa.selectors.forms import draft_get, draft_list, form_get, form_list, form_live, questions_of
from qa.selectors.plans import (
    DrawCheck,
    draw_check,
    draw_get,
    draw_list,
    drawn_again,
    plan_get,
    plan_list,
    population_of,
    population_text,
)

__all__ = [
    "DrawCheck",
    "draft_get",
    "draft_list",
    "draw_check",
    "draw_get",
    "draw_list",
    "drawn_again",
    "form_get",
    "form_list",
    "form_live",
    "plan_get",
    "plan_list",
    "population_of",
    "population_text",
    "questions_of",
]
