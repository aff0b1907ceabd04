"""Whatever the order, split and repetition in which rows arrive, the figures equal a from-scratch computation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from calls.calc.profile import CANONICAL
from calls.models import Call, FormerCall
from calls.services.load import part_load
from contracts.calc.definition import Bucketing, Definition, Formula, Operator
from contracts.models import Contract
from core.scope import VENDOR, activate
from tests.oracle import Row, figures
from tests.sla.feed import drain, frame_of, load, stored_figures
from tests.world import VendorWorld, World, vendor_make, version_make

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
# Ordinary days, days of 46 and 50 half-hours, a zone of quarter hours, one that moves its clock by half an hour.
PLACES = [
    ("Asia/Shanghai", datetime(2026, 2, 27, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 24, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 4, 29, tzinfo=UTC)),
    ("America/St_Johns", datetime(2026, 3, 7, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 3, tzinfo=UTC)),
]


@st.composite
def call_rows(draw: st.DrawFn, start: datetime) -> list[Row]:
    """Some calls over a few days, each with up to three revisions, withdrawn ones and repeat callers among them."""
    rows = []
    for number in range(draw(st.integers(1, 12))):
        for revision in range(1, draw(st.integers(1, 3)) + 1):
            outcome = draw(
                st.sampled_from(["answered", "answered", "answered", "abandoned", "flowed_out", "withdrawn"])
            )
            offered = start + timedelta(
                seconds=draw(st.integers(0, 3 * 86_400)), days=draw(st.sampled_from([0, 0, 0, 70]))
            )
            wait = draw(st.integers(0, 90))
            answered = outcome == "answered"
            rows.append(
                Row(
                    external_id=f"C{number}",
                    revision=revision,
                    queue=draw(st.sampled_from(["ORDERS", "SUPPORT"])),
                    direction=draw(st.sampled_from(["inbound"] * 4 + ["outbound"])),
                    offered_at=offered,
                    answered_at=offered + timedelta(seconds=wait) if answered else None,
                    outcome=outcome,
                    wait=wait if answered or (outcome == "abandoned" and draw(st.integers(0, 4))) else None,
                    talk=draw(st.integers(0, 600)) if answered else None,
                    hold=draw(st.none() | st.integers(0, 60)) if answered else None,
                    wrap=draw(st.none() | st.integers(0, 60)) if answered else None,
                    customer=draw(st.sampled_from([None, "+100", "+200", "+300"])),
                    reason=draw(st.sampled_from([None, "BILL", "RETURN"])),
                    agent=draw(st.sampled_from(["THIRD-A1", "THIRD-A2"])) if answered else None,
                    transferred_from=draw(st.sampled_from([None, None, None, "C0"])),
                    csat=draw(st.none() | st.integers(0, 6)) if answered else None,
                    resolved=draw(st.none() | st.booleans()),
                    success=draw(st.none() | st.booleans()),
                )
            )
    return rows


definitions = st.builds(
    Definition,
    formula=st.sampled_from(list(Formula)),
    threshold_seconds=st.integers(5, 60),
    operator=st.sampled_from(list(Operator)),
    short_abandon_seconds=st.integers(0, 20),
    count_flow_outs=st.booleans(),
    connect_excludes_short=st.booleans(),
    abandonment_excludes_short=st.booleans(),
    bucketing=st.sampled_from(list(Bucketing)),
    fcr_window_hours=st.integers(1, 60),
    fcr_same_reason=st.booleans(),
    fcr_forward_minutes=st.integers(0, 60),
)


def vendor_with(world: World, definition: Definition, zone: str) -> VendorWorld:
    """Return a fresh vendor whose contract has this zone, and this definition before its first call."""
    organization = Organization.objects.create(side=VENDOR, name="Third Vendor")
    with activate(world.system):
        third = vendor_make(organization=organization, code="THIRD", zone=zone)
        version_make(
            contract=third.contract,
            queues=third.queues,
            definition=definition,
            effective_from=date(2026, 1, 2),
            number=2,
        )
        return third


@pytest.mark.parametrize(("zone", "start"), PLACES)
def test_incremental_equals_from_scratch(world: World, zone: str, start: datetime) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows=call_rows(start), definition=definitions, data=st.data())
    def check(rows: list[Row], definition: Definition, data: st.DataObject) -> None:
        with transaction.atomic():
            vendor = vendor_with(world, definition, zone)
            shuffled = data.draw(st.permutations(rows))
            repeated = shuffled + data.draw(st.lists(st.sampled_from(rows), max_size=4))
            cuts = sorted(data.draw(st.lists(st.integers(0, len(repeated)), max_size=3)))
            parts = [repeated[a:b] for a, b in zip([0, *cuts], [*cuts, len(repeated)], strict=True)]
            for number, part in enumerate(parts, start=1):
                account = load(part, scope=world.system, vendor=vendor, number=number)
                assert sum(getattr(account, name) for name in account.__slots__) == len(part)
                if data.draw(st.booleans()):
                    drain(world.system)
            drain(world.system)
            found = stored_figures(scope=world.system, vendor=vendor)
            assert found == figures(rows, definition=definition.as_dict(), zone=zone)
            transaction.set_rollback(True)

    check()


def test_a_call_keeps_its_identity_over_months_and_contracts(world: World) -> None:
    vendor, scope = world.vendors["ANDES"], world.system
    with activate(scope):
        other = Contract.objects.create(
            vendor=vendor.vendor, code="OTHER", name="Other", zone="Asia/Shanghai", starts_on=date(2026, 1, 1)
        )
    first = Row(external_id="M1", queue="ORDERS", offered_at=START, outcome="answered", wait=1, talk=5)
    moved = replace(first, revision=2, offered_at=START + timedelta(days=90), queue="SUPPORT")
    load([first], scope=scope, vendor=vendor)
    drain(scope)
    with activate(scope):
        account = part_load(
            scope=scope,
            vendor_id=vendor.vendor.organization_id,
            batch_id=2,
            frame=frame_of([moved], contract_id=other.pk),
            profile=CANONICAL,
        )
        assert account.updated == 1
        assert [call.contract_id for call in Call.objects.visible_to(scope)] == [other.pk]
        assert FormerCall.objects.visible_to(scope).count() == 1
    drain(scope)
    assert stored_figures(scope=scope, vendor=vendor) == {}
    again = load([replace(first, offered_at=START - timedelta(days=200))], scope=scope, vendor=vendor)
    assert again.superseded == 1


def test_of_equal_revisions_a_withdrawal_wins_in_either_order(world: World) -> None:
    vendor, scope = world.vendors["ANDES"], world.system
    call = Row(external_id="W1", queue="ORDERS", offered_at=START, outcome="answered", wait=1, talk=5)
    gone = replace(call, outcome="withdrawn", wait=None, talk=None)
    assert load([call], scope=scope, vendor=vendor).new == 1
    assert load([gone], scope=scope, vendor=vendor).updated == 1
    assert load([call], scope=scope, vendor=vendor).superseded == 1
    drain(scope)
    assert stored_figures(scope=scope, vendor=vendor) == {}
