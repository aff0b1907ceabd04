"""Who the caller is."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http import scope_of


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
