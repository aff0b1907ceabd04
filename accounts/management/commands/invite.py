"""Prints a link with which a person sets a new password; for administrators who cannot sign in any more."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts import selectors, services
from accounts.models import User
from core.errors import HouseError
from core.scope import activate


class Command(BaseCommand):
    """The link works once; the book tells that it was made."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--address", default="", help="https://… under which people reach the product")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        scope = selectors.system_scope(reason="manage.py invite")
        try:
            with activate(scope):
                uid, key = services.invitation_make(scope=scope, uuid=user.uuid)
        except HouseError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(link_of(uid, key, options["address"]))


def link_of(uid: str, key: str, address: str) -> str:
    """Return the whole address under which an invitation is taken up."""
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    address = address or settings.WEB_URL or f"https://{host}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return f"{address.rstrip('/')}{path}"
