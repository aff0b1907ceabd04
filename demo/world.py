"""The demo enterprise: who buys, who answers, on which lines and under which contracts.

Plain frozen data and nothing else; the people are in `people`. Every company here is invented. Months are
counted back from the last day of the demo's calls, so the same world fits any date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from contracts.calc.definition import Definition, Formula, Kpi, Operator
from contracts.calc.hours import ServiceHours, parse
from contracts.calc.targets import TargetTerms

INBOUND = "inbound"
OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class Enterprise:
    """The client who buys the hotline."""

    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Site:
    """A vendor's floor. `zone` is where the agents sit, not where the customers call from."""

    code: str
    name: str
    city: str
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class Vendor:
    """A BPO vendor and the share of each service line in the calls it gets."""

    code: str
    name: str
    country: str
    contact_name: str
    contact_email: str
    sites: tuple[Site, ...]
    calls_share: float
    line_shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A queue that customers know by its purpose; several vendors may serve the same line."""

    code: str
    name: str
    direction: str = INBOUND


@dataclass(frozen=True, slots=True)
class CallReason:
    """Why a customer calls, with its weight inside each line that hears it."""

    code: str
    name: str
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Target:
    """The lines of one KPI, for every line of the contract or for one alone."""

    kpi: Kpi
    terms: TargetTerms
    line_code: str | None = None


@dataclass(frozen=True, slots=True)
class ContractVersion:
    """What holds from a month on: `from_months` before the month of the last call."""

    number: int
    from_months: int
    note: str
    definition: Definition
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """One vendor's agreement over some lines; its zone is the one that days and hours are counted in."""

    code: str
    name: str
    vendor_code: str
    zone: str
    currency: str
    holiday_country: str
    hours: Mapping[str, ServiceHours]
    versions: tuple[ContractVersion, ...]


ENTERPRISE = Enterprise(code="QUILL", name="Quillmora Home", zone="Asia/Shanghai")

LINES = (
    ServiceLine("orders", "Order status"),
    ServiceLine("returns", "Returns and refunds"),
    ServiceLine("tech", "Technical support"),
    ServiceLine("billing", "Billing and invoices"),
    ServiceLine("vip", "VIP care"),
    ServiceLine("aftersales", "After-sales calls", OUTBOUND),
)

VENDORS = (
    Vendor(
        code="JADE",
        name="Jadebrook Contact",
        country="CN",
        contact_name="Demo Lead Jade",
        contact_email="lead@jadebrook.example",
        sites=(
            Site("CTU", "Chengdu East", "Chengdu", "CN", "Asia/Shanghai"),
            Site("HFE", "Hefei Lakeside", "Hefei", "CN", "Asia/Shanghai"),
        ),
        calls_share=0.42,
        line_shares=MappingProxyType(
            {"orders": 0.39, "returns": 0.24, "billing": 0.17, "vip": 0.09, "aftersales": 0.11}
        ),
    ),
    Vendor(
        code="SUNF",
        name="Sunfarrow Care",
        country="PH",
        contact_name="Demo Lead Sun",
        contact_email="lead@sunfarrow.example",
        sites=(
            Site("CEB", "Cebu Harbor", "Cebu", "PH", "Asia/Manila"),
            Site("DVO", "Davao Garden", "Davao", "PH", "Asia/Manila"),
        ),
        calls_share=0.33,
        line_shares=MappingProxyType({"orders": 0.44, "returns": 0.27, "tech": 0.29}),
    ),
    Vendor(
        code="TARN",
        name="Tarnwick Voice",
        country="PT",
        contact_name="Demo Lead Tarn",
        contact_email="lead@tarnwick.example",
        sites=(
            Site("OPO", "Porto Riverside", "Porto", "PT", "Europe/Lisbon"),
            Site("GDN", "Gdansk Harbor", "Gdansk", "PL", "Europe/Warsaw"),
        ),
        calls_share=0.25,
        line_shares=MappingProxyType({"tech": 0.46, "billing": 0.22, "returns": 0.22, "aftersales": 0.10}),
    ),
)

# The story of the demo: this vendor loses experienced people, fills the seats with beginners, and slips.
SLIPPING_VENDOR = "TARN"
SLIPPING_DAYS = 42

REASONS = (
    CallReason("where_is_my_order", "Where is my order", {"orders": 0.46, "vip": 0.28}),
    CallReason("return_request", "Return or exchange", {"returns": 0.45, "vip": 0.18}),
    CallReason("refund_status", "Refund status", {"returns": 0.34, "vip": 0.10}),
    CallReason("change_delivery", "Change delivery date or address", {"orders": 0.24, "vip": 0.14}),
    CallReason("setup_help", "Help with set-up", {"tech": 0.40, "vip": 0.16}),
    CallReason("invoice_copy", "Invoice or copy of it", {"billing": 0.55, "vip": 0.06}),
    CallReason("no_connection", "Device does not connect", {"tech": 0.33}),
    CallReason("cancel_order", "Cancel an order", {"orders": 0.17}),
    CallReason("payment_failed", "Payment failed", {"billing": 0.45}),
    CallReason("promotion_rules", "Question about a promotion", {"orders": 0.13, "vip": 0.08}),
    CallReason("damaged_on_arrival", "Damaged on arrival", {"returns": 0.21}),
    CallReason("account_access", "Account and login", {"orders": 0.07, "billing": 0.12, "vip": 0.05}),
    CallReason("complaint", "Complaint", {"orders": 0.05, "returns": 0.08, "tech": 0.06, "billing": 0.04}),
    CallReason("repair", "Repair or spare part", {"tech": 0.27}),
    CallReason("satisfaction_call", "Satisfaction call after delivery", {"aftersales": 0.56}),
    CallReason("delivery_slot", "Agree on a delivery slot", {"aftersales": 0.28}),
    CallReason("warranty_offer", "Warranty extension offer", {"aftersales": 0.16}),
)


