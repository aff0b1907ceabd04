"""A receiver of webhooks as somebody else would write one: real sockets on loopback, checks the signature itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Receiver:
    """What came in, and what is answered.

    Attributes:
        url: Where it listens.
        status: The answer; a function decides by the number of the request.
        delay_seconds: How long it lets the sender wait.
        messages: Bodies with their headers, in order of arrival.
    """

    url: str = ""
    status: int = 204
    location: str = ""
    delay_seconds: float = 0
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Ids of the events as they came in, repetitions too."""
        return [headers["Callsteward-Event"] for headers, _body in self.messages]

    @property
    def bodies(self) -> list[Any]:
        """What the messages say."""
        return [json.loads(body) for _headers, body in self.messages]


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check a signature in the way that docs/operations.md shows."""
    parts = [part.split("=", 1) for part in headers["Callsteward-Signature"].split(",")]
    wanted = hmac.new(secret.encode(), dict(parts)["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return any(name == "v1" and hmac.compare_digest(wanted, value) for name, value in parts)


@contextmanager
def receiving(certificate: Path | None = None) -> Iterator[Receiver]:
    """Listen on a free port of loopback while the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.messages.append((dict(self.headers), body))
            time.sleep(receiver.delay_seconds)
            try:
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                pass  # the sender did not wait

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    receiver.url = f"{scheme}://localhost:{server.server_address[1]}/hook?of=test"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
