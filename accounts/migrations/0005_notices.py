"""Notices, wishes, webhooks and the outbox."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_organization_doors"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
                ("secret_encrypted", models.BinaryField()),
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
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(fields=("vendor_id", "id"), name="accounts_webhook_key"),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(fields=("vendor_id", "uuid"), name="accounts_webhook_uuid"),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(
                fields=("vendor_id", "name"),
                name="accounts_webhook_name",
                violation_error_message="There is a webhook of this name.",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("delivered_at", None), ("given_up_at", None)),
                fields=["next_attempt_at"],
                name="accounts_delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["webhook", "-created_at"], name="accounts_delivery_last"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["created_at"], name="accounts_delivery_age"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("vendor_id", "webhook", "event_key"), name="accounts_delivery_once"
            ),
        ),
    ]
