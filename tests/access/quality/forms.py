"""Who may do what with evaluation forms, sampling plans and draws."""

from __future__ import annotations

from collections.abc import Callable

from django.template.loader import render_to_string

from qa.calc.editing import form_blank
from qa.forms import BuilderForm
from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import Body, Things, by_uuid, by_uuid_client_only, fixed, home_of
from tests.qa.page_forms import Page

TABLE = """
qa:form_list                            -                GET qa.view 200
qa:form_list?export=csv                 -                GET qa.view 200
qa:draft_new                            -                GET qa.forms 200          POST qa.forms 302
qa:draft_edit                           form_draft       GET qa.forms 200          POST qa.forms 302
qa:draft_preview                        form_draft       GET qa.forms 200
qa:draft_compare                        form_draft       GET qa.forms 200
qa:draft_publish                        form_draft       GET qa.forms 200          POST qa.forms 302
qa:draft_export                         form_draft       GET qa.forms 200
qa:draft_delete                         form_draft       POST qa.forms 302
qa:form_detail                          qa_form          GET qa.view 200
qa:form_export                          qa_form          GET qa.view 200
qa:form_retire                          qa_form          POST qa.forms 302
audit:history                           history_form     GET qa.view 200
audit:history                           history_sampling GET qa.view!agent 200
qa:plan_list                            -                GET qa.view!agent 200
qa:plan_list?export=csv                 -                GET qa.view!agent 200
qa:plan_create                          -                GET qa.forms 200          POST qa.forms 302
qa:plan_detail                          sampling_plan    GET qa.view!agent 200
qa:plan_edit                            sampling_plan    GET qa.forms 200          POST qa.forms 302
qa:plan_step                            plan_pause       POST qa.forms 302
qa:plan_draw                            sampling_plan    POST qa.forms 302
qa:sample_size                          -                GET qa.view!agent 200
qa:draw_list                            -                GET qa.view!agent 200
qa:draw_list?export=csv                 -                GET qa.view!agent 200
qa:draw_detail                          draw             GET qa.view!agent 200
qa:draw_check                           draw             GET qa.view!agent 200
qa:draw_progress                        draw             GET qa.view!agent 200
qa:draw_drawn                           draw             GET qa.view!agent 200
qa:draw_drawn?export=csv                draw             GET qa.view!agent 200
qa:draw_population                      draw             GET qa.view!agent 200
qa:draw_sample                          draw             GET qa.view!agent 200
api_evaluation_forms                    -                GET qa.view 200
api_evaluation_form                     qa_form          GET qa.view 200
api_form_drafts                         -                GET qa.forms 200          POST qa.forms 201
api_form_draft                          form_draft       GET qa.forms 200          PATCH qa.forms 200
api_form_draft_publish                  form_draft       POST qa.forms 200
api_sampling_plans                      -                GET qa.view!agent 200
api_sampling_plan                       sampling_plan    GET qa.view!agent 200
api_draws                               -                GET qa.view!agent 200
api_draw                                draw             GET qa.view!agent 200
api_draw_check                          draw             GET qa.view!agent 200
api_draw_population                     draw             GET qa.view!agent 200
api_draw_sample                         draw             GET qa.view!agent 200
"""
KINDS: dict[str, Callable[[House, Principal], Things]] = {
    "form_draft": by_uuid_client_only(lambda house, code: house.holdings[code].quality["form_draft"].uuid),
    "qa_form": by_uuid(lambda house, code: house.holdings[code].quality["form"].uuid),
    "sampling_plan": by_uuid(lambda house, code: house.holdings[code].quality["plan"].uuid),
    "plan_pause": by_uuid(lambda house, code: house.holdings[code].quality["plan"].uuid, step="pause"),
    "draw": by_uuid(lambda house, code: house.holdings[code].quality["draw"].uuid),
    "history_sampling": by_uuid(lambda house, code: house.holdings[code].quality["plan"].uuid, object_type="plan"),
    "history_form": by_uuid(lambda house, code: house.holdings[code].quality["form"].uuid, object_type="form"),
}


def _typed(house: House, who: Principal) -> Body:
    draft = house.holdings[home_of(who)].quality["form_draft"]
    builder = BuilderForm(draft.body, code=draft.code, name=draft.name, version=2)
    page = render_to_string("qa/_builder.html", {"builder": builder, "draft": draft})
    return Page(page.encode()).sent | {"name": "Fresh", "do": "save"}


def _published(house: House, who: Principal) -> Body:
    return {"version": 2, "vendors": [str(house.holdings[home_of(who)].world.vendor.uuid)]}


def _plan(house: House, who: Principal) -> Body:
    contract = house.holdings[home_of(who)].world.contract
    form = house.holdings[home_of(who)].quality["form"]
    return {
        "name": "Fresh", "contract": str(contract.uuid), "kind": "call", "form_code": form.code, "side": "client",
        "method": "rate", "rate_percent": 10, "least": 1, "base": 10, "high": 6, "high_percent": 95,
        "low_percent": 80, "new_days": 0, "talk_seconds_least": 20, "starts_on": "2026-06-08", "expected_version": 1,
    }  # fmt: skip


BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "qa:draft_new": fixed(begin="three_stages", code="FRESH", name="Fresh"),
    "qa:draft_edit": _typed,
    "qa:draft_publish": _published,
    # Calls are drawn by the plan that is there.
    "qa:plan_create": lambda house, who: {**_plan(house, who), "kind": "ticket"},
    "qa:plan_edit": _plan,
    "api_form_drafts": fixed(code="FRESH", name="Fresh", body=form_blank(title="All", text="Greets")),
    "api_form_draft": fixed(version=2, name="Fresh"),
    "api_form_draft_publish": lambda house, who: {
        "version": 2,
        "vendors": [house.holdings[home_of(who)].world.vendor.code],
    },
    "qa:plan_draw": fixed(day="2026-06-09"),
}
