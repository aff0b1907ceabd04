"""Scripts of one line, for tests that need any script."""

from __future__ import annotations

from typing import Any

from core.scope import Scope, activate
from qa import services
from qa.models import Script
from vendors.models import Vendor


def said(text: str, **more: Any) -> list[dict[str, Any]]:
    """Return the lines of a script that says one thing."""
    return [{"stage": "opening", "text": text, **more}]


def script_write(*, scope: Scope, vendor: Vendor, name: str, text: str, **more: Any) -> Script:
    """Write a script of one line at one vendor."""
    return services.script_write(scope=scope, vendors=[vendor], name=name, parts=said(text), **more)[0]


def script_approve(scope: Scope, script: Script) -> Script:
    """Approve a version as somebody of the client."""
    with activate(scope):
        return services.script_review(scope=scope, uuid=script.uuid, expected_version=1, is_approved=True)
