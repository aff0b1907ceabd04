"""Addresses of accounts: one's own pages, people, and the few of allauth's pages that the house uses."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path, re_path

from accounts.views import notices, organizations, profile, tokens, users, webhooks

pages = [
    path("profile/", profile.profile, name="profile"),
    path("sessions/end-others/", profile.sessions_end_others, name="sessions_end_others"),
    path("sessions/<int:session_id>/end/", profile.session_end, name="session_end"),
    path("tokens/", tokens.TokenList.as_view(), name="token_list"),
    path("tokens/new/", tokens.token_create, name="token_create"),
    path("tokens/<uuid:uuid>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("bell/", notices.bell, name="bell"),
    path("notices/", notices.NoticeList.as_view(), name="notice_list"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/read-all/", notices.notices_read_all, name="notices_read_all"),
    path("notices/wishes/", notices.NoticePreferences.as_view(), name="notice_preferences"),
    path("notices/<uuid:uuid>/", notices.notice_open, name="notice_open"),
    path("webhooks/", webhooks.WebhookList.as_view(), name="webhook_list"),
    path("webhooks/new/", webhooks.webhook_create, name="webhook_create"),
    path("webhooks/<uuid:uuid>/", webhooks.webhook_detail, name="webhook_detail"),
    path("webhooks/<uuid:uuid>/edit/", webhooks.WebhookEdit.as_view(), name="webhook_edit"),
    path("webhooks/<uuid:uuid>/secret/", webhooks.webhook_rotate, name="webhook_rotate"),
    path("webhooks/<uuid:uuid>/test/", webhooks.webhook_test, name="webhook_test"),
    path("webhooks/<uuid:uuid>/delete/", webhooks.webhook_delete, name="webhook_delete"),
    path("people/", users.UserList.as_view(), name="user_list"),
    path("people/new/", users.user_create, name="user_create"),
    path("people/<uuid:uuid>/", users.user_detail, name="user_detail"),
    path("people/<uuid:uuid>/role/", users.user_role, name="user_role"),
    path("people/<uuid:uuid>/deactivate/", users.user_deactivate, name="user_deactivate"),
    path("people/<uuid:uuid>/activate/", users.user_activate, name="user_activate"),
    path("people/<uuid:uuid>/reset-mfa/", users.user_reset_mfa, name="user_reset_mfa"),
    path("people/<uuid:uuid>/invite/", users.user_invite, name="user_invite"),
    path("people/<uuid:uuid>/tokens/new/", users.service_token_create, name="service_token_create"),
    path("sign-in-rules/", organizations.OrganizationList.as_view(), name="organization_list"),
    path("sign-in-rules/second-step/", organizations.second_step_set, name="second_step_set"),
    path("services/", users.ServiceList.as_view(), name="service_list"),
    path("services/new/", users.service_create, name="service_create"),
]

urlpatterns = [
    path("", include((pages, "accounts"))),
    path("language/", profile.set_language, name="set_language"),
    path("theme/", profile.set_theme, name="set_theme"),
    path("sessions/", profile.sessions, name="usersessions_list"),
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]
