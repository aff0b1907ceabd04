"""Times and durations of a call: read, completed from each other, and checked against each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from calls.calc import moments
from calls.calc.canonical import DURATION_FIELDS, MOMENT_FIELDS, Outcome
from calls.calc.findings import Findings
from calls.calc.profile import Profile
from calls.calc.values import DAY_SECONDS, durations_read

UTC_MOMENT = pl.Datetime("us", "UTC")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def times_check(
    text: dict[str, pl.Series], found: Findings, *, outcome: pl.Series, profile: Profile, now: datetime
) -> dict[str, pl.Series]:
    """Read and check the three moments and the five durations of every row.

    Blank values are completed: an answered call has ``answered = offered + wait`` and
    ``ended = answered + talk + hold``; the wait of an abandoned call ends with the call. Derived seconds are
    whole seconds that have passed (rounded down).

    Args:
        text: canonical texts.
        found: where errors go.
        outcome: codes of Outcome, null where unknown.
        profile: formats, zone and tolerances.
        now: aware moment of receipt.

    Returns:
        the eight columns by field name; null where the file does not tell.
    """
    times = _moments_read(text, found, profile=profile, now=now)
    spans = _durations_read(text, found, profile=profile)
    offered, answered, ended = (times[field] for field in MOMENT_FIELDS)
    wait, talk, hold = (spans[f"{kind}_seconds"] for kind in ("wait", "talk", "hold"))
    was_answered = (outcome == Outcome.ANSWERED).fill_null(False)
    was_abandoned = (outcome == Outcome.ABANDONED).fill_null(False)
    was_lost = was_abandoned | (outcome == Outcome.FLOWED_OUT).fill_null(False)

    # What an answered call lacks, and what a lost one must not have.
    unread = text["answered_at"].is_not_null() | text["wait_seconds"].is_not_null()
    found.add("answered_at", "answer_missing", was_answered & ~unread)
    found.add("answered_at", "answer_unexpected", was_lost & text["answered_at"].is_not_null(), text["answered_at"])
    found.add("talk_seconds", "talk_unexpected", was_lost & (talk > 0), talk)

    # Order of the given times.
    offered_text, answered_text, ended_text = (text[field] for field in MOMENT_FIELDS)
    found.add("answered_at", "answered_before_offered", answered < offered, times=(offered_text, answered_text))
    too_early = (ended < offered).fill_null(False)
    found.add("ended_at", "ended_before_offered", too_early, times=(offered_text, ended_text))
    ended_first = (ended < answered) & ~too_early
    found.add("ended_at", "ended_before_answered", ended_first, times=(answered_text, ended_text))

    # The wait ends with the answer; an abandoned call ends with its wait, a flowed-out one goes on elsewhere.
    waited = _seconds(answered.zip_with(was_answered, ended) - offered)
    tolerance = profile.duration_tolerance_seconds
    longer = wait - waited
    differs = longer.abs().zip_with(was_answered, longer) > tolerance
    found.add("wait_seconds", "wait_differs", differs & (was_answered | was_lost), wait, waited)
    derivable = was_answered | was_abandoned
    wait = wait.fill_null(waited.set(~derivable | (waited < 0).fill_null(False), None))
    found.add("wait_seconds", "wait_too_long", wait >= DAY_SECONDS, wait)
    answered = answered.fill_null((offered + _span(wait)).set(~was_answered, None))

    # Talk and hold fill the time between answer and end.
    held = hold.fill_null(0)
    connected = _seconds(ended - answered).set(~was_answered, None)
    found.add("talk_seconds", "talk_differs", (talk + held - connected).abs() > tolerance, talk + held, connected)
    found.add("hold_seconds", "talk_differs", talk.is_null() & (held - connected > tolerance), held, connected)
    rest = connected - held
    talk = talk.fill_null(rest.set((rest < 0).fill_null(False), 0))
    found.add("ended_at", "duration_too_long", text["talk_seconds"].is_null() & (talk > DAY_SECONDS), talk)
    ended = ended.fill_null((answered + _span(talk + held)).set(~was_answered, None))
    ended = ended.fill_null((offered + _span(wait)).set(~was_abandoned, None))
    return (
        {"offered_at": offered, "answered_at": answered, "ended_at": ended}
        | spans
        | {"wait_seconds": wait, "talk_seconds": talk}
    )


def _moments_read(
    text: dict[str, pl.Series], found: Findings, *, profile: Profile, now: datetime
) -> dict[str, pl.Series]:
    latest = now + timedelta(seconds=profile.future_tolerance_seconds)
    found.add("offered_at", "time_missing", text["offered_at"].is_null())
    times: dict[str, pl.Series] = {}
    for field in MOMENT_FIELDS:
        source = profile.fields.get(field)
        pattern = source.format if source else None
        if source and source.date_from and profile.zone:
            read = moments.day_times_read(
                text[field], pattern=pattern or "%H:%M:%S", zone=profile.zone, since=times["offered_at"]
            )
        else:
            read = moments.moments_read(text[field], pattern=pattern, zone=profile.zone)
        for rule, mask in read.problems.items():
            found.add(field, rule, mask, text[field])
        future, early = read.utc > latest, read.utc < EARLIEST
        found.add(field, "time_future", future, text[field])
        found.add(field, "time_too_early", early, text[field])
        # Out of range, a time would only cause a chain of errors about differences.
        times[field] = read.utc.set((future | early).fill_null(False), None) if (future | early).any() else read.utc
    return times


def _durations_read(text: dict[str, pl.Series], found: Findings, *, profile: Profile) -> dict[str, pl.Series]:
    spans: dict[str, pl.Series] = {}
    for field in DURATION_FIELDS:
        source = profile.fields.get(field)
        seconds = durations_read(text[field], style=(source and source.format) or "seconds", decimal=profile.decimal)
        given = text[field].is_not_null()
        negative, too_long = seconds < 0, seconds > DAY_SECONDS
        found.add(field, "duration_invalid", given & seconds.is_null(), text[field])
        found.add(field, "duration_negative", negative, text[field])
        found.add(field, "duration_too_long", too_long, text[field])
        bad = (negative | too_long).fill_null(False)
        spans[field] = seconds.set(bad, None) if bad.any() else seconds
    return spans


def _seconds(span: pl.Series) -> pl.Series:
    return (span.dt.total_microseconds() // 1_000_000).cast(pl.Int64)


def _span(seconds: pl.Series) -> pl.Series:
    return (seconds.cast(pl.Int64) * 1_000_000).cast(pl.Duration("us"))
