"""The lexicon of tempers: words and weights, edited by the client and published like rules."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.components import Crumb
from core.forms import EXPECTED, FormPage
from core.scope import Scope
from qa import selectors, services
from qa.forms.speech import LexiconForm, PublishForm
from qa.models import RuleDraft
from qa.views.checks import CHECKS
from qa.views.rule_sets import RULE_SETS


class LexiconPage(FormPage):
    """Edit the house's lexicon."""

    permission = "speech.edit"
    template_name = "qa/lexicon.html"
    title = gettext_lazy("Lexicon of tempers")
    intro = gettext_lazy("A hint at where a customer loses patience. It measures nothing and scores nobody.")
    done = gettext_lazy("Saved. Put it to use, so that it counts at the vendors.")

    def get_row(self, scope: Scope) -> RuleDraft:
        return selectors.lexicon_draft(scope=scope)

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return LexiconForm(data, draft=row)

    def save(self, scope: Scope, row: Any, form: Any) -> RuleDraft:
        data = form.cleaned_data
        body = {"weights": data["words"], "level": data["level"]}
        return services.lexicon_write(scope=scope, expected_version=data[EXPECTED], body=body)

    def get_done_url(self, saved: RuleDraft) -> str:
        return reverse("qa:lexicon")

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {
            "crumbs": (CHECKS, RULE_SETS, Crumb(self.title)),
            "cancel_url": RULE_SETS.url,
            "draft": row,
            "live": list(selectors.rule_set_list(scope=scope).filter(code=row.code, is_live=True)),
            "publish": PublishForm(scope=scope, draft=row, auto_id="publish-%s") if not row._state.adding else None,
        }
