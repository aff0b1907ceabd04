"""The interface holds its own document, whatever a vendor's program sends (D6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.access.house import House

EXAMPLES_EACH = 30
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@pytest.fixture
def connection_kept() -> Iterator[None]:
    """The server closes its connection around each request; this one's holds the test's data."""
    around = (request_started, request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    yield
    for signal in around:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("connection_kept")
def test_answers_are_as_documented(standing: House, subtests: pytest.Subtests) -> None:
    headers = {"Authorization": f"Token {standing.keys['andes_api']}"}
    document = schemathesis.openapi.from_wsgi("/api/v1/schema", WSGIHandler(), headers=headers)
    tried = 0

    def call(case: Any) -> None:
        nonlocal tried
        tried += 1
        cache.clear()
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    for found in document.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        fuzz = settings(
            max_examples=EXAMPLES_EACH,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        with subtests.test(operation.label):
            fuzz(given(case=operation.as_strategy())(call))()
    assert tried >= 300
