"""Calls, customers, imports and the log of changed days."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

CALL_TABLE = """
-- Fixed-width columns first; range partitions by month, made by calls_partition_make.
CREATE TABLE calls_call (
  offered_at timestamptz NOT NULL, answered_at timestamptz, ended_at timestamptz, customer_key bigint,
  contract_id int NOT NULL, vendor_id int NOT NULL, queue_id int NOT NULL, agent_id int, reason_id int,
  batch_id int NOT NULL, revision int NOT NULL,
  ring_seconds int, wait_seconds int, talk_seconds int, hold_seconds int, wrap_seconds int,
  direction smallint NOT NULL, outcome smallint NOT NULL, abandon_place smallint, csat smallint,
  resolved boolean, success boolean,
  external_id text NOT NULL, transferred_from text, recording text, ivr_path text, offered_text text NOT NULL,
  PRIMARY KEY (contract_id, external_id, offered_at)
) PARTITION BY RANGE (offered_at);
CREATE INDEX calls_call_time ON calls_call USING brin (offered_at);
-- Recompute of a contract's day and drill-down to a queue alike (skip scan).
CREATE INDEX calls_call_queue ON calls_call (contract_id, queue_id, offered_at);
-- Repeats of a caller, for first-call resolution.
CREATE INDEX calls_call_customer ON calls_call (contract_id, customer_key, offered_at)
  WHERE customer_key IS NOT NULL;
