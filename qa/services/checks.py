"""Judging transcripts by the rules in use, slice by slice, and sending calls with a risk into the queue first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from audit.services import record
from core.faults import crash_point
from core.scope import CLIENT, VENDOR, Scope, activate
from qa import selectors
from qa.calc.rule_book import Hit, Result, RuleBook, Verdict, has_risk
from qa.calc.speech_rules import rules_read
from qa.calc.states import State
from qa.calc.transcripts import transcript_from
from qa.models import Check, CheckRun, Evaluation, Kind, Origin, RuleSet, Side, SpeechKind, Transcript

SLICE = 200
# More places of one rule in one call tell nobody more.
HITS_KEPT = 50
# The number that an agent is to say is what its code ends with.
_NUMBER = re.compile(r"\d{1,12}\Z")
_DEFAULTS = {field.name: field.default for field in fields(Hit)}


def agent_number(code: str) -> str:
    """Return the number that an agent is to say, by its code.

    >>> agent_number("JADE-07"), agent_number("8021"), agent_number("LEE")
    ('07', '8021', '')
    """
    found = _NUMBER.search(code)
    return found.group() if found else ""


@lru_cache(maxsize=64)
def _book(text: str) -> RuleBook:
    """Return the rules of a stored text, ready to judge; the text never changes, so a process reads it once."""
    return RuleBook(rules_read(json.loads(text)))


def book_of(body: Mapping[str, Any]) -> RuleBook:
    """Return rules, ready to judge."""
    return _book(json.dumps(body, sort_keys=True))


def transcripts_check(*, scope: Scope) -> int:
    """Judge the next transcripts that wait, by all rules in use at their vendor.

    Each slice is a transaction of its own: a worker that dies leaves whole slices behind, and the next tick goes on.

    Returns:
        Number of transcripts judged; 0 when none waits.
    """
    with activate(scope):
        live: dict[int, list[RuleSet]] = {}
        for one in selectors.rule_set_list(scope=scope).filter(is_live=True, kind=SpeechKind.RULES):
            live.setdefault(one.vendor_id, []).append(one)
        for vendor_id, sets in sorted(live.items()):
            waiting = Transcript.objects.visible_to(scope).filter(vendor_id=vendor_id, is_waiting=True)
            found = waiting.select_related("agent").order_by("pk").select_for_update(of=("self",), skip_locked=True)
            transcripts = list(found[:SLICE])
            if not transcripts:
                continue
            for rule_set in sets:
                _judge(scope, rule_set, transcripts)
            keys = [one.pk for one in transcripts]
            Transcript.objects.visible_to(scope).filter(pk__in=keys).update(is_waiting=False)
            crash_point("after_transcripts_judged")
            return len(transcripts)
    return 0


def runs_work(*, scope: Scope) -> int:
    """Judge the next slice of former transcripts that somebody asked to have judged again.

    Returns:
        Number of transcripts judged, 1 where a run came to its end; 0 when none waits.
    """
    with activate(scope):
        run: CheckRun | None = (
            CheckRun.objects.visible_to(scope)
            .filter(finished_at__isnull=True)
            .select_related("rule_set")
            .order_by("pk")
            .select_for_update(of=("self",), skip_locked=True)
            .first()
        )
        if run is None:
            return 0
        rows = selectors.run_transcripts(
            scope=scope, rule_set=run.rule_set, first=run.first_day, last=run.last_day, after=run.reached
        )
        transcripts = list(rows.select_related("agent").order_by("pk").select_for_update(of=("self",))[:SLICE])
        if transcripts and run.rule_set.is_live:
            _judge(scope, run.rule_set, transcripts)
            run.reached, run.done_count = transcripts[-1].pk, run.done_count + len(transcripts)
        else:
            # Transcripts may have come or changed meanwhile; those were judged when they came.
            run.finished_at = scope.at
            counts = {"total_count": [None, run.total_count], "done_count": [None, run.done_count]}
            record(scope=scope, action="rule_set.run_finished", target=run.rule_set, changes=counts)
        run.save(update_fields=["reached", "done_count", "finished_at"])
        crash_point("after_run_slice")
    return max(1, len(transcripts))


def results_stored(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Return results as they are kept: what says nothing is left out."""
    return [_stored(result) for result in results]


def _stored(result: Result) -> dict[str, Any]:
    kept: dict[str, Any] = {"key": result.key, "verdict": result.verdict.value}
    if result.reason is not None:
        kept["reason"] = result.reason.value
    if result.hits:
        kept["hits"] = [
            {name: value for name in _DEFAULTS if (value := getattr(hit, name)) != _DEFAULTS[name]}
            for hit in result.hits[:HITS_KEPT]
        ]
    if result.denominator is not None:
        kept |= {"numerator": result.numerator, "denominator": result.denominator}
    return kept


