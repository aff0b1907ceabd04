"""Campaigns: scripts, lists, attempts, and who is not to be called."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_notice_walls"),
        ("contracts", "0004_firmer_walls"),
        ("tickets", "0031_paper_walls"),
        ("vendors", "0005_closed_organizations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("sales", "sales"),
                            ("notice", "notice"),
                            ("satisfaction", "satisfaction"),
                            ("collection", "collection"),
                            ("callback", "callback"),
                        ],
                        max_length=14,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "goal",
                    models.CharField(
                        blank=True,
                        help_text="What counts as a success, in the client’s words.",
                        max_length=300,
                        verbose_name="goal",
                    ),
                ),
                ("goal_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="successes wanted")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("live", "live"), ("paused", "paused"), ("ended", "ended")],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("service_hours", models.JSONField(default=dict, verbose_name="call windows")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="public holidays of")),
                (
                    "max_attempts",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="most attempts",
                    ),
                ),
                ("gap_seconds", models.PositiveIntegerField(default=14400, verbose_name="between two attempts")),
                (
                    "per_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="most attempts a day",
                    ),
                ),
                ("hold_seconds", models.PositiveIntegerField(default=1800, verbose_name="time for one contact")),
                (
                    "sample_limit",
                    models.PositiveIntegerField(
                        default=200,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="most callers chosen at once",
                    ),
                ),
                (
                    "resurvey_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(730)],
                        verbose_name="days until somebody is asked again",
                    ),
                ),
                ("made_at", models.DateTimeField(editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.queue",
                        verbose_name="queue",
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
        ),
        migrations.CreateModel(
            name="ContactImport",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "page"), ("api", "API"), ("callers", "callers of the last two days")],
                        max_length=8,
                        verbose_name="way in",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("received_by", models.CharField(max_length=150, verbose_name="received by")),
                ("received_side", models.CharField(max_length=6)),
                ("rows_read", models.PositiveIntegerField(default=0, verbose_name="rows read")),
                ("rows_new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("rows_merged", models.PositiveIntegerField(default=0, verbose_name="known already")),
                ("rows_blocked", models.PositiveIntegerField(default=0, verbose_name="not to be called")),
                ("rows_rejected", models.PositiveIntegerField(default=0, verbose_name="rejected")),
                ("problems", models.JSONField(blank=True, default=list, verbose_name="rejected rows")),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="tickets.campaign",
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
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("customer_key", models.BigIntegerField(editable=False)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("reference", models.CharField(blank=True, max_length=64, verbose_name="reference")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("zone", models.CharField(blank=True, max_length=40, verbose_name="time zone")),
                ("call_external_id", models.CharField(blank=True, max_length=64, verbose_name="call")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be called"),
                            ("done", "done"),
                            ("exhausted", "not reached"),
                            ("blocked", "not to be called"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts_count", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("due_at", models.DateTimeField(null=True, verbose_name="to be called from")),
                ("is_promised", models.BooleanField(default=False, verbose_name="promised")),
                ("held_until", models.DateTimeField(editable=False, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="tickets.campaign",
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
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.contactimport",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DoNotCall",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("customer_key", models.BigIntegerField(editable=False)),
                ("number_encrypted", models.BinaryField()),
                ("number_masked", models.CharField(editable=False, max_length=40, verbose_name="number")),
                ("is_for_all", models.BooleanField(default=False, verbose_name="holds for every vendor")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "source",
                    models.CharField(
                        choices=[("call", "call"), ("page", "page"), ("api", "API")],
                        max_length=8,
                        verbose_name="way in",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="since")),
                ("added_by", models.CharField(max_length=150, verbose_name="added by")),
                ("added_side", models.CharField(max_length=6)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("withdrawn_by", models.CharField(blank=True, max_length=150, verbose_name="withdrawn by")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="why it was withdrawn")),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Script",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="version")),
                (
                    "text",
                    models.TextField(
                        help_text="Opening, purpose and consent, selling points, objections, closing.",
                        max_length=8000,
                        verbose_name="text",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waits for review"), ("approved", "approved"), ("returned", "sent back")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("written_at", models.DateTimeField(editable=False, verbose_name="written")),
                ("written_by_id", models.IntegerField(editable=False, null=True)),
                ("written_by", models.CharField(editable=False, max_length=150, verbose_name="written by")),
                ("written_side", models.CharField(editable=False, max_length=6)),
                ("reviewed_at", models.DateTimeField(editable=False, null=True, verbose_name="reviewed")),
                ("reviewed_by_id", models.IntegerField(editable=False, null=True)),
                (
                    "reviewed_by",
                    models.CharField(blank=True, editable=False, max_length=150, verbose_name="reviewed by"),
                ),
                ("review_note", models.TextField(blank=True, max_length=1000, verbose_name="remark of the review")),
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
        ),
        migrations.AddField(
            model_name="campaign",
            name="script",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.script",
                verbose_name="script",
            ),
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                ("customer_key", models.BigIntegerField(editable=False)),
                ("handed_at", models.DateTimeField(verbose_name="handed out")),
                ("held_until", models.DateTimeField()),
                ("handler_id", models.IntegerField(editable=False, null=True)),
                ("handler_name", models.CharField(max_length=150, verbose_name="called by")),
                ("handler_side", models.CharField(max_length=6)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("success", "success"),
                            ("reached", "reached"),
                            ("refused", "refused"),
                            ("call_later", "call later"),
                            ("no_answer", "no answer"),
                            ("busy", "busy"),
                            ("wrong_number", "wrong number"),
                            ("do_not_call", "asked not to be called"),
                            ("lapsed", "not called in time"),
                        ],
                        max_length=14,
                        verbose_name="outcome",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("day", models.DateField(null=True, verbose_name="day")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note")),
                ("follow_up_at", models.DateTimeField(null=True, verbose_name="call again at")),
                ("call_external_id", models.CharField(blank=True, max_length=64, verbose_name="call")),
                ("satisfaction", models.PositiveSmallIntegerField(null=True, verbose_name="satisfaction")),
                ("success_reference", models.CharField(blank=True, max_length=64, verbose_name="proof of the success")),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.agent",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
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
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="tickets.campaign",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="tickets.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vendor", "campaign", "day"], name="tickets_attempt_day"),
                    models.Index(fields=["vendor", "customer_key", "handed_at"], name="tickets_attempt_customer"),
                    models.Index(
                        condition=models.Q(("outcome", "")),
                        fields=["vendor", "handler_id"],
                        name="tickets_attempt_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "contact", "number"), name="tickets_attempt_number"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_attempt_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_attempt_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("vendor", "contact"),
                        name="tickets_attempt_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction__isnull", True), ("satisfaction__range", (1, 5)), _connector="OR"
                        ),
                        name="tickets_attempt_satisfied",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("day__isnull", True), ("ended_at__isnull", True), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("day__isnull", False),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="tickets_attempt_ended",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="contactimport",
            constraint=models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_contactimport_uuid"),
        ),
        migrations.AddConstraint(
            model_name="contactimport",
            constraint=models.UniqueConstraint(fields=("vendor", "id"), name="tickets_contactimport_key"),
        ),
        migrations.AddConstraint(
            model_name="contactimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rows_read",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("rows_new"), "+", models.F("rows_merged")
                                ),
                                "+",
                                models.F("rows_blocked"),
                            ),
                            "+",
                            models.F("rows_rejected"),
                        ),
                    )
                ),
                name="tickets_contactimport_adds_up",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["vendor", "campaign", "-is_promised", "due_at", "id"],
                name="tickets_contact_next",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["vendor", "customer_key"], name="tickets_contact_customer"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                fields=("vendor", "campaign", "customer_key"), name="tickets_contact_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_contact_uuid"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(fields=("vendor", "id"), name="tickets_contact_key"),
        ),
        migrations.AddIndex(
            model_name="donotcall",
            index=models.Index(fields=["customer_key"], name="tickets_donotcall_customer"),
        ),
        migrations.AddConstraint(
            model_name="donotcall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("vendor", "customer_key"),
                name="tickets_donotcall_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="donotcall",
            constraint=models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_donotcall_uuid"),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.UniqueConstraint(fields=("vendor", "name", "number"), name="tickets_script_number"),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_script_uuid"),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.UniqueConstraint(fields=("vendor", "id"), name="tickets_script_key"),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(("reviewed_by_id__isnull", False), ("written_by_id__isnull", True)),
                    models.Q(
                        ("reviewed_by_id__isnull", False),
                        models.Q(("reviewed_by_id", models.F("written_by_id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="tickets_script_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(
                fields=("vendor", "name"),
                name="tickets_campaign_name",
                violation_error_message="Another campaign has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_campaign_uuid"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(fields=("vendor", "id"), name="tickets_campaign_key"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="tickets_campaign_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "live"), _negated=True), ("script__isnull", False), _connector="OR"
                ),
                name="tickets_campaign_scripted",
            ),
        ),
    ]
