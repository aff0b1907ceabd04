"""What was signed stays signed, whoever asks: the database itself refuses, the tables' owner too."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection

from tests.world import World


@pytest.fixture
def owner(committed_world: World) -> Iterator[psycopg2.extensions.connection]:
    """The owner of the tables, in the scope of everybody."""
    settings = connection.settings_dict
    opened = psycopg2.connect(host=settings["HOST"], dbname=settings["NAME"], user="callsteward_owner")
    opened.autocommit = True
    everybody = ",".join(str(v.vendor.pk) for v in committed_world.vendors.values())
    with opened.cursor() as cursor:
        cursor.execute("SELECT set_config('app.vendor_ids', %s, false)", [f"{{{everybody}}}"])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contracts_version SET effective_from = '2025-01-01' WHERE state = 'signed'",
        "UPDATE contracts_version SET state = 'draft' WHERE state = 'signed'",
        "UPDATE contracts_version SET document = '{}' WHERE state = 'signed'",
        "DELETE FROM contracts_version WHERE state = 'signed'",
        "UPDATE contracts_queuedefinition SET threshold_seconds = 60",
        "DELETE FROM contracts_queuedefinition",
        "UPDATE contracts_target SET goal = 0.1",
        "DELETE FROM contracts_target",
        # Not even by way of another version: terms neither leave a signed one nor join it.
        (
            "WITH d AS (SELECT min(id) AS id FROM contracts_version WHERE state = 'draft') "
            "UPDATE contracts_target SET contract_version_id = d.id FROM d"
        ),
        (
            "INSERT INTO contracts_target (vendor_id, contract_version_id, queue_id, kpi, goal, amber, minimum) "
            "SELECT vendor_id, contract_version_id, queue_id, 'aht', 1, 1, 1 FROM contracts_target LIMIT 1"
        ),
        "UPDATE contracts_contract SET zone = 'UTC'",
        "UPDATE contracts_contract SET currency = 'EUR'",
        "TRUNCATE contracts_target",
        "TRUNCATE contracts_queuedefinition",
        "TRUNCATE contracts_version CASCADE",
    ],
)
def test_the_owner_of_the_tables_cannot_change_what_was_signed(
    owner: psycopg2.extensions.connection, committed_world: World, statement: str
) -> None:
    andes = committed_world.vendors["ANDES"]
    with owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contracts_version (vendor_id, uuid, contract_id, number, effective_from, state, "
            "service_hours, change_note, return_note, version) "
            "VALUES (%s, gen_random_uuid(), %s, 2, '2027-01-01', 'draft', '{}', '', '', 1)",
            [andes.vendor.pk, andes.contract.pk],
        )
        with pytest.raises(psycopg2.Error) as refusal:
            cursor.execute(statement)
    assert refusal.value.pgcode == "42501"


def test_a_version_is_not_signed_by_its_submitter_in_the_database_either(
    owner: psycopg2.extensions.connection, committed_world: World
) -> None:
    andes = committed_world.vendors["ANDES"]
    with owner.cursor() as cursor, pytest.raises(psycopg2.IntegrityError, match="second_person"):
        cursor.execute(
            "INSERT INTO contracts_version (vendor_id, uuid, contract_id, number, effective_from, state, "
            "service_hours, change_note, return_note, version, submitted_by_id, signed_by_id) "
            "VALUES (%s, gen_random_uuid(), %s, 2, '2027-01-01', 'signed', '{}', '', '', 1, 7, 7)",
            [andes.vendor.pk, andes.contract.pk],
        )
