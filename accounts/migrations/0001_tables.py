"""Organizations, people, keys, notices and webhooks."""

import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0003_roles_in_words"),
        ("accounts", "0004_organization_doors"),
        ("accounts", "0005_notices"),
        ("accounts", "0007_name_endings"),
        ("accounts", "0008_webhook_former_secret"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("display_name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("is_service", models.BooleanField(default=False, verbose_name="service account")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "theme",
                    models.CharField(
                        blank=True,
                        choices=[("", "as the system"), ("light", "light"), ("dark", "dark")],
                        max_length=6,
                        verbose_name="theme",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"),
                        name="accounts_user_username_any_case",
                        violation_error_message="This user name is taken.",
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("prefix", models.CharField(editable=False, max_length=12)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("permissions", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(max_length=30, verbose_name="about")),
                ("message", models.CharField(max_length=60)),
                ("parameters", models.JSONField(default=dict)),
                ("path", models.CharField(blank=True, max_length=300)),
                ("key", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(verbose_name="when")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recipient", "-created_at"], name="accounts_notice_mine"),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["recipient"], name="accounts_notice_unread"
                    ),
                    models.Index(fields=["created_at"], name="accounts_notice_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "recipient", "key"), name="accounts_notice_once"),
                    models.UniqueConstraint(fields=("vendor_id", "uuid"), name="accounts_notice_uuid"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticePreference",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("kind", models.CharField(max_length=30)),
                (
                    "mode",
                    models.CharField(choices=[("now", "now"), ("digest", "digest"), ("muted", "muted")], max_length=6),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "user", "kind"), name="accounts_noticepreference_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("client", "client"), ("vendor", "vendor")], max_length=6, verbose_name="side"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("is_active", models.BooleanField(default=True, editable=False, verbose_name="active")),
                ("handle", models.CharField(blank=True, db_default="", default="", editable=False, max_length=40)),
                ("mfa_required", models.BooleanField(default=False, verbose_name="second step required")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["client", "vendor"])), name="accounts_organization_side"
                    ),
                    models.UniqueConstraint(
                        models.F("side"),
                        condition=models.Q(("side", "client")),
                        name="accounts_organization_one_client",
                    ),
                    models.UniqueConstraint(
                        models.F("handle"),
                        condition=models.Q(("handle", ""), _negated=True),
                        name="accounts_organization_handle",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("platform_admin", "platform administrator"),
                            ("programme_manager", "programme manager"),
                            ("contract_finance", "contracts and finance"),
                            ("client_qa", "quality"),
                            ("client_wfm", "workforce planning"),
                            ("auditor", "auditor"),
                            ("vendor_manager", "vendor manager"),
                            ("vendor_supervisor", "supervisor"),
                            ("vendor_qa", "vendor quality"),
                            ("vendor_wfm", "vendor workforce planning"),
                            ("agent", "agent"),
                            ("api_client", "API client"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("agent_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="membership",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "agent"), _negated=True), ("agent_id__isnull", False), _connector="OR"
                        ),
                        name="accounts_membership_agent_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
                ("secret_encrypted", models.BinaryField()),
                ("former_secret_encrypted", models.BinaryField(null=True)),
                (
                    "former_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="the former secret signs until"),
                ),
                ("events", models.JSONField(default=list, verbose_name="events")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("attempted_at", models.DateTimeField(editable=False, null=True, verbose_name="last tried")),
                ("failing_since", models.DateTimeField(editable=False, null=True, verbose_name="failing since")),
                ("failures", models.PositiveIntegerField(default=0, editable=False)),
                ("retry_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "id"), name="accounts_webhook_key"),
                    models.UniqueConstraint(fields=("vendor_id", "uuid"), name="accounts_webhook_uuid"),
                    models.UniqueConstraint(
                        fields=("vendor_id", "name"),
                        name="accounts_webhook_name",
                        violation_error_message="There is a webhook of this name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("vendor_id", models.IntegerField(editable=False)),
                ("event", models.CharField(max_length=40, verbose_name="event")),
                ("event_key", models.CharField(max_length=220)),
                ("event_id", models.UUIDField(verbose_name="id of the event")),
                ("payload", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(verbose_name="happened")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("next_attempt_at", models.DateTimeField(verbose_name="next try")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="delivered")),
                ("given_up_at", models.DateTimeField(null=True, verbose_name="given up")),
                ("last_status", models.CharField(blank=True, max_length=20, verbose_name="last answer")),
                (
                    "webhook",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="deliveries",
                        to="accounts.webhook",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at", None), ("given_up_at", None)),
                        fields=["next_attempt_at"],
                        name="accounts_delivery_due",
                    ),
                    models.Index(fields=["webhook", "-created_at"], name="accounts_delivery_last"),
                    models.Index(fields=["created_at"], name="accounts_delivery_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "webhook", "event_key"), name="accounts_delivery_once")
                ],
            },
        ),
    ]
