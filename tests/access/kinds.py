"""Whose things stand in addresses: for each kind the caller's own, those hidden from it, and one that never existed."""

from __future__ import annotations

from collections.abc import Callable

from tests.access.house import CLIENT, RIVALS, House
from tests.access.principals import Principal
from tests.access.quality import KINDS as QUALITY_KINDS
from tests.access.things import NEVER, Parameters, Things, by_uuid, by_uuid_client_only, home_of, rivals_of


def _calls(house: House, who: Principal) -> Things:
    def call(code: str, external_id: str) -> Parameters:
        return {"contract": house.holdings[code].world.contract.uuid, "external_id": external_id}

    mine = home_of(who)
    hidden = [call(code, house.holdings[code].own_call) for code in rivals_of(who)]
    # The rival's call under one's own contract, and one's own call under the rival's contract.
    hidden += [call(mine, house.holdings[code].own_call) for code in rivals_of(who)]
    hidden += [call(code, house.holdings[mine].own_call) for code in rivals_of(who)]
    if who.role == "agent":
        hidden.append(call(mine, house.holdings[mine].peer_call))
    return Things(
        own=[call(mine, house.holdings[mine].own_call)],
        hidden=hidden,
        unknown=[call(mine, "never-was-01"), {"contract": NEVER, "external_id": house.holdings[mine].own_call}],
    )


def _coverage(house: House, who: Principal) -> Things:
    def covered(code: str, queue_of: str) -> Parameters:
        return {
            "uuid": house.holdings[code].world.contract.uuid,
            "queue": house.holdings[queue_of].world.queues[0].uuid,
        }

    mine, others = home_of(who), rivals_of(who)
    hidden = [pair for code in others for pair in (covered(code, code), covered(mine, code), covered(code, mine))]
    contract, queue = covered(mine, mine).values()
    return Things(
        own=[covered(mine, mine)],
        hidden=hidden,
        unknown=[{"uuid": NEVER, "queue": queue}, {"uuid": contract, "queue": NEVER}],
    )


def _people(house: House, who: Principal, **fixed: str) -> Things:
    hidden = [{"uuid": house.user_uuid(f"{code.lower()}_vendor_qa"), **fixed} for code in rivals_of(who)]
    if who.is_vendor:
        hidden.append({"uuid": house.user_uuid("auditor"), **fixed})
    # Nobody manages their own account, so the quality people look at the planner instead.
    name = "vendor_wfm" if who.role == "vendor_qa" else "vendor_qa"
    return Things(
        own=[{"uuid": house.user_uuid(f"{home_of(who).lower()}_{name}"), **fixed}],
        hidden=hidden,
        unknown=[{"uuid": NEVER, **fixed}],
    )


def _tokens(house: House, who: Principal) -> Things:
    """Tokens of the quality people: their own, or their organization's for whoever manages tokens."""
    everyone = {code: {"uuid": house.tokens[f"{code.lower()}_person"].uuid} for code in RIVALS}
    theirs = who.role == "vendor_qa" or "tokens.manage" in who.permissions
    own = [everyone[home_of(who)]] if theirs else []
    hidden = [one for code, one in everyone.items() if one not in own and not (theirs and not who.is_vendor)]
    if who.is_vendor:
        hidden.append({"uuid": house.tokens["client_api"].uuid})
    return Things(own, hidden, [{"uuid": NEVER}])


def _sessions(house: House, who: Principal) -> Things:
    """One's own session; everybody else's does not exist, colleagues' included."""
    own = [house.sessions[who.username]] if who.is_person else []
    others = ["programme_manager", "andes_vendor_manager", "boral_vendor_manager"]
    return Things(
        own=[{"session_id": pk} for pk in own],
        hidden=[{"session_id": house.sessions[name]} for name in others if name != who.username],
        unknown=[{"session_id": 900_000_001}],
    )


def _notices(house: House, who: Principal) -> Things:
    """The caller's own; everybody else's does not exist, that of a colleague about the same matter included."""
    others = ["auditor", "andes_vendor_wfm", "boral_vendor_wfm"]
    own = [house.notices[who.username]] if who.username in house.notices else []
    return Things(
        own=[{"uuid": uuid} for uuid in own],
        hidden=[{"uuid": house.notices[name]} for name in others if name != who.username],
        unknown=[{"uuid": NEVER}],
    )


