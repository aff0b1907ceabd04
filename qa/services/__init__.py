"""What is done in quality assurance."""

from qa.services.draws import draws_due, draws_place, plan_draw
from qa.services.forms import (
    draft_change,
    draft_create,
    draft_delete,
    draft_from_file,
    draft_from_preset,
    form_document,
    form_publish,
    form_retire,
)
from qa.services.plans import plan_create, plan_step, plan_update

__all__ = [
    "draft_change",
    "draft_create",
    "draft_delete",
    "draft_from_file",
    "draft_from_preset",
    "draws_due",
    "draws_place",
    "form_document",
    "form_publish",
    "form_retire",
    "plan_create",
    "plan_draw",
    "plan_step",
    "plan_update",
]
