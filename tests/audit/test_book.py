"""The book: one unbroken chain for each organization, however many write, and nobody who rewrites it unseen."""

from __future__ import annotations

import json
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction

from audit import selectors, services
from audit.models import Entry
from core.scope import activate
from tests.conftest import superuser
from tests.world import World


def write(world: World, username: str = "andes_vendor_manager", count: int = 1) -> int:
    """Write entries as a user, into the user's own book, and return which book that is."""
    with activate(world.scope(username)) as scope:
        for n in range(count):
            services.record(scope=scope, action="test.written", changes={"n": [n, "né 中文"]})
    return scope.organization_id


def breaks(world: World, book: int) -> list[str]:
    """Return what verifying a book finds."""
    with activate(world.system):
        return list(services.verify(scope=world.system, vendor_id=book))


def tamper(statement: str, *parameters: Any) -> None:
    """Change the book as only a superuser can who first takes the trigger away."""
    opened = superuser()
    with opened.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, parameters)
        assert cursor.rowcount == 1
    opened.close()


def verify_command(*arguments: str) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it printed."""
    out, err = StringIO(), StringIO()
    try:
        call_command("audit_verify", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_entries_are_numbered_and_chained(world: World) -> None:
    book = write(world, count=3)
    with activate(world.system):
        rows = list(Entry.objects.visible_to(world.system).filter(vendor_id=book).order_by("sequence"))
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert [bytes(row.previous_hash) for row in rows] == [bytes(32), *(bytes(row.hash) for row in rows[:-1])]
    assert breaks(world, book) == []


def test_an_entry_stands_or_falls_with_its_deed(world: World) -> None:
    book = write(world)
    with activate(world.scope("andes_vendor_manager")) as scope:
        with transaction.atomic():
            services.record(scope=scope, action="test.undone")
            transaction.set_rollback(True)
        assert not Entry.objects.visible_to(scope).filter(action="test.undone").exists()
    write(world)
    assert breaks(world, book) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_the_app_can_only_add(world: World, statement: str) -> None:
    write(world)
    with activate(world.system), pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(statement)


def test_not_even_the_owner_rewrites(committed_world: World) -> None:
    book = write(committed_world)
    opened = superuser()
    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with opened.cursor() as cursor:
            cursor.execute("SET ROLE callsteward_owner")
            cursor.execute("SELECT set_config('app.vendor_ids', %s, false)", [f"{{{book}}}"])
            with pytest.raises(Exception, match="append-only"):
                cursor.execute(statement)
    opened.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'somebody else'"),
        ("at", "at - interval '1 day'"),
        ("action", "'test.other'"),
        ("changes", "'{\"n\": [1, 3]}'"),
        ("object_label", "'another'"),
        ("role", "'auditor'"),
        ("actor_id", "99"),
        ("hash", "sha256('x')"),
    ],
)
def test_a_changed_entry_is_named(committed_world: World, column: str, value: str) -> None:
    book = write(committed_world, count=5)
    tamper(f"UPDATE audit_entry SET {column} = {value} WHERE vendor_id = %s AND sequence = 3", book)
    found = breaks(committed_world, book)
    assert "entry 3 was changed after it was written" in found
    code, _out, err = verify_command()
    assert code == 1
    assert "Andes Voice Q7X: entry 3 was changed" in err


def test_a_changed_entry_with_a_fresh_hash_breaks_the_next_link(committed_world: World) -> None:
    book = write(committed_world, count=4)
    with activate(committed_world.system):
        entry = Entry.objects.visible_to(committed_world.system).get(vendor_id=book, sequence=2)
    entry.actor = "somebody else"
    digest = services.entry_hash(entry)
    tamper("UPDATE audit_entry SET actor = %s, hash = %s WHERE id = %s", entry.actor, digest, entry.pk)
    assert breaks(committed_world, book) == ["entry 3 does not follow the one before it"]


def test_a_missing_entry_is_named(committed_world: World) -> None:
    book = write(committed_world, count=4)
    tamper("DELETE FROM audit_entry WHERE vendor_id = %s AND sequence = 2", book)
    assert breaks(committed_world, book) == [
        "entries 2 to 2 are missing",
        "entry 3 does not follow the one before it",
    ]


def test_a_cut_off_tail_shows_against_an_exported_head(committed_world: World, tmp_path: Path) -> None:
    book = write(committed_world, count=4)
    code, heads, _err = verify_command("--head")
    assert code == 0
    head = json.loads(heads)
    assert (head["book"], head["sequence"], head["name"]) == (book, 4, "Andes Voice Q7X")
    kept = tmp_path / "heads.jsonl"
    kept.write_text(heads)
    write(committed_world)
    assert verify_command("--against", str(kept))[0] == 0
    opened = superuser()
    with opened.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM audit_entry WHERE vendor_id = %s AND sequence >= 4", [book])
    opened.close()
    assert breaks(committed_world, book) == [], "the chain alone cannot know its own length"
    code, _out, err = verify_command("--against", str(kept))
    assert code == 1
    assert "entry 4 of the exported head is gone" in err


def test_the_command_takes_one_vendor(world: World) -> None:
    write(world, count=2)
    code, out, _err = verify_command("--vendor", "ANDES")
    assert (code, out) == (0, "Andes Voice Q7X: 2 entries, unbroken\n")
    assert verify_command("--vendor", "NONE")[0] == 1
    assert verify_command()[1].count("unbroken") == 3


def test_writers_at_once_keep_one_chain(committed_world: World) -> None:
    world, failures = committed_world, list[BaseException]()
    together = threading.Barrier(6)

    def work(username: str) -> None:
        try:
            together.wait()
            for _n in range(10):
                write(world, username)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    names = ["andes_vendor_manager", "andes_vendor_qa", "andes_vendor_wfm", "andes_agent", "auditor", "client_qa"]
    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for book, count in ((world.vendors["ANDES"].vendor.pk, 40), (world.client.pk, 20)):
        with activate(world.system):
            newest = selectors.head(scope=world.system, vendor_id=book)
        assert newest is not None
        assert newest.sequence == count
        assert breaks(world, book) == []


def test_a_vendor_writes_no_rivals_book(world: World) -> None:
    rival = world.vendors["BORAL"].vendor.pk
    with activate(world.scope("andes_vendor_manager")) as scope, pytest.raises(ProgrammingError), transaction.atomic():
        services.record(scope=scope, action="test.forged", vendor_id=rival)


def test_two_books_do_not_share_numbers(world: World) -> None:
    assert [write(world), write(world, "boral_vendor_manager")] == [
        world.vendors["ANDES"].vendor.pk,
        world.vendors["BORAL"].vendor.pk,
    ]
    with activate(world.system):
        assert set(Entry.objects.visible_to(world.system).values_list("sequence", flat=True)) == {1}
