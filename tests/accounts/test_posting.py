"""Messages go to public addresses over HTTPS, to the address that was judged, and wait for nobody too long (W8)."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from accounts.calc.addresses import is_public
from accounts.services.posting import Refused, message_post, url_parts
from tests.accounts.receiver import receiving

CLOSED = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.7",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:93.184.215.14", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "100::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1",
    "2606:4700:4700::1111%1", "", "localhost", "127.1", "0x7f.0.0.1",
]  # fmt: skip
OPEN = [
    "93.184.215.14",
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.255.255",
    "2606:4700:4700::1111",
    "2a00:1450::1",
]


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages reach the receivers of the suite."""
    monkeypatch.setattr(settings, "WEBHOOK_LOOPBACK_ALLOWED", True)


def post(url: str, **more: Any) -> int:
    """Send something."""
    return message_post(url=url, body=b"{}", headers={"Callsteward-Event": "1"}, **more)


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Answer questions for names with addresses, each question with the next answer; return who was connected to."""
    asked, connected = iter(answers), []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(asked)]

    def create_connection(address: tuple[str, int], **_: Any) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    return connected


@pytest.mark.parametrize("address", CLOSED)
def test_no_address_of_our_own_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_somebody_else_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [a for a in CLOSED if (a and not a[0].isalpha()) or ":" in a])
def test_a_name_that_leads_inside_is_refused_when_connecting(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = resolver(monkeypatch, [address])
    with pytest.raises(Refused, match="address_refused"):
        post("https://hooks.example.com/in")
    assert connected == []


def test_one_closed_address_among_public_ones_spoils_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = resolver(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Refused, match="address_refused"):
        post("https://hooks.example.com/in")
    assert connected == []


def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = resolver(monkeypatch, ["8.8.8.8", "8.8.4.4"], ["127.0.0.1"])
    with pytest.raises(Refused, match="unreachable"):
        post("https://hooks.example.com/in")
    assert connected == ["8.8.8.8", "8.8.4.4"]
    with pytest.raises(Refused, match="address_refused"):
        post("https://hooks.example.com/in")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "https://hooks.example.com:8443/", "https://user@hooks.example.com/",
        "https://user:secret@hooks.example.com/", "https://hooks.example.com/#part", "ftp://hooks.example.com/",
        "file:///etc/passwd", "gopher://hooks.example.com/", "https://", "hooks.example.com", "", "https:///path",
        "https://hooks.example.com\\@127.0.0.1/", "https://hooks.example.com/\r\nX: y", "https://hooks.example.com/a b",
        "https://hooks.example.com:99999/", "https://例え.jp/", "https://localhost:8000/", "http://127.0.0.1:80/",
        "https://" + "a" * 500 + ".example.com/",
    ],
)  # fmt: skip
def test_addresses_of_another_kind_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        url_parts(url)
    with pytest.raises(Refused, match="address_refused"):
        post(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "localhost", "2130706433", "127.1", "0x7f.1", "[::ffff:7f00:1]"]
)
def test_every_way_to_write_this_machine_is_refused(host: str) -> None:
    with pytest.raises(Refused, match=r"address_refused|name_unknown"):
        post(f"https://{host}/")


def test_plain_http_has_to_be_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WEBHOOK_HTTP_ALLOWED", True)
    assert url_parts("http://hooks.example.com/").scheme == "http"
    for url in ("http://hooks.example.com:443/", "https://hooks.example.com:80/", "http://hooks.example.com:8080/"):
        with pytest.raises(ValueError, match="port"):
            url_parts(url)


def test_a_redirect_is_an_answer_and_not_a_way(loopback: None) -> None:
    with receiving() as first, receiving() as second:
        first.status, first.location = 302, second.url
        assert post(first.url) == 302
    assert len(first.messages) == 1
    assert second.messages == []


def test_a_receiver_that_is_slow_is_left(loopback: None) -> None:
    with receiving() as receiver:
        receiver.delay_seconds = 2
        began = time.monotonic()
        with pytest.raises(Refused, match="timeout"):
            post(receiver.url, timeout_seconds=0.3)
    assert time.monotonic() - began < 1.5


def raw_server(answer: list[bytes], pause_seconds: float = 0) -> str:
    """Listen once and answer byte by byte whatever is given."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as opened:
            opened.recv(4096)
            for piece in answer:
                try:
                    opened.sendall(piece)
                except OSError:
                    return
                time.sleep(pause_seconds)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_a_receiver_that_dribbles_is_left_as_well(loopback: None) -> None:
    began = time.monotonic()
    with pytest.raises(Refused, match="timeout"):
        post(raw_server([b"H"] * 50, pause_seconds=0.1), timeout_seconds=0.5)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n", b"A" * 4096, b"HTTP/1.1 20"])
def test_what_is_not_http_is_no_answer(loopback: None, answer: bytes) -> None:
    with pytest.raises(Refused, match=r"not_http|unreachable"):
        post(raw_server([answer]))


def test_a_name_that_nobody_knows_says_so() -> None:
    with pytest.raises(Refused, match="name_unknown"):
        post("https://no-such-name.invalid/")


def certificate_make(path: Path, name: str) -> Path:
    """Write a certificate that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("name", "is_trusted"), [("localhost", True), ("elsewhere.example", True), ("localhost", False)]
)
def test_the_certificate_must_be_trusted_and_the_names_own(
    loopback: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_trusted: bool
) -> None:
    certificate = certificate_make(tmp_path / "own.pem", name)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving(certificate) as receiver:
        if name == "localhost" and is_trusted:
            assert post(receiver.url) == 204
            assert len(receiver.messages) == 1
            return
        with pytest.raises(Refused, match="tls"):
            post(receiver.url)
    assert receiver.messages == []
