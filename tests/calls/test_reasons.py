"""Call reasons are the vendor's own register."""

from __future__ import annotations

import pytest

from audit.models import Entry
from calls.selectors import reason_list
from calls.services.reasons import reason_create
from core.errors import Forbidden, Invalid, NotFound
from core.scope import activate
from tests.world import World


def test_a_vendors_manager_registers_a_reason_and_the_book_tells(world: World) -> None:
    scope = world.scope("andes_vendor_manager")
    with activate(scope):
        reason = reason_create(scope=scope, vendor_id=scope.organization_id, code=" LATE ", name="Late parcel")
        assert [row.code for row in reason_list(scope=scope)] == ["LATE"]
        entry = Entry.objects.visible_to(scope).get(action="reason.created")
    assert entry.object_id == str(reason.uuid)
    assert entry.changes == {"code": [None, "LATE"], "name": [None, "Late parcel"]}


def test_a_code_is_there_once(world: World) -> None:
    scope = world.scope("andes_vendor_manager")
    with activate(scope):
        reason_create(scope=scope, vendor_id=scope.organization_id, code="LATE", name="")
        with pytest.raises(Invalid) as refused:
            reason_create(scope=scope, vendor_id=scope.organization_id, code="LATE", name="again")
        with pytest.raises(Invalid):
            reason_create(scope=scope, vendor_id=scope.organization_id, code=" ", name="nothing")
    assert list(refused.value.fields) == ["code"]


def test_a_rivals_coding_does_not_exist_and_a_supervisor_may_not_add(world: World) -> None:
    rival = world.vendors["BORAL"].vendor.vendor_id
    manager, supervisor = world.scope("andes_vendor_manager"), world.scope("andes_vendor_supervisor")
    with activate(manager), pytest.raises(NotFound):
        reason_create(scope=manager, vendor_id=rival, code="LATE", name="Late")
    with activate(supervisor), pytest.raises(Forbidden):
        reason_create(scope=supervisor, vendor_id=supervisor.organization_id, code="LATE", name="Late")
