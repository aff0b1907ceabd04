"""Starts the suite's own PostgreSQL and Valkey before any setting is read (loaded by ``-p tests.servers``)."""

from embedded.servers import start_for_tests

start_for_tests()
