"""The "what now" panel of a contract and of its versions: where it stands, who must act, and the buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.calc.access import fields_readable
from contracts import selectors
from contracts.calc.lifecycle import Phase, State, past_days
from contracts.models import Contract, Version
from contracts.wording import PHASES
from core.components import Action, Next
from core.formats import day_text, moment_text
from core.periods import local_day
from core.scope import Scope


def step_url(name: str, version: Version) -> str:
    """Return the address of a step, with the version of the row that the person saw."""
    return f"{reverse(f'contracts:{name}', args=[version.uuid])}?version={version.version}"


def allowed(scope: Scope, *actions: Action | None) -> list[Action]:
    """Return the actions that the role may take."""
    return [a for a in actions if a is not None and (not a.permission or scope.can(a.permission))]


def head_actions(panel: Next | None, main: Action | None, *others: Action | None) -> dict[str, Any]:
    """Return the head's buttons: where the panel has the one primary action, all others are in the menu."""
    menu = [action for action in others if action is not None]
    if panel is None or not panel.actions or main is None:
        return {"action": main, "menu": menu}
    return {"action": None, "menu": [main, *menu]}


def draft_action(contract: Contract) -> Action:
    """Return the button that begins the next version of a contract of :func:`selectors.contract_get`."""
    listed: Any = contract
    label = _("Draft an amendment") if listed.newest_number else _("Draft the terms")
    url = reverse("contracts:version_draft", args=[contract.uuid])
    return Action(label, url, "versions", "contracts.edit", post=True)


def contract_next(scope: Scope, contract: Contract, work: Version | None, current: Version | None) -> Next | None:
    """Return what happens now with a contract; None where nothing waits for anybody.

    Args:
        scope: Who looks.
        contract: As :func:`selectors.contract_get` returns it.
        work: The version in work, if there is one and the reader may know.
        current: The signed version in force today.
    """
    if not scope.is_client:
        return _dates(scope, contract)
    if work is not None:
        return _work_next(scope, work)
    draft = draft_action(contract)
    if not selectors.covered_queues(scope=scope, contract_ids=[contract.pk]):
        url = reverse("contracts:coverage_create", args=[contract.uuid])
        return Next(
            step=_("The contract covers no queue yet"),
            text=_("Say which of the vendor's queues it is for."),
            actions=allowed(scope, Action(_("Cover a queue"), url, "plus", "contracts.edit")),
        )
    if selectors.contract_phase(contract=contract, at=scope.at) is Phase.NO_TERMS:
        return Next(
            step=_("There are no terms yet"),
            text=_("The first draft starts from the usual targets and round-the-clock service."),
            actions=allowed(scope, draft),
        )
    today = local_day(scope.at, contract.zone)
    missing = selectors.version_gaps(scope=scope, version=current, day=today) if current else []
    if missing:
        return Next(step=_("Terms are missing"), text=" ".join(missing), actions=allowed(scope, draft), tone="warning")
    return _dates(scope, contract)


def _dates(scope: Scope, contract: Contract) -> Next | None:
    """Return what the calendar says: it has not begun, ends soon, or is over."""
    listed: Any = contract
    phase = selectors.contract_phase(contract=contract, at=scope.at)
    tone = PHASES[phase][1]
    if phase is Phase.SIGNED:
        text = _("The first version takes effect on %(day)s.") % {"day": day_text(listed.first_signed_from)}
        return Next(step=_("Signed"), text=text, tone=tone)
    if contract.ends_on is not None and phase is Phase.EXPIRING:
        left = (contract.ends_on - local_day(scope.at, contract.zone)).days
        text = ngettext("%(count)s day is left.", "%(count)s days are left.", left) % {"count": left}
        step = _("Ends on %(day)s") % {"day": day_text(contract.ends_on)}
        return Next(step=step, text=text, actions=allowed(scope, draft_action(contract)), tone=tone)
    if phase is Phase.ENDED:
        return Next(step=_("The contract has ended"), text=_("Its figures stay as they are."), tone=tone)
    return None


def _work_next(scope: Scope, work: Version) -> Next | None:
    """Return what happens with the version in work; it is signed on its own page, where its terms stand."""
    panel = version_next(scope, work)
    if panel is None or work.state != State.IN_REVIEW:
        return panel
    url = reverse("contracts:version_detail", args=[work.uuid])
    return replace(panel, actions=[Action(_("Read version %(number)s") % {"number": work.number}, url, "contract")])


def version_next(scope: Scope, version: Version) -> Next | None:
    """Return what happens now with a version; None once it is signed."""
    if version.state == State.DRAFT:
        return _draft_next(scope, version)
    if version.state == State.IN_REVIEW:
        return _review_next(scope, version)
    return None


def _draft_next(scope: Scope, version: Version) -> Next:
    gaps = selectors.version_gaps(scope=scope, version=version)
    edit = Action(_("Edit the terms"), reverse("contracts:version_edit", args=[version.uuid]), "edit", "contracts.edit")
    submit = Action(_("Submit for signature"), step_url("version_submit", version), "send", "contracts.edit", post=True)
    step = _("Version %(number)s is a draft") % {"number": version.number}
    if version.return_note:
        step = _("Version %(number)s was returned") % {"number": version.number}
        readable = "return_note" in fields_readable(scope.role, scope.side, "version")
        text = _("“%(reason)s”") % {"reason": version.return_note} if readable else ""
        return Next(step=step, text=text, actions=allowed(scope, edit, submit), tone="warning")
    if gaps:
        return Next(step=step, text=" ".join(gaps), actions=allowed(scope, edit), tone="warning")
    text = _("Check the terms, then submit them; somebody else signs.") + " " + retroactive_text(scope, version)
    return Next(step=step, text=text, actions=allowed(scope, submit, edit))


def _review_next(scope: Scope, version: Version) -> Next:
    mine = version.submitted_by_id == scope.user_id
    sign = Action(
        _("Sign version %(number)s") % {"number": version.number},
        step_url("version_sign", version),
        "signature",
        "contracts.sign",
        post=True,
        confirm=_("Sign version %(number)s of “%(contract)s”? It can never be changed.")
        % {"number": version.number, "contract": version.contract},
    )
    back = Action(
        _("Take it back") if mine else _("Return it"), step_url("version_return", version), "", "contracts.sign"
    )
    when = version.submitted_at
    since = moment_text(when, version.contract.zone) if when else ""
    text = (
        _("You submitted it; a second person must sign.")
        if mine
        else _("Submitted %(when)s; read the terms before you sign.") % {"when": since}
    )
    return Next(
        step=_("Version %(number)s waits for its signature") % {"number": version.number},
        text=f"{text} {retroactive_text(scope, version)}",
        who="" if not mine and scope.can("contracts.sign") else _("somebody who may sign and did not submit it"),
        actions=allowed(scope, None if mine else sign, back),
    )


def retroactive_text(scope: Scope, version: Version) -> str:
    """Return how many days that have begun will be measured again; empty for a version of the future."""
    days = past_days(version.effective_from, today=local_day(scope.at, version.contract.zone))
    if not days:
        return ""
    text = ngettext(
        "It takes effect on %(day)s; any calls of the %(count)s day since then will be measured again.",
        "It takes effect on %(day)s; any calls of the %(count)s days since then will be measured again.",
        days,
    )
    return text % {"day": day_text(version.effective_from), "count": days}
