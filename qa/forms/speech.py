"""The shape of what is typed about rules, lexicons and transcripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import selectors as contracts
from core.forms import EXPECTED, DayInput, RowForm
from core.scope import Scope
from qa import selectors
from qa.calc.emotion import LEVEL_DEFAULT, LEVEL_MOST
from qa.calc.reading import Unreadable
from qa.calc.speech_rules import FUZZY_LEAST, FUZZY_MOST, TITLE_MOST, RuleKind, rules_read
from qa.calc.transcript_rows import CALL_MOST
from qa.models import RuleDraft
from qa.wording import speech_problem
from qa.wording.speech import SPEAKERS
from vendors import selectors as vendors

ANYBODY = "anybody"
# What the rules of each kind say beside their title.
_SAYINGS = ("speaker", "phrases", "unless", "fuzzy_percent")
FIELDS: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.MUST_SAY: (*_SAYINGS, "edge", "limit", "unit"),
    RuleKind.MUST_NOT_SAY: (*_SAYINGS, "edge", "limit", "unit"),
    RuleKind.ORDER: ("speaker", "steps", "fuzzy_percent"),
    RuleKind.GREETING: (*_SAYINGS, "seconds", "turns", "needs_number"),
    RuleKind.SILENCE: ("seconds", "times_most"),
    RuleKind.TALK_RATIO: ("from_percent", "to_percent"),
    RuleKind.INTERRUPTION: ("speaker", "seconds", "times_most"),
}
_BESIDE = ("title", "language", "is_risky", "script", "question", EXPECTED)
_USUAL: Mapping[RuleKind, Mapping[str, Any]] = {
    RuleKind.GREETING: {"seconds": 3},
    RuleKind.SILENCE: {"seconds": 10, "times_most": 0},
    RuleKind.TALK_RATIO: {"from_percent": 30, "to_percent": 70},
    RuleKind.INTERRUPTION: {"seconds": 1, "times_most": 2},
    RuleKind.MUST_NOT_SAY: {"is_risky": True},
}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class DraftNewForm(forms.Form):
    """A rule set that somebody begins."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=40,
        help_text=gettext_lazy("Capital letters, digits and hyphens; figures of all its versions go by it."),
    )  # fmt: skip


class DraftForm(RowForm):
    """What follows from the rules of a set: none of it judges a call."""

    class Meta:
        model = RuleDraft
        fields = ("name", "side", "form_code")
        labels = {"name": gettext_lazy("Name")}

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = selectors.form_codes(scope=scope)
        known = (
            codes
            if self.instance.form_code in ("", *codes)
            else {**codes, self.instance.form_code: self.instance.form_code}
        )
        self.fields["form_code"] = forms.ChoiceField(
            label=_("Form of risky calls"),
            required=False,
            choices=[("", _("none: risky calls are marked and enter no queue")), *known.items()],
            help_text=_(
                "A call that fails a risky rule is evaluated first, by this form. Rules are measured against it."
            ),
        )


