"""Every address x method x own, hidden and unknown things for one caller: answers, refusals, marks (D1, D2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote
from zlib import crc32

from django.urls import reverse

from tests.access.answers import Answer, Door
from tests.access.asks import ask_of
from tests.access.house import House
from tests.access.kinds import KINDS
from tests.access.marks import MARK, Harvest, Scanner, words_in
from tests.access.principals import THOROUGH, Principal
from tests.access.routes import Route, routes
from tests.access.table import Row, Rule, rows
from tests.access.things import Parameters

SAMPLE = 3
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
TO_LOGIN, UNKNOWN, FORBIDDEN, NO_HOUSE = (frozenset({status}) for status in (302, 401, 403, 404))


class Matrix:
    """The cases of one principal."""

    def __init__(self, house: House, stored: Harvest, who: Principal) -> None:
        self.house, self.who = house, who
        self.scanner = Scanner(house, stored, who)
        self.door = Door(house)
        self.problems: list[str] = []
        self.cases = 0

    def run(self) -> None:
        known = {route.name: route for route in routes()}
        with self.door.open():
            for row in rows():
                if row.route in known:
                    self._row(row, known[row.route])

    def _row(self, row: Row, route: Route) -> None:
        things = KINDS[row.kind](self.house, self.who)
        for method, rule in row.rules.items():
            for parameters in things.own:
                self._own(row, route, method, rule, parameters)
            unknown = [self._ask(row, method, parameters) for parameters in things.unknown]
            for parameters, answer in zip(things.unknown, unknown, strict=True):
                self._hidden(row, route, method, rule, answer, parameters)
            for parameters in things.hidden:
                answer = self._ask(row, method, parameters)
                self._hidden(row, route, method, rule, answer, parameters)
                self._alike(row, method, answer, parameters, unknown[0], things.unknown[0])
        parameters = next(iter([*things.own, *things.hidden, *things.unknown]))
        for method in self._forbidden(row):
            answer = self._ask(row, method, parameters)
            self._compare(row, method, "unknown method", answer, self._not_known(row, route, method))
        self._look_into_the_cache(row)

    def _forbidden(self, row: Row) -> Iterator[str]:
        """Yield the methods that the address does not know; for who is not thorough one of them on some addresses."""
        others = [method for method in UNSAFE if method not in row.rules]
        others += [] if "GET" in row.rules else ["GET"]
        if self.who.name in THOROUGH:
            yield from [*others, "OPTIONS", *([] if "GET" in row.rules else ["HEAD"])]
        elif others and (lot := crc32(f"{row}{self.who.name}".encode())) % SAMPLE == 0:
            yield others[lot // SAMPLE % len(others)]

    def _ask(
        self,
        row: Row,
        method: str,
        parameters: Parameters,
        *,
        has_csrf: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.cases += 1
        ask = ask_of(row, method, parameters, self.house, self.who, has_csrf=has_csrf, headers=headers)
        answer = self.door.ask(self.who, ask)
        where = f"{self.who.name} {method} {ask.path}"
        if answer.status >= 500 or answer.failure:
            self.problems.append(f"{where}: {answer.status} {answer.failure}")
        leaks = self.scanner.leaks(answer.everything, [ask.path, ask.said])
        if leaks:
            self.problems.append(f"{where}: {answer.status} tells {sorted(leaks)[:5]}")
        if answer.status in (401, 403, 404, 405) and answer.written:
            self.problems.append(f"{where}: {answer.status} but wrote to {answer.written}")
        if row.route.startswith("account_"):
            # The log-in library counts; its limits are looked at elsewhere.
            self._look_into_the_cache(row)
        return answer

    def _look_into_the_cache(self, row: Row) -> None:
        """Look whether anybody's words stand in the cache (L6), and empty it."""
        kept = self.door.cached()
        if words_in(kept) & self.scanner.everything or MARK.search(kept.lower()):
            self.problems.append(f"{self.who.name} {row}: the cache holds {kept[:200]}")

    def _own(self, row: Row, route: Route, method: str, rule: Rule, parameters: Parameters) -> None:
        refusal = self._refusal(route, rule)
        answer = self._ask(row, method, parameters)
        self._compare(row, method, "own", answer, refusal or rule.answers)
        if refusal and answer.written:
            self.problems.append(f"{self.who.name} {method} {row}: refused, but wrote to {answer.written}")
        if self.who.name not in THOROUGH:
            return
        if method == "GET":
            head = self._ask(row, "HEAD", parameters)
            self._compare(row, "HEAD", "own", head, frozenset({answer.status}))
            partial = self._ask(row, method, parameters, headers={"HX-Request": "true"})
            self._compare(row, "GET htmx", "own", partial, refusal or rule.answers)
        elif self.who.is_person and not refusal:
            # A form that some other site sends along with the cookies of this one (W5).
            forged = self._ask(row, method, parameters, has_csrf=False)
            self._compare(row, method, "forged", forged, FORBIDDEN)

    def _hidden(self, row: Row, route: Route, method: str, rule: Rule, answer: Answer, parameters: Parameters) -> None:
        expected = self._refusal(route, rule) or (rule.answers if rule.needs == "open" else frozenset({404}))
        if expected == FORBIDDEN:
            expected |= NO_HOUSE
        self._compare(row, method, f"hidden {parameters}", answer, expected)

    def _alike(
        self, row: Row, method: str, answer: Answer, own: Parameters, unknown: Answer, never: Parameters
    ) -> None:
        if answer.told(*_names(row, own)) != unknown.told(*_names(row, never)):
            self.problems.append(f"{self.who.name} {method} {row}: hidden {own} differs from what never was")

    def _not_known(self, row: Row, route: Route, method: str) -> frozenset[int]:
        """Return what a method answers that the row does not name."""
        refusals = [self._refusal(route, rule) for rule in row.rules.values()]
        has_options = method == "OPTIONS" and route.has_class and not route.pattern.startswith("api/")
        granted = frozenset({200 if has_options else 405})
        if row.route.startswith(("account_", "mfa_")):
            # The log-in library looks at the state of the log-in first, and takes PUT for POST.
            granted |= {status for rule in row.rules.values() for status in rule.answers}
        if TO_LOGIN in refusals or UNKNOWN in refusals:
            return next(refusal for refusal in refusals if refusal in (TO_LOGIN, UNKNOWN)) or granted
        # Pages look at the method before the role, programs the other way round.
        return granted | (FORBIDDEN if route.is_api and FORBIDDEN in refusals else frozenset())

    def _refusal(self, route: Route, rule: Rule) -> frozenset[int] | None:  # noqa: PLR0911 - one line a case
        """Return what the caller is refused with; None where it may."""
        who = self.who
        if rule.needs == "open":
            return None
        if route.is_api or (who.is_person and route.pattern.startswith("api/")):
            if not who.has_scope:
                return UNKNOWN
        elif not (who.is_person or (who.has_scope and route.pattern.startswith("api/"))):
            return TO_LOGIN
        elif rule.needs != "person" and not who.has_scope:
            return NO_HOUSE
        if rule.needs == "person":
            return None
        needs, _, never = rule.needs.partition("!")
        if never and who.role == never:
            return FORBIDDEN | NO_HOUSE
        return None if needs == "scope" or needs in who.permissions else FORBIDDEN

    def _compare(self, row: Row, method: str, what: str, answer: Answer, expected: frozenset[int]) -> None:
        if answer.status not in expected:
            self.problems.append(f"{self.who.name} {method} {row} {what}: {answer.status}, expected {sorted(expected)}")


def _names(row: Row, parameters: Parameters) -> list[str]:
    """Return what the caller itself said: the address, and what in it is long enough to be a name."""
    path = reverse(row.route, kwargs=parameters)
    # As it stands in the address of the log-in, too.
    return [path, quote(path), *(str(v) for v in parameters.values() if len(str(v)) > 8)]
