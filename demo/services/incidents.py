"""What went wrong in the demo, and how its vendors get ready for it: plans, drills, inspections, evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from demo.services.acting import acting, manager_of
from demo.world import VENDORS
from sla import selectors, services
from sla.calc.incidents import Step
from sla.calc.readiness import CHECKLISTS, System
from vendors import selectors as vendors

# Days that the inspections of the demo reach back, and those of them that somebody forgot.
INSPECTED_DAYS, FORGOTTEN = 12, (4, 9)


@dataclass(frozen=True, slots=True)
class Failure:
    """An incident; minutes count from the moment it was raised, None is a step not taken yet."""

    vendor_number: int
    days_ago: int
    title: str
    severity: int
    system: str
    located: int
    restored: int
    cause_class: str
    cause: str
    review: str = ""
    relief: str = ""
    counts: bool = False


FAILURES = (
    Failure(
        0, 21, "No calls arrive on the service line", 1, "access_number", 38, 205, "carrier",
        "The carrier lost a trunk group after maintenance.", "A second carrier is ordered; the alarm now rings here.",
        "The carrier's report proves that no call could reach the vendor.", counts=True,
    ),
    Failure(
        1, 12, "Agents cannot sign in to the call system", 2, "call_system", 84, 190, "vendor_system",
        "An expired certificate.", "Certificates are watched thirty days ahead.",
        "The certificate was the vendor's to renew.",
    ),
    Failure(
        0, 3, "Customers' histories open slowly", 3, "crm", 45, 150, "client_system",
        "An index was missing after an update.",
    ),
)  # fmt: skip


def readiness_steps(end: date) -> Iterator[tuple[date, Callable[[datetime], None]]]:
    """Yield what happened on which day, counted back from the last day of calls."""
    for vendor in VENDORS:
        yield end - timedelta(days=130), partial(_plans, vendor.code)
        yield end - timedelta(days=75), partial(_drill, vendor.code)
        for days in range(INSPECTED_DAYS, 0, -1):
            if days not in FORGOTTEN:
                yield end - timedelta(days=days), partial(_inspect, vendor.code, days)
        for days, kind in ((40, "backup"), (38, "scan"), (10, "backup")):
            yield end - timedelta(days=days), partial(_evidence, vendor.code, kind)
    for failure in FAILURES:
        yield end - timedelta(days=failure.days_ago), partial(_failure, failure)


def _plans(vendor_code: str, at: datetime) -> None:
    with acting(manager_of(vendor_code), at) as scope:
        for kind, title, steps in (
            (
                "system_failure",
                "Call system or number down",
                "Raise the incident\nHand out the offline script\nSwitch to the standby\nTell the client",
            ),
            (
                "volume_surge",
                "Callers flood in",
                "Put the reason into the voice menu\nPull trainers and back office in\nOffer callbacks",
            ),
            (
                "major_complaint",
                "A complaint goes public",
                "Freeze all answers on it\nGet the wording from the client\nOne person calls the customer",
            ),
        ):
            services.plan_create(
                scope=scope,
                vendor_id=scope.organization_id,
                kind=kind,
                title=title,
                steps=steps,
                offline_script="Red folder at every team lead's desk",
                standby_server="standby-1" if kind == "system_failure" else "",
                owner="Shift leader on duty",
                in_force_from=at.date(),
                review_on=at.date() + timedelta(days=365),
            )


def _drill(vendor_code: str, at: datetime) -> None:
    with acting(manager_of(vendor_code), at) as scope:
        plan = selectors.plan_list(scope=scope).filter(kind="system_failure")[0]
        drill = services.drill_plan(scope=scope, plan_uuid=plan.uuid, planned_on=at.date())
        services.drill_record(
            scope=scope,
            uuid=drill.uuid,
            expected_version=drill.version,
            values={
                "held_on": at.date(),
                "participants": "Two teams, IT on duty",
                "result": "partly",
                "findings": "The offline script named a price that is no longer right.",
                "link": "https://drills.example/system-failure",
            },
        )


def _inspect(vendor_code: str, days: int, at: datetime) -> None:
    with acting(manager_of(vendor_code), at) as scope:
        for system in (System.CRM, System.WFM, System.CALL_SYSTEM):
            is_slow = system is System.CRM and days == 3
            services.inspection_record(
                scope=scope,
                vendor_id=scope.organization_id,
                system=system.value,
                day=at.date(),
                items={item: not (is_slow and item == "answers_in_time") for item in CHECKLISTS[system]},
                load_ratio=Decimal("0.87") if is_slow else Decimal("0.42"),
                bandwidth_ratio=Decimal("0.35"),
            )


def _evidence(vendor_code: str, kind: str, at: datetime) -> None:
    with acting(manager_of(vendor_code), at) as scope:
        month = at.date().replace(day=1)
        known = selectors.evidence_list(scope=scope).filter(kind=kind, month=month)
        if not known.exists():
            services.evidence_record(
                scope=scope,
                vendor_id=scope.organization_id,
                kind=kind,
                month=month,
                finding_count=2 if kind == "scan" else 0,
                link=f"https://evidence.example/{kind}/{month:%Y-%m}",
            )


def _failure(failure: Failure, at: datetime) -> None:
    code = VENDORS[failure.vendor_number].code
    told = {"cause_class": failure.cause_class, "cause": failure.cause}
    manager = manager_of(code)
    with acting(manager, at) as scope:
        queue = vendors.queue_list(scope=scope).filter(direction="inbound")[0]
        uuid = services.incident_raise(
            scope=scope,
            vendor_id=scope.organization_id,
            title=failure.title,
            severity=failure.severity,
            systems=[failure.system],
            queue_uuids=[queue.uuid],
        ).uuid
    says = {Step.LOCATE: told, Step.REVIEW: {"review": failure.review}}

    def take(step: Step, minutes: int) -> None:
        with acting(manager, at + timedelta(minutes=minutes)) as scope:
            services.incident_step(scope=scope, uuid=uuid, step=step, told=says.get(step))

    take(Step.ACKNOWLEDGE, 6)
    take(Step.LOCATE, failure.located)
    take(Step.RESTORE, failure.restored)
    if not failure.review:
        return
    take(Step.CLOSE, failure.restored + 90)
    with acting("programme", at + timedelta(minutes=failure.restored + 200)) as scope:
        incident = selectors.incident_get(scope=scope, uuid=uuid)
        services.incident_judge(
            scope=scope,
            uuid=uuid,
            expected_version=incident.version,
            counts=failure.counts,
            reason=failure.relief,
        )
    take(Step.REVIEW, failure.restored + 300)
