"""The main pages of the product, as a person of a role would walk through them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from calls.models import Batch, Call
from core.scope import activate
from tests.browser.stage import Stage, yesterday

# What is the same in every language: the house's names and codes, zones, formats, abbreviations of the trade; and what
# somebody named in English, such as the policies that were made as presets.
NAMES = re.compile(
    r"ANDES|BORAL|Andes|Boral|Lumora|CLIENT|Callsteward|English|KPI|API|CSV|XLSX|Esc|Enter|Ctrl|Asia/|UTC|IVR"
    r"|^[a-z_0-9.+-]+$|^[a-z]+_[a-z_]+\b|@|://|\.csv|\.py|sha|SHA|ORDERS|SUPPORT|^\S+ \(\S+\)$|^CNY$"
    r"|^[a-f0-9]{8,}|^[—\d:\s.a-f-]+$"
    r"|^(\d\. )?(Urgent|Consultation|Normal)$|\|(night|morning|afternoon|evening)",
)


@dataclass(frozen=True)
class Place:
    """One page."""

    path: str
    names: re.Pattern[str] = NAMES

    def knows(self, line: str) -> bool:
        """Tell whether a line is made of names and codes only."""
        return bool(self.names.search(line))


def places(stage: Stage, username: str) -> list[Place]:
    """Return the pages that a user of the world may open, with things on them that exist."""
    scope = stage.world.scope(username)
    vendor = stage.world.vendors["ANDES"]
    day = yesterday().isoformat()
    with activate(scope):
        batch = Batch.objects.visible_to(scope).get(vendor=vendor.vendor, number=1)
        call = Call.objects.visible_to(scope).filter(contract_id=vendor.contract.pk).latest("offered_at")
    contract = vendor.contract.uuid
    props, side = stage.props, "client" if scope.is_client else "vendor"
    paths = {
        "kpis.view": ["/", "/kpis/", f"/contracts/{contract}/kpis/"],
        "vendors.view": [
            *("/vendors/", "/vendors/sites/", "/vendors/queues/", "/vendors/agents/"),
            f"/vendors/{vendor.vendor.uuid}/",
            f"/vendors/{vendor.vendor.uuid}/history/",
            f"/vendors/queues/{vendor.queues[0].uuid}/",
            f"/vendors/agents/{vendor.agents[0].uuid}/",
        ],
        "contracts.view": [
            "/contracts/",
            f"/contracts/{contract}/",
            f"/contracts/{contract}/versions/",
            f"/contracts/{contract}/coverage/",
            f"/contracts/versions/{vendor.version.uuid}/",
        ],
        "contracts.edit": ["/contracts/new/"],
        "calls.view": [f"/calls/?from={day}", f"/calls/{contract}/{call.external_id}/"],
        "imports.view": [
            "/calls/imports/",
            f"/calls/imports/{batch.uuid}/",
            "/calls/imports/format/",
            "/calls/profiles/",
        ],
        "calls.import": ["/calls/imports/new/"],
        "profiles.edit": ["/calls/profiles/new/"],
        "tickets.view": [
            *("/tickets/", "/tickets/?state=all", props["ticket"], "/tickets/rules/", "/tickets/replies/"),
        ],
        "tickets.edit": ["/tickets/new/"],
        "tickets.rules": ["/tickets/rules/policies/new/", props["policy"], props["calendar"]],
        "tickets.replies": ["/tickets/replies/new/", props["reply"]],
        "complaints.view": [
            *("/tickets/feedback/?state=all", props["feedback"], props["told"], "/tickets/feedback/voice/?by=queue"),
        ],
        "complaints.edit": [
            *("/tickets/feedback/new/", f"{props['feedback']}route/", f"{props['told']}reopen/"),
        ],
        "campaigns.view": [
            *("/tickets/outbound/", props["campaign"], f"{props['campaign']}contacts/", "/tickets/outbound/attempts/"),
            *("/tickets/outbound/lists/", props["list"]),
        ],
        "campaigns.edit": [
            *("/tickets/outbound/new/", f"{props['campaign']}edit/", f"{props['campaign']}upload/"),
        ],
        "qa.view": [
            *("/qa/", "/qa/?state=all", props["evaluation_told"], props["evaluation_disputed"]),
            *("/qa/coaching/", props["coaching"], "/qa/scores/", "/qa/forms/", props["form"]),
        ],
        "qa.evaluate": [f"{props['coaching']}again/", *([props["evaluation_held"]] if scope.is_client else [])],
        "qa.release": [f"{props['evaluation_disputed']}decide/"] if scope.is_client else [],
        "qa.dispute": [f"{props['evaluation_told']}dispute/"],
        "qa.coach": [f"{props['evaluation_told']}coach/", f"{props['coaching']}end/"],
        "qa.compare": [
            *("/qa/weekly/", "/qa/graders/", "/qa/calibration/"),
            *(props[f"{word}_{side}"] for word in ("blind", "revealed")),
            f"{props[f'blind_{side}']}cases/1/",
        ],
        "qa.calibrate": [
            "/qa/calibration/new/",
            f"{props['revealed_client']}consensus/",
            f"{props['blind_client']}deadline/",
        ],
        "improvements.view": [
            *(
                "/qa/improvement/",
                "/qa/improvement/list/?state=all",
                props["improvement"],
                props["improvement_checked"],
            ),
        ],
        "improvements.edit": [
            *("/qa/improvement/new/", f"/qa/improvement/new/?contract={contract}&origin=question"),
            *(f"{props['improvement']}edit/", f"{props['improvement']}start_pilot/"),
        ],
        "consistency.view": [
            *("/qa/consistency/", "/qa/consistency/answers/"),
            *(["/qa/consistency/bank/"] if scope.is_client else []),
        ],
        "consistency.edit": [
            *("/qa/consistency/bank/new/", props["bank_question"], f"{props['bank_question']}reword/"),
            props["bank_reply"],
        ],
        "ideas.view": [
            *("/qa/ideas/", "/qa/ideas/counts/", props["idea"], props["idea_decided"]),
            *("/qa/cases/", props["case"]),
        ],
        "ideas.send": ["/qa/ideas/new/"],
        "ideas.review": ["/qa/cases/new/", f"{props['case' if scope.is_client else 'idea']}decide/"],
        "speech.view": [
            *("/qa/checks/", "/qa/checks/results/", "/qa/checks/quality/?which=all", "/qa/checks/quality/calls/"),
            *("/qa/checks/rules/", props["rule_set"]),
        ],
        "speech.edit": [
            *(props["rule_draft"], f"{props['rule_draft']}rules/promise/", "/qa/checks/rules/new/"),
            *(f"{props['rule_draft']}rules/new/?kind=order", "/qa/checks/lexicon/"),
        ],
        "transcripts.view": ["/qa/transcripts/", props["transcript"]],
        "transcripts.import": ["/qa/transcripts/import/", "/qa/transcripts/lists/", props["transcript_list"]],
        "scripts.view": ["/qa/scripts/", props["script"], props["script_read"], "/qa/scripts/lookup/?said=good+day"],
        "live.view": ["/qa/live/", "/qa/live/all/", props["live_open"], props["live_taken"]],
        "live.flag": ["/qa/live/new/"],
        "scripts.edit": [
            *("/qa/scripts/new/", f"{props['waiting_script']}withdraw/", f"{props['waiting_script']}compare/"),
            *("/qa/scripts/confirmations/", props["script_confirmed"], props["script_ask"]),
        ],
        "qa.forms": [
            *("/qa/forms/new/", props["form_draft"], f"{props['form_draft']}preview/"),
            *(f"{props['form_draft']}compare/", f"{props['form_draft']}publish/", "/qa/plans/new/"),
            f"{props['sampling_plan']}edit/",
        ],
        # Whoever leads, and no agent.
        "agents.view": [
            *("/qa/plans/", props["sampling_plan"], "/qa/draws/", props["draw"], f"{props['draw']}again/"),
            f"{props['draw']}sample/",
            "/qa/sample-size/?margin=5&confidence=95&share=50",
        ],
        "campaigns.call": ["/tickets/outbound/work/", props["work"]],
        "dnc.view": ["/tickets/outbound/do-not-call/"],
        "dnc.edit": ["/tickets/outbound/do-not-call/new/", props["entry"]],
        "incidents.view": ["/service/incidents/", props["incident"]],
        "incidents.raise": ["/service/incidents/new/"],
        "plans.view": ["/service/plans/", props["plan"]],
        "inspections.view": [
            *("/service/drills/", props["drill"], props["ended"], "/service/inspections/", "/service/evidence/"),
        ],
        "notices.view": ["/accounts/notices/", "/accounts/notices/wishes/"],
        "webhooks.view": ["/accounts/webhooks/", *([props["webhook"]] if scope.is_client else [])],
        "users.view": ["/accounts/people/"],
        "users.manage": ["/accounts/people/new/"],
        "audit.view": ["/audit/"],
        "tokens.own": ["/accounts/tokens/", "/accounts/tokens/new/"],
    }
    found = [path for permission, some in paths.items() if scope.can(permission) for path in some]
    return [Place(path) for path in [*found, "/accounts/profile/", "/accounts/sessions/", "/accounts/2fa/", "/about/"]]
