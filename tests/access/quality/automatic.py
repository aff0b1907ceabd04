"""Who may do what with transcripts and automatic checks."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import NEVER, Body, Things, by_uuid, by_uuid_client_only, fixed, home_of, rivals_of

TABLE = """
qa:checks                               -                GET speech.view 200
qa:checks?export=csv                    -                GET speech.view 200
qa:checks?by=agent&rule=promise         -                GET speech.view 200
qa:check_list                           -                GET speech.view 200
qa:check_list?export=csv                -                GET speech.view 200
qa:rule_quality                         -                GET speech.view 200
qa:rule_quality?which=all&export=csv    -                GET speech.view 200
qa:quality_calls?cell=missed            -                GET speech.view 200
qa:quality_calls?export=csv             -                GET speech.view 200
qa:lexicon                              -                GET speech.edit 200    POST speech.edit 302
qa:rule_sets                            -                GET speech.view 200
qa:rule_sets?export=csv                 -                GET speech.view 200
qa:rule_draft_new                       -                GET speech.edit 200    POST speech.edit 302
qa:rule_draft                           rule_draft       GET speech.edit 200
qa:rule_draft_set                       rule_draft       POST speech.edit 302
qa:rule_draft_try                       rule_draft       POST speech.edit 200
qa:rule_draft_publish                   rule_draft       POST speech.edit 302
qa:rule_draft_delete                    rule_draft       POST speech.edit 302
qa:rule_new                             rule_draft       GET speech.edit 200    POST speech.edit 302
qa:rule_edit                            draft_rule       GET speech.edit 200    POST speech.edit 302
qa:rule_up                              draft_rule       POST speech.edit 302
qa:rule_down                            draft_rule       POST speech.edit 302
qa:rule_remove                          draft_rule       POST speech.edit 302
qa:rule_set                             rule_set         GET speech.view 200
qa:rule_set_run                         rule_set         POST speech.edit 302
qa:rule_set_retire                      rule_set         POST speech.edit 302
qa:transcript_list                      -                GET transcripts.view 200
qa:transcript_list?export=csv           -                GET transcripts.view 200
qa:transcript_new                       -                GET transcripts.import 200    POST transcripts.import 302
qa:transcript_imports                   -                GET transcripts.import 200
qa:transcript_imports?export=csv        -                GET transcripts.import 200
qa:transcript_import                    transcript_list  GET transcripts.import 200
qa:transcript_import?export=csv         transcript_list  GET transcripts.import 200
qa:transcript_progress                  transcript_list  GET transcripts.import 200
qa:transcript_detail                    transcript       GET transcripts.view 200
qa:transcript_panel                     call             GET calls.view 200
api_transcripts                         -                GET transcripts.view 400    POST transcripts.import 201
api_transcripts?from=2026-06-01&to=2026-07-01 -         GET transcripts.view 200    POST transcripts.import 400
api_transcript                          transcript       GET transcripts.view 200
api_transcript_import                   transcript_list  GET transcripts.import 200
api_rule_sets                           -                GET speech.view 200
api_rule_set                            rule_set         GET speech.view 200
api_checks?from=2026-06-01&to=2026-07-01 -              GET speech.view 200
audit:history                           history_rules    GET speech.view 200
"""


def _transcripts(house: House, who: Principal) -> Things:
    def transcript(code: str, name: str = "transcript") -> dict[str, object]:
        return {"uuid": house.holdings[code].quality[name].uuid}

    mine = home_of(who)
    hidden = [transcript(code) for code in rivals_of(who)]
    if who.role == "agent":
        hidden.append(transcript(mine, "peer_transcript"))
    return Things(own=[transcript(mine)], hidden=hidden, unknown=[{"uuid": NEVER}])


KINDS: dict[str, Callable[[House, Principal], Things]] = {
    "rule_draft": by_uuid_client_only(lambda house, code: house.holdings[code].quality["rule_draft"].uuid),
    "draft_rule": by_uuid_client_only(
        lambda house, code: house.holdings[code].quality["rule_draft"].uuid, key="promise"
    ),
    "rule_set": by_uuid(lambda house, code: house.holdings[code].quality["rule_set"].uuid),
    "history_rules": by_uuid(lambda house, code: house.holdings[code].quality["rule_set"].uuid, object_type="ruleset"),
    "transcript_list": by_uuid(lambda house, code: house.holdings[code].quality["transcript_import"].uuid),
    "transcript": _transcripts,
}


def _published(house: House, who: Principal) -> Body:
    return {"expected_version": 2, "vendors": [str(house.holdings[home_of(who)].world.vendor.uuid)]}


def _sent(house: House, who: Principal) -> Body:
    holding = house.holdings[home_of(who)]
    file = SimpleUploadedFile(f"{holding.own_call}.txt", b"agent: something else", "text/plain")
    return {"contract": str(holding.world.contract.uuid), "file": file}


def _brought(house: House, who: Principal) -> Body:
    holding = house.holdings[home_of(who)]
    row = {"call": holding.own_call, "turns": [{"speaker": "agent", "text": "fresh"}]}
    return {"contract": str(holding.world.contract.uuid), "rows": [row]}


_RULE = {"title": "Fresh", "speaker": "agent", "phrases": "fresh words", "unit": "turns", "expected_version": 2}
BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "api_transcripts": _brought,
    "qa:lexicon": fixed(words="angry 3", level=4, expected_version=0),
    "qa:rule_draft_new": fixed(code="FRESH", name="Fresh"),
    "qa:rule_draft_set": fixed(name="Fresh", side="vendor", form_code="", expected_version=2),
    "qa:rule_draft_try": fixed(text="agent: hello", number=""),
    "qa:rule_draft_publish": _published,
    "qa:rule_new": fixed(**_RULE),
    "qa:rule_edit": fixed(**_RULE),
    "qa:rule_up": fixed(version=2),
    "qa:rule_down": fixed(version=2),
    "qa:rule_remove": fixed(version=2),
    "qa:rule_set_run": fixed(first_day="2026-06-01", last_day="2026-06-30"),
    "qa:transcript_new": _sent,
}
