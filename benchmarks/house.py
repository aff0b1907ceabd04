"""The database that is measured: its own servers with fsync on, a client, five vendors, twenty contracts."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from embedded.servers import Servers

VENDORS = 5
CONTRACTS = 4
ZONE = "Asia/Shanghai"
# What docs/operations.md advises for a server of 4 GB.
SETTINGS = {"shared_buffers": "1GB", "work_mem": "64MB", "maintenance_work_mem": "512MB", "max_wal_size": "8GB"}


class House:
    """Servers in a temporary folder, the schema, and who works there."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="callsteward-bench-", dir=os.environ.get("BENCH_DIR")))
        self.servers = Servers(self.folder, settings=SETTINGS)
        self.servers.start()
        os.environ.update(self.servers.addresses.environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        os.environ["UPLOAD_ROOT"] = str(self.folder / "uploads")
        self._migrate()

    def _migrate(self) -> None:
        import subprocess
        import sys

        owner = os.environ | {"DATABASE_URL": os.environ["DATABASE_OWNER_URL"]}
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0", "--skip-checks"], env=owner, check=True)
        import django

        django.setup()

    def superuser(self) -> Any:
        """Return an autocommitting cursor past every wall."""
        import psycopg2

        connection = psycopg2.connect(host=str(self.servers.addresses.sockets), dbname="callsteward", user="postgres")
        connection.autocommit = True
        return connection.cursor()

    def stop(self) -> None:
        """End the servers and remove their data."""
        self.servers.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def postmaster_pid(self) -> int:
        """The process that all of PostgreSQL's processes descend from."""
        return int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])


def people_make() -> list[int]:
    """Create the client, its vendors, contracts, queues, agents and reasons; return the vendors' ids."""
    from accounts.models import Membership, Organization, User
    from accounts.selectors import system_scope
    from benchmarks.data import AGENTS, QUEUES, REASONS
    from calls.models import CallReason
    from contracts.calc.definition import Definition
    from contracts.models import Contract, Coverage, QueueDefinition, Version
    from core.scope import CLIENT, VENDOR, activate
    from vendors.models import Agent, Queue, Vendor

    client = Organization.objects.create(side=CLIENT, name="Bench")
    organizations = [Organization.objects.create(side=VENDOR, name=f"Vendor {n}") for n in range(VENDORS)]
    user = User.objects.create_user(username="bench", password="bench bench bench")
    Membership.objects.create(user=user, organization=client, role="programme_manager")
    with activate(system_scope(reason="bench")):
        for organization in organizations:
            vendor = Vendor.objects.create(
                organization=organization, code=f"V{organization.pk}", name=organization.name
            )
            queues = [Queue.objects.create(vendor=vendor, code=f"Q{n:02}", name=f"Q{n:02}") for n in range(QUEUES)]
            Agent.objects.bulk_create(Agent(vendor=vendor, code=f"A{n:03}", name=f"A{n:03}") for n in range(AGENTS))
            CallReason.objects.bulk_create(
                CallReason(vendor=vendor, code=f"R{n:02}", name=f"R{n:02}") for n in range(REASONS)
            )
            for number in range(CONTRACTS):
                contract = Contract.objects.create(
                    vendor=vendor, code=f"C{number}", name=f"C{number}", zone=ZONE, starts_on=date(2020, 1, 1)
                )
                version = Version.objects.create(
                    vendor=vendor,
                    contract=contract,
                    number=1,
                    effective_from=date(2020, 1, 1),
                    service_hours={str(day): [["00:00", "24:00"]] for day in range(7)},
                )
                for queue in queues[number * 5 : number * 5 + 5]:
                    Coverage.objects.create(vendor=vendor, contract=contract, queue=queue, starts_on=date(2020, 1, 1))
                    QueueDefinition.objects.create(
                        vendor=vendor, contract_version=version, queue=queue, **Definition().as_dict()
                    )
                version.state, version.submitted_by_id, version.signed_by_id = "signed", 1, 2
                version.save()
    return [organization.pk for organization in organizations]
