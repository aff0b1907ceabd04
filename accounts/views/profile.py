"""What everybody sets and sees about themselves: profile, language, theme, sessions."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import PreferencesForm, mark_refused
from accounts.middleware import language_remember
from accounts.models import ROLE_LABELS
from core.components import Action, Fact
from core.errors import Invalid
from core.http import scope_of, zone_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show who one is here, and set name, language and theme."""
    scope = scope_of(request)
    user = selectors.user_acting(scope=scope)
    initial = {"display_name": user.display_name, "language": user.language, "theme": user.theme}
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.user_set_preferences(scope=scope, **form.cleaned_data)
        except Invalid as refusal:
            mark_refused(form, refusal)
        else:
            request.user = user
            messages.success(request, _("Your profile is saved."))
            response = redirect("accounts:profile")
            response.set_cookie("theme", user.theme or "system", max_age=365 * 24 * 3600, samesite="Lax")
            return response
    has_mfa = selectors.has_mfa(user=user)
    return render(
        request,
        "accounts/profile.html",
        {
            "title": _("Profile"),
            "form": form,
            "has_mfa": has_mfa,
            "facts": [
                Fact(_("User name"), user.username),
                Fact(_("Organization"), scope.organization_name),
                Fact(_("Role"), ROLE_LABELS.get(scope.role, scope.role)),
                Fact(_("Two-step sign-in"), _("on") if has_mfa else _("off")),
            ],
        },
        status=422 if form.errors else 200,
    )


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language: for good for who is signed in, for this browser otherwise."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Invalid("language_unknown", _("There is no such language."))
    scope = getattr(request, "scope", None)
    if scope is not None:
        request.user = services.user_set_preferences(scope=scope, language=language)
    translation.activate(language)
    response = redirect(_safe_next(request))
    language_remember(response, language)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that the page already shows."""
    services.user_set_preferences(scope=scope_of(request), theme=request.POST.get("theme", ""))
    return HttpResponse(status=204)


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in."""
    scope = scope_of(request)
    return render(
        request,
        "accounts/sessions.html",
        {
            "title": _("Sessions"),
            "intro": _("Where you are signed in. End what you do not know, then change your password."),
            "action": Action(_("End all other sessions"), reverse("accounts:sessions_end_others"), "logout", post=True),
            "sessions": selectors.session_list(scope=scope),
            "current_key": request.session.session_key,
            "zone": zone_of(scope),
        },
    )


@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one session."""
    services.session_end(scope=scope_of(request), session_id=session_id)
    messages.success(request, _("The session has ended."))
    return redirect("usersessions_list")


@require_POST
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    services.sessions_end_others(scope=scope_of(request), keep=request.session.session_key or "")
    messages.success(request, _("All other sessions have ended."))
    return redirect("usersessions_list")


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"