def _webhooks(house: House, who: Principal, **fixed: str) -> Things:
    """Those of the caller's own organization; the client does not see its vendors' either."""
    home = who.organization or CLIENT
    return Things(
        own=[{"uuid": house.webhooks[home], **fixed}],
        hidden=[{"uuid": uuid, **fixed} for code, uuid in house.webhooks.items() if code != home],
        unknown=[{"uuid": NEVER, **fixed}],
    )


def _ended_incidents(house: House, who: Principal) -> Things:
    """Incidents that are over: an agent is told of open ones only."""
    things = by_uuid(lambda house, code: house.holdings[code].ended_incident.uuid)(house, who)
    return Things([], [*things.own, *things.hidden], things.unknown) if who.role == "agent" else things


def _tickets(house: House, who: Principal, **fixed: str) -> Things:
    """A ticket of the vendor's; to an agent, one on a colleague's record does not exist."""
    things = by_uuid(lambda house, code: house.holdings[code].ticket.uuid, **fixed)(house, who)
    if who.role == "agent":
        things.hidden.append({"uuid": house.holdings[home_of(who)].peer_ticket.uuid, **fixed})
    return things


def _attachments(house: House, who: Principal) -> Things:
    """A file of the vendor's ticket; to an agent, one of a colleague's does not exist."""
    things = by_uuid(lambda house, code: house.holdings[code].attachments[0])(house, who)
    if who.role == "agent":
        things.hidden.append({"uuid": house.holdings[home_of(who)].attachments[1]})
    return things


def _views(house: House, who: Principal) -> Things:
    """Views shared within the caller's organization; the client does not have its vendors' either."""
    home = who.organization or CLIENT
    return Things(
        own=[{"uuid": house.views[home]}],
        hidden=[{"uuid": uuid} for code, uuid in house.views.items() if code != home],
        unknown=[{"uuid": NEVER}],
    )


def _ticket_histories(house: House, who: Principal) -> Things:
    """The book does not know whose ticket is whose: to agents it tells of none."""
    things = _tickets(house, who, object_type="ticket")
    return Things([], [*things.own, *things.hidden], things.unknown) if who.role == "agent" else things


def _reset_keys(house: House, who: Principal) -> Things:
    return Things([], [], [{"uidb36": "zz", "key": "never-was"}])


def _attempts(house: House, who: Principal) -> Things:
    """An attempt in the agent's hands; to an agent, a colleague's does not exist."""
    things = by_uuid(lambda house, code: house.holdings[code].outbound.attempt.uuid)(house, who)
    if who.role == "agent":
        things.hidden.append({"uuid": house.holdings[home_of(who)].outbound.peer_attempt.uuid})
    return things


def _do_not_call(house: House, who: Principal, **fixed: str) -> Things:
    """A vendor's own entry; that of the house does not exist for vendors."""
    things = by_uuid(lambda house, code: house.holdings[code].outbound.do_not_call.uuid, **fixed)(house, who)
    assert house.house_entry is not None
    entry = {"uuid": house.house_entry.uuid, **fixed}
    (things.hidden if who.is_vendor else things.own).append(entry)
    return things


