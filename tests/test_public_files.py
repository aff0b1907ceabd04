"""Call files that nobody here wrote give figures equal to an independent plain-Python computation, to the last digit.

The files are not part of the repository (their licences differ); the suite looks for them in the folder named by
CALLSTEWARD_SHARED_DATA or beside the checkout, and says so when they are absent.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from accounts.models import Organization
from calls import services as calls
from calls.models import BatchState
from calls.parsing import profile_example
from contracts.calc.definition import Definition, Formula, Operator
from contracts.models import Contract, Coverage
from core.scope import VENDOR, activate
from tests.oracle import Row, figures
from tests.sla.feed import drain, stored_figures
from tests.world import VendorWorld, World, version_make
from vendors.models import Queue, Site, Vendor

FOLDER = Path(os.environ.get("CALLSTEWARD_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))


def public_file(name: str) -> Path:
    """Return a public file, or skip saying where it was looked for."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"public call data is absent: {path}")
    return path


def vendor_with_queues(world: World, codes: list[str], zone: str, definition: Definition) -> VendorWorld:
    """Return a vendor whose contract covers these queues for all time."""
    organization = Organization.objects.create(side=VENDOR, name="Public Data Vendor")
    with activate(world.system):
        vendor = Vendor.objects.create(organization=organization, code="PUBLIC", name="Public Data Vendor")
        site = Site.objects.create(vendor=vendor, code="S", name="S", zone=zone)
        queues = [Queue.objects.create(vendor=vendor, code=code, name=code) for code in codes]
        start = date(2020, 1, 1)
        contract = Contract.objects.create(vendor=vendor, code="P", name="P", zone=zone, starts_on=start)
        for queue in queues:
            Coverage.objects.create(vendor=vendor, contract=contract, queue=queue, starts_on=start)
        version = version_make(contract=contract, queues=queues, definition=definition, effective_from=start)
    return VendorWorld(vendor, site, queues, [], contract, version)


def import_file(world: World, vendor: VendorWorld, path: Path, profile_name: str) -> dict[str, int]:
    """Bring a file in through the services, as page, command and API do, and recompute what it changed."""
    scope = world.system
    with activate(scope):
        profile = calls.profile_save(
            scope=scope,
            vendor_id=vendor.vendor.organization_id,
            name=profile_name,
            document=profile_example(profile_name),
        )
    batch = calls.batch_receive(
        scope=scope,
        vendor_id=vendor.vendor.organization_id,
        source="command",
        file_name=path.name,
        chunks=[path.read_bytes()],
        profile=profile,
        confirmed=True,
    )
    batch = calls.batch_check(scope=scope, batch_id=batch.pk) or batch
    while batch.state == BatchState.CONFIRMED:
        batch = calls.batch_load_next(scope=scope, batch_id=batch.pk) or batch
    assert batch.state == BatchState.LOADED, (batch.state, batch.problem, batch.problem_details)
    drain(scope)
    return calls.account_of(batch)


def local(text: str, zone: str) -> datetime:
    """Read a local time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZoneInfo(zone))


def pwc_rows(path: Path) -> Iterator[Row]:
    """Read the quarter of the PwC case with nothing but the csv module."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for record in csv.DictReader(file):
            offered = local(f"{record['Date']} {record['Time']}", "Europe/Zurich")
            answered = record["Answered (Y/N)"] == "Y"
            wait = int(record["Speed of answer in seconds"]) if answered else None
            hours, minutes, seconds = map(int, (record["AvgTalkDuration"] or "0:00:00").split(":"))
            yield Row(
                external_id=record["Call Id"],
                queue=record["Topic"].lower().replace(" ", "-"),
                offered_at=offered,
                outcome="answered" if answered else "abandoned",
                answered_at=offered + timedelta(seconds=wait or 0) if answered else None,
                wait=wait,
                talk=hours * 3600 + minutes * 60 + seconds if answered else None,
                agent=record["Agent"],
                reason=record["Topic"],
                resolved=record["Resolved"] == "Y",
                csat=int(record["Satisfaction rating"]) if record["Satisfaction rating"] else None,
            )


def booking_rows(path: Path) -> Iterator[Row]:
    """Read the booking line; an answer earlier in the day than its call is the next day's."""
    zone = "Europe/London"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for record in csv.DictReader(file):
            offered = local(f"{record['Call Date']} {record['Call Time']}", zone)
            answered_at = None
            if record["Time Answered"]:
                answered_at = local(f"{record['Call Date']} {record['Time Answered']}", zone)
                if answered_at < offered:
                    answered_at += timedelta(days=1)
            yield Row(
                external_id=record["Call ID"],
                queue=record["Restaurant ID"],
                offered_at=offered,
                outcome="answered" if answered_at else "abandoned",
                answered_at=answered_at,
                wait=int((answered_at - offered).total_seconds()) if answered_at else None,
                agent=f"agent-{record['Agent ID']}" if record["Agent ID"] else None,
                reason="booking",
                success=record["Call Outcome"] == "Booking completed",
            )


CASES = [
    pytest.param("pwc_call_center_2021q1.csv", "date_and_time_columns", pwc_rows, "Europe/Zurich", id="pwc"),
    pytest.param("restaurant_calls_2023_11.csv", "time_of_day_answers", booking_rows, "Europe/London", id="booking"),
]


@pytest.mark.parametrize(("name", "profile", "read", "zone"), CASES)
@pytest.mark.parametrize(
    "definition",
    [
        Definition(),
        Definition(formula=Formula.OF_ANSWERED_AND_LATE_ABANDONED, threshold_seconds=60, operator=Operator.BELOW),
    ],
    ids=["formula 6", "formula 4"],
)
def test_public_files_equal_plain_python(world, name, profile, read, zone, definition) -> None:  # type: ignore[no-untyped-def]
    path = public_file(name)
    rows = list(read(path))
    vendor = vendor_with_queues(world, sorted({row.queue for row in rows}), zone, definition)
    account = import_file(world, vendor, path, profile)
    assert account["read"] == account["new"] == len(rows), account
    expected = figures(rows, definition=definition.as_dict(), zone=zone)
    assert stored_figures(scope=world.system, vendor=vendor) == expected