def _hours(*, opens: str, closes: str, days: int = 7) -> ServiceHours:
    return parse({str(weekday): [[opens, closes]] for weekday in range(days)})


_LONG_DAY = _hours(opens="08:00", closes="22:00")
_OFFICE_DAY = _hours(opens="09:00", closes="18:00", days=6)
_OUTBOUND_DAY = _hours(opens="10:00", closes="19:00", days=6)
_ALWAYS = _hours(opens="00:00", closes="24:00")


def _target(kpi: Kpi, goal: str, amber: str, minimum: str, *, line_code: str | None = None) -> Target:
    return Target(kpi, TargetTerms(Decimal(goal), Decimal(amber), Decimal(minimum)), line_code)


def _targets(*aht_seconds: str) -> tuple[Target, ...]:
    """What every inbound contract promises; only the handling time differs with the kind of work."""
    return (
        _target(Kpi.SERVICE_LEVEL, "0.80", "0.78", "0.75"),
        _target(Kpi.CONNECT_RATE, "0.92", "0.90", "0.88"),
        _target(Kpi.ASA, "20", "25", "30"),
        _target(Kpi.ABANDONMENT, "0.06", "0.07", "0.09"),
        _target(Kpi.AHT, *aht_seconds),
        _target(Kpi.FCR, "0.80", "0.78", "0.76"),
        _target(Kpi.CSAT, "0.86", "0.84", "0.80"),
        _target(Kpi.TRANSFER_RATE, "0.05", "0.06", "0.08"),
    )


CONTRACTS = (
    Contract(
        code="JADE-CARE",
        name="Customer care China",
        vendor_code="JADE",
        zone="Asia/Shanghai",
        currency="CNY",
        holiday_country="CN",
        hours=MappingProxyType({"orders": _LONG_DAY, "returns": _LONG_DAY, "billing": _OFFICE_DAY, "vip": _LONG_DAY}),
        versions=(
            ContractVersion(
                1,
                12,
                "As signed.",
                Definition(threshold_seconds=20, abandonment_excludes_short=True, fcr_same_reason=False),
                (
                    *_targets("280", "300", "330"),
                    _target(Kpi.SERVICE_LEVEL, "0.85", "0.82", "0.78", line_code="vip"),
                ),
            ),
        ),
    ),
    Contract(
        code="JADE-OUT",
        name="After-sales calls China",
        vendor_code="JADE",
        zone="Asia/Shanghai",
        currency="CNY",
        holiday_country="CN",
        hours=MappingProxyType({"aftersales": _OUTBOUND_DAY}),
        versions=(ContractVersion(1, 12, "As signed.", Definition(), (_target(Kpi.AHT, "240", "260", "300"),)),),
    ),
    Contract(
        code="SUNF-CARE",
        name="Customer care North America",
        vendor_code="SUNF",
        zone="America/New_York",
        currency="USD",
        holiday_country="US",
        hours=MappingProxyType({"orders": _LONG_DAY, "returns": _LONG_DAY, "tech": _LONG_DAY}),
        versions=(
            ContractVersion(
                1,
                10,
                "As signed: 80 % in 30 seconds, every abandoned call counts.",
                Definition(formula=Formula.OF_ANSWERED_AND_ABANDONED, threshold_seconds=30, fcr_same_reason=False),
                _targets("320", "340", "370"),
            ),
            ContractVersion(
                2,
                2,
                "Amendment: 80 % in 20 seconds, abandons within 5 seconds left out.",
                Definition(threshold_seconds=20, abandonment_excludes_short=True, fcr_same_reason=False),
                _targets("310", "330", "360"),
            ),
        ),
    ),
    Contract(
        code="TARN-CARE",
        name="Technical support and care Europe",
        vendor_code="TARN",
        zone="Europe/London",
        currency="EUR",
        holiday_country="GB",
        hours=MappingProxyType(
            {"tech": _ALWAYS, "billing": _OFFICE_DAY, "returns": _LONG_DAY, "aftersales": _OUTBOUND_DAY}
        ),
        versions=(
            ContractVersion(
                1,
                14,
                "As signed: answered before second 30; quick hang-ups never count against the vendor.",
                Definition(
                    formula=Formula.OF_ANSWERED_AND_LATE_ABANDONED,
                    threshold_seconds=30,
                    operator=Operator.BELOW,
                    fcr_same_reason=False,
                ),
                (
                    *_targets("360", "370", "385"),
                    _target(Kpi.CSAT, "0.88", "0.86", "0.82", line_code="returns"),
                ),
            ),
        ),
    ),
)
