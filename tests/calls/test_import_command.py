"""What ``manage.py import_calls`` says of a file, and when it fails."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from audit.models import Entry
from calls.models import Batch
from core.scope import activate
from tests.calls.pages import call_row, csv_of
from tests.world import World


def run(path: Path, content: bytes, *, vendor: str = "ANDES") -> tuple[str, str]:
    """Import a file and return what was said aloud and as an error."""
    path.write_bytes(content)
    said, wrong = StringIO(), StringIO()
    try:
        call_command("import_calls", str(path), vendor=vendor, stdout=said, stderr=wrong)
    except CommandError as error:
        return said.getvalue(), f"{wrong.getvalue()}exit {error.returncode}: {error}"
    return said.getvalue(), wrong.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the file stands."""
    return tmp_path / "june.csv"


def page_of(world: World) -> str:
    with activate(world.system):
        return f"/calls/imports/{Batch.objects.visible_to(world.system).get().uuid}/"


def test_good_rows_are_counted_and_bad_ones_explained(committed_world: World, file: Path) -> None:
    rows = [call_row(1), *(call_row(number, queue="NOWHERE") for number in range(2, 14))]
    said, wrong = run(file, csv_of(rows))
    assert "13 read, 1 new" in said
    assert "12 rejected" in said
    lines = wrong.strip().splitlines()
    assert lines[0] == ("line 3, queue: There is no queue “NOWHERE”. Correct the code, or create the queue first.")
    assert len(lines) == 11
    assert lines[10] == f"and 2 more; the import's page, {page_of(committed_world)}, has the file of all"


def test_nothing_loaded_is_a_failure(committed_world: World, file: Path) -> None:
    said, wrong = run(file, csv_of([call_row(1, queue="NOWHERE")]))
    assert said == ""
    assert "There is no queue “NOWHERE”." in wrong
    assert "exit 1: Import #1 of june.csv: 1 read" in wrong
    assert wrong.endswith("1 rejected. Nothing was loaded.")


def test_a_refused_file_is_explained(committed_world: World, file: Path) -> None:
    _said, wrong = run(file, b"some,other,columns\n1,2,3\n")
    assert "exit 1: Import #1 of june.csv was not loaded." in wrong
    assert "{" not in wrong


def test_a_guessed_encoding_waits_for_a_look(committed_world: World, file: Path) -> None:
    text = csv_of([call_row(number, ivr_path="销售热线，退货与换货") for number in range(20)]).decode()
    said, wrong = run(file, text.encode("gb18030"))
    assert said == ""
    assert "its encoding was guessed as gb" in wrong.lower()
    assert f"confirm it on its page, {page_of(committed_world)}, or " in wrong
    assert "--profile" in wrong
    assert "{" not in wrong
    _said, again = run(file, text.encode("gb18030"))
    assert f"confirm or discard it. Its page: {page_of(committed_world)}" in again


def test_an_unknown_vendor_is_told_with_those_there_are(committed_world: World, file: Path) -> None:
    _said, wrong = run(file, csv_of([call_row(1)]), vendor="NOPE")
    assert "exit 1: There is no vendor NOPE; known ones: ANDES, BORAL." in wrong


def test_a_file_is_taken_out_of_its_seal_as_it_came_and_that_is_recorded(committed_world: World, file: Path) -> None:
    content = csv_of([call_row(1)])
    run(file, content)
    target = file.with_name("evidence.csv")
    call_command("import_original", "1", vendor="ANDES", to=target, stdout=StringIO())
    assert target.read_bytes() == content
    assert target.stat().st_mode & 0o777 == 0o600
    with activate(committed_world.system):
        assert Entry.objects.visible_to(committed_world.system).filter(action="batch.opened").count() == 1
    refused = (("1", "ANDES", "there already"), ("2", "ANDES", "no import"), ("1", "BORAL", "no import"))
    for number, vendor, said in refused:
        with pytest.raises(CommandError, match=said):
            call_command("import_original", number, vendor=vendor, to=target)
    with activate(committed_world.system):
        assert Entry.objects.visible_to(committed_world.system).filter(action="batch.opened").count() == 1


def test_a_file_whose_key_is_gone_is_not_half_taken_out(committed_world: World, file: Path, settings: Settings) -> None:
    run(file, csv_of([call_row(1)]))
    settings.FIELD_KEYS = ["another"]
    with pytest.raises(CommandError, match="FIELD_KEYS"):
        call_command("import_original", "1", vendor="ANDES", to=file.with_name("evidence.csv"))
    assert not file.with_name("evidence.csv").exists()
