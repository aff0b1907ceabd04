"""What differs from allauth's ways: nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited; the sign-up page stays shut."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
