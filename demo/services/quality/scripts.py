"""What the demo's agents say: a library in two languages, who has read it, and calls on which a lead helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from calls.models import CallReason
from core.scope import Scope, activate
from demo.people import AGENTS, LOGINS
from demo.plan import Plan
from demo.services.acting import acting, manager_of
from demo.world import INBOUND
from qa import selectors, services
from qa.calc.live import Intervention, LiveOutcome, LiveReason
from qa.models import Script
from qa.services import Flag
from vendors import selectors as vendors
from vendors.models import Agent, Vendor

CODES = ("JADE", "SUNF", "TARN")
OWN_CODES = ("SERVICE", "SERVICE-ZH", "WAITING", "AUTUMN")
LINES = (
    ("opening", "Good day, Quillmora service, my name is {agent}, number {number}. What can I do for you?", ()),
    ("purpose", ("To look into your order I need your customer number. The call is recorded to keep our service good; "
     "is that all right with you?"), ()),
    ("problem", "Let me make sure I have understood: your parcel was to arrive on Monday, and it has not. Is that so?",
     ()),
    ("solution", "I ask the carrier today and call you back by noon tomorrow. Does that help you?", ()),
    ("objection", ("I understand, a week is too long. I note what it meant for you, and you hear from me, not from a "
     "machine."), ("this takes far too long", "I have been waiting for a week", "where is my parcel")),
    ("objection", "You may return it within 30 days, whatever the reason; I send you the label now.",
     ("I want my money back", "it is too expensive", "I do not want it any more")),
    ("objection", "I put you through to my team lead right away and tell them what you told me.",
     ("let me speak to your manager", "I will complain")),
    ("closing", "To sum up: I call you tomorrow by noon. Is there anything else? Thank you for calling.", ()),
)  # fmt: skip
NEXT_LINES = (
    *LINES[:1],
    ("purpose", ("To look into your order I need your customer number. The call is recorded to keep our service good. "
     "If you do not want that, tell me and I switch it off."), ()),
    *LINES[2:],
)  # fmt: skip
CHINESE = (
    ("opening", "您好，Quillmora 客服，我是{坐席}，工号{工号}，请问有什么可以帮您？", ()),
    ("purpose", "为了查询订单，需要您的客户编号。本次通话会录音用于改进服务，您同意吗？", ()),
    ("problem", "我确认一下：您的包裹应在周一送到，但还没有收到，对吗？", ()),
    ("solution", "我今天联系承运方，明天中午前给您回电，您看可以吗？", ()),
    ("objection", "非常理解，等一周确实太久。我会记录，并由我给您回电。", ("太久了", "等了一个星期", "还没收到货")),
    ("objection", "30 天内可无理由退货，我现在就把退货单发给您。", ("我要退款", "太贵了", "不想要了")),
    ("closing", "再和您确认：明天中午前我给您回电。还有其他问题吗？感谢来电。", ()),
)  # fmt: skip
QUICK = (
    ("other", "One moment, please; I look it up and stay on the line.", ()),
    ("other", "Thank you for waiting.", ()),
)
HINTS = (
    (LiveReason.RISKY_WORDS, "“lawyer”, “newspaper”", Intervention.LISTENED, LiveOutcome.CALMED, 35,
     "Listened in; the agent stayed calm and offered the return. Praised after the call."),
    (LiveReason.HELP, "Wants a discount that I may not give", Intervention.WHISPERED, LiveOutcome.SOLVED, 50,
     "Told the agent which voucher is allowed; the customer took it."),
    (LiveReason.LONG_TALK, "25 minutes", Intervention.TALKED_AFTER, LiveOutcome.FOLLOW_UP, 190,
     "Two matters in one call; showed how to open the second ticket."),
    (LiveReason.SILENCE, "90 seconds of silence", Intervention.LISTENED, LiveOutcome.FALSE_ALARM, 70, ""),
    (LiveReason.HELP, "The customer shouts at me", Intervention.TOOK_OVER, LiveOutcome.SOLVED, 25,
     "Took over, apologized, promised a callback by the manager."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Moments:
    """Working hours of the days before the last calls."""

    plan: Plan

    def back(self, days: int, hour: int = 8) -> datetime:
        """Return a full hour so many days before the last day with calls."""
        return datetime.combine(self.plan.months_end - timedelta(days=days), time(hour), UTC)


def scripts_create(scope: Scope, plan: Plan) -> None:
    """Let people write, review, read and confirm scripts, and help on calls; a former run's are left alone."""
    with activate(scope):
        if Script.objects.visible_to(scope).filter(code="SERVICE").exists():
            return
    moments = _Moments(plan)
    with acting("quality", moments.back(40)) as author:
        chosen = [vendors.vendor_by_code(scope=author, code=code) for code in CODES]
        _write(author, chosen, "SERVICE", "Service calls", LINES)
        _write(author, chosen[:1], "SERVICE-ZH", "服务来电", CHINESE, language="zh")
        _write(author, chosen, "WAITING", "While somebody waits", QUICK, kind="quick")
        last = moments.back(-9).date()
        for vendor in chosen:
            known = CallReason.objects.visible_to(author).filter(vendor=vendor, code="promotion_rules")
            reasons = list(known.values_list("code", flat=True))
            name = "Questions about the autumn sale"
            _write(author, [vendor], "AUTUMN", name, LINES[:2], live_until=last, reasons=reasons)
    with acting("programme", moments.back(39)) as second:
        _approve(second)
    for code in CODES:
        with acting(manager_of(code), moments.back(38)) as lead:
            found = selectors.scripts_in_use(scope=lead).get(code="SERVICE")
            services.confirmation_ask(scope=lead, uuid=found.uuid, teams=[], due_on=moments.back(31).date())
    with acting("quality", moments.back(9)) as author:
        note = "Saying no to the recording is said in words."
        _write(author, chosen, "SERVICE", "Service calls", NEXT_LINES, change_note=note)
    with acting("programme", moments.back(8)) as second:
        _approve(second)
    with acting(manager_of(CODES[0]), moments.back(1)) as lead:
        own = [vendors.vendor_by_code(scope=lead, code=CODES[0])]
        _write(
            lead, own, "RENEWAL", "Renewal of the service plan", (*LINES[:2], *LINES[5:]), change_note="A first draft."
        )
    _confirm(moments)
    for code in CODES:
        _help(code, moments)


