"""Reading scripts: every version, the one in use, and the lines that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from core.scope import Scope
from qa.calc.script_lookup import ScriptLibrary, ScriptLine
from qa.calc.scripts import Line, ScriptState, reference_read
from qa.models import Script
from vendors.selectors import one

# So many scripts are looked into, and so many lines offered: more are no help to somebody on the phone.
SCRIPTS_MOST, SUGGESTED_MOST = 300, 5


def script_list(*, scope: Scope) -> QuerySet[Script]:
    """Return every version of every script, the newest of a code first; to agents, those in use only."""
    rows: QuerySet[Script] = Script.objects.visible_to(scope).select_related("vendor")
    if scope.role == "agent":
        rows = rows.filter(_in_use(scope))
    return rows.order_by("vendor__name", "name", "code", "-number")


def scripts_in_use(*, scope: Scope) -> QuerySet[Script]:
    """Return the versions that may be said now: approved, the newest such, and not expired."""
    return script_list(scope=scope).filter(_in_use(scope))


def _in_use(scope: Scope) -> Q:
    return Q(state=ScriptState.APPROVED) & (Q(expires_at=None) | Q(expires_at__gt=scope.at))


def script_get(*, scope: Scope, uuid: UUID) -> Script:
    """Return one version of a script; raises NotFound."""
    return one(script_list(scope=scope), uuid=uuid)


def script_versions(*, scope: Scope, script: Script) -> QuerySet[Script]:
    """Return every version of a script, the newest first."""
    return script_list(scope=scope).filter(vendor_id=script.vendor_id, code=script.code).order_by("-number")


def script_now(*, scope: Scope, script: Script | None) -> Script | None:
    """Return the version of a script that may be said now, whichever version was chosen once; None if there is none.

    A later version takes over by itself, and one that expired or was withdrawn brings no earlier one back.
    """
    if script is None:
        return None
    found = Script.objects.visible_to(scope).filter(vendor_id=script.vendor_id, code=script.code)
    return found.select_related("vendor").filter(_in_use(scope)).first()


def script_line(*, scope: Scope, vendor_id: int, reference: str) -> tuple[Script, Line] | None:
    """Return the version in use and the line that ``CODE#line`` names at a vendor; None where nothing is in use."""
    named = reference_read(reference)
    if named is None:
        return None
    code, key = named
    script = Script.objects.visible_to(scope).filter(_in_use(scope), vendor_id=vendor_id, code=code).first()
    if script is None:
        return None
    return next(((script, line) for line in script.lines if line.key == key), None)


@dataclass(frozen=True, slots=True)
class LineFound:
    """A line of a script in use that may answer what a customer said.

    Attributes:
        phrase: The phrase of the line that is most like what was said.
        similarity: 0..1.
    """

    script: Script
    line: Line
    phrase: str
    similarity: float

    @property
    def reference(self) -> str:
        """``CODE#line``."""
        return f"{self.script.code}#{self.line.key}"


def lines_suggest(
    *, scope: Scope, said: str, reason: str = "", script: Script | None = None, vendor_id: int | None = None
) -> list[LineFound]:
    """Return the lines in use whose phrases are most like what a customer said, the best first.

    Args:
        scope: Who asks.
        said: The customer's words.
        reason: Code of a call reason; scripts for other reasons are left out.
        script: Only this version.
        vendor_id: Only this vendor's.
    """
    rows = scripts_in_use(scope=scope)
    if script is not None:
        rows = rows.filter(pk=script.pk)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    if reason:
        rows = rows.filter(Q(reasons=[]) | Q(reasons__contains=[reason]))
    known = {
        f"{row.code}#{line.key}@{row.pk}": (row, line)
        for row in rows[:SCRIPTS_MOST]
        for line in row.lines
        if line.triggers
    }
    library = ScriptLibrary(ScriptLine(key, "", line.triggers, line.text) for key, (_row, line) in known.items())
    found = library.suggest(said, most=SUGGESTED_MOST)
    return [LineFound(*known[each.line.key], each.phrase, each.similarity) for each in found]
