"""People, roles and organizations: who may make, change and shut out whom."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from accounts import selectors, services
from accounts.models import ApiToken, Membership, Organization, User
from audit.models import Entry
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Scope, activate
from tests.world import NOW, World

GOOD = "a plain pass-phrase of ours"


def newest(scope: Scope, book: int) -> Entry:
    """Return the last entry of a book."""
    entry: Entry = Entry.objects.visible_to(scope).filter(vendor_id=book).latest("sequence")
    return entry


def create(world: World, by: str, organization: Organization, role: str, name: str = "New.Person") -> User:
    """Create a person as one of the world's users."""
    with activate(world.scope(by)) as scope:
        return services.user_create(
            scope=scope, organization_id=organization.pk, username=name, role=role, display_name="New Person"
        )


def test_the_platform_admin_creates_people_anywhere(world: World) -> None:
    andes = world.vendors["ANDES"].vendor.organization
    user = create(world, "platform_admin", andes, "vendor_manager")
    assert (user.username, user.membership.role, user.membership.organization) == (
        "new.person",
        "vendor_manager",
        andes,
    )
    assert not user.has_usable_password()
    with activate(world.system):
        entry = newest(world.system, andes.pk)
    assert (entry.action, entry.object_id) == ("user.created", str(user.uuid))
    assert entry.changes["role"] == [None, "vendor_manager"]


@pytest.mark.parametrize("role", ["vendor_manager", "programme_manager", "platform_admin", "auditor"])
def test_a_vendor_manager_cannot_grant_client_roles_or_its_own(world: World, role: str) -> None:
    with pytest.raises(Forbidden):
        create(world, "andes_vendor_manager", world.vendors["ANDES"].vendor.organization, role)


def test_a_vendor_manager_cannot_reach_other_organizations(world: World) -> None:
    for organization in (world.vendors["BORAL"].vendor.organization, world.client):
        with pytest.raises(NotFound):
            create(world, "andes_vendor_manager", organization, "vendor_supervisor")


@pytest.mark.parametrize(
    "by", ["programme_manager", "contract_finance", "auditor", "andes_vendor_supervisor", "andes_agent"]
)
def test_others_create_nobody(world: World, by: str) -> None:
    with pytest.raises(Forbidden):
        create(world, by, world.vendors["ANDES"].vendor.organization, "vendor_supervisor")


def test_rival_people_do_not_exist(world: World) -> None:
    rival = world.users["boral_vendor_supervisor"].uuid
    with activate(world.scope("andes_vendor_manager")) as scope:
        for act in (
            lambda: services.user_change_role(scope=scope, uuid=rival, role="vendor_qa"),
            lambda: services.user_deactivate(scope=scope, uuid=rival),
            lambda: services.user_activate(scope=scope, uuid=rival),
            lambda: services.user_change(scope=scope, uuid=rival, values={"email": "x@example.com"}),
            lambda: services.user_reset_mfa(scope=scope, uuid=rival),
            lambda: services.invitation_make(scope=scope, uuid=rival),
            lambda: selectors.user_get(scope=scope, uuid=rival),
        ):
            with pytest.raises(NotFound):
                act()
        assert {m.organization_id for m in selectors.user_list(scope=scope)} == {scope.organization_id}
    assert User.objects.get(uuid=rival).is_active


def test_a_manager_is_not_a_managers_to_change(world: World) -> None:
    other = create(world, "platform_admin", world.vendors["ANDES"].vendor.organization, "vendor_manager")
    with activate(world.scope("andes_vendor_manager")) as scope:
        with pytest.raises(Forbidden):
            services.user_deactivate(scope=scope, uuid=other.uuid)
        with pytest.raises(Forbidden):
            services.user_change_role(scope=scope, uuid=world.users["andes_vendor_qa"].uuid, role="vendor_manager")


def test_nobody_manages_their_own_account(world: World) -> None:
    with activate(world.scope("platform_admin")) as scope:
        for act in (services.user_deactivate, services.user_activate, services.user_reset_mfa):
            with pytest.raises(Forbidden):
                act(scope=scope, uuid=world.users["platform_admin"].uuid)


def test_user_names_differ_by_more_than_case(world: World) -> None:
    andes = world.vendors["ANDES"].vendor.organization
    create(world, "platform_admin", andes, "vendor_qa", "Some.One")
    with pytest.raises(Invalid):
        create(world, "platform_admin", andes, "vendor_qa", "some.ONE")


