"""The suite runs on a real database under the app's own role; the owner only makes and empties it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection
from django.test import Client

from tests.world import World, world_make


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Create and migrate the database as the owner, then work as the role that owns nothing."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        app_role = connection.settings_dict["USER"]
        connection.settings_dict["USER"] = "callsteward_owner"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
        connection.settings_dict["USER"] = app_role
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()


def superuser() -> psycopg2.extensions.connection:
    """Connect to the test database past every wall, to prepare or inspect what the app may not."""
    settings = connection.settings_dict
    opened = psycopg2.connect(host=settings["HOST"], dbname=settings["NAME"], user="postgres")
    opened.autocommit = True
    return opened


def empty_database() -> None:
    """Empty every table but the migrations', the append-only ones included."""
    with superuser() as opened, opened.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%I', c.relname), ', ') FROM pg_class c "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
            "AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        )
        (tables,) = cursor.fetchone()
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    opened.close()


@pytest.fixture
def real_commits(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For tests whose transactions must really end: other processes, threads, the live server."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        connection.close()
        empty_database()


@pytest.fixture
def world(db: None) -> World:
    """Two rival vendors and their client, each with people in every role, inside the test's transaction."""
    return world_make()


@pytest.fixture
def committed_world(real_commits: None) -> World:
    """The same, committed."""
    return world_make()


@pytest.fixture
def client_of(world: World) -> Iterator[object]:
    """Return a function that gives a browser-like client signed in as a user of the world."""

    def make(username: str) -> Client:
        client = Client()
        client.force_login(world.users[username])
        return client

    return iter([make]).__next__()  # type: ignore[return-value]