def _judge(scope: Scope, rule_set: RuleSet, transcripts: Sequence[Transcript]) -> None:
    """Keep what a version says of some transcripts; judging them again says the same again."""
    book = book_of(rule_set.body)
    checks = []
    for one in transcripts:
        number = agent_number(one.agent.code) if one.agent else ""
        results = book.check(transcript_from(one.body), number)
        checks.append(
            Check(
                vendor_id=one.vendor_id,
                transcript=one,
                rule_set=rule_set,
                day=one.day,
                checked_at=scope.at,
                failed=[each.key for each in results if each.verdict is Verdict.FAILED],
                passed=[each.key for each in results if each.verdict is Verdict.PASSED],
                is_risky=has_risk(book.rules, results),
                results=results_stored(results),
            )
        )
    rows = Check.objects.visible_to(scope)
    written = ("day", "checked_at", "failed", "passed", "is_risky", "is_current", "results")
    rows.bulk_create(
        checks,
        batch_size=SLICE,
        update_conflicts=True,
        unique_fields=["vendor", "transcript", "rule_set"],
        update_fields=written,
    )
    older = rows.filter(
        transcript__in=[one.pk for one in transcripts], rule_set__code=rule_set.code, is_current=True
    ).exclude(rule_set=rule_set)
    older.update(is_current=False)
    risky = [one for one, check in zip(transcripts, checks, strict=True) if check.is_risky]
    if risky:
        _queue(scope, rule_set, risky)
    calm = {one.pk: one for one, check in zip(transcripts, checks, strict=True) if not check.is_risky}
    for pk in rows.filter(transcript__in=list(calm), is_current=True, is_risky=True).values_list(
        "transcript", flat=True
    ):
        calm.pop(pk, None)
    # A corrected transcript takes its mark off whatever nobody has begun.
    Evaluation.objects.visible_to(scope).filter(
        vendor_id=rule_set.vendor_id,
        contract_id__in={one.contract_id for one in calm.values()},
        kind=Kind.CALL,
        reference__in=[one.external_id for one in calm.values()],
        state=State.SAMPLED,
        is_risky=True,
    ).update(is_risky=False)


def _queue(scope: Scope, rule_set: RuleSet, risky: Sequence[Transcript]) -> None:
    """Let each side that the rules name look at these calls first, once; what it has of them is marked."""
    form = selectors.form_live(scope=scope, vendor_id=rule_set.vendor_id, code=rule_set.form_code)
    evaluations = Evaluation.objects.visible_to(scope)
    # Its own statement, before it is read what there is: two workers must not both find nothing.
    number = evaluations.number_next(vendor_id=rule_set.vendor_id)
    there = evaluations.filter(
        vendor_id=rule_set.vendor_id, kind=Kind.CALL, reference__in=[one.external_id for one in risky]
    )
    wanted = {(one.contract_id, one.external_id): one for one in risky}
    marked, taken = [], set[tuple[int, str, str]]()
    for row in there.only("pk", "contract_id", "reference", "side", "state", "origin", "is_risky"):
        if (row.contract_id, row.reference) not in wanted:
            continue
        # What somebody left out does not come back by another run.
        if row.state != State.DROPPED or row.origin == Origin.RISK:
            taken.add((row.contract_id, row.reference, row.side))
        if not row.is_risky:
            marked.append(row.pk)
    evaluations.filter(pk__in=marked).update(is_risky=True)
    if form is None:
        return
    fresh: list[Evaluation] = []
    for side in (CLIENT, VENDOR):
        if rule_set.side not in (side, Side.BOTH):
            continue
        for key, one in wanted.items():
            if (*key, side) in taken:
                continue
            fresh.append(
                Evaluation(
                    vendor_id=rule_set.vendor_id,
                    number=number + len(fresh),
                    side=side,
                    form=form,
                    origin=Origin.RISK,
                    contract_id=one.contract_id,
                    queue_id=one.queue_id,
                    agent_id=one.agent_id,
                    reason_id=one.reason_id,
                    kind=Kind.CALL,
                    reference=one.external_id,
                    offered_at=one.offered_at,
                    day=one.day,
                    is_risky=True,
                )
            )
    if fresh:
        evaluations.bulk_create(fresh, batch_size=SLICE)
        record(scope=scope, action="rule_set.queued", target=rule_set, changes={"evaluations": [None, len(fresh)]})
