"""Contracts, what they cover, and their versions."""

import uuid

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import contracts.models


class Migration(migrations.Migration):
    replaces = [("contracts", "0001_initial"), ("contracts", "0003_steps"), ("contracts", "0006_incident_limits")]

    initial = True

    dependencies = [
        ("vendors", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "zone",
                    models.CharField(
                        help_text="Days and half-hours are this zone's.", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("starts_on", models.DateField(verbose_name="in effect from")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Last day; empty if open.", null=True, verbose_name="in effect until"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
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
                    models.UniqueConstraint(
                        fields=("vendor", "code"),
                        name="contracts_contract_code",
                        violation_error_message="Another contract of this vendor has this code.",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="contracts_contract_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="contracts_contract_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="contracts_contract_ends_after_start",
                        violation_error_message="The last day lies before the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverage",
                        to="contracts.contract",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverage",
                        to="vendors.queue",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "contract", "queue"),
                        name="contracts_coverage_queue",
                        violation_error_message="The contract covers this queue already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="contracts_coverage_ends_after_start",
                        violation_error_message="The last day lies before the first.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("vendor", "="),
                            ("queue", "="),
                            (
                                contracts.models.DateRange(
                                    models.F("starts_on"), models.F("ends_on"), models.Value("[]")
                                ),
                                "&&",
                            ),
                        ],
                        name="contracts_coverage_one_contract",
                        violation_error_message="Another contract covers this queue in that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("effective_from", models.DateField(verbose_name="effective from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="contract's last day")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in_review", "in review"), ("signed", "signed")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("service_hours", models.JSONField(default=dict, verbose_name="service hours")),
                (
                    "incident_locate_minutes",
                    models.PositiveIntegerField(
                        db_default=60, default=60, verbose_name="incidents located within (min)"
                    ),
                ),
                (
                    "incident_restore_minutes",
                    models.PositiveIntegerField(
                        db_default=240, default=240, verbose_name="incidents restored within (min)"
                    ),
                ),
                ("change_note", models.TextField(blank=True, verbose_name="what changes and why")),
                ("return_note", models.TextField(blank=True, editable=False, verbose_name="why it was returned")),
                ("drafted_by_id", models.BigIntegerField(editable=False, null=True)),
                ("submitted_by_id", models.BigIntegerField(editable=False, null=True)),
                ("submitted_at", models.DateTimeField(editable=False, null=True)),
                ("signed_by_id", models.BigIntegerField(editable=False, null=True)),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
                ("document", models.JSONField(editable=False, null=True)),
                ("document_hash", models.BinaryField(max_length=32, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="contracts.contract",
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
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "contract", "number"), name="contracts_version_number"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="contracts_version_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="contracts_version_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "signed")),
                        fields=("vendor", "contract", "effective_from"),
                        name="contracts_version_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "signed"), _negated=True),
                            models.Q(
                                ("signed_by_id__isnull", False),
                                models.Q(("signed_by_id", models.F("submitted_by_id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contracts_version_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kpi",
                    models.CharField(
                        choices=[
                            ("service_level", "service_level"),
                            ("connect_rate", "connect_rate"),
                            ("asa", "asa"),
                            ("abandonment", "abandonment"),
                            ("aht", "aht"),
                            ("fcr", "fcr"),
                            ("csat", "csat"),
                            ("transfer_rate", "transfer_rate"),
                            ("volume", "volume"),
                        ],
                        max_length=20,
                        verbose_name="KPI",
                    ),
                ),
                ("goal", models.DecimalField(decimal_places=4, max_digits=10, verbose_name="goal")),
                ("amber", models.DecimalField(decimal_places=4, max_digits=10, verbose_name="amber from")),
                ("minimum", models.DecimalField(decimal_places=4, max_digits=10, verbose_name="minimum")),
                (
                    "queue",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.queue",
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
                (
                    "contract_version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="contracts.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "contract_version", "queue", "kpi"), name="contracts_target_kpi"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("goal__gte", 0), ("amber__gte", 0), ("minimum__gte", 0)),
                        name="contracts_target_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueDefinition",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "formula",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6")],
                        default=6,
                        verbose_name="service-level formula",
                    ),
                ),
                ("threshold_seconds", models.PositiveIntegerField(default=20, verbose_name="threshold (s)")),
                (
                    "operator",
                    models.CharField(
                        choices=[("<=", "<="), ("<", "<")], default="<=", max_length=2, verbose_name="comparison"
                    ),
                ),
                (
                    "short_abandon_seconds",
                    models.PositiveIntegerField(default=5, verbose_name="short abandon up to (s)"),
                ),
                ("count_flow_outs", models.BooleanField(default=False, verbose_name="count flow-outs")),
                (
                    "connect_excludes_short",
                    models.BooleanField(default=False, verbose_name="connect rate without short abandons"),
                ),
                (
                    "abandonment_excludes_short",
                    models.BooleanField(default=False, verbose_name="abandonment without short abandons"),
                ),
                (
                    "bucketing",
                    models.CharField(
                        choices=[("arrival", "arrival"), ("answer", "answer")],
                        default="arrival",
                        max_length=8,
                        verbose_name="booked in the half-hour of",
                    ),
                ),
                ("fcr_window_hours", models.PositiveIntegerField(default=168, verbose_name="FCR window (h)")),
                ("fcr_same_reason", models.BooleanField(default=True, verbose_name="repeat only for the same reason")),
                ("fcr_forward_minutes", models.PositiveIntegerField(default=0, verbose_name="forward up to (min)")),
                ("csat_top_from", models.PositiveSmallIntegerField(default=4, verbose_name="satisfied from answer")),
                ("csat_best", models.PositiveSmallIntegerField(default=5, verbose_name="best answer")),
                (
                    "queue",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.queue",
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
                (
                    "contract_version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="definitions",
                        to="contracts.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "contract_version", "queue"), name="contracts_definition_queue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("formula__gte", 1),
                            ("formula__lte", 6),
                            ("threshold_seconds__lte", 3600),
                            ("short_abandon_seconds__lte", 300),
                            ("fcr_window_hours__gte", 1),
                            ("fcr_window_hours__lte", 720),
                            ("fcr_forward_minutes__lte", 60),
                            ("csat_best__gte", 1),
                            ("csat_best__lte", 10),
                            ("csat_top_from__gte", 1),
                            ("csat_top_from__lte", models.F("csat_best")),
                            ("operator__in", ["<=", "<"]),
                            ("bucketing__in", ["arrival", "answer"]),
                        ),
                        name="contracts_definition_ranges",
                    ),
                ],
            },
        ),
    ]
