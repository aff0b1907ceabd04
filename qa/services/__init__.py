"""What is done in quality assurance."""

from qa.services.calibration import (
    CalibrationGiven,
    CaseGiven,
    calibration_begin,
    calibration_cancel,
    calibration_extend,
    calibration_score,
)
from qa.services.checks import agent_number, book_of, results_stored, runs_work, transcripts_check
from qa.services.coaching import coaching_end, coaching_give, evaluation_choose
from qa.services.confirmations import confirmation_ask, confirmation_remind, script_confirm, scripts_warn
from qa.services.consistency import (
    Given,
    bank_question_end,
    bank_question_reword,
    bank_question_write,
    bank_replies_enter,
    bank_reply_judge,
    bank_reply_withdraw,
)
from qa.services.disputes import evaluation_decide, evaluation_dispute, evaluations_close
from qa.services.draws import draws_due, draws_place, plan_draw, plan_draw_now
from qa.services.evaluations import (
    evaluation_acknowledge,
    evaluation_drop,
    evaluation_give_back,
    evaluation_release,
    evaluation_reopen,
    evaluation_save,
    evaluation_submit,
    evaluation_take,
)
from qa.services.figures import score_days_count, score_days_mark, score_marks_add
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
from qa.services.ideas import IDEA_STEPS, idea_decide, idea_send, service_case_decide, service_case_propose
from qa.services.improvement import improvement_change, improvement_comment, improvement_plan, improvements_overdue
from qa.services.live import Flag, live_close, live_flag, live_lapse, live_take
from qa.services.pilots import improvement_check, improvement_step
from qa.services.plans import plan_create, plan_step, plan_update
from qa.services.revealing import calibration_agree, calibration_reveal, calibrations_reveal
from qa.services.rule_sets import (
    lexicon_write,
    rule_draft_change,
    rule_draft_create,
    rule_draft_delete,
    rule_set_publish,
    rule_set_retire,
    rule_set_run,
)
from qa.services.rules import rule_move, rule_remove, rule_write
from qa.services.scripts import script_review, script_withdraw, script_write
from qa.services.sheets import Sheet, percent_of, score_read
from qa.services.telling import coaching_due
from qa.services.transcripts import transcripts_read, transcripts_receive, transcripts_upload

__all__ = [
    "IDEA_STEPS",
    "CalibrationGiven",
    "CaseGiven",
    "Flag",
    "Given",
    "Sheet",
    "agent_number",
    "bank_question_end",
    "bank_question_reword",
    "bank_question_write",
    "bank_replies_enter",
    "bank_reply_judge",
    "bank_reply_withdraw",
    "book_of",
    "calibration_agree",
    "calibration_begin",
    "calibration_cancel",
    "calibration_extend",
    "calibration_reveal",
    "calibration_score",
    "calibrations_reveal",
    "coaching_due",
    "coaching_end",
    "coaching_give",
    "confirmation_ask",
    "confirmation_remind",
    "draft_change",
    "draft_create",
    "draft_delete",
    "draft_from_file",
    "draft_from_preset",
    "draws_due",
    "draws_place",
    "evaluation_acknowledge",
    "evaluation_choose",
    "evaluation_decide",
    "evaluation_dispute",
    "evaluation_drop",
    "evaluation_give_back",
    "evaluation_release",
    "evaluation_reopen",
    "evaluation_save",
    "evaluation_submit",
    "evaluation_take",
    "evaluations_close",
    "form_document",
    "form_publish",
    "form_retire",
    "idea_decide",
    "idea_send",
    "improvement_change",
    "improvement_check",
    "improvement_comment",
    "improvement_plan",
    "improvement_step",
    "improvements_overdue",
    "lexicon_write",
    "live_close",
    "live_flag",
    "live_lapse",
    "live_take",
    "percent_of",
    "plan_create",
    "plan_draw",
    "plan_draw_now",
    "plan_step",
    "plan_update",
    "results_stored",
    "rule_draft_change",
    "rule_draft_create",
    "rule_draft_delete",
    "rule_move",
    "rule_remove",
    "rule_set_publish",
    "rule_set_retire",
    "rule_set_run",
    "rule_write",
    "runs_work",
    "score_days_count",
    "score_days_mark",
    "score_marks_add",
    "score_read",
    "script_confirm",
    "script_review",
    "script_withdraw",
    "script_write",
    "scripts_warn",
    "service_case_decide",
    "service_case_propose",
    "transcripts_check",
    "transcripts_read",
    "transcripts_receive",
    "transcripts_upload",
]
