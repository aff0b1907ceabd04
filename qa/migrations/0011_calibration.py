"""Calibration: sessions, cases, graders and what they scored, a row of its own for each party."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("qa", "0010_scripts_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calibration",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("client", "the client"),
                            ("owner", "the vendor of the calls"),
                            ("peer", "an anonymous peer"),
                        ],
                        max_length=6,
                        verbose_name="part",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("lead_id", models.IntegerField(editable=False, null=True)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("owner_id", models.IntegerField(editable=False, null=True)),
                ("peer_id", models.IntegerField(editable=False, null=True)),
                ("made_by", models.CharField(blank=True, editable=False, max_length=150, verbose_name="begun by")),
                (
                    "agreed_by",
                    models.CharField(blank=True, editable=False, max_length=150, verbose_name="consensus by"),
                ),
                ("form_code", models.CharField(max_length=40, verbose_name="form")),
                ("form_name", models.CharField(max_length=120, verbose_name="name of the form")),
                ("form_number", models.PositiveIntegerField(verbose_name="version of the form")),
                ("body", models.JSONField(verbose_name="questions")),
                ("deadline_at", models.DateTimeField(verbose_name="blind until")),
                (
                    "reveals_early",
                    models.BooleanField(default=True, verbose_name="results as soon as everybody has scored"),
                ),
                ("made_at", models.DateTimeField(editable=False, verbose_name="begun")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "blind scoring"),
                            ("complete", "complete"),
                            ("incomplete", "incomplete"),
                            ("canceled", "canceled"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("revealed_at", models.DateTimeField(blank=True, null=True, verbose_name="revealed")),
                ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="consensus")),
                ("results", models.JSONField(blank=True, default=dict, verbose_name="results")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vendor_id", "-id"], name="qa_calibration_newest"),
                    models.Index(fields=["lead_id"], name="qa_calibration_lead"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "number"), name="qa_calibration_number"),
                    models.UniqueConstraint(fields=("vendor_id", "uuid"), name="qa_calibration_uuid"),
                    models.UniqueConstraint(fields=("vendor_id", "id"), name="qa_calibration_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lead_id__isnull", True), ("owner_id__isnull", False), ("part", "client")),
                            models.Q(
                                ("agreed_by", ""),
                                ("lead_id__isnull", False),
                                ("made_by", ""),
                                ("name", ""),
                                ("owner_id__isnull", True),
                                ("part__in", ["owner", "peer"]),
                                ("peer_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="qa_calibration_apart",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("peer_id__isnull", True),
                            models.Q(("peer_id", models.F("owner_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="qa_calibration_peer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalibrationCase",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(verbose_name="case")),
                ("text", models.TextField(blank=True, verbose_name="what was said")),
                ("contract_id", models.IntegerField(editable=False, null=True)),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="conversation")),
                ("consensus", models.JSONField(blank=True, default=dict, verbose_name="consensus")),
                ("consensus_remarks", models.JSONField(blank=True, default=dict, verbose_name="why")),
                (
                    "calibration",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="qa.calibration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CalibrationSeat",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("user_id", models.IntegerField(editable=False)),
                ("name", models.CharField(max_length=150, verbose_name="grader")),
                (
                    "calibration",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="qa.calibration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CalibrationSheet",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="answers")),
                ("causes", models.JSONField(blank=True, default=dict)),
                ("remarks", models.JSONField(blank=True, default=dict, verbose_name="remarks")),
                ("comment", models.TextField(blank=True, max_length=3072, verbose_name="comment")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="qa.calibrationcase",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="qa.calibrationseat",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="calibrationcase",
            constraint=models.UniqueConstraint(
                fields=("vendor_id", "calibration", "position"), name="qa_calibrationcase_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="calibrationcase",
            constraint=models.UniqueConstraint(fields=("vendor_id", "uuid"), name="qa_calibrationcase_uuid"),
        ),
        migrations.AddConstraint(
            model_name="calibrationcase",
            constraint=models.UniqueConstraint(fields=("vendor_id", "id"), name="qa_calibrationcase_key"),
        ),
        migrations.AddConstraint(
            model_name="calibrationseat",
            constraint=models.UniqueConstraint(
                fields=("vendor_id", "calibration", "user_id"), name="qa_calibrationseat_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calibrationseat",
            constraint=models.UniqueConstraint(fields=("vendor_id", "uuid"), name="qa_calibrationseat_uuid"),
        ),
        migrations.AddConstraint(
            model_name="calibrationseat",
            constraint=models.UniqueConstraint(fields=("vendor_id", "id"), name="qa_calibrationseat_key"),
        ),
        migrations.AddConstraint(
            model_name="calibrationsheet",
            constraint=models.UniqueConstraint(fields=("vendor_id", "seat", "case"), name="qa_calibrationsheet_once"),
        ),
        migrations.AddConstraint(
            model_name="calibrationsheet",
            constraint=models.UniqueConstraint(fields=("vendor_id", "uuid"), name="qa_calibrationsheet_uuid"),
        ),
        migrations.AddConstraint(
            model_name="calibrationsheet",
            constraint=models.UniqueConstraint(fields=("vendor_id", "id"), name="qa_calibrationsheet_key"),
        ),
    ]
