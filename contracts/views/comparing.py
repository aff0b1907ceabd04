"""What differs between two versions, in the words that their pages use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contracts import selectors
from contracts.calc import hours
from contracts.models import Version
from contracts.wording import definition_lines, hours_lines, incident_lines, target_lines
from core.components import Change
from core.formats import day_text


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs under one heading."""

    title: str
    changes: list[Change]


def differences(old: Version, new: Version) -> list[Difference]:
    """Return what differs, the dates and hours first, then queue by queue; queues that changed alike together."""
    general = _changes(_dates(old), _dates(new))
    found = [Difference(_("Dates, service hours and incidents"), general)] if general else []
    before, after = _terms(old), _terms(new)
    alike: dict[tuple[tuple[str, str | None, str | None], ...], list[str]] = {}
    for queue in sorted(before.keys() | after.keys()):
        changes = _changes(before.get(queue, {}), after.get(queue, {}))
        if changes:
            key = tuple((str(change.label), change.before, change.after) for change in changes)
            alike.setdefault(key, []).append(queue)
    found += [
        Difference(", ".join(queues), [Change(*change) for change in changes]) for changes, queues in alike.items()
    ]
    return found


def _dates(version: Version) -> dict[str, str]:
    found = {
        _("Takes effect on"): day_text(version.effective_from),
        _("Contract's last day"): _("open-ended") if version.ends_on is None else day_text(version.ends_on),
    }
    if version.service_hours:
        lines = hours_lines(hours.parse(version.service_hours))
        found[_("Service hours")] = "; ".join(f"{days} {times}" for days, times in lines)
    return found | dict(incident_lines(version))


def _terms(version: Version) -> dict[str, dict[str, str]]:
    terms: dict[str, dict[str, str]] = {}
    for group in selectors.shared_terms(version=version):
        lines = {_("%(kpi)s, counted") % {"kpi": name}: text for name, text in definition_lines(group.definition)}
        for row in target_lines(group.targets):
            lines[_("%(kpi)s, target") % {"kpi": row["name"]}] = _(
                "%(better)s %(goal)s (amber to %(amber)s, breach beyond %(minimum)s)"
            ) % {name: row[name] for name in ("better", "goal", "amber", "minimum")}
        terms |= {queue.name: lines for queue in group.queues}
    return terms


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    names = [*after, *(name for name in before if name not in after)]
    return [Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]
