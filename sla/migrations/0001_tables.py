"""Rollups, incidents and readiness for them."""

import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("sla", "0001_initial"),
        ("sla", "0003_rollup_vendor_by_contract"),
        ("sla", "0004_incidents"),
        ("sla", "0006_measured"),
    ]

    initial = True

    dependencies = [
        ("contracts", "0001_tables"),
        ("vendors", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="AppliedVersion",
            fields=[
                (
                    "contract_version",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="contracts.version",
                    ),
                ),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContingencyPlan",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("system_failure", "system failure"),
                            ("volume_surge", "volume surge"),
                            ("major_complaint", "major complaint"),
                        ],
                        max_length=16,
                        verbose_name="for",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "steps",
                    models.TextField(
                        help_text="One step a line, in the order to take them.", max_length=8000, verbose_name="steps"
                    ),
                ),
                (
                    "offline_script",
                    models.CharField(
                        blank=True,
                        help_text="Where the paper or file lies that agents use.",
                        max_length=200,
                        verbose_name="offline script",
                    ),
                ),
                ("standby_server", models.CharField(blank=True, max_length=200, verbose_name="standby server")),
                (
                    "owner",
                    models.CharField(help_text="Who keeps the plan right.", max_length=120, verbose_name="owner"),
                ),
                ("in_force_from", models.DateField(verbose_name="in force from")),
                ("review_on", models.DateField(verbose_name="review on")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
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
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="sla_contingencyplan_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="sla_contingencyplan_key"),
                    models.UniqueConstraint(
                        fields=("vendor", "title"),
                        name="sla_contingencyplan_title",
                        violation_error_message="Another plan of this vendor has this title.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_on__gte", models.F("in_force_from"))),
                        name="sla_contingencyplan_dates",
                        violation_error_message="The review lies before the first day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract_id", models.IntegerField()),
                ("day", models.DateField()),
                ("definition_version_id", models.IntegerField(null=True)),
                ("calls", models.IntegerField()),
                ("computed_at", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["vendor", "day"], name="sla_contractday_day")],
            },
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.BinaryField(max_length=32)),
                ("received_at", models.DateTimeField()),
                ("received_by", models.CharField(max_length=150)),
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
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="sla_evidencefile_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="sla_evidencefile_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("planned_on", models.DateField(verbose_name="planned on")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="held on")),
                ("participants", models.CharField(blank=True, max_length=500, verbose_name="who took part")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "passed"), ("partly", "passed with findings"), ("failed", "failed")],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("findings", models.TextField(blank=True, max_length=4000, verbose_name="findings")),
                (
                    "link",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="link to the evidence",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drills",
                        to="sla.contingencyplan",
                        verbose_name="plan",
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.evidencefile",
                        verbose_name="evidence",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["vendor", "plan", "planned_on"], name="sla_drill_plan")],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="sla_drill_uuid"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_on__isnull", True), models.Q(("result", ""), _negated=True), _connector="OR"
                        ),
                        name="sla_drill_result",
                        violation_error_message="Say how the drill went.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="number")),
                ("title", models.CharField(max_length=160, verbose_name="what happened")),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "critical: customers cannot reach us"),
                            (2, "major: part of the service is gone"),
                            (3, "minor: work goes on with a detour"),
                        ],
                        default=2,
                        verbose_name="severity",
                    ),
                ),
                (
                    "systems",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("crm", "CRM"),
                                ("wfm", "workforce system"),
                                ("call_system", "call system"),
                                ("access_number", "access number"),
                                ("network", "network"),
                                ("other", "other"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="systems affected",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "raised"),
                            ("acknowledged", "acknowledged"),
                            ("located", "located"),
                            ("restored", "restored"),
                            ("closed", "closed"),
                            ("reviewed", "reviewed"),
                        ],
                        default="raised",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("raised_at", models.DateTimeField(editable=False, verbose_name="raised")),
                (
                    "raised_side",
                    models.CharField(
                        choices=[("client", "the client"), ("vendor", "the vendor")],
                        editable=False,
                        max_length=6,
                        verbose_name="raised by",
                    ),
                ),
                ("raised_by", models.CharField(editable=False, max_length=150, verbose_name="raised by")),
                ("acknowledged_at", models.DateTimeField(editable=False, null=True, verbose_name="acknowledged")),
                ("located_at", models.DateTimeField(editable=False, null=True, verbose_name="located")),
                ("restored_at", models.DateTimeField(editable=False, null=True, verbose_name="restored")),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="closed")),
                ("reviewed_at", models.DateTimeField(editable=False, null=True, verbose_name="reviewed")),
                ("locate_limit_seconds", models.PositiveIntegerField(editable=False, verbose_name="limit to locate")),
                ("restore_limit_seconds", models.PositiveIntegerField(editable=False, verbose_name="limit to restore")),
                (
                    "cause_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("client_system", "a system of the client"),
                            ("vendor_system", "a system of the vendor"),
                            ("carrier", "the carrier or the network"),
                            ("supplier", "another supplier"),
                            ("power", "power or the building"),
                            ("people", "a mistake at work"),
                            ("other", "something else"),
                        ],
                        max_length=16,
                        verbose_name="cause",
                    ),
                ),
                ("cause", models.TextField(blank=True, max_length=2000, verbose_name="cause in words")),
                ("affected_from", models.DateTimeField(verbose_name="callers affected from")),
                ("affected_until", models.DateTimeField(blank=True, null=True, verbose_name="callers affected until")),
                (
                    "affected_reason",
                    models.TextField(blank=True, max_length=1000, verbose_name="why the time was corrected"),
                ),
                ("counts_for_relief", models.BooleanField(blank=True, null=True, verbose_name="counts for relief")),
                ("relief_reason", models.TextField(blank=True, max_length=1000, verbose_name="why it counts or not")),
                ("judged_at", models.DateTimeField(editable=False, null=True, verbose_name="decided")),
                ("review", models.TextField(blank=True, max_length=4000, verbose_name="what we learned")),
                (
                    "actions",
                    models.TextField(blank=True, max_length=4000, verbose_name="what will be done, by whom, by when"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.contingencyplan",
                        verbose_name="plan used",
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
                "indexes": [
                    models.Index(fields=["vendor", "raised_at"], name="sla_incident_raised"),
                    models.Index(
                        condition=models.Q(("restored_at__isnull", True)),
                        fields=["vendor"],
                        name="sla_incident_running",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "number"), name="sla_incident_number"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="sla_incident_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="sla_incident_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("affected_until__isnull", True),
                            ("affected_until__gt", models.F("affected_from")),
                            _connector="OR",
                        ),
                        name="sla_incident_affected_order",
                        violation_error_message="The end lies before the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "raised"), ("acknowledged_at__isnull", False), _connector="OR"),
                            models.Q(
                                ("state__in", ["raised", "acknowledged"]),
                                ("located_at__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                ("state__in", ["raised", "acknowledged", "located"]),
                                ("restored_at__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("state__in", ["closed", "reviewed"]), _negated=True),
                                ("closed_at__isnull", False),
                                _connector="OR",
                            ),
                        ),
                        name="sla_incident_moments",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("counts_for_relief__isnull", True),
                            models.Q(("relief_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sla_incident_relief_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentAlert",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clock", models.CharField(choices=[("locate", "locate"), ("restore", "restore")], max_length=8)),
                ("percent", models.PositiveSmallIntegerField(choices=[(75, "75 %"), (100, "100 %")])),
                ("reached_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="sla.incident",
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
                        fields=("vendor", "incident", "clock", "percent"), name="sla_incidentalert_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentEntry",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("actor", models.CharField(max_length=150, verbose_name="who")),
                (
                    "side",
                    models.CharField(
                        choices=[("client", "the client"), ("vendor", "the vendor")], max_length=6, verbose_name="side"
                    ),
                ),
                ("kind", models.CharField(max_length=16, verbose_name="what")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="text")),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="sla.incident",
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
                "indexes": [models.Index(fields=["vendor", "incident", "at"], name="sla_incidententry_order")],
            },
        ),
        migrations.CreateModel(
            name="IncidentQueue",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affected",
                        to="sla.incident",
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "incident", "queue"), name="sla_incidentqueue_queue")
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("day", models.DateField(verbose_name="day")),
                (
                    "system",
                    models.CharField(
                        choices=[("crm", "CRM"), ("wfm", "workforce system"), ("call_system", "call system")],
                        max_length=16,
                        verbose_name="system",
                    ),
                ),
                ("items", models.JSONField(default=dict, verbose_name="checklist")),
                (
                    "load_ratio",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="load",
                    ),
                ),
                (
                    "bandwidth_ratio",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="bandwidth used",
                    ),
                ),
                (
                    "warn_ratio",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0.80"),
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="early warning from",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
                ("checked_at", models.DateTimeField(editable=False, verbose_name="entered")),
                ("checked_by", models.CharField(editable=False, max_length=150, verbose_name="checked by")),
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
                "indexes": [models.Index(fields=["vendor", "day"], name="sla_inspection_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="sla_inspection_uuid"),
                    models.UniqueConstraint(
                        fields=("vendor", "system", "day"),
                        name="sla_inspection_day",
                        violation_error_message="This system was inspected on that day already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasuredDay",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contract_id", models.IntegerField()),
                ("day", models.DateField()),
                ("kpi", models.CharField(max_length=40)),
                ("numerator", models.BigIntegerField()),
                ("denominator", models.BigIntegerField()),
                ("computed_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("vendor", "contract_id", "kpi", "day"), name="sla_measuredday_day"),
                    models.CheckConstraint(condition=models.Q(("denominator__gt", 0)), name="sla_measuredday_base"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyEvidence",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("backup", "backup restored on trial"), ("scan", "vulnerability scan")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("month", models.DateField(help_text="Any day of it.", verbose_name="month")),
                ("finding_count", models.PositiveIntegerField(default=0, verbose_name="findings")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
                (
                    "link",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="link to the evidence",
                    ),
                ),
                ("recorded_at", models.DateTimeField(editable=False, verbose_name="entered")),
                ("recorded_by", models.CharField(editable=False, max_length=150, verbose_name="entered by")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.evidencefile",
                        verbose_name="evidence",
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
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="sla_monthlyevidence_uuid"),
                    models.UniqueConstraint(
                        fields=("vendor", "kind", "month"),
                        name="sla_monthlyevidence_month",
                        violation_error_message="The evidence of that month is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("file__isnull", False), models.Q(("link", ""), _negated=True), _connector="OR"
                        ),
                        name="sla_monthlyevidence_proof",
                        violation_error_message="Add a file or a link that proves it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueDay",
            fields=[
                ("offered", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("abandoned", models.IntegerField(default=0)),
                ("flowed_out", models.IntegerField(default=0)),
                ("abandoned_short", models.IntegerField(default=0)),
                ("service_met", models.IntegerField(default=0)),
                ("service_base", models.IntegerField(default=0)),
                ("connect_base", models.IntegerField(default=0)),
                ("abandonment_met", models.IntegerField(default=0)),
                ("abandonment_base", models.IntegerField(default=0)),
                ("csat_met", models.IntegerField(default=0)),
                ("csat_base", models.IntegerField(default=0)),
                ("csat_sum", models.IntegerField(default=0)),
                ("fcr_met", models.IntegerField(default=0)),
                ("fcr_base", models.IntegerField(default=0)),
                ("wait_seconds", models.BigIntegerField(default=0)),
                ("wait_max_seconds", models.IntegerField(default=0)),
                ("handled", models.IntegerField(default=0)),
                ("talk_seconds", models.BigIntegerField(default=0)),
                ("hold_seconds", models.BigIntegerField(default=0)),
                ("wrap_seconds", models.BigIntegerField(default=0)),
                ("transferred", models.IntegerField(default=0)),
                ("dialed", models.IntegerField(default=0)),
                ("success", models.IntegerField(default=0)),
                ("resolved", models.IntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract_id", "queue_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract_id", models.IntegerField()),
                ("day", models.DateField()),
                ("definition_version_id", models.IntegerField(null=True)),
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["vendor", "day"], name="sla_queueday_day")],
            },
        ),
        migrations.CreateModel(
            name="QueueHalfHour",
            fields=[
                ("offered", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("abandoned", models.IntegerField(default=0)),
                ("flowed_out", models.IntegerField(default=0)),
                ("abandoned_short", models.IntegerField(default=0)),
                ("service_met", models.IntegerField(default=0)),
                ("service_base", models.IntegerField(default=0)),
                ("connect_base", models.IntegerField(default=0)),
                ("abandonment_met", models.IntegerField(default=0)),
                ("abandonment_base", models.IntegerField(default=0)),
                ("csat_met", models.IntegerField(default=0)),
                ("csat_base", models.IntegerField(default=0)),
                ("csat_sum", models.IntegerField(default=0)),
                ("fcr_met", models.IntegerField(default=0)),
                ("fcr_base", models.IntegerField(default=0)),
                ("wait_seconds", models.BigIntegerField(default=0)),
                ("wait_max_seconds", models.IntegerField(default=0)),
                ("handled", models.IntegerField(default=0)),
                ("talk_seconds", models.BigIntegerField(default=0)),
                ("hold_seconds", models.BigIntegerField(default=0)),
                ("wrap_seconds", models.BigIntegerField(default=0)),
                ("transferred", models.IntegerField(default=0)),
                ("dialed", models.IntegerField(default=0)),
                ("success", models.IntegerField(default=0)),
                ("resolved", models.IntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract_id",
                        "queue_id",
                        "bucket",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("contract_id", models.IntegerField()),
                ("bucket", models.DateTimeField()),
                ("definition_version_id", models.IntegerField(null=True)),
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["vendor", "bucket"], name="sla_queuehalfhour_bucket")],
            },
        ),
        migrations.CreateModel(
            name="ReasonDay",
            fields=[
                ("offered", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("abandoned", models.IntegerField(default=0)),
                ("flowed_out", models.IntegerField(default=0)),
                ("abandoned_short", models.IntegerField(default=0)),
                ("service_met", models.IntegerField(default=0)),
                ("service_base", models.IntegerField(default=0)),
                ("connect_base", models.IntegerField(default=0)),
                ("abandonment_met", models.IntegerField(default=0)),
                ("abandonment_base", models.IntegerField(default=0)),
                ("csat_met", models.IntegerField(default=0)),
                ("csat_base", models.IntegerField(default=0)),
                ("csat_sum", models.IntegerField(default=0)),
                ("fcr_met", models.IntegerField(default=0)),
                ("fcr_base", models.IntegerField(default=0)),
                ("wait_seconds", models.BigIntegerField(default=0)),
                ("wait_max_seconds", models.IntegerField(default=0)),
                ("handled", models.IntegerField(default=0)),
                ("talk_seconds", models.BigIntegerField(default=0)),
                ("hold_seconds", models.BigIntegerField(default=0)),
                ("wrap_seconds", models.BigIntegerField(default=0)),
                ("transferred", models.IntegerField(default=0)),
                ("dialed", models.IntegerField(default=0)),
                ("success", models.IntegerField(default=0)),
                ("resolved", models.IntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract_id",
                        "queue_id",
                        "reason_id",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("contract_id", models.IntegerField()),
                ("reason_id", models.IntegerField()),
                ("day", models.DateField()),
                ("definition_version_id", models.IntegerField(null=True)),
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["vendor", "day"], name="sla_reasonday_day")],
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("looked_at", models.DateTimeField()),
                ("findings", models.JSONField(default=dict)),
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
                "constraints": [models.UniqueConstraint(fields=("vendor", "name"), name="sla_sweep_name")],
            },
        ),
        migrations.CreateModel(
            name="AgentDay",
            fields=[
                ("offered", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("abandoned", models.IntegerField(default=0)),
                ("flowed_out", models.IntegerField(default=0)),
                ("abandoned_short", models.IntegerField(default=0)),
                ("service_met", models.IntegerField(default=0)),
                ("service_base", models.IntegerField(default=0)),
                ("connect_base", models.IntegerField(default=0)),
                ("abandonment_met", models.IntegerField(default=0)),
                ("abandonment_base", models.IntegerField(default=0)),
                ("csat_met", models.IntegerField(default=0)),
                ("csat_base", models.IntegerField(default=0)),
                ("csat_sum", models.IntegerField(default=0)),
                ("fcr_met", models.IntegerField(default=0)),
                ("fcr_base", models.IntegerField(default=0)),
                ("wait_seconds", models.BigIntegerField(default=0)),
                ("wait_max_seconds", models.IntegerField(default=0)),
                ("handled", models.IntegerField(default=0)),
                ("talk_seconds", models.BigIntegerField(default=0)),
                ("hold_seconds", models.BigIntegerField(default=0)),
                ("wrap_seconds", models.BigIntegerField(default=0)),
                ("transferred", models.IntegerField(default=0)),
                ("dialed", models.IntegerField(default=0)),
                ("success", models.IntegerField(default=0)),
                ("resolved", models.IntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract_id",
                        "agent_id",
                        "queue_id",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("contract_id", models.IntegerField()),
                ("day", models.DateField()),
                ("definition_version_id", models.IntegerField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["vendor", "day"], name="sla_agentday_day")],
            },
        ),
    ]
