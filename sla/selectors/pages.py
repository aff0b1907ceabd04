"""Pages of a report: which stretch of time one answer covers, which of its lines, and the token for the next."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from calls.models import CallReason
from core.errors import HouseError, Invalid
from core.scope import Scope
from sla.calc.grid import cuts
from sla.calc.query import MAX_CELLS, Dimension, Interval, KpiQuery
from sla.selectors.frame import Frame
from sla.selectors.lines import Line, Lines
from sla.selectors.selection import Selection
from vendors.models import Agent

ROWS_A_DAY = {Interval.HALF_HOUR: 50, Interval.HOUR: 25}
SortKey = list[float | str]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer's stretch of time.

    Attributes:
        query: The query.
        digest: What the token is bound to.
        number: Which stretch, counted from 0 in the order of the answer.
        start: First day or moment; None if there is no such stretch.
        end: The day or moment after the last.
        after: Sort key of the last line of the former answer, if that was in the same stretch.
        is_last: Whether nothing follows the stretch.
    """

    query: KpiQuery
    digest: str
    number: int
    start: date | datetime | None
    end: date | datetime | None
    after: SortKey | None
    is_last: bool


def page_of(*, scope: Scope, selection: Selection, frame: Frame) -> Page:
    """Return the stretch of time that the query's token asks for, cut so that it holds about one page of lines.

    Raises:
        HouseError: ``bad_token``: the token is not of this query.
        Invalid: The order by a metric needs more lines at once than one answer may hold.
    """
    query = selection.query
    digest = _digest(scope, query)
    number, after = _read_token(query.next_token, digest)
    zones = {frame.contracts[pk].zone for pk in selection.contract_ids}
    zone = query.zone or (next(iter(zones)) if len(zones) == 1 else "UTC")
    places = cuts(query.interval, query.start, query.end, zone)
    count = len(places) - 1
    lines_each = max(1, _groups(scope, selection)) * ROWS_A_DAY.get(query.interval, 1)
    each = max(1, -(-query.page_size // lines_each))
    if query.order_metric is not None:
        if lines_each * count * len(query.metrics) > MAX_CELLS:
            message = _("Too many rows to order by a metric; choose a longer interval, a filter, or order=start.")
            raise Invalid("kpi_order", message, fields={"order": [message]})
        each = count
    first = number * each
    last = min(first + each, count)
    if first >= count:
        return Page(query, digest, number, None, None, after, is_last=True)
    low, high = (count - last, count - first) if query.order == "-start" else (first, last)
    return Page(query, digest, number, places[low], places[high], after, is_last=last == count)


def page_rows(*, page: Page, lines: Lines, value_of: Callable[[Line], float | None]) -> tuple[list[Line], str | None]:
    """Return the page's lines in order, and the token for what follows."""
    query = page.query
    keyed = [(_sort_key(query, line, value_of(line)), line) for line in lines.lines]
    keyed.sort(key=lambda pair: pair[0])
    if page.after is not None:
        keyed = [pair for pair in keyed if pair[0] > page.after]
    rows = keyed[: query.page_size]
    if len(keyed) > len(rows):
        return [line for _key, line in rows], _token(page.digest, page.number, rows[-1][0])
    token = None if page.is_last else _token(page.digest, page.number + 1, None)
    return [line for _key, line in rows], token


def _sort_key(query: KpiQuery, line: Line, value: float | None) -> SortKey:
    when = line.label.timestamp() if isinstance(line.label, datetime) else float(line.label.toordinal())
    groups = [text for entity in line.groups for text in (entity.code, str(entity.uuid or ""))]
    if query.order_metric is None:
        return [-when if query.is_descending else when, *groups]
    # What has no value stands last in either direction.
    return [inf if value is None else -value if query.is_descending else value, when, *groups]


def _groups(scope: Scope, selection: Selection) -> int:
    """Return how many groups a row of time can have at most, near enough to cut pages by."""
    group_by = set(selection.query.group_by)
    if Dimension.QUEUE in group_by:
        count = len({(pair.contract_id, pair.queue_id) for pair in selection.pairs})
    elif group_by & {Dimension.CONTRACT, Dimension.VENDOR}:
        count = len(selection.contract_ids)
    else:
        count = 1
    for dimension, model in ((Dimension.AGENT, Agent), (Dimension.REASON, CallReason)):
        if dimension in group_by:
            count = max(count, 1) * max(1, model.objects.visible_to(scope).count())
    return count


def _digest(scope: Scope, query: KpiQuery) -> str:
    question = repr((replace(query, next_token=""), scope.organization_id, scope.agent_id))
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def _token(digest: str, number: int, after: SortKey | None) -> str:
    # Signed, so that nobody else's values reach the sort; without a time, so that equal answers stay equal.
    return Signer(salt="kpi").sign_object([digest, number, after])


def _read_token(token: str, digest: str) -> tuple[int, SortKey | None]:
    if not token:
        return 0, None
    try:
        read, number, after = Signer(salt="kpi").unsign_object(token)
    except BadSignature:
        read = None
    if read != digest:
        message = _("This next_token belongs to another question; ask again without it.")
        raise HouseError("bad_token", message, details={"parameter": "next_token"})
    return number, after
