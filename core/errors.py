"""Errors that the interfaces translate into an answer; services raise them, nobody else formats them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _


class HouseError(Exception):
    """Base of every refusal; ``code`` is stable, ``message`` is for people and names the remedy."""

    status = 400

    def __init__(self, code: str, message: str, *, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = dict(details or {})


class Invalid(HouseError):
    """The input cannot be right; ``fields`` names what to mend."""

    status = 422

    def __init__(
        self, code: str, message: str, *, fields: Mapping[str, Sequence[str]] | None = None, **details: object
    ) -> None:
        super().__init__(code, message, details=details)
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}


class BadParameter(HouseError):
    """A parameter of an address is unknown, cannot be read or names nothing; ``details`` names it."""

    def __init__(self, parameter: str, message: str, code: str = "bad_parameter") -> None:
        super().__init__(code, message, details={"parameter": parameter})


class NotFound(HouseError):
    """There is no such object in the caller's scope; a foreign one looks the same."""

    status = 404

    def __init__(self, message: str = "Not found.") -> None:
        super().__init__("not_found", message)


class Forbidden(HouseError):
    """The object is visible, the action is not this role's; ``permission`` names what is missing."""

    status = 403

    def __init__(self, message: str = "", *, permission: str = "") -> None:
        details = {"permission": permission} if permission else None
        super().__init__("forbidden", message or _("Your role does not allow this."), details=details)
        self.permission = permission


class Conflict(HouseError):
    """The object is no longer in the state that the caller saw, or a step was skipped."""

    status = 409


class TooMany(HouseError):
    """The action is allowed, only not so often."""

    status = 429


class ScopeMissing(RuntimeError):
    """Code reached tenant data without saying for whom; always a bug of the caller, never to be caught."""
