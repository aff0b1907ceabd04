"""How a call's id stands in an address."""

from __future__ import annotations

import base64
import binascii
import re

# What browsers, proxies and servers all leave as it is. Phone systems write much else into an id, a slash and a percent
# sign too, and a segment of dots would be taken for a step up.
_PLAIN = re.compile(r"(?!\.+\Z)[A-Za-z0-9._:@-]+")
_COVERED = "~"


class CallIdConverter:
    """One segment of a path for any id: as it is where that is safe, else ``~`` and its UTF-8 in base64url.

    >>> CallIdConverter().to_url("20260301-000001"), CallIdConverter().to_url("../a")
    ('20260301-000001', '~Li4vYQ')
    >>> CallIdConverter().to_python("~Li4vYQ")
    '../a'
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the id that a segment stands for.

        Raises:
            ValueError: It stands for none, or is not the one way to write it.
        """
        if not value.startswith(_COVERED):
            return value
        text = value.removeprefix(_COVERED)
        try:
            found = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True).decode()
        except (binascii.Error, UnicodeError) as error:
            raise ValueError(value) from error
        if self.to_url(found) != value:
            raise ValueError(value)
        return found

    def to_url(self, value: str) -> str:
        """Return the segment."""
        if _PLAIN.fullmatch(value):
            return value
        return _COVERED + base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
