"""A file's way through the pages: upload, what is wrong with it, confirm, what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from audit.models import Entry
from calls import services
from calls.models import Batch, BatchState, Call
from core.scope import activate
from tests.calls.pages import batch_row, call_row, csv_of, loaded, upload, work
from tests.world import World

Clients = Callable[[str], Client]

THREE_BAD = [
    *(call_row(n) for n in range(7)),
    call_row(7, queue="NOWHERE"),
    call_row(8, offered_at="yesterday"),
    call_row(9, wait_seconds="=1+1"),
]


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of each test apart."""
    settings.UPLOAD_ROOT = tmp_path


def test_a_file_with_three_bad_rows_is_named_confirmed_and_loaded(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_supervisor")
    received = upload(client, csv_of(THREE_BAD))
    assert received.status_code == 302
    page = received["Location"]
    assert b"In line to be checked" in client.get(page).content
    assert client.get(f"{page}progress/").status_code == 200
    work(world.system)
    assert client.get(f"{page}progress/")["HX-Refresh"] == "true"
    checked = client.get(page).content.decode()
    for named in ("There is no queue “NOWHERE”", "“yesterday” cannot be read as a time", "“=1+1” is not a duration"):
        assert named in checked
    assert "Load 7 good rows" in checked
    assert "june.csv" in checked
    with activate(world.system):
        assert Call.objects.visible_to(world.system).count() == 0
    assert client.post(f"{page}confirm/").status_code == 302
    work(world.system)
    result = client.get(page).content.decode()
    assert "What became of the rows" in result
    with activate(world.system):
        batch = Batch.objects.visible_to(world.system).get()
        assert services.account_of(batch) == {
            "read": 10, "new": 7, "updated": 0, "unchanged": 0, "superseded": 0, "duplicate": 0, "rejected": 3,
        }  # fmt: skip
        assert Call.objects.visible_to(world.system).count() == 7
        actions = list(Entry.objects.visible_to(world.system).order_by("sequence").values_list("action", flat=True))
        assert actions == ["batch.received", "batch.confirmed", "batch.loaded"]
    calls = client.get(f"/calls/?import={batch.uuid}").content.decode()
    assert "7 rows" in calls


def test_the_same_file_again_is_answered_with_the_first_one(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    first = upload(client, csv_of([call_row(1)]))
    again = upload(client, csv_of([call_row(1)]), name="other-name.csv")
    assert again.status_code == 422
    words = again.content.decode()
    assert "This file was received already on" in words
    assert first["Location"] in words
    while services.batch_check(scope=world.system) is not None:
        pass
    waiting = upload(client, csv_of([call_row(1)])).content.decode()
    assert f'<a href="{first["Location"]}">import no. 1</a>' in waiting
    assert "waits for a confirmation: confirm or discard it" in waiting
    # A rival's same bytes are another matter and tell nothing.
    assert upload(client_of("boral_vendor_manager"), csv_of([call_row(1)])).status_code == 302


def test_rejected_rows_leave_as_a_file_without_formulas(world: World, client_of: Clients) -> None:
    batch = loaded(world, THREE_BAD)
    client = client_of("andes_vendor_supervisor")
    page = f"/calls/imports/{batch.uuid}/errors/"
    assert client.get(page).status_code == 200
    answer = client.get(f"{page}?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].split(",")[:2] == ["Line", "Column"]
    assert len(lines) == 4
    assert "'=1+1" in lines[3]
    sheet = client.get(f"{page}?export=xlsx")
    assert b"".join(sheet.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    sheet.close()


def test_what_is_too_large_is_refused_before_it_is_kept(world: World, client_of: Clients, settings: Settings) -> None:
    client = client_of("andes_vendor_manager")
    settings.UPLOAD_MAX_BYTES = 1000
    said = upload(client, b"x" * 2000)
    assert said.status_code == 422
    assert "larger than" in said.content.decode()
    assert upload(client, b"x" * 2_000_000).status_code == 400
    assert upload(client, b"").status_code == 422
    with activate(world.system):
        assert not Batch.objects.visible_to(world.system).exists()
    assert not [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()]


def test_the_client_names_the_vendor_and_a_profile_must_be_its_own(world: World, client_of: Clients) -> None:
    client = client_of("programme_manager")
    assert upload(client, csv_of([call_row(1)])).status_code == 422
    boral = world.vendors["BORAL"].vendor
    with activate(world.system):
        profile = services.profile_save(
            scope=world.system,
            vendor_id=boral.pk,
            name="Nightly",
            document={"fields": {n: n for n in ("external_id", "queue", "offered_at", "outcome")}},
        )
    andes = str(world.vendors["ANDES"].vendor.uuid)
    mixed = upload(client, csv_of([call_row(1)]), vendor=andes, profile=str(profile.uuid))
    assert mixed.status_code == 422
    assert "belongs to another vendor" in mixed.content.decode()
    right = upload(client, csv_of([call_row(1)]), vendor=str(boral.uuid), profile=str(profile.uuid))
    assert right.status_code == 302
    with activate(world.system):
        batch = Batch.objects.visible_to(world.system).get()
        assert (batch.vendor_id, batch.profile_id) == (boral.pk, profile.pk)


def test_canceled_refused_and_set_aside_files_say_why_and_what_next(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    page = upload(client, csv_of([call_row(1)]))["Location"]
    assert client.post(f"{page}cancel/").status_code == 302
    assert "Nothing of this file was loaded" in client.get(page).content.decode()
    assert client.post(f"{page}confirm/").status_code == 409

    page = upload(client, b"a;b\n1;2\n")["Location"]
    work(world.system)
    assert "Columns are missing: external_id, queue, offered_at, outcome" in client.get(page).content.decode()

    page = upload(client, csv_of([call_row(2)]))["Location"]
    with activate(world.system):
        Batch.objects.visible_to(world.system).filter(state=BatchState.RECEIVED).update(
            state=BatchState.QUARANTINED, problem="failed_three_times", is_open_or_loaded=False
        )
    assert "failed three times" in client.get(page).content.decode()
    assert "set aside" in client.get("/calls/imports/").content.decode()
    assert client.post(f"{page}retry/").status_code == 302
    work(world.system)
    assert "Load 1 good row" in client.get(page).content.decode()


def test_an_encoding_that_was_guessed_asks_for_a_look(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    content = csv_of([call_row(1, external_id="通话一")]).decode().encode("gb18030")
    page = upload(client, content)["Location"]
    work(world.system)
    words = client.get(page).content.decode()
    assert "The encoding was guessed" in words
    assert "gb18030" in words
    assert "通话一" in words.split("How the first lines read")[1]


def test_foreign_and_unknown_imports_look_alike(world: World, client_of: Clients) -> None:
    batch = batch_row(world, 1)
    rival = client_of("boral_vendor_manager")
    unknown = "/calls/imports/00000000-0000-4000-8000-000000000000/"
    for tail in ("", "progress/", "errors/", "errors/?export=csv"):
        foreign = rival.get(f"/calls/imports/{batch.uuid}/{tail}")
        missing = rival.get(f"{unknown}{tail}")
        assert foreign.status_code == missing.status_code == 404
    for tail in ("confirm/", "cancel/", "retry/"):
        assert rival.post(f"/calls/imports/{batch.uuid}/{tail}").status_code == 404
    assert b"file-1.csv" not in rival.get("/calls/imports/").content


@pytest.mark.parametrize(
    ("username", "may_look", "may_send"),
    [
        ("programme_manager", True, True),
        ("auditor", True, False),
        ("andes_vendor_manager", True, True),
        ("andes_vendor_supervisor", True, True),
        ("andes_vendor_qa", True, False),
        ("andes_agent", False, False),
    ],
)
def test_roles_at_the_imports(world: World, client_of: Clients, username: str, may_look: bool, may_send: bool) -> None:
    batch = batch_row(world, 1)
    client = client_of(username)
    for path in (
        "/calls/imports/",
        f"/calls/imports/{batch.uuid}/",
        "/calls/imports/format/",
        "/calls/imports/template.csv",
    ):
        assert client.get(path).status_code == (200 if may_look else 403), path
    assert client.get("/calls/imports/new/").status_code == (200 if may_send else 403)
    assert client.post(f"/calls/imports/{batch.uuid}/confirm/").status_code == (409 if may_send else 403)


def test_the_list_asks_as_often_for_ten_imports_as_for_twenty(
    world: World, client_of: Clients, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of("programme_manager")
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            batch_row(world, number)
        client.get("/calls/imports/")
        with django_assert_max_num_queries(60) as queries:
            assert client.get("/calls/imports/").content.count(b"file-") >= first + 10
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_says_when_no_worker_comes(world: World, client_of: Clients) -> None:
    batch = batch_row(world, 1, state=BatchState.RECEIVED)
    client = client_of("andes_vendor_supervisor")
    for path in ("", "progress/", "progress/?since=1&done=0", "progress/?since=x&done=y"):
        assert "Waiting for the worker" in client.get(f"/calls/imports/{batch.uuid}/{path}").content.decode()
    with activate(world.system):
        Batch.objects.visible_to(world.system).update(
            state=BatchState.CONFIRMED, rows_read=100, rows_new=40, received_at=datetime.now(UTC)
        )
    early = int(datetime.now(UTC).timestamp()) - 30
    words = client.get(f"/calls/imports/{batch.uuid}/progress/?since={early}&done=20").content.decode()
    assert "Loading the good rows" in words
    assert 'value="40"' in words
    assert "left" in words
    stopped = client.get(f"/calls/imports/{batch.uuid}/progress/?since={early - 60}&done=40").content.decode()
    assert "Waiting for the worker" in stopped