class PublishForm(forms.Form):
    """Where a draft is put to use."""

    vendors: Any = forms.ModelMultipleChoiceField(
        queryset=None, label=gettext_lazy("Vendors"), to_field_name="uuid", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, scope: Scope, draft: RuleDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = vendors.vendor_list(scope=scope).filter(is_active=True)
        field: Any = self.fields["vendors"]
        field.queryset = rows
        field.initial = [row.uuid for row in rows]
        self.fields[EXPECTED] = forms.IntegerField(initial=draft.version, widget=forms.HiddenInput)


class TryForm(forms.Form):
    """Words to try rules on; they are kept nowhere."""

    text = forms.CharField(
        label=gettext_lazy("Transcript"), max_length=200_000, strip=False,
        widget=forms.Textarea({"rows": 8, "placeholder": "[00:01] Agent: Good morning …\n[00:04] 客户：您好"}),
        help_text=gettext_lazy("Text or JSON with turns. It is kept nowhere."),
    )  # fmt: skip
    number = forms.CharField(label=gettext_lazy("Agent’s number"), required=False, max_length=12)


class RuleForm(forms.Form):
    """One rule, with the fields of its kind.

    Args:
        kind: What the rule looks at; it stays.
        rule: The stored rule, or nothing for a new one.
        draft: The set that it belongs to.
    """

    title = forms.CharField(
        label=gettext_lazy("Rule in words"), max_length=TITLE_MOST,
        help_text=gettext_lazy("As lists and pages call it, such as: asks for consent before data are taken."),
    )  # fmt: skip
    speaker = forms.ChoiceField(
        label=gettext_lazy("Of whom"), choices=[*SPEAKERS.items(), (ANYBODY, gettext_lazy("anybody"))], initial="agent"
    )
    phrases = forms.CharField(
        label=gettext_lazy("Phrases"), max_length=60_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("One a line, in Chinese or English; any of them will do. Case and signs do not matter."),
    )  # fmt: skip
    steps = forms.CharField(
        label=gettext_lazy("Steps"), max_length=60_000,
        widget=forms.Textarea({"rows": 9}),
        help_text=gettext_lazy("Phrases of the first step, one a line; then an empty line and those of the next step."),
    )  # fmt: skip
    unless = forms.CharField(
        label=gettext_lazy("Unless inside"), required=False, max_length=60_000, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("One a line: within “不能保证” the phrase “保证” does not count."),
    )  # fmt: skip
    fuzzy_percent = forms.IntegerField(
        label=gettext_lazy("Similar from (%)"), required=False, min_value=FUZZY_LEAST, max_value=FUZZY_MOST,
        help_text=gettext_lazy("Empty: letter by letter. 85 forgives a slip of the recognition; it takes longer."),
    )  # fmt: skip
    edge = forms.ChoiceField(
        label=gettext_lazy("Where"), required=False,
        choices=[
            ("", gettext_lazy("anywhere in the call")),
            ("first", gettext_lazy("in the first …")),
            ("last", gettext_lazy("in the last …")),
        ],
    )  # fmt: skip
    limit = forms.FloatField(label=gettext_lazy("… how many"), required=False, min_value=0.1, max_value=3600)
    unit = forms.ChoiceField(
        label=gettext_lazy("… of what"), required=False, initial="turns",
        choices=[("turns", gettext_lazy("turns of that speaker")), ("seconds", gettext_lazy("seconds"))],
    )  # fmt: skip
    seconds = forms.FloatField(label=gettext_lazy("Seconds"), min_value=0.1, max_value=3600)
    turns = forms.IntegerField(label=gettext_lazy("Within the first turns"), min_value=1, max_value=100, initial=2)
    needs_number = forms.BooleanField(label=gettext_lazy("With the agent’s number"), required=False, initial=True)
    times_most = forms.IntegerField(
        label=gettext_lazy("Times forgiven"), min_value=0, max_value=100, initial=0,
        help_text=gettext_lazy("So many in one call still pass."),
    )  # fmt: skip
    from_percent = forms.IntegerField(label=gettext_lazy("Share of the agent from (%)"), min_value=0, max_value=100)
    to_percent = forms.IntegerField(label=gettext_lazy("Share of the agent to (%)"), min_value=0, max_value=100)
    language = forms.ChoiceField(
        label=gettext_lazy("Calls in"), required=False,
        choices=[("", gettext_lazy("any language")), ("zh", "中文"), ("en", "English")],
    )  # fmt: skip
    is_risky = forms.BooleanField(
        label=gettext_lazy("A call that fails it is looked at first"),
        required=False,
    )
    script = forms.CharField(
        label=gettext_lazy("Line of a script"), required=False, max_length=81,
        help_text=gettext_lazy("That it is about, such as RENEWAL#opening; shown beside what the rule says."),
    )  # fmt: skip
    question = forms.ChoiceField(
        label=gettext_lazy("Measured against"), required=False,
        help_text=gettext_lazy("The question by which people look for the same error."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, kind: RuleKind, rule: Mapping[str, Any] | None, draft: RuleDraft, scope: Scope, **kwargs: Any
    ) -> None:
        self.kind, self.rule, self.draft = kind, dict(rule or {}), draft
        initial = {
            **_USUAL.get(kind, {}),
            **_shown(self.rule),
            "question": draft.links.get(self.rule.get("key", ""), ""),
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.fields[EXPECTED] = forms.IntegerField(initial=draft.version, widget=forms.HiddenInput)
        for name in set(self.fields) - {*FIELDS[kind], *_BESIDE}:
            del self.fields[name]
        if kind is RuleKind.INTERRUPTION:
            self.fields["speaker"].choices = [pair for pair in SPEAKERS.items() if pair[0] != "system"]  # type: ignore[attr-defined]
        asked = [(one.key, one.text) for one in selectors.questions_asked(scope=scope, code=draft.form_code)]
        self.fields["question"].choices = [("", _("nothing")), *asked]  # type: ignore[attr-defined]
        self.order_fields(["title", *FIELDS[kind]])

    def clean(self) -> dict[str, Any]:
        """Read the rule as it will be stored, each problem beside its field."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        rule = self.stored()
        try:
            rules_read({"rules": [rule]})
        except Unreadable as error:
            for place, name, allowed in error.problems:
                path = place.removeprefix("rules.0").strip(".").split(".")
                field = {"within": "limit"}.get(path[0], path[0])
                rest = " ".join(str(int(part) + 1) if part.isdigit() else part for part in path[1:])
                self.add_error(field if field in self.fields else None, speech_problem(rest, name, allowed))
        return data

    def stored(self) -> dict[str, Any]:
        """Return the rule as it is kept; its key stays what it is."""
        data = self.cleaned_data
        rule: dict[str, Any] = {"key": self.rule.get("key", "new"), "title": data["title"], "kind": self.kind.value}
        if data.get("language"):
            rule["language"] = data["language"]
        rule["is_risky"] = bool(data.get("is_risky"))
        if data.get("script"):
            rule["script"] = data["script"].strip()
        if "speaker" in data:
            rule["speaker"] = None if data["speaker"] == ANYBODY else data["speaker"]
        fuzzy = {"fuzzy_percent": data["fuzzy_percent"]} if data.get("fuzzy_percent") is not None else {}
        if "phrases" in data:
            rule |= {"phrases": _lines(data["phrases"]), **fuzzy}
            if data.get("unless"):
                rule["unless"] = _lines(data["unless"])
        if "steps" in data:
            blocks = [_lines(block) for block in data["steps"].replace("\r\n", "\n").split("\n\n")]
            rule["steps"] = [{"phrases": block, **fuzzy} for block in blocks if block]
        if data.get("edge"):
            limit = data.get("limit")
            if limit is not None and data.get("unit") == "turns" and limit == int(limit):
                limit = int(limit)
            rule["within"] = {"edge": data["edge"], data.get("unit") or "turns": limit}
        for name in ("seconds", "turns", "needs_number", "times_most", "from_percent", "to_percent"):
            if name in data:
                rule[name] = data[name]
        return rule


def _shown(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a stored rule."""
    shown = dict(rule)
    for name in ("phrases", "unless"):
        if name in rule:
            shown[name] = "\n".join(rule[name])
    if "steps" in rule:
        shown["steps"] = "\n\n".join("\n".join(step["phrases"]) for step in rule["steps"])
        shown["fuzzy_percent"] = next((step.get("fuzzy_percent") for step in rule["steps"]), None)
    if "speaker" in rule or (rule.get("kind") == RuleKind.ORDER):
        shown["speaker"] = rule.get("speaker") or ANYBODY
    if within := rule.get("within"):
        unit = "seconds" if within.get("seconds") is not None else "turns"
        shown |= {"edge": within["edge"], "unit": unit, "limit": within[unit]}
    return shown


class LexiconForm(forms.Form):
    """Words and what they weigh, one a line."""

    words = forms.CharField(
        label=gettext_lazy("Words and weights"), max_length=200_000,
        widget=forms.Textarea({"rows": 20, "class": "lexicon-words", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line, such as: 投诉 3. Weights go from -5 (friendly) to 5 (furious); 0 takes a longer phrase out."
        ),
    )  # fmt: skip
    level = forms.IntegerField(
        label=gettext_lazy("Escalates at"), min_value=1, max_value=LEVEL_MOST, initial=LEVEL_DEFAULT,
        help_text=gettext_lazy("Each turn of the customer adds its weights to half the level before."),
    )  # fmt: skip

    def __init__(self, *args: Any, draft: RuleDraft, **kwargs: Any) -> None:
        weights = draft.body.get("weights", {})
        initial: dict[str, Any] = {"words": "\n".join(f"{word} {weight}" for word, weight in weights.items())}
        initial["level"] = draft.body.get("level", LEVEL_DEFAULT)
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.fields[EXPECTED] = forms.IntegerField(initial=draft.version, widget=forms.HiddenInput)

    def clean_words(self) -> dict[str, int]:
        """Read each line; the weight is what stands last."""
        weights: dict[str, int] = {}
        problems = []
        for at, line in enumerate(self.cleaned_data["words"].splitlines(), start=1):
            if not line.strip():
                continue
            word, _blank, weight = line.strip().rpartition(" ")
            digits = weight.removeprefix("-").removeprefix("+")
            if not word or not (digits.isascii() and digits.isdecimal() and len(digits) < 3):
                problems.append(_("Line %(line)s: write the words, a blank and a weight.") % {"line": at})
            elif word.strip() in weights:
                problems.append(_("Line %(line)s: “%(word)s” is there twice.") % {"line": at, "word": word.strip()})
            else:
                weights[word.strip()] = int(weight)
        if problems:
            raise forms.ValidationError(problems[:20])
        return weights


class RunForm(forms.Form):
    """Which former calls are judged again."""

    first_day = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    last_day = forms.DateField(label=gettext_lazy("To"), widget=DayInput())


class TranscriptForm(forms.Form):
    """A file with transcripts."""

    contract: Any = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Contract"), to_field_name="uuid",
        help_text=gettext_lazy("Whose calls they are."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Text or JSON of one call, named after it; JSON lines or a JSON list with “call” and “turns” or “text”; "
            "or a ZIP with one file a call."
        ),
    )
    call = forms.CharField(
        label=gettext_lazy("Call"), required=False, max_length=CALL_MOST,
        help_text=gettext_lazy("Only for a file with one transcript that is not named after its call."),
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contract"]
        field.queryset = contracts.contract_list(scope=scope)
        field.label_from_instance = lambda row: f"{row.vendor.name} · {row.name}" if scope.is_client else row.name
        if field.queryset.count() == 1:
            field.initial = field.queryset.get().uuid

    def clean_file(self) -> Any:
        """Refuse what is larger than the house takes."""
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            size = settings.UPLOAD_MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(_("The file is larger than %(size)d MB; split it.") % {"size": size})
        return file
