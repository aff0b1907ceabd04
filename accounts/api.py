"""Who the caller is, what it is told, and the webhooks of its organization."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.calc.notices import KINDS
from accounts.calc.outbox import EVENTS
from accounts.models import Notice, Webhook
from accounts.serializers import FieldRightsMixin
from accounts.wording import notice_words
from core.api import Pages
from core.endpoints import DetailEndpoint, ListEndpoint, Query
from core.errors import BadParameter, NotFound
from core.http import scope_of
from core.scope import Scope


class MeSerializer(serializers.Serializer[dict[str, object]]):
    """The caller, as the rights table sees it."""

    name = serializers.CharField(help_text="The person or service account, and the token in brackets.")
    organization = serializers.CharField()
    side = serializers.ChoiceField(choices=["client", "vendor"])
    role = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField(), help_text="What this token may do.")
    expires_at = serializers.DateTimeField(allow_null=True, help_text="When the token ends; null for a session.")


class MeView(APIView):
    """Tells a program whose token it holds and what that token may do."""

    @extend_schema(responses=MeSerializer, operation_id="me", tags=["me"])  # type: ignore[untyped-decorator]
    def get(self, request: Request) -> Response:
        """Return the caller."""
        scope = scope_of(request._request)
        token = getattr(request._request, "api_token", None)
        return Response(
            MeSerializer(
                {
                    "name": scope.actor,
                    "organization": scope.organization_name,
                    "side": scope.side,
                    "role": scope.role,
                    "permissions": sorted(scope.permissions),
                    "expires_at": token.expires_at if token is not None else None,
                }
            ).data
        )


class NoticeSerializer(FieldRightsMixin, serializers.ModelSerializer[Notice]):
    """One notice, in the language that the request asks for."""

    access_object = "notice"

    id = serializers.UUIDField(source="uuid", read_only=True)
    kind = serializers.ChoiceField(choices=list(KINDS), help_text="What it is about.")
    text = serializers.SerializerMethodField(help_text="What it says; moments are in UTC.")
    parameters = serializers.DictField(child=serializers.CharField(), help_text="What the text is made of.")

    class Meta:
        model = Notice
        fields = ("id", "kind", "message", "text", "parameters", "path", "created_at", "read_at")

    def get_text(self, notice: Notice) -> str:
        return notice_words(notice.message, notice.parameters, "UTC")


class NoticeQuery(Query):
    """What notices are narrowed by."""

    search = None  # type: ignore[assignment]  # texts are made when they are read
    kind = serializers.ChoiceField(choices=list(KINDS), required=False)
    unread = serializers.BooleanField(required=False, help_text="Only new ones, or only read ones.")


class NoticePages(Pages):
    """Newest first; the token tells nothing of how many others have."""

    ordering = ("-created_at", "uuid")


@extend_schema_view(get=extend_schema(operation_id="notices_list", parameters=[NoticeQuery], tags=["notices"]))
class NoticeListView(ListEndpoint):
    """What the caller is told, one by one and newest first, whatever it collects or mutes on its pages."""

    permission = "notices.view"
    serializer_class = NoticeSerializer
    query_class = NoticeQuery
    pagination_class = NoticePages

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Notice]:
        rows = selectors.notices_own(scope=scope)
        if "kind" in query:
            rows = rows.filter(kind=query["kind"])
        return rows.filter(read_at__isnull=query["unread"]) if "unread" in query else rows


class NoticeReadView(APIView):
    """Takes a notice off the bell."""

    permission = "notices.view"

    @extend_schema(request=None, responses=NoticeSerializer, operation_id="notices_read", tags=["notices"])  # type: ignore[untyped-decorator]
    def post(self, request: Request, uuid: UUID) -> Response:
        """Mark a notice as read, with all that is collected with it; once more changes nothing."""
        if request.query_params:
            raise BadParameter(next(iter(request.query_params)), "There are no parameters here.", "unknown_parameter")
        scope = scope_of(request._request)
        services.notices_read(scope=scope, uuids=[uuid])
        notice = selectors.notices_own(scope=scope).filter(uuid=uuid).first()
        if notice is None:
            raise NotFound
        return Response(NoticeSerializer(notice, context={"scope": scope}).data)


class WebhookSerializer(FieldRightsMixin, serializers.ModelSerializer[Webhook]):
    """A receiver of the caller's organization; its secret is shown to nobody again."""

    access_object = "webhook"

    id = serializers.UUIDField(source="uuid", read_only=True)
    events = serializers.ListField(child=serializers.ChoiceField(choices=list(EVENTS)))

    class Meta:
        model = Webhook
        fields = ("id", "name", "url", "events", "is_active", "created_at", "attempted_at", "failing_since", "failures")


class WebhookPages(Pages):
    """By name."""

    ordering = ("name", "uuid")


@extend_schema_view(get=extend_schema(operation_id="webhooks_list", parameters=[Query], tags=["webhooks"]))
class WebhookListView(ListEndpoint):
    """The receivers of the caller's organization, by name, with how they are doing."""

    permission = "webhooks.view"
    serializer_class = WebhookSerializer
    search_fields = ("name", "url")
    pagination_class = WebhookPages

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Webhook]:
        return selectors.webhook_list(scope=scope)


@extend_schema_view(get=extend_schema(operation_id="webhooks_retrieve", tags=["webhooks"]))
class WebhookDetailView(DetailEndpoint):
    """One receiver."""

    permission = "webhooks.view"
    serializer_class = WebhookSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Webhook:
        return selectors.webhook_get(scope=scope, uuid=uuid)