def _write(author: Scope, chosen: list[Vendor], code: str, name: str, lines: tuple[Any, ...], **more: Any) -> None:
    parts = [{"stage": stage, "text": text, "triggers": list(phrases)} for stage, text, phrases in lines]
    services.script_write(scope=author, vendors=chosen, code=code, name=name, parts=parts, **more)


def _approve(second: Scope) -> None:
    for waiting in selectors.script_list(scope=second).filter(state="waiting", code__in=OWN_CODES).order_by("pk"):
        services.script_review(
            scope=second,
            uuid=waiting.uuid,
            expected_version=waiting.version,
            is_approved=True,
            review_note="Purpose, consent and the way out are said.",
        )


def _confirm(moments: _Moments) -> None:
    """Let agents who can sign in confirm; one vendor's has not got to it yet."""
    for login in LOGINS:
        if login.role == "agent" and login.organization_code != "TARN":
            with acting(login.username, moments.back(6)) as agent:
                found = selectors.scripts_in_use(scope=agent).get(code="SERVICE")
                services.script_confirm(scope=agent, uuid=found.uuid)


def _help(vendor_code: str, moments: _Moments) -> None:
    lead_name = next(
        one.username for one in LOGINS if (one.organization_code, one.role) == (vendor_code, "vendor_supervisor")
    )
    codes = [one.code for one in AGENTS if one.vendor_code == vendor_code and one.direction == INBOUND]
    for number, (reason, detail, way, outcome, wait, note) in enumerate(HINTS):
        at = moments.back(14 - 3 * number, hour=10 + number)
        with acting(lead_name, at) as lead:
            agent = Agent.objects.visible_to(lead).get(code=codes[number % len(codes)])
            flag = Flag(
                reason,
                detail=detail,
                external_id=f"{vendor_code}-LIVE-{number + 1}",
                agent=agent,
                is_from_switch=reason is not LiveReason.HELP,
            )
            live = services.live_flag(scope=lead, vendor=agent.vendor, flag=flag)
        if number == 3 and vendor_code == "TARN":
            continue
        with acting(lead_name, at + timedelta(seconds=wait)) as lead:
            services.live_take(scope=lead, uuid=live.uuid, expected_version=1)
        with acting(lead_name, at + timedelta(seconds=wait + 400)) as lead:
            services.live_close(
                scope=lead, uuid=live.uuid, expected_version=2, intervention=way, outcome=outcome, note=note
            )
