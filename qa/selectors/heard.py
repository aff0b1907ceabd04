"""What customers made of conversations that graders scored: their answers, whether they called again, complaints."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from calls.calc.parts import Part
from calls.selectors import Selection, call_select
from contracts.selectors import contract_zones
from core.periods import day_start
from core.scope import Scope
from qa.calc.watch import Heard
from qa.selectors.scores import Asked

# A call: contract and what its file calls it.
CallKey = tuple[int, str]
ComplaintsFind = Callable[..., set[CallKey]]

_COMPLAINTS: dict[str, ComplaintsFind] = {}
_PARTS = (Part.CSAT_MET, Part.CSAT_BASE, Part.FCR_MISSED, Part.FCR_BASE)


def complaints_offer(*, room: str, find: ComplaintsFind) -> None:
    """Let a room above tell which calls somebody complained about; called once, when the room opens.

    Args:
        room: Whose complaints they are.
        find: Takes ``scope`` and ``calls`` and returns those of the calls that a complaint is about.
    """
    _COMPLAINTS[room] = find


@dataclass(frozen=True, slots=True)
class Voices:
    """The calls of a period that customers said something about, each a set; None where the caller may not know."""

    parts: dict[Part, set[CallKey]] | None
    complained: set[CallKey] | None

    def of(self, calls: Iterable[CallKey]) -> Heard:
        """Return the counts over some of the calls."""
        wanted = set(calls)

        def count(known: set[CallKey] | None) -> int | None:
            return None if known is None else len(wanted & known)

        satisfied, answers, again, judged = (count((self.parts or {}).get(part)) for part in _PARTS)
        return Heard(satisfied, answers, again, judged, count(self.complained), len(wanted))


def voices_of(*, scope: Scope, asked: Asked, calls: Collection[CallKey]) -> Voices:
    """Return what customers made of calls, by the definitions of record that the KPIs follow.

    Args:
        scope: Who asks; satisfaction and repeats need ``kpis.view``, complaints ``complaints.view``.
        asked: The days.
        calls: Which calls.
    """
    parts = complained = None
    references = {reference for _contract_id, reference in calls}
    if scope.can("kpis.view"):
        wanted = {contract_id for contract_id, _reference in calls}
        zones = {pk: zone for pk, zone in contract_zones(scope=scope).items() if pk in wanted}
        # An answer may be booked on the day after the call came.
        after = asked.last + timedelta(days=2)
        bounds = {pk: (day_start(asked.first, zone), day_start(after, zone)) for pk, zone in zones.items()}
        parts = {}
        for part in _PARTS:
            found = call_select(scope=scope, selection=Selection(bounds=bounds, part=part))
            rows = found.order_by().filter(external_id__in=references).values_list("contract_id", "external_id")
            parts[part] = set(rows)
    if scope.can("complaints.view"):
        complained = set[CallKey]().union(*(find(scope=scope, calls=calls) for find in _COMPLAINTS.values()))
    return Voices(parts, complained)
