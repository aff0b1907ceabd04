"""Where a contract and its versions stand, as their pages show it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from contracts import selectors
from contracts.calc.lifecycle import State
from contracts.models import Contract, Version
from contracts.wording import PHASES, STATES
from core.formats import day_text
from core.scope import Scope
from core.templatetags import ui


def contract_url(contract: Contract) -> str:
    """Return a contract's page."""
    return reverse("contracts:contract_detail", args=[contract.uuid])


def phase_badge(scope: Scope, contract: Contract) -> Any:
    """Return where a contract stands, as a badge."""
    word, tone = PHASES[selectors.contract_phase(contract=contract, at=scope.at)]
    return ui.badge(tone, word)


def state_badge(version: Version, current: Version | None, today: date) -> Any:
    """Return where a version stands, as a badge: a signed one comes, is in force, or was replaced.

    Args:
        version: The version.
        current: The version of its contract that is in force.
        today: The contract's local day.
    """
    state = State(version.state)
    word, tone = STATES[state]
    if state is State.SIGNED:
        if current is not None and version.pk == current.pk:
            word, tone = _("in force"), "good"
        elif version.effective_from > today:
            word, tone = _("signed, in force from %(day)s") % {"day": day_text(version.effective_from)}, "info"
        else:
            word, tone = _("replaced"), "neutral"
    return ui.badge(tone, word)


def version_words(version: Version | None) -> Any:
    """Return a link to a version and since when it holds."""
    if version is None:
        return ui.missing(_("no version"))
    url = reverse("contracts:version_detail", args=[version.uuid])
    since = format_html(_("since %(day)s") % {"day": "{}"}, ui.day(version.effective_from))
    return format_html('<a href="{}">v{}</a> {}', url, version.number, since)
