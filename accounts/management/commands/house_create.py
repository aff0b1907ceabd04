"""Creates the client organization and its first administrator, and prints the link to set the password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import selectors, services
from accounts.management.commands.invite import link_of
from core.errors import HouseError
from core.scope import CLIENT, activate


class Command(BaseCommand):
    """The first command on an empty database, once it is migrated."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="name of the enterprise")
        parser.add_argument("--admin", metavar="USERNAME", required=True, help="its first administrator")
        parser.add_argument("--email", default="", help="the administrator's address")
        parser.add_argument("--address", default="", help="https://… under which people reach the product")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        reason = "manage.py house_create"
        try:
            nobody = selectors.system_scope(reason=reason)
            with activate(nobody):
                client = services.organization_create(scope=nobody, side=CLIENT, name=options["name"])
            scope = selectors.system_scope(reason=reason)
            with activate(scope):
                user = services.user_create(
                    scope=scope,
                    organization_id=client.pk,
                    username=options["admin"],
                    display_name=options["admin"],
                    email=options["email"],
                    role="platform_admin",
                )
                uid, key = services.invitation_make(scope=scope, uuid=user.uuid)
        except HouseError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(link_of(uid, key, options["address"]))
