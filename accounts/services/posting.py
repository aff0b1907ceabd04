"""Sends one message to an address that somebody else chose, and nowhere it must not go (W8)."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accounts.calc.addresses import is_loopback, is_public

TIMEOUT_SECONDS = 10.0
LONGEST_URL = 500
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|\n)")
_MOST_STATUS_BYTES = 1024
# Letters, digits and dots, or an IPv6 address; what else resolvers accept is decided when they answer.
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+", re.I)


class Refused(Exception):
    """The message was not sent or not answered; the text is one of the words in ``accounts.wording``."""


def url_parts(url: str) -> SplitResult:
    """Return the parts of an address that may be sent to, as far as that can be told without asking its name.

    Raises:
        ValueError: Another scheme or port, a name and password, a fragment, or no host.
    """
    parts = urlsplit(url)
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("url")
    if parts.username is not None or parts.password is not None or parts.fragment or not parts.hostname:
        raise ValueError("url")
    if not _HOST.fullmatch(parts.hostname):
        raise ValueError("host")
    ports = {"https": 443, **({"http": 80} if settings.WEBHOOK_HTTP_ALLOWED else {})}
    if settings.WEBHOOK_LOOPBACK_ALLOWED and parts.hostname in ("localhost", "127.0.0.1", "::1"):
        return parts
    if parts.scheme not in ports or (parts.port or ports[parts.scheme]) != ports[parts.scheme]:
        raise ValueError("scheme or port")
    return parts


def message_post(*, url: str, body: bytes, headers: Mapping[str, str], timeout_seconds: float = TIMEOUT_SECONDS) -> int:
    """Send a message and return the HTTP status of the answer; nothing else of the answer is read.

    The name is asked once, every address that it has is judged, and the connection is made to the one that was
    judged, so that a name which changes its mind meanwhile gains nothing. Redirects are not followed, proxies not
    used. All of it, the asking for the name apart, takes ``timeout_seconds`` at most, however slowly the other side
    talks.

    Raises:
        Refused: The address is not allowed, or nobody answered in time and in HTTP.
    """
    try:
        parts = url_parts(url)
    except ValueError as error:
        raise Refused("address_refused") from error
    # Judged above: one of the two, with its own port, or a test's.
    secure = parts.scheme == "https"
    connection = _Pinned(parts.hostname or "", parts.port or (443 if secure else 80), secure, timeout_seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body=body, headers=dict(headers))
        return connection.status_read()
    except TimeoutError as error:
        raise Refused("timeout") from error
    except ssl.SSLError as error:
        raise Refused("tls") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refused("unreachable") from error
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was judged, and keeps one deadline for all it does."""

    def __init__(self, host: str, port: int, secure: bool, timeout_seconds: float) -> None:
        super().__init__(host, port, timeout=timeout_seconds)
        self.secure = secure
        self.default_port = 443 if secure else 80
        self.timeout_seconds = timeout_seconds

    def connect(self) -> None:
        addresses = _addresses(self.host, self.port)
        self.deadline = time.monotonic() + self.timeout_seconds
        plain = self.sock = self._reached(addresses)
        if self.secure:
            plain.settimeout(self._left())
            # The certificate is the name's, whatever address the name has.
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        self.sock.settimeout(self._left())

    def _reached(self, addresses: list[str]) -> socket.socket:
        """Return a connection to the first of the addresses that answers."""
        for address in addresses[:-1]:
            try:
                return socket.create_connection((address, self.port), timeout=self._left() / 2)
            except OSError:
                continue
        return socket.create_connection((addresses[-1], self.port), timeout=self._left())

    def status_read(self) -> int:
        """Return the status of the answer."""
        said = b""
        while b"\n" not in said and len(said) < _MOST_STATUS_BYTES:
            self.sock.settimeout(self._left())
            more = self.sock.recv(_MOST_STATUS_BYTES - len(said))
            if not more:
                break
            said += more
        found = _STATUS_LINE.match(said)
        if found is None:
            raise Refused("not_http")
        return int(found[1])

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a name; one that must not be reached spoils them all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("name_unknown") from error
    addresses = list(dict.fromkeys(str(address[0]) for _family, _type, _protocol, _name, address in found))
    if not addresses or not all(_may_reach(address) for address in addresses):
        raise Refused("address_refused")
    return addresses


def _may_reach(address: str) -> bool:
    return is_public(address) or (settings.WEBHOOK_LOOPBACK_ALLOWED and is_loopback(address))
