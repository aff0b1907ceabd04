"""The interface of transcripts, rules, and what they say of each call."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed, contract_named
from calls.queries import PeriodQuery, VendorQuery, contracts_named, period_of, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.calc.transcript_rows import row_sent
from qa.models import Check, RuleSet, SpeechKind, Transcript, TranscriptImport
from qa.serializers.speech import (
    CheckSerializer,
    RuleSetSerializer,
    TranscriptImportSerializer,
    TranscriptSerializer,
    TranscriptsNewSerializer,
    TranscriptWordsSerializer,
)

TAGS = ["quality"]


class DayPages(Pages):
    """The newest call first."""

    ordering: Any = ("-day", "-pk")


class PublishedPages(Pages):
    """The newest version first."""

    ordering: Any = ("-published_at", "-pk")


class TranscriptQuery(PeriodQuery):
    """Of which calls transcripts are asked for."""

    call = serializers.CharField(required=False, max_length=100, help_text="The call's id.")
    is_waiting = serializers.BooleanField(required=False)


class CheckQuery(PeriodQuery):
    """Of which calls results are asked for."""

    rules = serializers.CharField(required=False, max_length=40, help_text="The rule set's code.")
    failed = serializers.CharField(required=False, max_length=40, help_text="Key of a rule that the call fails.")
    call = serializers.CharField(required=False, max_length=100, help_text="The call's id.")
    is_risky = serializers.BooleanField(required=False)


class RuleSetQuery(VendorQuery):
    """What rules are asked for by."""

    kind = serializers.ChoiceField(required=False, choices=[kind.value for kind in SpeechKind])
    code = serializers.CharField(required=False, max_length=40, help_text="The rule set's code.")
    is_live = serializers.BooleanField(required=False, help_text="True: only what is in use.")


def _of_period(scope: Scope, rows: QuerySet[Any], query: dict[str, Any], contract: str) -> QuerySet[Any]:
    """Return the rows of a vendor, a contract and some local days."""
    first, until = period_of(query)
    rows = rows.filter(day__gte=first, day__lt=until)
    vendor = vendor_named(scope=scope, text=query["vendor"]) if "vendor" in query else None
    if vendor is not None:
        rows = rows.filter(vendor=vendor)
    if "contract" in query:
        found = contracts_named(scope=scope, text=query["contract"], vendor=vendor)
        rows = rows.filter(Q((f"{contract}__in", found.values("pk"))))
    return rows


@extend_schema_view(get=extend_schema(operation_id="transcripts_list", parameters=[TranscriptQuery], tags=TAGS))
class TranscriptListView(ListEndpoint, Deed):
    """Calls in writing, the newest first, without their words; an agent's own."""

    permission = "transcripts.view"
    serializer_class = TranscriptSerializer
    query_class = TranscriptQuery
    pagination_class = DayPages
    body_class, status = TranscriptsNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Transcript]:
        rows = _of_period(scope, selectors.transcript_list(scope=scope), query, "contract_id")
        if "call" in query:
            rows = rows.filter(external_id=query["call"])
        return rows.filter(is_waiting=query["is_waiting"]) if "is_waiting" in query else rows

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        return dict(TranscriptImportSerializer(row, context={"request": request}).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="transcripts_create",
        tags=TAGS,
        summary="Bring transcripts",
        parameters=[IDEMPOTENCY_KEY],
        request=TranscriptsNewSerializer,
        responses={201: TranscriptImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Bring up to 200 transcripts of calls that are here; what reads the same stays, bad rows are told."""
        scope = scope_of(request._request)
        scope.require("transcripts.import")
        contract = contract_named(scope, self.body_read(request))

        def bring(body: dict[str, Any]) -> TranscriptImport:
            rows = [row_sent(f"rows.{at}", row) for at, row in enumerate(body["rows"])]
            return services.transcripts_receive(scope=scope, contract=contract, source="api", rows=rows)

        return self.done_once(request, contract.vendor_id, bring)


@extend_schema_view(get=extend_schema(operation_id="transcripts_retrieve", tags=TAGS))
class TranscriptDetailView(DetailEndpoint):
    """One call in writing, with its words."""

    permission = "transcripts.view"
    serializer_class = TranscriptWordsSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Transcript:
        return selectors.transcript_get(scope=scope, uuid=uuid)


@extend_schema_view(get=extend_schema(operation_id="transcript_imports_retrieve", tags=TAGS))
class TranscriptImportView(DetailEndpoint):
    """The account of what was sent at once."""

    permission = "transcripts.import"
    serializer_class = TranscriptImportSerializer

    def get_row(self, scope: Scope, uuid: Any) -> TranscriptImport:
        return selectors.transcript_import_get(scope=scope, uuid=uuid)


@extend_schema_view(get=extend_schema(operation_id="rule_sets_list", parameters=[RuleSetQuery], tags=TAGS))
class RuleSetListView(ListEndpoint):
    """Published rules and lexicons, the newest version first."""

    permission = "speech.view"
    serializer_class = RuleSetSerializer
    query_class = RuleSetQuery
    pagination_class = PublishedPages

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[RuleSet]:
        rows = selectors.rule_set_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        return rows.filter(**{name: query[name] for name in ("kind", "code", "is_live") if name in query})


@extend_schema_view(get=extend_schema(operation_id="rule_sets_retrieve", tags=TAGS))
class RuleSetDetailView(DetailEndpoint):
    """One published version."""

    permission = "speech.view"
    serializer_class = RuleSetSerializer

    def get_row(self, scope: Scope, uuid: Any) -> RuleSet:
        return selectors.rule_set_get(scope=scope, uuid=uuid)


@extend_schema_view(get=extend_schema(operation_id="checks_list", parameters=[CheckQuery], tags=TAGS))
class CheckListView(ListEndpoint):
    """What the newest version of each rule set says of each call, the newest call first."""

    permission = "speech.view"
    serializer_class = CheckSerializer
    query_class = CheckQuery
    pagination_class = DayPages

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Check]:
        rows = _of_period(scope, selectors.check_list(scope=scope), query, "transcript__contract_id")
        names = {"rules": "rule_set__code", "call": "transcript__external_id", "is_risky": "is_risky"}
        rows = rows.filter(**{column: query[name] for name, column in names.items() if name in query})
        return rows.filter(failed__contains=[query["failed"]]) if "failed" in query else rows
