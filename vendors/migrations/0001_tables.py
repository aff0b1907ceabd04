"""Vendors, sites, queues and agents."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("vendors", "0001_initial"), ("vendors", "0003_codes"), ("vendors", "0004_no_client_row")]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Vendor",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        db_column="vendor_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="vendor",
                        serialize=False,
                        to="accounts.organization",
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "code",
                    models.CharField(
                        help_text="Short name in files and reports, such as NOVA.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Z0-9][A-Z0-9_-]*\\Z", "Capital letters, digits, - and _ only."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "country",
                    models.CharField(
                        blank=True, help_text="ISO 3166, two letters.", max_length=2, verbose_name="country"
                    ),
                ),
                ("contact_name", models.CharField(blank=True, max_length=120, verbose_name="project lead")),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail of the project lead"),
                ),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code",),
                        name="vendors_vendor_code",
                        violation_error_message="Another vendor has this code.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="city")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "zone",
                    models.CharField(
                        default="UTC",
                        help_text="IANA name, such as Asia/Shanghai.",
                        max_length=40,
                        verbose_name="time zone",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        name="vendors_site_code",
                        violation_error_message="Another site of this vendor has this code.",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="vendors_site_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="vendors_site_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "direction",
                    models.CharField(
                        choices=[("inbound", "inbound"), ("outbound", "outbound")],
                        default="inbound",
                        max_length=8,
                        verbose_name="direction",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        name="vendors_queue_code",
                        violation_error_message="Another queue of this vendor has this code.",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="vendors_queue_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="vendors_queue_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agent",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("team", models.CharField(blank=True, max_length=80, verbose_name="team")),
                ("hired_on", models.DateField(blank=True, null=True, verbose_name="hired on")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agents",
                        to="vendors.site",
                        verbose_name="site",
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
                        fields=("vendor", "code"),
                        name="vendors_agent_code",
                        violation_error_message="Another agent of this vendor has this code.",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="vendors_agent_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="vendors_agent_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on__isnull", True),
                            ("hired_on__isnull", True),
                            ("left_on__gte", models.F("hired_on")),
                            _connector="OR",
                        ),
                        name="vendors_agent_left_after_hired",
                        violation_error_message="The last day lies before the first.",
                    ),
                ],
            },
        ),
    ]