KINDS: dict[str, Callable[[House, Principal], Things]] = {
    "-": lambda house, who: Things([{}], [], []),
    "vendor": by_uuid(lambda house, code: house.holdings[code].world.vendor.uuid),
    "site": by_uuid(lambda house, code: house.holdings[code].world.site.uuid),
    "queue": by_uuid(lambda house, code: house.holdings[code].world.queues[0].uuid),
    # The signed-in agent's own record, and for the others the same.
    "agent": by_uuid(lambda house, code: house.holdings[code].world.agents[0].uuid),
    "peer": by_uuid(lambda house, code: house.holdings[code].world.agents[1].uuid),
    "contract": by_uuid(lambda house, code: house.holdings[code].world.contract.uuid),
    "unsigned": by_uuid_client_only(lambda house, code: house.holdings[code].unsigned.uuid),
    "coverage": _coverage,
    "version": by_uuid(lambda house, code: house.holdings[code].world.version.uuid),
    "draft": by_uuid_client_only(lambda house, code: house.holdings[code].draft.uuid),
    "profile": by_uuid(lambda house, code: house.holdings[code].profile.uuid),
    "loaded": by_uuid(lambda house, code: house.holdings[code].loaded.uuid),
    "waiting": by_uuid(lambda house, code: house.holdings[code].waiting.uuid),
    "call": _calls,
    "incident": by_uuid(lambda house, code: house.holdings[code].incident.uuid),
    "incident_ack": by_uuid(lambda house, code: house.holdings[code].incident.uuid, step="acknowledge"),
    "incident_close": by_uuid(lambda house, code: house.holdings[code].incident.uuid, step="close"),
    "ended_incident": _ended_incidents,
    "plan": by_uuid(lambda house, code: house.holdings[code].plan.uuid),
    "drill": by_uuid(lambda house, code: house.holdings[code].drill.uuid),
    "inspected": lambda house, who: Things([{"system": "crm"}], [], [{"system": "moon"}]),
    "evidence_file": by_uuid(lambda house, code: house.holdings[code].evidence_file.uuid),
    "ticket": _tickets,
    "ticket_client": by_uuid_client_only(lambda house, code: house.holdings[code].ticket.uuid),
    "attachment": _attachments,
    "client_file": by_uuid_client_only(lambda house, code: house.holdings[code].client_file),
    "view": _views,
    "bulk_assign": lambda house, who: Things([{"deed": "assign"}], [], [{"deed": "nothing"}]),
    "bulk_close": lambda house, who: Things([{"deed": "close"}], [], [{"deed": "nothing"}]),
    "person": _people,
    "service": by_uuid(lambda house, code: house.user_uuid(f"{code.lower()}_api")),
    "token": _tokens,
    "session": _sessions,
    "notice": _notices,
    "webhook": _webhooks,
    "history_webhook": lambda house, who: _webhooks(house, who, object_type="webhook"),
    "policy": by_uuid(lambda house, code: house.holdings[code].ticket_policy.uuid),
    "calendar": by_uuid(lambda house, code: house.holdings[code].spare_calendar.uuid),
    "reply": by_uuid(lambda house, code: house.holdings[code].reply.uuid),
    "feedback": by_uuid(lambda house, code: house.holdings[code].feedback.uuid),
    "feedback_class": by_uuid(lambda house, code: house.holdings[code].feedback.uuid, step="classify"),
    "history_feedback": by_uuid(lambda house, code: house.holdings[code].feedback.uuid, object_type="feedback"),
    "history_ticket": _ticket_histories,
    "history_policy": by_uuid(lambda house, code: house.holdings[code].ticket_policy.uuid, object_type="policy"),
    "campaign": by_uuid(lambda house, code: house.holdings[code].outbound.campaign.uuid),
    "campaign_pause": by_uuid(lambda house, code: house.holdings[code].outbound.campaign.uuid, step="pause"),
    "contact_import": by_uuid(lambda house, code: house.holdings[code].outbound.contact_import.uuid),
    "attempt": _attempts,
    "do_not_call": _do_not_call,
    "history_campaign": by_uuid(
        lambda house, code: house.holdings[code].outbound.campaign.uuid, object_type="campaign"
    ),
    "history_do_not_call": lambda house, who: _do_not_call(house, who, object_type="donotcall"),
    "reset_key": _reset_keys,
    "history_site": by_uuid(lambda house, code: house.holdings[code].world.site.uuid, object_type="site"),
    "history_contract": by_uuid(lambda house, code: house.holdings[code].world.contract.uuid, object_type="contract"),
    "history_draft": by_uuid_client_only(lambda house, code: house.holdings[code].draft.uuid, object_type="version"),
    "history_batch": by_uuid(lambda house, code: house.holdings[code].loaded.uuid, object_type="batch"),
    "history_incident": by_uuid(lambda house, code: house.holdings[code].incident.uuid, object_type="incident"),
    "history_plan": by_uuid(lambda house, code: house.holdings[code].plan.uuid, object_type="contingencyplan"),
    "history_drill": by_uuid(lambda house, code: house.holdings[code].drill.uuid, object_type="drill"),
    "history_person": lambda house, who: _people(house, who, object_type="user"),
    **QUALITY_KINDS,
}
