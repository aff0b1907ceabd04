"""Whether the product can serve: for load balancers and watchdogs, without a figure in it."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.selectors import outbox_age, system_scope
from core.checks import wall_problems
from core.scope import activate
from sla.selectors import oldest_mark_age

# Changed days and messages wait this long at most before somebody should look.
AGE_MAX = timedelta(minutes=2)
log = logging.getLogger(__name__)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer ``ok``, ``degraded: <class>`` while it serves but lags, or 503 with the class of the failure."""
    try:
        if not _walls_stand():
            return _answer("down: walls", 503)
        scope = system_scope(reason="health")
        with activate(scope):
            late = [
                word
                for word, age in (
                    ("recompute", oldest_mark_age(scope=scope)),
                    ("outbox", outbox_age(scope=scope)),
                )
                if age is not None and age > AGE_MAX
            ]
    except (DatabaseError, InterfaceError):
        log.exception("health: the database does not answer")
        return _answer("down: database", 503)
    if not _cache_answers():
        return _answer("degraded: cache", 200)
    return _answer(f"degraded: {', '.join(late)}" if late else "ok", 200)


class _Broken(Exception):
    """Keeps a failed look at the walls from being remembered."""


@lru_cache(maxsize=1)
def _walls_checked() -> bool:
    problems = wall_problems()
    if problems:
        log.error("health: %s", " ".join(problems))
        raise _Broken
    return True


def _walls_stand() -> bool:
    """Look once at the database role and the policies; only what stands is remembered."""
    try:
        return _walls_checked()
    except _Broken:
        return False


def _cache_answers() -> bool:
    try:
        cache.get("health")
    except Exception:  # whatever the client library raises, the cache does not answer
        log.exception("health: the cache does not answer")
        return False
    return True


def _answer(text: str, status: int) -> HttpResponse:
    return HttpResponse(
        text, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
