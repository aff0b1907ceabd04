"""Starts the suite's own PostgreSQL and Valkey before any setting is read (loaded by ``-p tests.servers``)."""

import os

from embedded.servers import start_for_tests

start_for_tests()
# A cache for each worker: tests empty it, and look whether anything stands in it that should not.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["CACHE_URL"] = os.environ["CACHE_URL"].replace("db=1", f"db={1 + _worker}")
