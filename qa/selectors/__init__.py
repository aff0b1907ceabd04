"""Reading quality assurance."""

from qa.selectors.evaluations import (
    coaching_get,
    coaching_list,
    dispute_of,
    evaluation_get,
    evaluation_list,
    event_list,
    others_of,
    queue_list,
)
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
from qa.selectors.populations import Conversation, Listed, Population, population_for, population_offer
from qa.selectors.scores import Group, Scored, scores_by

__all__ = [
    "Conversation",
    "DrawCheck",
    "Group",
    "Listed",
    "Population",
    "Scored",
    "coaching_get",
    "coaching_list",
    "dispute_of",
    "draft_get",
    "draft_list",
    "draw_check",
    "draw_get",
    "draw_list",
    "drawn_again",
    "evaluation_get",
    "evaluation_list",
    "event_list",
    "form_get",
    "form_list",
    "form_live",
    "others_of",
    "plan_get",
    "plan_list",
    "population_for",
    "population_of",
    "population_offer",
    "population_text",
    "questions_of",
    "queue_list",
    "scores_by",
]