@pytest.mark.parametrize("name", ["", "with space", "a" * 151])
def test_a_user_name_must_fit(world: World, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        create(world, "platform_admin", world.client, "auditor", name)
    assert "username" in refused.value.fields


def test_a_weak_password_is_refused(world: World) -> None:
    with activate(world.scope("platform_admin")) as scope:
        for password in ("short", "password1234"):
            with pytest.raises(Invalid) as refused:
                services.user_create(
                    scope=scope, organization_id=world.client.pk, username="x", role="auditor", password=password
                )
            assert "password" in refused.value.fields


def test_an_agents_log_in_needs_its_agent(world: World) -> None:
    andes = world.vendors["ANDES"]
    with activate(world.scope("andes_vendor_manager")) as scope:
        with pytest.raises(Invalid):
            services.user_create(scope=scope, organization_id=andes.vendor.pk, username="a.one", role="agent")
        with pytest.raises(Invalid):
            services.user_create(
                scope=scope, organization_id=andes.vendor.pk, username="a.one", role="vendor_qa", agent_id=1
            )
        user = services.user_create(
            scope=scope,
            organization_id=andes.vendor.pk,
            username="a.one",
            role="agent",
            agent_id=andes.agents[1].pk,
        )
    assert user.membership.agent_id == andes.agents[1].pk


def test_a_service_account_has_no_password(world: World) -> None:
    with activate(world.scope("andes_vendor_manager")) as scope:
        user = services.user_create(
            scope=scope,
            organization_id=scope.organization_id,
            username="feed",
            role="api_client",
            password=GOOD,
        )
        assert user.is_service
        assert not user.has_usable_password()
        with pytest.raises(Conflict):
            services.invitation_make(scope=scope, uuid=user.uuid)
        with pytest.raises(Invalid):
            services.user_change_role(scope=scope, uuid=user.uuid, role="vendor_qa")


def test_a_changed_role_counts_at_once_and_is_recorded(world: World) -> None:
    user = world.users["andes_vendor_qa"]
    with activate(world.scope("andes_vendor_manager")) as scope:
        services.user_change_role(scope=scope, uuid=user.uuid, role="vendor_supervisor")
        entry = newest(scope, scope.organization_id)
    assert (entry.action, entry.changes) == ("user.role_changed", {"role": ["vendor_qa", "vendor_supervisor"]})
    assert world.scope("andes_vendor_qa").can("calls.import")


def test_an_agent_who_gets_another_role_is_no_agent_any_more(world: World) -> None:
    with activate(world.scope("andes_vendor_manager")) as scope:
        services.user_change_role(scope=scope, uuid=world.users["andes_agent"].uuid, role="vendor_qa")
    assert world.scope("andes_agent").agent_id is None


def test_deactivation_ends_sessions_and_tokens(world: World, client_of: object) -> None:
    user = world.users["andes_vendor_supervisor"]
    client = client_of("andes_vendor_supervisor")  # type: ignore[operator]
    client.get("/accounts/profile/")
    with activate(world.scope("andes_vendor_supervisor")) as scope:
        services.token_create(scope=scope, name="t", permissions=["kpis.view"], expires_at=NOW.replace(month=9))
    assert Session.objects.count() == 1
    with activate(world.scope("andes_vendor_manager")) as scope:
        services.user_deactivate(scope=scope, uuid=user.uuid)
        services.user_deactivate(scope=scope, uuid=user.uuid)
        entries = Entry.objects.visible_to(scope).filter(action="user.deactivated")
        assert entries.count() == 1
    assert Session.objects.count() == 0
    assert ApiToken.objects.get(user=user).revoked_at == NOW
    assert selectors.scope_of_user(user=User.objects.get(pk=user.pk), at=NOW) is None
    with activate(world.scope("andes_vendor_manager")) as scope:
        services.user_activate(scope=scope, uuid=user.uuid)
    assert ApiToken.objects.get(user=user).revoked_at == NOW


def test_a_lost_second_factor_is_reset_by_who_manages(world: World) -> None:
    user = world.users["andes_vendor_qa"]
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with activate(world.scope("andes_vendor_manager")) as scope:
        assert selectors.has_mfa(user=user)
        services.user_reset_mfa(scope=scope, uuid=user.uuid)
        assert not selectors.has_mfa(user=user)
        assert newest(scope, scope.organization_id).action == "user.mfa_reset"


@pytest.mark.parametrize("field", ["role", "is_staff", "is_superuser", "organization", "password", "username", "uuid"])
def test_only_name_and_address_are_changed_by_name(world: World, field: str) -> None:
    user = world.users["andes_vendor_qa"]
    with activate(world.scope("andes_vendor_manager")) as scope, pytest.raises(Invalid):
        services.user_change(scope=scope, uuid=user.uuid, values={field: "1"})
    assert Membership.objects.get(user=user).role == "vendor_qa"


def test_preferences_are_ones_own(world: World) -> None:
    with activate(world.scope("andes_agent")) as scope:
        services.user_set_preferences(scope=scope, language="zh-hans", theme="dark", display_name=" Ana ")
        for wrong in ({"language": "xx"}, {"theme": "pink"}, {"display_name": "  "}):
            with pytest.raises(Invalid):
                services.user_set_preferences(scope=scope, **wrong)
    user = User.objects.get(username="andes_agent")
    assert (user.language, user.theme, user.display_name) == ("zh-hans", "dark", "Ana")
    with activate(world.system), pytest.raises(NotFound):
        services.user_set_preferences(scope=world.system, theme="dark")


def test_the_first_organization_is_made_by_the_platform(db: None) -> None:
    scope = selectors.system_scope(reason="first start", at=NOW)
    with activate(scope):
        client = services.organization_create(scope=scope, side="client", name="Lumora")
    scope = selectors.system_scope(reason="first start", at=NOW)
    assert scope.organization_id == client.pk
    with activate(scope):
        assert newest(scope, client.pk).action == "organization.created"
        with pytest.raises(Conflict):
            services.organization_create(scope=scope, side="client", name="Another")
        services.organization_create(scope=scope, side="vendor", name="Andes")


def test_a_vendor_makes_no_organization(world: World) -> None:
    with activate(world.scope("andes_vendor_manager")) as scope, pytest.raises(Forbidden):
        services.organization_create(scope=scope, side="vendor", name="Another")
