"""Who may do what with evaluation forms, sampling plans and draws."""

from __future__ import annotations

from collections.abc import Callable

from django.template.loader import render_to_string

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
"""
KINDS: dict[str, Callable[[House, Principal], Things]] = {
    "form_draft": by_uuid_client_only(lambda house, code: house.holdings[code].quality["form_draft"].uuid),
    "qa_form": by_uuid(lambda house, code: house.holdings[code].quality["form"].uuid),
    "history_form": by_uuid(lambda house, code: house.holdings[code].quality["form"].uuid, object_type="form"),
}


def _typed(house: House, who: Principal) -> Body:
    draft = house.holdings[home_of(who)].quality["form_draft"]
    builder = BuilderForm(draft.body, code=draft.code, name=draft.name, version=2)
    page = render_to_string("qa/_builder.html", {"builder": builder, "draft": draft})
    return Page(page.encode()).sent | {"name": "Fresh", "do": "save"}


def _published(house: House, who: Principal) -> Body:
    return {"version": 2, "vendors": [str(house.holdings[home_of(who)].world.vendor.uuid)]}


BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "qa:draft_new": fixed(begin="three_stages", code="FRESH", name="Fresh"),
    "qa:draft_edit": _typed,
    "qa:draft_publish": _published,
}
