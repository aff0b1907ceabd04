"""Deciding which conversations are evaluated: plans whose lots are fixed before the first call."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.services import fields_require, rivals_refuse
from audit.rows import row_add, row_change
from contracts.models import Contract
from core import sql
from core.errors import Conflict, Invalid
from core.scope import Scope
from core.seals import seal_of
from qa import selectors
from qa.calc.sampling import SEED_BYTES, seed_of
from qa.models import Draw, Plan, Side

PLANS_LOCK = 7016
# One draw a day for six years.
CHAIN_LENGTH = 6 * 365
SEAL = "qa.plan"
DEEDS = {"pause": "sampling_plan.paused", "resume": "sampling_plan.resumed", "end": "sampling_plan.ended"}
_AFTER = {
    ("live", "pause"): "paused",
    ("paused", "resume"): "live",
    ("live", "end"): "ended",
    ("paused", "end"): "ended",
}


@transaction.atomic
def plan_create(*, scope: Scope, contract: Contract, values: Mapping[str, Any]) -> Plan:
    """Begin a plan; its first seed is told at once, and with it all the others are fixed.

    Args:
        scope: Who acts.
        contract: Whose conversations; decides the vendor.
        values: Fields of the object ``sampling_plan``.

    Raises:
        Forbidden: The role makes no plans.
        Invalid: A value does not fit, the queue is another vendor's, the form is not in use at the vendor, or another
            plan draws the same conversations for it.
    """
    scope.require("qa.forms")
    fields_require(scope=scope, obj="sampling_plan", names=values)
    _check(scope, contract.vendor_id, values)
    _alone(scope, Plan(contract=contract, **values))
    secret = secrets.token_bytes(SEED_BYTES)
    plan = Plan(
        vendor_id=contract.vendor_id,
        contract=contract,
        secret_encrypted=seal_of(SEAL).encrypt(secret),
        chain_length=CHAIN_LENGTH,
        first_seed=seed_of(secret, length=CHAIN_LENGTH, number=0).hex(),
        made_at=scope.at,
        **values,
    )
    row_add(scope=scope, action="sampling_plan.created", row=plan, entered={**values, "first_seed": plan.first_seed})
    return plan


@transaction.atomic
def plan_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> Plan:
    """Change what a plan draws from now on; what was drawn keeps the rules of its day.

    Raises:
        NotFound: There is no such plan for the caller.
        Forbidden, Invalid: As :func:`plan_create`.
        Conflict: The plan has ended, or somebody saved it meanwhile.
    """
    scope.require("qa.forms")
    fields_require(scope=scope, obj="sampling_plan", names=values)
    plan = selectors.plan_get(scope=scope, uuid=uuid)
    if plan.state == "ended":
        raise Conflict("ended", _("This plan has ended; make another one."))
    _check(scope, plan.vendor_id, values)
    wanted = copy(plan)
    for name, value in values.items():
        setattr(wanted, name, value)
    _alone(scope, wanted)
    row_change(scope=scope, action="sampling_plan.changed", row=plan, expected_version=expected_version, values=values)
    return plan


@transaction.atomic
def plan_step(*, scope: Scope, uuid: UUID, expected_version: int, step: str) -> Plan:
    """Pause a plan, let it go on, or end it for good.

    Raises:
        NotFound, Forbidden: As :func:`plan_update`.
        Conflict: The step cannot be taken from here, or somebody saved the plan meanwhile.
    """
    scope.require("qa.forms")
    plan = selectors.plan_get(scope=scope, uuid=uuid)
    state = _AFTER.get((plan.state, step))
    if state is None:
        raise Conflict("wrong_state", _("This step cannot be taken from here."))
    row_change(scope=scope, action=DEEDS[step], row=plan, expected_version=expected_version, values={"state": state})
    return plan


def _alone(scope: Scope, wanted: Plan) -> None:
    """Refuse a plan that draws what another draws for the same form and side: a conversation would count twice."""
    sql.lock(PLANS_LOCK, wanted.contract_id)
    rows = Plan.objects.visible_to(scope).filter(
        contract=wanted.contract_id, kind=wanted.kind, form_code=wanted.form_code
    )
    if wanted.side != Side.BOTH:
        rows = rows.filter(side__in=(wanted.side, Side.BOTH))
    rows = rows.exclude(pk=wanted.pk)
    # What a plan drew stays drawn, whatever was changed of the plan since.
    drawn = Draw.objects.visible_to(scope).filter(plan__in=rows, day__gte=wanted.starts_on)
    will = rows.filter(Q(ends_on=None) | Q(ends_on__gte=wanted.starts_on), state__in=("live", "paused"))
    if wanted.queue is not None:
        drawn = drawn.filter(Q(rules__queue=wanted.queue.code) | Q(rules__queue=None))
        will = will.filter(Q(queue=wanted.queue) | Q(queue=None))
    if wanted.ends_on is not None:
        drawn, will = drawn.filter(day__lte=wanted.ends_on), will.filter(starts_on__lte=wanted.ends_on)
    other = rows.filter(Q(pk__in=drawn.values("plan")) | Q(pk__in=will.values("pk"))).order_by("pk").first()
    if other is not None:
        message = _(
            "The plan “%(name)s” draws these conversations for this form already, and they would count twice: "
            "end it first, or let each plan have a queue or days of its own."
        )
        raise Invalid("overlap", message, fields={"form_code": [message % {"name": other.name}]})


def _check(scope: Scope, vendor_id: int, values: Mapping[str, Any]) -> None:
    fields: dict[str, list[str]] = {}
    queue = values.get("queue")
    if queue is not None and queue.vendor_id != vendor_id:
        fields["queue"] = [_("This belongs to another vendor than the contract.")]
    code = values.get("form_code")
    if code is not None and selectors.form_live(scope=scope, vendor_id=vendor_id, code=code) is None:
        fields["form_code"] = [_("This form is not in use at the vendor; publish it first.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    if "name" in values:
        rivals_refuse(scope=scope, vendor_id=vendor_id, texts={"name": str(values["name"])})