"""


class Migration(migrations.Migration):
    replaces = [
        ("calls", "0001_initial"),
        ("calls", "0003_batch_lease"),
        ("calls", "0004_customer_without_constraint"),
        ("calls", "0008_answer_of_the_house"),
    ]

    initial = True

    dependencies = [
        ("vendors", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallIdentity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "vendor_id", "external_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("external_id", models.TextField()),
                ("contract_id", models.IntegerField()),
                ("offered_at", models.DateTimeField()),
                (
                    "vendor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CallReason",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "code"), name="calls_reason_code"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="calls_reason_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="calls_reason_key"),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    CALL_TABLE,
                    reverse_sql="DROP TABLE calls_call",
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Call",
                    fields=[
                        ("offered_at", models.DateTimeField(verbose_name="offered")),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                        ("customer_key", models.BigIntegerField(null=True)),
                        ("contract_id", models.IntegerField()),
                        ("batch_id", models.IntegerField()),
                        ("revision", models.IntegerField(verbose_name="revision")),
                        ("ring_seconds", models.IntegerField(null=True, verbose_name="ring (s)")),
                        ("wait_seconds", models.IntegerField(null=True, verbose_name="wait (s)")),
                        ("talk_seconds", models.IntegerField(null=True, verbose_name="talk (s)")),
                        ("hold_seconds", models.IntegerField(null=True, verbose_name="hold (s)")),
                        ("wrap_seconds", models.IntegerField(null=True, verbose_name="wrap-up (s)")),
                        (
                            "direction",
                            models.SmallIntegerField(
                                choices=[(1, "inbound"), (2, "outbound")], verbose_name="direction"
                            ),
                        ),
                        (
                            "outcome",
                            models.SmallIntegerField(
                                choices=[(1, "answered"), (2, "abandoned"), (3, "flowed_out"), (9, "withdrawn")],
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "abandon_place",
                            models.SmallIntegerField(
                                choices=[(1, "greeting"), (2, "queue"), (3, "ringing"), (4, "hold")],
                                null=True,
                                verbose_name="place of abandon",
                            ),
                        ),
                        ("csat", models.SmallIntegerField(null=True, verbose_name="survey answer")),
                        ("resolved", models.BooleanField(null=True, verbose_name="resolved")),
                        ("success", models.BooleanField(null=True, verbose_name="success")),
                        ("external_id", models.TextField(verbose_name="call")),
                        ("transferred_from", models.TextField(null=True, verbose_name="transferred from")),
                        ("recording", models.TextField(null=True, verbose_name="recording")),
                        ("ivr_path", models.TextField(null=True, verbose_name="IVR path")),
                        ("offered_text", models.TextField()),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "contract_id",
                                "external_id",
                                "offered_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="vendors.agent",
                            ),
                        ),
                        (
                            "queue",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="vendors.queue",
                            ),
                        ),
                        (
                            "vendor",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="vendors.vendor",
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="calls.callreason",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "vendor_id", "customer_key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("customer_key", models.BigIntegerField()),
                ("number_encrypted", models.BinaryField(null=True)),
                ("number_masked", models.CharField(max_length=40)),
                (
                    "vendor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FormerCall",
            fields=[
                ("offered_at", models.DateTimeField(verbose_name="offered")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("customer_key", models.BigIntegerField(null=True)),
                ("contract_id", models.IntegerField()),
                ("batch_id", models.IntegerField()),
                ("revision", models.IntegerField(verbose_name="revision")),
                ("ring_seconds", models.IntegerField(null=True, verbose_name="ring (s)")),
                ("wait_seconds", models.IntegerField(null=True, verbose_name="wait (s)")),
                ("talk_seconds", models.IntegerField(null=True, verbose_name="talk (s)")),
                ("hold_seconds", models.IntegerField(null=True, verbose_name="hold (s)")),
                ("wrap_seconds", models.IntegerField(null=True, verbose_name="wrap-up (s)")),
                (
                    "direction",
                    models.SmallIntegerField(choices=[(1, "inbound"), (2, "outbound")], verbose_name="direction"),
                ),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[(1, "answered"), (2, "abandoned"), (3, "flowed_out"), (9, "withdrawn")],
                        verbose_name="outcome",
                    ),
                ),
                (
                    "abandon_place",
                    models.SmallIntegerField(
                        choices=[(1, "greeting"), (2, "queue"), (3, "ringing"), (4, "hold")],
                        null=True,
                        verbose_name="place of abandon",
                    ),
                ),
                ("csat", models.SmallIntegerField(null=True, verbose_name="survey answer")),
                ("resolved", models.BooleanField(null=True, verbose_name="resolved")),
                ("success", models.BooleanField(null=True, verbose_name="success")),
                ("external_id", models.TextField(verbose_name="call")),
                ("transferred_from", models.TextField(null=True, verbose_name="transferred from")),
                ("recording", models.TextField(null=True, verbose_name="recording")),
                ("ivr_path", models.TextField(null=True, verbose_name="IVR path")),
                ("offered_text", models.TextField()),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kept_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="vendors.agent",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="vendors.queue",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="calls.callreason",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contract_id", "external_id"], name="calls_formercall_call")],
            },
        ),
        migrations.CreateModel(
            name="ImportProfile",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("number", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("document", models.JSONField(verbose_name="mapping")),
                ("is_current", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "name", "number"), name="calls_profile_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("vendor", "name"),
                        name="calls_profile_current",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="calls_profile_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="calls_profile_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "page"), ("command", "command"), ("api", "API")],
                        max_length=8,
                        verbose_name="way in",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("checked", "waiting for confirmation"),
                            ("confirmed", "loading"),
                            ("loaded", "loaded"),
                            ("refused", "refused"),
                            ("canceled", "canceled"),
                            ("quarantined", "set aside after three failures"),
                        ],
                        default="received",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("size_bytes", models.BigIntegerField(verbose_name="size")),
                ("sha256", models.BinaryField(max_length=32)),
                ("is_open_or_loaded", models.BooleanField(default=True, editable=False)),
                ("received_at", models.DateTimeField()),
                ("received_by_id", models.BigIntegerField(null=True)),
                ("received_by", models.CharField(blank=True, max_length=150)),
                ("finished_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("is_confirmed", models.BooleanField(default=False, editable=False)),
                ("problem", models.CharField(blank=True, max_length=60)),
                ("problem_details", models.JSONField(default=dict)),
                ("rows_expected", models.BigIntegerField(default=0)),
                ("rows_seen", models.BigIntegerField(default=0)),
                ("parts_total", models.PositiveIntegerField(default=0)),
                ("parts_done", models.PositiveIntegerField(default=0)),
                ("rows_read", models.BigIntegerField(default=0)),
                ("rows_new", models.BigIntegerField(default=0)),
                ("rows_updated", models.BigIntegerField(default=0)),
                ("rows_unchanged", models.BigIntegerField(default=0)),
                ("rows_superseded", models.BigIntegerField(default=0)),
                ("rows_duplicate", models.BigIntegerField(default=0)),
                ("rows_rejected", models.BigIntegerField(default=0)),
                ("first_offered_at", models.DateTimeField(null=True)),
                ("last_offered_at", models.DateTimeField(null=True)),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.importprofile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["vendor", "state"], name="calls_batch_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "number"), name="calls_batch_number"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="calls_batch_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="calls_batch_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_open_or_loaded", True)),
                        fields=("vendor", "sha256"),
                        name="calls_batch_file_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "loaded"), _negated=True),
                            (
                                "rows_read",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("rows_new"), "+", models.F("rows_updated")
                                                ),
                                                "+",
                                                models.F("rows_unchanged"),
                                            ),
                                            "+",
                                            models.F("rows_superseded"),
                                        ),
                                        "+",
                                        models.F("rows_duplicate"),
                                    ),
                                    "+",
                                    models.F("rows_rejected"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="calls_batch_rows_add_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("contract_id", models.IntegerField()),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contract_id", "day"], name="calls_mark_day")],
            },
        ),
        migrations.CreateModel(
            name="RowError",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.BigIntegerField(verbose_name="line")),
                ("column", models.CharField(max_length=100, verbose_name="column")),
                ("rule", models.CharField(max_length=60, verbose_name="rule")),
                ("value", models.CharField(max_length=200, verbose_name="value")),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="errors",
                        to="calls.batch",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["vendor", "batch", "line"], name="calls_rowerror_line")],
            },
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=255)),
                ("body_hash", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "vendor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "client_id", "key"), name="calls_storedanswer_key")
                ],
            },
        ),
    ]
