"""What stands in the house of transcripts and automatic checks."""

from __future__ import annotations

from typing import Any

from core.scope import activate
from qa import selectors, services
from qa.calc.transcript_rows import row_sent
from qa.services.transcripts import transcripts_receive
from tests.world import NOW, World


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor rules that were published to it alone, and two judged transcripts.

    One is of a call of the agent that can sign in, the other of a colleague's; the draft is the client's.
    """
    small = world.vendors[code]
    client, quality = world.scope("programme_manager", at=NOW), world.scope(f"{code.lower()}_vendor_qa", at=NOW)
    rules = [
        {"key": "promise", "title": f"{mark}-promise", "kind": "must_not_say", "phrases": [f"{mark} swears"]},
        {"key": "bye", "title": f"{mark}-bye", "kind": "must_say", "phrases": [f"{mark} bye"]},
    ]
    with activate(client):
        draft = services.rule_draft_create(
            scope=client, code=f"{mark}-RULES", name=f"{mark}-rules", body={"rules": rules}
        )
        (published,) = services.rule_set_publish(
            scope=client, uuid=draft.uuid, expected_version=1, vendors=[small.vendor]
        )
    with activate(quality):
        calls = (f"{mark}-call-000", f"{mark}-call-001")
        sent = [row_sent("row", {"call": call, "text": f"agent: {mark} swears to {call}"}) for call in calls]
        wrong = row_sent(f"{mark}-row", {"call": f"{mark}-nowhere", "text": "agent: hello"})
        account = transcripts_receive(
            scope=quality, contract=small.contract, source="page", file_name=f"{mark}-night.jsonl", rows=[*sent, wrong]
        )
    while services.transcripts_check(scope=world.system):
        pass
    with activate(quality):
        own, peer = (selectors.transcript_list(scope=quality).get(external_id=call) for call in calls)
    return {
        "rule_draft": draft,
        "rule_set": published,
        "transcript_import": account,
        "transcript": own,
        "peer_transcript": peer,
    }
