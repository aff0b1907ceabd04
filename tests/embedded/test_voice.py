"""What ``make run`` tells at the terminal while its servers complain."""

from __future__ import annotations

from pathlib import Path

import pytest

from embedded.launch import FLOOD_LINES, FLOOD_SECONDS, Voice

COMPLAINT = """\
ERROR django.request Internal Server Error: /
Traceback (most recent call last):
  File "base.py", line 279, in ensure_connection
    self.connect()
    ^^^^^^^^^^^^^^
psycopg2.OperationalError: connection refused

The above exception was the direct cause of the following exception:

django.db.utils.OperationalError: connection refused
""".splitlines()


def test_a_traceback_is_its_message_and_a_flood_its_beginning(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("embedded.launch.time.monotonic", lambda: now)
    voice = Voice(Path("web.log"))
    for line in COMPLAINT:
        voice.hear("web", line)
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(" | ")[2] for line in said] == [COMPLAINT[0], COMPLAINT[5], COMPLAINT[9]]
    for _ in range(500):
        for line in COMPLAINT:
            voice.hear("web", line)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == FLOOD_LINES - 3 + 1
    assert said[-1] == "     web | … goes on in web.log"
    now += FLOOD_SECONDS + 1
    voice.hear("web", "ready again")
    assert capsys.readouterr().out == "     web | ready again\n"
